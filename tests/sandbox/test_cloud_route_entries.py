"""Custom routes in a VPC's route table."""

import pytest
from cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from cloud_lab import refused

from sandbox.cloud import Resource

SEGMENT = "100.104.255.128/26"


@pytest.fixture
def lab() -> CenLab:
    return CenLab()


@pytest.fixture
def vpc(lab: CenLab) -> Resource:
    return lab.vpcs[SHANGHAI]


@pytest.fixture
def joined(lab: CenLab) -> Resource:
    """The VPC's attachment to a transit router."""
    return lab.join(lab.new_router(SHANGHAI))


def test_a_route_s_id_says_what_it_is(lab: CenLab, vpc: Resource, joined: Resource) -> None:
    made = lab.vpc_route(vpc, "10.2.0.0/16", joined)
    table, router = vpc["route_table_id"], vpc["router_id"]
    assert made.id == f"{table}:{router}:10.2.0.0/16:Attachment:{joined.id}"
    assert made["router_id"] == router
    with refused("InvalidRouteEntry.Duplicate"):
        lab.vpc_route(vpc, "10.2.0.0/16", joined, nexthop_type="VpnGateway", nexthop_id="vpn-1")


def test_parts_of_the_cloud_s_own_range_lead_to_transit_routers_alone(
    lab: CenLab, vpc: Resource, joined: Resource
) -> None:
    with refused("InvalidDestinationCidrBlock"):
        lab.vpc_route(vpc, "100.64.0.0/10", joined)
    with refused("InvalidDestinationCidrBlock"):
        lab.vpc_route(vpc, SEGMENT, joined, nexthop_type="VpnGateway", nexthop_id="vpn-1")
    lab.vpc_route(vpc, SEGMENT, joined)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"route_table_id": "vtb-none"}, "InvalidRouteTableId.NotFound"),
        ({"destination_cidrblock": "10.2.0.1/16"}, "InvalidCidrBlock.Malformed"),
        ({"destination_cidrblock": "10.1.1.0/24"}, "InvalidCidrBlock.InVSwitch"),
        ({"destination_cidrblock": "10.1.1.128/25"}, "InvalidCidrBlock.InVSwitch"),
        ({"nexthop_id": "tr-attach-none"}, "InvalidAttachment.NotFound"),
        ({"nexthop_type": "Instance"}, "InvalidNextHop.NotFound"),
    ],
)
def test_routes_that_lead_nowhere_are_refused(
    lab: CenLab, vpc: Resource, joined: Resource, more: dict[str, object], code: str
) -> None:
    with refused(code):
        lab.vpc_route(vpc, "10.2.0.0/16", joined, **more)


def test_a_route_leads_to_the_vpc_s_own_attachment(lab: CenLab, joined: Resource) -> None:
    with refused("IllegalParam.AttachmentId"):
        lab.vpc_route(lab.vpcs[ZHANGJIAKOU], "10.9.0.0/16", joined)


def test_a_table_takes_one_at_a_time(lab: CenLab, vpc: Resource, joined: Resource) -> None:
    lab.store.entry_seconds = 60
    first = lab.vpc_route(vpc, "10.2.0.0/16", joined)
    with refused("TaskConflict"):
        lab.vpc_route(vpc, "10.3.0.0/16", joined)
    with refused("TaskConflict"):
        lab.delete(first)
    there = lab.join(lab.new_router(ZHANGJIAKOU))
    lab.vpc_route(lab.vpcs[ZHANGJIAKOU], "10.1.0.0/16", there)


def test_routes_go_with_their_vpc(lab: CenLab) -> None:
    vpc = lab.new_vpc("10.9.0.0/16", SHANGHAI)
    lab.vpc_route(vpc, "0.0.0.0/0", vpc, nexthop_type="VpnGateway")
    lab.delete(vpc)
    assert lab.store.all("route_entry") == []
