"""The guard's page says what the guard says: its rules, its reasons and its table."""

import re

import pytest

from judging.findings import RULES
from tests.docs.pages import ROOT, blocks, tables
from tools import guard

PAGE = ROOT / "docs" / "guard.md"
PREVIEW = ROOT / "tests" / "data" / "previews" / "address-taken-out.json"


def test_every_rule_is_on_the_page_with_its_reason() -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "Finding"]
    told = {name.strip("`"): why for names, why in table[1:] for name in names.split(", ")}
    assert told == {rule.id: rule.reason for rule in RULES}


def test_the_table_that_is_shown_is_what_the_guard_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (shown,) = blocks(PAGE, "text")
    assert guard.main([str(PREVIEW)]) == 1
    assert _any_address(capsys.readouterr().out).startswith(_any_address(shown.text))


def _any_address(text: str) -> str:
    """Each recording has the addresses that its cloud gave out."""
    return re.sub(r"198\.51\.100\.\d+", "198.51.100.x", text)
