"""Wire the section: instance, groups, apps, authorizations and plugins, then the APIs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pulumi

from components import (
    ApiAccessControl,
    ApiAccessControlArgs,
    ApiAccessEntryArgs,
    ApiAccessLog,
    ApiAccessLogArgs,
    ApiApp,
    ApiAppArgs,
    ApiGatewayInstance,
    ApiGatewayInstanceArgs,
    ApiGroup,
    ApiGroupArgs,
    ApiIngressArgs,
    ApiPlugin,
    ApiPluginArgs,
    ApiVpcAccess,
    ApiVpcAccessArgs,
    FunctionInvoker,
    FunctionInvokerArgs,
    IntranetLoadBalancer,
    IntranetLoadBalancerArgs,
    LoadBalancerListenerArgs,
    LoadBalancerServerArgs,
)
from stack.naming import resource_name
from stack.problems import KeyPath
from stack.secrets import HIDDEN
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.build import ApiParts, CallableFunction, build_apis
from topologies.api_gateway.apis.settings import app_in_condition
from topologies.api_gateway.backends.rules import called_functions, functions_of, network_of_access
from topologies.api_gateway.backends.settings import LoadBalancerSettings
from topologies.api_gateway.expand import release_plugin
from topologies.api_gateway.names import access_name, gateway_name, instance_name
from topologies.api_gateway.plugins.base import (
    AccessRef,
    GroupRef,
    Ref,
    SecretRef,
    secrets_in,
)
from topologies.api_gateway.settings import ApiGatewaySettings, GroupSettings
from topologies.context import ApiGround, Built, Context
from topologies.functions.rules import region_of
from topologies.functions.settings import function_name, invoker_name
from topologies.renames import renamed
from topologies.secrets import with_secrets


def build(context: Context, section: ApiGatewaySettings) -> Built:
    """Register the topology."""
    if context.apis is None:
        message = "the builder lays the ground of this topology first"
        raise AssertionError(message)
    groups, instance_id = context.apis.groups, context.apis.instance_id
    apps = {key: _app(context, section, key) for key in sorted(section.apps)}
    balancers = {
        key: _balancer(context, key, one) for key, one in sorted(section.load_balancers.items())
    }
    accesses = {
        key: _access(context, section, key, balancers) for key in sorted(section.vpc_access)
    }
    released = {
        release_plugin(name): {app: apps[app].app_id for app in api.release.who.apps}
        for name, api in section.apis.items()
        if api.release is not None
    }
    plugins = {
        key: _plugin(context, section, key, accesses, released.get(key, {}))
        for key in sorted(section.plugins)
    }
    functions = {
        key: _function(context, key, makes_role=makes_role)
        for key, makes_role in sorted(called_functions(context.settings, section.apis).items())
    }
    parts = ApiParts(context, section, groups, apps, accesses, plugins, functions)
    apis = build_apis(parts)
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


def _app(context: Context, section: ApiGatewaySettings, key: str) -> ApiApp:
    wanted = section.apps[key]
    arguments = ApiAppArgs(
        app_name=gateway_name(context.settings.stack, key, wanted.name),
        description=wanted.description,
        tags=context.settings.common.tags,
    )
    return ApiApp(f"app-{key}", arguments, renamed(wanted.was, "app"))


def _balancer(context: Context, key: str, wanted: LoadBalancerSettings) -> IntranetLoadBalancer:
    hosts = context.settings.common.every_host
    arguments = IntranetLoadBalancerArgs(
        vswitch_id=context.networks.vswitch_ids[wanted.vswitch],
        listener=LoadBalancerListenerArgs(protocol=wanted.protocol, port=wanted.port),
        servers={
            host: LoadBalancerServerArgs(
                server_id=context.networks.instance_ids[host], port=port, was=hosts[host][1].was
            )
            for host, port in wanted.servers.items()
        },
        load_balancer_name=resource_name(context.settings.stack, key),
        deletion_protection=context.settings.tier_defaults.deletion_protection,
        protect=context.settings.tier_defaults.protect,
        tags=context.settings.common.tags,
    )
    after = [*context.networks.networks, *context.networks.hosts]
    options = renamed(wanted.was, "balancer", after=after)
    return IntranetLoadBalancer(f"balancer-{key}", arguments, options)


def _access(
    context: Context,
    section: ApiGatewaySettings,
    key: str,
    balancers: Mapping[str, IntranetLoadBalancer],
) -> ApiVpcAccess:
    access = section.vpc_access[key]
    network = network_of_access(context.settings, section, access)
    vpc_id = access.vpc if access.vpc is not None else context.networks.vpc_ids[network]
    instance: pulumi.Input[str] = access.instance_id or ""
    if access.load_balancer is not None:
        instance = balancers[access.load_balancer].load_balancer_id
    if access.host is not None:
        instance = context.networks.instance_ids[access.host]
    arguments = ApiVpcAccessArgs(
        access_name=access_name(context.settings.stack, key, access.name),
        vpc_id=vpc_id,
        instance_id=instance,
        port=access.port,
    )
    after = [*context.networks.networks, *context.networks.hosts, *balancers.values()]
    options = renamed(access.was, "vpc-access", after=after)
    return ApiVpcAccess(f"vpc-access-{key}", arguments, options)


def _plugin(
    context: Context,
    section: ApiGatewaySettings,
    key: str,
    accesses: Mapping[str, ApiVpcAccess],
    app_ids: Mapping[str, pulumi.Output[str]],
) -> ApiPlugin:
    stack, plugin = context.settings.stack, section.plugins[key]
    data = plugin.written()

    def written(secret: Callable[[KeyPath], str]) -> str:
        def filled(ref: Ref) -> str:
            match ref:
                case SecretRef(path):
                    return secret(path)
                case AccessRef(access):
                    return access_name(stack, access, section.vpc_access[access].name)
                case GroupRef(group):
                    return f"http://{section.groups[group].self_call_domain}"

        return plugin.text(filled)

    text: pulumi.Input[str] = written(lambda _path: HIDDEN)
    if any(secrets_in(data)):
        text = with_secrets((SECTION, "plugins", key, *plugin.kinds), written)
    # Routes name authorizations, and a name is plain text: the plugin comes after them.
    used = [accesses[access].name for access in sorted(plugin.accesses)]
    if used:
        text = pulumi.Output.all(text, *used).apply(lambda known: str(known[0]))
    for app, app_id in app_ids.items():
        text = pulumi.Output.all(text, app_id).apply(partial(_with_app, app))
    arguments = ApiPluginArgs(
        plugin_name=plugin.cloud_name(stack, key),
        plugin_type=plugin.type,
        plugin_data=text,
        secret=any(secrets_in(data)),
        description=plugin.description,
        tags=context.settings.common.tags,
    )
    return ApiPlugin(f"plugin-{key}", arguments, renamed(plugin.was, "plugin"))


def _with_app(app: str, known: Sequence[str]) -> str:
    """Conditions with the id of an app, which is a number there."""
    text, app_id = known
    return text.replace(f"'{app_in_condition(app)}'", app_id)


def _function(context: Context, key: str, *, makes_role: bool) -> CallableFunction:
    """A function of the stack, with the role by which the gateway may call it, if it makes one."""
    function, wanted = context.functions[key], functions_of(context.settings)[key]
    name = function_name(context.settings.stack, key, wanted)
    region = region_of(context.settings, wanted)
    if not makes_role:
        return CallableFunction(function.function_name, None, region)
    arguments = FunctionInvokerArgs(
        function_arn=function.function_arn,
        role_name=invoker_name(name),
        tags=context.settings.common.tags,
    )
    invoker = FunctionInvoker(f"invoker-{key}", arguments, renamed(wanted.was, "invoker"))
    return CallableFunction(function.function_name, invoker.role_arn, region)


def lay_ground(context: Context, section: ApiGatewaySettings) -> Context:
    """Register instance and groups, with their domains; returns the context with them.

    A function that calls an API of the stack needs its address, and an API needs the function
    behind it: so groups, which have the addresses, are made first.
    """
    instance_id = _instance(context, section)
    _access_control(context, section, instance_id)
    groups = {
        key: _group(context, key, g, instance_id) for key, g in sorted(section.groups.items())
    }
    return replace(context, apis=ApiGround(instance_id, groups, _addresses(section, groups)))


def _group(
    context: Context, key: str, group: GroupSettings, instance_id: pulumi.Input[str] | None
) -> ApiGroup:
    arguments = ApiGroupArgs(
        group_name=gateway_name(context.settings.stack, key, group.name),
        description=group.description,
        instance_id=instance_id,
        base_path=group.base_path,
        intranet=group.intranet,
    )
    return ApiGroup(f"group-{key}", arguments, renamed(group.was, "group"))


def _addresses(
    section: ApiGatewaySettings, groups: Mapping[str, ApiGroup]
) -> dict[str, pulumi.Output[str]]:
    """Protocol, domain and path of each API whose group has a domain inside."""
    found: dict[str, pulumi.Output[str]] = {}
    for name, api in section.apis.items():
        group = section.groups[api.group]
        if group.intranet:
            start, path = f"{api.scheme_inside}://", section.path_of(api)
            found[name] = pulumi.Output.concat(start, groups[api.group].vpc_domain, path)
    return found


def _instance(context: Context, section: ApiGatewaySettings) -> pulumi.Input[str] | None:
    """Register the instance, if it is to be created; returns its id."""
    wanted = section.instance
    if wanted is None or wanted.id is not None:
        return wanted.id if wanted is not None else None
    arguments = ApiGatewayInstanceArgs(
        instance_name=instance_name(context.settings.stack, wanted.name),
        instance_spec=wanted.spec or "",
        https_policy=wanted.https_policy,
        zone_id=wanted.zone,
        self_call=wanted.self_call,
        # The cloud has no switch for it.
        deletion_protection=context.settings.tier_defaults.protect,
    )
    if wanted.ingress is not None:
        found = context.settings.common.network_of_vswitch(wanted.ingress.vswitch)
        network = found[0] if found is not None else None
        arguments["ingress"] = ApiIngressArgs(
            vpc_id=context.networks.vpc_ids[network],
            vswitch_id=context.networks.vswitch_ids[wanted.ingress.vswitch],
            vpc_owner_id=wanted.ingress.owner_id,
        )
    return ApiGatewayInstance("api-gateway", arguments).instance_id


def _access_control(
    context: Context, section: ApiGatewaySettings, instance_id: pulumi.Input[str] | None
) -> None:
    acl = section.instance.acl if section.instance is not None else None
    if acl is None or instance_id is None:
        return
    arguments = ApiAccessControlArgs(
        instance_id=instance_id,
        list_name=instance_name(context.settings.stack, acl.name),
        mode=acl.mode,
        entries={
            key: ApiAccessEntryArgs(cidr=entry.cidr, comment=entry.comment, was=entry.was)
            for key, entry in acl.entries.items()
        },
    )
    ApiAccessControl("api-gateway", arguments)
