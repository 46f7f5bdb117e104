"""What a plan says, part by part, before it has a form: tables with their titles, and sentences.

Printed as tables for terminals (`tables`) and as a page for browsers (`page`). What is ours and not
the stack file's is `Words` where it stands among what users named.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from stack.ports import PortRange
from stack.problems import dotted, shown_value
from stack.reach import ApiRoute, PrivatePath
from stack.secrets import HIDDEN, SecretState
from stack.settings import StackSettings
from stack.words import Words
from tools.plan.billing import billing_rows, sum_of
from tools.plan.plan import Plan, open_ports
from topologies import with_arguments
from topologies.unified_egress.settings import SHOW_EGRESS, ssh_command


class Block(NamedTuple):
    """A table: its title and headers in our words, and its rows."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    """What is said below it."""

    narrow: bool = False
    """Whether its columns stand close together, so that more of them fit."""

    numbers: bool = False
    """Whether its last column is numbers."""


class Command(NamedTuple):
    """A line for a shell, and what it is for."""

    title: str
    text: str


Part: TypeAlias = Block | Command | str


def title_of(plan: Plan, settings: StackSettings) -> str:
    """The plan's stack, region and topologies, in a line."""
    facts = (f"Stack {plan.stack}", settings.region or "", ", ".join(plan.topologies))
    return " · ".join(fact for fact in facts if fact)


def parts_of(plan: Plan, settings: StackSettings) -> Iterator[Part]:
    """Everything but warnings: who is reachable from where first, what is built after that."""
    yield from ways_in(plan)
    yield from spare(plan)
    yield from ways_out(plan)
    yield from _arguments(settings)
    yield _resources(plan)
    if plan.billed:
        summed_up = sum_of(plan.billed, plan.prices) if plan.prices is not None else ""
        yield Block("", *billing_rows(plan.billed, plan.prices), note=summed_up)


def ways_in(plan: Plan) -> Iterator[Part]:
    """Who is reachable from where."""
    if plan.reach.exposure:
        yield _mappings(plan)
    if plan.reach.servers:
        yield _servers(plan)
    if plan.reach.apis:
        yield from _apis(plan)
    if not plan.reach.exposure and not plan.reach.servers and not plan.reach.apis:
        yield Words("Nothing is reachable from the internet.")


def _mappings(plan: Plan) -> Part:
    addresses = _addresses(plan)
    return Block(
        "Who is reachable from where",
        ("Mapping", "Public address", "Protocol", "Port", "Host", "Private", "Port"),
        [
            (
                way.mapping,
                _address(way.public_ip, addresses),
                way.protocol,
                _ports(way.port),
                way.host,
                way.host_ip,
                _ports(way.host_port),
            )
            for way in plan.reach.exposure
        ],
    )


def _servers(plan: Plan) -> Part:
    """A row for each server, with what goes together below each other: six columns in 80."""
    addresses = _addresses(plan)
    return Block(
        "Servers reached on their own",
        ("Server", "Public IP", "Interface", "Open ports", "Host", "Leaves by"),
        [
            (
                server.name,
                _stacked(server.public_ips, addresses),
                server.eni_ip or Words("a free one\nof {}", server.eni_vswitch),
                Words.listed(open_ports(server, before_source="\n"), "\n"),
                f"{server.host}\n{server.host_ip}",
                f"{server.egress} →\n{_stacked(server.egress_ips, addresses)}",
            )
            for server in plan.reach.servers
        ],
        narrow=True,
    )


def _apis(plan: Plan) -> Iterator[Part]:
    routes = plan.reach.apis
    yield Block("APIs", HEADERS, list(api_rows(routes)), narrow=True)
    yield api_facts(routes)
    if branches := list(branch_rows(routes)):
        yield Block("Who goes where", ("API", "Route", "When", "Goes to"), branches)
    if paths := list(_path_rows(plan.reach.paths)):
        yield Block("Who reaches whom inside", ("Who", "API", "By"), paths)
    for request in plan.reach.requests:
        title = Words("To ask the cloud's support for: the way to {}", request.name)
        yield Command(title, request.command.replace(" --", "\n  --"))


def commands(plan: Plan) -> Iterator[Part]:
    """What to type to see a server reached on one address and leave by another."""
    addresses = _addresses(plan)
    rows: list[tuple[str, str, str]] = []
    for server in plan.reach.servers:
        inbound = addresses.get(server.public_ips[0])
        outbound = [addresses.get(ip) for ip in server.egress_ips]
        if server.ssh_user is not None and inbound is not None:
            login = ssh_command(server.ssh_user, server.ssh_port, inbound)
            rows.append((server.name, login, "logs in from outside"))
        known = [address for address in outbound if address is not None]
        if len(known) == len(outbound):
            answer = "\nor ".join(known)
            rows.append((server.name, SHOW_EGRESS, f"on the server, says {answer}"))
    if rows:
        yield Block("Commands that show it", ("Server", "Command", "What it does"), rows)


