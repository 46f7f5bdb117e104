"""Custom routes in a VPC's route table: where a range goes, and what that stands on.

A VPC's system table comes with the VPC. Its system routes (each vSwitch's range, the cloud's own
100.64.0.0/10) aren't kept as resources; custom routes are judged against them.
"""

import ipaddress
from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.kind import Parent, Quota
from sandbox.cloud.core.name_checks import check_any_name, check_description, parsed

__all__ = ["ROUTED", "RouteEntry"]

ROUTED = Dependent(
    "route_entry",
    "nexthop_id",
    "DependencyViolation.RouteEntry",
    "{user.id} leads to {it.id}.",
)
"""The custom routes that lead somewhere: it can't be deleted."""

_HOP_MISSING = "InvalidNextHop.NotFound"
_DUPLICATE = "InvalidCIDRBlock.Duplicate"
_EVERYWHERE = ipaddress.IPv4Network("0.0.0.0/0")
# The cloud's own services; finer routes into that range are taken, these aren't.
_RESERVED = frozenset(
    ipaddress.IPv4Network(block) for block in ("100.64.0.0/10", "100.64.0.0/11", "100.96.0.0/11")
)


_UNREADY = ("IncorrectInstanceStatus", "{it.id} is {it[status]}.")
# What a route may lead to. What has statuses of its own may still be being made.
_HOPS: Mapping[str, Parent] = {
    "Instance": Parent(
        "instance", "nexthop_id", _HOP_MISSING, ready=("Running", "Stopped"), unready=_UNREADY
    ),
    "NetworkInterface": Parent("ecs_network_interface", "nexthop_id", _HOP_MISSING),
    "VpnGateway": Parent(
        "vpn_gateway", "nexthop_id", _HOP_MISSING, ready=("active",), unready=_UNREADY
    ),
    "NatGateway": Parent("nat_gateway", "nexthop_id", "InvalidNatGateway.NotFound"),
    "Attachment": Parent(
        "cen_transit_router_vpc_attachment", "nexthop_id", "InvalidAttachment.NotFound"
    ),
}
# The cloud has these too, and the sandbox none of them.
_HOPS_ELSEWHERE = frozenset({
    "HaVip", "RouterInterface", "IPv6Gateway", "VpcPeer", "Ipv4Gateway", "GatewayEndpoint", "Ecr",
})  # fmt: skip


class RouteEntry(Kind):
    name = "route_entry"
    not_found = "InvalidRouteEntry.NotFound"
    duration = "entry_seconds"
    texts: ClassVar = {
        "name": check_any_name,
        "description": check_description,
    }
    quotas = (Quota("route_entries_per_table", "QuotaExceeded", per="route_table_id"),)
    parents = (
        Parent(
            "vpc",
            "route_table_id",
            "InvalidRouteTableId.NotFound",
            own="route_table_id",
            words="There is no route table {name} in {region}.",
        ),
    )
    fills: ClassVar = {"router_id": ""}

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        # As the provider imports them; the cloud's own id (rte-…) is seen nowhere.
        vpc = self.parent(session, wanted, "route_table_id")
        parts = ("destination_cidrblock", "nexthop_type", "nexthop_id")
        stated = [str(wanted.get(part) or "") for part in parts]
        return ":".join([vpc.text("route_table_id"), vpc.text("router_id"), *stated])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        table = str(wanted["route_table_id"])
        vpc = self.parent(session, wanted, "route_table_id")
        if other := session.busy(("route_entry",), "route_table_id", table):
            raise CloudError("TaskConflict", f"The route {other.id} of {table} is under way.")
        _check_destination(session, vpc, table, wanted)
        _check_hop(session, vpc, wanted)
        return {"router_id": vpc.text("router_id")}

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        table = resource.text("route_table_id")
        if other := session.busy(("route_entry",), "route_table_id", table):
            raise CloudError("TaskConflict", f"The route {other.id} of {table} is under way.")


def _check_destination(session: Session, vpc: Resource, table: str, wanted: Attributes) -> None:
    stated = wanted.get("destination_cidrblock")
    if not stated:
        raise CloudError("MissingParameter", "A route needs a destination.")
    # A mere address is a range of one.
    words = "{text!r} is no IPv4 network: {problem}."
    block = parsed(ipaddress.IPv4Network, stated, "InvalidCidrBlock.Malformed", words)
    if block in _RESERVED:
        raise CloudError("InvalidCidrBlock", f"{block} is the cloud's own.")
    for vswitch in session.find("vswitch", vpc_id=vpc.id):
        if block.subnet_of(ipaddress.IPv4Network(vswitch.text("cidr_block"))):
            raise CloudError(
                "InvalidCidrBlock",
                f"{block} is in {vswitch['cidr_block']} of {vswitch.id}, which has a system route.",
            )
    for other in session.find("route_entry", route_table_id=table):
        if block == ipaddress.IPv4Network(other.text("destination_cidrblock")):
            raise CloudError(_DUPLICATE, f"{table} has a route to {block} already: {other.id}.")
    gateways = session.find("nat_gateway", vpc_id=vpc.id) if block == _EVERYWHERE else []
    for gateway in gateways:
        if gateway["network_type"] != "intranet":
            raise CloudError(_DUPLICATE, f"{gateway.id} put a route to {block} into {table}.")


def _check_hop(session: Session, vpc: Resource, wanted: Attributes) -> None:
    kind = wanted.get("nexthop_type")
    if not kind:
        raise CloudError("InvalidNexthopTypeAndList.BothNull", "A route needs a next hop.")
    if kind in _HOPS_ELSEWHERE:
        raise CloudError(_HOP_MISSING, f"The sandbox knows no next hop of kind {kind}.")
    hop = _HOPS.get(str(kind))
    if hop is None:
        raise CloudError("InvalidNextHopType", f"{kind!r} is no kind of next hop.")
    found = hop.need(session, wanted)
    if _home(session, found) != vpc.id:
        raise CloudError("InvalidNexthop", f"The next hop {found.id} isn't in {vpc.id}.")
    hop.check_ready(found)


def _home(session: Session, hop: Resource) -> str:
    if hop["vpc_id"]:
        return hop.text("vpc_id")
    vswitch = session.get("vswitch", hop["vswitch_id"])
    return vswitch.text("vpc_id") if vswitch else ""
