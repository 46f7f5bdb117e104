"""The plan as tables, for people: who is reachable from where first, what is built after that.

Written for 80 columns: where a table would be wider, paths and lists go on in the next line. A
table with long names gets as wide as they are, since a line that a terminal folds can still be
read and a name that was cut can't.
"""

import io
import json
import re
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from judging.billing import Billed
from judging.prices import Prices
from stack.ports import PortRange
from stack.problems import Problem, describe, dotted, shown_value
from stack.reach import ApiRoute, PrivatePath
from stack.secrets import HIDDEN, SecretState
from stack.settings import StackSettings
from tools.plan.billing import billing_rows, change_rows, difference_of, sum_of
from tools.plan.plan import Plan, open_ports
from topologies import with_arguments
from topologies.unified_egress.settings import SHOW_EGRESS, ssh_command

WIDTH = 80
_WIDEST = 10_000
_NARROWEST = 12  # a column of paths that is narrower reads worse than a wide table
_GOES_ON = "  "
_FOLDING = ("Path", "Backend", "When", "Goes to")  # names stay whole: they are searched for
# Where a line may end: behind a part of a path or a list; behind one of a name, if it must.
_PATHS_END = r"(?<=[/ ,?&])(?<!//)(?!/)"
_NAMES_END = r"(?<=[/ ,?&.:-])(?<!//)(?!/)"

# Cell padding: above, right, below, left. A column's divider adds one more.
_WIDE, _NARROW = (0, 1, 0, 1), (0, 1, 0, 0)


def plan_tables(plan: Plan, settings: StackSettings) -> str:
    """The whole page, ending in a new line; in colour where standard output is a terminal."""
    ways = [*_ways_in(plan), *_spare(plan), *_ways_out(plan)]
    built = [*_arguments(settings), _resources(plan), "", *_billing(plan), *_warnings(plan)]
    return page_of([_title(plan, settings), "", *ways, *built])


def reach_tables(plan: Plan, settings: StackSettings) -> str:
    """Only who is reachable from where and who leaves by what.

    With it, where addresses are known, the commands that show both for each server.
    """
    ways = [*_ways_in(plan), *_commands(plan), *_spare(plan), *_ways_out(plan)]
    return page_of([_title(plan, settings), "", *ways])


def billing_change(before: Sequence[Billed], after: Sequence[Billed], prices: Prices | None) -> str:
    """What changes of what is billed; empty where nothing does."""
    headers, rows = change_rows(before, after, prices)
    if not rows:
        return ""
    said = [difference_of(before, after, prices)] if prices is not None else []
    return page_of([table_of(headers, rows), *said])


def page_of(parts: Sequence[RenderableType]) -> str:
    """Parts one below the other, as wide as the widest; in colour on a terminal."""
    console = Console(
        file=io.StringIO(),
        force_terminal=sys.stdout.isatty(),
        width=_width(parts),
        highlight=False,
        markup=False,
        emoji=False,
    )
    for part in parts:
        console.print(part)
    page = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    return "\n".join(line.rstrip() for line in page.splitlines()) + "\n"


def _title(plan: Plan, settings: StackSettings) -> Text:
    facts = (f"Stack {plan.stack}", settings.region or "", ", ".join(plan.topologies))
    return titled(" · ".join(fact for fact in facts if fact))


def _ways_in(plan: Plan) -> Iterable[RenderableType]:
    if plan.reach.exposure:
        yield from _mappings(plan)
    if plan.reach.servers:
        yield from _servers(plan)
    if plan.reach.apis:
        yield from _apis(plan)
    if not plan.reach.exposure and not plan.reach.servers and not plan.reach.apis:
        yield "Nothing is reachable from the internet."
        yield ""


def _mappings(plan: Plan) -> Iterable[RenderableType]:
    addresses = _addresses(plan)
    yield from _block(
        "Who is reachable from where",
        ("Mapping", "Public address", "Protocol", "Port", "Host", "Private", "Port"),
        (
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
        ),
    )


