"""What a CEN joins: networks and leased lines, each once, and no address twice."""

from typing import Any

import pytest

from tests.stackfiles import problems_of, warnings_of, where
from tests.topologies.cross_region import (
    ATTACHMENTS,
    BRANCH,
    CENTERS,
    C,
    basic_stack,
    cross_stack,
    third_region,
)
from tests.topologies.unified import gone, only, only_warning, places, put

FUNCTIONS = f"{ATTACHMENTS}.functions"


def test_the_stacks_that_these_tests_start_from_are_fine() -> None:
    for text in (cross_stack(), basic_stack(), cross_stack(*third_region())):
        assert problems_of(text) == ()
    assert warnings_of(cross_stack()) == warnings_of(basic_stack()) == ()


def test_an_attachment_names_a_network() -> None:
    problem = only(cross_stack(put(FUNCTIONS, network="function")))
    assert (where(problem), problem.value) == (f"{FUNCTIONS}.network", "function")
    assert problem.rule == "this must name a network of networks"
    assert problem.remedy == "did you mean functions?"


def test_an_attachment_without_network_is_the_stacks_own() -> None:
    problem = only(cross_stack(gone("network")))
    assert (where(problem), problem.value) == (f"{ATTACHMENTS}.gateway.network", None)
    assert problem.rule == "without network this is the stack's own, which the stack doesn't have"


def test_a_network_that_cant_be_read_is_no_second_mistake() -> None:
    text = cross_stack(put("networks.functions", vpc=5))
    assert places(text) == [("networks.functions.vpc", 5)]


def test_a_network_is_attached_once() -> None:
    problem = only(cross_stack(put(ATTACHMENTS, twin={"network": "functions"})))
    assert (where(problem), problem.value) == (f"{ATTACHMENTS}.twin", "functions")
    assert problem.rule == "what is attached is attached once; functions is it already"
    assert problem.remedy == "remove twin or functions"


def test_a_data_centre_is_attached_once() -> None:
    problem = only(cross_stack(put(ATTACHMENTS, twin={"dataCenter": "office"})))
    assert (where(problem), problem.value) == (f"{ATTACHMENTS}.twin", "office")


def test_two_networks_of_one_region_are_joined_without_a_link() -> None:
    assert problems_of(cross_stack(put(ATTACHMENTS, backend={"network": "backend"}))) == ()


# Data centres.


def test_an_attachment_names_a_data_centre() -> None:
    problem = only(cross_stack(put(ATTACHMENTS, other={"dataCenter": "ofice"})))
    assert (where(problem), problem.value) == (f"{ATTACHMENTS}.other.dataCenter", "ofice")
    assert problem.remedy == "did you mean office?"


def test_a_data_centre_by_vpn_isnt_attached() -> None:
    edits = [put(CENTERS, branch=BRANCH), put(ATTACHMENTS, branch={"dataCenter": "branch"})]
    problem = only(cross_stack(*edits))
    assert where(problem) == f"{ATTACHMENTS}.branch.dataCenter"
    assert problem.rule == "a CEN attaches leased lines, and this data centre has none"
    assert problems_of(cross_stack(edits[0])) == ()


@pytest.mark.parametrize(("key", "value"), [("network", "backend"), ("vswitches", ["gateway"])])
def test_an_attachment_is_a_network_or_a_data_centre(key: str, value: object) -> None:
    problem = only(cross_stack(put(f"{ATTACHMENTS}.office", **{key: value})))
    assert where(problem) == f"{ATTACHMENTS}.office.{key}"
    assert problem.remedy == f"remove {key}, or dataCenter"


# vSwitches.


def test_an_attachment_names_vswitches_of_its_network() -> None:
    assert problems_of(cross_stack(put(FUNCTIONS, vswitches=["calls-2", "calls"]))) == ()
    problem = only(cross_stack(put(FUNCTIONS, vswitches=["calls", "call-2"])))
    assert (where(problem), problem.value) == (f"{FUNCTIONS}.vswitches.1", "call-2")
    assert problem.remedy == "did you mean calls-2?"


