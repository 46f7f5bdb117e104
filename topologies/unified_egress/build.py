"""Wire unified egress: addresses; each server's interface, routes and bindings; then the way out.

An address is bound to an interface only when the interface is attached and the server's routes are
set. So one that moves here from elsewhere is unbound at the last moment.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components import (
    EipAddresses,
    EipAddressesArgs,
    EniAttachment,
    EniAttachmentArgs,
    EniPublicIpArgs,
    EniPublicIps,
    EniPublicIpsArgs,
    EniRouting,
    EniRoutingArgs,
    GatewayEipArgs,
    IngressRuleArgs,
    SharedBandwidth,
    SnatEgress,
    SnatEgressArgs,
    resource_at,
)
from stack.naming import cloud_name, resource_name
from stack.reach import OpenPort, Server
from topologies.context import Built, Context, Gateway, PublicIp, public_ips_of
from topologies.names import (
    SERVER,
    UNIFIED_ADDRESSES,
    UNIFIED_BANDWIDTH,
    UNIFIED_EGRESS,
    UNIFIED_GATEWAY,
)
from topologies.nat.build import bindings, build_gateway, package_args, snat_entries
from topologies.renames import renamed
from topologies.unified_egress.settings import (
    EVERYONE,
    SHOW_EGRESS,
    AddressSettings,
    EipMode,
    ServerSettings,
    UnifiedEgressSettings,
    own_place,
    ssh_command,
)
from topologies.unified_egress.views import unified_egress_reach


@dataclass(frozen=True)
class _Way:
    """The gateway that servers leave by, and the package that addresses are in."""

    gateway: Gateway
    package_id: pulumi.Input[str] | None
    others: Mapping[str, PublicIp]
    """Addresses of a shared gateway's own section."""

    last_entries: list[pulumi.Resource]
    lanes: int


def build(context: Context, section: UnifiedEgressSettings) -> Built:
    """Register the topology."""
    settings = context.settings
    reach = unified_egress_reach(settings, section)
    way = _way(context, section)
    # A binding may come from the shared gateway or go there, and so may what leaves by it.
    theirs = context.shared.gateway.made if context.shared is not None else ()
    ground = [*context.networks.networks, *theirs, *way.gateway.made]
    addresses = _addresses(context, section, way, ground)
    own = public_ips_of(addresses)
    public_ips = {**way.others, **own}
    groups: dict[str, pulumi.Output[str]] = {}
    eni_ips: dict[str, pulumi.Input[str]] = {}
    for server in reach.servers:
        eni = _server(context, section, server, own)
        if eni.security_group_id is not None:
            groups[server.name] = eni.security_group_id
        eni_ips[server.name] = eni.private_ip
    theirs = context.shared.ground if context.shared is not None else ()
    after = [*ground, *theirs, *bindings(own)]
    egress = _egress(context, section, way, public_ips, after)
    outputs: dict[str, Any] = {
        "publicIps": addresses.addresses,
        "publicIpIds": addresses.allocation_ids,
        "egress": egress.entry_ids if egress is not None else {},
        "servers": {
            server.name: _output(server, public_ips, eni_ips[server.name])
            for server in reach.servers
        },
    }
    if groups:
        outputs["serverSecurityGroupIds"] = groups
    if section.nat_gateway is not None:
        outputs["unifiedEgressNatGatewayId"] = way.gateway.id
        if way.gateway.snat_table_id != "":
            outputs["unifiedEgressSnatTableId"] = way.gateway.snat_table_id
        if way.package_id is not None:
            outputs["unifiedEgressBandwidthPackageId"] = way.package_id
    return Built(outputs)


def _way(context: Context, section: UnifiedEgressSettings) -> _Way:
    if section.nat_gateway is None:
        shared = context.shared
        if shared is None:
            message = "the rules let nothing pass without a gateway"
            raise AssertionError(message)
        last = list(shared.last_entries)
        return _Way(shared.gateway, shared.package_id, shared.public_ips, last, shared.lanes)
    gateway = build_gateway(context, UNIFIED_GATEWAY, section.nat_gateway)
    package_id = None
    if section.packed:
        package = section.bandwidth_package
        # `EipAddresses` puts the addresses in.
        arguments = package_args(context, gateway, section.bandwidth, package, "unified-bandwidth")
        package_id = SharedBandwidth(UNIFIED_BANDWIDTH, arguments).package_id
    return _Way(gateway, package_id, {}, [], section.nat_gateway.lanes)


def _server(
    context: Context,
    section: UnifiedEgressSettings,
    server: Server,
    public_ips: Mapping[str, PublicIp],
) -> EniAttachment:
    """A server's interface, routes and public addresses; returns the interface.

    In normal mode the server only knows its private addresses, so that its routes are set before
    traffic comes. In the others its public ones are on the interface, from when they are bound.
    """
    wanted = section.servers[server.name]
    eni = _eni(context, server, wanted)
    private = [eni.private_ip, *sorted(wanted.eni.secondary_ips)]
    if wanted.eni.mode is EipMode.NAT:
        routing = _routing(context, server.name, wanted, eni, private)
        _bind(section, server, eni, public_ips, [routing])
    else:
        bound = _bind(section, server, eni, public_ips, [])
        shown = [bound.addresses[place] for place in sorted(bound.addresses)]
        _routing(context, server.name, wanted, eni, [*private, *shown])
    return eni


