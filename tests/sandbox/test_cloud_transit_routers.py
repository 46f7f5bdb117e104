"""Transit routers: connections, peers, route tables, and what each of them keeps."""

import pytest
from cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from cloud_lab import refused

from sandbox.cloud import Resource

SEGMENT = "100.104.255.128/26"


@pytest.fixture
def lab() -> CenLab:
    return CenLab()


@pytest.fixture
def router(lab: CenLab) -> Resource:
    return lab.new_router(SHANGHAI)


@pytest.fixture
def other(lab: CenLab) -> Resource:
    return lab.new_router(ZHANGJIAKOU)


def mapping(vswitch: Resource, zone: str | None = None) -> dict[str, str]:
    return {"vswitch_id": vswitch.id, "zone_id": zone or vswitch.text("zone_id")}


def test_a_region_of_a_cen_has_one_transit_router(lab: CenLab, router: Resource) -> None:
    assert router["transit_router_id"] == router.id
    assert (router["region_id"], router["type"]) == (SHANGHAI, "Enterprise")
    with refused("InstanceExist.TransitRouterInstance"):
        lab.new_router(SHANGHAI)
    with refused("InvalidCenId.NotFound"):
        lab.make("cen_transit_router", cen_id="cen-none")
    lab.new_router(ZHANGJIAKOU)


def test_a_region_has_one_edition(lab: CenLab, router: Resource) -> None:
    with refused("OperationFailed.InvalidTransitRouter"):
        lab.attach(SHANGHAI)
    lab.attach(ZHANGJIAKOU)
    with refused("InstanceExist.TransitRouterInstance"):
        lab.new_router(ZHANGJIAKOU)


def test_a_service_behind_a_transit_router_is_no_route_service(
    lab: CenLab, router: Resource
) -> None:
    with refused("OperationUnsupported.TransitRouterType"):
        lab.make(
            "cen_route_service",
            cen_id=lab.cen.id,
            host=SEGMENT,
            host_region_id=SHANGHAI,
            host_vpc_id=lab.vpcs[SHANGHAI].id,
            access_region_id=SHANGHAI,
        )


def test_a_vpc_is_attached_in_its_own_region(
    lab: CenLab, router: Resource, other: Resource
) -> None:
    made = lab.join(router)
    assert made["status"] == "Attached"
    assert made["transit_router_attachment_id"] == made.id
    assert made["region_id"] == SHANGHAI
    with refused("InvalidOperation.VpcAlreadyAttached"):
        lab.join(router)
    with refused("InvalidVpcId.NotFound"):
        lab.join(other, vpc_id=lab.vpcs[SHANGHAI].id)
    with refused("IllegalParam.TransitRouterRegionId"):
        lab.join(other, transit_router_id=router.id)
    with refused("InvalidCenId.NotFound"):
        lab.join(other, cen_id="cen-none")


def test_its_vswitches_are_its_own_one_a_zone_that_has_routers(
    lab: CenLab, router: Resource
) -> None:
    first, second = lab.vswitches[SHANGHAI]
    vpc = lab.vpcs[SHANGHAI]
    without = lab.new_vswitch(vpc, "10.1.9.0/24", "a")
    twin = lab.new_vswitch(vpc, "10.1.8.0/24", "b")
    stranger = lab.new_vswitch(lab.new_vpc("10.9.0.0/16", SHANGHAI), "10.9.1.0/24", "b")
    mistakes: list[tuple[list[dict[str, str]], str]] = [
        ([], "IllegalParam.ZoneMappings"),
        ([mapping(without)], "IllegalParam.ZoneId"),
        ([mapping(stranger)], "IllegalParam.VSwitchId"),
        ([mapping(first, "cn-shanghai-f")], "IllegalParam.ZoneMappings"),
        ([mapping(first), mapping(twin)], "Duplicated.ZoneMapping"),
        ([{"vswitch_id": "vsw-none", "zone_id": "cn-shanghai-b"}], "InvalidVSwitchId.NotFound"),
    ]
    for mappings, code in mistakes:
        with refused(code):
            lab.join(router, zone_mappings=mappings)
    lab.join(router, zone_mappings=[mapping(first), mapping(second)])


