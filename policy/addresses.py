"""Rules about public addresses: what uses them together, and what pays for them.

They are about several resources at once, so they are asked at the end of a preview or a run. An
address is the same by its value or by the EIP that it comes from. EIPs of other stacks have no
place in this one's resources: what hangs on theirs isn't told.

Source: NAT Gateway, "CreateForwardEntry" and "CreateSnatEntry"; Internet Shared Bandwidth,
"Associate EIPs".
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pulumi_policy import Severity

from components.marks import SPARE
from facts import kinds
from judging.preview import State, entries_of
from policy.rule import (
    ADVICE,
    ALWAYS,
    IN_PRODUCTION,
    Limit,
    Limits,
    Stack,
    StackRule,
    Violation,
)
from stack.pulumi_wire import type_of

_SPARE_TAG = "spare"
"""How a program without our components says that an EIP is kept for later: true."""

_MINDERS = frozenset({kinds.PACKAGE_ATTACHMENT, kinds.FORWARD_ENTRY, kinds.SNAT_ENTRY, *kinds.EIPS})
"""What has to do with an EIP and doesn't bind it to anything."""


@dataclass(frozen=True)
class _Use:
    """An entry that uses an address."""

    entry: State
    shown: str
    whole: bool
    """Every port and protocol of it."""


def _used_whole(stack: Stack, _: Limits) -> Iterator[Violation]:
    uses: dict[str, list[_Use]] = defaultdict(list)
    for entry in stack.of(kinds.FORWARD_ENTRY):
        whole = entry.text("ipProtocol").lower() == "any"
        if place := stack.named(entry, "externalIp", kinds.EIPS):
            for name in place.names:
                uses[name].append(_Use(entry, place.shown, whole))
    for entry in stack.of(kinds.SNAT_ENTRY):
        for name in _pool(stack, entry):
            uses[name].append(_Use(entry, name, whole=False))
    told: set[str] = set()
    for uses_of_one in uses.values():
        for use in uses_of_one:
            entry, names = use.entry, {each.entry.urn: each.entry.name for each in uses_of_one}
            others = sorted({name for urn, name in names.items() if urn != entry.urn})
            if use.whole and others and entry.urn not in told:
                told.add(entry.urn)
                what = f"maps {use.shown} whole, which {', '.join(others)} uses as well"
                yield Violation(entry, what)


def _pool(stack: Stack, entry: State) -> set[str]:
    """The addresses that a SNAT entry leaves by, by every name that they have."""
    eips = {urn for urn in entry.comes_from("snatIp") if type_of(urn) in kinds.EIPS}
    values = {value.strip() for value in entry.text("snatIp").split(",")} - {""}
    if not eips and not values:
        stack.cannot_know(entry, "snatIp")
    return eips | values


def _unattached(stack: Stack, _: Limits) -> Iterator[Violation]:
    bound = {
        name
        for state in stack.states
        if state.type not in _MINDERS
        for name in (*chain(*state.dependencies.values()), state.text("allocationId"))
    }
    # The names of EIPs whose component says that they are kept for later.
    spare = {f"{state.name}-{key}" for state in stack.states for key in state.items(SPARE)}
    for eip in stack.of(*kinds.EIPS):
        is_bound = {eip.urn, eip.text("id") or eip.urn} & bound
        tagged = entries_of(eip.inputs.get("tags")).get(_SPARE_TAG) == "true"
        if not is_bound and eip.name not in spare and not tagged:
            yield Violation(eip, "is bound to nothing, and isn't said to be spare")


def _too_wide(stack: Stack, limits: Limits) -> Iterator[Violation]:
    packages = {
        name: package
        for package in stack.of(kinds.BANDWIDTH_PACKAGE)
        for name in (package.urn, package.text("id"))
    }
    in_package: set[str] = set()
    for place in stack.of(kinds.PACKAGE_ATTACHMENT):
        if address := stack.named(place, "instanceId", kinds.EIPS):
            in_package |= address.names
        holder = stack.named(place, "bandwidthPackageId", frozenset({kinds.BANDWIDTH_PACKAGE}))
        names = sorted(holder.names) if holder else ()
        package = next((packages[name] for name in names if name in packages), None)
        own, shared = place.number("bandwidthPackageBandwidth"), None
        if package is not None:
            shared = package.number("bandwidth")
        if own is not None and shared is not None and own > shared:
            what = f"gives its address {own:g} Mbit/s of a package that has {shared:g}"
            yield Violation(place, what)
    for eip in stack.of(*kinds.EIPS):
        alone = not {eip.urn, eip.text("id") or eip.urn} & in_package
        bandwidth = eip.number("bandwidth")
        if alone and bandwidth is not None and bandwidth > limits["maximum"]:
            what = f"has {bandwidth:g} Mbit/s of its own, more than {limits['maximum']:g}"
            yield Violation(eip, what)


def _mixed_pool(stack: Stack, _: Limits) -> Iterator[Violation]:
    package_of: dict[str, frozenset[str]] = {}
    unsure: set[str] = set()
    for place in stack.of(kinds.PACKAGE_ATTACHMENT):
        address = stack.named(place, "instanceId", kinds.EIPS)
        package = stack.named(place, "bandwidthPackageId", frozenset({kinds.BANDWIDTH_PACKAGE}))
        names = address.names if address else frozenset[str]()
        if package is None:
            unsure |= names
        else:
            package_of |= dict.fromkeys(names, package.names)
    for entry in stack.of(kinds.SNAT_ENTRY):
        eips = {urn for urn in entry.comes_from("snatIp") if type_of(urn) in kinds.EIPS}
        packages = {package_of.get(urn) for urn in eips}
        if not eips & unsure and len(eips) > 1 and (None in packages or len(packages) > 1):
            yield Violation(entry, f"leaves by {len(eips)} addresses that share no package")


RULES: Final = (
    StackRule(
        id="eip-used-whole",
        severity=Severity.HIGH,
        levels=ALWAYS,
        judge=_used_whole,
        what="An address is mapped whole, and used for something else",
        reason="the cloud refuses the second use, in the middle of a run",
        remedy="give each use an address of its own, or map single ports",
        counterparts=("natgateway-eip-used-check",),
    ),
    StackRule(
        id="eip-unattached",
        severity=Severity.LOW,
        levels=ADVICE,
        judge=_unattached,
        what="An EIP is bound to nothing",
        reason="it is paid for, and nobody can say what for",
        remedy="bind it, release it, or say that it is spare",
        counterparts=("eip-attached",),
    ),
    StackRule(
        id="eip-bandwidth",
        severity=Severity.LOW,
        levels=ADVICE,
        judge=_too_wide,
        what="An address has more bandwidth than its package, or than is allowed",
        reason="it never gets the one, and may cost more than meant with the other",
        remedy="lower it, or put the address into a package that is wide enough",
        counterparts=("eip-bandwidth-limit",),
        own_limits={
            "maximum": Limit(
                {"type": "number"}, 100, "Mbit/s that an address outside of packages may have"
            )
        },
    ),
    StackRule(
        id="snat-pool-package",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        judge=_mixed_pool,
        what="A SNAT entry leaves by several addresses that share no bandwidth package",
        reason="connections get the bandwidth of whichever address they happen to leave by",
        remedy="put all addresses of the entry into one bandwidth package",
        counterparts=("natgateway-snat-eip-bandwidth-check",),
    ),
)
