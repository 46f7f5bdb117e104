"""The plan as flowcharts: who comes in by ports, who leaves, who calls which API.

Each is a graph of its own. Arrows follow traffic: thin ones on its way in, thick ones on its way
out, a dotted line where nothing goes through (a spare address, a server that lets nothing in).
Regions, VPCs, vSwitches, gateways, packages and API groups are boxes; what takes no part in a graph
isn't drawn there. Section by section and sorted by name, so that two plans can be compared.
"""

import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from facts import kinds
from stack.network_rules import parse_address
from stack.problems import NotDoneError
from stack.reach import ApiRoute, Authorization, Exposure, Hop, PrivatePath, Reach, Server
from stack.settings import StackSettings
from stack.words import Words
from tools.plan.flowchart import (
    BROKEN,
    INTO,
    NOTHING,
    OUT,
    Box,
    Flowchart,
    Place,
    document,
    node_id,
)
from tools.plan.plan import Plan, lets_in, open_ports
from topologies.shared_bandwidth.settings import SECTION as SHARED
from topologies.unified_egress.settings import SECTION as UNIFIED

# A gateway's box, by the section that has it; and the component that makes the gateway.
_GATEWAY_IDS = {SHARED: "gateway", UNIFIED: "unified_gateway"}
_GATEWAY_PARENTS = {SHARED: "gateway", UNIFIED: "unified-gateway"}

MANY = 25
"""From so many port mappings on, hosts list their ports and mappings have no nodes of their own;
from so many APIs on, those of a group that go to one place are one node: more arrows than that are
a carpet."""

_WIDTH = 30  # characters of a list of ports; a wider node pushes everything apart
_ALL = Words("all ports and protocols")
_PICKED = "ENI (the cloud picks its address)"
_ORIGIN = re.compile(r"(https?://[^/?]*)(.*)")


def plan_mermaid(plan: Plan, settings: StackSettings, only: str | None = None) -> str:
    """The whole diagram, ending in a new line.

    Args:
        plan: what is drawn.
        settings: the plan's own.
        only: one of `GRAPHS`; every one that has something in it unless given.

    Raises:
        NotDoneError: The stack has nothing of what is asked for.
    """
    return document(charts_of(plan, settings, only))


def charts_of(
    plan: Plan, settings: StackSettings, only: str | None = None, *, folds: bool = False
) -> list[tuple[str, Flowchart]]:
    """The graphs of a plan, each with its title.

    Args:
        plan: what is drawn.
        settings: the plan's own.
        only: one of `GRAPHS`; every one that has something in it unless given.
        folds: whether what is drawn can fold boxes: then what is much lies in boxes of its own,
            and is told shorter otherwise.

    Raises:
        NotDoneError: The stack has nothing of what is asked for.
    """
    scene = _Scene(plan, settings, folds=folds)
    there = {name: graph for name, graph in GRAPHS.items() if graph.is_in(plan.reach)}
    if only is not None and only not in there:
        known = ", ".join(there) or "nothing"
        message = f"the stack {plan.stack} has no {only} to draw; what it has: {known}"
        raise NotDoneError(message)
    wanted = [graph for name, graph in there.items() if only in (None, name)] or [GRAPHS["ports"]]
    return [(graph.title, graph.drawn(scene)) for graph in wanted]


class _Scene:
    """What graphs share: the plan, and the boxes that things lie in."""

    def __init__(self, plan: Plan, settings: StackSettings, *, folds: bool) -> None:
        self.plan, self.reach, self.folds = plan, plan.reach, folds
        self.settings, self.common = settings, settings.common
        self.network = settings.common.network
        self.packages = dict(_packages(plan))

    def region(self, name: str | None) -> Place:
        return (Box(node_id("region", name), name),) if name is not None else ()

    @property
    def home(self) -> Place:
        """The region that all lies in unless it says otherwise."""
        return self.region(self.settings.region)

    def vpc(self, network: str | None) -> Place:
        vpc = self.common.every_network[network].vpc
        range_ = str(vpc.cidr or vpc.id)
        box = Box("vpc", Words("VPC {}", range_))
        if network is not None:
            box = Box(node_id("vpc", network), Words("VPC {}, {}", network, range_))
        return (*self.region(self.settings.region_of(network)), box)

    def vswitch(self, name: str) -> Place:
        found = self.common.network_of_vswitch(name)
        assert found is not None, name
        network, part = found
        title = Words("vSwitch {}, {}", name, part.vswitches[name].cidr)
        return (*self.vpc(network), Box(node_id("vswitch", name), title))

    def gateway(self, section: str) -> Box:
        title = Words("NAT gateway")
        for resource in self.plan.resources:
            made_by = resource.parent == _GATEWAY_PARENTS[section]
            if made_by and resource.type == kinds.NAT_GATEWAY:
                title = Words("NAT gateway {}", resource.inputs["natGatewayName"])
        return Box(_GATEWAY_IDS[section], title)

    def host(self, chart: Flowchart, name: str, *more: str) -> str:
        _, host = self.common.every_host[name]
        place = self.vswitch(host.vswitch)
        return chart.node(node_id("host", name), name, host.ip, *more, place=place)

    def address(self, chart: Flowchart, name: str, place: Place = ()) -> str:
        """Draw a public address in its package, or in another box inside that one."""
        ip = next(ip for ip in self.reach.public_ips if ip.name == name)
        package = self.packages.get(name)
        around = (*self.home, package) if package is not None else self.home
        lines = [
            name,
            *([ip.address] if ip.address else []),
            *([Words("spare")] if ip.spare else []),
        ]
        identity, place = node_id("ip", name), (*around, *place)
        return chart.node(identity, *lines, place=place, form="()", spare=ip.spare)


