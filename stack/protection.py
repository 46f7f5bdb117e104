"""What a tier protects, and edits that would need it replaced or gone.

The engine refuses those as well, in the middle of a run and in words of its own ("unprotect"). Here
they are told beforehand: what is protected, why, and the steps where the edit is meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from facts import kinds
from stack.problems import KeyPath, Problem, quoted
from stack.state import StackState, StateResource

_LOST: Final = {
    kinds.EIP: "an address that is released is gone for good",
    kinds.NAT_GATEWAY: "everything is down until another gateway's entries stand",
    kinds.BANDWIDTH_PACKAGE: "without it each of its addresses has a speed and a bill of its own",
    kinds.LOAD_BALANCER: "what is behind it isn't reached without it",
    kinds.API_INSTANCE: "every domain on it goes with it",
    kinds.VPN_GATEWAY: "another one has other addresses",
    kinds.CEN_PACKAGE: "a subscription can't be given back",
}
"""The kinds that a tier or a payment protects, and why each matters."""


@dataclass(frozen=True)
class Kept:
    """A resource that is protected, as the stack file wants it."""

    type: str
    names: tuple[str | None, ...]
    """What it is called, and what it may have been called before; None is nothing."""

    path: KeyPath
    """Its place in the stack file, or that of what it is replaced for."""

    fixed: Mapping[str, tuple[str, str | None]] = field(
        default_factory=dict[str, tuple[str, str | None]]
    )
    """What it is replaced for, by the stack file's words: the output that the state has it under,
    and the value that is wanted; None for one that isn't known yet, so that it differs."""


def protection_problems(kept: Iterable[Kept], state: StackState) -> Iterator[Problem]:
    """Protected resources that an update would replace or delete."""
    wanted = {(one.type, name): one for one in kept for name in one.names if name is not None}
    for held in state.protected:
        if held.type in _LOST:
            one = wanted.get((held.type, held.name))
            differs = _differs(one, held) if one is not None else []
            if one is None:
                rule = (
                    f"{_called(held)} is protected, and the stack file no longer has it: "
                    f"{_LOST[held.type]}"
                )
                renamed = "if it was renamed, say was in the entry that it is now; "
                yield Problem(("tier",), held.name, rule, renamed + _steps(held))
            elif differs:
                rule = (
                    f"{_called(held)} is protected, and another {' or '.join(differs)} means "
                    f"another one: {_LOST[held.type]}"
                )
                yield Problem(one.path, held.name, rule, _steps(held))


def losses(kept: Iterable[Kept], state: StackState) -> Iterator[str]:
    """What an update deletes of what a tier may protect, a line for each."""
    wanted = {(one.type, name) for one in kept for name in one.names}
    for kind, why in _LOST.items():
        for held in state.every(kind):
            # Of a CEN's packages only subscriptions can't be given back, and those are protected.
            if kind != kinds.CEN_PACKAGE and (kind, held.name) not in wanted:
                yield f"It deletes {_called(held)}: {why}."


def _differs(wanted: Kept, held: StateResource) -> list[str]:
    found: list[str] = []
    for word, (output, value) in wanted.fixed.items():
        before = held.outputs.get(output)
        if before is not None and str(before) != value:
            found.append(word)
    return found


def _called(held: StateResource) -> str:
    address = held.text("ipAddress")
    return f"{held.name} ({address})" if address else held.name


def _steps(held: StateResource) -> str:
    if held.type == kinds.CEN_PACKAGE:
        return f"if it is meant: pulumi state unprotect {quoted(held.urn)}, and run up again"
    return (
        "if it is meant, take its protection off in a run of its own: say tier: staging and "
        "nothing else, and run up; then make this change and run up; then say tier: production "
        "and run up"
    )
