"""Whether a document is a Swagger 2.0, OpenAPI 3.0 or OpenAPI 3.1 document at all.

Judged by the schemas that the OpenAPI Initiative publishes. Mistakes in what APIs are made of
(paths, operations, parameters) are problems. Mistakes elsewhere, in responses and models, don't
reach the gateway: they are one warning, since generators are often slightly off there.
"""

import functools
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from stack.problems import IN_QUOTES, KeyPath, choose_from, did_you_mean
from topologies.api_gateway.openapi.document import Findings, items, table

_SCHEMAS = Path(__file__).parent / "schemas"
_QUOTES = "“”„‟‘’‚‛«»"  # noqa: RUF001 - the marks that word processors put in
STRAIGHT: Final = "typographic quotes mean nothing in YAML and JSON; they become part of the text"

# What the gateway never sees of a document.
_UNUSED = frozenset(
    {"responses", "callbacks", "schema", "schemas", "content", "definitions", "examples", "example"}
    | {"links", "headers", "requestBodies", "securitySchemes", "webhooks", "info", "tags"}
    | {"externalDocs", "securityDefinitions", "security", "servers", "contact", "license"}
)
_KEYS = frozenset(
    {"parameters", "responses", "operationId", "summary", "description", "tags", "requestBody"}
    | {"required", "schema", "name", "in", "type", "format", "content", "security", "basePath"}
    | {"get", "put", "post", "delete", "patch", "head", "options", "paths", "servers", "info"}
)
_UNUSED_KEYS = _UNUSED | {"description", "summary", "deprecated", "produces", "consumes"}


class Version(StrEnum):
    """Versions of the specification that are understood."""

    V2 = "2.0"
    V30 = "3.0"
    V31 = "3.1"


def version_of(findings: Findings) -> Version | None:
    """The version that a document says it has; problems where it says none that is understood."""
    document = findings.document
    if not isinstance(document.values, dict):
        rule = "a Swagger or OpenAPI document is a map, with openapi or swagger at its top"
        findings.refuse((), None, rule, "check that this is the right file")
        return None
    for key, example in (("swagger", "2.0"), ("openapi", "3.0.3")):
        if key not in document.values:
            continue
        value = document.values[key]
        if isinstance(value, (int, float)):
            remedy = f'write it in quotes: {key}: "{example}"'
            findings.refuse((key,), value, "the version is text, and this is a number", remedy)
            return None
        for version in Version:
            if (version is Version.V2) == (key == "swagger") and _is(str(value), version):
                return version
        rule = "the version must be Swagger 2.0, OpenAPI 3.0.x or OpenAPI 3.1.x"
        findings.refuse((key,), value, rule, f'write {key}: "{example}", if the document is such')
        return None
    rule = "a Swagger or OpenAPI document names its version at the top, and this one doesn't"
    for key in document.values:
        if any(mark in key for mark in _QUOTES):
            findings.refuse((key,), key, STRAIGHT, 'write straight quotes: "')
            return None
    findings.refuse((), None, rule, 'write openapi: "3.0.3" or swagger: "2.0" at its top')
    return None


def judge_structure(version: Version, findings: Findings) -> None:
    """Report where a document isn't what its version asks for."""
    values: Any = findings.document.values
    for error in _validator(version).iter_errors(values):
        for leaf in _leaves(error):
            _report(leaf, findings)


def has_typographic_quotes(word: str) -> bool:
    """Whether a text begins or ends with a quote from a word processor."""
    return bool(word) and (word[0] in _QUOTES or word[-1] in _QUOTES)


@functools.cache
def _validator(version: Version) -> Any:  # noqa: ANN401 - one class for each draft, no common base
    schema = json.loads((_SCHEMAS / f"v{version}.json").read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema)


def _is(written: str, version: Version) -> bool:
    return written == version or written.startswith(f"{version}.")


