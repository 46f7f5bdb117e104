"""The rules of the `apiGateway` section: instance, groups, apps and authorizations.

Pure functions from settings to problems. What APIs may say is in `api_rules`, what plugins may say
in `plugins`.
"""

from collections.abc import Iterator

from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.renames import rename_problems
from stack.secret_values import plain_secret_problems
from stack.settings import CommonSettings, StackSettings
from topologies.api_gateway.api_rules import api_problems, api_warnings
from topologies.api_gateway.plugins.rules import ApiParameters, plugins_problems, plugins_warnings
from topologies.api_gateway.plugins.writing import accesses_of
from topologies.api_gateway.release import release_plugin, release_problems
from topologies.api_gateway.routes import sample_problems
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings, VpcAccessSettings
from topologies.nat.gateway_rules import vswitch_problems

PLUGINS: KeyPath = (SECTION, "plugins")


def api_gateway_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Everything that the section may not say."""
    common = settings.common
    yield from plain_secret_problems(section, (SECTION,))
    yield from _instance_problems(common, section)
    yield from _group_problems(section)
    yield from _balancer_problems(common, section)
    yield from _access_problems(common, section)
    yield from api_problems(settings, section)
    yield from release_problems(section)
    yield from sample_problems(section)
    yield from plugins_problems(
        PLUGINS,
        section.plugins,
        accesses=section.vpc_access,
        api_parameters=_api_parameters(section),
    )
    for key, renamed in (
        ("groups", section.groups),
        ("apps", section.apps),
        ("vpcAccess", section.vpc_access),
        ("loadBalancers", section.load_balancers),
        ("apis", section.apis),
    ):
        yield from rename_problems((SECTION, key), renamed)


def api_gateway_warnings(
    _settings: StackSettings, section: ApiGatewaySettings
) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    yield from api_warnings(section)
    releases = {release_plugin(name) for name, api in section.apis.items() if api.release}
    written = {key: plugin for key, plugin in section.plugins.items() if key not in releases}
    yield from plugins_warnings(PLUGINS, written, api_parameters=_api_parameters(section))
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
    return used.union(*(accesses_of(plugin) for plugin in section.plugins.values()))


def _used_balancers(section: ApiGatewaySettings) -> set[str]:
    accesses = section.vpc_access.values()
    return {one.load_balancer for one in accesses if one.load_balancer is not None}


def _instance_problems(common: CommonSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    instance, path = section.instance, (SECTION, "instance")
    if instance is None:
        return
    new: dict[str, object] = {
        "name": instance.name,
        "spec": instance.spec,
        "zone": instance.zone,
        "ingress": instance.ingress and instance.ingress.model_dump(by_alias=True),
        "selfCall": instance.self_call or None,
    }
    if "https_policy" in instance.model_fields_set:
        new["httpsPolicy"] = instance.https_policy
    if instance.id is not None:
        for key, value in new.items():
            if value is not None:
                rule = f"an instance that exists keeps its {key}"
                yield Problem((*path, key), value, rule, f"remove {key}, or id to create one")
        return
    if instance.spec is None:
        rule = "a new instance has a size"
        remedy = "add spec: api.s1.small, or the id of an instance that exists"
        yield Problem((*path, "spec"), None, rule, remedy)
    if instance.ingress is not None:
        where = (*path, "ingress", "vswitch")
        yield from vswitch_problems(common, instance.ingress.vswitch, where)


def _group_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    instance = section.instance
    for name, group in section.groups.items():
        path = (SECTION, "groups", name)
        if group.intranet and instance is None:
            rule = "a domain inside the VPC needs a dedicated instance"
            remedy = "add instance: {spec: api.s1.small}, or remove intranet"
            yield Problem((*path, "intranet"), group.intranet, rule, remedy)
        if group.self_call_domain is not None and instance is None:
            rule = "the gateway calls itself over the intranet on a dedicated instance"
            remedy = "add instance: {spec: api.s1.small, selfCall: true}, or remove selfCallDomain"
            yield Problem((*path, "selfCallDomain"), group.self_call_domain, rule, remedy)
        if group.base_path is not None and not group.base_path.startswith("/"):
            rule = "a path begins with /"
            yield Problem((*path, "basePath"), group.base_path, rule, f"write /{group.base_path}")


def _balancer_problems(common: CommonSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    for name, balancer in section.load_balancers.items():
        path = (SECTION, "loadBalancers", name)
        yield from vswitch_problems(common, balancer.vswitch, (*path, "vswitch"))
        for host in balancer.servers:
            yield from _host_problems(common, host, (*path, "servers", host))


def _access_problems(common: CommonSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    owners: dict[tuple[str, str, int], str] = {}
    for name, access in section.vpc_access.items():
        path = (SECTION, "vpcAccess", name)
        given = [one for one in (access.instance_id, access.host, access.load_balancer) if one]
        if len(given) != 1:
            rule = "an authorization is for one thing: an instanceId, a host or a loadBalancer"
            yield Problem(path, ", ".join(given) or None, rule, "give one of the three")
        if access.load_balancer is not None and access.load_balancer not in section.load_balancers:
            yield Problem(
                (*path, "loadBalancer"),
                access.load_balancer,
                "this must name a load balancer of apiGateway.loadBalancers",
                choose_from(access.load_balancer, section.load_balancers, "load balancer"),
                missing=(SECTION, "loadBalancers", access.load_balancer),
            )
        if access.host is not None:
            yield from _host_problems(common, access.host, (*path, "host"))
        if access.vpc is None and not common.network.exists:
            rule = "an authorization is for a VPC, and the stack has no network"
            yield Problem((*path, "vpc"), None, rule, "add vpc: vpc-…, or a network")
        target = _target(common, access)
        owner = owners.setdefault(target, name)
        if owner != name:
            rule = f"a port is authorized once; {owner} has {target[1]}:{access.port} already"
            yield Problem((*path, "port"), access.port, rule, f"use {owner} instead")


def _target(common: CommonSettings, access: VpcAccessSettings) -> tuple[str, str, int]:
    """VPC, instance and port: two authorizations for the same are one to the cloud."""
    instance, vpc = access.instance_id, access.vpc or common.network.vpc.id
    if access.host is not None:
        host = common.network.hosts.get(access.host)
        instance = (host.instance_id if host is not None else None) or access.host
    instance = instance or access.load_balancer
    return vpc or "", instance or "", access.port


def _host_problems(common: CommonSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    host = common.network.hosts.get(name)
    if host is None:
        yield Problem(
            path,
            name,
            "this must name a host of network.hosts",
            choose_from(name, common.network.hosts, "host"),
            missing=("network", "hosts", name),
        )
    elif host.instance is None and host.instance_id is None:
        rule = f"requests go to an ECS instance; of {name} only the address is known"
        place = dotted(("network", "hosts", name))
        remedy = f"add instanceId: i-… to {place}, or an instance to create"
        yield Problem(path, name, rule, remedy)
