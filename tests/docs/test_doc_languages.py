"""Pages in two languages say the same: as many parts, the same commands, the same words of code."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import README, ROOT, TRANSLATED, blocks, headings, links, tables

_CHINESE = re.compile(r"[\u4e00-\u9fff]")

EACH = pytest.mark.parametrize(
    ("english", "chinese"),
    TRANSLATED,
    ids=[page.relative_to(ROOT).as_posix() for page, _ in TRANSLATED],
)


IN_BOTH = (
    "adopt",
    "alarms",
    "api-gateway",
    "arguments",
    "costs",
    "doctor",
    "functions",
    "guard",
    "inventory",
    "keys",
    "library",
    "limits",
    "local-cloud",
    "migrate-fixed-public-ip",
    "organisations",
    "pipelines",
    "permissions",
    "policy",
    "preflight",
    "private-calls",
    "promotion",
    "recovery",
    "rehearsal",
    "state",
    "stack-references",
    "threats",
    "unified-egress",
    "verified",
    "walkthrough",
    "walkthrough-api",
    "which",
)


def test_the_readme_and_the_pages_on_what_to_do_are_in_both_languages() -> None:
    there = {page.relative_to(ROOT).as_posix() for page, _ in TRANSLATED}
    assert there == {README.name, *(f"docs/{name}.md" for name in IN_BOTH)}


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
def test_rules_stand_in_both_as_the_program_says_them(english: Path, chinese: Path) -> None:
    for one, other in zip(tables(english), tables(chinese), strict=True):
        if one[0][0] == "Rule":
            assert [rule for rule, _ in one[1:]] == [rule for rule, _ in other[1:]]


@EACH
def test_the_chinese_page_explains_every_row(english: Path, chinese: Path) -> None:
    for one, other in zip(tables(english), tables(chinese), strict=True):
        if one[0][0] == "Rule" or one[0][-1] == "Meaning":
            assert all(_CHINESE.search(row[-1]) for row in other), other[0]


@EACH
def test_the_chinese_page_leads_to_chinese_pages_where_there_are(
    english: Path, chinese: Path
) -> None:
    targets = {link.partition("#")[0] for link in links(chinese) if "://" not in link}
    led = {(chinese.parent / target).resolve() for target in targets if target}
    assert led & {page for page, _ in TRANSLATED} == {english}


@EACH
def test_each_leads_to_the_other(english: Path, chinese: Path) -> None:
    assert chinese.name in links(english)
    assert english.name in links(chinese)


def _quoted(row: list[str]) -> set[str]:
    return {word for cell in row for word in re.findall(r"`([^`]+)`", cell)}
