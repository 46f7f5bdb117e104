"""Documents as the tests of their import write them."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stack.problems import Problem, dotted
from tests.stackfiles import dumped
from topologies.api_gateway.openapi.document import Document
from topologies.api_gateway.openapi.imports import Imported, apis_of
from topologies.api_gateway.openapi.settings import OpenApiSettings

DOCUMENTS = Path(__file__).resolve().parent.parent / "data" / "openapi"
ENTRY = ("apiGateway", "openapi", "shop")

Tree = dict[str, Any]


def entry(**values: object) -> OpenApiSettings:
    """An entry of the stack file, in its own spelling."""
    return OpenApiSettings.model_validate({"file": "shop.yaml", "group": "shop", **values})


def imported(text: str, name: str = "shop.yaml", **values: object) -> Imported:
    """The APIs of a document that is written in the test."""
    return apis_of(Document(Path(name), text), entry(**values), ENTRY)


def file(name: str, **values: object) -> Imported:
    """The APIs of a document of the tests' data."""
    return apis_of(Document.read(DOCUMENTS / name), entry(**values), ENTRY)


def tree(name: str) -> Tree:
    """The values of a document of the tests' data, to change as one likes."""
    values = Document.read(DOCUMENTS / name).values
    assert isinstance(values, dict)
    return copy.deepcopy(values)


def of_tree(values: Mapping[str, Any], **settings: Any) -> Imported:
    """The APIs of a document that has these values."""
    return imported(dumped(dict(values)), **settings)


def with_operation(
    operation: Tree, path: str = "/orders", *, method: str = "get", **settings: Any
) -> Imported:
    """The APIs of an OpenAPI 3.0 document with one operation."""
    whole: Tree = {"responses": {"200": {"description": "OK"}}, **operation}
    return of_tree(with_paths({path: {method: whole}}), **settings)


def with_paths(paths: Tree, **more: object) -> Tree:
    """An OpenAPI 3.0 document of these paths."""
    return {"openapi": "3.0.3", "info": {"title": "Shop", "version": "v1"}, "paths": paths, **more}


def told(problem: Problem) -> tuple[str, int | None, str, str]:
    """A problem as place, line, rule and remedy."""
    return dotted(problem.path), problem.line, problem.rule, problem.remedy


def only(result: Imported) -> Problem:
    """The one problem that a document has."""
    assert len(result.problems) == 1, [told(problem) for problem in result.problems]
    return result.problems[0]


def query(name: str = "a", **more: object) -> Tree:
    """A parameter of OpenAPI 3.0."""
    return {"name": name, "in": "query", "schema": {"type": "string"}, **more}
