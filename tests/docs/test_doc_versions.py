"""Pages name the versions that are tested and accepted; they move with those."""

import pytest

from judging.reading import ENGINE
from sandbox.engine.versions import ENGINE_VERSION, OLDEST_VERSION
from tests.docs.pages import ROOT
from tools.doctor.checks import NEWEST_PYTHON

NEWEST, OLDEST = (version.rpartition(".")[0] for version in (ENGINE_VERSION, OLDEST_VERSION))
PYTHON = ".".join(map(str, NEWEST_PYTHON))
SAID = {
    "README": (OLDEST, NEWEST),
    "docs/doctor": (OLDEST_VERSION, ENGINE_VERSION, PYTHON),
    "docs/guard": (OLDEST, NEWEST),
}


@pytest.mark.parametrize("page", SAID)
@pytest.mark.parametrize("language", ["", ".zh-CN"])
def test_a_page_names_the_versions_that_are_tested(page: str, language: str) -> None:
    text = (ROOT / f"{page}{language}.md").read_text("utf-8")
    assert [version for version in SAID[page] if version not in text] == []


def test_the_guard_names_the_engines_whose_previews_it_reads() -> None:
    assert f"Pulumi {OLDEST} to {NEWEST}" == ENGINE


def test_the_engines_page_names_the_oldest_that_is_taken() -> None:
    text = (ROOT / "engine" / "README.md").read_text("utf-8")
    assert f"from {OLDEST_VERSION} up to" in text