@pytest.mark.parametrize("elsewhere", ["gateway", "apps"])
def test_a_vswitch_of_another_network_isnt_one_of_this(elsewhere: str) -> None:
    problem = only(cross_stack(put(FUNCTIONS, vswitches=["calls", elsewhere])))
    assert (where(problem), problem.value) == (f"{FUNCTIONS}.vswitches.1", elsewhere)
    assert problem.rule == "this must name a vSwitch of the network that is attached"


def test_a_vswitch_that_cant_be_read_is_no_second_mistake() -> None:
    text = cross_stack(
        put("networks.functions.vswitches", calls=5), put(FUNCTIONS, vswitches=["calls"])
    )
    assert places(text) == [("networks.functions.vswitches.calls", 5)]


def test_a_transit_router_takes_one_vswitch_in_a_zone() -> None:
    more = {"cidr": "10.1.3.0/24", "zone": "cn-zhangjiakou-a"}
    text = cross_stack(
        put("networks.functions.vswitches", more=more), put(FUNCTIONS, vswitches=["calls", "more"])
    )
    problem = only(text)
    assert (where(problem), problem.value) == (f"{FUNCTIONS}.vswitches.1", "more")
    assert problem.rule == (
        "a transit router takes one vSwitch in a zone; calls is in cn-zhangjiakou-a too"
    )
    assert places(cross_stack(put(FUNCTIONS, vswitches=["calls", "calls"]))) == [
        (f"{FUNCTIONS}.vswitches.1", "calls")
    ]


def test_an_attachment_that_names_vswitches_names_one_at_least() -> None:
    assert places(cross_stack(put(FUNCTIONS, vswitches=[]))) == [(f"{FUNCTIONS}.vswitches", [])]


def test_a_network_with_one_zone_is_cut_off_with_it_which_is_mentioned() -> None:
    warning = only_warning(cross_stack(put(FUNCTIONS, vswitches=["calls"])))
    assert where(warning) == FUNCTIONS
    assert warning.remedy == "name vswitches in two zones"


def test_zones_without_transit_routers_are_mentioned() -> None:
    zone = put("network.vswitches.gateway-2", zone="cn-shanghai-a")
    warning = only_warning(cross_stack(zone))
    assert (where(warning), warning.value) == (f"{ATTACHMENTS}.gateway", "gateway-2")
    assert warning.rule == (
        "gateway-2 lies in cn-shanghai-a, where transit routers aren't known to be"
    )
    assert warnings_of(basic_stack(zone)) == (), "the basic edition has no addresses there"


# Addresses.


def test_ranges_that_are_joined_share_no_address() -> None:
    there: dict[str, Any] = {
        "region": "cn-zhangjiakou",
        "vpc": {"cidr": "192.168.0.0/17"},
        "vswitches": {
            "calls": {"cidr": "192.168.8.0/24", "zone": "cn-zhangjiakou-a"},
            "calls-2": {"cidr": "192.168.9.0/24", "zone": "cn-zhangjiakou-b"},
        },
    }
    problem = only(cross_stack(put("networks", functions=there)))
    assert (where(problem), problem.value) == (FUNCTIONS, "192.168.0.0/17")
    assert problem.rule == "ranges that are joined can't overlap; gateway has 192.168.0.0/16"


def test_a_data_centres_range_is_no_networks() -> None:
    problem = only(cross_stack(put(f"{CENTERS}.office.ranges", more="10.1.64.0/20")))
    assert (where(problem), problem.value) == (f"{ATTACHMENTS}.office", "10.1.64.0/20")


