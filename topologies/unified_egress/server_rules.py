"""The rules of servers: hosts, network interfaces, public addresses, ways out and what is open.

Source: Elastic Compute Service, "ENI overview" (limits) and "AttachNetworkInterface".
"""

from collections import defaultdict
from collections.abc import Iterator

from facts.instance_types import attaches_only_stopped, eni_limits
from stack.naming import name_problems
from stack.network import HostSettings
from stack.network_rules import cidr_problem, parse_address, parse_cidr, placing_problems
from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.settings import CommonSettings, Sections
from topologies.nat.risky_ports import risky
from topologies.nat.rules import address_problems, egress_of, source_of, vswitch_problems
from topologies.nat.settings import Protocol
from topologies.shared_bandwidth.settings import SECTION as SHARED_SECTION
from topologies.unified_egress.gateway import gateway_egress, gateway_section, shared_section
from topologies.unified_egress.settings import (
    EVERYONE,
    RESERVED_TABLES,
    SECTION,
    EipMode,
    ReachableSettings,
    ServerSettings,
    UnifiedEgressSettings,
)

SERVERS = (SECTION, "servers")


def server_problems(
    common: CommonSettings, section: UnifiedEgressSettings, sections: Sections
) -> Iterator[Problem]:
    """Everything that servers may not say."""
    for name, server in section.servers.items():
        yield from _host_problems(common, name, server)
        if server.route_table in RESERVED_TABLES:
            rule = "the routing tables 253 to 255 are the system's own"
            remedy = "choose another number, such as 101"
            yield Problem((*SERVERS, name, "routeTable"), server.route_table, rule, remedy)
        for address, place in server.named_ips:
            where = (*SERVERS, name, *place)
            yield from address_problems(section.public_ips, (SECTION,), address, where)
        yield from _mode_problems(name, server)
        yield from _egress_problems(common, section, sections, name, server)
        yield from _whole_mapping_problems(sections, name, server)
        yield from _reachable_problems(common, name, server)
        eni: KeyPath = (*SERVERS, name, "eni")
        yield from vswitch_problems(common, server.eni.vswitch, (*eni, "vswitch"))
        yield from name_problems((*eni, "name"), server.eni.name)
        yield from _zone_problems(common, name, server)
        yield from _address_problems(common, server, eni)
    for host, names in _by_host(section).items():
        yield from _quantity_problems(common, section, host, names)


def server_warnings(common: CommonSettings, section: UnifiedEgressSettings) -> Iterator[Problem]:
    """What servers may say, and probably don't mean."""
    for name, server in section.servers.items():
        for key, opened in server.reachable.items():
            yield from _risky_warnings(name, server, key, opened)
        if server.eni.security_groups is not None:
            continue  # what groups that exist let in can't be seen here
        path = (*SERVERS, name, "reachable")
        if not server.reachable:
            rule = f"nothing can reach {name}: the security group of its network interface is empty"
            remedy = f"add what it serves: reachable: {{https: {{port: 443}}}} in {name}"
            yield Problem(path, None, rule, remedy)
        elif not server.ssh.closed and not _lets_in_ssh(server):
            port = server.ssh.port
            yield Problem(
                path,
                ", ".join(server.reachable),
                f"the security group of {name}'s network interface closes tcp {port}, which its "
                "ssh command goes to",
                f"add ssh: {{port: {port}, source: 203.0.113.0/24}} (yours) to reachable, or say "
                "ssh: {closed: true}",
            )
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


def _host_problems(common: CommonSettings, name: str, server: ServerSettings) -> Iterator[Problem]:
    path, host = (*SERVERS, name, "host"), common.network.hosts.get(server.host)
    if host is None:
        yield Problem(
            path,
            server.host,
            "this must name a host of network.hosts",
            choose_from(server.host, common.network.hosts, "host"),
            missing=("network", "hosts", server.host),
        )
    elif host.instance is None and host.instance_id is None:
        yield Problem(
            path,
            server.host,
            f"a network interface is attached to an ECS instance; of {server.host} only the "
            "address is known",
            f"add instanceId: i-… to {dotted(('network', 'hosts', server.host))}, "
            "or an instance to create",
        )
    elif host.instance is not None and attaches_only_stopped(host.instance.type):
        # Entry-level types take a second interface only while stopped, and a created one runs.
        yield Problem(
            path,
            server.host,
            f"{host.instance.type} takes a second network interface only while it is stopped, and "
            f"{server.host}, created here, runs",
            f"choose another type in {dotted(('network', 'hosts', server.host, 'instance'))}, such "
            "as ecs.u1-c1m1.large",
        )


def _mode_problems(name: str, server: ServerSettings) -> Iterator[Problem]:
    """How many addresses go with each mode (Elastic IP Address, "Associate an EIP")."""
    mode, targets = server.eni.mode, server.secondary_public_ips
    path = (*SERVERS, name, "secondaryPublicIps")
    users: dict[str, str] = {}
    for address, private in targets.items():
        where = (*path, address)
        if mode is EipMode.MULTI_BINDED:
            if private is not None:
                rule = "in the mode MULTI_BINDED an EIP goes to the interface, not to an address"
                yield Problem(where, private, rule, f"write {address}: null")
            continue
        if private is None or private not in server.eni.secondary_ips:
            yield Problem(
                where,
                private,
                "in the mode NAT each EIP goes to a private address of the network interface",
                f"name one of eni.secondaryIps: {', '.join(server.eni.secondary_ips) or 'add one'}",
            )
        elif private in users:
            rule = f"a private address has one EIP; {users[private]} goes to {private} already"
            yield Problem(where, private, rule, "name another one of eni.secondaryIps")
        else:
            users[private] = address


