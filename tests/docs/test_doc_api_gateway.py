"""The pieces of stack files on the page of API Gateway pass the rules, and leave no kind out."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.secrets import HIDDEN
from stack.stack_file import StackFile
from stack.target import target
from tests.docs.pages import API_GATEWAY, ROOT, Block, blocks, headings
from tools.plan.__main__ import rendered
from tools.plan.plan import make_plan
from topologies import TOPOLOGIES
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS

READMES = sorted((ROOT / "examples" / "api-gateway").glob("*/README.md"))
PIECES = [block for block in blocks(API_GATEWAY, "yaml") if "config:" not in block.text]
OF_EXAMPLES = [block for page in READMES for block in blocks(page, "yaml")]


def _whole(piece: dict[str, Any]) -> dict[str, Any]:
    """A stack file with what the page's pieces refer to."""
    backend = {"mock": {"body": "ok"}}
    api = {"group": "shop", "method": "GET", "path": "/any", "auth": "anonymous"}
    section: dict[str, Any] = {
        "instance": {"spec": "api.s1.small"},
        "groups": {"shop": {}},
        "apps": {"site": {}},
        "apis": {"any": {**api, "backend": backend}},
    }
    vswitch = {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}
    return {
        "config": {
            "alicloud:region": "cn-shanghai",
            "alicloud-gateways:topology": "api-gateway",
            "alicloud-gateways:network": {
                "vpc": {"cidr": "192.168.0.0/16"},
                "vswitches": {"apps": vswitch},
            },
            "alicloud-gateways:apiGateway": {**section, **piece},
        }
    }


def _written(text: str, folder: Path) -> Path:
    (folder / "api-docs.json").write_bytes(
        (ROOT / "examples" / "api-gateway" / "openapi" / "api-docs.json").read_bytes()
    )
    file = folder / "Pulumi.shop.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _ids(block: Block) -> str:
    return "-".join(re.findall(r"^ {0,2}(\w+):", block.text, re.MULTILINE))


@pytest.mark.parametrize("piece", PIECES, ids=_ids)
def test_a_piece_passes_every_rule_in_a_whole_file(piece: Block, tmp_path: Path) -> None:
    file = _written(yaml.safe_dump(_whole(yaml.safe_load(piece.text))), tmp_path)
    assert StackFile(file, "shop", TOPOLOGIES).settings.sections


@pytest.mark.parametrize("piece", OF_EXAMPLES, ids=_ids)
def test_a_piece_beside_an_example_says_keys_that_there_are(piece: Block) -> None:
    settings = TOPOLOGIES[-1].model.model_fields
    known = {field.alias or name for name, field in settings.items()}
    assert yaml.safe_load(piece.text).keys() <= known


@pytest.mark.parametrize("kind", PLUGIN_KINDS)
def test_each_kind_of_plugin_has_a_heading_and_an_example(kind: str) -> None:
    assert (3, kind) in headings(API_GATEWAY)
    shown = [yaml.safe_load(piece.text).get("plugins", {}) for piece in PIECES]
    assert any(kind in plugin for plugins in shown for plugin in plugins.values())


def test_the_plan_of_the_first_stack_file_is_what_make_plan_shows(tmp_path: Path) -> None:
    whole, *_ = (block for block in blocks(API_GATEWAY, "yaml") if "config:" in block.text)
    (shown,) = [block.text for block in blocks(API_GATEWAY, "text") if "Backend" in block.text]
    file = _written(whole.text, tmp_path)
    plan = make_plan(target(None, str(file), ROOT))
    assert plan.warnings == ()
    told = rendered(plan, "table")
    for line in shown.strip().splitlines():
        assert re.sub(r"\s+|─", "", line) in re.sub(r"\s+|─", "", told)


def test_a_plan_never_shows_a_secret_of_the_page(tmp_path: Path) -> None:
    (piece,) = [block for block in PIECES if "type: APIGW_BACKEND" in block.text]
    text = yaml.safe_dump(_whole(yaml.safe_load(piece.text)))
    told = rendered(make_plan(target(None, str(_written(text, tmp_path)), ROOT)), "json")
    assert HIDDEN in told
    assert "v1:bm9uY2U" not in told
