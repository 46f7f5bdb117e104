"""The page of threats names defences that are there, and tests that are there to attack them."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, tables, text_of

THREATS = ROOT / "docs" / "threats.md"
PLACE = re.compile(r"`([\w./-]+/[\w./-]*)`")


@pytest.mark.parametrize("place", sorted(set(PLACE.findall(text_of(THREATS)))))
def test_a_file_that_the_page_names_is_there(place: str) -> None:
    assert (ROOT / place).exists()


def test_each_defence_names_a_test_that_attacks_it() -> None:
    defences = [table for table in tables(THREATS) if table[0][-1] == "Seen by"]
    for _, _, seen in (row for table in defences for row in table[1:]):
        found: list[str] = PLACE.findall(seen)
        assert found
        assert all(Path(one).parts[0] == "tests" and one.endswith(".py") for one in found)
