"""The operations of a document: which there are, their names, and that no two are one."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stack.problems import KeyPath
from topologies.api_gateway.api_settings import Method
from topologies.api_gateway.openapi.document import items, table, text
from topologies.api_gateway.openapi.extensions import ANY_METHOD
from topologies.api_gateway.openapi.findings import Findings
from topologies.api_gateway.openapi.references import Found, References

LONGEST_NAME: Final = 63  # characters, of `stack.model.NAME_PATTERN`
_DIGEST = 8  # of a hash, in hexadecimal digits: enough to tell an API's names apart

_TRACE: Final = "trace"
_METHODS: Final = {
    "get": Method.GET,
    "put": Method.PUT,
    "post": Method.POST,
    "delete": Method.DELETE,
    "options": Method.OPTIONS,
    "head": Method.HEAD,
    "patch": Method.PATCH,
    ANY_METHOD: Method.ANY,
    _TRACE: Method.ANY,  # which has a name, so that it can be left out, and is refused otherwise
}
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$*+,;=:@%-]*")  # as in `api_rules`


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    name: str
    method: Method
    template: str
    """The path as documents write it, with parameters in braces, and the prefix before it."""
    item: KeyPath
    """Where its path is written, and the parameters of all of the path's operations."""
    content: Found

    @property
    def words(self) -> frozenset[str]:
        """What it can be chosen by: its operationId, its name and its tags."""
        tags = items(self.content.value.get("tags"))
        words = (self.name, self.content.value.get("operationId"), *tags)
        return frozenset(word for word in words if isinstance(word, str))

    @property
    def gateway_path(self) -> str:
        """The path as the gateway writes it, with parameters in brackets."""
        return _TEMPLATE.sub(r"[\1]", self.template)


def operations_of(base: str, references: References, findings: Findings) -> list[Operation]:
    """Every operation, in the document's order; `base` precedes their paths."""
    return list(_all(base, references, findings))


def publishable(chosen: list[Operation], findings: Findings) -> list[Operation]:
    """Those that the gateway can take beside each other: each name, and method and path, once."""
    kept: list[Operation] = []
    ids: dict[str, Operation] = {}
    names: dict[str, Operation] = {}
    shapes: dict[tuple[Method, str], Operation] = {}
    for operation in chosen:
        path = operation.content.path
        if path[-1] == _TRACE:
            rule = "the gateway has no such method"
            findings.refuse(path, _TRACE, rule, "remove the operation, or leave it out (exclude)")
            continue
        written = text(operation.content.value.get("operationId"))
        shape = operation.method, _TEMPLATE.sub("{}", operation.template)
        if written is not None and written in ids:
            rule = "an operationId is given once; it is given"
            _refuse_second(findings, (*path, "operationId"), written, rule, ids[written])
        elif operation.name in names:
            rule = f"an operation becomes an API called {operation.name}, and so does the one"
            place = (*path, "operationId") if written is not None else path
            _refuse_second(findings, place, written, rule, names[operation.name])
        elif shape in shapes:
            rule = "the gateway tells operations apart by method and path, not by the names of "
            rule += "parameters; this one is the same as the one"
            _refuse_second(findings, path, operation.template, rule, shapes[shape])
        else:
            kept.append(operation)
        if written is not None:
            ids.setdefault(written, operation)
        names.setdefault(operation.name, operation)
        shapes.setdefault(shape, operation)
    return kept


def judge_template(operation: Operation, found: list[Found], findings: Findings) -> None:
    """Refuse a path that the gateway can't take, or whose parameters aren't those defined."""
    path = operation.item
    template = operation.template
    in_path = _TEMPLATE.findall(template)
    for name in in_path:
        if in_path.count(name) > 1:
            rule = "a path has a parameter once"
            findings.refuse(path, template, rule, f"rename one of the two {name}")
    defined = {text(p.value.get("name")): p for p in found if p.value.get("in") == "path"}
    for name in in_path:
        if name not in defined:
            rule = f"every parameter of a path is defined, and {{{name}}} isn't"
            remedy = f"add to its parameters: {{name: {name}, in: path, required: true}}"
            findings.refuse(operation.content.path, template, rule, remedy)
    for name, parameter in defined.items():
        if name is not None and name not in in_path:
            rule = f"a path parameter stands in its path, and {template} has no {{{name}}}"
            remedy = "correct the name, or remove the parameter"
            findings.refuse((*parameter.path, "name"), name, rule, remedy)
    _judge_segments(operation, findings)


def _judge_segments(operation: Operation, findings: Findings) -> None:
    for segment in operation.template.split("/"):
        plain = _TEMPLATE.sub("", segment)
        if plain != segment and (plain or len(_TEMPLATE.findall(segment)) > 1):
            rule = "at the gateway, a parameter is a whole part of a path, between two slashes"
            remedy = "give the operation a path such as /files/{name} instead"
            findings.refuse(operation.item, segment, rule, remedy)
        elif not _SEGMENT.fullmatch(plain):
            rule = "a path is made of letters, digits and -_.~!$*+,;=:@%"
            remedy = "write other characters as %XX, and parameters as {name}"
            findings.refuse(operation.item, segment, rule, remedy)


def _all(base: str, references: References, findings: Findings) -> Iterator[Operation]:
    for path, value in table(findings.document.at(("paths",))).items():
        if path.startswith("x-"):
            continue
        item = references.follow(value, ("paths", path))
        if item is None:
            continue
        for key in item.value:
            if key in _METHODS:
                content = item.child(key)
                name = _name(text(content.value.get("operationId")), key, path)
                yield Operation(name, _METHODS[key], base + path, item.path, content)


def _name(operation_id: str | None, method: str, path: str) -> str:
    """An API's name: its operationId if there is one, else its method and path.

    It depends on the operation alone, never on its place among others, since it is what the API's
    resource is known by. What isn't allowed in a name becomes a hyphen.
    """
    method = "any" if method == ANY_METHOD else method
    written = operation_id or f"{method}{path}"
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", written).strip("-._")
    digest = hashlib.sha256(written.encode()).hexdigest()[:_DIGEST]
    if not name:
        return f"api-{digest}"
    if not name[0].isalpha():
        name = f"api-{name}"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - _DIGEST - 1]}-{digest}"


def _refuse_second(
    findings: Findings, path: KeyPath, value: object, rule: str, first: Operation
) -> None:
    place = f"on line {findings.line(first.content.path)} already"
    findings.refuse(path, value, f"{rule} {place}", "remove one, or give it another operationId")