def _packages(plan: Plan) -> Iterator[tuple[str, Box]]:
    """The bandwidth package that an address is in, by the address's name.

    Attachments are called after their addresses.
    """
    boxes: dict[str, Box] = {}
    for resource in plan.resources:
        if resource.type == kinds.PACKAGE_ATTACHMENT:
            package = str(resource.inputs["bandwidthPackageId"])
            number = f"_{len(boxes) + 1}" if boxes else ""
            box = boxes.setdefault(package, Box(f"package{number}", _package_title(plan, package)))
            yield resource.name.removeprefix(f"{resource.parent}-").removesuffix("-attachment"), box


def _package_title(plan: Plan, package: str) -> str:
    from topologies.recorder import symbol  # noqa: PLC0415 - brings in Pulumi

    for resource in plan.resources:
        if resource.type == kinds.BANDWIDTH_PACKAGE and package == symbol(resource.name, "id"):
            return Words("Package, {} Mbit/s", resource.inputs["bandwidth"])
    return Words("Package {}", package)


def _internet(chart: Flowchart) -> str:
    return chart.node("internet", Words("Internet"), form="(())")


# Ports: the internet, public addresses, and the hosts behind them.


def _has_ports(reach: Reach) -> bool:
    return bool(reach.exposure or reach.servers or any(ip.spare for ip in reach.public_ips))


def _ports(scene: _Scene) -> Flowchart:
    chart = Flowchart()
    internet = _internet(chart)
    reach = scene.reach
    many = len(reach.exposure) >= MANY and not scene.folds
    mapped = {way.public_ip for way in reach.exposure}
    served = {name for server in reach.servers for name in server.public_ips}
    left_by = {name for way in reach.egress for name in way.public_ips}
    for ip in reach.public_ips:
        if ip.name in left_by - mapped - served:
            continue
        inside = (scene.gateway(SHARED),) if many and ip.name in mapped else ()
        address = scene.address(chart, ip.name, inside)
        if ip.spare or ip.name in mapped:
            chart.arrow(internet, address, line=NOTHING if ip.spare else INTO)
    (_grouped if many else _mapping_by_mapping)(scene, chart)
    for server in reach.servers:
        _draw_server(scene, chart, server)
    return chart


def _mapping_by_mapping(scene: _Scene, chart: Flowchart) -> None:
    ways = scene.reach.exposure
    inside = (*scene.vpc(None), scene.gateway(SHARED)) if ways else ()
    at = Counter(way.public_ip for way in ways)
    to = Counter((way.public_ip, way.host) for way in ways)
    for way in ways:
        ports = _ALL if way.port is None else f"{way.protocol} {way.port} → {way.host_port}"
        place = inside
        if len(ways) >= MANY and at[way.public_ip] > 1:
            title = Words("To {}", way.public_ip)
            place = (*place, Box(node_id("mapped", way.public_ip), title, folded=True))
        if at[way.public_ip] >= MANY and to[way.public_ip, way.host] > 1:
            title = Words("For {}", way.host)
            box = Box(node_id("mapped", f"{way.public_ip} {way.host}"), title, folded=True)
            place = (*place, box)
        mapping = chart.node(node_id("map", way.mapping), way.mapping, ports, place=place)
        chart.arrow(node_id("ip", way.public_ip), mapping, scene.host(chart, way.host))


