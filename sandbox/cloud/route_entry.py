"""Custom routes in a VPC's route table."""

import ipaddress
from typing import Final

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name

__all__ = ["ENTRY", "SERVICES", "RouteEntry", "vpc_of"]

ENTRY: Final = "route_entry"
SERVICES: Final = ipaddress.IPv4Network("100.64.0.0/10")
"""Where the cloud's own services are; each VPC has a route of the system's there."""

_ROUTER_ATTACHMENT = "cen_transit_router_vpc_attachment"
# Others exist and aren't looked up.
_HOPS = {
    "Instance": "instance",
    "NetworkInterface": "ecs_network_interface",
    "NatGateway": "nat_gateway",
}


def vpc_of(session: Session, table: object) -> Resource | None:
    """The VPC of this region whose route table this is."""
    return next(iter(session.sift("vpc", route_table_id=table)), None)


class RouteEntry(Kind):
    """One route. Its id: the table, the VPC's router, the range, the next hop's type and id."""

    name = ENTRY
    not_found = "InvalidRouteEntry.NotFound"
    duration = "entry_seconds"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        vpc = vpc_of(session, wanted["route_table_id"])
        router = vpc["router_id"] if vpc else ""
        parts = ("destination_cidrblock", "nexthop_type", "nexthop_id")
        return ":".join(map(str, [wanted["route_table_id"], router, *map(wanted.get, parts)]))

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        table = wanted["route_table_id"]
        vpc = vpc_of(session, table)
        if vpc is None:
            raise CloudError(
                "InvalidRouteTableId.NotFound", f"{session.region} has no route table {table}."
            )
        check_name(wanted.get("name"))
        check_description(wanted.get("description"))
        if other := session.busy((ENTRY,), "route_table_id", str(table)):
            raise CloudError("TaskConflict", f"{table} is busy with {other.id}.")
        self._check_destination(session, vpc, wanted)
        self._check_hop(session, vpc, wanted)
        return {"router_id": vpc["router_id"]}

    def _check_destination(self, session: Session, vpc: Resource, wanted: Attributes) -> None:
        text = wanted.get("destination_cidrblock")
        try:
            block = ipaddress.IPv4Network(str(text))
        except ValueError:
            raise CloudError("InvalidCidrBlock.Malformed", f"{text!r} is no network.") from None
        # The page forbids all of these. The cloud's own walkthrough of services in another region
        # sends parts of them to a transit router, so that is let through.
        hop = wanted.get("nexthop_type")
        if block.subnet_of(SERVICES) and (block == SERVICES or hop != "Attachment"):
            raise CloudError("InvalidDestinationCidrBlock", f"{block} is the cloud's own.")
        for vswitch in session.find("vswitch", vpc_id=vpc.id):
            if block.subnet_of(ipaddress.IPv4Network(vswitch.text("cidr_block"))):
                raise CloudError(  # The code is ours.
                    "InvalidCidrBlock.InVSwitch",
                    f"{block} is or lies in {vswitch['cidr_block']} of {vswitch.id}.",
                )
        table = wanted["route_table_id"]
        if session.sift(ENTRY, route_table_id=table, destination_cidrblock=str(block)):
            raise CloudError("InvalidRouteEntry.Duplicate", f"{table} has a route to {block}.")

    def _check_hop(self, session: Session, vpc: Resource, wanted: Attributes) -> None:
        hop, kind = wanted.get("nexthop_id"), wanted.get("nexthop_type")
        if kind == "Attachment":
            attachment = session.need(_ROUTER_ATTACHMENT, hop, "InvalidAttachment.NotFound")
            if attachment["vpc_id"] != vpc.id:
                raise CloudError("IllegalParam.AttachmentId", f"{hop} doesn't attach {vpc.id}.")
        elif known := _HOPS.get(str(kind)):
            session.need(known, hop, "InvalidNextHop.NotFound")

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"router_id": making.new_id("vrt-"), **wanted, **making.found}

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if other := session.busy((ENTRY,), "route_table_id", resource.text("route_table_id")):
            raise CloudError("TaskConflict", f"The route table is busy with {other.id}.")
