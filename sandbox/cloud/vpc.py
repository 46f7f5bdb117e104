"""Virtual private clouds and their vSwitches. Who has which address is in `addresses`."""

import ipaddress
import re
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name

__all__ = ["RESOURCE_GROUP", "VSwitch", "Vpc"]

RESOURCE_GROUP = "rg-acfmsandboxdefault"

_PRIVATE = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
_VPC_MASKS = range(8, 29)
_VSWITCH_MASKS = range(16, 30)


def _network(text: object, code: str) -> ipaddress.IPv4Network:
    try:
        return ipaddress.IPv4Network(str(text))
    except ValueError as problem:
        raise CloudError(code, f"{text!r} is not an IPv4 network: {problem}.") from None


class Vpc(Kind):
    name = "vpc"
    prefix = "vpc-"
    not_found = "InvalidVpcId.NotFound"
    twins: ClassVar = {"vpc_name": "name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        code = "InvalidCidrBlock.Malformed"
        block = _network(wanted.get("cidr_block", "172.16.0.0/12"), code)
        if block.prefixlen not in _VPC_MASKS or not any(map(block.subnet_of, _PRIVATE)):
            raise CloudError(
                code,
                f"{block} can't be a VPC's network. Allowed are 10.0.0.0/8, 172.16.0.0/12 and "
                "192.168.0.0/16 and parts of them down to /28.",
            )
        check_name(wanted.get("vpc_name") or wanted.get("name"), any_start=True, shortest=1)
        check_description(wanted.get("description"))
        session.check_quota("vpcs_per_region", session.count(self.name), "QuotaExceeded.Vpc")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        table = making.new_id("vtb-")
        return {
            "cidr_block": "172.16.0.0/12",
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

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_name(changes.get("vpc_name") or changes.get("name"), any_start=True, shortest=1)
        check_description(changes.get("description"))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        # The cloud's own names for what still stands in the way.
        dependents = {
            "vswitch": "VSwitch",
            "nat_gateway": "NatGateway",
            "security_group": "SecurityGroup",
            "vpn_gateway": "VpnGateway",
        }
        for kind, word in dependents.items():
            if found := session.find(kind, vpc_id=resource.id):
                raise CloudError(
                    f"DependencyViolation.{word}",
                    f"The VPC {resource.id} still has the {kind.replace('_', ' ')} {found[0].id}.",
                )
        joined = [
            *session.sift("cen_instance_attachment", child_instance_id=resource.id),
            *session.find("cen_transit_router_vpc_attachment", vpc_id=resource.id),
        ]
        if joined:
            raise CloudError(  # The code is ours.
                "DependencyViolation.Cen", f"{joined[0].id} still joins the VPC {resource.id}."
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        # Its route table goes with it, and what is in that.
        for route in session.sift("route_entry", route_table_id=resource["route_table_id"]):
            session.remove(route)


class VSwitch(Kind):
    name = "vswitch"
    prefix = "vsw-"
    not_found = "InvalidVSwitchId.NotFound"
    twins: ClassVar = {"vswitch_name": "name", "zone_id": "availability_zone"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        vpc = session.need("vpc", wanted.get("vpc_id"), "InvalidVpcId.NotFound")
        block = _network(wanted.get("cidr_block"), "InvalidCidrBlock.Malformed")
        whole = ipaddress.IPv4Network(vpc.text("cidr_block"))
        if block.prefixlen not in _VSWITCH_MASKS or not block.subnet_of(whole):
            raise CloudError(
                "InvalidParameter",
                f"{block} isn't a /16 to /29 inside {whole}, the network of {vpc.id}.",
            )
        for other in session.find("vswitch", vpc_id=vpc.id):
            if block.overlaps(ipaddress.IPv4Network(other.text("cidr_block"))):
                raise CloudError(
                    "InvalidCidrBlock.Overlapped",
                    f"{block} overlaps {other['cidr_block']} of the vSwitch {other.id}.",
                )
        for route in session.sift("route_entry", route_table_id=vpc["route_table_id"]):
            # A route may hold a vSwitch in its destination, and not the other way round.
            if ipaddress.IPv4Network(route.text("destination_cidrblock")).subnet_of(block):
                raise CloudError(
                    "InvalidCidrBlock.Overlapped", f"{block} holds the destination of {route.id}."
                )
        zone = str(wanted.get("zone_id") or wanted.get("availability_zone"))
        # cn-shanghai-a, but ap-southeast-1a.
        if not re.fullmatch(re.escape(session.region) + "-?[a-z]", zone):
            raise CloudError(
                "InvalidZoneId.NotFound", f"{session.region} has no zone called {zone!r}."
            )
        check_name(wanted.get("vswitch_name") or wanted.get("name"), any_start=True, shortest=1)
        check_description(wanted.get("description"))
        used = session.count("vswitch", vpc_id=vpc.id)
        session.check_quota("vswitches_per_vpc", used, "QuotaExceeded.VSwitch")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "create_time": making.time,
            "enable_ipv6": False,
            "ipv6_cidr_block": "",
            "ipv6_cidr_block_mask": 0,
            "is_default": False,
            "status": "Available",
            "vswitch_name": "",
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_name(changes.get("vswitch_name") or changes.get("name"), any_start=True, shortest=1)
        check_description(changes.get("description"))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        users = [
            *session.find("nat_gateway", vswitch_id=resource.id),
            *session.find("instance", vswitch_id=resource.id),
            *session.find("ecs_network_interface", vswitch_id=resource.id),
            *session.find("snat_entry", source_vswitch_id=resource.id),
            *session.find("slb_load_balancer", vswitch_id=resource.id),
            *session.find("vpn_gateway", vswitch_id=resource.id),
            *session.sift("vpn_gateway", disaster_recovery_vswitch_id=resource.id),
            *_functions_in(session, resource.id),
            *_routers_in(session, resource),
        ]
        words = {
            "nat_gateway": "NatGateway",
            "instance": "Instance",
            "ecs_network_interface": "NetworkInterface",
            "snat_entry": "SnatEntry",
            # The codes for these three are ours.
            "vpn_gateway": "VpnGateway",
            "slb_load_balancer": "LoadBalancer",
            "fcv3_function": "Function",
            # The transit router's own network card there.
            "cen_transit_router_vpc_attachment": "NetworkInterface",
        }
        if users:
            raise CloudError(
                f"DependencyViolation.{words[users[0].kind]}",
                f"The vSwitch {resource.id} is used by {users[0].id}.",
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
