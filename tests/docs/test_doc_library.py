"""The page on the library: its program, and the test of it, run on the wheel."""

from pathlib import Path
from typing import Any

import pytest

from components import testing
from tests.docs.pages import ROOT, blocks, tables
from tests.wheels import LIBRARY

PAGE = ROOT / "docs" / "library.md"
PROGRAM, WAITING, TEST = blocks(PAGE, "python")


@pytest.mark.usefixtures("library")
def test_the_page_s_test_passes_on_its_program_and_fails_on_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    exec(TEST.text, found)
    (test,) = (one for name, one in found.items() if name.startswith("test_"))
    Path("__main__.py").write_text(PROGRAM.text, encoding="utf-8")
    test()
    assert found["run"].__module__ == "alicloud_gateways.testing"
    Path("__main__.py").write_text(PROGRAM.text.replace('"443"', '"80"'), encoding="utf-8")
    with pytest.raises(AssertionError):
        test()


def test_what_the_page_shows_of_waiting_is_so() -> None:
    code = WAITING.text.replace("alicloud_gateways", "components")
    made = testing.run(lambda: exec(code, {}))
    assert {"egress-apps", "shared-web-association"} <= made["doors-web"].after
    assert "shared-out-association" in made["egress-apps"].after
    replaced = [testing.last(urn) for urn in made["doors-web"].request.replace_with]
    assert replaced == ["shared-web-association"]


def test_what_the_page_says_that_a_run_gives_is_there(tmp_path: Path) -> None:
    file = tmp_path / "__main__.py"
    file.write_text(PROGRAM.text.replace("alicloud_gateways", "components"), encoding="utf-8")
    made = testing.run(file)
    (table,) = tables(PAGE)
    said = [each.strip("`") for row in table[1:] for each in row[0].split(", ")]
    assert [bool(eval(one, {"made": made})) for one in said] == [True] * len(said)


@pytest.mark.usefixtures("library")
def test_the_example_that_the_package_shows_registers_what_it_speaks_of() -> None:
    (block,) = blocks(LIBRARY / "README.md", "python")
    made = testing.run(lambda: exec(compile(block.text, "README.md", "exec"), {}))
    assert [one.kind for one in made.components] == ["NatGateway", "SharedBandwidth", "SnatEgress"]
    assert made.exports["leaves by"] == made["egress-apps"].inputs["snatIp"]
