"""The plan as tables, for people: who is reachable from where first, what is built after that.

Written for 80 columns: where a table would be wider, paths and lists go on in the next line. A
table with long names gets as wide as they are, since a line that a terminal folds can still be
read and a name that was cut can't.
"""

import io
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from judging.billing import Billed
from judging.prices import Prices
from stack.problems import Problem, describe
from stack.settings import StackSettings
from tools.plan.billing import change_rows, difference_of
from tools.plan.parts import (
    Block,
    Command,
    Part,
    commands,
    parts_of,
    spare,
    title_of,
    ways_in,
    ways_out,
)
from tools.plan.plan import Plan

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
    *page, _ = _spaced(title_of(plan, settings), parts_of(plan, settings))
    return page_of([*page, *_warnings(plan)])


def reach_tables(plan: Plan, settings: StackSettings) -> str:
    """Only who is reachable from where and who leaves by what.

    With it, where addresses are known, the commands that show both for each server.
    """
    parts = (*ways_in(plan), *commands(plan), *spare(plan), *ways_out(plan))
    return page_of([*_spaced(title_of(plan, settings), parts)])


def _spaced(title: str, parts: Iterable[Part]) -> Iterator[RenderableType]:
    """Each part with an empty line below it."""
    yield from (titled(title), "")
    for part in parts:
        match part:
            case Block():
                yield from _block(part)
            case Command():
                yield from (titled(part.title), part.text)
            case _:
                yield from folded(part)
        yield ""


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
        yield from folded(line, indent=10 if label else 0)


def titled(text: str) -> Text:
    """A heading."""
    return Text(text, style="bold")


def _block(block: Block) -> Iterator[RenderableType]:
    gap = _NARROW if block.narrow else _WIDE
    columns = [list(column) for column in zip(block.headers, *block.rows, strict=True)]
    _fit(columns, _columns() - (len(columns) - 1) * (1 + gap[1] + gap[3]))
    table = table_of(block.headers, zip(*(column[1:] for column in columns), strict=True), gap)
    if block.numbers:
        table.columns[-1].justify = "right"
    if block.title:
        yield titled(block.title)
    yield table
    yield from folded(block.note)


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


def folded(text: str, indent: int = 0) -> Iterable[str]:
    """Lines of at most 80 columns, broken between words only."""
    return textwrap.wrap(
        text,
        WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
