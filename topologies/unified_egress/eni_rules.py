"""The rules of servers' network interfaces: zone, addresses, and how many an instance takes.

Source: Elastic Compute Service, "ENI overview" (limits) and "AttachNetworkInterface".
"""

from collections import defaultdict
from collections.abc import Iterator

from facts.instance_types import attaches_only_stopped, eni_limits
from stack.naming import name_problems
from stack.network import HostSettings
from stack.network_rules import parse_address, parse_cidr, placing_problems
from stack.problems import KeyPath, Problem, dotted
from stack.settings import CommonSettings
from topologies.nat.rules import vswitch_problems
from topologies.unified_egress.settings import SECTION, ServerSettings, UnifiedEgressSettings

SERVERS = (SECTION, "servers")


def eni_problems(common: CommonSettings, section: UnifiedEgressSettings) -> Iterator[Problem]:
    """Everything that network interfaces may not say."""
    for name, server in section.servers.items():
        path = (*SERVERS, name, "eni")
        yield from vswitch_problems(common, server.eni.vswitch, (*path, "vswitch"))
        yield from name_problems((*path, "name"), server.eni.name)
        yield from _zone_problems(common, name, server)
        yield from _running_problems(common, name, server)
        yield from _address_problems(common, server, path)
    for host, names in _by_host(section).items():
        yield from _quantity_problems(common, section, host, names)


def eni_warnings(common: CommonSettings, section: UnifiedEgressSettings) -> Iterator[Problem]:
    """Hosts of which nobody here knows how many network interfaces they take."""
    for host, names in _by_host(section).items():
        settings = common.network.hosts.get(host)
        if settings is not None and _quantity(settings) is None:
            what = f"the type {settings.instance.type}" if settings.instance else "its type"
            yield Problem(
                (*SERVERS, names[0], "host"),
                host,
                f"{host} gets {len(names) + 1} network interfaces, and how many {what} takes isn't "
                "known here",
                "look up EniQuantity (aliyun ecs DescribeInstanceTypes) and say it: "
                f"eniQuantity: {len(names) + 1} in {dotted(('network', 'hosts', host))}",
            )


def _by_host(section: UnifiedEgressSettings) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, server in section.servers.items():
        groups[server.host].append(name)
    return groups


def _quantity(host: HostSettings) -> int | None:
    if host.eni_quantity is not None:
        return host.eni_quantity
    limits = eni_limits(host.instance.type) if host.instance is not None else None
    return limits.interfaces if limits is not None else None


def _zone_problems(common: CommonSettings, name: str, server: ServerSettings) -> Iterator[Problem]:
    vswitches = common.network.vswitches
    host = common.network.hosts.get(server.host)
    home = vswitches.get(host.vswitch) if host is not None else None
    place = vswitches.get(server.eni.vswitch)
    if host is None or home is None or place is None or home.zone == place.zone:
        return
    fitting = [key for key, vswitch in vswitches.items() if vswitch.zone == home.zone]
    yield Problem(
        (*SERVERS, name, "eni", "vswitch"),
        server.eni.vswitch,
        f"a network interface is in its instance's zone; {server.host} is in {home.zone} and "
        f"{server.eni.vswitch} in {place.zone}",
        f"use a vSwitch of {home.zone}: {', '.join(fitting)}",
    )


def _running_problems(
    common: CommonSettings, name: str, server: ServerSettings
) -> Iterator[Problem]:
    """Entry-level types take a second interface only while stopped, and a created one runs."""
    host = common.network.hosts.get(server.host)
    if host is not None and host.instance is not None and attaches_only_stopped(host.instance.type):
        yield Problem(
            (*SERVERS, name, "host"),
            server.host,
            f"{host.instance.type} takes a second network interface only while it is stopped, and "
            f"{server.host}, created here, runs",
            f"choose another type in {dotted(('network', 'hosts', server.host, 'instance'))}, such "
            "as ecs.u1-c1m1.large",
        )


def _address_problems(
    common: CommonSettings, server: ServerSettings, path: KeyPath
) -> Iterator[Problem]:
    vswitch = common.network.vswitches.get(server.eni.vswitch)
    cidr = parse_cidr(vswitch.cidr) if vswitch is not None else None
    for text, place in server.eni.places:
        where, address = (*path, *place), parse_address(text)
        if address is None:
            rule = "an IPv4 address is needed here"
            yield Problem(where, text, rule, "write it as 192.168.3.11")
            continue
        yield from placing_problems(where, address, server.eni.vswitch, cidr, "a network interface")


def _quantity_problems(
    common: CommonSettings, section: UnifiedEgressSettings, host: str, names: list[str]
) -> Iterator[Problem]:
    settings = common.network.hosts.get(host)
    quantity = _quantity(settings) if settings is not None else None
    if settings is None or quantity is None:
        return
    kind = settings.instance.type if settings.instance is not None else "instance"
    if len(names) + 1 > quantity:
        yield Problem(
            (*SERVERS, names[-1], "host"),
            host,
            f"{host} ({kind}) takes {quantity} network interfaces, its first one included, and "
            f"would get {len(names) + 1}",
            "choose a larger instance type, or remove one of " + ", ".join(names),
        )
    limits = eni_limits(settings.instance.type) if settings.instance is not None else None
    for name in names if limits is not None else ():
        count = 1 + len(section.servers[name].eni.secondary_ips)
        if limits is not None and count > limits.addresses:
            rule = f"a network interface of {kind} has at most {limits.addresses} private addresses"
            yield Problem(
                (*SERVERS, name, "eni", "secondaryIps"),
                f"{count - 1} secondary addresses",
                rule,
                "remove some, or choose a larger instance type",
            )
