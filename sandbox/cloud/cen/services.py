"""Basic edition: ways to cloud services through a CEN, and routes that a VPC publishes to it."""

import ipaddress

from typing_extensions import override

from sandbox.cloud.cen.basic_attachment import regions_of
from sandbox.cloud.cen.names import ATTACHMENT, CEN, CEN_MISSING, ROUTER, SERVICE, VPC, VPC_ENTRY
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description

__all__ = ["PublishedRoute", "RouteService"]

_SERVICES = ipaddress.IPv4Network("100.64.0.0/10")


class RouteService(Kind):
    """`ResolveAndRouteServiceInCen`. Its id is made of the CEN, the region, the range and who asks.

    Only within a region, and only for leased lines: VPCs reach a service of another region through
    Enterprise Edition transit routers, or by a ticket.
    """

    name = SERVICE
    not_found = "InvalidCloudRoute.NotFound"  # ours

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = ("cen_id", "host_region_id", "host", "access_region_id")
        return ":".join(str(wanted[part]) for part in parts)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        cen = session.need(CEN, wanted["cen_id"], CEN_MISSING)
        check_description(wanted.get("description"))
        block = _host(wanted["host"])
        region = wanted["host_region_id"]
        if session.sift(ROUTER, cen_id=cen.id, region_id=region):
            raise CloudError(
                "OperationUnsupported.TransitRouterType",
                f"{region} of {cen.id} has an Enterprise Edition transit router: add a route entry "
                "to its route table instead.",
            )
        vpc = wanted["host_vpc_id"]
        if not session.get(ATTACHMENT, f"{cen.id}:{vpc}:VPC:{region}"):
            raise CloudError(
                "CloudRoute.VpcNotAttached", f"{vpc} of {region} isn't attached to {cen.id}."
            )
        access = wanted["access_region_id"]
        if access != region or access not in regions_of(session, cen.id):
            raise CloudError(
                "ParameterIllegal.AccessRegionId",
                f"{access} can't reach a service in {region} this way: only its own region can.",
            )
        for other in session.sift(SERVICE, cen_id=cen.id, access_region_id=access):
            there = ipaddress.IPv4Network(other.text("host"))
            if there.overlaps(block):
                code = "CloudRoute.Exist" if there == block else "CloudRoute.Conflict"
                raise CloudError(code, f"{other.id} covers {block} already.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"status": "Active", **wanted}


def _host(host: object) -> ipaddress.IPv4Network:
    try:
        block = ipaddress.IPv4Network(str(host))
    except ValueError:
        raise CloudError(
            "ParameterIllegal.Host", f"{host!r} isn't an address or a range; domains aren't taken."
        ) from None
    if not block.subnet_of(_SERVICES):
        raise CloudError(
            "ParameterIllegal.ClouteRouteCidrNotAllow", f"{block} isn't in {_SERVICES}"
        )
    return block


class PublishedRoute(Kind):
    """A custom route of a VPC that a CEN is told of. Its id: the CEN, the table, the range."""

    name = "cen_route_entry"
    not_found = "InvalidOperation.NotFoundRoute"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return ":".join(
            str(wanted[part]) for part in ("instance_id", "route_table_id", "cidr_block")
        )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        cen = session.need(CEN, wanted["instance_id"], CEN_MISSING)
        vpc = next(iter(session.sift("vpc", route_table_id=wanted["route_table_id"])), None)
        attached = vpc is not None and (
            session.get(ATTACHMENT, f"{cen.id}:{vpc.id}:VPC:{session.region}")
            or any(one["cen_id"] == cen.id for one in session.find(VPC, vpc_id=vpc.id))
        )
        if not attached:
            raise CloudError(
                "Instance.NotExist",
                f"{wanted['route_table_id']} belongs to no VPC of {session.region} in {cen.id}.",
            )
        table, block = wanted["route_table_id"], wanted["cidr_block"]
        found = session.sift(VPC_ENTRY, route_table_id=table, destination_cidrblock=block)
        if not found:
            raise CloudError(self.not_found, f"{table} has no route of its own to {block}.")
        if found[0]["nexthop_type"] == "Attachment":
            raise CloudError(
                "InvalidOperation.UnsupportnexthopType",
                f"The route to {block} leads to a transit router; such routes aren't published.",
            )
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return dict(wanted)
