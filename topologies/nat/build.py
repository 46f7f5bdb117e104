"""How topologies build a NAT gateway and its SNAT entries."""

from collections.abc import Mapping

import pulumi

from components import (
    NatGateway,
    NatGatewayArgs,
    SharedBandwidthArgs,
    SnatEntryArgs,
    resource_at,
)
from stack.naming import cloud_name
from topologies.context import Context, Gateway, PublicIp
from topologies.nat.settings import EgressSettings, NatGatewaySettings, PackageSettings


def build_gateway(context: Context, name: str, wanted: NatGatewaySettings) -> Gateway:
    """Register a gateway, or take the one that exists."""
    settings = context.settings
    if wanted.id is not None:
        return Gateway(wanted.id, wanted.forward_table_id or "", wanted.snat_table_id or "")
    arguments = NatGatewayArgs(
        vpc_id=context.networks.vpc_id,
        vswitch_id=context.networks.vswitch_ids[wanted.vswitch or ""],
        gateway_name=cloud_name(settings.stack, name, wanted.name),
        description=wanted.description,
        deletion_protection=settings.tier_defaults.deletion_protection,
        protect=settings.tier_defaults.protect,
        force_delete=settings.tier_defaults.force_delete,
        tags=settings.common.tags,
    )
    created = NatGateway(
        name, arguments, pulumi.ResourceOptions(depends_on=context.networks.networks)
    )
    return Gateway(
        created.nat_gateway_id, created.forward_table_id, created.snat_table_id, [created]
    )


def package_args(
    context: Context,
    gateway: Gateway,
    bandwidth: int | None,
    package: PackageSettings,
    name: str,
) -> SharedBandwidthArgs:
    """A package, which is called so unless it says otherwise; no addresses in it yet."""
    settings = context.settings
    return SharedBandwidthArgs(
        nat_gateway_id=gateway.id,
        public_ips={},
        bandwidth=bandwidth,
        bandwidth_package_id=package.id,
        internet_charge_type=package.charge_type.value,
        package_name=cloud_name(settings.stack, name, package.name),
        package_description=package.description,
        deletion_protection=settings.tier_defaults.deletion_protection,
        protect=settings.tier_defaults.protect,
        force_delete=settings.tier_defaults.force_delete,
        tags=settings.common.tags,
    )


def snat_entries(
    context: Context,
    egress: Mapping[str, EgressSettings],
    public_ips: Mapping[str, PublicIp],
) -> dict[str, SnatEntryArgs]:
    """SNAT entries for egress, by addresses of the gateway."""
    entries: dict[str, SnatEntryArgs] = {}
    for key, wanted in egress.items():
        # Sorted: the order in which the stack file lists them means nothing to the cloud.
        used = {name: public_ips[name] for name in sorted(wanted.public_ips)}
        entries[key] = SnatEntryArgs(
            snat_ips=[bound_address(name, ip) for name, ip in used.items()],
            bindings=[ip.binding for ip in used.values() if ip.binding is not None],
            entry_name=cloud_name(context.settings.stack, key, wanted.name),
            source_vswitch_id=context.networks.vswitch_ids[wanted.vswitch]
            if wanted.vswitch is not None
            else None,
            source_cidr=wanted.cidr,
            was=wanted.was,
        )
    return entries


def bindings(public_ips: Mapping[str, PublicIp]) -> list[pulumi.Resource]:
    """What binds these addresses to gateways."""
    return [resource_at(ip.binding) for ip in public_ips.values() if ip.binding is not None]


def bound_address(name: str, ip: PublicIp) -> pulumi.Output[str]:
    """The address, once it is bound."""
    if ip.bound_address is None:
        message = f"the rules let nothing use {name}, which is spare"
        raise AssertionError(message)
    return ip.bound_address
