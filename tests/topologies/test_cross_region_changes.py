"""Changes of what is joined that no single update can carry out."""

from typing import Any

import pytest

from facts import kinds
from tests.stackfiles import where
from tests.topologies.cross_region import (
    ATTACHMENTS,
    CENTERS,
    LINKS,
    SERVICES,
    C,
    basic_stack,
    branch,
    cross_stack,
    third_region,
)
from tests.topologies.held_states import Held, changes, held
from tests.topologies.unified import gone, moved, put

SHANGHAI, ZHANGJIAKOU, BEIJING = "cn-shanghai", "cn-zhangjiakou", "cn-beijing"
RANGE = "100.104.255.128/26"


def router(region: str) -> dict[str, Any]:
    """A region's transit router; its id is `tr-<region>`."""
    name = f"cross-region-router-{region}"
    return held(kinds.TRANSIT_ROUTER, name, transitRouterId=f"tr-{region}")


def link(key: str, one: str, other: str) -> dict[str, Any]:
    """A connection of two regions' routers."""
    ends = {"transitRouterId": f"tr-{one}", "peerTransitRouterId": f"tr-{other}"}
    return held(kinds.ROUTER_LINK, f"cross-region-link-{key}", **ends)


def attached(kind: str, key: str, **what: str) -> dict[str, Any]:
    """An attachment."""
    return held(kind, f"cross-region-attachment-{key}", **what)


NETWORKS: Held = [
    held(kinds.VPC, "network-vpc"),
    held(kinds.VPC, "networks-functions-vpc"),
    held(kinds.VPC, "networks-backend-vpc"),
]

ROUTED: Held = [
    *NETWORKS,
    router(SHANGHAI),
    router(ZHANGJIAKOU),
    attached(kinds.ROUTER_ATTACHMENT, "gateway", vpcId="network-vpc-id"),
    attached(kinds.ROUTER_ATTACHMENT, "functions", vpcId="networks-functions-vpc-id"),
    attached(kinds.ROUTER_LINE_ATTACHMENT, "office", vbrId="vbr-1"),
    link("calls", SHANGHAI, ZHANGJIAKOU),
    held(
        kinds.ROUTER_ROUTE,
        "cross-region-service-gateway",
        transitRouterRouteEntryDestinationCidrBlock=RANGE,
    ),
]

BASIC: Held = [
    *NETWORKS,
    attached(kinds.CEN_ATTACHMENT, "gateway", childInstanceId="network-vpc-id"),
    attached(kinds.CEN_ATTACHMENT, "functions", childInstanceId="networks-functions-vpc-id"),
    attached(kinds.CEN_ATTACHMENT, "office", childInstanceId="vbr-1"),
    held(kinds.CEN_LINK, "cross-region-link-calls", regionIds=[SHANGHAI, ZHANGJIAKOU]),
    held(kinds.CEN_SERVICE, "cross-region-service-gateway", host=RANGE),
]


@pytest.mark.parametrize(("file", "state"), [(cross_stack(), ROUTED), (basic_stack(), BASIC)])
def test_nothing_is_wrong_with_a_stack_that_stays_as_it_is(file: str, state: Held) -> None:
    assert changes(file, state) == []


@pytest.mark.parametrize("file", [cross_stack(), basic_stack()])
def test_nothing_is_wrong_with_a_first_deployment(file: str) -> None:
    assert changes(file, []) == []
    assert changes(file, NETWORKS) == []


@pytest.mark.parametrize(("stack", "state"), [(cross_stack, ROUTED), (basic_stack, BASIC)])
@pytest.mark.parametrize(
    ("place", "old", "what"),
    [
        (ATTACHMENTS, "functions", "the attachment of networks.functions"),
        (ATTACHMENTS, "office", "the attachment of dataCenters.office"),
        (LINKS, "calls", f"the link of {SHANGHAI} and {ZHANGJIAKOU}"),
        (SERVICES, "gateway", f"the way to {RANGE}"),
    ],
)
def test_what_is_renamed_says_what_it_was(
    stack: Any, state: Held, place: str, old: str, what: str
) -> None:
    (problem,) = changes(stack(moved(place, old, "renamed")), state)
    assert (where(problem), problem.value) == (f"{place}.renamed", what)
    assert problem.rule == (
        f"{what} is held by {old}, which is deleted only after this has been created"
    )
    assert problem.remedy == (f"say was: {old} in renamed: {place}.{old} is then updated in place")
    assert changes(stack(moved(place, old, "renamed", was=old)), state) == []


