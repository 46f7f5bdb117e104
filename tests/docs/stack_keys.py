"""Every key that a stack file may hold, with its default, read from the settings models."""

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stack.settings import CommonSettings
from topologies import TOPOLOGIES


def stack_keys() -> Iterator[tuple[str, str, str]]:
    """Dotted key, default as the documents write it, and meaning."""
    yield from _keys(CommonSettings, "")
    for topology in TOPOLOGIES:
        yield from _keys(topology.model, f"{topology.section}.")


def _keys(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        below, is_map = _model_below(field.annotation)
        yield key, _default(field), " ".join((field.description or "").split())
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
    return f"`{value.value if isinstance(value, Enum) else json.dumps(value)}`"