def _servers(plan: Plan) -> Iterable[RenderableType]:
    """A row for each server, with what goes together below each other: six columns in 80."""
    addresses = _addresses(plan)
    yield from _block(
        "Servers reached on their own",
        ("Server", "Public IP", "Interface", "Open ports", "Host", "Leaves by"),
        (
            (
                server.name,
                _stacked(server.public_ips, addresses),
                server.eni_ip or f"a free one\nof {server.eni_vswitch}",
                "\n".join(open_ports(server, before_source="\n")),
                f"{server.host}\n{server.host_ip}",
                f"{server.egress} →\n{_stacked(server.egress_ips, addresses)}",
            )
            for server in plan.reach.servers
        ),
        gap=_NARROW,
    )


def _apis(plan: Plan) -> Iterable[RenderableType]:
    yield from _block("APIs", HEADERS, api_rows(plan.reach.apis), gap=_NARROW)
    yield api_facts(plan.reach.apis)
    yield ""
    if branches := list(branch_rows(plan.reach.apis)):
        yield from _block("Who goes where", BRANCH_HEADERS, branches)
    if plan.reach.paths:
        yield from _block("Who reaches whom inside", PATH_HEADERS, path_rows(plan.reach.paths))
    for request in plan.reach.requests:
        yield titled(f"To ask the cloud's support for: the way to {request.name}")
        yield request.command.replace(" --", "\n  --")
        yield ""


def _commands(plan: Plan) -> Iterable[RenderableType]:
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
        yield from _block("Commands that show it", ("Server", "Command", "What it does"), rows)


def _spare(plan: Plan) -> Iterable[RenderableType]:
    spare = [ip for ip in plan.reach.public_ips if ip.spare]
    if spare:
        names = ", ".join(_address(ip.name, {ip.name: ip.address}) for ip in spare)
        yield from _folded(f"Spare addresses: {names}")
        yield ""


def _ways_out(plan: Plan) -> Iterable[RenderableType]:
    if not plan.reach.egress:
        if not plan.reach.apis:
            yield "No source leaves by egress entries."
            yield ""
        return
    addresses = _addresses(plan)
    headers = ["Egress", "Source", "Public addresses"]
    several = len({way.gateway for way in plan.reach.egress}) > 1
    yield from _block(
        "Who leaves by which address",
        [*headers, "NAT gateway of"] if several else headers,
        (
            (
                way.name,
                way.source,
                "\n".join(_address(ip, addresses) for ip in way.public_ips),
                *([way.gateway] if several else []),
            )
            for way in plan.reach.egress
        ),
    )


def _arguments(settings: StackSettings) -> Iterable[RenderableType]:
    rows = [
        (dotted(path), name, _written(value))
        for path, made in sorted(with_arguments(settings), key=lambda one: dotted(one[0]))
        for name, value in sorted(made.arguments.items())
    ]
    if rows:
        headers = ("Section", "Argument", "Value")
        yield from _block("What goes to the provider as it is written", headers, rows)


def _written(value: object) -> str:
    if isinstance(value, SecretState):
        return HIDDEN
    return shown_value(value if isinstance(value, str) else json.dumps(value))


def _resources(plan: Plan) -> RenderableType:
    counts = Counter(_kind(resource.type) for resource in plan.resources)
    headers = ("Resources", str(len(plan.resources)))
    table = table_of(headers, ((kind, str(n)) for kind, n in sorted(counts.items())))
    table.columns[1].justify = "right"
    return table


def _billing(plan: Plan) -> Iterable[RenderableType]:
    if not plan.billed:
        return
    yield table_of(*billing_rows(plan.billed, plan.prices))
    if plan.prices is not None:
        yield from _folded(sum_of(plan.billed, plan.prices))


def _warnings(plan: Plan) -> Iterable[RenderableType]:
    if not plan.warnings:
        return
    count = len(plan.warnings)
    yield ""
    yield Text("1 warning" if count == 1 else f"{count} warnings", style="bold yellow")
    for warning in plan.warnings:
        yield from _warning(plan, warning)


def _warning(plan: Plan, warning: Problem) -> Iterable[RenderableType]:
    for line in describe(plan.file, warning).splitlines():
        label = len(line) - len(line.lstrip())
        # Folded lines continue below the text, not below its label ("  remedy: ").
        yield from _folded(line, indent=10 if label else 0)


def titled(text: str) -> Text:
    """A heading."""
    return Text(text, style="bold")


def _block(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    gap: tuple[int, int, int, int] = _WIDE,
) -> Iterable[RenderableType]:
    """A table below its heading, and a line between it and what follows."""
    columns = [list(column) for column in zip(headers, *rows, strict=True)]
    _fit(columns, _columns() - (len(columns) - 1) * (1 + gap[1] + gap[3]))
    fitting = zip(*(column[1:] for column in columns), strict=True)
    yield from (titled(title), table_of(headers, fitting, gap), "")