def _leaves(error: Any) -> Iterator[Any]:  # noqa: ANN401 - the library's own error type is opaque
    """The errors that a person would name: of alternatives, those of the one that was meant."""
    branches: list[list[Any]] = getattr(error.kind, "context", None) or []
    branches = [branch for branch in branches if not _is_reference(branch)] or branches
    named = [branch for branch in branches if not any(_is_choice(e) for e in branch)]
    if not branches:
        yield error
    elif named or len(branches) == 1:
        meant = max(named or branches, key=_depth)
        for inner in meant:
            yield from _leaves(inner)
    else:
        yield next(e for branch in branches for e in branch if _is_choice(e))


def _is_reference(branch: Sequence[Any]) -> bool:
    """An alternative that only a `$ref` would satisfy."""
    return any(e.kind.name == "required" and e.kind.value == "$ref" for e in branch)


def _is_choice(error: Any) -> bool:  # noqa: ANN401 - as above
    """Whether `in`, which says what alternative is meant, says another than this one."""
    path = error.instance_path
    return error.kind.name in {"enum", "const"} and path[-1:] == ["in"]


def _depth(branch: Sequence[Any]) -> tuple[int, int]:
    return max((len(e.instance_path) for e in branch), default=0), -len(branch)


def _report(error: Any, findings: Findings) -> None:  # noqa: ANN401 - as above
    path: KeyPath = tuple(error.instance_path)
    kind: str = error.kind.name
    value: Any = error.kind.value  # a word, or a list of them
    if kind in {"additionalProperties", "unevaluatedProperties"}:
        for key in value:
            _unknown_key((*path, key), findings)
    elif kind == "required":
        words = f"{value} is required here", f"add {value}"
        _tell(findings, path, None, words, at=(*path, value))
    elif kind == "type" and "string" in value and isinstance(error.instance, bool | int | float):
        written = findings.document.written(path)
        words = "this is text, and without quotes it is something else", f'{IN_QUOTES}: "{written}"'
        _tell(findings, path, written, words)
    else:
        words = _words(kind, [str(word) for word in items(value) or [value]], path, error.instance)
        _tell(findings, path, error.instance, words)


def _words(kind: str, allowed: list[str], path: KeyPath, value: object) -> tuple[str, str]:
    """Rule and remedy for a value that is there, and wrong."""
    if kind in {"enum", "const"} and path[-1:] == ("in",):
        allowed = ["path", "query", "header", "formData", "body"]
    listed = ", ".join(allowed)
    rule = {
        "enum": f"this must be one of {listed}",
        "const": f"this must be {listed}",
        "type": f"this must be of the type {' or '.join(allowed)}",
        "pattern": f"this must match {listed}",
    }.get(kind, f"the specification doesn't allow this here ({kind})")
    if kind in {"enum", "const"} and isinstance(value, str):
        return rule, choose_from(value, allowed, "value")
    return rule, "correct it, or generate the document anew"


def _unknown_key(path: KeyPath, findings: Findings) -> None:
    key = str(path[-1])
    if has_typographic_quotes(key):
        findings.refuse(path, key, STRAIGHT, 'write straight quotes: "')
    elif path[:-1] == ("paths",):
        findings.refuse(path, key, "a path begins with /", f"write /{key}")
    else:
        siblings = [word for word in _KEYS if word not in table(findings.document.at(path[:-1]))]
        near = did_you_mean(key, siblings)
        remedy = f"did you mean {near}?" if near else "remove it; extensions begin with x-"
        _tell(findings, path, key, ("the specification knows no such key here", remedy))


def _tell(
    findings: Findings,
    path: KeyPath,
    value: object,
    words: tuple[str, str],
    at: KeyPath | None = None,
) -> None:
    """Report a departure at `path`; `at` is what it is about, where that isn't there."""
    about = at if at is not None else path
    if any(part in _UNUSED for part in about[:-1]) or (about and about[-1] in _UNUSED_KEYS):
        rule = "the document departs from its specification in parts that the gateway doesn't use"
        findings.warn(path, value, rule, "correct it when you can")
    else:
        findings.refuse(path, value, *words)
