"""The table of calls, typed: what the provider calls for a kind, and what RAM checks it on.

And how RAM judges one call: a denial wins, else an allowance, else it is refused. A condition that
isn't known raises, so that no test passes because it was overlooked.

Source: Resource Access Management, "Policy evaluation process" and "Policy elements".
"""

import functools
import operator
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
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
    listed: Mapping[str, Sequence[str]] = _facts()["checked_on"]
    found = next((it for one, it in listed.items() if fnmatchcase(action, one)), (_OWN,))
    return tuple(calls.own if form == _OWN else form for form in found)


def ram_action(product: str, action: str) -> str:
    """What RAM calls an action of a product's API: `vpc:CreateVpc`."""
    return f"{_facts()['services'].get(product, product)}:{action}"


@dataclass(frozen=True)
class About:
    """What one call is about."""

    region: str
    account: str
    id: str
    """The resource's; empty for a new one, and for any."""

    attributes: Mapping[str, Any]
    """Those that it has, that are asked for, or that say which one it is."""


def resources(calls: Calls, action: str, about: About) -> list[str]:
    """Everything that RAM checks one call on, by its own name."""
    return [
        name
        for form in forms(calls, action)
        for name in _named(form, about, is_own=form == calls.own)
    ]


def _named(form: str, about: About, *, is_own: bool) -> list[str]:
    owner = "system" if about.attributes.get("policy_type") == "System" else about.account
    values = {
        **about.attributes,
        "region": about.region,
        "account": about.account,
        "owner": owner,
    }
    # Of one that is gone, the id says its name, or ends with its role's.
    known = about.id.rpartition(":")[2]
    filled = _PLACE.sub(lambda place: _single(values.get(place[1])) or known or "*", form)
    front, _, last = filled.rpartition("/")
    if last != "*" or not front:
        return [filled]
    return [f"{front}/{one}" for one in _which(front.rpartition(":")[2], about, is_own=is_own)]


_PLACE = re.compile(r"{(\w+)}")


def _which(word: str, about: About, *, is_own: bool) -> Sequence[str]:
    """The ids of what a call is about, of the sort that names in policies have a word for."""
    facts: Mapping[str, Any] = _facts()["named_by"].get(word, {"by": [], "id": ""})
    stated = [one for by in facts["by"] for one in _many(about.attributes.get(by) or []) if one]
    if found := [one for one in stated if one.startswith(facts["id"])]:
        return found
    if is_own:
        return [about.id or "*"]
    # What is stated is of another sort: the call has nothing to do with this one.
    return [] if stated else ["*"]


def _single(value: object) -> str:
    """A value as it stands in a name; of a list its one item."""
    if isinstance(value, list):
        return str(value[0]) if value else ""  # pyright: ignore[reportUnknownArgumentType] - plain data
    return str(value or "")


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
        _matches(statement, "Action", action, str.lower)
        and _matches(statement, "Resource", resource, str)
        and all(
            _holds(operator, context.get(key), _many(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _matches(
    statement: Mapping[str, Any], element: str, said: str, form: Callable[[str], str]
) -> bool:
    """Whether what is said is in an element of a statement, or isn't in what it leaves out."""
    left_out = f"Not{element}"
    patterns = _many(statement.get(element, statement.get(left_out, [])))
    found = any(fnmatchcase(form(said), form(one)) for one in patterns)
    return found != (left_out in statement)


_Compare = Callable[[Any, Any], bool]


def _as(read: Callable[[str], Any], compare: _Compare) -> _Compare:
    """Comparing what two texts are read as; what can't be read is like nothing."""

    def compared(value: str, wanted: str) -> bool:
        try:
            return compare(read(value), read(wanted))
        except (TypeError, ValueError):  # a time without a zone is later than none with one
            return False

    return compared


def _is_in(value: str, block: str) -> bool:
    try:
        return ip_address(value) in ip_network(block, strict=False)
    except ValueError:
        return False


_ORDERS: Mapping[str, _Compare] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_OPERATORS: Mapping[str, _Compare] = {
    "StringEquals": operator.eq,
    "StringEqualsIgnoreCase": _as(str.lower, operator.eq),
    "StringLike": fnmatchcase,
    "Bool": _as(str.lower, operator.eq),
    "IpAddress": _is_in,
    **{f"Numeric{name}": _as(float, order) for name, order in _ORDERS.items()},
    **{f"Date{name}": _as(datetime.fromisoformat, order) for name, order in _ORDERS.items()},
}
_NEGATIONS: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
CONDITIONS = _OPERATORS.keys() | _NEGATIONS.keys()
"""The operators of conditions that are known."""


def _holds(operator: str, value: str | None, wanted: Sequence[str]) -> bool:
    """A key that the request doesn't have matches nothing."""
    if operator not in CONDITIONS:
        message = f"the condition operator {operator} isn't known here"
        raise ValueError(message)
    compare = _OPERATORS[_NEGATIONS.get(operator, operator)]
    found = value is not None and any(compare(value, one) for one in wanted)
    return found != (operator in _NEGATIONS)


def _many(values: str | Sequence[str]) -> Sequence[str]:
    """RAM takes one string where it takes many."""
    return [values] if isinstance(values, str) else values
