"""Names for entries of the stack file, made of what things are called in the cloud."""

import re
from collections.abc import Iterable

from stack.model import NAME_PATTERN
from stack.naming import name_problems, resource_name

_LONGEST = 63
_ENDING = 4  # characters for -2, -3, …


class Namer:
    """Gives names, each once."""

    def __init__(self, stack: str, given: Iterable[str | None]) -> None:
        """Keep free what the list names itself."""
        self._start = f"{stack}-"
        self._taken = {name for name in given if name is not None}

    def name(self, given: str | None, called: str, otherwise: str) -> str:
        """The name of an entry.

        Args:
            given: the one that the list gives, which holds.
            called: what the thing is called in the cloud.
            otherwise: what to call it where that makes no name.
        """
        if given is not None:
            return given
        tries = (called.removeprefix(self._start), called, otherwise)
        name = next((name for text in tries if (name := _valid(text))), "entry")
        free, count = name, 1
        while free in self._taken:
            count += 1
            free = f"{name[: _LONGEST - _ENDING]}-{count}"
        self._taken.add(free)
        return free


def _valid(text: str) -> str:
    """The text as a name, with dashes for what a name can't hold; empty where nothing is left."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:_LONGEST]
    return name if re.fullmatch(NAME_PATTERN, name) else ""


def cloud_name(stack: str, key: str, called: str) -> str | None:
    """The `name` to write for an entry `key`; None where the default is the same, or none fits."""
    if called == resource_name(stack, key) or not called or [*name_problems((), called)]:
        return None
    return called
