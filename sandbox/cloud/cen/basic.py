"""Basic edition: networks attached to a CEN as they are, ways to cloud services, published routes.

What is attached is a VPC or a leased line's border router (VBR).
"""

import ipaddress
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Parent, Resource, Session
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.core.name_checks import check_description, parsed

__all__ = ["InstanceAttachment", "PublishedRoute", "RouteService", "regions_of"]

_SERVICES = ipaddress.IPv4Network("100.64.0.0/10")


class InstanceAttachment(Kind):
    """Its id is made of the CEN, what is attached, its type and its region."""

    name = "cen_instance_attachment"
    not_found = "ParameterInstanceId"
    scope = "account"
    id_parts = (
        "instance_id",
        "child_instance_id",
        "child_instance_type",
        "child_instance_region_id",
    )
    indexed = ("instance_id",)
    parents = (Parent("cen_instance", "instance_id"),)
    fills: ClassVar = {"child_instance_owner_id": int(ACCOUNT_ID), "status": "Attached"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        cen = self.parent(session, wanted, "instance_id")
        child, region = wanted["child_instance_id"], wanted["child_instance_region_id"]
        if session.find("cen_transit_router", cen_id=cen.id, region_id=region):
            raise CloudError(
                "OperationFailed.InvalidTransitRouter",
                f"{cen.id} has an Enterprise Edition transit router in {region}; networks are "
                "attached to that one.",
            )
        others = [
            *session.find("cen_instance_attachment", child_instance_id=child),
            *session.find("cen_transit_router_vbr_attachment", vbr_id=child),
        ]
        if others:
            raise CloudError(
                "InvalidOperation.ChildInstanceAlreadyAttached",
                f"{child} is attached already: {others[0].id}.",
            )
        if wanted["child_instance_type"] == "VPC":
            self._check_vpc(session, cen, child, region)
        elif not str(child).startswith(f"{wanted['child_instance_type'].lower()}-"):
            # Leased lines are built by people: any id that looks like one is believed.
            raise CloudError("ParameterInstanceId", f"{child!r} isn't the id of a VBR or CCN.")

    def _check_vpc(self, session: Session, cen: Resource, child: str, region: str) -> None:
        there = session.in_region(region)
        there.need("vpc", child, self.not_found)
        for one in session.find("cen_transit_router_vpc_attachment", vpc_id=child):
            if one["auto_publish_route_enabled"]:
                raise CloudError(
                    "InvalidOperation.CenAlreadyAutoPubilshRouteToInstance",
                    f"{one.id} of {one['cen_id']} already advertises its routes to {child}.",
                )
        ranges = {one["cidr_block"]: one.id for one in there.find("vswitch", vpc_id=child)}
        for other in session.find("cen_instance_attachment", instance_id=cen.id):
            elsewhere = session.in_region(other.text("child_instance_region_id"))
            for vswitch in elsewhere.find("vswitch", vpc_id=other["child_instance_id"]):
                if vswitch["cidr_block"] in ranges:
                    # Published: under protection level REDUCED no two are the same. Ours: the code,
                    # and that the attachment is refused rather than the route marked.
                    raise CloudError(
                        "InvalidOperation.CidrConflict",
                        f"{ranges[vswitch['cidr_block']]} and {vswitch.id} in {cen.id} both have "
                        f"{vswitch['cidr_block']}.",
                    )

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        cen, region = resource["instance_id"], resource["child_instance_region_id"]
        for service in session.find(
            "cen_route_service", cen_id=cen, host_vpc_id=resource["child_instance_id"]
        ):
            raise CloudError(  # The code is made like its neighbours'.
                "Forbidden.CloudRouteExisted",
                f"{service.id} goes through {resource['child_instance_id']}; delete it first.",
            )
        if regions_of(session, cen, besides=resource.id) >= {region}:
            return
        for limit in session.find("cen_bandwidth_limit", instance_id=cen):
            if region in limit["region_ids"]:
                raise CloudError(
                    "OperationFailed.BandwidthLimitExist",
                    f"{limit.id} still gives bandwidth to {region}, of which this is the last.",
                )


def regions_of(session: Session, cen: str, *, besides: str = "") -> set[str]:
    """The regions in which something is attached to a CEN of the basic edition."""
    attached = session.find("cen_instance_attachment", instance_id=cen)
    return {one["child_instance_region_id"] for one in attached if one.id != besides}


class RouteService(Kind):
    """`ResolveAndRouteServiceInCen`. Its id is made of the CEN, the region, the range and who asks.

    Only within a region, and only for leased lines: VPCs reach a service of another region through
    Enterprise Edition transit routers, or by a ticket.
    """

    name = "cen_route_service"
    not_found = "InvalidCloudRoute.NotFound"  # ours
    scope = "account"
    id_parts = ("cen_id", "host_region_id", "host", "access_region_id")
    parents = (Parent("cen_instance", "cen_id"),)
    texts: ClassVar = {"description": check_description}
    fills: ClassVar = {"status": "Active"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        cen = self.parent(session, wanted, "cen_id")
        block = _host(wanted["host"])
        region = wanted["host_region_id"]
        if session.find("cen_transit_router", cen_id=cen.id, region_id=region):
            raise CloudError(
                "OperationUnsupported.TransitRouterType",
                f"{region} of {cen.id} has an Enterprise Edition transit router: add a route entry "
                "to its route table instead.",
            )
        vpc = wanted["host_vpc_id"]
        if not session.get("cen_instance_attachment", f"{cen.id}:{vpc}:VPC:{region}"):
            raise CloudError(
                "CloudRoute.VpcNotAttached", f"{vpc} of {region} isn't attached to {cen.id}."
            )
        access = wanted["access_region_id"]
        if access != region or access not in regions_of(session, cen.id):
            raise CloudError(
                "ParameterIllegal.AccessRegionId",
                f"{access} can't reach a service in {region} this way: only its own region can.",
            )
        for other in session.find("cen_route_service", cen_id=cen.id, access_region_id=access):
            there = ipaddress.IPv4Network(other.text("host"))
            if there.overlaps(block):
                code = "CloudRoute.Exist" if there == block else "CloudRoute.Conflict"
                raise CloudError(code, f"{other.id} covers {block} already.")


def _host(host: object) -> ipaddress.IPv4Network:
    words = "{text!r} isn't an address or a range; domains aren't taken."
    block = parsed(ipaddress.IPv4Network, host, "ParameterIllegal.Host", words)
    if not block.subnet_of(_SERVICES):
        raise CloudError(
            "ParameterIllegal.ClouteRouteCidrNotAllow", f"{block} isn't in {_SERVICES}"
        )
    return block


class PublishedRoute(Kind):
    """A custom route of a VPC that a CEN is told of. Its id: the CEN, the table, the range."""

    name = "cen_route_entry"
    not_found = "InvalidOperation.NotFoundRoute"
    id_parts = ("instance_id", "route_table_id", "cidr_block")
    parents = (Parent("cen_instance", "instance_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        cen = self.parent(session, wanted, "instance_id")
        vpc = next(iter(session.find("vpc", route_table_id=wanted["route_table_id"])), None)
        attached = vpc is not None and (
            session.get("cen_instance_attachment", f"{cen.id}:{vpc.id}:VPC:{session.region}")
            or any(
                one["cen_id"] == cen.id
                for one in session.find("cen_transit_router_vpc_attachment", vpc_id=vpc.id)
            )
        )
        if not attached:
            raise CloudError(
                "Instance.NotExist",
                f"{wanted['route_table_id']} belongs to no VPC of {session.region} in {cen.id}.",
            )
        table, block = wanted["route_table_id"], wanted["cidr_block"]
        found = session.find("route_entry", route_table_id=table, destination_cidrblock=block)
        if not found:
            raise CloudError(self.not_found, f"{table} has no route of its own to {block}.")
        if found[0]["nexthop_type"] == "Attachment":
            raise CloudError(
                "InvalidOperation.UnsupportnexthopType",
                f"The route to {block} leads to a transit router; such routes aren't published.",
            )
