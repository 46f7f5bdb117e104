"""What can still be judged of settings that have mistakes, so that one report shows everything.

The parts that pydantic refused are taken out or, where something has to stand there, replaced by
a placeholder. What the rules then say about these very places only follows from the mistakes, and
the loader drops it.

An entry of a map that has a mistake (a mapping whose port can't be read) is left out altogether:
without its port it would mean something else, a whole address, and clash with its neighbours.
Only what it refers to can still be judged, and `keep_entries` keeps it for that.
"""

import contextlib
import copy
from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from stack.problems import KeyPath

M = TypeVar("M", bound=BaseModel)

PLACEHOLDER = "\N{REPLACEMENT CHARACTER}"
"""Starts a text that stands for one that is missing or isn't text; unlike any other in the file."""

_PLACEHOLDER_ENTRY = "name"
_ROUNDS = 20  # each takes out or fills one level; settings have about six


def salvage(
    model: type[M], values: object, error: ValidationError, *, keep_entries: bool
) -> M | None:
    """Settings without the parts that `error` refuses, or None where that can't be had."""
    rest: Any = copy.deepcopy(cast("object", values)) if isinstance(values, dict) else {}
    for _ in range(_ROUNDS):
        # From the back, so that removing an item of a list doesn't move those yet to come.
        for detail in sorted(error.errors(), key=_position, reverse=True):
            _mend(model, rest, detail, keep_entries=keep_entries)
        try:
            return model.model_validate(rest)
        except ValidationError as next_error:
            error = next_error
    return None


def place_of(detail: ErrorDetails) -> KeyPath:
    """Pydantic's location as a path in the file: a bad key is followed by a "[key]" marker."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def model_at(model: type[BaseModel], where: KeyPath) -> type[BaseModel] | None:
    """The model that describes the map at `where`."""
    return next((choice for choice in choices_at(model, where) if _is_model(choice)), None)


def choices_at(model: type[BaseModel], where: KeyPath) -> Iterator[Any]:
    """The types that a value at `where` may have."""
    return _alternatives(_annotation_at(model, where))


def _position(detail: ErrorDetails) -> list[tuple[int, str]]:
    return [(p, "") if isinstance(p, int) else (0, p) for p in place_of(detail)]


def _mend(model: type[BaseModel], rest: Any, detail: ErrorDetails, *, keep_entries: bool) -> None:  # noqa: ANN401 - a tree of plain values
    where, kind = place_of(detail), detail["type"]
    if kind == "missing":
        _put(rest, where, _placeholder(model, where))
    elif kind == "string_type":
        _put(rest, where, PLACEHOLDER + repr(where))
    elif kind == "too_short":
        _put(rest, where, _one_of(model, where))
    elif not keep_entries and (entry := _entry_of(model, where)) is not None:
        _remove(rest, entry)
    else:
        _remove(rest, where)


def _placeholder(model: type[BaseModel], where: KeyPath) -> object:
    for choice in choices_at(model, where):
        if _is_model(choice):
            return {}
        if get_origin(choice) in {dict, list}:
            return _one_of(model, where)
        if isinstance(choice, type) and issubclass(choice, Enum):
            return next(iter(choice)).value
        if choice is int:
            return 1
    return PLACEHOLDER + repr(where)


def _one_of(model: type[BaseModel], where: KeyPath) -> object:
    """A map or list with one entry."""
    for choice in choices_at(model, where):
        if get_origin(choice) is dict:
            return {_PLACEHOLDER_ENTRY: _placeholder(model, (*where, _PLACEHOLDER_ENTRY))}
        if get_origin(choice) is list:
            return [_placeholder(model, (*where, 0))]
    return PLACEHOLDER + repr(where)


def _entry_of(model: type[BaseModel], where: KeyPath) -> KeyPath | None:
    """The outermost named entry that `where` is in."""
    for end in range(len(where)):
        for annotation in choices_at(model, where[:end]):
            if get_origin(annotation) is dict and any(
                _is_model(choice) for choice in _alternatives(get_args(annotation)[1])
            ):
                return where[: end + 1]
    return None


def _put(values: object, where: KeyPath, new: object) -> None:
    owner = _owner(values, where)
    if owner is not None:
        owner[where[-1]] = new


def _remove(values: object, where: KeyPath) -> None:
    owner = _owner(values, where)
    if owner is not None:
        with contextlib.suppress(KeyError):
            del owner[where[-1]]


def _owner(values: object, where: KeyPath) -> Any:  # noqa: ANN401 - a map or a list of anything
    """What holds the last part of `where`; None where an earlier part is gone already."""
    owner: Any = values
    for part in where[:-1]:
        try:
            owner = owner[part]
        except (KeyError, IndexError, TypeError):
            return None
    if not where:
        return None
    last = where[-1]
    if isinstance(owner, list):
        items = cast("list[object]", owner)
        return items if isinstance(last, int) and last < len(items) else None
    return cast("dict[str, object]", owner) if isinstance(owner, dict) else None


def _annotation_at(model: type[BaseModel], where: KeyPath) -> Any:  # noqa: ANN401 - types as values
    annotation: Any = model
    for part in where:
        annotation = next(_step(annotation, part), None)
    return annotation


def _step(annotation: Any, part: str | int) -> Iterator[Any]:  # noqa: ANN401 - types as values
    for choice in _alternatives(annotation):
        if _is_model(choice):
            for name, field in choice.model_fields.items():
                if (field.alias or name) == part:
                    yield field.annotation
        elif get_origin(choice) is dict:
            yield get_args(choice)[1]
        elif get_origin(choice) is list:
            yield get_args(choice)[0]


def _alternatives(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - types as values
    """An annotation without Annotated, with its unions and sections that are maps opened."""
    origin = get_origin(annotation)
    if hasattr(annotation, "__metadata__"):
        yield from _alternatives(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for choice in get_args(annotation):
            yield from _alternatives(choice)
    elif isinstance(annotation, type) and issubclass(annotation, RootModel):
        yield from _alternatives(annotation.model_fields["root"].annotation)
    elif annotation is not None:
        yield annotation


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