def test_a_network_that_isnt_attached_may_have_any_range() -> None:
    same: dict[str, Any] = {"vpc": {"cidr": "192.168.0.0/16"}, "vswitches": {}}
    same["vswitches"] = {"apps": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-g"}}
    assert problems_of(cross_stack(put("networks", backend=same))) == ()


def test_a_vpc_that_exists_joins_with_what_is_known_of_it() -> None:
    table = {"id": "vpc-1", "routeTable": "vtb-1"}
    assert problems_of(cross_stack(put("network", vpc=table))) == ()
    clash = put(
        "network.vswitches", **{"gateway-2": {"cidr": "10.1.9.0/24", "zone": "cn-shanghai-e"}}
    )
    problem = only(cross_stack(put("network", vpc=table), clash))
    assert (where(problem), problem.value) == (FUNCTIONS, "10.1.0.0/16")
    assert problem.rule == "ranges that are joined can't overlap; gateway has 10.1.9.0/24"


def test_vswitches_of_a_vpc_that_exists_arent_on_the_clouds_own_addresses() -> None:
    inside = {"cidr": "100.64.1.0/24", "zone": "cn-shanghai-e"}
    text = cross_stack(
        put("network", vpc={"id": "vpc-1", "routeTable": "vtb-1"}),
        put("network.vswitches", **{"gateway-2": inside}),
    )
    assert places(text) == [(f"{ATTACHMENTS}.gateway", "100.64.1.0/24")]


def test_the_clouds_own_addresses_are_refused_once() -> None:
    text = cross_stack(
        put("network", vpc={"cidr": "100.64.0.0/16"}),
        put("network.vswitches.gateway", cidr="100.64.1.0/24"),
        put("network.vswitches.gateway-2", cidr="100.64.2.0/24"),
    )
    assert places(text) == [("network.vpc.cidr", "100.64.0.0/16")]


# The CEN.


def test_the_cen_has_a_name_that_the_cloud_takes() -> None:
    assert problems_of(cross_stack(put(C, cen={"name": "shop"}))) == ()
    assert places(cross_stack(put(C, cen={"name": "http://shop"}))) == [
        (f"{C}.cen.name", "http://shop")
    ]


def test_a_cen_that_exists_may_have_a_name_for_its_new_routers() -> None:
    assert problems_of(cross_stack(put(C, cen={"id": "cen-1"}))) == ()
    assert problems_of(cross_stack(put(C, cen={"id": "cen-1", "name": "shop"}))) == ()


def test_routers_that_exist_are_of_regions_where_something_is_attached() -> None:
    here = {"id": "cen-1", "routers": {"cn-shanghai": "tr-1"}}
    assert problems_of(cross_stack(put(C, cen=here))) == ()
    there = {"id": "cen-1", "routers": {"cn-shenzhen": "tr-1"}}
    problem = only(cross_stack(put(C, cen=there)))
    assert (where(problem), problem.value) == (f"{C}.cen.routers.cn-shenzhen", "tr-1")
    assert problem.rule == "nothing is attached in cn-shenzhen"


def test_a_new_cen_has_no_routers_yet() -> None:
    problem = only(cross_stack(put(C, cen={"routers": {"cn-shanghai": "tr-1"}})))
    assert where(problem) == f"{C}.cen.routers"
    assert problem.rule == "a CEN that is created here has no routers yet"
    assert problem.remedy == "add the id of the CEN that has them, or remove routers"


def test_the_basic_edition_has_no_routers() -> None:
    cen = {"id": "cen-1", "routers": {"cn-shanghai": "tr-1"}}
    problem = only(basic_stack(put(C, cen=cen)))
    assert where(problem) == f"{C}.cen.routers"
    assert problem.rule == "the basic edition has no transit routers"


@pytest.mark.parametrize("entry", [f"{ATTACHMENTS}.functions", f"{C}.links.calls"])
def test_what_routers_join_has_a_name_that_the_cloud_takes(entry: str) -> None:
    assert problems_of(cross_stack(put(entry, name="old-way"))) == ()
    assert places(cross_stack(put(entry, name="-"))) == [(f"{entry}.name", "-")]
    problem = only(basic_stack(put(entry, name="old-way")))
    assert where(problem) == f"{entry}.name"
    assert problem.rule == "what the basic edition joins has no name in the cloud"


# Renames.


@pytest.mark.parametrize(
    ("place", "key", "twin"),
    [
        ("attachments", "office", {"network": "backend"}),
        ("dataCenters", "office", {**BRANCH}),
        ("services", "gateway", {"range": "100.104.1.0/26", "attachment": "functions"}),
    ],
)
def test_what_something_was_is_gone(place: str, key: str, twin: dict[str, Any]) -> None:
    problem = only(cross_stack(put(f"{C}.{place}", twin={**twin, "was": key})))
    assert (where(problem), problem.value) == (f"{C}.{place}.twin.was", key)
    assert problems_of(cross_stack(put(f"{C}.{place}.{key}", was="old"))) == ()


def test_a_link_may_say_what_it_was() -> None:
    assert problems_of(cross_stack(put(f"{C}.links.calls", was="old"))) == ()