def _egress_problems(
    common: CommonSettings,
    section: UnifiedEgressSettings,
    sections: Sections,
    name: str,
    server: ServerSettings,
) -> Iterator[Problem]:
    host = common.network.hosts.get(server.host)
    private = parse_address(host.ip) if host is not None else None
    vswitch = common.network.vswitches.get(host.vswitch) if host is not None else None
    if host is None or vswitch is None or private is None:
        return
    entries = gateway_egress(section, sections)
    without_gateway = section.nat_gateway is None and shared_section(sections) is None
    if without_gateway or any(source_of(common, egress) is None for _, egress in entries):
        return  # reported as such, and the missing gateway's or unreadable source may be the one
    if egress_of(common, private, entries) is None:
        address = next(iter(section.egress_ips), "…")
        key = host.vswitch if host.vswitch not in section.egress else f"{host.vswitch}-servers"
        yield Problem(
            (*SERVERS, name, "host"),
            server.host,
            f"{name} leaves by its host's address {host.ip} in the vSwitch {host.vswitch} "
            f"({vswitch.cidr}), and no egress covers it: its traffic would leave by nothing",
            f"add {key}: {{vswitch: {host.vswitch}, publicIps: [{address}]}} to {SECTION}.egress",
            # No entry has this name. It makes this a reference, which is judged with the entries
            # too that can't be read as a whole: one of them may be the one.
            missing=(gateway_section(section), "egress", host.ip),
        )


def _whole_mapping_problems(
    sections: Sections, name: str, server: ServerSettings
) -> Iterator[Problem]:
    """NAT Gateway, "Create and manage DNAT entries": a server with an IP mapping leaves by it."""
    shared = shared_section(sections)
    for key, mapping in (shared.port_mappings if shared is not None else {}).items():
        if mapping.whole and mapping.host == server.host:
            yield Problem(
                (*SERVERS, name, "host"),
                server.host,
                f"{dotted((SHARED_SECTION, 'portMappings', key))} maps all of {mapping.public_ip} "
                f"to {server.host}, which would then leave by {mapping.public_ip} and not by "
                "egress",
                f"give {key} a port, or remove it: {name} is reached on {server.public_ip}",
            )


def _reachable_problems(
    common: CommonSettings, name: str, server: ServerSettings
) -> Iterator[Problem]:
    path = (*SERVERS, name, "reachable")
    if server.eni.security_groups is not None and server.reachable:
        rule = "ports are opened in a security group that is created; the ones given stay as is"
        remedy = "remove reachable and open the ports there, or remove eni.securityGroups"
        yield Problem(path, ", ".join(server.reachable), rule, remedy)
    for key, opened in server.reachable.items():
        where = (*path, key)
        problem = cidr_problem((*where, "source"), opened.source, range(33))
        if problem is not None:
            yield problem
        if opened.protocol is Protocol.ANY:
            rule = "a port belongs to one protocol"
            yield Problem((*where, "protocol"), "any", rule, "write tcp or udp")
    yield from _equal_rules(path, server)
    limit = common.quotas.rules_per_security_group
    if len(server.reachable) > limit:
        yield Problem(
            path,
            f"{len(server.reachable)} entries",
            f"the quota rulesPerSecurityGroup allows {limit}",
            "join ports into ranges, or have the quota raised and say so under quotas",
        )


def _equal_rules(path: KeyPath, server: ServerSettings) -> Iterator[Problem]:
    """The cloud takes two equal rules for one: removing either would remove both."""
    seen: dict[tuple[str, str, str], str] = {}
    for key, opened in server.reachable.items():
        rule = (opened.protocol.value, opened.port.text, opened.source)
        other = seen.setdefault(rule, key)
        if other != key:
            text = f"{other} lets in {opened.protocol.value} {opened.port} already"
            yield Problem((*path, key), str(opened.port), text, f"remove {key} or {other}")


def _risky_warnings(
    name: str, server: ServerSettings, key: str, opened: ReachableSettings
) -> Iterator[Problem]:
    if opened.acknowledged or opened.source != EVERYONE:
        return
    found = list(risky(opened.protocol, opened.port))
    if found:
        yield Problem(
            (*SERVERS, name, "reachable", key, "port"),
            str(opened.port),
            f"{name} opens {', '.join(found)} of {server.host} to the internet",
            f"say source: 203.0.113.0/24 (yours), or acknowledged: true in {key}",
        )


def _lets_in_ssh(server: ServerSettings) -> bool:
    return any(
        opened.protocol is Protocol.TCP and opened.port.first <= server.ssh.port <= opened.port.last
        for opened in server.reachable.values()
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
