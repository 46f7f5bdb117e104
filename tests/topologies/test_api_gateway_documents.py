"""APIs of documents in a stack file: among the others, and judged like them."""

import copy
from pathlib import Path
from typing import Any

import pytest

from stack.problems import Problem, StackFileError
from stack.settings import StackSettings
from stack.stack_file import StackFile
from tests.stackfiles import Edit, dumped, where
from tests.topologies.api_openapi import with_paths
from tests.topologies.api_stacks import G, api_stack, mock_api
from tests.topologies.unified import check_place, put
from topologies import TOPOLOGIES, reach

DOCS = f"{G}.openapi.docs"
ENTRY: dict[str, Any] = {
    "file": "docs/shop.yaml",
    "group": "shop",
    "apps": ["caller"],
    "backend": {"http": {"url": "http://backend1.example.com"}},
}
ANSWER: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
PATHS: dict[str, Any] = {
    "/carts": {"get": {"operationId": "listCarts", **ANSWER}},
    "/carts/{id}": {
        "get": {
            "operationId": "getCart",
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            **ANSWER,
        }
    },
}


def load(folder: Path, *edits: Edit, paths: Any = PATHS, **entry: object) -> StackSettings:
    """A stack file with a document beside it."""
    (folder / "docs").mkdir()
    document = dumped(with_paths(paths))
    (folder / "docs" / "shop.yaml").write_text(document, encoding="utf-8")
    file = folder / "Pulumi.dev.yaml"
    file.write_text(api_stack(put(G, openapi={"docs": {**ENTRY, **entry}}), *edits), "utf-8")
    return StackFile(file, "dev", TOPOLOGIES).settings


def only(folder: Path, *edits: Edit, **entry: object) -> Problem:
    """The one problem of such a stack file, in its place."""
    with pytest.raises(StackFileError) as error:
        load(folder, *edits, **entry)
    (problem,) = error.value.problems
    check_place((folder / "Pulumi.dev.yaml").read_text(encoding="utf-8"), problem)
    return problem


def test_a_documents_apis_are_among_the_stacks(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.warnings == ()
    found = {route.name: route for route in reach(settings).apis}
    assert list(found) == ["getCart", "listCarts", "order", "pay"]
    assert (found["getCart"].path, found["getCart"].apps) == ("/shop/carts/[id]", ("caller",))


def test_a_document_that_isnt_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    problem = only(tmp_path, file="docs/shops.yaml")
    assert (where(problem), problem.value) == (f"{DOCS}.file", "docs/shops.yaml")
    assert problem.rule == f"there is no such file beside the stack file ({tmp_path})"
    assert problem.remedy == "correct the path, or fetch the document: make fetch-openapi"


def test_and_where_it_is_when_it_was_named_from_the_projects_root(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "shop.json").touch()
    (tmp_path / "stacks").mkdir()
    problem = only(tmp_path / "stacks", file="shop.json")
    assert problem.remedy == "paths begin at the stack file: write ../shop.json"


def test_a_documents_name_that_no_file_can_have_is_told_at_its_place(tmp_path: Path) -> None:
    problem = only(tmp_path, file="a" * 300)
    assert where(problem) == f"{DOCS}.file"
    assert problem.rule == "it can't be looked at: File name too long"


@pytest.mark.parametrize(
    ("entry", "place", "value", "rule"),
    [
        ({"group": "shops"}, "group", "shops", "this must name a group of apiGateway.groups"),
        ({"apps": ["me"]}, "apps.0", "me", "this must name an app of apiGateway.apps"),
        ({"plugins": ["x"]}, "plugins.0", "x", "this must name a plugin of apiGateway.plugins"),
        (
            {"backend": {"vpc": {"access": "in"}}},
            "backend.vpc.access",
            "in",
            "this must name an authorization of apiGateway.vpcAccess",
        ),
    ],
)
def test_an_unknown_name_is_told_once_for_all_apis_of_a_document(
    tmp_path: Path, entry: dict[str, Any], place: str, value: str, rule: str
) -> None:
    problem = only(tmp_path, **entry)
    assert (where(problem), problem.value, problem.rule) == (f"{DOCS}.{place}", value, rule)


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("groups", {"shop": {"bogus": 1}, "other": {}}),
        ("groups", {"shop": 5, "other": {}}),
        ("apps", {"caller": {"bogus": 1}}),
        ("apps", {"caller": 5}),
    ],
)
def test_an_entry_that_cant_be_read_isnt_missed_by_a_document(
    tmp_path: Path, place: str, entry: dict[str, Any]
) -> None:
    problem = only(tmp_path, put(G, **{place: entry}))
    assert where(problem).startswith(f"{G}.{place}.")


@pytest.mark.parametrize("key", ["group", "file"])
def test_what_cant_be_read_of_an_entry_is_told_as_such_alone(tmp_path: Path, key: str) -> None:
    problem = only(tmp_path, **{key: 5})
    assert (where(problem), problem.value) == (f"{DOCS}.{key}", 5)


def test_an_api_of_a_document_has_a_name_of_its_own(tmp_path: Path) -> None:
    problem = only(tmp_path, put(f"{G}.apis", getCart=mock_api()))
    assert (where(problem), problem.value) == (f"{DOCS}.file", "docs/shop.yaml")
    assert problem.rule == (
        f"{tmp_path}/docs/shop.yaml:13 paths./carts/{{id}}.get: "
        "an API has one name in a stack; getCart is there already"
    )


def test_an_app_that_only_a_document_names_is_used(tmp_path: Path) -> None:
    assert load(tmp_path, put(f"{G}.apps", guest={}), apps=["guest"]).warnings == ()


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ({}, f"{DOCS}.backend.http.url"),
        (
            {
                "x-aliyun-apigateway-backend": {
                    "type": "HTTP",
                    "address": "http://backend1.example.com",
                    "path": "/{id}",
                }
            },
            f"{DOCS}.file",
        ),
    ],
)
def test_a_path_parameter_sent_elsewhere_is_missing_in_the_backends_path(
    tmp_path: Path, own: dict[str, Any], place: str
) -> None:
    operation = copy.deepcopy(PATHS["/carts/{id}"]["get"])
    operation["parameters"][0]["x-aliyun-apigateway-backend-location"] = "query"
    paths = {"/carts/{id}": {"get": {**operation, **own}}}
    with pytest.raises(StackFileError) as error:
        load(tmp_path, paths=paths, mode="mapping")
    (problem,) = error.value.problems
    assert where(problem) == place
    assert problem.rule.endswith("the backend's path takes [id], and no parameter goes there")
    if own:
        assert "paths./carts/{id}.get.x-aliyun-apigateway-backend: " in problem.rule
