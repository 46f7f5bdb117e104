"""What the gateway takes as `plugin_data`: a tree of plain values, written as JSON.

The gateway takes YAML too; JSON is chosen since nothing in it needs quoting with care. Keys keep
the order in which the gateway documents them.

A secret never stands in such a tree. A `SecretRef` marks its place, and only who has Pulumi's
secret output fills it in, inside that output.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from stack.model import Model
from stack.problems import KeyPath
from stack.secrets import HIDDEN, secret_text


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The place of a secret: `path` is where the stack file has it encrypted."""

    path: KeyPath


DataValue: TypeAlias = (
    "str | int | float | bool | SecretRef | list[DataValue] | dict[str, DataValue] | None"
)
Data: TypeAlias = "dict[str, DataValue]"


def documented(settings: Model, *, leave_out: frozenset[str] = frozenset()) -> Data:
    """A model whose keys are the gateway's own, without what isn't set.

    Args:
        settings: what to write.
        leave_out: fields, by their Python names, that the gateway has in another form.
    """
    dumped = settings.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude=set(leave_out)
    )
    return {key: value for key, value in dumped.items() if value not in ([], {})}


def text_of(data: Data, secret: Callable[[KeyPath], str] | None = None) -> str:
    """The text that the gateway takes.

    Args:
        data: what to write.
        secret: finds the text of a secret. Without it, the text can be shown: every secret is
            hidden.
    """
    filled = _filled(data, secret if secret is not None else _hidden)
    return json.dumps(filled, ensure_ascii=False, separators=(",", ":"))


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


def text_with_secrets(data: Data, section: Mapping[str, Any]) -> str:
    """The text that the gateway takes, with the secrets of a decrypted section.

    To be called inside a secret output, whose secrecy the text then keeps.

    Raises:
        LookupError: the section has no text where a secret should be; the message has no value.
    """
    return text_of(data, lambda path: secret_text(section, path))


def _hidden(_path: KeyPath) -> str:
    return HIDDEN


def _filled(value: DataValue, secret: Callable[[KeyPath], str]) -> object:
    match value:
        case SecretRef(path):
            return secret(path)
        case dict():
            return {key: _filled(item, secret) for key, item in value.items()}
        case list():
            return [_filled(item, secret) for item in cast("list[DataValue]", value)]
        case _:
            return value