def test_it_takes_an_address_in_each_vswitch(lab: CenLab, router: Resource) -> None:
    first, second = lab.vswitches[SHANGHAI]
    made = lab.join(router, zone_mappings=[mapping(first)])
    with refused("DependencyViolation.NetworkInterface"):
        lab.delete(first)
    taken = made["addresses"][first.id]
    group = lab.make("security_group", vpc_id=lab.vpcs[SHANGHAI].id)
    asked = {"vswitch_id": first.id, "security_groups": [group.id]}
    with refused("InvalidPrivateIpAddress.Duplicated"):
        lab.make("instance", private_ip=taken, **asked)
    assert lab.make("instance", **asked)["private_ip"] != taken
    changes = {"zone_mappings": [mapping(first), mapping(second)]}
    moved = lab.store.update(made.kind, made.id, changes)
    assert moved["addresses"][first.id] == taken
    with refused("DependencyViolation.NetworkInterface"):
        lab.delete(second)


def test_a_full_vswitch_takes_no_router(lab: CenLab, router: Resource) -> None:
    vpc = lab.vpcs[SHANGHAI]
    small = lab.new_vswitch(vpc, "10.1.9.0/29", "b")
    group = lab.make("security_group", vpc_id=vpc.id)
    for _ in range(4):
        lab.make("instance", vswitch_id=small.id, security_groups=[group.id])
    with refused("InsufficientIpAddr.vsw"):
        lab.join(router, zone_mappings=[mapping(small)])


def test_a_vpc_has_its_routes_from_one_router(lab: CenLab, router: Resource) -> None:
    made = lab.join(router, auto_publish_route_enabled=True)
    second = lab.make("cen_instance")
    elsewhere = lab.make("cen_transit_router", cen_id=second.id)
    another = lab.join(elsewhere, cen_id=second.id)
    with refused("InvalidOperation.VpcAutoRoutesPublishInOtherCEN"):
        lab.store.update(another.kind, another.id, {"auto_publish_route_enabled": True})
    lab.store.update(made.kind, made.id, {"auto_publish_route_enabled": False})
    lab.store.update(another.kind, another.id, {"auto_publish_route_enabled": True})
    third = lab.make("cen_instance")
    with refused("InvalidOperation.CenAlreadyAutoPubilshRouteToInstance"):
        lab.attach(SHANGHAI, instance_id=third.id)


def test_a_router_advertises_to_so_many_vpcs(lab: CenLab, router: Resource) -> None:
    lab.store.set_quota("route_syncs_per_transit_router", 0)
    with refused("QuotaExceeded.VpcAutoRoutesPublishPerTransitRouter"):
        lab.join(router, auto_publish_route_enabled=True)
    lab.join(router)


def test_a_leased_line_is_attached_once(lab: CenLab, router: Resource, other: Resource) -> None:
    kind = "cen_transit_router_vbr_attachment"
    made = lab.make(kind, transit_router_id=router.id, vbr_id="vbr-1")
    assert (made["status"], made["cen_id"]) == ("Attached", lab.cen.id)
    with refused("InvalidOperation.ChildInstanceAlreadyAttached"):
        lab.make(kind, ZHANGJIAKOU, transit_router_id=other.id, vbr_id="vbr-1")
    with refused("IllegalParam.VbrId"):
        lab.make(kind, transit_router_id=router.id, vbr_id="vpc-1")
    table = lab.new_table(router)
    tie = lab.tie("association", made, table)
    with refused("OperationFailed.RouteTableAssociationExist"):
        lab.delete(made)
    lab.delete(tie)
    lab.delete(made)


