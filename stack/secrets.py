"""Encrypted values of a stack file: where they are, so that no report ever shows one.

Pulumi writes `{secure: v1:…}` for a value that was set with `--secret`. It alone can decrypt it,
for the program; the tools that read the file by themselves see only that something is there.
"""

from collections.abc import Iterable, Iterator
from typing import cast

from stack.problems import KeyPath, Problem

HIDDEN = "[secret]"


def secret_paths(values: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Where encrypted values stand."""
    waiting: list[tuple[KeyPath, object]] = [(path, values)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            entries = cast("dict[str, object]", value)
            if len(entries) == 1 and isinstance(entries.get("secure"), str):
                yield where
            else:
                waiting += [((*where, key), v) for key, v in entries.items() if _holds(v)]
        elif isinstance(value, list):
            items = cast("list[object]", value)
            waiting += [((*where, index), v) for index, v in enumerate(items) if _holds(v)]


def secret_problems(paths: Iterable[KeyPath]) -> Iterator[Problem]:
    """Encrypted values where plain ones are needed, since Pulumi didn't read them."""
    for path in paths:
        yield Problem(
            path,
            HIDDEN,
            "this value is encrypted, and only Pulumi itself can read it",
            "write it in plain text: nothing in this setting is secret",
        )


def _holds(value: object) -> bool:
    return isinstance(value, dict | list)


def touches(path: KeyPath, others: frozenset[KeyPath]) -> bool:
    """Whether `path` is one of `others` or lies below one."""
    return any(path[:end] in others for end in range(len(path) + 1))
