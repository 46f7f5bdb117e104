"""Cloud Enterprise Network as the provider handles it: ids, imports, its own ways."""

from collections.abc import Generator, Mapping
from typing import Any

import grpc
import pytest
from cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from provider_lab import ProviderLab, plain

from facts.contract import contract_of, contract_of_kind
from sandbox.cloud import Resource, Store
from sandbox.provider.quirks import pulumi_id

PACKAGE = contract_of_kind("cen_bandwidth_package").token
KINDS = (
    "cen_instance",
    "cen_instance_attachment",
    "cen_bandwidth_package",
    "cen_bandwidth_package_attachment",
    "cen_bandwidth_limit",
    "cen_route_service",
    "cen_route_entry",
    "route_entry",
    "cen_transit_router",
    "cen_transit_router_route_table",
    "cen_transit_router_vpc_attachment",
    "cen_transit_router_vbr_attachment",
    "cen_transit_router_peer_attachment",
    "cen_transit_router_route_table_association",
    "cen_transit_router_route_table_propagation",
    "cen_transit_router_route_entry",
)


class Front(ProviderLab):
    """A provider in Shanghai, and two CENs: one of each edition, with one of everything."""

    def __init__(self) -> None:
        store = Store(":memory:", seed="tests")
        self.cloud = CenLab(store)
        super().__init__(store)
        store.entry_seconds = 0
        self.inputs: dict[str, Mapping[str, Any]] = {}
        self.made: dict[str, Resource] = {}

    def make(self, kind: str, **inputs: object) -> Resource:
        contract = contract_of_kind(kind)
        response = self.check(contract.token, inputs)
        assert not response.failures, response.failures
        checked = plain(response.inputs)
        self.inputs[kind] = inputs
        self.made[kind] = self.store.create(kind, contract.to_snake(checked))
        return self.made[kind]

    def fill(self) -> None:
        self._basic()
        self._routers()

    def _basic(self) -> None:
        vpc = self.cloud.vpcs[SHANGHAI]
        name = {"cenInstanceName": "shop", "description": "all of it", "tags": {"team": "shop"}}
        cen = self.make("cen_instance", **name)
        place = {"instanceId": cen.id, "childInstanceType": "VPC"}
        far = {
            "childInstanceId": self.cloud.vpcs[ZHANGJIAKOU].id,
            "childInstanceRegionId": ZHANGJIAKOU,
        }
        self.make("cen_instance_attachment", **place, **far)
        near = {"childInstanceId": vpc.id, "childInstanceRegionId": SHANGHAI}
        self.make("cen_instance_attachment", **place, **near)
        areas = {"geographicRegionAId": "China", "geographicRegionBId": "China"}
        paid = {"bandwidth": 5, "paymentType": "PostPaid", "cenBandwidthPackageName": "joined"}
        package = self.make("cen_bandwidth_package", **areas, **paid)
        both = {"bandwidthPackageId": package.id, "instanceId": cen.id}
        self.make("cen_bandwidth_package_attachment", **both)
        # A package that is in use reads as such.
        self.made["cen_bandwidth_package"] = self.cloud.now(package)
        pair = {"regionIds": [ZHANGJIAKOU, SHANGHAI], "bandwidthLimit": 2}
        self.make("cen_bandwidth_limit", instanceId=cen.id, **pair)
        host = {"host": "100.104.255.128/26", "hostRegionId": SHANGHAI, "hostVpcId": vpc.id}
        self.make("cen_route_service", cenId=cen.id, accessRegionId=SHANGHAI, **host)
        table = {"routeTableId": vpc["route_table_id"]}
        vpn = self.cloud.new_vpn(vpc)
        hop = {"nexthopType": "VpnGateway", "nexthopId": vpn.id, "name": "office"}
        self.make("route_entry", destinationCidrblock="172.16.0.0/16", **table, **hop)
        self.make("cen_route_entry", instanceId=cen.id, cidrBlock="172.16.0.0/16", **table)

    def _routers(self) -> None:
        cen = self.cloud.cen.id
        other = self.cloud.new_router(ZHANGJIAKOU)
        router = self.make("cen_transit_router", cenId=cen, transitRouterName="near")
        mine = {"cenId": cen, "transitRouterId": router.id}
        table = self.make(
            "cen_transit_router_route_table",
            transitRouterId=router.id,
            transitRouterRouteTableName="all",
        )
        vswitch = self.cloud.vswitches[SHANGHAI][0]
        vpc = self.make(
            "cen_transit_router_vpc_attachment",
            **mine,
            vpcId=self.cloud.vpcs[SHANGHAI].id,
            zoneMappings=[{"zoneId": vswitch["zone_id"], "vswitchId": vswitch.id}],
            transitRouterVpcAttachmentName="shop",
        )
        self.make(
            "cen_transit_router_vbr_attachment",
            **mine,
            vbrId="vbr-1",
            autoPublishRouteEnabled=True,
            transitRouterAttachmentName="office",
        )
        self.make(
            "cen_transit_router_peer_attachment",
            **mine,
            peerTransitRouterId=other.id,
            peerTransitRouterRegionId=ZHANGJIAKOU,
            bandwidthType="DataTransfer",
            bandwidth=2,
            autoPublishRouteEnabled=True,
            transitRouterPeerAttachmentName="north",
        )
        tie = {"transitRouterAttachmentId": vpc.id, "transitRouterRouteTableId": table.id}
        self.make("cen_transit_router_route_table_association", **tie)
        self.make("cen_transit_router_route_table_propagation", **tie)
        self.make(
            "cen_transit_router_route_entry",
            transitRouterRouteTableId=table.id,
            transitRouterRouteEntryDestinationCidrBlock="100.104.255.128/26",
            transitRouterRouteEntryNextHopType="Attachment",
            transitRouterRouteEntryNextHopId=vpc.id,
            transitRouterRouteEntryName="gateway",
        )


