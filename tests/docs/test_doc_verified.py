"""The page of what has been seen to work names tests, stack files and versions that are there."""

import re
from collections import Counter

import pytest
import yaml

from sandbox.cloud.core.quotas import DEFAULTS
from sandbox.engine.versions import ENGINE_VERSION, OLDEST_VERSION
from tests.docs.pages import ROOT, tables, text_of

PAGE = ROOT / "docs" / "verified.md"
FEATURES, TOOLS, QUOTAS, CODES = tables(PAGE)
BOTH_KINDS = [*FEATURES[1:], *TOOLS[1:]]

_CODE_IS_OURS = re.compile(r"\bcodes?\b[^\n,;]*\b(?:is|are) ours\b", re.IGNORECASE)
_FIGURE_IS_OURS = re.compile(r'"(\w+)": \d+,  # (?:ours|not confirmed)')


@pytest.mark.parametrize("row", BOTH_KINDS, ids=lambda row: row[0])
def test_each_row_names_tests_that_are_there(row: list[str]) -> None:
    named = [one for cell in row[1:3] for one in re.findall(r"`(tests/[^`]+)`", cell)]
    assert len(named) >= 2
    for one in named:
        assert (ROOT / one).exists(), one


def test_the_real_plugin_lived_with_the_stack_files_that_the_nightly_run_has() -> None:
    flow = yaml.safe_load(text_of(ROOT / ".github" / "workflows" / "native.yml"))
    lived = flow["jobs"]["live"]["strategy"]["matrix"]["file"]
    named = [one for row in FEATURES[1:] for one in re.findall(r"`(\S+\.yaml)`", row[3])]
    assert sorted(named) == sorted(lived)


def test_what_was_seen_in_an_account_says_when_where_and_with_what() -> None:
    for row in BOTH_KINDS:
        if row[4] != "—":
            assert re.search(r"\d{4}-\d\d-\d\d", row[4]), row
            assert re.search(r"[a-z]+-[a-z0-9-]+", row[4]), row
            assert "Pulumi" in row[4], row
    nothing = "Nothing here has been seen in a real account yet." in text_of(PAGE)
    assert nothing is all(row[4] == "—" for row in BOTH_KINDS)


def test_it_names_the_versions_that_the_sandbox_runs() -> None:
    locked = text_of(ROOT / "requirements.txt")
    (package,) = re.findall(r"^pulumi-alicloud==(\S+)", locked, re.MULTILINE)
    for version in (ENGINE_VERSION, OLDEST_VERSION, package):
        assert version in text_of(PAGE)


def test_quotas_whose_figure_is_ours_are_those_that_the_code_marks() -> None:
    marked = _FIGURE_IS_OURS.findall(text_of(ROOT / "sandbox" / "cloud" / "core" / "quotas.py"))
    assert {row[0].strip("`"): int(row[2].strip("`")) for row in QUOTAS[1:]} == {
        name: DEFAULTS[name] for name in marked
    }


def test_codes_that_are_ours_are_counted_where_the_code_marks_them() -> None:
    counted: Counter[str] = Counter()
    for file in (ROOT / "sandbox").rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        place = "/".join(parts[: 3 if parts[1] == "cloud" else 2])
        counted[place] += len(_CODE_IS_OURS.findall(text_of(file)))
    told = {row[0].strip("`"): int(row[1].strip("`")) for row in CODES[1:]}
    assert told == {place: count for place, count in counted.items() if count}
