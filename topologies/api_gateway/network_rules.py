"""The rules of what lies in networks: load balancers, authorizations, and who is reached by them.

The gateway connects to VPCs of its own region alone; what lies elsewhere is reached through one of
them.

Source: API Gateway, "Use resources in a VPC as a backend service"; the seed document on API Gateway
best practices, chapter 6.
"""

from collections.abc import Iterator

from stack.network_rules import host_problems, place_of_network, vswitch_problems
from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.settings import StackSettings
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings, VpcAccessSettings


def place_problems(settings: StackSettings, vswitch: str, path: KeyPath) -> Iterator[Problem]:
    """Why nothing of the gateway can lie in this vSwitch."""
    yield from vswitch_problems(settings.common, vswitch, path)
    found = settings.common.network_of_vswitch(vswitch)
    if found is not None:
        yield from _region_problems(settings, found[0], path, vswitch)


def balancer_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """What load balancers may not say."""
    for name, balancer in section.load_balancers.items():
        path = (SECTION, "loadBalancers", name)
        yield from place_problems(settings, balancer.vswitch, (*path, "vswitch"))
        own = settings.common.network_of_vswitch(balancer.vswitch)
        for host in balancer.servers:
            where = (*path, "servers", host)
            yield from _server_problems(settings, host, where)
            found = settings.common.network_of_host(host)
            if own is not None and found is not None and own[0] != found[0]:
                rule = f"a load balancer and its servers are in one VPC; {host} is in another"
                remedy = f"use hosts of {dotted(place_of_network(own[0]))}"
                yield Problem(where, host, rule, remedy)


def access_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """What authorizations may not say."""
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
            yield from _server_problems(settings, access.host, (*path, "host"))
        yield from _vpc_problems(settings, section, path, access)
        target = _target(settings, section, access)
        owner = owners.setdefault(target, name)
        if owner != name:
            rule = f"a port is authorized once; {owner} has {target[1]}:{access.port} already"
            yield Problem((*path, "port"), access.port, rule, f"use {owner} instead")


def network_of_access(
    settings: StackSettings, section: ApiGatewaySettings, access: VpcAccessSettings
) -> str | None:
    """The name of the network that an authorization is for; None is the name of the stack's own."""
    found = None
    if access.host is not None:
        found = settings.common.network_of_host(access.host)
    elif access.load_balancer is not None and access.load_balancer in section.load_balancers:
        balancer = section.load_balancers[access.load_balancer]
        found = settings.common.network_of_vswitch(balancer.vswitch)
    return found[0] if found is not None else access.network


def _vpc_problems(
    settings: StackSettings,
    section: ApiGatewaySettings,
    path: KeyPath,
    access: VpcAccessSettings,
) -> Iterator[Problem]:
    common = settings.common
    if access.network is not None:
        where = (*path, "network")
        if access.vpc is not None:
            rule = "an authorization is for one VPC: by its id or by its network's name"
            yield Problem(where, access.network, rule, "keep vpc or network")
        if access.network not in common.networks:
            rule = "this must name a network of networks"
            remedy = choose_from(access.network, common.networks, "network")
            missing = ("networks", access.network)
            yield Problem(where, access.network, rule, remedy, missing=missing)
            return
        if network_of_access(settings, section, access) != access.network:
            rule = f"what this leads to isn't in {access.network}"
            yield Problem(where, access.network, rule, "remove network: the VPC follows from it")
        if access.vpc is None:
            yield from _region_problems(settings, access.network, where, access.network)
    elif access.vpc is None:
        network = network_of_access(settings, section, access)
        if network is None and not common.network.exists:
            rule = "an authorization is for a VPC, and the stack has no network"
            yield Problem((*path, "vpc"), None, rule, "add vpc: vpc-…, or a network")
        elif access.host is not None:
            yield from _region_problems(settings, network, (*path, "host"), access.host)


def _region_problems(
    settings: StackSettings, network: str | None, path: KeyPath, value: str
) -> Iterator[Problem]:
    region = settings.region_of(network)
    if region != settings.region:
        rule = (
            f"the gateway is in {settings.region} and connects to VPCs there alone; {value} is in "
            f"{region}"
        )
        remedy = "use a VPC of the gateway's region, and crossRegion to get from there to others"
        yield Problem(path, value, rule, remedy)


def _target(
    settings: StackSettings, section: ApiGatewaySettings, access: VpcAccessSettings
) -> tuple[str, str, int]:
    """VPC, instance and port: two authorizations for the same are one to the cloud."""
    common, name = settings.common, network_of_access(settings, section, access)
    its_network = common.every_network.get(name)
    vpc = access.vpc or (its_network.vpc.id if its_network is not None else None)
    instance, vpc = access.instance_id, vpc or dotted(place_of_network(name))
    if access.host is not None:
        _, network = common.network_of_host(access.host) or (None, None)
        host = network.hosts[access.host] if network is not None else None
        instance = (host.instance_id if host is not None else None) or access.host
    instance = instance or access.load_balancer
    return vpc, instance or "", access.port


def _server_problems(settings: StackSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    yield from host_problems(settings.common, name, path)
    found = settings.common.network_of_host(name)
    if found is None:
        return
    host = found[1].hosts[name]
    if host.instance is None and host.instance_id is None:
        rule = f"requests go to an ECS instance; of {name} only the address is known"
        place = dotted((*place_of_network(found[0]), "hosts", name))
        remedy = f"add instanceId: i-… to {place}, or an instance to create"
        yield Problem(path, name, rule, remedy)