def _grouped(scene: _Scene, chart: Flowchart) -> None:
    by_host = defaultdict[str, list[Exposure]](list)
    for way in scene.reach.exposure:
        by_host[way.host].append(way)
    for host, ways in sorted(by_host.items()):
        node = scene.host(chart, host, *listed_ports(ways))
        for address in sorted({way.public_ip for way in ways}):
            chart.arrow(node_id("ip", address), node)


def listed_ports(ways: Iterable[Exposure]) -> Iterator[str]:
    """What a host is reached on, `tcp 80, 8443 → 443`, by address where it has several."""
    lists: dict[tuple[str, str], list[str]] = {}
    for way in sorted(ways, key=lambda way: (way.public_ip, way.protocol, way.port or ())):
        moved = f" → {way.host_port}" if way.port != way.host_port else ""
        text = f"{way.port}{moved}" if way.port is not None else _ALL
        lists.setdefault((way.public_ip, way.protocol), []).append(text)
    several = len({address for address, _ in lists}) > 1
    for (address, protocol), texts in lists.items():
        start = f"{address}: " if several else ""
        start += "" if texts == [_ALL] else f"{protocol} "
        # A port and where it goes stay in one line.
        whole = [text.replace(" → ", "\N{NBSP}→\N{NBSP}") for text in texts]
        yield from textwrap.wrap(
            start + ", ".join(whole), _WIDTH, break_on_hyphens=False, break_long_words=False
        )


def _draw_server(scene: _Scene, chart: Flowchart, server: Server) -> None:
    line = INTO if lets_in(server) else NOTHING
    ports = open_ports(server) if lets_in(server) else [Words("no port is open")]
    interface_ip = Words("ENI {}", server.eni_ip) if server.eni_ip else Words(_PICKED)
    lines = (server.name, interface_ip, *ports)
    place = scene.vswitch(server.eni_vswitch)
    interface = chart.node(node_id("eni", server.name), *lines, place=place)
    for ip in server.public_ips:
        chart.arrow("internet", node_id("ip", ip), interface, line=line)
    chart.arrow(interface, scene.host(chart, server.host), line=line)


# Egress: vSwitches and ranges, the gateways that they leave through, and their addresses.


def _egress(scene: _Scene) -> Flowchart:
    chart = Flowchart("egress_")
    entries: dict[str, str] = {}
    for way in scene.reach.egress:
        vswitch = scene.network.vswitches.get(way.source)
        range_ = way.source if vswitch is None else vswitch.cidr
        title = range_ if vswitch is None else Words("vSwitch {}, {}", way.source, range_)
        source = chart.node(node_id("source", way.source), title, place=scene.vpc(None))
        place = (*scene.vpc(None), scene.gateway(way.gateway))
        lines = (way.name, Words("SNAT of {}", range_))
        entries[way.name] = chart.node(node_id("entry", way.name), *lines, place=place)
        chart.arrow(source, entries[way.name], line=OUT)
    # Where its vSwitch's arrow doesn't say it already.
    sources = {way.name: way.source for way in scene.reach.egress}
    apart = {
        (server.host, server.egress)
        for server in scene.reach.servers
        if sources.get(server.egress) != scene.network.hosts[server.host].vswitch
    }
    for host, entry in sorted(apart):
        place = scene.vpc(None)
        name = chart.node(node_id("host", host), host, scene.network.hosts[host].ip, place=place)
        chart.arrow(name, entries[entry], line=OUT)
    used = sorted({ip for way in scene.reach.egress for ip in way.public_ips})
    addresses = {name: scene.address(chart, name) for name in used}
    internet = _internet(chart)
    for way in scene.reach.egress:
        for name in way.public_ips:
            chart.arrow(entries[way.name], addresses[name], line=OUT)
    for address in addresses.values():
        chart.arrow(address, internet, line=OUT)
    return chart


# APIs: who calls them, and where they go.


def _apis(scene: _Scene) -> Flowchart:
    chart = Flowchart("apis_")
    internet = _internet(chart)
    nodes: dict[str, str] = {}
    for routes in _together(scene.reach.apis, folds=scene.folds):
        first = routes[0]
        box = Box(node_id("group", first.group), Words("API group {}", first.group))
        lines = [f"{one.name}: {one.method} {one.path}" for one in routes]
        if len(routes) == 1:
            _, path = _split(first.backend)
            moved = [f"→ {path}"] if path not in {"", first.path} else []
            lines = [first.name, f"{first.method} {first.path}", *moved, *first.plugins]
        api = chart.node(node_id("api", first.name), *lines, place=(*scene.home, box))
        nodes.update((one.name, api) for one in routes)
        chart.arrow(internet, api)
        _draw_backends(scene, chart, first, api)
    _draw_paths(scene, chart, nodes)
    return chart


