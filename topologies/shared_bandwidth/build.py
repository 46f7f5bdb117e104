"""Wire shared bandwidth: gateway, package and addresses, then egress, then port mappings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.nat_gateway import NatGateway, NatGatewayArgs
from components.port_mappings import PortMappingArgs, PortMappings, PortMappingsArgs
from components.shared_bandwidth import PublicIpArgs, SharedBandwidth, SharedBandwidthArgs
from components.snat_egress import SnatEgress, SnatEgressArgs, SnatEntryArgs
from stack.naming import resource_name
from stack.outputs import Exposure
from stack.settings import StackSettings
from topologies.network import BuiltNetwork
from topologies.shared_bandwidth.reach import shared_bandwidth_reach
from topologies.shared_bandwidth.settings import SharedBandwidthSettings

# On an address that serves DNAT and SNAT alike, an entry for a port above this one must break into
# SNAT's range (NAT Gateway, CreateForwardEntry, PortBreak). The cloud reads that wish only while it
# creates the entry or changes something else about it, so it can't be made up for when the address
# starts to serve egress: every high port says it from the start.
HIGHEST_UNSHARED_PORT = 1024


@dataclass(frozen=True)
class _Gateway:
    """A NAT gateway, created or not."""

    id: pulumi.Input[str]
    forward_table_id: pulumi.Input[str]
    snat_table_id: pulumi.Input[str]


@dataclass(frozen=True)
class _Site:
    """What entries stand on."""

    settings: StackSettings
    section: SharedBandwidthSettings
    network: BuiltNetwork
    gateway: _Gateway
    shared: SharedBandwidth


def build(
    settings: StackSettings, section: SharedBandwidthSettings, network: BuiltNetwork
) -> Mapping[str, pulumi.Input[Any]]:
    """Register the topology; returns its outputs."""
    gateway = _gateway(settings, section, network)
    shared = _shared_bandwidth(settings, section, gateway)
    site = _Site(settings, section, network, gateway, shared)
    egress = _egress(site)
    ways_in = shared_bandwidth_reach(settings.common, section).exposure
    mappings = _port_mappings(site, egress, ways_in)
    return {
        "natGatewayId": gateway.id,
        "bandwidthPackageId": shared.package_id,
        "publicIps": {key: ip.address for key, ip in shared.public_ips.items()},
        "exposure": [_way_in(way, shared, mappings) for way in ways_in],
        "egress": egress.entry_ids if egress is not None else {},
    }


def _gateway(
    settings: StackSettings, section: SharedBandwidthSettings, network: BuiltNetwork
) -> _Gateway:
    wanted = section.nat_gateway
    if wanted.id is not None:
        return _Gateway(wanted.id, wanted.forward_table_id or "", wanted.snat_table_id or "")
    arguments = NatGatewayArgs(
        vpc_id=network.vpc_id,
        vswitch_id=network.vswitch_ids[wanted.vswitch or ""],
        gateway_name=wanted.name or resource_name(settings.stack, "gateway"),
        deletion_protection=settings.protected,
        tags=settings.common.tags,
    )
    if wanted.description is not None:
        arguments["description"] = wanted.description
    created = NatGateway("gateway", arguments)
    return _Gateway(created.nat_gateway_id, created.forward_table_id, created.snat_table_id)


def _shared_bandwidth(
    settings: StackSettings, section: SharedBandwidthSettings, gateway: _Gateway
) -> SharedBandwidth:
    package = section.bandwidth_package
    arguments = SharedBandwidthArgs(
        nat_gateway_id=gateway.id,
        public_ips=_public_ips(settings, section),
        internet_charge_type=package.charge_type.value,
        package_name=package.name or resource_name(settings.stack, "bandwidth"),
        deletion_protection=settings.protected,
        tags=settings.common.tags,
    )
    if section.bandwidth is not None:
        arguments["bandwidth"] = section.bandwidth
    if package.id is not None:
        arguments["bandwidth_package_id"] = package.id
    if package.description is not None:
        arguments["package_description"] = package.description
    return SharedBandwidth("shared-bandwidth", arguments)


def _public_ips(
    settings: StackSettings, section: SharedBandwidthSettings
) -> dict[str, PublicIpArgs]:
    addresses: dict[str, PublicIpArgs] = {}
    for key, ip in section.public_ips.items():
        arguments = PublicIpArgs(address_name=resource_name(settings.stack, key), spare=ip.spare)
        if ip.id is not None and ip.address is not None:
            arguments["allocation_id"], arguments["ip_address"] = ip.id, ip.address
        if ip.description is not None:
            arguments["description"] = ip.description
        if ip.was is not None:
            arguments["was"] = ip.was
        addresses[key] = arguments
    return addresses


def _egress(site: _Site) -> SnatEgress | None:
    section = site.section
    if not section.egress:
        return None
    entries: dict[str, SnatEntryArgs] = {}
    for key, egress in section.egress.items():
        entry = SnatEntryArgs(
            # Sorted: the order in which the stack file lists them means nothing to the cloud.
            snat_ips=[_bound(site.shared, name) for name in sorted(egress.public_ips)],
            entry_name=resource_name(site.settings.stack, key),
        )
        if egress.vswitch is not None:
            entry["source_vswitch_id"] = site.network.vswitch_ids[egress.vswitch]
        if egress.cidr is not None:
            entry["source_cidr"] = egress.cidr
        if egress.was is not None:
            entry["was"] = egress.was
        entries[key] = entry
    arguments = SnatEgressArgs(
        snat_table_id=site.gateway.snat_table_id, entries=entries, lanes=section.nat_gateway.lanes
    )
    return SnatEgress("egress", arguments)


def _port_mappings(
    site: _Site, egress: SnatEgress | None, ways_in: Sequence[Exposure]
) -> PortMappings:
    arguments = PortMappingsArgs(
        forward_table_id=site.gateway.forward_table_id,
        mappings={way.mapping: _port_mapping(site, way) for way in ways_in},
        lanes=site.section.nat_gateway.lanes,
    )
    if egress is not None:
        arguments["after"] = [egress]  # one gateway takes one entry at a time, of either kind
    return PortMappings("port-mappings", arguments)


def _port_mapping(site: _Site, way: Exposure) -> PortMappingArgs:
    wanted = site.section.port_mappings[way.mapping]
    arguments = PortMappingArgs(
        external_ip=_bound(site.shared, way.public_ip),
        external_port=way.port,
        internal_ip=site.network.host_ips[way.host],
        internal_port=way.host_port,
        ip_protocol=way.protocol,
        entry_name=resource_name(site.settings.stack, way.mapping),
    )
    if wanted.port is not None and wanted.port.last > HIGHEST_UNSHARED_PORT:
        arguments["port_break"] = True
    if wanted.was is not None:
        arguments["was"] = wanted.was
    return arguments


def _bound(shared: SharedBandwidth, name: str) -> pulumi.Output[str]:
    address = shared.public_ips[name].bound_address
    if address is None:
        message = f"the rules let nothing use {name}, which is spare"
        raise AssertionError(message)
    return address


def _way_in(way: Exposure, shared: SharedBandwidth, mappings: PortMappings) -> dict[str, Any]:
    return {
        "mapping": way.mapping,
        "entryId": mappings.entry_ids[way.mapping],
        "publicIp": way.public_ip,
        "address": shared.public_ips[way.public_ip].address,
        "protocol": way.protocol,
        "port": way.port,
        "host": way.host,
        "hostIp": way.host_ip,
        "hostPort": way.host_port,
    }
