"""What others' things make of a deletion: all of a stack's, or a part, carried out on a copy.

A resource goes once all that the state has after it is gone, which is what may stand on it; after
an import, which knows no such order, once the cloud lets it. What the cloud refuses then, it
refuses because of others. Each thing of theirs that alone is enough for
a refusal is one that stands in the way.
"""

from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, NoReturn

from sandbox.cloud import KINDS, CloudError, Resource, Store
from sandbox.cloud.core import Session
from sandbox.provider.quirks import is_only_forgotten
from sandbox.rehearsal.existing import Remembered

__all__ = ["Fate", "copy_of", "fates"]


@dataclass(frozen=True)
class Fate:
    """What becomes of something of others' when what it stands on is deleted."""

    of: Remembered
    at: Remembered
    """The stack's resource that it keeps from being deleted, or that takes it along."""

    refusal: CloudError | None
    """The cloud's; None where it goes along."""


def copy_of(store: Store) -> Store:
    """A cloud in memory with what is in another one and stays there, and nothing under way."""
    copy = Store(":memory:")
    with copy.database.transaction():
        for one in store.all():
            if not one.leaving:
                _session(copy, one.region).add(replace(one, until=0.0))
    return copy


def fates(
    store: Store,
    own: Sequence[Remembered],
    others: Iterable[Remembered],
    goes: Container[str] | None = None,
) -> list[Fate]:
    """What a deletion comes to for each of others' things that it touches.

    Args:
        store: a cloud that has them all, and is emptied.
        own: the stack's resources, in the state's order, in which most go at the first try.
        others: those of somebody else.
        goes: the URNs of what is deleted; everything of the stack's unless given.
    """
    for duration in _DURATIONS:
        setattr(store, duration, 0)
    found: list[Fate] = []
    left = [one for one in others if _found(store, one) is not None]
    waiting = [*reversed(own)]
    while waiting and left:
        later: list[Remembered] = []
        for one in waiting:
            if goes is not None and one.urn not in goes:
                _taken_out(store, [one])
                continue
            stopping = _in_the_way(store, one, left)
            if stopping is None:
                later.append(one)
                continue
            _taken_out(store, [fate.of for fate in stopping])
            left = _without(left, (fate.of for fate in stopping))
            before = _count(store)
            _attempted(store, one)
            _taken_out(store, [one])
            # Most take nothing along, and looking for each of others' things takes a while.
            went = before - _count(store) > 1
            along = [other for other in left if _found(store, other) is None] if went else []
            left = _without(left, along)
            found += [*stopping, *(Fate(other, one, None) for other in along)]
        if len(later) == len(waiting):  # it isn't others that keep it
            _taken_out(store, [later.pop(0)])
        waiting = later
    return found


_DURATIONS: Final = ("entry_seconds", "association_seconds", "instance_seconds")


class _UndoneError(Exception):
    """Nothing of what was tried is to stay."""


def _in_the_way(store: Store, one: Remembered, others: Sequence[Remembered]) -> list[Fate] | None:
    """Who keeps one from being deleted; None where it wouldn't go even without them."""
    if _refusal(store, one) is None:
        return []
    if _refusal(store, one, others) is not None:
        return None

    def among(some: Sequence[Remembered]) -> list[Fate]:
        """Those of some; by halves, since a thousand may have nothing to do with it."""
        refusal = _refusal(store, one, _without(others, some))
        if refusal is None or not some:
            return []
        if len(some) == 1:
            return [Fate(some[0], one, refusal)]
        half = len(some) // 2
        return [*among(some[:half]), *among(some[half:])]

    return among(others)


def _without(some: Sequence[Remembered], gone: Iterable[Remembered]) -> list[Remembered]:
    ids = {id(one) for one in gone}
    return [one for one in some if id(one) not in ids]


def _count(store: Store) -> int:
    return int(store.database.rows("SELECT count(*) FROM resources")[0][0])


def _undo() -> NoReturn:
    raise _UndoneError


def _refusal(store: Store, one: Remembered, gone: Iterable[Remembered] = ()) -> CloudError | None:
    """What the cloud would answer to a deletion, once some others are gone."""
    try:
        with store.database.transaction():
            _take_out(store, gone)
            _delete(store, one)
            _undo()
    except CloudError as refusal:
        return refusal
    except _UndoneError:
        return None


def _attempted(store: Store, one: Remembered) -> None:
    """Delete it, and what goes with it, unless that is refused."""
    with suppress(CloudError), store.database.transaction():
        _delete(store, one)


def _delete(store: Store, one: Remembered) -> None:
    """As the provider does it. Protection isn't looked at: who wants to delete takes it off."""
    session, rules = _session(store, one.region), KINDS[one.kind]
    found = session.get(one.kind, one.id)
    paid = {"paymentType": one.attributes.get("payment_type")}
    if found is None or is_only_forgotten(one.kind, paid):
        return
    emptied = rules.provider.emptied_first
    session.change(found, {"deletion_protection": False, **({emptied: []} if emptied else {})})
    forced = one.attributes.get("force") in {True, "true"}
    rules.delete(session, session.need(one.kind, one.id), force=forced)


def _taken_out(store: Store, some: Iterable[Remembered]) -> None:
    with store.database.transaction():
        _take_out(store, some)


def _take_out(store: Store, some: Iterable[Remembered]) -> None:
    """Have it gone, with no rule asked."""
    sessions: dict[str, Session] = {}
    for one in some:
        if one.region not in sessions:
            sessions[one.region] = _session(store, one.region)
        session = sessions[one.region]
        if found := session.get(one.kind, one.id):
            session.remove(found)


def _found(store: Store, one: Remembered) -> Resource | None:
    return store.look(one.kind, one.id, region=one.region)


def _session(store: Store, region: str) -> Session:
    return Session(store.database, KINDS, region)
