"""What the page on private calls and its examples show is what the program does."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.stack_file import StackFile
from stack.target import target
from tests.docs.pages import PRIVATE_CALLS, ROOT, Block, blocks, commands
from tools.plan.__main__ import rendered
from tools.plan.plan import make_plan
from topologies import TOPOLOGIES
from topologies.cross_region import PARTS
from topologies.cross_region.joined import joined
from topologies.cross_region.service_routes import service_requests

EXAMPLES = ROOT / "examples" / "private-calls"
READMES = sorted(EXAMPLES.glob("*/README.md"))
WHOLE = [block for block in blocks(PRIVATE_CALLS, "yaml") if "config:" in block.text]
PIECES = [block for block in blocks(PRIVATE_CALLS, "yaml") if "config:" not in block.text]


def _written(text: str, folder: Path) -> Path:
    (folder / "examples").symlink_to(ROOT / "examples")  # code that a stack file names
    file = folder / "Pulumi.shop.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _of_regions(piece: Block) -> bool:
    """Whether a piece stands in the second stack file, or in the first one."""
    return "network: functions" in piece.text


def _with(piece: Block) -> dict[str, Any]:
    """The page's stack file with the piece in it."""
    whole = yaml.safe_load(WHOLE[1 if _of_regions(piece) else 0].text)
    config = whole["config"]
    for section, said in yaml.safe_load(piece.text).items():
        key = f"alicloud-gateways:{section}"
        if section == "crossRegion":
            config["alicloud-gateways:topology"] = ["cross-region", "functions", "api-gateway"]
            config[key] = said
        else:
            config[key] = {**config[key], **said}
    return whole


@pytest.mark.parametrize("whole", WHOLE, ids=["in one region", "across regions"])
def test_a_stack_file_of_the_page_passes_every_rule(whole: Block, tmp_path: Path) -> None:
    settings = StackFile(_written(whole.text, tmp_path), "shop", TOPOLOGIES).settings
    assert settings.warnings == ()


def test_the_paths_on_the_page_are_what_make_plan_shows(tmp_path: Path) -> None:
    (shown,) = blocks(PRIVATE_CALLS, "text")
    plan = make_plan(target(None, str(_written(WHOLE[1].text, tmp_path)), ROOT))
    told = _words(rendered(plan, "table"))
    for line in _words(shown.text):
        assert line in told


def _words(text: str) -> list[str]:
    return [" ".join(line.replace("─", "").split()) for line in text.splitlines()]


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: " ".join(piece.text.split()[:3]))
def test_a_piece_passes_every_rule_in_its_stack_file(piece: Block, tmp_path: Path) -> None:
    text = yaml.safe_dump(_without_calls_of_another_api(_with(piece)))
    assert StackFile(_written(text, tmp_path), "shop", TOPOLOGIES).settings.sections


def _without_calls_of_another_api(whole: dict[str, Any]) -> dict[str, Any]:
    access = whole["config"]["alicloud-gateways:apiGateway"].get("vpcAccess", {})
    if "web" not in access and "stock" in access:  # the piece has an authorization of its own
        access["web"] = {"host": "web", "port": 8080}
    return whole


def test_the_request_on_the_page_is_the_one_that_the_stack_puts_out(tmp_path: Path) -> None:
    (piece,) = [block for block in PIECES if "edition: basic" in block.text]
    file = _written(yaml.safe_dump(_with(piece)), tmp_path)
    settings = StackFile(file, "shop", TOPOLOGIES).settings
    section = settings.sections["cross-region"]
    assert isinstance(section, PARTS.model)
    requests = service_requests(section, joined(settings, section))
    (shown,) = [one for one in commands(PRIVATE_CALLS) if one.startswith("aliyun cbn")]
    assert [one.command("cen-uf6abc", "vpc-uf6abc") for one in requests.values()] == [shown]


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.parent.name)
def test_the_plans_of_an_example_are_what_make_plan_shows(page: Path) -> None:
    planned = [
        shlex.split(command)[-1].removeprefix("CONFIG=")
        for command in dict.fromkeys(commands(page))
        if re.match("make (plan|up) ", command)
    ]
    files = list(dict.fromkeys(planned))
    assert {Path(file).name for file in files} == {
        file.name for file in page.parent.glob("Pulumi.*.yaml")
    }
    shown = [block.text for block in blocks(page, "text") if "Resources " in block.text]
    plans = [rendered(make_plan(target(None, file, ROOT)), "table") for file in files]
    assert [_lines(text) for text in shown] == [_lines(text) for text in plans]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
