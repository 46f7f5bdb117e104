"""Wire the dedicated instance: itself, or its id where it exists, and who may connect to it."""

import pulumi

from components.api_access_control import (
    ApiAccessControl,
    ApiAccessControlArgs,
    ApiAccessEntryArgs,
)
from components.api_instance import ApiGatewayInstance, ApiGatewayInstanceArgs, ApiIngressArgs
from topologies.api_gateway.names import instance_name, list_name
from topologies.api_gateway.settings import ApiGatewaySettings
from topologies.context import Context


def build_instance(site: Context, section: ApiGatewaySettings) -> pulumi.Input[str] | None:
    """Register the instance, if it is to be created, and its list; returns its id."""
    instance_id = _instance(site, section)
    _access_control(site, section, instance_id)
    return instance_id


def _instance(site: Context, section: ApiGatewaySettings) -> pulumi.Input[str] | None:
    wanted = section.instance
    if wanted is None or wanted.id is not None:
        return wanted.id if wanted is not None else None
    arguments = ApiGatewayInstanceArgs(
        instance_name=instance_name(site.settings.stack, wanted.name),
        instance_spec=wanted.spec or "",
        https_policy=wanted.https_policy,
        self_call=wanted.self_call,
        deletion_protection=site.settings.tier_defaults.protect,  # the cloud has no switch for it
    )
    if wanted.zone is not None:
        arguments["zone_id"] = wanted.zone
    if wanted.ingress is not None:
        found = site.settings.common.network_of_vswitch(wanted.ingress.vswitch)
        network = found[0] if found is not None else None
        arguments["ingress"] = ApiIngressArgs(
            vpc_id=site.networks.vpc_ids[network],
            vswitch_id=site.networks.vswitch_ids[wanted.ingress.vswitch],
            vpc_owner_id=wanted.ingress.owner_id,
        )
    return ApiGatewayInstance("api-gateway", arguments).instance_id


def _access_control(
    site: Context, section: ApiGatewaySettings, instance_id: pulumi.Input[str] | None
) -> None:
    acl = section.instance.acl if section.instance is not None else None
    if acl is None or instance_id is None:
        return
    entries: dict[str, ApiAccessEntryArgs] = {}
    for key, entry in acl.entries.items():
        entries[key] = ApiAccessEntryArgs(cidr=entry.cidr)
        if entry.comment is not None:
            entries[key]["comment"] = entry.comment
        if entry.was is not None:
            entries[key]["was"] = entry.was
    arguments = ApiAccessControlArgs(
        instance_id=instance_id,
        list_name=list_name(site.settings.stack, acl.name),
        mode=acl.mode.value,
        entries=entries,
    )
    ApiAccessControl("api-gateway", arguments)
