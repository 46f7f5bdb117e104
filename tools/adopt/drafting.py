"""A stack file in the making: its settings, where each came from, and what was chosen."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stack.problems import KeyPath, Problem, dotted
from tools.adopt.cloud import Cloud, Found
from tools.adopt.listing import Entry, Listing
from tools.adopt.naming import cloud_name


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
