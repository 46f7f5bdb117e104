"""Custom routes in a VPC's route table: where a range goes, and what that stands on.

A VPC's system table comes with the VPC. Its system routes (each vSwitch's range, the cloud's own
100.64.0.0/10) aren't kept as resources; custom routes are judged against them.
"""

import ipaddress
from collections.abc import Mapping
from functools import partial
from typing import ClassVar, NamedTuple

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Quota
from sandbox.cloud.core.name_checks import check_description, check_name

__all__ = ["ROUTED", "RouteEntry"]

ROUTED = Dependent(
    "route_entry",
    "nexthop_id",
    "DependencyViolation.RouteEntry",
    "{user.id} leads to {it.id}.",
)
"""The custom routes that lead somewhere: it can't be deleted."""

_TABLE_MISSING = "InvalidRouteTableId.NotFound"
_DUPLICATE = "InvalidCIDRBlock.Duplicate"
_EVERYWHERE = ipaddress.IPv4Network("0.0.0.0/0")
# The cloud's own services; finer routes into that range are taken, these aren't.
_RESERVED = frozenset(
    ipaddress.IPv4Network(block) for block in ("100.64.0.0/10", "100.64.0.0/11", "100.96.0.0/11")
)


class _Hop(NamedTuple):
    kind: str
    missing: str


_HOPS: Mapping[str, _Hop] = {
    "Instance": _Hop("instance", "InvalidNextHop.NotFound"),
    "NetworkInterface": _Hop("ecs_network_interface", "InvalidNextHop.NotFound"),
    "VpnGateway": _Hop("vpn_gateway", "InvalidNextHop.NotFound"),
    "NatGateway": _Hop("nat_gateway", "InvalidNatGateway.NotFound"),
    "Attachment": _Hop("cen_transit_router_vpc_attachment", "InvalidAttachment.NotFound"),
}
# The cloud has these too, and the sandbox none of them.
_HOPS_ELSEWHERE = frozenset({
    "HaVip", "RouterInterface", "IPv6Gateway", "VpcPeer", "Ipv4Gateway", "GatewayEndpoint", "Ecr",
})  # fmt: skip
# A hop that is still being made; other kinds are there at once.
_READY: Mapping[str, frozenset[str]] = {
    "vpn_gateway": frozenset({"active"}),
    "instance": frozenset({"Running", "Stopped"}),
}


class RouteEntry(Kind):
    name = "route_entry"
    not_found = "InvalidRouteEntry.NotFound"
    duration = "entry_seconds"
    texts: ClassVar = {
        "name": partial(check_name, any_start=True),
        "description": check_description,
    }
    quotas = (Quota("route_entries_per_table", "QuotaExceeded", per="route_table_id"),)

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        # As the provider imports them; the cloud's own id (rte-…) is seen nowhere.
        table = str(wanted.get("route_table_id"))
        parts = ("destination_cidrblock", "nexthop_type", "nexthop_id")
        stated = [str(wanted.get(part) or "") for part in parts]
        return ":".join([table, _vpc_of(session, table).text("router_id"), *stated])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        table = str(wanted["route_table_id"])
        vpc = _vpc_of(session, table)
        if other := session.busy(("route_entry",), "route_table_id", table):
            raise CloudError("TaskConflict", f"The route {other.id} of {table} is under way.")
        _check_destination(session, vpc, table, wanted)
        _check_hop(session, vpc, wanted)
        return {"router_id": vpc.text("router_id")}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"router_id": "", **wanted, **making.found}

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        table = resource.text("route_table_id")
        if other := session.busy(("route_entry",), "route_table_id", table):
            raise CloudError("TaskConflict", f"The route {other.id} of {table} is under way.")


def _vpc_of(session: Session, table: str) -> Resource:
    for vpc in session.find("vpc", route_table_id=table):
        return vpc
    raise CloudError(_TABLE_MISSING, f"There is no route table {table} in {session.region}.")


def _check_destination(session: Session, vpc: Resource, table: str, wanted: Attributes) -> None:
    stated = wanted.get("destination_cidrblock")
    if not stated:
        raise CloudError("MissingParameter", "A route needs a destination.")
    try:
        # A mere address is a range of one.
        block = ipaddress.IPv4Network(str(stated))
    except ValueError as problem:
        raise CloudError(
            "InvalidCidrBlock.Malformed", f"{stated!r} is no IPv4 network: {problem}."
        ) from None
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
    kind, identity = wanted.get("nexthop_type"), wanted.get("nexthop_id")
    if not kind:
        raise CloudError("InvalidNexthopTypeAndList.BothNull", "A route needs a next hop.")
    if kind in _HOPS_ELSEWHERE:
        raise CloudError(
            "InvalidNextHop.NotFound", f"The sandbox knows no next hop of kind {kind}."
        )
    hop = _HOPS.get(str(kind))
    if hop is None:
        raise CloudError("InvalidNextHopType", f"{kind!r} is no kind of next hop.")
    found = session.need(hop.kind, identity, hop.missing)
    if _home(session, found) != vpc.id:
        raise CloudError("InvalidNexthop", f"The next hop {found.id} isn't in {vpc.id}.")
    ready = _READY.get(hop.kind)
    if ready and found["status"] not in ready:
        raise CloudError("IncorrectInstanceStatus", f"{found.id} is {found['status']}.")


def _home(session: Session, hop: Resource) -> str:
    if hop["vpc_id"]:
        return hop.text("vpc_id")
    vswitch = session.get("vswitch", hop["vswitch_id"])
    return vswitch.text("vpc_id") if vswitch else ""
