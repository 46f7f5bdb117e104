"""The plan as tables, for people: who is reachable from where first, what is built after that.

Written for 80 columns. A table with long names gets as wide as they are, since a line that a
terminal folds can still be read and a name that was cut can't.
"""

import io
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from stack.problems import Problem, describe
from stack.settings import StackSettings
from tools.planning import Plan

WIDTH = 80
_WIDEST = 10_000


def plan_tables(plan: Plan, settings: StackSettings) -> str:
    """The whole page, ending in a new line; in colour where standard output is a terminal."""
    parts: list[RenderableType] = [_title(plan, settings), "", *_ways_in(plan), *_ways_out(plan)]
    return _page([*parts, _resources(plan), *_warnings(plan)])


def reach_tables(plan: Plan, settings: StackSettings) -> str:
    """Only who is reachable from where and who leaves by what."""
    return _page([_title(plan, settings), "", *_ways_in(plan), *_ways_out(plan)])


def _page(parts: Sequence[RenderableType]) -> str:
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
    return Text(" · ".join(fact for fact in facts if fact), style="bold")


def _ways_in(plan: Plan) -> Iterable[RenderableType]:
    if plan.reach.exposure:
        addresses = {ip.name: ip.address for ip in plan.reach.public_ips}
        headers = ("Mapping", "Public address", "Protocol", "Port", "Host", "Private", "Port")
        yield Text("Who is reachable from where", style="bold")
        yield _table(
            headers,
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
        yield ""
    else:
        yield "Nothing is reachable from the internet."
        yield ""
    spare = [ip for ip in plan.reach.public_ips if ip.spare]
    if spare:
        names = ", ".join(_address(ip.name, {ip.name: ip.address}) for ip in spare)
        yield from _folded(f"Spare addresses: {names}")
        yield ""


def _ways_out(plan: Plan) -> Iterable[RenderableType]:
    if not plan.reach.egress:
        yield "No source leaves by egress entries."
        yield ""
        return
    addresses = {ip.name: ip.address for ip in plan.reach.public_ips}
    yield Text("Who leaves by which address", style="bold")
    yield _table(
        ("Egress", "Source", "Public addresses"),
        (
            (way.name, way.source, "\n".join(_address(ip, addresses) for ip in way.public_ips))
            for way in plan.reach.egress
        ),
    )
    yield ""


def _resources(plan: Plan) -> RenderableType:
    counts = Counter(_kind(resource.type) for resource in plan.resources)
    headers = ("Resources", str(len(plan.resources)))
    table = _table(headers, ((kind, str(n)) for kind, n in sorted(counts.items())))
    table.columns[1].justify = "right"
    return table


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


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    for header in headers:
        table.add_column(header, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _width(parts: Iterable[RenderableType]) -> int:
    wide = Console(width=_WIDEST, file=io.StringIO())
    tables = [Measurement.get(wide, wide.options, part).maximum for part in parts]
    return max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns, *tables)


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


def _ports(text: str) -> str:
    return "all" if text == "any" else text.replace("/", "-")


def _kind(token: str) -> str:
    """`alicloud:vpc/natGateway:NatGateway` as Pulumi's own displays say it."""
    package, module, name = token.split(":")
    return f"{package}:{module.split('/')[0]}:{name}"
