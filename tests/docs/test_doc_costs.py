"""docs/costs.md: its table of units, its example and its file are what the program knows."""

import re
from pathlib import Path

import pytest

from judging.billing import UNITS
from judging.prices import read_prices
from stack.target import target
from tests.docs.pages import ROOT, blocks, tables
from tools.plan.__main__ import rendered
from tools.plan.plan import make_plan

COSTS = ROOT / "docs" / "costs.md"
COSTS_ZH = ROOT / "docs" / "costs.zh-CN.md"


@pytest.mark.parametrize("page", [COSTS, COSTS_ZH], ids=lambda page: page.name)
def test_the_table_has_every_unit_in_its_order(page: Path) -> None:
    (table,) = tables(page)
    assert [row[0] for row in table[1:]] == [f"`{unit.key}`" for unit in UNITS]
    counts = {unit.key: unit.counted for unit in UNITS}
    for key, _, counted, _ in table[1:]:
        if page == COSTS:
            assert counts[key.strip("`")] in counted


@pytest.mark.parametrize("page", [COSTS, COSTS_ZH], ids=lambda page: page.name)
def test_what_is_shown_is_what_the_plan_of_dev_has(page: Path) -> None:
    (shown,) = blocks(page, "text")
    assert shown.text.strip() in rendered(make_plan(target(None, None, ROOT)), "table")


@pytest.mark.parametrize("page", [COSTS, COSTS_ZH], ids=lambda page: page.name)
def test_the_prices_that_are_shown_are_taken(page: Path, tmp_path: Path) -> None:
    (shown,) = blocks(page, "yaml")
    file = tmp_path / "prices.yaml"
    file.write_text(shown.text, encoding="utf-8")
    assert read_prices(file).usage == {"natCapacity": 1500}


def test_each_price_of_the_example_has_its_page_and_its_day() -> None:
    lines = (ROOT / "examples" / "prices.yaml").read_text("utf-8").splitlines()
    prices = [at for at, line in enumerate(lines) if re.match(r" +\w+: \{.*(price|by)", line)]
    assert len(prices) >= 5
    for at in prices:
        assert re.fullmatch(r' +# ".+",? .+ 20\d\d-\d\d-\d\d\.', lines[at - 1]), lines[at]
