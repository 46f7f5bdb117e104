"""The answer of a rehearsal: one line, or the step that fails, why, and what to do instead."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.cloud.vpc.network import ELSEWHERE
from sandbox.rehearsal.events import Failure, Step
from sandbox.rehearsal.rehearsing import Rehearsed

__all__ = ["told"]

_MOST_SHOWN: Final = 3
_SPOILED: Final = "snapshot integrity failure"
_REFUSED: Final = f"{_SPOILED}; refusing to use it"
_SPOILED_HOW: Final = re.compile(_SPOILED + r".*?: (?P<how>[^:]* urn:\S+.*)$", re.DOTALL)
_WORDS: Final[Mapping[str, str]] = {
    "create-replacement": "create the new",
    "delete-replaced": "delete the old",
    "discard-replaced": "forget the old",
}
_ID = re.compile(r"\b[\w.-]+-[\w.-]+\b")


@dataclass(frozen=True)
class _Remedy:
    """What to do about some reasons."""

    reason: re.Pattern[str]
    instead: str
    """With `{name}` for the resource."""


def _remedy(reason: str, instead: str) -> _Remedy:
    return _Remedy(re.compile(reason), instead)


# The first that fits counts.
_REMEDIES: Final = (
    _remedy(
        _REFUSED,
        "bring the last whole state back (docs/recovery.md); nothing can be done with this one",
    ),
    _remedy(
        _SPOILED,
        "in two updates: first move {name}, and leave as it is what it moves off; then change that",
    ),
    _remedy(
        "HasBeenUsedBy",
        "in two updates: first take out the entries that use this address; then make the change "
        "and put them in again. Their traffic stops in between",
    ),
    _remedy(
        ELSEWHERE,
        "a server that exists stands in no network that is only made now. Name its vSwitch and VPC "
        "by their ids; or let the stack make the server (instance instead of instanceId); or make "
        "the network first, the server in it, and then name it",
    ),
    _remedy(
        "VpcMismatch",
        "leave {name} in its network. In another one it is another server: take it out, run up, "
        "and put it in there; its disk is lost",
    ),
    _remedy(
        "DeletionProtection|DeleteProtection|unprotect|marked for protection",
        "{name} is protected. If it is really to go: tier: staging, up, then this change, then "
        "tier: production again",
    ),
    _remedy(
        "^DependencyViolation|^DeleteConflict|^InvalidOperation.*Exist|^OperationFailed|Used[A-Z]"
        "|RspoolVipExist",
        "in two updates: first move off {name} what uses it, and leave {name} as it is; then "
        "change it or take it out",
    ),
    _remedy(
        "EniPerInstanceLimit",
        "in two updates: first take out the interfaces that go; then put in what comes. A larger "
        "instance type takes more of them",
    ),
    _remedy(
        "Quota|ExceedLimit|LimitExceed|CountLimited",
        "in two updates: first take out what goes; then put in what comes. Or have the quota "
        "raised in the Quota Center and say so in quotas",
    ),
    _remedy(
        r"EipBindMode|OperationUnsupported\.Modify",
        "leave {name} as it was: the cloud changes this of none that is there. Another one may "
        "have it, under another name",
    ),
    _remedy(
        "EipIsp",
        "say the same isp in the arguments of the address and of its bandwidth package: what is "
        "there keeps its own until it is replaced",
    ),
    _remedy(
        "Duplicat|Conflict|Exist|Repeat|Overlap|Already|Taken|NotAvailable|InUse",
        "if {name} is what was called otherwise before, say was: with its old name. Else in two "
        "updates: first take out what holds that, then put {name} in",
    ),
)
_FIRST: Final = "put that right first; it is no matter of what the update changes"
_SMALLER: Final = "make smaller updates, the part with {name} in one of its own"


def told(found: Rehearsed) -> str:
    """The answer, without an end of line."""
    if not found.steps and not found.failures:
        return "Nothing would change, so there is nothing to rehearse."
    if found.ends_well:
        count = len({step.urn for step in found.steps if step.in_cloud})
        what = f"all {count} changes end" if count > 1 else "the change ends"
        return f"Rehearsed on a copy: {what} well, and a second up changes nothing."
    blocks = [*_failing(found), *_unsettled(found)]
    return "\n\n".join([f"{_head(found)} Nothing was changed.", *blocks])


def _head(found: Rehearsed) -> str:
    if any(_REFUSED in failure.reason for failure in found.failures):
        return "The engine can't load this stack's state."
    if found.failures and not found.steps:
        return "Rehearsed on a copy, this update can't begin."
    if found.failures:
        return "Rehearsed on a copy, this update fails half-way."
    return "Rehearsed on a copy, this update never settles: a second up changes things again."


def _failing(found: Rehearsed) -> Iterator[str]:
    seen: set[str] = set()
    for failure in found.failures:
        kind = _SPOILED if _SPOILED in failure.reason else failure.reason
        if kind not in seen and len(seen) < _MOST_SHOWN:
            seen.add(kind)
            otherwise = _SMALLER if found.steps else _FIRST
            yield _block(failure, found.names, otherwise)


def _block(failure: Failure, names: Mapping[str, str], otherwise: str) -> str:
    name = failure.step.name if failure.step else "this"
    instead = next(
        (remedy.instead for remedy in _REMEDIES if remedy.reason.search(failure.reason)), otherwise
    )
    lines = {
        "step": _said(failure.step) if failure.step else "",
        "reason": _named(_shortened(failure.reason), names),
        "instead": instead.format(name=name),
    }
    return "\n".join(f"  {key + ':':<9}{value}" for key, value in lines.items() if value)


def _unsettled(found: Rehearsed) -> Iterator[str]:
    if not found.failures and found.left:
        steps = ", ".join(map(_said, found.left[:_MOST_SHOWN]))
        more = len(found.left) - _MOST_SHOWN
        yield f"  again:   {steps}{f', and {more} more' if more > 0 else ''}"


def _said(step: Step) -> str:
    word = _WORDS.get(step.operation, step.operation)
    return f"{word} {step.name} ({step.type})"


def _shortened(reason: str) -> str:
    """The engine's words on a spoiled state, without where the copy lies."""
    match = _SPOILED_HOW.search(reason)
    if match is None:
        return reason
    how = re.sub(r"urn:\S+::", "", match["how"])
    if _REFUSED in reason:
        return f"{_REFUSED}: {how}"
    return f"the engine spoils its own state, and can't load it again ({_SPOILED}: {how})"


def _named(reason: str, names: Mapping[str, str]) -> str:
    """With what the stack calls what the cloud knows by an id."""
    return _ID.sub(lambda one: f"{one[0]} ({names[one[0]]})" if one[0] in names else one[0], reason)
