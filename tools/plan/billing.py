"""What is billed, for people and for programs: of a plan, and before and after a change."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from judging.billing import Billed, Resource, billed, region_of
from judging.preview import State
from judging.prices import Month, Prices, month_of, read_prices
from stack.command_line import ROOT
from stack.settings import StackSettings
from stack.target import shown_path
from stack.words import Words

if TYPE_CHECKING:  # so that Pulumi isn't imported with this module
    from topologies.recorder import RecordedResource

PRICES: Final = "prices.yaml"
"""The file of prices that is taken unless another one is said, where there is one."""


def prices_said(file: str | None) -> Prices | None:
    """The prices of a command line; None where it says none, and there is no file of them.

    Raises:
        StackFileError: with everything that is wrong with the file.
    """
    default = ROOT / PRICES
    if not file and not default.is_file():
        return None
    return read_prices(Path(file) if file else shown_path(default))


def billed_of(resources: "Iterable[RecordedResource]", settings: StackSettings) -> list[Billed]:
    """What is billed of a stack as its file describes it."""
    return billed(
        Resource(
            State(f"::{one.name}", one.type, one.inputs),
            f"${{{one.name}.id}}",
            region_of(one.provider, settings.region or ""),
        )
        for one in resources
    )


def billing_rows(
    lines: Sequence[Billed], prices: Prices | None
) -> tuple[list[str], list[list[str]]]:
    """A table of what is billed: its headers and rows."""
    headers = ["What is billed", "Amount", *([f"{prices.currency} a month"] if prices else [])]
    rows = [[_named(line, lines), _amount(line, prices), *_cost(line, prices)] for line in lines]
    return headers, rows


def change_rows(
    before: Sequence[Billed], after: Sequence[Billed], prices: Prices | None
) -> tuple[list[str], list[list[str]]]:
    """The same before and after a change, of what it changes."""
    headers = ["What is billed", "Before", "After"]
    headers += [f"{prices.currency} a month", "after"] if prices else []
    return headers, [*_changes(before, after, prices)]


def _changes(
    before: Sequence[Billed], after: Sequence[Billed], prices: Prices | None
) -> Iterator[list[str]]:
    old, new = ({one.place: one for one in side} for side in (before, after))
    for key in sorted({*old, *new}):
        was, becomes = old.get(key), new.get(key)
        one = becomes or was
        if one is None or (was and becomes and was.amounts == becomes.amounts):
            continue
        sides = [_amount(side, prices) if side else "" for side in (was, becomes)]
        costs = [*_cost(was, prices), *_cost(becomes, prices)]
        yield [_named(one, [*before, *after]), *sides, *costs]


def sum_of(lines: Sequence[Billed], prices: Prices) -> str:
    """What a month costs, in a sentence, and what that leaves out."""
    month = month_of(lines, prices)
    return f"A month: {_money(month.known)} {month.currency}{_without(month)}."


def difference_of(before: Sequence[Billed], after: Sequence[Billed], prices: Prices) -> str:
    """How a change alters what a month costs."""
    old, new = month_of(before, prices), month_of(after, prices)
    more = new.known - old.known
    return (
        f"A month: {_money(old.known)} → {_money(new.known)} {new.currency} "
        f"({'+' if more >= 0 else '-'}{_money(abs(more))}){_without(new)}."
    )


def billing_document(lines: Sequence[Billed], prices: Prices | None) -> dict[str, Any]:
    """The same for programs."""
    document: dict[str, Any] = {
        "lines": [
            {
                "unit": line.unit.key,
                "region": line.region,
                "variant": line.variant,
                "amount": None if line.unit.used else line.amount,
                "counted": line.unit.counted,
                "inAdvance": line.in_advance,
                "month": prices.of(line) if prices else None,
            }
            for line in lines
        ]
    }
    if prices is not None:
        month = month_of(lines, prices)
        left_out = [*month.without_price]
        document |= {"currency": month.currency, "month": month.known, "withoutPrice": left_out}
    return document


def _named(line: Billed, among: Sequence[Billed]) -> str:
    parts = [line.variant] if line.variant else []
    parts += [line.region] if len({one.region for one in among}) > 1 else []
    parts += ["paid in advance"] if line.in_advance else []
    return Words(f"{line.unit.what} ({{}})", ", ".join(parts)) if parts else Words(line.unit.what)


def _amount(line: Billed, prices: Prices | None) -> str:
    used = prices.usage.get(line.unit.key) if prices else None
    if line.unit.used and used is None:
        return Words("by use, {}", line.unit.counted)
    amount = line.amount if used is None else used
    return f"{amount:g} {line.unit.counted}".rstrip()


def _cost(line: Billed | None, prices: Prices | None) -> list[str]:
    if prices is None:
        return []
    cost = prices.of(line) if line is not None else None
    return ["" if cost is None else _money(cost)]


def _money(amount: float) -> str:
    return f"{amount:,.2f}"


def _without(month: Month) -> str:
    if not month.without_price:
        return ""
    return f", without {', '.join(month.without_price)}, whose price or usage isn't in the file"
