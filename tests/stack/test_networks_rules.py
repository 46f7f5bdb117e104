"""Several networks in one stack file: whose name is whose, and where each of them lies."""

from typing import Any

import pytest

from tests.stackfiles import Edit, dev_stack, problems_of, settings_of, where
from tests.topologies.unified import only, places, put

BACK: dict[str, Any] = {
    "region": "cn-beijing",
    "vpc": {"cidr": "10.1.0.0/16"},
    "vswitches": {"back": {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h"}},
    "hosts": {"web": {"ip": "10.1.1.10", "vswitch": "back"}},
}


def stack(*edits: Edit) -> str:
    """The dev stack with another network beside its own, after some edits."""

    def edit(settings: dict[str, Any]) -> None:
        put("", networks={"back": {**BACK, "vpc": {**BACK["vpc"]}}})(settings)
        for one in edits:
            one(settings)

    return dev_stack(edit)


def another(**changes: object) -> Edit:
    """An edit that replaces parts of the other network."""
    return put("networks.back", **changes)


def test_a_stack_has_networks_beside_its_own() -> None:
    assert problems_of(stack()) == ()
    assert problems_of(dev_stack(put("", networks={}))) == ()


# Regions.


def test_a_network_lies_in_its_own_region_or_in_the_stacks() -> None:
    settings = settings_of(stack())
    assert settings.region_of("back") == "cn-beijing"
    assert settings.region_of(None) == "cn-shanghai"
    here = {**BACK, "vswitches": {"back": {"cidr": "10.1.1.0/24", "zone": "cn-shanghai-b"}}}
    del here["region"]
    assert settings_of(stack(put("networks", back=here))).region_of("back") == "cn-shanghai"


@pytest.mark.parametrize("region", ["Beijing", "cn_beijing", "cn-Beijing", "cn-", ""])
def test_a_region_that_isnt_one_is_refused(region: str) -> None:
    found = problems_of(stack(another(region=region)))
    assert found[0].path == ("networks", "back", "region")
    assert found[0].rule == "a region is written as cn-shanghai"


def test_a_region_that_isnt_one_is_reported_once() -> None:
    assert places(stack(another(region="Beijing"))) == [("networks.back.region", "Beijing")]


def test_zones_are_of_the_networks_region_and_not_of_the_stacks() -> None:
    vswitches = {"back": {"cidr": "10.1.1.0/24", "zone": "cn-shanghai-b"}}
    problem = only(stack(another(vswitches=vswitches)))
    assert where(problem) == "networks.back.vswitches.back.zone"
    assert problem.rule == "the zone must be one of the network's region, cn-beijing"


# What each network is judged by.


def test_each_network_is_judged_as_the_stacks_own_is() -> None:
    found = places(
        stack(
            another(
                vpc={"cidr": "10.1.0.0/7"},
                hosts={"web": {"ip": "10.1.2.10", "vswitch": "back"}},
            )
        )
    )
    assert found == [
        ("networks.back.vpc.cidr", "10.1.0.0/7"),
        ("networks.back.hosts.web.ip", "10.1.2.10"),
    ]


def test_two_networks_may_have_one_range() -> None:
    text = stack(
        another(
            vpc={"cidr": "192.168.0.0/16"},
            vswitches={"back": {"cidr": "192.168.1.0/24", "zone": "cn-beijing-h"}},
            hosts={"web": {"ip": "192.168.1.1", "vswitch": "back"}},
        )
    )
    assert problems_of(text) == ()


def test_a_host_lies_in_a_vswitch_of_its_own_network() -> None:
    hosts = {"web": {"ip": "192.168.1.10", "vswitch": "apps"}}
    problem = only(stack(another(hosts=hosts)))
    assert where(problem) == "networks.back.hosts.web.vswitch"
    assert problem.rule == "a host lies in a vSwitch of this network"


# The VPC's route table.


def test_the_route_table_of_a_vpc_that_exists_may_be_given() -> None:
    exists = {"id": "vpc-1", "routeTable": "vtb-1"}
    assert problems_of(stack(another(vpc=exists))) == ()
    assert problems_of(dev_stack(put("network", vpc=exists))) == ()


@pytest.mark.parametrize("place", ["network", "networks.back"])
def test_a_vpc_that_is_created_brings_its_route_table(place: str) -> None:
    problem = only(stack(put(f"{place}.vpc", routeTable="vtb-1")))
    assert (where(problem), problem.value) == (f"{place}.vpc.routeTable", "vtb-1")
    assert problem.rule == "a VPC that is created brings its own route table"


def test_a_route_table_is_given_by_its_id() -> None:
    vpc = {"id": "vpc-1", "routeTable": "main"}
    assert places(stack(another(vpc=vpc))) == [("networks.back.vpc.routeTable", "main")]


# Names.


def test_a_vswitchs_name_is_one_in_the_stack() -> None:
    vswitches = {"apps": {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h"}}
    problem = only(stack(another(vswitches=vswitches, hosts={})))
    assert where(problem) == "networks.back.vswitches.apps"
    assert problem.rule == "a vSwitch's name is one in the stack; network.vswitches has apps too"


def test_a_hosts_name_is_one_in_the_stack() -> None:
    problem = only(stack(another(hosts={"ecs1": {"ip": "10.1.1.10", "vswitch": "back"}})))
    assert where(problem) == "networks.back.hosts.ecs1"
    assert problem.rule == "a host's name is one in the stack; network.hosts has ecs1 too"


def test_a_host_and_a_vswitch_may_have_one_name() -> None:
    assert problems_of(stack(another(hosts={"back": {"ip": "10.1.1.10", "vswitch": "back"}}))) == ()


def test_networks_and_vswitches_that_make_one_name_in_pulumi_are_refused() -> None:
    two = {
        "a": {**BACK, "vswitches": {"b-c": {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h"}}},
        "a-b": {**BACK, "vswitches": {"c": {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h"}}},
    }
    for one in two.values():
        one["hosts"] = {}
    problem = only(stack(put("", networks=two)))
    assert where(problem) == "networks.a-b.vswitches.c"
    assert problem.rule == "networks.a.vswitches.b-c and this are both called a-b-c in Pulumi"


# References from elsewhere.


def test_what_names_a_vswitch_that_cant_be_read_is_no_second_mistake() -> None:
    function = {"code": "tests/data/phone-lookup", "network": {"vswitches": ["back"]}}
    text = stack(
        put("", topology=["shared-bandwidth", "functions"], functions={"lookup": function}),
        another(vswitches={"back": "10.1.1.0/24"}, hosts={}),
    )
    assert places(text) == [("networks.back.vswitches.back", "10.1.1.0/24")]


def test_what_names_a_vswitch_of_networks_that_cant_be_read_is_no_second_mistake() -> None:
    function = {"code": "tests/data/phone-lookup", "network": {"vswitches": ["back"]}}
    both = put("", topology=["shared-bandwidth", "functions"], functions={"lookup": function})
    for broken in ("back", ["back"], {"back": 5}):
        (problem,) = problems_of(stack(both, put("", networks=broken)))
        assert problem.path[0] == "networks"


def test_a_vswitch_that_no_network_has_is_told_with_the_nearest_of_all() -> None:
    function = {"code": "tests/data/phone-lookup", "network": {"vswitches": ["bak"]}}
    both = put("", topology=["shared-bandwidth", "functions"], functions={"lookup": function})
    problem = only(stack(both))
    assert problem.rule == "this must name a vSwitch of network or of one of networks"
    assert problem.remedy == "did you mean back?"
