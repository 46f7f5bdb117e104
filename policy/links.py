"""Rules about what lies between regions and networks: bandwidth, and more than one zone.

Source: Cloud Enterprise Network, "SetCenInterRegionBandwidthLimit",
"CreateTransitRouterPeerAttachment" and "CreateTransitRouterVpcAttachment".
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.preview import State
from policy.rule import (
    IN_PRODUCTION,
    Limit,
    Limits,
    ResourceRule,
    Stack,
    StackRule,
    Violation,
    known,
)
from stack.pulumi_wire import UNKNOWN

_BANDWIDTH = {kinds.CEN_LINK: "bandwidthLimit", kinds.ROUTER_LINK: "bandwidth"}


def _bandwidth(state: State, limits: Limits) -> Iterator[str]:
    key = _BANDWIDTH[state.type]
    known(state, key)
    bandwidth = state.number(key)
    if not bandwidth:
        yield "has no bandwidth"
    elif bandwidth < limits["minimum"]:
        yield f"has {bandwidth:g} Mbit/s, less than {limits['minimum']:g}"
    elif bandwidth > limits["maximum"]:
        yield f"has {bandwidth:g} Mbit/s, more than {limits['maximum']:g}"


def _unlinked(stack: Stack, _: Limits) -> Iterator[Violation]:
    linked: dict[str, set[str]] = defaultdict(set)
    unsure: set[str] = set()
    for link in stack.of(kinds.CEN_LINK):
        regions = _regions(stack, link)
        names = _cen(stack, link)
        for name in names:
            linked[name] |= regions
        if not names:
            unsure |= regions
    joined: dict[frozenset[str], dict[str, State]] = defaultdict(dict)
    for attachment in stack.of(kinds.CEN_ATTACHMENT):
        if attachment.inputs.get("childInstanceRegionId") == UNKNOWN:
            stack.cannot_know(attachment, "childInstanceRegionId")
        elif names := _cen(stack, attachment):
            joined[names].setdefault(attachment.text("childInstanceRegionId"), attachment)
    for names, by_region in joined.items():
        reached = unsure.union(*(linked[name] for name in names if name in linked))
        if len(by_region) > 1:
            for region in sorted(by_region.keys() - reached):
                what = f"joins {region} to a CEN that has no bandwidth between it and others"
                yield Violation(by_region[region], what)


def _cen(stack: Stack, state: State) -> frozenset[str]:
    """The CEN that a resource is on; nothing, and told, where that isn't known.

    A link may wait for a package by taking the CEN's id from the package's place on it.
    """
    sources = set(state.comes_from("instanceId"))
    for place in stack.of(kinds.CEN_PACKAGE_ATTACHMENT):
        if place.urn in sources:
            return _cen(stack, place)
    found = stack.named(state, "instanceId", frozenset({kinds.CEN}))
    return found.names if found else frozenset()


def _regions(stack: Stack, link: State) -> set[str]:
    regions = {str(region) for region in link.items("regionIds")}
    if not regions or UNKNOWN in regions:
        stack.cannot_know(link, "regionIds")
        return set()
    return regions


def _few_zones(state: State, limits: Limits) -> Iterator[str]:
    known(state, "zoneMappings")
    zones = [mapping.get("zoneId") for mapping in state.items("zoneMappings")]
    # One that isn't known yet may be another; the run asks again.
    count = zones.count(UNKNOWN) + len({zone for zone in zones if zone != UNKNOWN})
    if count < limits["zones"]:
        yield f"has a foot in {count} zone{'' if count == 1 else 's'}"


RULES: Final = (
    ResourceRule(
        id="link-bandwidth",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        kinds=frozenset(_BANDWIDTH),
        judge=_bandwidth,
        what="A link between regions has no, too little or too much bandwidth",
        reason="too little chokes what goes over it, too much is paid for by the month",
        remedy="set the bandwidth that is needed, or this rule's minimum and maximum",
        counterparts=("cen-cross-region-bandwidth-check",),
        own_limits={
            "minimum": Limit({"type": "number"}, 2, "Mbit/s that a link has at least"),
            "maximum": Limit({"type": "number"}, 1000, "Mbit/s that a link has at most"),
        },
    ),
    StackRule(
        id="regions-linked",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        judge=_unlinked,
        what="A region is joined to a CEN without bandwidth to any other",
        reason="1 kbit/s is all that gets through: enough for a ping, and for nothing else",
        remedy="add a link between the two regions, and a package that it has its bandwidth from",
        counterparts=("cen-cross-region-bandwidth-check",),
    ),
    ResourceRule(
        id="router-attachment-zones",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        kinds=frozenset({kinds.ROUTER_ATTACHMENT}),
        judge=_few_zones,
        what="A VPC is joined to a transit router in one zone alone",
        reason="the VPC is cut off with that zone",
        remedy="name a vSwitch in a second zone",
        counterparts=("transit-router-vpc-attachment-multi-zone",),
        own_limits={"zones": Limit({"type": "integer"}, 2, "zones that it needs")},
    ),
)
