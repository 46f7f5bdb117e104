"""The plan as a Mermaid flowchart: the internet, the doors, and the hosts behind them.

Arrows follow traffic: thin ones on its way in, thick ones on its way out, a dotted line where
nothing goes through (a spare address, a server that lets nothing in). Section by section and
sorted by name, so that two plans can be compared.
"""

import re
from collections.abc import Iterable, Iterator

from facts import kinds
from stack.network_rules import parse_address, parse_cidr
from stack.reach import Exposure, PublicIp, Server
from stack.settings import StackSettings
from tools.plan.plan import Plan, lets_in, open_ports
from topologies.recorder import symbol
from topologies.shared_bandwidth.settings import SECTION as SHARED
from topologies.unified_egress.settings import SECTION as UNIFIED

# A gateway's node, by the section that has it; and that of the component that makes the gateway.
_GATEWAY_IDS = {SHARED: "gateway", UNIFIED: "unified_gateway"}
_GATEWAY_PARENTS = {SHARED: "gateway", UNIFIED: "unified-gateway"}


def plan_mermaid(plan: Plan, settings: StackSettings) -> str:
    """The whole flowchart, ending in a new line."""
    lines = [
        "flowchart LR",
        *_indented(['internet(("Internet"))']),
        *_indented(_addresses(plan)),
        *_indented(_gateways(plan)),
        *_indented(_hosts(plan, settings)),
        *_indented(_apis(plan)),
        *_indented(_edges(plan, settings)),
        *_indented(["classDef spare stroke-dasharray: 5 5"]),
    ]
    return "\n".join(lines) + "\n"


def node_id(kind: str, name: str) -> str:
    """An id that Mermaid takes, another one for each name: `web-tls` is `map_web_2dtls`."""
    safe = re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}", name)
    return f"{kind}_{safe}"


def _addresses(plan: Plan) -> Iterator[str]:
    packages = _packages(plan)
    for number, (package, names) in enumerate(packages.items(), start=1):
        inside = [ip for ip in plan.reach.public_ips if ip.name in names]
        identity = "package" if number == 1 else f"package_{number}"
        yield from _subgraph(identity, _package_label(plan, package), map(_address, inside))
    packed = set[str]().union(*packages.values())
    for ip in plan.reach.public_ips:
        if ip.name not in packed:
            yield _address(ip)


def _address(ip: PublicIp) -> str:
    lines = [ip.name]
    if ip.address is not None:
        lines.append(ip.address)
    if ip.spare:
        lines.append("spare")
    style = ":::spare" if ip.spare else ""
    return f"{node_id('ip', ip.name)}({_label(*lines)}){style}"


def _packages(plan: Plan) -> dict[str, set[str]]:
    """Names of the addresses in each bandwidth package, by its id.

    Their attachments are called after them.
    """
    packages: dict[str, set[str]] = {}
    for resource in plan.resources:
        if resource.type == kinds.PACKAGE_ATTACHMENT:
            name = resource.name.removeprefix(f"{resource.parent}-").removesuffix("-attachment")
            packages.setdefault(str(resource.inputs["bandwidthPackageId"]), set()).add(name)
    return packages


def _package_label(plan: Plan, package: str) -> str:
    for resource in plan.resources:
        if resource.type == kinds.BANDWIDTH_PACKAGE and package == symbol(resource.name, "id"):
            return f"Bandwidth package, {resource.inputs['bandwidth']} Mbit/s"
    return f"Bandwidth package {package}"


def _gateways(plan: Plan) -> Iterator[str]:
    """A box for each NAT gateway with what goes through it."""
    entries: dict[str, list[str]] = {}
    for way in plan.reach.exposure:  # only this section maps ports
        node = f"{node_id('map', way.mapping)}[{_mapping(way)}]"
        entries.setdefault(SHARED, []).append(node)
    for way in plan.reach.egress:
        node = f"{node_id('egress', way.name)}[{_label(way.name, 'egress')}]"
        entries.setdefault(way.gateway, []).append(node)
    names = {
        resource.parent: str(resource.inputs["natGatewayName"])
        for resource in plan.resources
        if resource.type == kinds.NAT_GATEWAY
    }
    for section, nodes in entries.items():
        name = names.get(_GATEWAY_PARENTS[section])
        title = "NAT gateway" if name is None else f"NAT gateway {name}"
        yield from _subgraph(_GATEWAY_IDS[section], title, nodes)


def _mapping(way: Exposure) -> str:
    if way.port is None:
        return _label(way.mapping, "all ports and protocols")
    return _label(way.mapping, f"{way.protocol} {way.port} → {way.host_port}")


