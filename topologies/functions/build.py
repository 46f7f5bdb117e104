"""Wire the section: one function an entry, with its secrets from Pulumi."""

import pulumi

from components import (
    Function,
    FunctionArgs,
    FunctionLogArgs,
    FunctionNetworkRole,
    FunctionNetworkRoleArgs,
    FunctionVpcArgs,
)
from stack.secrets import SecretState
from topologies.context import Built, Context
from topologies.functions.rules import network_of, region_of
from topologies.functions.settings import (
    SECTION,
    FunctionNetworkSettings,
    FunctionSettings,
    FunctionsSettings,
    function_name,
    network_role_name,
)
from topologies.names import FUNCTION
from topologies.renames import renamed
from topologies.secrets import secret_of


def build(context: Context, section: FunctionsSettings) -> Built:
    """Register the topology."""
    functions = {key: _function(context, key, one) for key, one in sorted(section.root.items())}
    outputs = {key: function.function_arn for key, function in functions.items()}
    return Built({"functions": outputs}, functions=functions)


def _function(context: Context, key: str, wanted: FunctionSettings) -> Function:
    arguments = FunctionArgs(
        function_name=function_name(context.settings.stack, key, wanted),
        code=wanted.code,
        handler=wanted.handler,
        runtime=wanted.runtime.value,
        description=wanted.description,
        memory=wanted.memory,
        cpu=wanted.cpu,
        disk=wanted.disk,
        concurrency=wanted.concurrency,
        timeout=wanted.timeout,
        environment={
            **{name: _text(key, name, value) for name, value in wanted.environment.items()},
            **{variable: _address(context, api) for variable, api in wanted.calls.items()},
        },
        role_arn=wanted.role,
        internet_access=wanted.internet_access,
        tags=context.settings.common.tags,
    )
    if wanted.logs is not None:
        arguments["logs"] = FunctionLogArgs(project=wanted.logs.project, store=wanted.logs.store)
    if wanted.network is not None:
        arguments["vpc"] = _vpc(context, wanted, wanted.network)
        if wanted.role is None:
            arguments["role_arn"] = _network_role(context, key, wanted)
    region = region_of(context.settings, wanted)
    own = renamed(wanted.was, FUNCTION, after=context.networks.networks)
    options = context.regions.options(region, own)
    return Function(f"{FUNCTION}-{key}", arguments, options)


def _vpc(
    context: Context, wanted: FunctionSettings, network: FunctionNetworkSettings
) -> FunctionVpcArgs:
    return FunctionVpcArgs(
        vpc_id=context.networks.vpc_ids[network_of(context.settings.common, wanted)],
        vswitch_ids=[context.networks.vswitch_ids[name] for name in network.vswitches],
        vswitch_urns=context.networks.created(network.vswitches),
        security_group_id=network.security_group,
    )


def _network_role(context: Context, key: str, wanted: FunctionSettings) -> pulumi.Output[str]:
    name = function_name(context.settings.stack, key, wanted)
    arguments = FunctionNetworkRoleArgs(
        role_name=network_role_name(name), tags=context.settings.common.tags
    )
    options = renamed(wanted.was, FUNCTION, "-network")
    return FunctionNetworkRole(f"{FUNCTION}-{key}-network", arguments, options).role_arn


def _text(key: str, variable: str, value: str | SecretState) -> pulumi.Input[str]:
    return value if isinstance(value, str) else secret_of((SECTION, key, "environment", variable))


def _address(context: Context, api: str) -> pulumi.Output[str]:
    if context.apis is None:
        message = f"the rules let nothing call {api} without api-gateway"
        raise AssertionError(message)
    return context.apis.addresses[api]