@pytest.fixture
def lab() -> Generator[Front]:
    lab = Front()
    yield lab
    lab.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_exists_is_adopted_by_its_id_without_a_difference(lab: Front, kind: str) -> None:
    lab.fill()
    token = contract_of_kind(kind).token
    identity = pulumi_id(lab.made[kind])
    found = lab.read(token, identity, {}, {})
    assert found.id == identity
    outputs, inputs = plain(found.properties), plain(found.inputs)
    assert lab.differing(token, outputs, lab.inputs[kind]) == set(), "the program's inputs"
    assert lab.failures(token, inputs) == {}, "inputs that a program may state"
    assert lab.differing(token, outputs, inputs) == set(), "the inputs that were found"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_made_is_found_unchanged_by_a_refresh(lab: Front, kind: str) -> None:
    lab.fill()
    token = contract_of_kind(kind).token
    checked = plain(lab.check(token, lab.inputs[kind]).inputs)
    outputs = contract_of(token).to_camel(lab.made[kind].attributes)
    found = lab.read(token, pulumi_id(lab.made[kind]), outputs, checked)
    assert plain(found.inputs) == checked


def test_ids_are_made_as_the_provider_makes_them(lab: Front) -> None:
    lab.fill()
    ids = {kind: pulumi_id(made) for kind, made in lab.made.items()}
    cloud = {kind.removeprefix("cen_transit_router_"): one.id for kind, one in lab.made.items()}
    cen, router, table = lab.cloud.cen.id, cloud["cen_transit_router"], cloud["route_table"]
    assert ids["cen_transit_router"] == f"{cen}:{router}"
    assert ids["cen_transit_router_route_table"] == f"{router}:{table}"
    # As the provider's page on imports has it: without the CEN.
    assert ids["cen_transit_router_vpc_attachment"] == cloud["vpc_attachment"]
    assert ids["cen_transit_router_vbr_attachment"] == f"{cen}:{cloud['vbr_attachment']}"
    assert ids["cen_transit_router_peer_attachment"] == f"{cen}:{cloud['peer_attachment']}"
    tie = f"{cloud['vpc_attachment']}:{table}"
    assert ids["cen_transit_router_route_table_association"] == tie
    assert ids["cen_transit_router_route_entry"] == f"{table}:{cloud['route_entry']}"
    assert ids["cen_bandwidth_package_attachment"] == ids["cen_bandwidth_package"]


