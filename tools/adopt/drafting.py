"""A stack file in the making: its settings, names, where each came from, and its text."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import yaml

from stack.model import NAME_PATTERN
from stack.naming import NAMESPACE, REGION_KEY, name_problems, resource_name
from stack.problems import KeyPath, Problem, dotted
from tools.adopt.listing import Entry, Listing
from tools.adopt.reading import Cloud, Found

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


@dataclass
class Draft:
    """The settings so far. `topologies` and the rest are written by the modules beside this one."""

    listing: Listing
    cloud: Cloud
    stack: str
    marking: bool = False
    """Give each thing its id as its name in the cloud, so that what the program registers for it
    can be told (see `matching`)."""

    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """Keys of the stack file without the namespace."""

    origins: dict[KeyPath, Entry] = field(default_factory=dict[KeyPath, Entry])
    """Places in the stack file, and what stands there."""

    comments: dict[KeyPath, str] = field(default_factory=dict[KeyPath, str])
    """Why it is so, for the line of a place."""

    problems: list[Problem] = field(default_factory=list[Problem])

    def found(self, entry: Entry) -> Found:
        """What was read of an entry."""
        return self.cloud[entry.kind.type, entry.id]

    def uses(self, identity: str) -> bool:
        """Whether it is used by its id, and belongs to somebody else."""
        return identity in self.listing.uses

    def put(self, path: KeyPath, value: dict[str, Any], entry: Entry | None = None) -> None:
        """Write a map of settings at a place."""
        place: dict[str, Any] = self.settings
        for part in path[:-1]:
            place = place.setdefault(str(part), {})
        place[str(path[-1])] = value
        if entry is not None:
            self.origins[path] = entry
            self.comments.setdefault(path, marker(entry.id))

    def named(self, entry: Entry, key: str, called: str) -> dict[str, str]:
        """The `name` of an entry's thing, where the default would rename it."""
        if self.marking:
            return {"name": marker(entry.id)}
        name = cloud_name(self.stack, key, called)
        return {"name": name} if name is not None else {}

    def refuse(self, entry: Entry, rule: str, remedy: str, value: object = None) -> None:
        """Something about an entry that a stack can't have."""
        problem = Problem(entry.path, value or entry.id, rule, remedy)
        if problem not in self.problems:
            self.problems.append(problem)

    def traced(self, problem: Problem) -> Problem:
        """A problem of the stack file as one of the list, where that has its cause."""
        for end in range(len(problem.path), 0, -1):
            entry = self.origins.get(problem.path[:end])
            if entry is not None:
                place = f"{dotted(problem.path)} would be {problem.value!r}; "
                remedy = f"{problem.remedy}; here: change it in the cloud, or take it off the list"
                return dataclasses.replace(
                    problem, path=entry.path, value=entry.id, rule=place + problem.rule,
                    remedy=remedy, line=None,
                )  # fmt: skip
        return dataclasses.replace(problem, line=None)


def marker(identity: str) -> str:
    """The cloud's own id, which only one thing has: of `ftb-…:fwd-…` the second half.

    It could be a name.
    """
    return identity.rpartition(":")[2]


def described(found: Found) -> dict[str, Any]:
    """The `description` of what has one."""
    text = found.text("description")
    return {"description": text} if text else {}


def same_tags(found: list[Mapping[str, str]]) -> dict[str, str]:
    """The tags that all of them have."""
    if not found:
        return {}
    return {k: v for k, v in found[0].items() if all(one.get(k) == v for one in found[1:])}


_WIDTH: Final = 100
_STEP: Final = "  "
_ANY_LENGTH: Final = 1_000_000


def stack_text(draft: Draft, schema: str, source: str) -> str:
    """The stack file of a draft.

    Args:
        draft: the draft.
        schema: where the stack file's schema is, from the file.
        source: what the list is called.
    """
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "#",
        f"# Made of {source}: what exists already. Behind an entry stands what it is in the cloud.",
        "config:",
        f"{_STEP}{REGION_KEY}: {_flow(draft.listing.region)}",
    ]
    for key, value in draft.settings.items():
        lines += _lines(f"{NAMESPACE}:{key}", value, (key,), draft.comments, 1)
    return "\n".join(lines) + "\n"


def _lines(
    key: str, value: object, path: KeyPath, comments: Mapping[KeyPath, str], depth: int
) -> Iterator[str]:
    start, comment = _STEP * depth + f"{key}:", _comment(comments.get(path))
    short = f"{start} {_flow(value)}"
    inner_values = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    if not inner_values or (not _deep(inner_values) and len(short) <= _WIDTH):
        yield short + comment
        return
    yield start + comment
    for name, inner in inner_values.items():
        yield from _lines(_flow(name), inner, (*path, name), comments, depth + 1)


def _deep(value: Mapping[str, object]) -> bool:
    """Whether a map holds others, which then have lines of their own."""
    return any(isinstance(inner, dict) for inner in value.values())


def _comment(text: str | None) -> str:
    return f" # {text}" if text is not None else ""


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_ANY_LENGTH
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()
