"""Which resources a stack has, as far as permissions go: kind, region, names, roles handed on.

The program is run without an engine (`topologies.recorder`): what it registers there, `pulumi up`
would.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from facts.calls import KINDS
from facts.contract import contract_of
from stack.settings import StackSettings
from topologies.recorder import PROVIDER_TYPES, RecordedResource, record

__all__ = ["ANY", "Used", "used_by"]

ANY = "*"
_ROLE_MARK = ":role/"
_SYSTEM = "System"


@dataclass(frozen=True)
class Used:
    """One resource of a stack."""

    kind: str
    """The cloud's word for it, such as nat_gateway."""

    region: str
    """Where it lies; `*` where the stack file doesn't say."""

    names: Mapping[str, str]
    """Inputs that are text, or a list of one, and known: what fills the places in a resource's
    name."""

    role: str = ""
    """The name of a role that it hands on to a service; `*` for one that isn't known; or none."""


def used_by(settings: StackSettings) -> list[Used]:
    """Every resource that the stack's program registers."""
    return list(_used(record(settings), settings.region or ANY))


def _used(recorded: Sequence[RecordedResource], default: str) -> Iterator[Used]:
    regions = {
        one.name: str(one.inputs.get("region") or default)
        for one in recorded
        if one.type.startswith(PROVIDER_TYPES)
    }
    role_names = {
        one.name: str(one.inputs["roleName"]) for one in recorded if "roleName" in one.inputs
    }
    for one in recorded:
        if one.type.startswith(PROVIDER_TYPES):
            continue
        contract = contract_of(one.type)
        stated = contract.to_snake(one.inputs)
        yield Used(
            contract.kind,
            regions.get(_provider(one), default),
            _names(stated),
            _role(stated, contract.kind, role_names),
        )


def _provider(one: RecordedResource) -> str:
    """The name in a reference to a provider instance: its URN and its id."""
    return one.provider.rpartition("::")[0].rpartition("::")[2]


def _names(stated: Mapping[str, Any]) -> dict[str, str]:
    single = {key: v[0] if _holds_one(v) else v for key, v in stated.items()}
    names = {key: v for key, v in single.items() if isinstance(v, str) and "${" not in v}
    # A policy of the cloud's own belongs to "system", not to the account.
    if stated.get("policy_type") == _SYSTEM:
        names["owner"] = "system"
    return names


def _holds_one(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and len(value) == 1  # pyright: ignore[reportUnknownArgumentType] - plain data


def _role(stated: Mapping[str, Any], kind: str, role_names: Mapping[str, str]) -> str:
    """The role that is handed on: one of the stack's (a symbol), or one that exists (an ARN)."""
    found = [value for key, value in _texts(stated) if key == KINDS[kind].role]
    if not found or not found[0]:
        return ""
    arn = found[0]
    if _ROLE_MARK in arn:
        return arn.partition(_ROLE_MARK)[2]
    return role_names.get(arn.removeprefix("${").partition(".")[0], ANY)


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the name of the field that holds it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for inner, one in value.items():  # pyright: ignore[reportUnknownVariableType] - plain data
            yield from _texts(one, str(inner))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType] - plain data
            yield from _texts(one, key)  # pyright: ignore[reportUnknownArgumentType]
