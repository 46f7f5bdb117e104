"""Custom routes: destinations, next hops, and what stands on what."""

from typing import Any

import pytest
from cloud_lab import refused
from vpn_lab import VpnLab, new_vpn_lab


@pytest.fixture
def lab() -> VpnLab:
    return new_vpn_lab()


def test_a_route_is_known_by_what_it_says(lab: VpnLab) -> None:
    route = lab.route()
    table, router = lab.vpc["route_table_id"], lab.vpc["router_id"]
    assert route.id == f"{table}:{router}:10.1.0.0/16:VpnGateway:{lab.vpn.id}"
    assert route["router_id"] == router
    lab.store.delete(route.kind, route.id)
    assert lab.store.read(route.kind, route.id) is None


def test_a_route_to_each_kind_of_hop(lab: VpnLab) -> None:
    group = lab.new_group()
    server, card = lab.new_instance(group), lab.new_card(group)
    lab.route("10.1.0.0/16", server, nexthop_type="Instance")
    lab.route("10.2.0.0/16", card, nexthop_type="NetworkInterface")
    lab.route("10.3.0.0/16", lab.gateway, nexthop_type="NatGateway")
    lab.route("10.4.0.1", lab.vpn)
    assert lab.store.all("route_entry")[-1]["destination_cidrblock"] == "10.4.0.1"


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ("", "MissingParameter"),
        ("10.1.0.5/16", "InvalidCidrBlock.Malformed"),
        ("office", "InvalidCidrBlock.Malformed"),
        ("192.168.1.0/24", "InvalidCidrBlock"),  # a vSwitch's own
        ("192.168.1.128/25", "InvalidCidrBlock"),  # a part of it
        ("100.64.0.0/10", "InvalidCidrBlock"),
        ("100.96.0.0/11", "InvalidCidrBlock"),
        ("0.0.0.0/0", "InvalidCIDRBlock.Duplicate"),  # the NAT gateway's
    ],
)
def test_a_destination_that_has_a_system_route_or_is_none_is_refused(
    lab: VpnLab, cidr: str, code: str
) -> None:
    with refused(code):
        lab.route(cidr)


@pytest.mark.parametrize("cidr", ["192.168.0.0/16", "100.104.255.128/26", "10.0.0.0/8"])
def test_a_destination_may_hold_vswitches_and_be_a_part_of_the_cloud_s_range(
    lab: VpnLab, cidr: str
) -> None:
    lab.route(cidr)


def test_a_table_has_one_route_to_a_destination(lab: VpnLab) -> None:
    lab.route()
    with refused("InvalidCIDRBlock.Duplicate"):
        lab.route(hop=lab.new_instance(lab.new_group()), nexthop_type="Instance")
    with refused("InvalidCIDRBlock.Duplicate"):
        lab.route()


def test_without_an_internet_gateway_the_default_route_is_free(lab: VpnLab) -> None:
    lab.store.delete("nat_gateway", lab.gateway.id)
    lab.route("0.0.0.0/0")


@pytest.mark.parametrize(
    ("hop", "code"),
    [
        ({"nexthop_type": None}, "InvalidNexthopTypeAndList.BothNull"),
        ({"nexthop_type": "Office"}, "InvalidNextHopType"),
        ({"nexthop_type": "VpcPeer"}, "InvalidNextHop.NotFound"),
        ({"nexthop_id": "vpn-none"}, "InvalidNextHop.NotFound"),
        ({"nexthop_type": "NatGateway"}, "InvalidNatGateway.NotFound"),
        ({"nexthop_type": "Attachment"}, "InvalidAttachment.NotFound"),
        ({"route_table_id": "vtb-none"}, "InvalidRouteTableId.NotFound"),
    ],
)
def test_a_route_to_nowhere_is_refused(lab: VpnLab, hop: dict[str, Any], code: str) -> None:
    with refused(code):
        lab.route(**hop)


def test_a_hop_is_in_the_table_s_vpc(lab: VpnLab) -> None:
    other = lab.store.create("vpc", {"cidr_block": "172.16.0.0/12"})
    with refused("InvalidNexthop"):
        lab.route(route_table_id=other["route_table_id"])


def test_a_hop_that_is_still_made_takes_no_route(lab: VpnLab) -> None:
    lab.store.instance_seconds = 60
    with refused("IncorrectInstanceStatus"):
        lab.route(hop=lab.new_vpn())


def test_one_route_of_a_table_is_added_or_taken_away_at_a_time(lab: VpnLab) -> None:
    lab.store.entry_seconds = 60
    first = lab.route()
    with refused("TaskConflict"):
        lab.route("10.2.0.0/16")
    with refused("TaskConflict"):
        lab.store.delete(first.kind, first.id)


def test_what_a_route_leads_to_stays(lab: VpnLab) -> None:
    group = lab.new_group()
    server, card = lab.new_instance(group), lab.new_card(group)
    routes = [
        lab.route("10.1.0.0/16", lab.vpn),
        lab.route("10.2.0.0/16", server, nexthop_type="Instance"),
        lab.route("10.3.0.0/16", card, nexthop_type="NetworkInterface"),
    ]
    for route, hop in zip(routes, (lab.vpn, server, card), strict=True):
        with refused("DependencyViolation.RouteEntry"):
            lab.store.delete(hop.kind, hop.id)
        lab.store.delete(route.kind, route.id)
        lab.store.delete(hop.kind, hop.id)


def test_a_vswitch_can_t_hold_a_route_s_destination(lab: VpnLab) -> None:
    lab.route("192.168.9.128/25")
    with refused("InvalidCidrBlock.Overlapped"):
        lab.new_vswitch("192.168.9.0/24")


def test_a_table_goes_with_its_vpc_and_its_routes(lab: VpnLab) -> None:
    vpc = lab.store.create("vpc", {"cidr_block": "172.16.0.0/12"})
    asked = {"vpc_id": vpc.id, "cidr_block": "172.16.1.0/24", "zone_id": "cn-shanghai-b"}
    vswitch = lab.store.create("vswitch", asked)
    hop = lab.new_vpn(vpc_id=vpc.id, vswitch_id=vswitch.id, disaster_recovery_vswitch_id=vswitch.id)
    lab.route(hop=hop, route_table_id=vpc["route_table_id"])
    lab.store.delete_behind(hop.id)
    lab.store.delete("vswitch", vswitch.id)
    lab.store.delete("vpc", vpc.id)
    assert lab.store.all("route_entry") == []


def test_a_table_holds_no_more_routes_than_its_quota(lab: VpnLab) -> None:
    lab.store.set_quota("route_entries_per_table", 1)
    lab.route()
    with refused("QuotaExceeded"):
        lab.route("10.2.0.0/16")
