"""Routes of a VPC that lead to a transit router."""

import pytest
from cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from cloud_lab import refused

from sandbox.cloud import Resource

SEGMENT = "100.104.255.128/26"


@pytest.fixture
def lab() -> CenLab:
    return CenLab()


@pytest.fixture
def joined(lab: CenLab) -> Resource:
    """The VPC's attachment to a transit router."""
    return lab.join(lab.new_router(SHANGHAI))


def test_a_vpc_s_routes_lead_to_its_own_attachment(lab: CenLab, joined: Resource) -> None:
    vpc = lab.vpcs[SHANGHAI]
    made = lab.vpc_route(vpc, SEGMENT, joined)
    table, router = vpc["route_table_id"], vpc["router_id"]
    assert made.id == f"{table}:{router}:{SEGMENT}:Attachment:{joined.id}"
    with refused("InvalidAttachment.NotFound"):
        lab.vpc_route(vpc, "10.9.0.0/16", joined, nexthop_id="tr-attach-none")
    with refused("InvalidNexthop"):
        lab.vpc_route(lab.vpcs[ZHANGJIAKOU], "10.9.0.0/16", joined)


def test_tables_of_two_regions_take_routes_at_once(lab: CenLab, joined: Resource) -> None:
    there = lab.join(lab.new_router(ZHANGJIAKOU))
    lab.store.entry_seconds = 60
    lab.vpc_route(lab.vpcs[SHANGHAI], "10.2.0.0/16", joined)
    with refused("TaskConflict"):
        lab.vpc_route(lab.vpcs[SHANGHAI], "10.3.0.0/16", joined)
    lab.vpc_route(lab.vpcs[ZHANGJIAKOU], "10.1.0.0/16", there)
