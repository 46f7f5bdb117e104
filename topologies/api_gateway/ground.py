"""What stands before functions and APIs do: the instance and the groups, with their domains.

A function that calls an API of the stack needs its address, and an API needs the function behind
it: so groups, which have the addresses, are made first.
"""

from collections.abc import Mapping
from dataclasses import replace

import pulumi

from components.api_group import ApiGroup, ApiGroupArgs
from topologies.api_gateway.backends.settings import Scheme
from topologies.api_gateway.build import build_instance
from topologies.api_gateway.names import gateway_name
from topologies.api_gateway.settings import ApiGatewaySettings, GroupSettings
from topologies.renames import renamed
from topologies.site import ApiGround, Site


def ground(site: Site, section: ApiGatewaySettings) -> Site:
    """Register instance and groups; returns the site with them."""
    instance_id = build_instance(site, section)
    groups = {key: _group(site, key, g, instance_id) for key, g in sorted(section.groups.items())}
    return replace(site, apis=ApiGround(instance_id, groups, _addresses(section, groups)))


def _group(
    site: Site, key: str, group: GroupSettings, instance_id: pulumi.Input[str] | None
) -> ApiGroup:
    arguments = ApiGroupArgs(
        group_name=gateway_name(site.settings.stack, key), intranet=group.intranet
    )
    if group.description is not None:
        arguments["description"] = group.description
    if group.base_path is not None:
        arguments["base_path"] = group.base_path
    if instance_id is not None:
        arguments["instance_id"] = instance_id
    return ApiGroup(f"group-{key}", arguments, renamed(group.was, "group"))


def _addresses(
    section: ApiGatewaySettings, groups: Mapping[str, ApiGroup]
) -> dict[str, pulumi.Output[str]]:
    """Protocol, domain and path of each API whose group has a domain inside."""
    found: dict[str, pulumi.Output[str]] = {}
    for name, api in section.apis.items():
        group = section.groups[api.group]
        if group.intranet:
            scheme = "http" if api.protocol is Scheme.HTTP else "https"
            path = (group.base_path or "").rstrip("/") + api.path
            found[name] = pulumi.Output.concat(scheme, "://", groups[api.group].vpc_domain, path)
    return found