def spare(plan: Plan) -> Iterator[Part]:
    """Addresses that nothing uses."""
    if found := [ip for ip in plan.reach.public_ips if ip.spare]:
        names = ", ".join(_address(ip.name, {ip.name: ip.address}) for ip in found)
        yield Words("Spare addresses: {}", names)


def ways_out(plan: Plan) -> Iterator[Part]:
    """Who leaves by which address."""
    if not plan.reach.egress:
        if not plan.reach.apis:
            yield Words("No source leaves by egress entries.")
        return
    addresses = _addresses(plan)
    headers = ["Egress", "Source", "Public addresses"]
    several = len({way.gateway for way in plan.reach.egress}) > 1
    yield Block(
        "Who leaves by which address",
        [*headers, "NAT gateway of"] if several else headers,
        [
            (
                way.name,
                way.source,
                "\n".join(_address(ip, addresses) for ip in way.public_ips),
                *([way.gateway] if several else []),
            )
            for way in plan.reach.egress
        ],
    )


def _arguments(settings: StackSettings) -> Iterator[Part]:
    rows = [
        (dotted(path), name, _written(value))
        for path, made in sorted(with_arguments(settings), key=lambda one: dotted(one[0]))
        for name, value in sorted(made.arguments.items())
    ]
    if rows:
        headers = ("Section", "Argument", "Value")
        yield Block("What goes to the provider as it is written", headers, rows)


def _written(value: object) -> str:
    if isinstance(value, SecretState):
        return HIDDEN
    return shown_value(value if isinstance(value, str) else json.dumps(value))


def _resources(plan: Plan) -> Part:
    counts = Counter(_kind(resource.type) for resource in plan.resources)
    rows = [(kind, str(n)) for kind, n in sorted(counts.items())]
    return Block("", ("Resources", str(len(plan.resources))), rows, numbers=True)


def _address(name: str, addresses: dict[str, str | None]) -> str:
    known = addresses.get(name)
    return f"{name} {known}" if known is not None else name


def _addresses(plan: Plan) -> dict[str, str | None]:
    """Addresses by name; None where only the cloud can say it, and hasn't yet."""
    return {ip.name: ip.address for ip in plan.reach.public_ips}


def _stacked(names: Iterable[str], addresses: dict[str, str | None]) -> str:
    """Names, each with its address in the next line."""
    both = ((name, addresses.get(name)) for name in names)
    return "\n".join(text for pair in both for text in pair if text is not None)


def _ports(ports: PortRange | None) -> str:
    return Words("all") if ports is None else str(ports)


def _kind(token: str) -> str:
    """`alicloud:vpc/natGateway:NatGateway` as Pulumi's own displays say it."""
    package, module, name = token.split(":")
    return f"{package}:{module.split('/')[0]}:{name}"


HEADERS = ("API", "Who", "Method", "Path", "Plugins", "Backend")


def api_rows(routes: tuple[ApiRoute, ...]) -> Iterator[tuple[str, ...]]:
    """One row for each API: who calls what, and where it goes."""
    for route in routes:
        yield (
            route.name,
            _who(route),
            route.method,
            f"{route.group}: {route.path}",
            "\n".join(route.plugins),
            route.backend,
        )


def _who(route: ApiRoute) -> str:
    if route.auth == "anonymous":
        return Words("everybody")
    return "\n".join(route.apps) or Words("nobody")


def branch_rows(routes: tuple[ApiRoute, ...]) -> Iterator[tuple[str, ...]]:
    """Who goes where, for APIs that send some requests elsewhere; everybody else comes last."""
    for route in routes:
        for branch in route.branches:
            share = f" ({branch.told_share})" if branch.share else ""
            when = "\nor ".join(branch.condition.split(" or "))
            yield route.name, branch.name, f"{when}{share}", branch.backend
        if route.branches:
            yield route.name, Words("default"), Words("otherwise"), route.backend


def _path_rows(paths: tuple[PrivatePath, ...]) -> Iterator[tuple[str, ...]]:
    """Who reaches which API without the internet, hop by hop, and what is in the way."""
    for path in paths:
        hops = [
            *(hop.text for hop in path.hops),
            *([f"✗ {path.broken}"] if path.broken is not None else []),
        ]
        yield path.source, path.api, Words.listed(hops, "\n→ ")


def api_facts(routes: tuple[ApiRoute, ...]) -> str:
    """What holds for all of them: "published on RELEASE; reached over https"."""
    stages = ", ".join(sorted({route.stage for route in routes}))
    protocols = ", ".join(sorted({one for route in routes for one in route.protocol.split(",")}))
    return Words("Published on {}, reached over {}.", stages, protocols)
