"""Encrypted values of a stack file: where they are, so that no report ever shows one.

Pulumi writes `{secure: v1:…}` for a value that was set with `--secret`. It alone can decrypt it,
for the program; the tools that read the file by themselves see only that something is there.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

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
                waiting += [((*where, key), item) for key, item in entries.items()]
        elif isinstance(value, list):
            items = cast("list[object]", value)
            waiting += [((*where, index), item) for index, item in enumerate(items)]


def secret_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Encrypted values among those that are to be read without Pulumi."""
    for path in secret_paths(values):
        yield Problem(
            path,
            HIDDEN,
            "this value is encrypted, and only Pulumi itself can read it",
            "write it in plain text: nothing in this setting is secret",
        )


def touches(path: KeyPath, others: frozenset[KeyPath]) -> bool:
    """Whether `path` is one of `others` or lies below one."""
    return any(path[:end] in others for end in range(len(path) + 1))
