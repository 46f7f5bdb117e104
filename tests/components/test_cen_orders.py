"""Both editions of CEN, made and deleted in whatever order their dependencies leave open."""

from collections.abc import Callable

import pytest

import components as c
from sandbox.cloud import CloudError, Store
from tests.components.cen_builds import basic_args, regional, router_args
from tests.components.orders import Orders
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab

LAB = CenLab()  # what every cloud here has, under the same ids
KINDS = {one.kind for one in LAB.store.all()}
SEEDS = range(25)


def new_store() -> Store:
    return CenLab().store


def basic() -> None:
    args = basic_args()
    args["attachments"] = {
        "gateway": {"region": SHANGHAI, "vpc_id": LAB.vpcs[SHANGHAI].id},
        "functions": {"region": ZHANGJIAKOU, "vpc_id": LAB.vpcs[ZHANGJIAKOU].id},
        "office": {"region": SHANGHAI, "vbr_id": "vbr-1"},
    }
    c.BasicCen("joined", args, regional())


def place(region: str) -> c.RouterAttachmentArgs:
    vswitches = {one.text("zone_id"): one.id for one in LAB.vswitches[region]}
    vpc = LAB.vpcs[region]
    table = vpc.text("route_table_id")
    return {"region": region, "vpc_id": vpc.id, "vswitches": vswitches, "route_table_id": table}


def routers_args() -> c.TransitRoutersArgs:
    args = router_args()
    args["attachments"] = {
        "gateway": place(SHANGHAI),
        "functions": place(ZHANGJIAKOU),
        "office": {"region": SHANGHAI, "vbr_id": "vbr-1"},
    }
    # Two, so that a VPC has more than one route.
    args["services"] = {
        "gateway": {"cidr": "100.104.255.128/26", "attachment": "gateway"},
        "logs": {"cidr": "100.104.1.0/26", "attachment": "gateway"},
    }
    return args


def by_traffic() -> None:
    c.TransitRouters("joined", routers_args(), regional())


def by_package() -> None:
    c.TransitRouters(
        "joined", {**routers_args(), "bandwidth_package": {"bandwidth": 5}}, regional()
    )


def by_subscription() -> None:
    package: c.CenBandwidthPackageArgs = {"bandwidth": 5, "payment_type": "PrePaid"}
    c.TransitRouters("joined", {**routers_args(), "bandwidth_package": package}, regional())


@pytest.mark.parametrize("program", [basic, by_traffic, by_package])
def test_the_cloud_accepts_every_order_both_ways(program: Callable[[], None]) -> None:
    orders = Orders(program, new_store)
    for seed in SEEDS:
        left = orders.attempt(seed).all()
        assert {one.kind for one in left} == KINDS, "the lab's own"
        assert len(left) == len(LAB.store.all())


def test_a_subscription_alone_stays() -> None:
    (left,) = Orders(by_subscription, new_store).attempt(0).all("cen_bandwidth_package")
    assert left["status"] == "Idle"


@pytest.mark.parametrize(
    ("program", "name", "before"),
    [
        (basic, "joined-link-north", "joined-attachment-functions"),
        (basic, "joined-link-north", "joined-package-place"),
        (basic, "joined-service-gateway", "joined-attachment-gateway"),
        (by_package, "joined-link-north", "joined-package-place"),
    ],
)
def test_an_edge_that_is_missing_shows(program: Callable[[], None], name: str, before: str) -> None:
    """What the test above can't do without."""
    orders = Orders(program, new_store).without(name, before)
    assert any(is_refused(orders, seed) for seed in SEEDS)


def is_refused(orders: Orders, seed: int) -> bool:
    try:
        orders.attempt(seed)
    except CloudError:
        return True
    return False
