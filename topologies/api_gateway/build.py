"""Wire the section: instance, groups, apps, authorizations and plugins, then the APIs.

The APIs of one group are made one after the other, by name: the cloud changes one at a time, and
the provider doesn't try again (API Gateway, CreateApi: ConcurrencyLockTimeout).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from components.api import Api, ApiArgs, ApiBindingArgs
from components.api_access_log import ApiAccessLog, ApiAccessLogArgs
from components.api_app import ApiApp, ApiAppArgs
from components.api_group import ApiGroup, ApiGroupArgs
from components.api_plugin import ApiPlugin, ApiPluginArgs
from components.api_vpc_access import ApiVpcAccess, ApiVpcAccessArgs
from components.function_invoker import FunctionInvoker, FunctionInvokerArgs
from components.intranet_load_balancer import (
    IntranetLoadBalancer,
    IntranetLoadBalancerArgs,
    LoadBalancerListenerArgs,
    LoadBalancerServerArgs,
)
from stack.naming import resource_name
from topologies.api_gateway.api_settings import ApiSettings, Scheme
from topologies.api_gateway.arguments import (
    CallableFunction,
    auth_of,
    backend_of,
    parameters_of,
    request_of,
)
from topologies.api_gateway.function_rules import called_functions, functions_of
from topologies.api_gateway.instance_build import build_instance
from topologies.api_gateway.names import gateway_name
from topologies.api_gateway.network_rules import network_of_access
from topologies.api_gateway.plugins.data import secrets_in, text_of, text_with_secrets
from topologies.api_gateway.plugins.settings import PluginSettings
from topologies.api_gateway.plugins.writing import accesses_of, plugin_data, plugin_name
from topologies.api_gateway.settings import (
    SECTION,
    ApiGatewaySettings,
    GroupSettings,
    LoadBalancerSettings,
)
from topologies.context import ApiGround, Built, Context
from topologies.functions.names import function_name, invoker_name
from topologies.functions.rules import region_of
from topologies.renames import renamed


@dataclass(frozen=True)
class _Parts:
    """What APIs are made on."""

    site: Context
    section: ApiGatewaySettings
    groups: Mapping[str, ApiGroup]
    apps: Mapping[str, ApiApp]
    accesses: Mapping[str, ApiVpcAccess]
    plugins: Mapping[str, ApiPlugin]
    functions: Mapping[str, CallableFunction]


def build(site: Context, section: ApiGatewaySettings) -> Built:
    """Register the topology."""
    if site.apis is None:
        message = "the builder lays the ground of this topology first"
        raise AssertionError(message)
    groups, instance_id = site.apis.groups, site.apis.instance_id
    apps = {key: _app(site, section, key) for key in sorted(section.apps)}
    balancers = {
        key: _balancer(site, key, one) for key, one in sorted(section.load_balancers.items())
    }
    accesses = {key: _access(site, section, key, balancers) for key in sorted(section.vpc_access)}
    plugins = {
        key: _plugin(site, key, plugin, accesses) for key, plugin in sorted(section.plugins.items())
    }
    functions = {
        key: _function(site, key, makes_role=makes_role)
        for key, makes_role in sorted(called_functions(site.settings, section.apis).items())
    }
    parts = _Parts(site, section, groups, apps, accesses, plugins, functions)
    apis = _apis(parts)
    if section.access_log is not None:
        log = section.access_log
        arguments = ApiAccessLogArgs(sls_project=log.project, sls_log_store=log.store)
        ApiAccessLog("api-access-log", arguments)
    outputs: dict[str, Any] = {
        "apiGroups": {
            key: {"id": group.group_id, "domain": group.sub_domain, "vpcDomain": group.vpc_domain}
            for key, group in groups.items()
        },
        "apis": {key: api.api_id for key, api in apis.items()},
        "apiApps": {key: app.app_id for key, app in apps.items()},
    }
    if balancers:
        outputs["loadBalancerIds"] = {key: one.load_balancer_id for key, one in balancers.items()}
    if instance_id is not None:
        outputs["apiGatewayInstanceId"] = instance_id
    return Built(outputs)


def _app(site: Context, section: ApiGatewaySettings, key: str) -> ApiApp:
    wanted = section.apps[key]
    arguments = ApiAppArgs(
        app_name=gateway_name(site.settings.stack, key), tags=site.settings.common.tags
    )
    if wanted.description is not None:
        arguments["description"] = wanted.description
    return ApiApp(f"app-{key}", arguments, renamed(wanted.was, "app"))


def _balancer(site: Context, key: str, wanted: LoadBalancerSettings) -> IntranetLoadBalancer:
    arguments = IntranetLoadBalancerArgs(
        vswitch_id=site.networks.vswitch_ids[wanted.vswitch],
        listener=LoadBalancerListenerArgs(protocol=wanted.protocol.value, port=wanted.port),
        servers={
            host: LoadBalancerServerArgs(server_id=site.networks.instance_ids[host], port=port)
            for host, port in wanted.servers.items()
        },
        load_balancer_name=resource_name(site.settings.stack, key),
        deletion_protection=site.settings.tier_defaults.deletion_protection,
        protect=site.settings.tier_defaults.protect,
        tags=site.settings.common.tags,
        after=[*site.networks.networks, *site.networks.hosts],
    )
    return IntranetLoadBalancer(f"balancer-{key}", arguments, renamed(wanted.was, "balancer"))


def _access(
    site: Context,
    section: ApiGatewaySettings,
    key: str,
    balancers: Mapping[str, IntranetLoadBalancer],
) -> ApiVpcAccess:
    access = section.vpc_access[key]
    network = network_of_access(site.settings, section, access)
    vpc_id = access.vpc if access.vpc is not None else site.networks.vpc_ids[network]
    instance: pulumi.Input[str] = access.instance_id or ""
    if access.load_balancer is not None:
        instance = balancers[access.load_balancer].load_balancer_id
    if access.host is not None:
        instance = site.networks.instance_ids[access.host]
    arguments = ApiVpcAccessArgs(
        access_name=resource_name(site.settings.stack, key),
        vpc_id=vpc_id,
        instance_id=instance,
        port=access.port,
        after=[*site.networks.networks, *site.networks.hosts, *balancers.values()],
    )
    return ApiVpcAccess(f"vpc-access-{key}", arguments, renamed(access.was, "vpc-access"))


def _plugin(
    site: Context, key: str, plugin: PluginSettings, accesses: Mapping[str, ApiVpcAccess]
) -> ApiPlugin:
    stack = site.settings.stack
    names = {access: resource_name(stack, access) for access in accesses}
    data = plugin_data(plugin, (SECTION, "plugins", key), names)
    text: pulumi.Input[str] = text_of(data)
    if any(secrets_in(data)):
        section = pulumi.Config().get_secret_object(SECTION)
        text = (
            pulumi.Output.secret(text)  # a plan has no secrets to fill in
            if section is None
            else section.apply(lambda tree: text_with_secrets(data, tree))
        )
    # Routes name authorizations, and a name is plain text: the plugin comes after them.
    used = [accesses[one].name for one in sorted(accesses_of(plugin))]
    if used:
        text = pulumi.Output.all(text, *used).apply(lambda known: str(known[0]))
    arguments = ApiPluginArgs(
        plugin_name=plugin_name(stack, key, plugin),
        plugin_type=plugin.type,
        plugin_data=text,
        tags=site.settings.common.tags,
    )
    if plugin.description is not None:
        arguments["description"] = plugin.description
    return ApiPlugin(f"plugin-{key}", arguments, renamed(plugin.was, "plugin"))


def _function(site: Context, key: str, *, makes_role: bool) -> CallableFunction:
    """A function of the stack, with the role by which the gateway may call it, if it makes one."""
    function, wanted = site.functions[key], functions_of(site.settings)[key]
    name = function_name(site.settings.stack, key, wanted)
    region = region_of(site.settings, wanted)
    if not makes_role:
        return CallableFunction(function.function_name, None, region)
    arguments = FunctionInvokerArgs(
        function_arn=function.function_arn,
        role_name=invoker_name(name),
        tags=site.settings.common.tags,
    )
    invoker = FunctionInvoker(f"invoker-{key}", arguments, renamed(wanted.was, "invoker"))
    return CallableFunction(function.function_name, invoker.role_arn, region)


def _apis(parts: _Parts) -> dict[str, Api]:
    apis: dict[str, Api] = {}
    # An API may be moved between groups, and its bindings between plugins.
    ground = [*parts.groups.values(), *parts.plugins.values()]
    last: dict[str, Sequence[pulumi.Resource]] = {}
    for key, api in sorted(parts.section.apis.items()):
        apis[key] = _api(parts, key, api, last.get(api.group, ground))
        last[api.group] = [apis[key].resource]
    return apis


def _api(parts: _Parts, key: str, api: ApiSettings, after: Sequence[pulumi.Resource]) -> Api:
    settings = parts.site.settings
    arguments = ApiArgs(
        api_name=gateway_name(settings.stack, key),
        group_id=parts.groups[api.group].group_id,
        description=api.description or key,
        request=request_of(api),
        auth_type=auth_of(api),
        backend=backend_of(
            api,
            {name: access.name for name, access in parts.accesses.items()},
            parts.functions,
            settings.region,
        ),
        stage_name=parts.section.stage.value,
        force_nonce_check=api.replay_protection,
        apps={
            app: _binding(parts.apps[app].app_id, parts.section.apps[app].was) for app in api.apps
        },
        # By kind: an API has one of each, so that another one of a kind takes its place.
        plugins={
            parts.section.plugins[one].type: ApiBindingArgs(id=parts.plugins[one].plugin_id)
            for one in api.plugins
        },
        after=after,
    )
    parameters_of(api, arguments)
    return Api(f"api-{key}", arguments, renamed(api.was, "api"))


def _binding(identity: pulumi.Output[str], was: str | None) -> ApiBindingArgs:
    binding = ApiBindingArgs(id=identity)
    if was is not None:
        binding["was"] = was
    return binding


def lay_ground(site: Context, section: ApiGatewaySettings) -> Context:
    """Register instance and groups, with their domains; returns the context with them.

    A function that calls an API of the stack needs its address, and an API needs the function
    behind it: so groups, which have the addresses, are made first.
    """
    instance_id = build_instance(site, section)
    groups = {key: _group(site, key, g, instance_id) for key, g in sorted(section.groups.items())}
    return replace(site, apis=ApiGround(instance_id, groups, _addresses(section, groups)))


def _group(
    site: Context, key: str, group: GroupSettings, instance_id: pulumi.Input[str] | None
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
