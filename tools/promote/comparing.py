"""What two stacks differ in: what would move, what stays since it belongs to a tier, and the rest.

Pure functions over two `Side`s. Nothing is ever taken away from the target because the source lacks
it: a file can't say whether an entry was removed there or never was. Such entries are told, and go
when they are named.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

from stack.file.tree import MISSING
from stack.secrets import HIDDEN, SecretState
from tools.promote.belonging import OWN, Belonging, Belongs
from tools.promote.meaning import TOPOLOGY, Fields, Meaning, Named, Place, Side
from topologies import TOPOLOGIES


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
    """With `RENAME` the entry's name until now."""

    new: object = None


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

    renamed: dict[tuple[str, ...], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, ...], tuple[str, ...]]
    )
    """Where the target's file has entries that the source calls otherwise, by where they go."""

    @property
    def drifted(self) -> bool:
        """Whether there is anything that isn't meant to differ."""
        return bool(self.moves or self.needs or self.only_in_target)

    def former(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Where the target's file has what is to stand at `path`."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.renamed:
                return self.renamed[path[:end]] + path[end:]
        return path


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


WAS: Final = "was"
_ENCRYPTED: Final = "it is encrypted for one stack, and another can't decrypt it"
_LISTED: Final = "it stands in a list with values that belong to each tier"


def compare(
    source: Side, target: Side, belonging: Belonging, given: Collection[str] = ()
) -> Comparison:
    """What the two differ in.

    Args:
        source: where things come from.
        target: where they go.
        belonging: what isn't moved.
        given: places, dotted, that the target gets values of its own for.
    """
    comparing = _Comparing(source, target, belonging, frozenset(given))
    comparing.compare()
    return comparing.found


class _Comparing:
    """One comparison, and what it has found so far."""

    def __init__(
        self, source: Side, target: Side, belonging: Belonging, given: frozenset[str]
    ) -> None:
        self.found = Comparison()
        self._source, self._target = source, target
        self._belonging, self._given = belonging, given

    def compare(self) -> None:
        ours, theirs = self._source.meaning.items, self._target.meaning.items
        chosen = cast("Named", ours[TOPOLOGY]).items
        sections = {topology.section: topology.name for topology in TOPOLOGIES}
        for key, mine in ours.items():
            if sections.get(key, key) in chosen or key not in sections:
                self._walk(Place().field(key), mine, theirs[key])

    def _walk(self, place: Place, mine: Meaning, theirs: Meaning) -> None:
        if mine == theirs:
            return
        rule = self._belonging.at(place)
        if rule is not None:
            self._stay(place, mine, theirs, rule.why)
        elif isinstance(mine, Fields) and isinstance(theirs, Fields):
            for key, one in mine.items.items():
                if key != WAS or isinstance(one, Named):
                    self._walk(place.field(key), one, theirs.items[key])
        elif isinstance(mine, Named) and isinstance(theirs, Named):
            self._walk_names(place, mine, theirs)
        elif theirs is SecretState.ENCRYPTED or (
            mine is SecretState.ENCRYPTED and theirs is not None
        ):
            self._stay(place, mine, theirs, _ENCRYPTED)
        elif isinstance(mine, tuple) and isinstance(theirs, tuple):
            self._walk_lists(place, mine, theirs)
        else:
            self._walk_values(place, mine, theirs)

    def _walk_values(self, place: Place, mine: Meaning, theirs: Meaning) -> None:
        """Values that can't be compared part by part: one is all that there is."""
        if mine is SecretState.ENCRYPTED:
            self.found.needs.append(Need(place.path, _ENCRYPTED, secret=True))
        elif theirs is None and isinstance(mine, Fields | Named):
            self._add(place, mine)
        elif mine is None and isinstance(theirs, Fields) and any(self._own(place, theirs)):
            self.found.only_in_target.append(place.path)
        elif mine is None and isinstance(theirs, Fields):
            self._move(Action.REMOVE, place, mine, theirs)
        else:
            self._move(Action.CHANGE, place, mine, theirs)

    def _walk_names(self, place: Place, mine: Named, theirs: Named) -> None:
        renamed: set[str] = set()
        for key, one in mine.items.items():
            below = place.name(key)
            was = one.items.get(WAS) if isinstance(one, Fields) else None
            rule = self._belonging.at(below)
            if key in theirs.items:
                self._walk(below, one, theirs.items[key])
            elif rule is not None:
                self._stay(below, one, None, rule.why)
            elif isinstance(was, str) and was in theirs.items and was not in mine.items:
                renamed.add(was)
                self.found.renamed[below.path] = (*place.path, was)
                self.found.moves.append(Move(Action.RENAME, below.path, was, key))
                self._walk(below, one, theirs.items[was])
            else:
                self._add(below, one)
        for key, other in theirs.items.items():
            if key not in mine.items and key not in renamed:
                below = place.name(key)
                rule = self._belonging.at(below)
                if rule is not None:
                    self._stay(below, None, other, rule.why)
                else:
                    self.found.only_in_target.append(below.path)

    def _walk_lists(
        self, place: Place, mine: tuple[Meaning, ...], theirs: tuple[Meaning, ...]
    ) -> None:
        if not any(self._own(place, mine)) and not any(self._own(place, theirs)):
            self._move(Action.CHANGE, place, mine, theirs)
        elif self._masked(place, mine) == self._masked(place, theirs):
            self._stay(place, mine, theirs, _LISTED)
        else:
            self.found.needs.append(Need(place.path, _LISTED, by_hand=True))

    def _add(self, place: Place, mine: Meaning) -> None:
        self.found.moves.append(Move(Action.ADD, place.path, None, self._shown(place, mine)))
        self._look_for_own(place, mine)

    def _look_for_own(self, place: Place, mine: Meaning) -> None:
        """What a new entry can't take over from the source."""
        written = self._source.raw(place.path) is not MISSING or place.path[0] == TOPOLOGY
        there = self._target.raw(self.found.former(place.path)) is not MISSING
        if mine is None or not written:
            return
        rule = self._belonging.at(place)
        if isinstance(mine, Fields | Named) and rule is None:
            for key, one in mine.items.items():
                if key != WAS or isinstance(one, Named):
                    self._look_for_own(place.below(mine, key), one)
        elif not there:
            self._look_at_value(place, mine, rule)

    def _look_at_value(self, place: Place, mine: Meaning, rule: Belongs | None) -> None:
        if mine is SecretState.ENCRYPTED:
            self.found.needs.append(Need(place.path, _ENCRYPTED, secret=True))
        elif rule is not None and rule.kind != OWN:
            self.found.starts.append(place.path)
        elif ".".join(place.path) not in self._given:
            if rule is not None:
                self.found.needs.append(Need(place.path, rule.why))
            elif isinstance(mine, tuple) and any(self._own(place, mine)):
                self.found.needs.append(Need(place.path, _LISTED))

    def _own(self, place: Place, value: Meaning) -> Iterator[bool]:
        """True for each value at `place` or below that belongs to its tier."""
        if value is None or value in ((), Named({})):
            return
        if value is SecretState.ENCRYPTED or self._belonging.at(place) is not None:
            yield True
        else:
            for below, one in place.inside(value):
                yield from self._own(below, one)

    def _masked(self, place: Place, value: Meaning) -> Meaning:
        """The value without what belongs to its tier."""
        if value is SecretState.ENCRYPTED or self._belonging.at(place) is not None:
            return None
        if isinstance(value, Fields | Named):
            kind = type(value)
            return kind({k: self._masked(place.below(value, k), v) for k, v in value.items.items()})
        if isinstance(value, tuple):
            return tuple(self._masked(place.name("*"), one) for one in value)
        return value

    def _move(self, action: Action, place: Place, mine: Meaning, theirs: Meaning) -> None:
        former = self.found.former(place.path)
        if self._source.raw(place.path) is MISSING and self._target.raw(former) is MISSING:
            return  # it follows from a setting beside it, which moves
        old = shown(theirs, self._target.raw(former))
        self.found.moves.append(Move(action, place.path, old, self._shown(place, mine)))

    def _stay(self, place: Place, mine: Meaning, theirs: Meaning, why: str) -> None:
        there = shown(theirs, self._target.raw(self.found.former(place.path)))
        self.found.stays.append(Stay(place.path, self._shown(place, mine), there, why))

    def _shown(self, place: Place, mine: Meaning) -> object:
        return shown(mine, self._source.raw(place.path))
