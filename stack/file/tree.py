"""Trees of plain values, as YAML and JSON have them, by the places in them."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final, cast

from stack.problems import KeyPath


class _Missing(Enum):
    MISSING = "nothing stands there"


MISSING: Final = _Missing.MISSING


def at(tree: object, path: KeyPath) -> Any:  # noqa: ANN401 - a plain value of any kind
    """What stands at `path`; `MISSING` where nothing does."""
    for part in path:
        if isinstance(tree, Mapping) and part in tree:
            tree = cast("Mapping[str | int, object]", tree)[part]
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):  # pyright: ignore[reportUnknownArgumentType] - plain values
            tree = cast("list[object]", tree)[part]
        else:
            return MISSING
    return tree


def with_values(tree: Mapping[str, Any], new: Mapping[KeyPath, object]) -> dict[str, Any]:
    """A copy of `tree` with these values in their places; what they stand in is there already."""
    copy: dict[str, Any] = dict(tree)
    for path, value in new.items():
        owner: Any = copy
        for part in path[:-1]:
            owner[part] = list(owner[part]) if isinstance(owner[part], list) else {**owner[part]}
            owner = owner[part]
        owner[path[-1]] = value
    return copy


def walk(tree: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Everything in a tree that stands at `path`, itself first, in the tree's order."""
    waiting = [(path, tree)]
    while waiting:
        where, value = waiting.pop()
        yield where, value
        waiting += [((*where, key), item) for key, item in reversed(entries_of(value))]


def maps(tree: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Every map in a tree that stands at `path`; much faster than all that `walk` finds."""
    waiting: list[tuple[KeyPath, object]] = [(path, tree)]
    while waiting:
        where, value = waiting.pop()
        entries = entries_of(value)
        if isinstance(value, dict):
            yield where, cast("dict[str, Any]", value)
        waiting += [
            ((*where, key), item)
            for key, item in reversed(entries)
            if isinstance(item, dict | list)
        ]


def entries_of(value: object) -> list[tuple[str | int, object]]:
    """The entries of a map, and the items of a list by their places; none of anything else."""
    if isinstance(value, dict):
        return [*cast("dict[str | int, object]", value).items()]
    return [*enumerate(cast("list[object]", value))] if isinstance(value, list | tuple) else []
