"""The table of calls, typed: what the provider calls for a kind, and what RAM checks it on.

And how RAM judges one call: a denial wins, else an allowance, else it is refused. Only the
conditions that our documents have are known; another one raises, so that no test passes because a
condition was overlooked.

Source: Resource Access Management, "Policy evaluation process" and "Policy elements".
"""

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

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
        calls: tuple[str, ...] = getattr(self, operation)
        return calls

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


Verdict = Literal["Allowed", "ImplicitDeny", "ExplicitDeny"]
Document = Mapping[str, Any]


def judged(
    documents: Iterable[Document],
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
) -> Verdict:
    """What RAM says of `action` on `resource`, by all of an identity's policies.

    Args:
        documents: the policies.
        action: one call, such as vpc:CreateVpc.
        resource: the one thing that it is about.
        context: condition keys of the request.
    """
    verdict: Verdict = "ImplicitDeny"
    for document in documents:
        for statement in document["Statement"]:
            if not _is_about(statement, action, resource, context or {}):
                continue
            if statement["Effect"] == "Deny":
                return "ExplicitDeny"
            verdict = "Allowed"
    return verdict


def _is_about(
    statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]
) -> bool:
    # An action's case doesn't count; a resource's does.
    return (
        any(fnmatchcase(action.lower(), one.lower()) for one in _many(statement["Action"]))
        and any(fnmatchcase(resource, one) for one in _many(statement["Resource"]))
        and all(
            _holds(operator, context.get(key), _many(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, value: str | None, wanted: Sequence[str]) -> bool:
    """A key that the request doesn't have matches nothing."""
    match operator:
        case "StringEquals":
            return value in wanted
        case "StringNotLike":
            return value is None or not any(fnmatchcase(value, one) for one in wanted)
        case _:
            message = f"the condition operator {operator} isn't known here"
            raise ValueError(message)


def _many(values: str | Sequence[str]) -> Sequence[str]:
    """RAM takes one string where it takes many."""
    return [values] if isinstance(values, str) else values
