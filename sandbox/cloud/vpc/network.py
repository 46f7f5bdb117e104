"""Virtual private clouds and their vSwitches: which address in one is whose, and which are free.

Instances, NAT gateways, load balancers, transit routers and network cards draw from the same
vSwitch, so each of them asks here.
"""

import ipaddress
import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import TIME, Parent, Quota
from sandbox.cloud.core.name_checks import check_any_name, check_description, parsed

__all__ = [
    "ELSEWHERE",
    "VSwitch",
    "Vpc",
    "check_private_address",
    "free_addresses",
    "free_private_address",
    "free_private_addresses",
]

ELSEWHERE: Final = "no VPC that is known"
"""Where a server is that was only assumed to be there, in a network that isn't made yet."""

_RESERVED = tuple(
    ipaddress.IPv4Network(block)
    for block in ("100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")
)
_DEFAULT_BLOCK = "172.16.0.0/12"
_MALFORMED = "InvalidCidrBlock.Malformed"
_VPC_MASKS = range(8, 29)
_VSWITCH_MASKS = range(16, 30)
_USED = "The vSwitch {it.id} is used by {user.id}."


def _network(text: object) -> ipaddress.IPv4Network:
    words = "{text!r} is not an IPv4 network: {problem}."
    return parsed(ipaddress.IPv4Network, text, _MALFORMED, words)


class Vpc(Kind):
    name = "vpc"
    prefix = "vpc-"
    not_found = "InvalidVpcId.NotFound"
    twins: ClassVar = {"vpc_name": "name"}
    texts: ClassVar = {"vpc_name": check_any_name, "description": check_description}
    quotas = (Quota("vpcs_per_region", "QuotaExceeded.Vpc"),)
    dependents = (
        *(
            Dependent(
                kind,
                "vpc_id",
                f"DependencyViolation.{word}",
                f"The VPC {{it.id}} still has the {kind.replace('_', ' ')} {{user.id}}.",
            )
            # The cloud's own names for what still stands in the way.
            for kind, word in (
                ("vswitch", "VSwitch"),
                ("nat_gateway", "NatGateway"),
                ("security_group", "SecurityGroup"),
                ("vpn_gateway", "VpnGateway"),
            )
        ),
        # The code is ours.
        *(
            Dependent(kind, by, "DependencyViolation.Cen", "{user.id} still joins the VPC {it.id}.")
            for kind, by in (
                ("cen_instance_attachment", "child_instance_id"),
                ("cen_transit_router_vpc_attachment", "vpc_id"),
            )
        ),
        # Its route table goes with it, and what is in that.
        Dependent("route_entry", "route_table_id", goes=True, own="route_table_id"),
    )

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        blocks = [_network(text) for text in blocks_of(asked)]
        for block in blocks:
            if block.prefixlen not in _VPC_MASKS or any(map(block.overlaps, _RESERVED)):
                raise CloudError(
                    _MALFORMED,
                    f"{block} can't be a VPC's network: a /8 to /28 that has nothing of "
                    f"{', '.join(map(str, _RESERVED))}.",
                )
        for one, other in itertools.combinations(blocks, 2):
            if one.overlaps(other):
                raise CloudError(
                    "InvalidCidrBlock.Overlapped", f"{one} and {other} of one VPC overlap."
                )
        for vswitch in session.find("vswitch", vpc_id=own.id) if own else ():
            inside = ipaddress.IPv4Network(vswitch.text("cidr_block"))
            if not any(map(inside.subnet_of, blocks)):
                raise CloudError(
                    "DependencyViolation.VSwitch",
                    f"{vswitch['cidr_block']} of the vSwitch {vswitch.id} would be in no block.",
                )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        table = making.new_id("vtb-")
        return {
            "cidr_block": _DEFAULT_BLOCK,
            "create_time": making.time,
            "dns_hostname_status": "DISABLED",
            "enable_ipv6": False,
            "ipv6_cidr_block": "",
            "ipv6_cidr_blocks": [],
            "ipv6_isp": "",
            "is_default": False,
            "region_id": making.region,
            "resource_group_id": RESOURCE_GROUP,
            "route_table_id": table,
            "router_table_id": table,
            "router_id": making.new_id("vrt-"),
            "secondary_cidr_blocks": [],
            "status": "Available",
            "system_route_table_route_propagation_enable": True,
            "user_cidrs": [],
            "vpc_name": "",
            **wanted,
        }


