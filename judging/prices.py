"""A file of prices, which its user keeps, and what a month of a stack costs by them.

Owns no price: the cloud's differ by region, contract and month. What the file has no price for, and
what goes by use that it has no amount for, is left out of the sum, and said to be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from judging.billing import UNITS, Billed, Unit
from stack.file.alone import read_file
from stack.model import Model
from stack.problems import KeyPath, Problem, choose_from

HOURS: Final = 730
"""In a month: a year's by twelve."""

_TIMES: Final = {"hour": HOURS, "day": HOURS / 24, "month": 1}

Amount: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False, examples=[5, 0.034])]


class Step(Model):
    """A price of what one resource holds up to an amount; what is more costs the next step's."""

    up_to: Amount | None = None
    """The most that costs this. The last step has none."""

    price: Amount
    """Of each of it."""


class Price(Model):
    """What one of a unit costs: one price, or steps of it, or one for each variant."""

    per: Literal["hour", "day", "month"] | None = None
    """How long one is held for it. What goes by use has none."""

    price: Amount | None = None
    """Of each."""

    steps: list[Step] = Field(default_factory=list[Step])
    """Of what one resource holds, the first of it first."""

    by: dict[str, Amount] = Field(default_factory=dict[str, float])
    """By instance type, or what else the unit's price goes by."""


class Prices(Model):
    """What a user pays, and how much a stack uses in a month."""

    currency: str = Field(min_length=1, examples=["CNY", "USD"])
    """As sums show it."""

    prices: dict[str, Price] = Field(default_factory=dict[str, Price])
    """By unit, in every region."""

    regions: dict[str, dict[str, Price]] = Field(default_factory=dict[str, dict[str, Price]])
    """By region and unit, where it isn't the same."""

    usage: dict[str, Amount] = Field(default_factory=dict[str, float])
    """By unit: how much of what goes by use the stack uses in a month."""

    def of(self, line: Billed) -> float | None:
        """What a line of the bill costs a month; None where the file doesn't know."""
        price = self.regions.get(line.region, {}).get(line.unit.key, self.prices.get(line.unit.key))
        if price is None or line.in_advance:
            return None
        if line.unit.used:
            used = self.usage.get(line.unit.key)
            return None if used is None else _of_steps(price, used)
        if line.unit.by and price.by:
            one = price.by.get(line.variant)
            return None if one is None else one * line.amount * _TIMES[price.per or "month"]
        each = (_of_steps(price, amount) for amount in line.amounts)
        return sum(each) * _TIMES[price.per or "month"]


def _of_steps(price: Price, amount: float) -> float:
    """What an amount costs, each part of it by its step."""
    if price.price is not None:
        return price.price * amount
    cost, below = 0.0, 0.0
    for step in price.steps:
        to = amount if step.up_to is None else min(amount, step.up_to)
        cost += step.price * max(0.0, to - below)
        below = max(below, to)
    return cost


@dataclass(frozen=True)
class Month:
    """What a month costs, as far as the file knows."""

    currency: str
    known: float
    without_price: tuple[str, ...]
    """What is left out of it."""


def month_of(lines: Iterable[Billed], prices: Prices) -> Month:
    """What a month of these lines costs."""
    costs = [(line, prices.of(line)) for line in lines]
    return Month(
        prices.currency,
        sum(cost for _, cost in costs if cost is not None),
        tuple(dict.fromkeys(line.unit.key for line, cost in costs if cost is None)),
    )


def read_prices(path: Path) -> Prices:
    """The prices in a file.

    Raises:
        StackFileError: with everything that is wrong with it.
    """
    return read_file(Prices, path, _problems)


def _problems(prices: Prices) -> Iterator[Problem]:
    units = {unit.key: unit for unit in UNITS}
    yield from _prices_problems(("prices",), prices.prices, units)
    for region, those in prices.regions.items():
        yield from _prices_problems(("regions", region), those, units)
    used = {key: unit for key, unit in units.items() if unit.used}
    for key, amount in prices.usage.items():
        if key not in used:
            rule = "usage has what goes by use, by its unit"
            yield Problem(("usage", key), amount, rule, choose_from(key, used, "unit"))


def _prices_problems(
    path: KeyPath, prices: Mapping[str, Price], units: Mapping[str, Unit]
) -> Iterator[Problem]:
    for key, price in prices.items():
        here = (*path, key)
        unit = units.get(key)
        if unit is None:
            rule = "prices go by the units that are billed"
            yield Problem(here, key, rule, choose_from(key, units, "unit"))
            continue
        yield from _price_problems(here, price, unit)


def _price_problems(path: KeyPath, price: Price, unit: Unit) -> Iterator[Problem]:
    said = price.model_dump(exclude_defaults=True)
    if unit.used and price.per is not None:
        rule, remedy = f"{unit.key} goes by use ({unit.counted}), and not by time", "remove per"
        yield Problem((*path, "per"), price.per, rule, remedy)
    elif not unit.used and price.per is None:
        rule = f"{unit.key} is paid for as long as it is held"
        yield Problem(path, said, rule, "say per: hour, day or month")
    if len(said.keys() & {"price", "steps", "by"}) != 1:
        rule = "a unit has one of price, steps and by"
        yield Problem(path, said, rule, "keep the one that your bill goes by")
    if price.by and not unit.by:
        rule = f"{unit.key} has no variants with prices of their own"
        yield Problem((*path, "by"), price.by, rule, "write one price")
    if not _rises(price.steps):
        rule = "steps rise: each but the last has an upTo, above the one before it"
        yield Problem((*path, "steps"), said["steps"], rule, "sort them, the last without upTo")


def _rises(steps: Sequence[Step]) -> bool:
    if not steps:
        return True
    ends = [step.up_to for step in steps]
    bounds = [end for end in ends[:-1] if end is not None]
    is_whole = ends[-1] is None and len(bounds) == len(ends) - 1
    return is_whole and all(before < after for before, after in pairwise(bounds))
