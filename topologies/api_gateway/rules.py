"""The rules of the `apiGateway` section: all of them, and those of groups and of quotas.

Pure functions from settings to problems. What APIs may say is in `apis`, what plugins may say in
`plugins`, and so on; `expand` brings what is found to where it can be put right.
"""

from collections.abc import Iterator

from stack.naming import rename_problems
from stack.problems import KeyPath, Problem
from stack.quotas import Quotas, over_quota
from stack.secrets import plain_secret_problems
from stack.settings import StackSettings
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.rules import (
    api_problems,
    api_warnings,
    release_problems,
    sample_problems,
)
from topologies.api_gateway.backends.rules import (
    access_problems,
    balancer_problems,
    call_problems,
    call_warnings,
)
from topologies.api_gateway.expand import at_home, release_plugin
from topologies.api_gateway.instance import instance_problems, instance_warnings
from topologies.api_gateway.names import name_problems, slash_problems
from topologies.api_gateway.plugins.rules import ApiParameters, plugins_problems, plugins_warnings
from topologies.api_gateway.plugins.self_calls import self_call_problems
from topologies.api_gateway.settings import ApiGatewaySettings

_INSTANCE: KeyPath = (SECTION, "instance")


def api_gateway_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Everything that the section may not say."""
    return at_home(section, _problems(settings, section))


def api_gateway_warnings(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    return at_home(section, _warnings(settings, section))


def _problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    common = settings.common
    yield from plain_secret_problems(section, (SECTION,))
    yield from name_problems(settings.stack, section)
    yield from _quota_problems(common.quotas, section)
    if section.instance is not None:
        yield from instance_problems(settings, _INSTANCE, section.instance)
    yield from _group_problems(section)
    yield from balancer_problems(settings, section)
    yield from access_problems(settings, section)
    yield from call_problems(settings, section)
    yield from api_problems(settings, section)
    yield from release_problems(section)
    yield from sample_problems(section)
    yield from self_call_problems(section)
    yield from plugins_problems(
        section.plugins,
        accesses=section.vpc_access,
        api_parameters=_api_parameters(section),
        stack=settings.stack,
    )
    for key, renamed in (
        ("groups", section.groups),
        ("apps", section.apps),
        ("vpcAccess", section.vpc_access),
        ("loadBalancers", section.load_balancers),
        ("apis", section.apis),
    ):
        yield from rename_problems((SECTION, key), renamed)


def _warnings(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    yield from _quota_warnings(settings.common.quotas, section)
    yield from call_warnings(settings, section)
    if section.instance is not None:
        calls = any(g.self_call_domain is not None for g in section.groups.values())
        yield from instance_warnings(_INSTANCE, section.instance, calls_a_group=calls)
    yield from api_warnings(section)
    releases = {release_plugin(name) for name, api in section.apis.items() if api.release}
    written = {key: plugin for key, plugin in section.plugins.items() if key not in releases}
    yield from plugins_warnings(written, api_parameters=_api_parameters(section))
    for key, names, used in (
        ("groups", section.groups, {api.group for api in section.apis.values()}),
        ("apps", section.apps, {app for api in section.apis.values() for app in api.apps}),
        ("vpcAccess", section.vpc_access, _used_accesses(section)),
        ("loadBalancers", section.load_balancers, _used_balancers(section)),
        ("plugins", section.plugins, {p for api in section.apis.values() for p in api.plugins}),
    ):
        for name in names:
            if name not in used:
                rule = f"{name} is used by nothing"
                yield Problem((SECTION, key, name), None, rule, "use it, or remove it")


def _api_parameters(section: ApiGatewaySettings) -> ApiParameters:
    found: dict[str, set[str]] = {}
    for api in section.apis.values():
        for plugin in api.plugins:
            found.setdefault(plugin, set()).update(api.parameters)
    return found


def _used_accesses(section: ApiGatewaySettings) -> set[str]:
    used = {api.backend.vpc.access for api in section.apis.values() if api.backend.vpc is not None}
    return used.union(*(plugin.accesses for plugin in section.plugins.values()))


def _used_balancers(section: ApiGatewaySettings) -> set[str]:
    accesses = section.vpc_access.values()
    return {access.load_balancer for access in accesses if access.load_balancer is not None}


def _group_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    instance = section.instance
    for name, group in section.groups.items():
        path = (SECTION, "groups", name)
        if group.self_call_domain is not None and instance is None:
            rule = "the gateway calls itself over the intranet on a dedicated instance"
            remedy = "add instance: {spec: api.s1.small, selfCall: true}, or remove selfCallDomain"
            yield Problem((*path, "selfCallDomain"), group.self_call_domain, rule, remedy)
        yield from slash_problems((*path, "basePath"), group.base_path)


def _quota_problems(quotas: Quotas, section: ApiGatewaySettings) -> Iterator[Problem]:
    """More than the account may have."""
    for field, used, key in (
        ("api_groups_per_region", section.groups, "groups"),
        ("api_apps_per_account", section.apps, "apps"),
        ("api_plugins_per_region", section.plugins, "plugins"),
    ):
        yield from over_quota(quotas, field, used, (SECTION, key))
    members: dict[str, list[str]] = {}
    for name, api in section.apis.items():
        members.setdefault(api.group, []).append(name)
        yield from over_quota(quotas, "apps_per_api", api.apps, (SECTION, "apis", name, "apps"))
    for group, names in members.items():
        if group in section.groups:
            yield from over_quota(quotas, "apis_per_group", names, (SECTION, "groups", group))


def _quota_warnings(quotas: Quotas, section: ApiGatewaySettings) -> Iterator[Problem]:
    """More than an account may have that binds no domains."""
    limit, used = quotas.api_groups_without_domain, len(section.groups)
    if used > limit and used <= quotas.api_groups_per_region:
        rule = f"a new account has {limit} groups to which no domain of their own is bound"
        remedy = (
            "bind domains to some before the others are made, or have the quota raised and say "
            f"so: quotas: {{apiGroupsWithoutDomain: {used}}}"
        )
        yield Problem((SECTION, "groups"), f"{used} groups", rule, remedy)