def test_the_stacks_own_network_is_attached_once_as_well() -> None:
    def renamed(settings: dict[str, Any]) -> None:
        moved(ATTACHMENTS, "gateway", "front")(settings)
        settings[C]["services"]["gateway"]["attachment"] = "front"

    (problem,) = changes(cross_stack(renamed), ROUTED)
    assert problem.value == "the attachment of network"


def test_an_existing_network_is_known_by_its_id() -> None:
    file = cross_stack(
        put(
            "networks.backend",
            vpc={"id": "vpc-old", "cidr": "172.16.0.0/16", "routeTable": "vtb-old"},
        ),
        put(ATTACHMENTS, backend={"network": "backend"}),
    )
    old = attached(kinds.ROUTER_ATTACHMENT, "old", vpcId="vpc-old")
    (problem,) = changes(file, [*ROUTED, old])
    assert where(problem) == f"{ATTACHMENTS}.backend"
    assert "is held by old" in problem.rule
    elsewhere = attached(kinds.ROUTER_ATTACHMENT, "old", vpcId="vpc-other")
    assert changes(file, [*ROUTED, elsewhere]) == []


def test_a_link_meets_its_regions_in_any_order_and_no_others() -> None:
    state = [*ROUTED, router(BEIJING), link("desk", SHANGHAI, BEIJING)]
    assert changes(cross_stack(*third_region()), state) == []
    (problem,) = changes(cross_stack(*third_region(), moved(LINKS, "desk", "office-desk")), state)
    assert where(problem) == f"{LINKS}.office-desk"
    apart = put(LINKS, extra={"regions": [ZHANGJIAKOU, BEIJING], "bandwidth": 2})
    assert changes(cross_stack(*third_region(), apart), state) == []


def test_two_links_that_swap_their_regions_need_two_steps() -> None:
    state = [*ROUTED, router(BEIJING), link("desk", SHANGHAI, BEIJING)]

    def swapped(settings: dict[str, Any]) -> None:
        links = settings[C]["links"]
        for one, other in (("calls", BEIJING), ("desk", ZHANGJIAKOU)):
            links[one]["regions"] = [SHANGHAI, other]

    found = changes(cross_stack(*third_region(), swapped), state)
    assert [where(problem) for problem in found] == [f"{LINKS}.calls", f"{LINKS}.desk"]
    assert all("swap the link of" in problem.rule for problem in found)


def test_routers_that_the_cen_had_already_are_known_by_the_stack_file() -> None:
    existing = {SHANGHAI: "tr-old-1", ZHANGJIAKOU: "tr-old-2"}
    cen = {"id": "cen-1", "routers": existing}
    ends = {"transitRouterId": "tr-old-1", "peerTransitRouterId": "tr-old-2"}
    old = held(kinds.ROUTER_LINK, "cross-region-link-old", **ends)
    (problem,) = changes(cross_stack(put(C, cen=cen)), [*NETWORKS, old])
    assert where(problem) == f"{LINKS}.calls"


@pytest.mark.parametrize(
    ("file", "state", "held_by", "wanted"),
    [
        (basic_stack(), ROUTED, "transit-router", "basic"),
        (cross_stack(), BASIC, "basic", "transit-router"),
    ],
)
def test_another_edition_needs_two_steps(file: str, state: Held, held_by: str, wanted: str) -> None:
    (problem,) = changes(file, state)
    assert (where(problem), problem.value) == (f"{C}.edition", wanted)
    assert f"attachments of the edition {held_by} (functions, gateway, office)" in problem.rule
    assert problem.remedy.startswith(f"do it in two steps: first say edition: {held_by}, take")


def test_another_edition_is_fine_once_nothing_is_attached() -> None:
    assert changes(basic_stack(), NETWORKS) == []
    left = (ATTACHMENTS, LINKS, SERVICES, f"{CENTERS}.office", f"{C}.bandwidthPackage")
    alone = basic_stack(branch(), *(gone(place) for place in left))
    assert changes(alone, ROUTED) == [], "a VPN is of no edition"
