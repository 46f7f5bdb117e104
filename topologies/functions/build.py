"""Wire the section: one function an entry, with its secrets from Pulumi."""

import pulumi

from components.function import Function, FunctionArgs, FunctionVpcArgs
from components.function_network_role import FunctionNetworkRole, FunctionNetworkRoleArgs
from stack.secrets import SecretState
from topologies.functions.names import function_name, network_role_name
from topologies.functions.network_rules import network_of, region_of
from topologies.functions.settings import (
    SECTION,
    FunctionNetworkSettings,
    FunctionSettings,
    FunctionsSettings,
)
from topologies.renames import renamed
from topologies.secrets import secret_of
from topologies.site import Built, Site


def build(site: Site, section: FunctionsSettings) -> Built:
    """Register the topology."""
    functions = {key: _function(site, key, one) for key, one in sorted(section.root.items())}
    outputs = {key: function.function_arn for key, function in functions.items()}
    return Built({"functions": outputs}, functions=functions)


def _function(site: Site, key: str, wanted: FunctionSettings) -> Function:
    arguments = FunctionArgs(
        function_name=function_name(site.settings.stack, key, wanted),
        code=wanted.code,
        handler=wanted.handler,
        runtime=wanted.runtime.value,
        memory=wanted.memory,
        cpu=wanted.cpu,
        timeout=wanted.timeout,
        environment={
            **{name: _text(key, name, value) for name, value in wanted.environment.items()},
            **{variable: _address(site, api) for variable, api in wanted.calls.items()},
        },
        internet_access=wanted.internet_access,
        tags=site.settings.common.tags,
        after=site.networks.networks,
    )
    if wanted.description is not None:
        arguments["description"] = wanted.description
    if wanted.role is not None:
        arguments["role_arn"] = wanted.role
    if wanted.network is not None:
        arguments["vpc"] = _vpc(site, wanted, wanted.network)
        if wanted.role is None:
            arguments["role_arn"] = _network_role(site, key, wanted)
    region = region_of(site.settings, wanted)
    options = site.regions.options(region, renamed(wanted.was, "function"))
    return Function(f"function-{key}", arguments, options)


def _vpc(site: Site, wanted: FunctionSettings, network: FunctionNetworkSettings) -> FunctionVpcArgs:
    arguments = FunctionVpcArgs(
        vpc_id=site.networks.vpc_ids[network_of(site.settings.common, wanted)],
        vswitch_ids=[site.networks.vswitch_ids[name] for name in network.vswitches],
        vswitches=site.networks.created(network.vswitches),
    )
    if network.security_group is not None:
        arguments["security_group_id"] = network.security_group
    return arguments


def _network_role(site: Site, key: str, wanted: FunctionSettings) -> pulumi.Output[str]:
    name = function_name(site.settings.stack, key, wanted)
    arguments = FunctionNetworkRoleArgs(
        role_name=network_role_name(name), tags=site.settings.common.tags
    )
    options = renamed(wanted.was, "function", "-network")
    return FunctionNetworkRole(f"function-{key}-network", arguments, options).role_arn


def _text(key: str, variable: str, value: str | SecretState) -> pulumi.Input[str]:
    return value if isinstance(value, str) else secret_of((SECTION, key, "environment", variable))


def _address(site: Site, api: str) -> pulumi.Output[str]:
    if site.apis is None:
        message = f"the rules let nothing call {api} without api-gateway"
        raise AssertionError(message)
    return site.apis.addresses[api]