def _together(routes: Sequence[ApiRoute], *, folds: bool) -> Iterable[Sequence[ApiRoute]]:
    """What is one node: an API, or of many, those of a group that all go to one place."""
    found = defaultdict[tuple[str, ...], list[ApiRoute]](list)
    for route in routes:
        to = _split(route.backend)[0]
        alone = folds or len(routes) < MANY or route.branches
        found[(route.group, to, route.name) if alone else (route.group, to)].append(route)
    return found.values()


def _draw_backends(scene: _Scene, chart: Flowchart, route: ApiRoute, api: str) -> None:
    to, path = _split(route.backend)
    chart.arrow(api, _backend(scene, chart, to), says=Words("otherwise") if route.branches else "")
    for branch in route.branches:
        other, other_path = _split(branch.backend)
        share = f", {branch.told_share}" if branch.share else ""
        moved = f", {other_path}" if other_path not in {"", path} else ""
        says = f"{branch.name}{share}{moved}"
        chart.arrow(api, _backend(scene, chart, other), says=says)


def _split(backend: str) -> tuple[str, str]:
    """Where requests go, as one node for all that go there, and the path that they take there."""
    kind, _, rest = backend.partition(":")
    if kind == "vpc":
        access, _, path = rest.partition(":")
        return f"authorization {access}", path
    origin = _ORIGIN.fullmatch(backend)
    return (origin[1], origin[2]) if origin is not None else (backend, "")


def _backend(scene: _Scene, chart: Flowchart, name: str) -> str:
    """Draw where requests go; of an authorization, what it is for and the servers behind that."""
    identity = node_id("backend", name)
    known = {f"authorization {one.name}": one for one in scene.reach.authorizations}
    access = known.get(name)
    if access is None:
        return chart.node(identity, name)
    title = Words("authorization {}", access.name)
    chart.node(identity, title, Words("port {}", access.port), place=scene.home)
    _draw_target(scene, chart, access)
    return identity


def _draw_target(scene: _Scene, chart: Flowchart, access: Authorization) -> None:
    """What an authorization is for: a host, or what stands before hosts that are known or not."""
    before = node_id("backend", f"authorization {access.name}")
    if access.target not in {f"host {host}" for host, _ in access.servers}:
        if parse_address(access.target) is not None:
            place: Place = ()  # the VPC leads to it: it may lie in a data centre
        elif access.vpc is not None:
            place = (*scene.home, Box(node_id("vpc", access.vpc), Words("VPC {}", access.vpc)))
        else:
            place = scene.vpc(access.network)
        node = node_id("target", access.target)
        chart.arrow(before, chart.node(node, access.target, place=place))
        before = node
    for host, port in access.servers:
        says = Words("port {}", port) if port != access.port else ""
        chart.arrow(before, scene.host(chart, host), says=says)


def _draw_paths(scene: _Scene, chart: Flowchart, apis: Mapping[str, str]) -> None:
    """From who asks to the API, by the hops before it; a broken path ends in what is in the way."""
    backends = {route.name: _split(route.backend)[0] for route in scene.reach.apis}
    for path in scene.reach.paths:
        before = chart.node(node_id("asker", path.source), path.source, form="([])")
        next_ = apis[path.api]
        hops, reached = _hops_before(path)
        for hop in hops:
            node = chart.node(node_id("hop", hop.text), hop.text, place=scene.region(hop.region))
            chart.arrow(before, node)
            before = node
        if reached:
            chart.arrow(before, next_)
            before, next_ = next_, node_id("backend", backends[path.api])
        if path.broken is not None:
            chart.arrow(before, next_, line=BROKEN, says=path.broken)


def _hops_before(path: PrivatePath) -> tuple[tuple[Hop, ...], bool]:
    """The hops before the API, and whether the path gets there."""
    texts = [hop.text for hop in path.hops]
    end = f"API {path.api}"
    return (path.hops[: texts.index(end)], True) if end in texts else (path.hops, False)


@dataclass(frozen=True)
class _Graph:
    title: str
    is_in: Callable[[Reach], bool]
    """Whether there is something to draw."""

    drawn: Callable[[_Scene], Flowchart]


GRAPHS: Final[Mapping[str, _Graph]] = {
    "ports": _Graph("Ports", _has_ports, _ports),
    "egress": _Graph("Egress", lambda reach: bool(reach.egress), _egress),
    "apis": _Graph("APIs", lambda reach: bool(reach.apis), _apis),
}
"""The graphs of a diagram, by what they are asked for by."""
