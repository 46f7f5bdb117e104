"""The operations of a document: which there are, their names, and what the gateway adds to them."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from stack.file.yaml_file import Value
from stack.problems import KeyPath, choose_from
from stack.secrets import HIDDEN
from topologies.api_gateway.apis.settings import ConstantSettings, Location, SystemParameterSettings
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.openapi.document import Findings, Found, References, items, table, text
from topologies.api_gateway.openapi.extensions import ANY_METHOD, CONSTANTS, SYSTEM, Extensions
from topologies.api_gateway.openapi.settings import SealedText

LONGEST_KEY: Final = 63  # characters, of `stack.model.NAME_PATTERN`
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
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$*+,;=:@%-]*")  # as in `apis.rules`
_LETTERS: Final = (
    "names of APIs have the letters A-Z and a-z, others of an operationId are left out"
)
_PLACES: Final = {"header": Location.HEADER, "query": Location.QUERY}


AddedT = TypeVar("AddedT", ConstantSettings, SystemParameterSettings)


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


def operations_of(base: str, references: References, findings: Findings) -> Iterator[Operation]:
    """Every operation, in the document's order; `base` precedes their paths."""
    for path, value in table(findings.document.at(("paths",))).items():
        if path.startswith("x-"):
            continue
        item = references.follow(value, ("paths", path))
        if item is None:
            continue
        for key in item.value:
            if key in _METHODS:
                content = item.child(key)
                written = text(content.value.get("operationId"))
                name = _name(written, key, path)
                if written is not None and not written.isascii():
                    place = (*content.path, "operationId")
                    remedy = f"this one is called {name}; write it in such letters: getOrders"
                    findings.warn(place, written, _LETTERS, remedy)
                yield Operation(name, _METHODS[key], base + path, item.path, content)


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
            if written is not None and not written.isascii():
                rule = f"{_LETTERS}: this one is {operation.name}, and so is the one"
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
    return name if len(name) <= LONGEST_KEY else f"{name[: LONGEST_KEY - _DIGEST - 1]}-{digest}"


def _refuse_second(
    findings: Findings, path: KeyPath, value: object, rule: str, first: Operation
) -> None:
    place = f"on line {findings.line(first.content.path)} already"
    findings.refuse(path, value, f"{rule} {place}", "remove one, or give it another operationId")


@dataclass(frozen=True)
class Added:
    """Reads both lists."""

    extensions: Extensions
    findings: Findings

    def constants(self, place: KeyPath) -> dict[str, ConstantSettings]:
        """By their names towards the backend."""
        return self._added(ConstantSettings, CONSTANTS, place, ("backendName", "value"))

    def sealed(self, place: KeyPath) -> dict[str, SealedText]:
        """The texts of the constants that have a secret in them."""
        setting = self.extensions.first(CONSTANTS, place, ())
        if setting is None:
            return {}
        entries = enumerate(items(setting.value))
        names = {(*setting.path, i, "value"): table(one).get("backendName") for i, one in entries}
        sealed = self.extensions.sealed
        return {str(names[path]): sealed[path] for path in names.keys() & sealed.keys()}

    def system_parameters(self, place: KeyPath) -> dict[str, SystemParameterSettings]:
        """By the gateway's names for them."""
        return self._added(SystemParameterSettings, SYSTEM, place, ("systemName", "backendName"))

    def _added(
        self, model: type[AddedT], key: str, place: KeyPath, needed: tuple[str, str]
    ) -> dict[str, AddedT]:
        made: dict[str, AddedT] = {}
        for entry, path in self._entries(key, place, (*needed, "location")):
            name, value = (self.findings.text_of(entry[key], (*path, key)) for key in needed)
            if name is None or value is None:
                continue
            sealed = (*path, needed[1]) in self.extensions.sealed
            values: dict[str, object] = {needed[1]: {"secure": HIDDEN} if sealed else value}
            if "description" in model.model_fields:
                values["description"] = text(entry.get("description"))
            values["in"] = _PLACES[str(entry["location"])]
            settings = model.model_validate(values)
            if name in made and (sealed or made[name] != settings):
                rule = "it is added once, and the list has it already"
                self.findings.refuse((*path, needed[0]), name, rule, "remove one of the two")
            made.setdefault(name, settings)
        return made

    def _entries(
        self, key: str, place: KeyPath, needed: tuple[str, ...]
    ) -> Iterator[tuple[dict[str, Value], KeyPath]]:
        setting = self.extensions.first(key, place, ())
        if setting is None:
            return
        if not isinstance(setting.value, list):
            rule = f"{key} is a list"
            self.findings.refuse(setting.path, setting.value, rule, "begin each entry with -")
            return
        for index, value in enumerate(setting.value):
            entry, path = table(value), (*setting.path, index)
            if self._is_whole(entry, path, needed):
                yield entry, path

    def _is_whole(self, entry: dict[str, Value], path: KeyPath, needed: tuple[str, ...]) -> bool:
        known = (*needed, "description")
        missing = [key for key in needed if entry.get(key) in ("", None)]
        for key in missing:
            self.findings.refuse(path, None, f"{key} is required here", f"add {key}")
        for key in entry:
            if key not in known:
                rule = "an entry has no such key"
                self.findings.refuse((*path, key), key, rule, choose_from(key, known, "key"))
        place = str(entry.get("location"))
        if "location" not in missing and place not in _PLACES:
            rule = "what the gateway adds stands in header or query"
            remedy = choose_from(place, _PLACES, "place")
            self.findings.refuse((*path, "location"), place, rule, remedy)
            return False
        return not missing
