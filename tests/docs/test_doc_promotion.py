"""The page on promotion says what the program says: tiers, messages, the document's keys."""

import re
from pathlib import Path

import pytest

from stack.tiers import TIERS
from tests.docs.pages import ROOT, blocks, prose, tables, text_of
from tests.tools.promotions import Pair
from tools.promote.belonging import read_belonging

PAGES = (ROOT / "docs" / "promotion.md", ROOT / "docs" / "promotion.zh-CN.md")
BOTH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
YES = {"yes": True, "no": False, "是": True, "否": False}
CODE = "\n".join(
    file.read_text("utf-8")
    for folder in ("stack", "tools")
    for file in sorted((ROOT / folder).rglob("*.py"))
)


@pytest.fixture
def pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Pair:
    return Pair(tmp_path, capsys)


@BOTH
def test_the_table_of_tiers_is_the_programs(page: Path) -> None:
    (table,) = [table for table in tables(page) if table[0][0] == "`tier`"]
    told = {row[0].strip("`"): tuple(YES[cell] for cell in row[1:]) for row in table[1:]}
    assert told == {
        tier.value: (
            one.deletion_protection,
            one.protect,
            one.force_delete,
            one.makes_roles,
        )
        for tier, one in TIERS.items()
    }


@BOTH
def test_each_message_is_one_that_the_program_has(page: Path) -> None:
    (table,) = [table for table in tables(page) if "There is no stack" in str(table)]
    for row in table[1:]:
        for part in re.split(r"…|\d+ \w+|\bqa\b", row[0].strip("`")):
            words = part.strip(" .:;")
            assert words in CODE, f"the program never says {words!r}"


@BOTH
def test_the_list_on_the_page_is_a_list(page: Path, tmp_path: Path) -> None:
    (block,) = blocks(page, "yaml")
    file = tmp_path / "promotion.yaml"
    file.write_text(block.text, encoding="utf-8")
    read_belonging(file, "dev", "staging")


@BOTH
def test_every_key_of_the_document_is_on_the_page(page: Path, pair: Pair) -> None:
    document = pair.check("--format", "json").document
    said = set(re.findall(r"`([A-Za-z]+)`", prose(page)))
    assert set(document) - said == set()


@BOTH
def test_the_report_on_the_page_is_the_commands(page: Path, pair: Pair) -> None:
    pair.edit_dev(
        "      web-tls:", "      shop: {publicIp: ip3, port: 9000, host: ecs3}\n      web-tls:"
    )
    pair.edit_dev("port: 22,", "port: 2222,")
    shown = pair.check().out
    moves = shown.partition("Moves")[2].partition("Differs")[0]
    (told,) = [block.text for block in blocks(page, "text") if "Moves" in block.text]
    assert _lines(told.partition("Moves")[2].partition("Differs")[0]) == _lines(moves)
    pair.edit_dev(
        "      ecs5: {ip", "      ecs6: {ip: 192.168.1.6, vswitch: apps}\n      ecs5: {ip"
    )
    refused = pair.refused().replace(str(pair.target), pair.target.name)
    (waits,) = [block.text for block in blocks(page, "text") if "values of its own" in block.text]
    assert waits.strip() in refused


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip(" ─")]


def test_the_page_names_every_option_of_the_command() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("promote: ")[2].partition("\n\n")[0]
    for option in re.findall(r"\$\(if \$\((?:filter no,\$\()?([A-Z]+)", recipe):
        assert f"{option}=" in text_of(PAGES[0]), option