def _hosts(plan: Plan, settings: StackSettings) -> Iterator[str]:
    """Hosts and servers' interfaces in their vSwitches.

    Those that hold none are drawn only where something leaves from them.
    """
    network = settings.common.network
    sources = {way.source for way in plan.reach.egress}
    for name, vswitch in sorted(network.vswitches.items()):
        nodes = [
            f"{node_id('host', key)}[{_label(key, host.ip)}]"
            for key, host in sorted(network.hosts.items())
            if host.vswitch == name
        ]
        nodes += [
            f"{node_id('eni', server.name)}[{_interface(server)}]"
            for server in plan.reach.servers
            if _lies_in(server.eni_ip, vswitch.cidr)
        ]
        title = f"vSwitch {name}, {vswitch.cidr}"
        if nodes:
            yield from _subgraph(node_id("vswitch", name), title, nodes)
        elif name in sources:
            yield f"{node_id('vswitch', name)}[{_label(title)}]"
    for source in sorted(sources - set(network.vswitches)):
        yield f"{node_id('cidr', source)}[{_label(source)}]"


def _interface(server: Server) -> str:
    open_ = open_ports(server) if lets_in(server) else ["no port is open"]
    return _label(server.name, f"ENI {server.eni_ip}", *open_)


def _lies_in(address: str, cidr: str) -> bool:
    """Ranges of vSwitches don't overlap, so that an address lies in one of them."""
    found, range_ = parse_address(address), parse_cidr(cidr)
    return found is not None and range_ is not None and found in range_


def _edges(plan: Plan, settings: StackSettings) -> Iterator[str]:
    entered = {way.public_ip for way in plan.reach.exposure}
    for ip in plan.reach.public_ips:
        if ip.name in entered:
            yield f"internet --> {node_id('ip', ip.name)}"
        elif ip.spare:
            yield f"internet -.- {node_id('ip', ip.name)}"
    for way in plan.reach.exposure:
        mapping = node_id("map", way.mapping)
        yield f"{node_id('ip', way.public_ip)} --> {mapping} --> {node_id('host', way.host)}"
    for server in plan.reach.servers:
        yield from _server_edges(server)
    yield from _egress_edges(plan, settings)
    yield from _path_edges(plan)
    for route in plan.reach.apis:
        api, backend = node_id("api", route.name), node_id("backend", route.backend)
        yield f"internet --> {api} --> {backend}"


def _path_edges(plan: Plan) -> Iterator[str]:
    """From who asks to the API, by the hops before it; a broken path ends in what is in the way."""
    lines: dict[str, None] = {}
    for path in plan.reach.paths:
        asker = node_id("asker", path.source)
        lines[f"{asker}([{_label(path.source)}])"] = None
        end = f"API {path.api}"
        hops = path.hops[: path.hops.index(end)] if end in path.hops else path.hops
        before = asker
        for hop in hops:
            node = node_id("hop", hop)
            lines[f"{node}[{_label(hop)}]"] = None
            lines[f"{before} --> {node}"] = None
            before = node
        if path.broken is None:
            lines[f"{before} --> {node_id('api', path.api)}"] = None
        else:
            lines[f"{before} -.-x|{_label(path.broken)}| {node_id('api', path.api)}"] = None
    yield from lines


def _server_edges(server: Server) -> Iterator[str]:
    line = "-->" if lets_in(server) else "-.-"
    interface = node_id("eni", server.name)
    for ip in server.public_ips:
        yield f"internet {line} {node_id('ip', ip)} {line} {interface}"
    yield f"{interface} {line} {node_id('host', server.host)}"


def _egress_edges(plan: Plan, settings: StackSettings) -> Iterator[str]:
    network = settings.common.network
    for way in plan.reach.egress:
        kind = "vswitch" if way.source in network.vswitches else "cidr"
        egress = node_id("egress", way.name)
        yield f"{node_id(kind, way.source)} ==> {egress}"
        for ip in way.public_ips:
            yield f"{egress} ==> {node_id('ip', ip)}"
    sources = {way.name: way.source for way in plan.reach.egress}
    # Where its vSwitch's arrow doesn't say it already.
    apart = {
        (server.host, server.egress)
        for server in plan.reach.servers
        if sources.get(server.egress) != network.hosts[server.host].vswitch
    }
    for host, name in sorted(apart):
        yield f"{node_id('host', host)} ==> {node_id('egress', name)}"
    for ip in sorted({ip for way in plan.reach.egress for ip in way.public_ips}):
        yield f"{node_id('ip', ip)} ==> internet"


def _apis(plan: Plan) -> Iterator[str]:
    """APIs in their groups, and the backends behind them."""
    for group in sorted({route.group for route in plan.reach.apis}):
        yield from _subgraph(
            node_id("group", group),
            f"API group {group}",
            (
                f"{node_id('api', route.name)}"
                f"[{_label(route.name, f'{route.method} {route.path}', *route.plugins)}]"
                for route in plan.reach.apis
                if route.group == group
            ),
        )
    for backend in sorted({route.backend for route in plan.reach.apis}):
        yield f"{node_id('backend', backend)}[{_label(backend)}]"


def _subgraph(identity: str, title: str, nodes: Iterable[str]) -> Iterator[str]:
    yield f"subgraph {identity}[{_label(title)}]"
    yield from _indented(nodes)
    yield "end"


def _label(*lines: str) -> str:
    """Quoted text; Mermaid writes a character that would end it as its number."""
    escaped = (re.sub(r'[#"<>&]', lambda found: f"#{ord(found[0])};", line) for line in lines)
    return f'"{"<br/>".join(escaped)}"'


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
