"""Every key that a stack file may hold, with its default, read from the settings models."""

import json
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from stack.model import descriptions
from stack.settings import CommonSettings
from tests.docs.pages import tables
from topologies import TOPOLOGIES


def stack_keys() -> Iterator[tuple[str, str, str]]:
    """Dotted key, default as the documents write it, and meaning."""
    yield from _keys(CommonSettings, "")
    for topology in TOPOLOGIES:
        yield from _keys(topology.model, f"{topology.section}.")


def told_keys(page: Path) -> Iterator[tuple[str, str, str]]:
    """The same as a page tells it: in tables of whole keys, or of those below one key."""
    for table in tables(page):
        below = re.fullmatch(r"Key below `([^`]+)`", table[0][0])
        if below is not None or table[0][0] == "Key":
            prefix = f"{below[1]}." if below is not None else ""
            for key, default, meaning in table[1:]:
                yield prefix + key.strip("`"), default, meaning


def _keys(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    if issubclass(model, RootModel):  # a section that is a map
        below, _ = _model_below(model.model_fields["root"].annotation)
        assert below is not None
        yield from _keys(below, f"{prefix}<name>.")
        return
    told = descriptions(model)
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        below, is_map = _model_below(field.annotation)
        yield key, _default(field), " ".join(told[field.alias or name].split())
        if below is not None:
            yield from _keys(below, f"{key}.<name>." if is_map else f"{key}.")


def _model_below(annotation: object) -> tuple[type[BaseModel] | None, bool]:
    """The model that a field holds, and whether it holds a map of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    inner = get_args(annotation)
    for part in inner:
        found, is_map = _model_below(part)
        if found is not None:
            return found, is_map or get_origin(annotation) is dict
    return None, False


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value: Any = field.get_default(call_default_factory=True)  # pyright: ignore[reportUnknownMemberType] - pydantic's factories may take data
    if value is None or isinstance(value, BaseModel) or value in ({}, []):
        return ""
    is_word = isinstance(value, Enum) or get_origin(field.annotation) is Literal
    return f"`{value if is_word else json.dumps(value)}`"
