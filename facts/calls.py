"""The table of calls, typed: what the provider calls for a kind, and what RAM checks it on."""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "KINDS",
    "OPERATIONS",
    "Calls",
    "Irreversible",
    "Operation",
    "becoming",
    "called_for",
    "forms",
    "irreversible",
]

Operation = Literal["read", "create", "update", "delete"]
OPERATIONS: tuple[Operation, ...] = ("read", "create", "update", "delete")
_FILE = Path(__file__).with_name("calls.toml")
_OWN = "own"


@dataclass(frozen=True)
class Calls:
    """What one kind of resource takes."""

    kind: str
    own: str
    """The resource's name in a policy, with places for region, account and its own name."""

    read: tuple[str, ...]
    create: tuple[str, ...]
    update: tuple[str, ...]
    delete: tuple[str, ...]
    named: bool = False
    """Whether its name says which one it is, so that reading, too, is granted on that one alone."""

    service: str = ""
    """Whose service-linked role the cloud makes at the first one in an account."""

    role: str = ""
    """The input that names a role which is handed on to a service."""

    role_service: str = ""
    """Which service takes that role."""

    def of(self, operation: Operation) -> tuple[str, ...]:
        """The calls of one operation."""
        return {
            "read": self.read,
            "create": self.create,
            "update": self.update,
            "delete": self.delete,
        }[operation]

    @property
    def writing(self) -> tuple[str, ...]:
        """Every call that changes something, once each."""
        return tuple(dict.fromkeys((*self.create, *self.update, *self.delete)))


@dataclass(frozen=True)
class Irreversible:
    """What the guard rails deny."""

    deletions: tuple[str, ...]
    """Kinds whose deletion can't be undone."""

    protection: tuple[str, ...]
    """Calls that switch deletion protection, on and off alike."""


@functools.cache
def _facts() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _calls() -> Iterator[Calls]:
    kinds: dict[str, dict[str, Any]] = _facts()["kinds"]
    for kind, facts in kinds.items():
        calls: dict[str, Any] = {operation: tuple(facts[operation]) for operation in OPERATIONS}
        others = {key: value for key, value in facts.items() if key not in calls}
        yield Calls(kind=kind, **calls, **others)


KINDS: Mapping[str, Calls] = {calls.kind: calls for calls in _calls()}


def forms(calls: Calls, action: str) -> tuple[str, ...]:
    """On what RAM checks a call: each of these has to be allowed."""
    if action in calls.read and not calls.named:
        return ("*",)
    found = _facts()["checked_on"].get(action, (_OWN,))
    return tuple(calls.own if form == _OWN else form for form in found)


def called_for(action: str) -> frozenset[str]:
    """The attributes without which the call isn't made; none for one that always is."""
    return frozenset(_facts()["only_for"].get(action, ()))


def irreversible() -> Irreversible:
    """What can't be undone."""
    facts = _facts()["irreversible"]
    return Irreversible(tuple(facts["deletions"]), tuple(facts["protection"]))


def becoming() -> tuple[str, ...]:
    """What makes somebody else of who may call it: administrator of the account, at the end."""
    return tuple(_facts()["becoming"]["denied"])
