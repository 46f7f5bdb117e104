"""What the gateway takes as `plugin_data`: a tree of plain values, written as JSON.

The gateway takes YAML too; JSON is chosen since nothing in it needs quoting with care. Keys keep
the order in which the gateway documents them.

What a kind doesn't know has its place marked in such a tree: a secret, which only Pulumi has (and
fills in inside its secret output), and an authorization's name in the cloud.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

from stack.model import Model
from stack.problems import KeyPath
from stack.secrets import HIDDEN


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The place of a secret: `path` is where the stack file has it encrypted, below the kind."""

    path: KeyPath


@dataclass(frozen=True, slots=True)
class AccessRef:
    """The name in the cloud of a VPC authorization, by its name in the stack file."""

    access: str


Ref: TypeAlias = SecretRef | AccessRef
DataValue: TypeAlias = (
    "str | int | float | bool | Ref | list[DataValue] | dict[str, DataValue] | None"
)
Data: TypeAlias = "dict[str, DataValue]"

_UNSET: tuple[DataValue, ...] = ([], {})


def documented(settings: Model, *, leave_out: frozenset[str] = frozenset()) -> Data:
    """A model whose keys are the gateway's own, without what isn't set.

    Args:
        settings: what to write.
        leave_out: fields, by their Python names, that the gateway has in another form.
    """
    dumped = settings.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude=set(leave_out)
    )
    return {key: _set(value) for key, value in dumped.items() if value not in _UNSET}


def _set(value: DataValue) -> DataValue:
    """A value without what isn't set in it."""
    if isinstance(value, dict):
        return {key: _set(item) for key, item in value.items() if item not in _UNSET}
    return [_set(item) for item in value] if isinstance(value, list) else value


def text_of(
    data: Data,
    access_name: Callable[[str], str] = str,
    secret: Callable[[KeyPath], str] = lambda _path: HIDDEN,
) -> str:
    """The text that the gateway takes.

    Args:
        data: what to write.
        access_name: finds the name in the cloud of an authorization.
        secret: finds the text of a secret, by its place. Without it, the text can be shown: every
            secret is hidden.
    """

    def filled(value: DataValue) -> object:
        match value:
            case SecretRef(path):
                return secret(path)
            case AccessRef(access):
                return access_name(access)
            case dict():
                return {key: filled(item) for key, item in value.items()}
            case list():
                return [filled(item) for item in cast("list[DataValue]", value)]
            case _:
                return value

    return json.dumps(filled(data), ensure_ascii=False, separators=(",", ":"))


def secrets_in(data: DataValue) -> Iterator[SecretRef]:
    """The secrets that have to be filled in."""
    if isinstance(data, SecretRef):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from secrets_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from secrets_in(value)