def blocks_of(vpc: Mapping[str, Any]) -> list[str]:
    """A VPC's own block, and those that were added to it."""
    return [vpc.get("cidr_block") or _DEFAULT_BLOCK, *(vpc.get("secondary_cidr_blocks") or ())]


class VSwitch(Kind):
    name = "vswitch"
    prefix = "vsw-"
    not_found = "InvalidVSwitchId.NotFound"
    twins: ClassVar = {"vswitch_name": "name", "zone_id": "availability_zone"}
    texts: ClassVar = {"vswitch_name": check_any_name, "description": check_description}
    quotas = (Quota("vswitches_per_vpc", "QuotaExceeded.VSwitch", per="vpc_id"),)
    indexed = ("vpc_id",)
    parents = (Parent("vpc", "vpc_id"),)
    dependents = tuple(
        Dependent(kind, by, f"DependencyViolation.{word}", _USED)
        for kind, by, word in (
            ("nat_gateway", "vswitch_id", "NatGateway"),
            ("instance", "vswitch_id", "Instance"),
            ("ecs_network_interface", "vswitch_id", "NetworkInterface"),
            ("snat_entry", "source_vswitch_id", "SnatEntry"),
            # The codes for these are ours.
            ("slb_load_balancer", "vswitch_id", "LoadBalancer"),
            ("vpn_gateway", "vswitch_id", "VpnGateway"),
            ("vpn_gateway", "disaster_recovery_vswitch_id", "VpnGateway"),
        )
    )
    fills: ClassVar = {
        "create_time": TIME,
        "enable_ipv6": False,
        "ipv6_cidr_block": "",
        "ipv6_cidr_block_mask": 0,
        "is_default": False,
        "status": "Available",
        "vswitch_name": "",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        vpc = self.parent(session, wanted, "vpc_id")
        block = _network(wanted.get("cidr_block"))
        wholes = blocks_of(vpc.attributes)
        if block.prefixlen not in _VSWITCH_MASKS or not any(
            block.subnet_of(ipaddress.IPv4Network(whole)) for whole in wholes
        ):
            raise CloudError(
                "InvalidParameter",
                f"{block} isn't a /16 to /29 inside {' or '.join(wholes)}, the network of "
                f"{vpc.id}.",
            )
        for other in session.find("vswitch", vpc_id=vpc.id):
            if block.overlaps(ipaddress.IPv4Network(other.text("cidr_block"))):
                raise CloudError(
                    "InvalidCidrBlock.Overlapped",
                    f"{block} overlaps {other['cidr_block']} of the vSwitch {other.id}.",
                )
        for route in session.find("route_entry", route_table_id=vpc["route_table_id"]):
            # A route may hold a vSwitch in its destination, and not the other way round.
            if ipaddress.IPv4Network(route.text("destination_cidrblock")).subnet_of(block):
                raise CloudError(
                    "InvalidCidrBlock.Overlapped", f"{block} holds the destination of {route.id}."
                )
        zone = str(wanted.get("zone_id"))
        # cn-shanghai-a, but ap-southeast-1a.
        if not re.fullmatch(re.escape(session.region) + "-?[a-z]", zone):
            raise CloudError(
                "InvalidZoneId.NotFound", f"{session.region} has no zone called {zone!r}."
            )

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        super().check_delete(session, resource, force=force)
        for word, users in (
            ("Function", _functions_in(session, resource.id)),  # ours
            # The transit router's own network card there.
            ("NetworkInterface", _routers_in(session, resource)),
        ):
            if users:
                raise CloudError(
                    f"DependencyViolation.{word}", _USED.format(it=resource, user=users[0])
                )


def _routers_in(session: Session, vswitch: Resource) -> list[Resource]:
    """The attachments of transit routers that lie in a vSwitch."""
    attached = session.find("cen_transit_router_vpc_attachment", vpc_id=vswitch["vpc_id"])
    return [one for one in attached if vswitch.id in one["addresses"]]


def _functions_in(session: Session, vswitch: str) -> list[Resource]:
    """The functions with a network card in a vSwitch."""
    functions: list[Resource] = []
    for one in session.find("fcv3_function"):
        place: Attributes = one["vpc_config"] or {}
        if vswitch in (place.get("vswitch_ids") or ()):
            functions.append(one)
    return functions


_CARD = "ecs_network_interface"
_HOLDERS = ("instance", "nat_gateway", "slb_load_balancer", _CARD)
# The first address of a vSwitch and its last three belong to the cloud.
_RESERVED_LAST = 3


def check_private_address(session: Session, vswitch: Resource, address: str) -> None:
    """Refuse a private address that the vSwitch can't give."""
    words = "{text!r} is not an IPv4 address."
    wanted = parsed(ipaddress.IPv4Address, address, "InvalidPrivateIpAddress.Malformed", words)
    block = ipaddress.IPv4Network(vswitch.text("cidr_block"))
    if wanted not in block:
        raise CloudError(
            "InvalidPrivateIpAddress",
            f"{address} isn't in {block}, the network of the vSwitch {vswitch.id}.",
        )
    last = block.num_addresses - _RESERVED_LAST
    if not 0 < int(wanted) - int(block.network_address) < last:
        raise CloudError(  # The code is ours.
            "InvalidPrivateIpAddress.Reserved",
            f"The cloud keeps the first and the last three addresses of {block}; "
            f"{address} is one of them.",
        )
    if user := _holder(session, vswitch.id, address):
        raise CloudError(
            "InvalidPrivateIpAddress.Duplicated", f"{address} is already the address of {user}."
        )


def _holder(session: Session, vswitch: str, address: str) -> str | None:
    for router, taken in _of_routers(session, vswitch):
        if taken == address:
            return router
    for kind in _HOLDERS:
        for user in session.find(kind, private_ip=address):
            if user["vswitch_id"] == vswitch:
                return user.id
    for card in session.find(_CARD, vswitch_id=vswitch):
        if address in (card["private_ip_addresses"] or ()):
            return card.id
    return None


def free_private_address(session: Session, vswitch: Resource) -> str:
    """The highest free address: hosts with a fixed address usually have a low one."""
    return free_private_addresses(session, vswitch, 1)[0]


def free_private_addresses(
    session: Session, vswitch: Resource, count: int, besides: Iterable[str] = ()
) -> list[str]:
    """The `count` highest free addresses that aren't among `besides`."""
    taken = {*besides, *_taken(session, vswitch.id)}
    block = ipaddress.IPv4Network(vswitch.text("cidr_block"))
    found: list[str] = []
    for offset in range(block.num_addresses - _RESERVED_LAST - 1, 0, -1):
        if len(found) == count:
            break
        address = str(block.network_address + offset)
        if address not in taken:
            found.append(address)
    if len(found) < count:
        raise CloudError(
            "QuotaExceeded.PrivateIpAddress",
            f"The vSwitch {vswitch.id} has {len(found)} free addresses, not {count}.",
        )
    return found


def free_addresses(session: Session, vswitch: Resource) -> int:
    """How many private addresses are free."""
    block = ipaddress.IPv4Network(vswitch.text("cidr_block"))
    taken = {one for one in _taken(session, vswitch.id) if one}
    return block.num_addresses - 1 - _RESERVED_LAST - len(taken)


def _taken(session: Session, vswitch: str) -> Iterable[str]:
    for kind in _HOLDERS:
        for user in session.find(kind, vswitch_id=vswitch):
            yield user.text("private_ip")
            if kind == _CARD:
                yield from user["private_ip_addresses"] or ()
    yield from (address for _, address in _of_routers(session, vswitch))


def _of_routers(session: Session, vswitch: str) -> Iterable[tuple[str, str]]:
    """The attachments of transit routers in a vSwitch, and the address of each."""
    for attachment in session.find("cen_transit_router_vpc_attachment"):
        if address := attachment["addresses"].get(vswitch):
            yield attachment.id, address