def test_two_regions_are_connected_once(lab: CenLab, router: Resource, other: Resource) -> None:
    made = lab.peer(router, other)
    assert made["status"] == "Attached"
    assert made["default_link_type"] == "Gold"
    with refused("InvalidOperation.PeerAlreadyAttached"):
        lab.peer(other, router)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"peer_transit_router_id": "tr-none"}, "InvalidPeerTransitRouterId.NotFound"),
        ({"peer_transit_router_region_id": "cn-hangzhou"}, "IllegalParam.PeerRegionId"),
        ({"bandwidth": None}, "MissingParam.Bandwidth"),
        ({"bandwidth_type": "Lots"}, "IllegalParam.BandwidthType"),
        ({"cen_bandwidth_package_id": "cenbwp-1"}, "OperationUnsupported.BandwidthType"),
        ({"bandwidth_type": "BandwidthPackage"}, "IllegalParam.CenBandwidthPackageId"),
        (
            {"bandwidth_type": "BandwidthPackage", "default_link_type": "Platinum"},
            "ParameterIllegal.BandwidthPackageDefaultLinkTypeOnlySupportGold",
        ),
    ],
)
def test_connections_that_can_t_be_are_refused(
    lab: CenLab, router: Resource, other: Resource, more: dict[str, object], code: str
) -> None:
    with refused(code):
        lab.peer(router, other, **more)
    lab.peer(router, other, default_link_type="Platinum")


def test_a_router_isn_t_connected_to_itself_or_to_another_cen_s(
    lab: CenLab, router: Resource
) -> None:
    second = lab.make("cen_instance")
    stranger = lab.make("cen_transit_router", ZHANGJIAKOU, cen_id=second.id)
    for peer in (router, stranger):
        with refused("IllegalParam.PeerTransitRouterId"):
            lab.peer(router, peer)


def test_connections_share_what_the_package_has(
    lab: CenLab, router: Resource, other: Resource
) -> None:
    package = lab.new_package(5, attached=False)
    paid = {"bandwidth_type": "BandwidthPackage", "cen_bandwidth_package_id": package.id}
    with refused("InvalidOperation.BwpNotAssociated"):
        lab.peer(router, other, **paid)
    place = lab.give(package)
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.peer(router, other, **paid, bandwidth=6)
    made = lab.peer(router, other, **paid)
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.store.update(made.kind, made.id, {"bandwidth": 6})
    lab.store.update(made.kind, made.id, {"bandwidth": 5})
    third = lab.new_router("cn-hangzhou")
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.peer(router, third, **paid, bandwidth=1)
    with refused("InvalidOperation.CenBandwidthLimitsNotZero"):
        lab.delete(place)
    lab.delete(made)
    lab.delete(place)


def test_a_connection_is_served_by_one_table_on_each_side(
    lab: CenLab, router: Resource, other: Resource
) -> None:
    here, more, there = lab.new_table(router), lab.new_table(router), lab.new_table(other)
    vpc, peer = lab.join(router), lab.peer(router, other)
    assert lab.tie("association", vpc, here).id == f"{vpc.id}:{here.id}"
    for attachment in (vpc, peer):
        if attachment is peer:
            lab.tie("association", peer, here)
        with refused("AssociationExist.TransitRouterTable"):
            lab.tie("association", attachment, more)
    lab.tie("association", peer, there)
    with refused("InvalidParameter.TransitRouterRouteTableId"):
        lab.tie("association", vpc, there)


def test_a_table_learns_a_connection_s_routes_once(lab: CenLab, router: Resource) -> None:
    table, vpc = lab.new_table(router), lab.join(router)
    made = lab.tie("propagation", vpc, table)
    assert made["status"] == "Active"
    with refused("OperationUnsupported.EnablePropagation"):
        lab.tie("propagation", vpc, table)
    lab.tie("propagation", vpc, lab.new_table(router))
    with refused("InvalidTransitRouterAttachmentId.NotFound"):
        lab.tie("propagation", table, table)
    with refused("InvalidTransitRouterRouteTableId.NotFound"):
        lab.tie("propagation", vpc, vpc)


