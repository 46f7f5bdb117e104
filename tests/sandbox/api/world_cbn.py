"""Cloud Enterprise Network's account: both editions, each in a CEN of its own."""

from typing import Any

from sandbox.api import cbn
from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.world import World
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab


def of_cbn() -> World:
    basic = CenLab()
    lab = CenLab(basic.store)
    child = basic.attach(SHANGHAI)
    basic.attach(ZHANGJIAKOU)
    package = basic.new_package(cen_bandwidth_package_name="north")
    idle = basic.new_package(attached=False)
    basic.limit(2)
    service = basic.make(
        "cen_route_service",
        cen_id=basic.cen.id,
        host="100.118.28.0/24",
        host_region_id=SHANGHAI,
        host_vpc_id=basic.vpcs[SHANGHAI].id,
        access_region_id=SHANGHAI,
    )
    vpn = basic.new_vpn(basic.vpcs[SHANGHAI])
    for cidr in ("10.9.0.0/16", "10.8.0.0/16"):
        basic.vpc_route(basic.vpcs[SHANGHAI], cidr, vpn, nexthop_type="VpnGateway")
    table = basic.vpcs[SHANGHAI]["route_table_id"]
    basic.make(
        "cen_route_entry", instance_id=basic.cen.id, route_table_id=table, cidr_block="10.9.0.0/16"
    )

    tagged: dict[str, Any] = {"tags": {"team": "shop"}}
    routers = [lab.new_router(region) for region in (SHANGHAI, ZHANGJIAKOU)]
    routes = lab.new_table(routers[0])
    vpc = lab.join(routers[0])
    vbr = lab.make(
        "cen_transit_router_vbr_attachment", transit_router_id=routers[0].id, vbr_id="vbr-1"
    )
    peer = lab.peer(*routers)
    lab.tie("association", vpc, routes)
    lab.tie("propagation", vpc, routes)
    route = lab.route(routes, "10.5.0.0/16", vpc)
    for one in (lab.cen, routers[0], routes, vpc, vbr, peer):
        lab.store.update(one.kind, one.id, tagged)
    front = "TransitRouterRouteEntry"
    vswitch = lab.vswitches[ZHANGJIAKOU][0]
    joins = {
        "RegionId": ZHANGJIAKOU,
        "VpcId": lab.vpcs[ZHANGJIAKOU].id,
        "TransitRouterId": routers[1].id,
        "ZoneMappings.1.ZoneId": vswitch["zone_id"],
        "ZoneMappings.1.VSwitchId": vswitch.id,
    }
    published = {
        "ChildInstanceRouteTableId": table,
        "ChildInstanceId": basic.vpcs[SHANGHAI].id,
        "ChildInstanceRegionId": SHANGHAI,
        "ChildInstanceType": "VPC",
    }
    return World(
        Api(cbn.PRODUCT, lab.store),
        {
            "CenId": basic.cen.id,
            "CreateTransitRouter CenId": basic.cen.id,
            "CreateTransitRouter RegionId": "cn-beijing",
            "ResourceType": "cen",
            "ResourceId": lab.cen.id,
            "ResourceId.1": lab.cen.id,
            "Tag.1.Key": "a",
            "NewResourceGroupId": "rg-other",
            **published,
            "DestinationCidrBlock": "10.9.0.0/16",
            "PublishRouteEntries DestinationCidrBlock": "10.8.0.0/16",
            "CenBandwidthPackageId": package.id,
            "ModifyCenBandwidthPackageSpec CenBandwidthPackageId": idle.id,
            "DeleteCenBandwidthPackage CenBandwidthPackageId": idle.id,
            "Bandwidth": "10",
            "GeographicRegionAId": "China",
            "GeographicRegionBId": "China",
            "BandwidthLimit": "3",
            "LocalRegionId": SHANGHAI,
            "OppositeRegionId": ZHANGJIAKOU,
            "AccessRegionId": SHANGHAI,
            "AccessRegionIds.1": SHANGHAI,
            "Host": service["host"],
            "ResolveAndRouteServiceInCen Host": "100.119.0.0/16",
            "HostRegionId": SHANGHAI,
            "HostVpcId": basic.vpcs[SHANGHAI].id,
            "TransitRouterId": routers[0].id,
            "TransitRouterRouteTableId": routes.id,
            **{
                f"{verb}TransitRouter{word}Attachment{rest} TransitRouterAttachmentId": one.id
                for word, one in (("Vpc", vpc), ("Vbr", vbr), ("Peer", peer))
                for verb, rest in (("Update", "Attribute"), ("Delete", ""), ("Update", "Zones"))
            },
            "TransitRouterAttachmentId": vpc.id,
            "EnableTransitRouterRouteTablePropagation TransitRouterAttachmentId": vbr.id,
            "AssociateTransitRouterAttachmentWithRouteTable TransitRouterAttachmentId": vbr.id,
            **{f"CreateTransitRouterVpcAttachment {name}": it for name, it in joins.items()},
            "VpcId": lab.vpcs[SHANGHAI].id,
            "VbrId": "vbr-2",
            "PeerTransitRouterId": routers[1].id,
            "CreateTransitRouterVbrAttachment TransitRouterId": routers[0].id,
            f"{front}Id": route.id,
            f"{front}DestinationCidrBlock": "10.6.0.0/16",
            f"{front}NextHopType": "BlackHole",
            "DetachCenChildInstance ChildInstanceId": child["child_instance_id"],
        },
    )
