"""Types of Swagger and OpenAPI as types that the gateway checks."""

from typing import Final

from stack.file.yaml_file import Value
from stack.problems import KeyPath, choose_from
from topologies.api_gateway.api_settings import ParameterType
from topologies.api_gateway.openapi.document import items
from topologies.api_gateway.openapi.findings import Findings

_INTEGERS: Final = {"int32": ParameterType.INT}
_NUMBERS: Final = {"float": ParameterType.FLOAT}
_PLAIN: Final = {"string": ParameterType.STRING, "boolean": ParameterType.BOOLEAN}
_UNCHECKED: Final = ("array", "object", "file")
_TYPES: Final = (*_PLAIN, "integer", "number", *_UNCHECKED)


def type_of(schema: dict[str, Value], path: KeyPath, findings: Findings) -> ParameterType:
    """The gateway's type for a parameter's schema (in Swagger, the parameter itself).

    Without a format, an integer is a long and a number a double: the gateway must not refuse what
    the document allows.
    """
    kind = schema.get("type")
    if isinstance(kind, list):  # OpenAPI 3.1: ["string", "null"]
        kinds = [item for item in items(kind) if item != "null"]
        kind = kinds[0] if len(kinds) == 1 else None
    if kind is None or kind == "null":
        return ParameterType.STRING
    if kind == "integer":
        return _INTEGERS.get(str(schema.get("format")), ParameterType.LONG)
    if kind == "number":
        return _NUMBERS.get(str(schema.get("format")), ParameterType.DOUBLE)
    if isinstance(kind, str) and kind in _UNCHECKED:
        rule = "lists and objects have no type at the gateway; they pass as text, unchecked"
        findings.warn((*path, "type"), kind, rule, "check them in the backend")
        return ParameterType.STRING
    if not isinstance(kind, str) or kind not in _PLAIN:
        rule = f"a parameter's type is one of {', '.join(_TYPES)}"
        remedy = choose_from(str(kind), _TYPES, "type")
        findings.refuse((*path, "type"), kind, rule, remedy)
        return ParameterType.STRING
    return _PLAIN[kind]


def default_of(schema: dict[str, Value]) -> str | None:
    """A default as the text that the gateway takes; None for none, and for lists and objects."""
    value = schema.get("default")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None