def _eni(context: Context, server: Server, wanted: ServerSettings) -> EniAttachment:
    settings, network = context.settings, context.networks
    arguments = EniAttachmentArgs(
        instance_id=network.instance_ids[server.host],
        vpc_id=network.vpc_id,
        vswitch_id=network.vswitch_ids[wanted.eni.vswitch],
        private_ip=server.eni_ip,
        secondary_private_ips=sorted(wanted.eni.secondary_ips),
        eni_name=cloud_name(settings.stack, server.name, wanted.eni.name),
        security_group_ids=wanted.eni.security_groups,
        ingress={_rule_name(port): _ingress(port) for port in server.open_ports},
        tags=settings.common.tags,
    )
    after = [*network.networks, *network.hosts]
    options = renamed(wanted.was, SERVER, after=after)
    return EniAttachment(f"{SERVER}-{server.name}", arguments, options)


def _rule_name(port: OpenPort) -> str:
    """The name of a rule: what it lets in, not its key.

    The cloud takes two equal rules for one, so that a rule that changed its name with its key would
    be deleted together with its successor.
    """
    parts = [port.protocol, str(port.port)]
    if port.source != EVERYONE:
        parts.append(port.source)
    return "-".join(parts).replace("/", "-")


def _ingress(port: OpenPort) -> IngressRuleArgs:
    return IngressRuleArgs(
        ip_protocol=port.protocol,
        port_range=port.port.ends,
        cidr_ip=port.source,
        description=port.name,
    )


def _routing(
    context: Context,
    name: str,
    wanted: ServerSettings,
    eni: EniAttachment,
    addresses: Sequence[pulumi.Input[str]],
) -> EniRouting:
    arguments = EniRoutingArgs(
        instance_id=context.networks.instance_ids[wanted.host],
        mac_address=eni.mac_address,
        addresses=addresses,
        vswitch_cidr=context.settings.common.network.vswitches[wanted.eni.vswitch].cidr,
        route_table=wanted.route_table,
        command_name=resource_name(context.settings.stack, f"{name}-routing"),
    )
    return EniRouting(
        f"{SERVER}-{name}-routing", arguments, renamed(wanted.was, SERVER, "-routing")
    )


def _bind(
    section: UnifiedEgressSettings,
    server: Server,
    eni: EniAttachment,
    public_ips: Mapping[str, PublicIp],
    after: Sequence[pulumi.Resource],
) -> EniPublicIps:
    wanted = section.servers[server.name]
    places: dict[str, EniPublicIpArgs] = {}
    packed: list[pulumi.Resource] = []
    for place, key in wanted.places.items():
        ip = public_ips[key]
        was = section.public_ips[key].was if place == own_place(key) else None
        places[place] = EniPublicIpArgs(
            allocation_id=ip.allocation_id,
            ip_address=ip.address,
            private_ip_address=wanted.secondary_public_ips.get(key),
            was=own_place(was) if was is not None else None,
        )
        if ip.attachment is not None:
            packed.append(resource_at(ip.attachment))
    arguments = EniPublicIpsArgs(eni_id=eni.eni_id, mode=wanted.eni.mode.value, places=places)
    name = f"{SERVER}-{server.name}-addresses"
    options = renamed(wanted.was, SERVER, "-addresses", after=[*after, *packed])
    return EniPublicIps(name, arguments, options)


def _addresses(
    context: Context, section: UnifiedEgressSettings, way: _Way, after: Sequence[pulumi.Resource]
) -> EipAddresses:
    leaving = section.egress_ips
    arguments = EipAddressesArgs(
        addresses={
            key: _address(context, key, address, way.gateway.id if key in leaving else None)
            for key, address in section.public_ips.items()
        },
        bandwidth_package_id=way.package_id,
        deletion_protection=context.settings.tier_defaults.deletion_protection,
        protect=context.settings.tier_defaults.protect,
        tags=context.settings.common.tags,
    )
    return EipAddresses(UNIFIED_ADDRESSES, arguments, pulumi.ResourceOptions(depends_on=after))


def _address(
    context: Context, key: str, address: AddressSettings, gateway_id: pulumi.Input[str] | None
) -> GatewayEipArgs:
    return GatewayEipArgs(
        address_name=cloud_name(context.settings.stack, key, address.name),
        description=address.description,
        bandwidth=address.bandwidth,
        allocation_id=address.id,
        ip_address=address.address,
        spare=address.spare,
        nat_gateway_id=gateway_id,
        was=address.was,
    )


def _egress(
    context: Context,
    section: UnifiedEgressSettings,
    way: _Way,
    public_ips: Mapping[str, PublicIp],
    after: Sequence[pulumi.Resource],
) -> SnatEgress | None:
    if not section.egress:
        return None
    arguments = SnatEgressArgs(
        snat_table_id=way.gateway.snat_table_id,
        entries=snat_entries(context, section.egress, public_ips),
        lanes=way.lanes,
    )
    options = pulumi.ResourceOptions(depends_on=[*way.last_entries, *after])
    return SnatEgress(UNIFIED_EGRESS, arguments, options)


def _output(
    server: Server, public_ips: Mapping[str, PublicIp], eni_ip: pulumi.Input[str]
) -> dict[str, Any]:
    """Where the server is reached, what it leaves by, and the two commands that show it."""
    inbound = public_ips[server.public_ips[0]]
    output: dict[str, Any] = {
        "host": server.host,
        "publicIps": {key: public_ips[key].address for key in server.public_ips},
        "eniIp": eni_ip,
        "egressIps": [public_ips[key].address for key in server.egress_ips],
        "showEgress": SHOW_EGRESS,
    }
    if server.ssh_user is not None:
        login = functools.partial(ssh_command, server.ssh_user, server.ssh_port)
        output["ssh"] = inbound.address.apply(login)
    return output
