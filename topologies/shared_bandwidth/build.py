"""Wire shared bandwidth: gateway, package and addresses, then egress, then port mappings."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components import (
    PortMappingArgs,
    PortMappings,
    PortMappingsArgs,
    PublicIpArgs,
    SharedBandwidth,
    SnatEgress,
    SnatEgressArgs,
    resource_at,
)
from stack.naming import cloud_name
from stack.ports import provider_text
from stack.reach import Exposure
from stack.settings import StackSettings
from topologies.context import Built, Context, Gateway, PublicIp, SharedGateway, public_ips_of
from topologies.names import EGRESS, GATEWAY, PORT_MAPPINGS, SHARED_BANDWIDTH
from topologies.nat.build import bindings, bound_address, build_gateway, package_args, snat_entries
from topologies.shared_bandwidth.settings import SharedBandwidthSettings
from topologies.shared_bandwidth.views import shared_bandwidth_reach

# On an address that serves DNAT and SNAT alike, an entry for a port above this one must break into
# SNAT's range (NAT Gateway, CreateForwardEntry, PortBreak). The cloud reads that wish only while it
# creates the entry or changes something else about it, so it can't be made up for when the address
# starts to serve egress: every high port says it from the start.
HIGHEST_UNSHARED_PORT = 1024


def build(context: Context, section: SharedBandwidthSettings) -> Built:
    """Register the topology."""
    gateway = build_gateway(context, GATEWAY, section.nat_gateway)
    shared = _shared_bandwidth(context, section, gateway)
    # What an entry stands on, or may have stood on before this update.
    public_ips = public_ips_of(shared)
    ground = [*context.networks.networks, *gateway.made, *bindings(public_ips)]
    lanes = section.nat_gateway.lanes
    egress = _egress(context, section, gateway, public_ips, ground)
    settings = context.settings
    ways_in = shared_bandwidth_reach(settings, section).exposure
    arguments = PortMappingsArgs(
        forward_table_id=gateway.forward_table_id,
        mappings={
            way.mapping: _port_mapping(context, section, public_ips[way.public_ip], way)
            for way in ways_in
        },
        lanes=lanes,
    )
    # One gateway takes one entry at a time, of either kind.
    options = pulumi.ResourceOptions(depends_on=ground if egress is None else [egress])
    mappings = PortMappings(PORT_MAPPINGS, arguments, options)
    last = mappings.last_entries or (egress.last_entries if egress is not None else ())
    done = [resource_at(urn) for urn in last]
    return Built(
        {
            **gateway.outputs(),
            "bandwidthPackageId": shared.package_id,
            "publicIps": shared.addresses,
            "publicIpIds": shared.allocation_ids,
            "exposure": [_way_in(way, shared, mappings) for way in ways_in],
            "egress": egress.entry_ids if egress is not None else {},
        },
        SharedGateway(gateway, shared.package_id, public_ips, done, lanes, ground),
    )


def _shared_bandwidth(
    context: Context, section: SharedBandwidthSettings, gateway: Gateway
) -> SharedBandwidth:
    package = section.bandwidth_package
    arguments = package_args(context, gateway, section.bandwidth, package, "bandwidth")
    arguments["public_ips"] = _public_ips(context.settings, section)
    options = pulumi.ResourceOptions(depends_on=[*context.networks.networks, *gateway.made])
    return SharedBandwidth(SHARED_BANDWIDTH, arguments, options)


def _public_ips(
    settings: StackSettings, section: SharedBandwidthSettings
) -> dict[str, PublicIpArgs]:
    return {
        key: PublicIpArgs(
            address_name=cloud_name(settings.stack, key, ip.name),
            description=ip.description,
            allocation_id=ip.id,
            ip_address=ip.address,
            spare=ip.spare,
            bound=ip.bound,
            was=ip.was,
        )
        for key, ip in section.public_ips.items()
    }


def _egress(
    context: Context,
    section: SharedBandwidthSettings,
    gateway: Gateway,
    public_ips: Mapping[str, PublicIp],
    ground: Sequence[pulumi.Resource],
) -> SnatEgress | None:
    if not section.egress:
        return None
    arguments = SnatEgressArgs(
        snat_table_id=gateway.snat_table_id,
        entries=snat_entries(context, section.egress, public_ips),
        lanes=section.nat_gateway.lanes,
    )
    return SnatEgress(EGRESS, arguments, pulumi.ResourceOptions(depends_on=ground))


def _port_mapping(
    context: Context, section: SharedBandwidthSettings, ip: PublicIp, way: Exposure
) -> PortMappingArgs:
    wanted = section.port_mappings[way.mapping]
    is_high = way.port is not None and way.port.last > HIGHEST_UNSHARED_PORT
    return PortMappingArgs(
        external_ip=bound_address(way.public_ip, ip),
        external_port=provider_text(way.port),
        internal_ip=context.networks.host_ips[way.host],
        internal_port=provider_text(way.host_port),
        ip_protocol=way.protocol,
        entry_name=cloud_name(context.settings.stack, way.mapping, wanted.name),
        port_break=True if is_high else None,
        binding=ip.binding,
        was=wanted.was,
    )


def _way_in(way: Exposure, shared: SharedBandwidth, mappings: PortMappings) -> dict[str, Any]:
    return {
        **way.document,
        "entryId": mappings.entry_ids[way.mapping],
        "address": shared.addresses[way.public_ip],
    }