def table_of(
    headers: Sequence[str], rows: Iterable[Sequence[str]], gap: tuple[int, int, int, int] = _WIDE
) -> Table:
    """A table with lines below its headers alone; nothing in it is cut."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=gap)
    for header in headers:
        table.add_column(header, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _fit(columns: list[list[str]], room: int) -> None:
    """Break paths and conditions, the longest first, between their parts until all fits."""
    widths = [_width_of(column) for column in columns]
    for ends in (_PATHS_END, _NAMES_END):
        folding = [at for at, column in enumerate(columns) if column[0] in _FOLDING]
        for at in sorted(folding, key=widths.__getitem__, reverse=True):
            if (excess := sum(widths) - room) > 0:
                header, *cells = columns[at]
                width = max(widths[at] - excess, _NARROWEST)
                columns[at] = [header, *(_broken(cell, width, ends) for cell in cells)]
                widths[at] = _width_of(columns[at])


def _width_of(column: Iterable[str]) -> int:
    return max(cell_len(line) for cell in column for line in cell.split("\n"))


def _broken(cell: str, width: int, ends: str) -> str:
    """The cell's text in lines of at most `width`, as far as its parts allow; nothing is lost."""
    lines: list[str] = []
    for line in cell.split("\n"):
        lines.append("")
        for part in re.split(ends, line):
            if lines[-1].strip() and cell_len(lines[-1] + part.rstrip()) > width:
                lines.append(_GOES_ON)
            lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def _width(parts: Iterable[RenderableType]) -> int:
    wide = Console(width=_WIDEST, file=io.StringIO(), markup=False, emoji=False)
    tables = [Measurement.get(wide, wide.options, part).maximum for part in parts]
    return max(_columns(), *tables)


def _columns() -> int:
    return max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)


def _folded(text: str, indent: int = 0) -> Iterable[str]:
    """Lines of at most 80 columns, broken between words only."""
    return textwrap.wrap(
        text,
        WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


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
    return "all" if ports is None else str(ports)


def _kind(token: str) -> str:
    """`alicloud:vpc/natGateway:NatGateway` as Pulumi's own displays say it."""
    package, module, name = token.split(":")
    return f"{package}:{module.split('/')[0]}:{name}"


BRANCH_HEADERS = ("API", "Route", "When", "Goes to")
PATH_HEADERS = ("Who", "API", "By")
HEADERS = ("API", "Who", "Method", "Path", "Plugins", "Backend")


def api_rows(routes: tuple[ApiRoute, ...]) -> Iterator[tuple[str, ...]]:
    """One row for each API: who calls what, and where it goes."""
    for route in routes:
        yield (
            route.name,
            "everybody" if route.auth == "anonymous" else "\n".join(route.apps) or "nobody",
            route.method,
            f"{route.group}: {route.path}",
            "\n".join(route.plugins),
            route.backend,
        )


def branch_rows(routes: tuple[ApiRoute, ...]) -> Iterator[tuple[str, ...]]:
    """Who goes where, for APIs that send some requests elsewhere; everybody else comes last."""
    for route in routes:
        for branch in route.branches:
            share = f" ({branch.told_share})" if branch.share else ""
            when = "\nor ".join(branch.condition.split(" or "))
            yield route.name, branch.name, f"{when}{share}", branch.backend
        if route.branches:
            yield route.name, "default", "otherwise", route.backend


def path_rows(paths: tuple[PrivatePath, ...]) -> Iterator[tuple[str, ...]]:
    """Who reaches which API without the internet, hop by hop, and what is in the way."""
    for path in paths:
        hops = [
            *(hop.text for hop in path.hops),
            *([f"✗ {path.broken}"] if path.broken is not None else []),
        ]
        yield path.source, path.api, "\n→ ".join(hops)


def api_facts(routes: tuple[ApiRoute, ...]) -> str:
    """What holds for all of them: "published on RELEASE; reached over https"."""
    stages = ", ".join(sorted({route.stage for route in routes}))
    protocols = ", ".join(sorted({one for route in routes for one in route.protocol.split(",")}))
    return f"Published on {stages}, reached over {protocols}."
