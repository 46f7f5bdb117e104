"""How topologies build a NAT gateway, and what they tell each other about one that they share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.eip import PublicIp
from components.nat_gateway import NatGateway, NatGatewayArgs
from components.snat_egress import SnatEntryArgs
from stack.naming import resource_name
from stack.settings import StackSettings
from topologies.nat.settings import EgressSettings, NatGatewaySettings
from topologies.network import BuiltNetwork


@dataclass(frozen=True)
class Gateway:
    """A NAT gateway, created or not."""

    id: pulumi.Input[str]
    forward_table_id: pulumi.Input[str]
    snat_table_id: pulumi.Input[str]


@dataclass(frozen=True)
class SharedGateway:
    """A gateway with its package and addresses, for a topology that comes after its owner."""

    gateway: Gateway
    package_id: pulumi.Input[str]
    public_ips: Mapping[str, PublicIp]
    last_entries: Sequence[pulumi.Resource]
    """What has to be done on the gateway before the next entry."""

    lanes: int


@dataclass(frozen=True)
class Built:
    """What a topology has built."""

    outputs: Mapping[str, Any]
    """Its stack outputs. Maps of several topologies under one key are joined."""

    shared: SharedGateway | None = None
    """What later topologies may stand on."""


@dataclass(frozen=True)
class Site:
    """What a topology is built on."""

    settings: StackSettings
    network: BuiltNetwork
    shared: SharedGateway | None = field(default=None)


def build_gateway(site: Site, name: str, wanted: NatGatewaySettings) -> Gateway:
    """Register a gateway, or take the one that exists."""
    settings = site.settings
    if wanted.id is not None:
        return Gateway(wanted.id, wanted.forward_table_id or "", wanted.snat_table_id or "")
    arguments = NatGatewayArgs(
        vpc_id=site.network.vpc_id,
        vswitch_id=site.network.vswitch_ids[wanted.vswitch or ""],
        gateway_name=wanted.name or resource_name(settings.stack, name),
        deletion_protection=settings.protected,
        tags=settings.common.tags,
    )
    if wanted.description is not None:
        arguments["description"] = wanted.description
    created = NatGateway(name, arguments)
    return Gateway(created.nat_gateway_id, created.forward_table_id, created.snat_table_id)


def snat_entries(
    site: Site,
    egress: Mapping[str, EgressSettings],
    bound: Callable[[str], pulumi.Output[str]],
) -> dict[str, SnatEntryArgs]:
    """SNAT entries for egress; `bound` finds an address that is on the gateway by its name."""
    entries: dict[str, SnatEntryArgs] = {}
    for key, wanted in egress.items():
        entry = SnatEntryArgs(
            # Sorted: the order in which the stack file lists them means nothing to the cloud.
            snat_ips=[bound(name) for name in sorted(wanted.public_ips)],
            entry_name=resource_name(site.settings.stack, key),
        )
        if wanted.vswitch is not None:
            entry["source_vswitch_id"] = site.network.vswitch_ids[wanted.vswitch]
        if wanted.cidr is not None:
            entry["source_cidr"] = wanted.cidr
        if wanted.was is not None:
            entry["was"] = wanted.was
        entries[key] = entry
    return entries


def bound_address(name: str, ip: PublicIp) -> pulumi.Output[str]:
    """The address, once it is bound."""
    if ip.bound_address is None:
        message = f"the rules let nothing use {name}, which is spare"
        raise AssertionError(message)
    return ip.bound_address