def test_all_of_it_can_be_taken_away_again(lab: Front) -> None:
    lab.fill()
    far = lab.store.all("cen_instance_attachment")[0]
    last = ["cen_bandwidth_package", "cen_instance"]
    for kind in [*(kind for kind in reversed(lab.made) if kind not in last), *last]:
        one = lab.made[kind]
        if kind == "cen_instance":
            lab.store.delete(far.kind, far.id)
        token = contract_of_kind(kind).token
        outputs = contract_of(token).to_camel(one.attributes)
        lab.delete(token, pulumi_id(one), outputs)
        lab.delete(token, pulumi_id(one), outputs)
    left = {kind for kind in KINDS if lab.store.all(kind)}
    assert left == {"cen_instance", "cen_transit_router"}, "the lab's own"


# --- the provider's own ways --------------------------------------------------------------------


def package(**more: object) -> dict[str, Any]:
    areas = {"geographicRegionAId": "China", "geographicRegionBId": "China"}
    return {"bandwidth": 2, **areas, **more}


def test_a_subscription_package_is_forgotten_and_stays(lab: Front) -> None:
    identity, outputs = lab.create(PACKAGE, package())
    assert outputs["paymentType"] == "PrePaid", "the provider's own default"
    lab.delete(PACKAGE, identity, outputs)
    assert [one.id for one in lab.store.all("cen_bandwidth_package")] == [identity]
    assert lab.store.calls("delete", "cen_bandwidth_package") == []
    identity, outputs = lab.create(PACKAGE, package(paymentType="PostPaid"))
    lab.delete(PACKAGE, identity, outputs)
    assert len(lab.store.all("cen_bandwidth_package")) == 1


def test_a_package_in_use_is_resized_and_the_provider_doesn_t_believe_it(lab: Front) -> None:
    inputs = package(paymentType="PostPaid")
    identity, outputs = lab.create(PACKAGE, inputs)
    outputs = lab.update(PACKAGE, identity, outputs, {**inputs, "bandwidth": 3})
    assert outputs["bandwidth"] == 3, "an idle one is"
    asked = {"bandwidth_package_id": identity, "instance_id": lab.cloud.cen.id}
    lab.store.create("cen_bandwidth_package_attachment", asked)
    with pytest.raises(grpc.RpcError, match="Got: InUse Expected: Idle"):
        lab.update(PACKAGE, identity, outputs, {**inputs, "bandwidth": 4})
    assert lab.store.all("cen_bandwidth_package")[0]["bandwidth"] == 4
    found = plain(lab.read(PACKAGE, identity, outputs, inputs).properties)
    assert lab.differing(PACKAGE, found, {**inputs, "bandwidth": 4}) == set()


def test_a_package_s_period_counts_for_subscriptions_alone(lab: Front) -> None:
    for payment, differing in (("PostPaid", set[str]()), ("PrePaid", {"period"})):
        inputs = package(paymentType=payment, period=1)
        _, outputs = lab.create(PACKAGE, inputs)
        assert lab.differing(PACKAGE, outputs, {**inputs, "period": 12}) == differing


def test_a_connection_gets_more_bandwidth_in_place(lab: Front) -> None:
    lab.fill()
    kind = "cen_transit_router_peer_attachment"
    token = contract_of_kind(kind).token
    outputs = contract_of(token).to_camel(lab.made[kind].attributes)
    changed = {**lab.inputs[kind], "bandwidth": 8}
    response = lab.diff(token, outputs, changed)
    assert list(response.diffs) == ["bandwidth"]
    assert list(response.replaces) == []
    assert lab.update(token, pulumi_id(lab.made[kind]), outputs, changed)["bandwidth"] == 8
