"""Property values between gRPC and Python: unknowns, secrets, numbers.

Secrets are tracked by the name of the property that holds them: what came in secret goes out
secret, whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

from stack.pulumi_wire import SECRET_SIGNATURE, SIGNATURE, UNKNOWN

__all__ = ["Properties", "has_unknown", "read_struct", "write_struct"]


@dataclass(frozen=True, slots=True)
class Properties:
    """Plain values, and the names of those that are secret."""

    values: dict[str, Any]
    secret: frozenset[str] = field(default_factory=frozenset[str])


def read_struct(struct: Struct) -> Properties:
    """Plain Python values; whole numbers become `int`; properties that are null are left out."""
    secret: set[str] = set()
    values: dict[str, Any] = {}
    for name, wire in struct.fields.items():
        found: list[bool] = []
        value = _read(wire, found)
        if found:
            secret.add(name)
        if value is not None:
            values[name] = value
    return Properties(values, frozenset(secret))


def _read(wire: Value, secrets: list[bool]) -> Any:  # noqa: ANN401 - JSON values
    which = wire.WhichOneof("kind")
    if which == "list_value":
        return [_read(one, secrets) for one in wire.list_value.values]
    if which == "struct_value":
        return _read_object(wire.struct_value, secrets)
    if which == "number_value":
        number = wire.number_value
        return int(number) if number.is_integer() else number
    if which in {None, "null_value"}:
        return None
    return wire.string_value if which == "string_value" else wire.bool_value


def _read_object(struct: Struct, secrets: list[bool]) -> Any:  # noqa: ANN401 - JSON values
    fields = struct.fields
    if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET_SIGNATURE:
        secrets.append(True)
        return _read(fields["value"], secrets)
    return {name: _read(one, secrets) for name, one in fields.items()}


def write_struct(values: Mapping[str, Any], secret: Iterable[str] = ()) -> Struct:
    """The wire form; the named properties wrapped as secrets."""
    hidden = set(secret)
    fields: dict[str, Value] = {}
    for name, value in values.items():
        wire = _write(value)
        if name in hidden:
            marks = {SIGNATURE: Value(string_value=SECRET_SIGNATURE), "value": wire}
            wire = Value(struct_value=Struct(fields=marks))
        fields[name] = wire
    return Struct(fields=fields)


def _write(value: object) -> Value:
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        return Value(number_value=value)
    if isinstance(value, str):
        return Value(string_value=value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return Value(struct_value=Struct(fields={name: _write(one) for name, one in items}))
    if isinstance(value, (list, tuple)):
        many = cast("list[object]", value)
        return Value(list_value=ListValue(values=[_write(one) for one in many]))
    return Value(null_value=NULL_VALUE)


def has_unknown(value: object) -> bool:
    """Whether a value, or any part of it, isn't known before the update runs."""
    if isinstance(value, str):
        return value == UNKNOWN
    if isinstance(value, dict):
        return any(map(has_unknown, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return any(map(has_unknown, cast("list[object]", value)))
    return False
