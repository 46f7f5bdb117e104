"""Differences of two stacks as data: moves, what stays, what is needed, what only one has."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from stack.file.tree import MISSING
from stack.secrets import HIDDEN, SecretState
from tools.promote.meaning import Fields, Meaning, Named


class Action(StrEnum):
    """What is done to the target's file."""

    ADD = "add"
    CHANGE = "change"
    RENAME = "rename"
    REMOVE = "remove"


@dataclass(frozen=True)
class Move:
    """One change to the target."""

    action: Action
    path: tuple[str, ...]
    old: object = None
    new: object = None
    was: str | None = None
    """With `RENAME`: the entry's name until now."""


@dataclass(frozen=True)
class Stay:
    """A difference that stays: it belongs to the tier."""

    path: tuple[str, ...]
    source: object
    target: object
    why: str


@dataclass(frozen=True)
class Need:
    """A value of the target's own, without which a new entry can't be moved."""

    path: tuple[str, ...]
    why: str
    secret: bool = False
    by_hand: bool = False
    """Whether only an edit of the file will do."""


@dataclass
class Comparison:
    """Everything that was found."""

    moves: list[Move] = field(default_factory=list[Move])
    stays: list[Stay] = field(default_factory=list[Stay])
    only_in_target: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    needs: list[Need] = field(default_factory=list[Need])
    starts: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    """Values of new entries that the target may want to change: it has the source's for now."""

    @property
    def drifted(self) -> bool:
        """Whether there is anything that isn't meant to differ."""
        return bool(self.moves or self.needs or self.only_in_target)


def shown(value: Meaning, raw: object) -> object:
    """A value for the report: what is written, else what its absence means; no secret."""
    if isinstance(value, Fields | Named | tuple):
        return without_secrets(None if raw is MISSING else raw)
    return HIDDEN if isinstance(value, SecretState) else value


def without_secrets(value: object) -> object:
    """A plain value with encrypted ones hidden."""
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        if list(entries) == ["secure"]:
            return HIDDEN
        return {key: without_secrets(one) for key, one in entries.items()}
    if isinstance(value, list):
        return [without_secrets(one) for one in cast("list[object]", value)]
    return value
