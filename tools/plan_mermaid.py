"""The plan as a Mermaid flowchart: the internet, the doors, and the hosts behind them.

Arrows follow traffic: thin ones on its way in, thick ones on its way out, a dotted line for a
spare address, which nothing goes through. Sorted by name, so that two plans can be compared.
"""

import re
from collections.abc import Iterable, Iterator

from stack.outputs import Exposure, PublicIp
from stack.settings import StackSettings
from tools.planning import Plan

_PACKAGE = "alicloud:vpc/commonBandwithPackage:CommonBandwithPackage"
_ATTACHMENT = "alicloud:vpc/commonBandwithPackageAttachment:CommonBandwithPackageAttachment"
_GATEWAY = "alicloud:vpc/natGateway:NatGateway"


def plan_mermaid(plan: Plan, settings: StackSettings) -> str:
    """The whole flowchart, ending in a new line."""
    lines = [
        "flowchart LR",
        *_indented(['internet(("Internet"))']),
        *_indented(_addresses(plan)),
        *_indented(_gateway(plan)),
        *_indented(_hosts(plan, settings)),
        *_indented(_edges(plan, settings)),
        *_indented(["classDef spare stroke-dasharray: 5 5"]),
    ]
    return "\n".join(lines) + "\n"


def node_id(kind: str, name: str) -> str:
    """An id that Mermaid takes, another one for each name: `web-tls` is `map_web_2dtls`."""
    safe = re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}", name)
    return f"{kind}_{safe}"


def _addresses(plan: Plan) -> Iterator[str]:
    packed = _packed(plan)
    inside = [ip for ip in plan.reach.public_ips if ip.name in packed]
    if inside:
        yield from _subgraph("package", _package_label(plan), map(_address, inside))
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


def _packed(plan: Plan) -> set[str]:
    """Names of the addresses in a bandwidth package: their attachments are called after them."""
    return {
        one.name.removeprefix(f"{one.parent}-").removesuffix("-attachment")
        for one in plan.resources
        if one.type == _ATTACHMENT
    }


def _package_label(plan: Plan) -> str:
    for one in plan.resources:
        if one.type == _PACKAGE:
            return f"Bandwidth package, {one.inputs['bandwidth']} Mbit/s"
    existing = {
        one.inputs["bandwidthPackageId"] for one in plan.resources if one.type == _ATTACHMENT
    }
    return f"Bandwidth package {', '.join(sorted(existing))}"


def _gateway(plan: Plan) -> Iterator[str]:
    entries = [f"{node_id('map', way.mapping)}[{_mapping(way)}]" for way in plan.reach.exposure]
    entries += [
        f"{node_id('egress', way.name)}[{_label(way.name, 'egress')}]" for way in plan.reach.egress
    ]
    if not entries:
        return
    names = [str(one.inputs["natGatewayName"]) for one in plan.resources if one.type == _GATEWAY]
    yield from _subgraph("gateway", " ".join(["NAT gateway", *names]), entries)


def _mapping(way: Exposure) -> str:
    if way.protocol == "any":
        return _label(way.mapping, "all ports and protocols")
    ports = [port.replace("/", "-") for port in (way.port, way.host_port)]
    return _label(way.mapping, f"{way.protocol} {ports[0]} → {ports[1]}")


def _hosts(plan: Plan, settings: StackSettings) -> Iterator[str]:
    """Hosts in their vSwitches; vSwitches that hold none only where something leaves from them."""
    network = settings.common.network
    sources = {way.source for way in plan.reach.egress}
    for name, vswitch in sorted(network.vswitches.items()):
        hosts = [
            f"{node_id('host', key)}[{_label(key, host.ip)}]"
            for key, host in sorted(network.hosts.items())
            if host.vswitch == name
        ]
        title = f"vSwitch {name}, {vswitch.cidr}"
        if hosts:
            yield from _subgraph(node_id("vswitch", name), title, hosts)
        elif name in sources:
            yield f"{node_id('vswitch', name)}[{_label(title)}]"
    for source in sorted(sources - set(network.vswitches)):
        yield f"{node_id('cidr', source)}[{_label(source)}]"


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
    left: set[str] = set()
    for way in plan.reach.egress:
        kind = "vswitch" if way.source in settings.common.network.vswitches else "cidr"
        egress = node_id("egress", way.name)
        yield f"{node_id(kind, way.source)} ==> {egress}"
        for ip in way.public_ips:
            yield f"{egress} ==> {node_id('ip', ip)}"
        left.update(way.public_ips)
    for ip in sorted(left):
        yield f"{node_id('ip', ip)} ==> internet"


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
