"""Pages in two languages say the same: as many parts, the same commands, the same words of code."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import README, ROOT, TRANSLATED, blocks, headings, links, tables

EACH = pytest.mark.parametrize(
    ("english", "chinese"),
    TRANSLATED,
    ids=[page.relative_to(ROOT).as_posix() for page, _ in TRANSLATED],
)


def test_the_readme_and_the_pages_on_unified_egress_are_in_both_languages() -> None:
    there = {page.relative_to(ROOT).as_posix() for page, _ in TRANSLATED}
    assert there == {README.name, "docs/unified-egress.md", "docs/migrate-fixed-public-ip.md"}


@EACH
def test_both_have_the_same_headings_and_tables(english: Path, chinese: Path) -> None:
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]
    assert [len(table) for table in tables(english)] == [len(table) for table in tables(chinese)]


@EACH
def test_both_have_the_same_blocks_in_the_same_order(english: Path, chinese: Path) -> None:
    assert [(block.language, block.text) for block in blocks(english)] == [
        (block.language, block.text) for block in blocks(chinese)
    ]


@EACH
def test_both_quote_the_same_words_in_each_row(english: Path, chinese: Path) -> None:
    for one_table, other_table in zip(tables(english), tables(chinese), strict=True):
        for one, other in zip(one_table, other_table, strict=True):
            assert _quoted(one) == _quoted(other), f"{one[0]} and {other[0]} differ"


@EACH
def test_each_leads_to_the_other(english: Path, chinese: Path) -> None:
    assert chinese.name in links(english)
    assert english.name in links(chinese)


def _quoted(row: list[str]) -> set[str]:
    return {word for cell in row for word in re.findall(r"`([^`]+)`", cell)}