def test_a_route_of_a_table_leads_to_one_of_the_router_s_own(
    lab: CenLab, router: Resource, other: Resource
) -> None:
    table, vpc = lab.new_table(router), lab.join(router)
    made = lab.route(table, SEGMENT, vpc)
    assert made["transit_router_route_entry_id"] == made.id
    with refused("OperationFailed.CreateRouteEntryWithSameDestinationCidrBlock"):
        lab.route(table, SEGMENT, None)
    lab.route(table, "10.0.0.0/8", None)
    with refused("IllegalParam.TransitRouterDestinationCidrBlock"):
        lab.route(table, "10.0.0.1/8", vpc)
    with refused("InvalidTransitRouterRouteEntryNextHopId.NotFound"):
        lab.route(table, "10.5.0.0/16", router)
    with refused("InvalidParameter.TransitRouterRouteTableId"):
        lab.route(lab.new_table(other), "10.5.0.0/16", vpc)


def test_a_hop_is_stated_unless_the_route_leads_nowhere(lab: CenLab, router: Resource) -> None:
    table, vpc = lab.new_table(router), lab.join(router)
    asked = {
        "transit_router_route_table_id": table.id,
        "transit_router_route_entry_destination_cidr_block": "10.0.0.0/8",
    }
    hop = "transit_router_route_entry_next_hop_type"
    kind = "cen_transit_router_route_entry"
    with refused("MissingParam.TransitRouterRouteEntryNextHopId"):
        lab.make(kind, **asked, **{hop: "Attachment"})
    with refused("ParamExclusive.NextHopTypeBlackHoleAndNextHopId"):
        lab.make(
            kind,
            **asked,
            **{hop: "BlackHole", "transit_router_route_entry_next_hop_id": vpc.id},
        )


def test_nothing_goes_before_what_stands_on_it(
    lab: CenLab, router: Resource, other: Resource
) -> None:
    table, vpc, peer = lab.new_table(router), lab.join(router), lab.peer(router, other)
    learning = lab.tie("propagation", vpc, table)
    serving = lab.tie("association", vpc, table)
    entry = lab.route(table, SEGMENT, vpc)
    inside = lab.vpc_route(lab.vpcs[SHANGHAI], "10.2.0.0/16", vpc)
    steps = [
        (inside, vpc, "OperationFailed.AttachmentReferencedVpcRouteEntryExisted"),
        (serving, vpc, "OperationFailed.RouteTableAssociationExist"),
        (learning, vpc, "OperationFailed.RouteTablePropagationExist"),
        (entry, vpc, "OperationFailed.RouteEntryExist"),
    ]
    with refused("OperationFailed.DeleteRouteTableWithAssociation"):
        lab.delete(table)
    for first, then, code in steps:
        with refused(code):
            lab.delete(then)
        if first is learning:
            with refused("OperationFailed.DeleteRouteTableWithPropagation"):
                lab.delete(table)
        if first is entry:
            with refused("OperationFailed.DeleteRouteTableWithRouteEntry"):
                lab.delete(table)
        lab.delete(first)
    with refused("DependencyViolation.NetworkInterface"):
        lab.delete(lab.vswitches[SHANGHAI][0])
    with refused("OperationFailed.DeleteCenWithCustomRouteTable"):
        lab.delete(lab.cen)
    for one in (vpc, table):
        with refused("OperationFailed.DeleteTransitRouter"):
            lab.delete(router)
        lab.delete(one)
    with refused("OperationFailed.DeleteTransitRouter"):
        lab.delete(other)
    with refused("OperationFailed.DeleteCenWithAttachment"):
        lab.delete(lab.cen)
    lab.delete(peer)
    lab.delete(router)
    lab.delete(lab.cen)
    assert lab.store.all("cen_transit_router") == [], "the one that was left went along"


def test_a_vpc_with_a_router_stays(lab: CenLab, router: Resource) -> None:
    vpc = lab.new_vpc("10.9.0.0/16", SHANGHAI)
    vswitch = lab.new_vswitch(vpc, "10.9.1.0/24", "b")
    made = lab.join(router, vpc_id=vpc.id, zone_mappings=[mapping(vswitch)])
    lab.store.delete_behind(vswitch.id)
    with refused("DependencyViolation.Cen"):
        lab.delete(vpc)
    lab.delete(made)
    lab.delete(vpc)
