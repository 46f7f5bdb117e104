"""An account as a Mermaid flowchart, drawn as plans are: ports, egress, APIs, and CENs.

A host lists the ports that it is reached on, by address where it has several; APIs of a group that
go to one place are one node where there are many. What takes no part in a graph isn't drawn there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from judging.account.apis import Api, BackendKind
from judging.account.holding import Eip, Gateway, Role
from judging.account.links import Cen
from stack.ports import PortRange
from stack.reach import Exposure
from tools.inventory.tables import Inventory, named
from tools.plan.flowchart import INTO, NOTHING, OUT, Box, Flowchart, Place, document, node_id
from tools.plan.graphs import MANY, listed_ports

__all__ = ["as_mermaid"]

_JOINED: Final = "---"


def as_mermaid(inventory: Inventory) -> str:
    """The whole diagram, ending in a new line."""
    drawn = [(title, draw(inventory)) for title, draw in _GRAPHS.items()]
    with_something = [(title, chart) for title, chart in drawn if chart.arrows]
    return document(with_something or drawn[:1])


def _region(name: str) -> Place:
    return (Box(node_id("region", name), name),)


def _network(inventory: Inventory, region: str, vpc: str) -> Place:
    known = next((one for one in inventory.account.vpcs if one.id == vpc), None)
    title = f"VPC {named(known.name, vpc)}, {known.cidr}" if known else f"VPC {vpc}"
    return (*_region(region), Box(node_id("vpc", vpc), title))


def _gateway(inventory: Inventory, gateway: Gateway) -> Place:
    box = Box(node_id("gateway", gateway.id), f"NAT gateway {gateway.name or gateway.id}")
    return (*_network(inventory, gateway.region, gateway.vpc), box)


def _internet(chart: Flowchart) -> str:
    return chart.node("internet", "Internet", form="(())")


def _address(inventory: Inventory, chart: Flowchart, eip: Eip) -> str:
    packages = {one.id: one for one in inventory.account.packages}
    place = _region(eip.region)
    if package := packages.get(eip.package):
        title = f"Package {package.name or package.id}, {package.bandwidth:g} Mbit/s"
        place = (*place, Box(node_id("package", package.id), title))
    spare = eip.role is Role.NOTHING
    lines = [one for one in (eip.name, eip.address) if one]
    return chart.node(node_id("ip", eip.address), *lines, place=place, form="()", spare=spare)


# Ports: the internet, public addresses, and the hosts behind them.

_ON_THEIR_OWN: Final = (Role.SERVER, Role.INTERFACE, Role.BALANCER, Role.OTHER)


def _ports(inventory: Inventory) -> Flowchart:
    chart = Flowchart()
    internet = _internet(chart)
    for eip in inventory.account.eips:
        if eip.role in {Role.EGRESS, Role.GATEWAY}:
            continue
        address = _address(inventory, chart, eip)
        chart.arrow(internet, address, line=NOTHING if eip.role is Role.NOTHING else INTO)
        if eip.role in _ON_THEIR_OWN:
            place = _region(eip.region)
            bound = chart.node(
                node_id("host", eip.bound_to), eip.bound_to, eip.role.value, place=place
            )
            chart.arrow(address, bound)
    for gateway in inventory.account.gateways:
        if gateway.public:
            _draw_mapped(inventory, chart, gateway)
    return chart


def _draw_mapped(inventory: Inventory, chart: Flowchart, gateway: Gateway) -> None:
    by_host = defaultdict[str, list[Exposure]](list)
    for entry in gateway.dnat:
        way = Exposure(
            mapping=entry.name or entry.id,
            public_ip=entry.public_ip,
            protocol=entry.protocol,
            port=PortRange.of(entry.port),
            host=inventory.host(gateway, entry.host_ip),
            host_ip=entry.host_ip,
            host_port=PortRange.of(entry.host_port),
        )
        by_host[entry.host_ip].append(way)
    place = _network(inventory, gateway.region, gateway.vpc)
    for host_ip, ways in sorted(by_host.items()):
        identity = node_id("host", f"{gateway.vpc} {host_ip}")
        node = chart.node(identity, ways[0].host, host_ip, *listed_ports(ways), place=place)
        for public_ip in sorted({way.public_ip for way in ways}):
            # One that may not be seen as an EIP is drawn here first.
            address = chart.node(node_id("ip", public_ip), public_ip, form="()")
            chart.arrow(_internet(chart), address)
            chart.arrow(address, node)


# Egress: what leaves, the gateways that it leaves through, and their addresses.


def _egress(inventory: Inventory) -> Flowchart:
    chart = Flowchart("egress_")
    by_address = {eip.address: eip for eip in inventory.account.eips}
    ranges = {one.id: f"vSwitch {named(one.name, one.id)}" for one in inventory.account.vswitches}
    used: dict[str, None] = {}
    for gateway in inventory.account.gateways:
        for way in gateway.snat if gateway.public else ():
            place = _network(inventory, gateway.region, gateway.vpc)
            title = ranges.get(way.source, way.source)
            source = chart.node(node_id("source", way.source), title, place=place)
            lines = (way.name or way.id, "SNAT")
            place = _gateway(inventory, gateway)
            entry = chart.node(node_id("entry", way.id), *lines, place=place)
            chart.arrow(source, entry, line=OUT)
            for ip in way.public_ips:
                known = by_address.get(ip)
                address = _address(inventory, chart, known) if known else node_id("ip", ip)
                chart.node(address, ip, form="()")
                chart.arrow(entry, address, line=OUT)
                used[address] = None
    for address in used:
        chart.arrow(address, _internet(chart), line=OUT)
    return chart


# APIs: who calls them, and where they go.


def _apis(inventory: Inventory) -> Flowchart:
    chart = Flowchart("apis_")
    groups = {one.id: one for one in inventory.account.apis.groups}
    internet = _internet(chart)
    for apis in _together(inventory.account.apis.apis):
        first = apis[0]
        group = groups.get(first.group)
        title = f"API group {group.name if group else first.group}"
        place = (*_region(first.region), Box(node_id("group", first.group), title))
        lines = [f"{one.name}: {one.method} {one.path}" for one in apis]
        node = chart.node(node_id("api", first.id), *lines, place=place)
        reached = any(one.stages for one in apis)
        chart.arrow(internet, node, line=INTO if reached else NOTHING)
        _draw_behind(inventory, chart, first, node)
    for function in inventory.account.functions:
        for door in function.doors:
            place = _region(function.region)
            name = node_id("backend", f"{function.region} function {function.name}")
            called = chart.node(name, f"function {function.name}", place=place)
            address = chart.node(node_id("door", door.address), door.address, place=place)
            chart.arrow(internet, address, called)
    return chart


def _together(apis: Sequence[Api]) -> Iterable[Sequence[Api]]:
    """What is one node: an API, or of many, those of a group that all go to one place."""
    found = defaultdict[tuple[str, ...], list[Api]](list)
    for api in apis:
        alone = (api.id,) if len(apis) < MANY else ()
        to = (api.group, api.backend.kind.value, api.backend.target, str(bool(api.stages)))
        found[(*to, *alone)].append(api)
    return found.values()


def _draw_behind(inventory: Inventory, chart: Flowchart, api: Api, node: str) -> None:
    """Where requests go, and what serves them where that is another thing."""
    backend, place = api.backend, _region(api.region)
    access = inventory.access(api)
    if access is not None:
        lines = (f"authorization {access.name}", f"port {access.port}")
        way = chart.node(node_id("access", access.id), *lines, place=place)
        inside = _network(inventory, access.region, access.vpc)
        server = chart.node(node_id("target", access.instance), access.instance, place=inside)
        chart.arrow(node, way, server)
        return
    if backend.kind is BackendKind.HTTP:
        chart.arrow(node, chart.node(node_id("backend", backend.target), backend.target))
        return
    words = {BackendKind.VPC: "authorization", BackendKind.FUNCTION: "function"}
    title = f"{words.get(backend.kind, backend.kind.value)} {backend.target}".strip()
    identity = node_id("backend", f"{api.region} {title}")
    chart.arrow(node, chart.node(identity, title, place=place))


# CENs: networks, transit routers, and the links between regions.


def _cens(inventory: Inventory) -> Flowchart:
    chart = Flowchart("cens_")
    for cen in inventory.account.cens:
        _draw_cen(inventory, chart, cen)
    return chart


def _draw_cen(inventory: Inventory, chart: Flowchart, cen: Cen) -> None:
    title = f"CEN {cen.name or cen.id}"
    routers = {
        one.region: chart.node(
            node_id("router", one.id),
            f"transit router {one.name or one.id}",
            title,
            place=_region(one.region),
        )
        for one in cen.routers
    }

    def end(region: str) -> str:
        """What stands for a CEN in a region."""
        identity = node_id("cen", f"{cen.id} {region}")
        return routers.get(region) or chart.node(identity, title, place=_region(region))

    networks = {one.id: one for one in inventory.account.vpcs}
    for one in cen.attachments:
        known = networks.get(one.attached)
        lines = [f"{one.kind} {named(known.name if known else '', one.attached)}"]
        lines += [known.cidr] if known else []
        node = chart.node(node_id("joined", one.attached), *lines, place=_region(one.region))
        chart.arrow(node, end(one.region), line=_JOINED)
    for link in cen.links:
        says = f"{link.bandwidth:g} Mbit/s"
        chart.arrow(end(link.region), end(link.to), line=_JOINED, says=says)


_GRAPHS: Final[Mapping[str, Callable[[Inventory], Flowchart]]] = {
    "Ports": _ports,
    "Egress": _egress,
    "APIs": _apis,
    "CENs": _cens,
}
