"""What is billed of a stack, by its units; no price is known there."""

from typing import Any

import pytest

from facts import kinds
from judging.billing import Resource, billed, of_state
from judging.preview import State

HOME = "cn-shanghai"


def resource(kind: str, name: str, region: str = HOME, **inputs: Any) -> Resource:
    return Resource(State(f"urn:pulumi:dev::shop::{kind}::{name}", kind, inputs), name, region)


def bill(*resources: Resource) -> list[tuple[str, str, float]]:
    return [(line.unit.key, line.variant, line.amount) for line in billed(resources)]


def eip(name: str, **inputs: Any) -> Resource:
    return resource(kinds.EIP, name, **inputs)


def bound(name: str, to: str) -> Resource:
    return resource(kinds.EIP_ASSOCIATION, f"{name}:{to}", allocationId=name, instanceId=to)


def in_package(name: str) -> Resource:
    return resource(kinds.PACKAGE_ATTACHMENT, f"p:{name}", instanceId=name, bandwidthPackageId="p")


def test_a_gateway_costs_its_hours_and_what_it_processes() -> None:
    assert bill(resource(kinds.NAT_GATEWAY, "ngw")) == [
        ("natGateway", "", 1),
        ("natCapacity", "", 0),
    ]


def test_a_gateway_of_a_network_alone_is_another_unit() -> None:
    found = bill(resource(kinds.NAT_GATEWAY, "ngw", networkType="intranet"))
    assert found[0] == ("vpcNatGateway", "", 1)


def test_an_address_in_a_package_pays_for_being_held_and_not_for_traffic() -> None:
    package = resource(kinds.BANDWIDTH_PACKAGE, "p", bandwidth="150")
    found = bill(eip("e1"), in_package("e1"), bound("e1", "ngw-1"), package)
    assert found == [("publicIp", "", 1), ("sharedBandwidth", "", 150)]


def test_an_address_on_a_server_is_held_for_nothing() -> None:
    assert bill(eip("e1"), bound("e1", "i-uf6")) == [("publicIpTraffic", "", 0)]


def test_an_address_on_a_server_of_the_stack_is_held_for_nothing() -> None:
    server = resource(kinds.INSTANCE, "${web.id}", instanceType="ecs.g7.large")
    assert bill(eip("e1"), bound("e1", "${web.id}"), server) == [
        ("publicIpTraffic", "", 0),
        ("server", "ecs.g7.large", 1),
    ]


def test_addresses_by_bandwidth_pay_for_their_own() -> None:
    by_bandwidth = {"internetChargeType": "PayByBandwidth"}
    (_, line) = billed(
        [eip("e1", bandwidth="5", **by_bandwidth), eip("e2", bandwidth="10", **by_bandwidth)]
    )
    assert (line.unit.key, line.amounts) == ("publicIpBandwidth", (5, 10))


@pytest.mark.parametrize(
    ("charge", "unit"),
    [
        ("PayByBandwidth", "sharedBandwidth"),
        ("PayByDominantTraffic", "sharedTraffic"),
        ("PayBy95", "sharedPeak"),
    ],
)
def test_a_package_is_billed_by_the_way_that_it_is_charged(charge: str, unit: str) -> None:
    package = resource(kinds.BANDWIDTH_PACKAGE, "p", bandwidth=20, internetChargeType=charge)
    assert [key for key, *_ in bill(package)] == [unit]


def test_servers_are_billed_by_their_type_and_their_disks_by_category() -> None:
    disks: dict[str, Any] = {"systemDiskCategory": "cloud_essd", "systemDiskSize": 40}
    more: dict[str, Any] = {"dataDisks": [{"category": "cloud_essd", "size": 100}]}
    servers = (
        resource(kinds.INSTANCE, "a", instanceType="ecs.g7.large", **disks, **more),
        resource(kinds.INSTANCE, "b", instanceType="ecs.g7.large"),
        resource(kinds.INSTANCE, "c", instanceType="ecs.g7.xlarge"),
    )
    assert bill(*servers) == [
        ("server", "ecs.g7.large", 2),
        ("server", "ecs.g7.xlarge", 1),
        ("disk", "cloud_essd", 140),
    ]


def test_calls_are_billed_on_the_shared_instance_alone() -> None:
    shared, dedicated = (
        resource(kinds.API_GROUP, "a"),
        resource(kinds.API_GROUP, "b", instanceId="apigateway-cn-1"),
    )
    assert [key for key, *_ in bill(shared)] == ["apiCalls", "apiTraffic"]
    assert [key for key, *_ in bill(dedicated)] == ["apiTraffic"]


def test_a_link_by_traffic_is_billed_and_one_in_a_package_is_the_packages() -> None:
    by_traffic = resource(kinds.ROUTER_LINK, "l", bandwidthType="DataTransfer")
    in_a_package = resource(kinds.ROUTER_LINK, "m", bandwidthType="BandwidthPackage")
    package = resource(
        *(kinds.CEN_PACKAGE, "c"),
        bandwidth=2,
        geographicRegionAId="China",
        geographicRegionBId="Asia-Pacific",
        paymentType="PrePaid",
    )
    assert bill(by_traffic, in_a_package) == [("linkTraffic", "", 0)]
    (line,) = billed([package])
    assert (line.variant, line.amount, line.in_advance) == ("Asia-Pacific-China", 2, True)


def test_regions_are_lines_of_their_own() -> None:
    found = billed(
        [
            resource(kinds.ROUTER_ATTACHMENT, "a"),
            resource(kinds.ROUTER_ATTACHMENT, "b", "cn-beijing"),
        ]
    )
    assert [(line.unit.key, line.region) for line in found if not line.unit.used] == [
        ("routerAttachment", "cn-beijing"),
        ("routerAttachment", HOME),
    ]


def test_a_state_says_what_is_held_and_where() -> None:
    stack = "urn:pulumi:dev::shop"
    provider = f"{stack}::pulumi:pulumi:Stack$pulumi:providers:alicloud::alicloud-cn-beijing::1"
    kind = kinds.NAT_GATEWAY
    held: list[dict[str, Any]] = [
        {"type": kind, "urn": f"{stack}::{kind}::a", "id": "ngw-1", "custom": True, "inputs": {}},
        {
            "type": kind,
            "urn": f"{stack}::{kind}::b",
            "id": "ngw-2",
            "custom": True,
            "provider": provider,
        },
        {"type": kind, "urn": f"{stack}::{kind}::c", "id": "ngw-3", "custom": True, "delete": True},
        {
            "type": kind,
            "urn": f"{stack}::{kind}::d",
            "id": "ngw-4",
            "custom": True,
            "external": True,
        },
        {"type": "pulumi:pulumi:Stack", "urn": f"{stack}::x"},
    ]
    found = [(one.id, one.region) for one in of_state({"resources": held}, HOME)]
    assert found == [("ngw-1", HOME), ("ngw-2", "cn-beijing")]
