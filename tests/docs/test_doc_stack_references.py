"""The page of stack references says what the code does: where they stand, and what is told."""

import re
from pathlib import Path

import pytest
import yaml

from stack.file.schema import kind_at, models_of
from stack.ids import IdKind
from stack.problems import StackFileError, describe
from stack.stack_file import StackFile, outputs_of_settings
from tests.docs.pages import ROOT, blocks, tables
from tests.docs.stack_keys import stack_keys
from topologies import TOPOLOGIES

PAGE = ROOT / "docs" / "stack-references.md"
EXAMPLE = ROOT / "examples" / "stack-references"
MODELS = models_of({t.section: {} for t in TOPOLOGIES}, TOPOLOGIES)
ELSEWHERE = {"of another project's stack"}
# Under a backend's settings, which the page tells in a sentence.
IN_WORDS = "backend.function.role"


def kind_of(key: str) -> IdKind | None:
    path = tuple(key.split("."))
    return kind_at(MODELS, path) or kind_at(MODELS, (*path, 0)) or kind_at(MODELS, (*path, "x"))


def told() -> dict[str, set[str]]:
    """The outputs that each key takes, by the page."""
    (table,) = [table for table in tables(PAGE) if table[0] == ["Key", "Output"]]
    return {
        row[0].strip("`"): {one.strip().strip("`") for one in row[1].split(",")}
        for row in table[1:]
    }


def test_the_page_has_every_key_that_takes_a_reference() -> None:
    keys = {key.removesuffix(".<name>") for key, _, _ in stack_keys() if kind_of(key) is not None}
    keys = {key for key in keys if not key.endswith(IN_WORDS) and "openapi" not in key}
    assert {key.removesuffix(".<name>") for key in told()} == keys


def _every_output(folder: Path) -> dict[str, set[IdKind]]:
    """The kinds of all outputs that examples promise, with `<name>` for names."""
    found: dict[str, set[IdKind]] = {}
    files = [*(ROOT / "examples").rglob("Pulumi.*.yaml"), folder / "Pulumi.more.yaml"]
    for file in files:
        settings = StackFile(file, "shop", TOPOLOGIES).settings
        for name, value in outputs_of_settings(settings, TOPOLOGIES).items():
            if isinstance(value, dict):
                kinds = {one for one in value.values() if isinstance(one, IdKind)}
                found.setdefault(f"{name}.<name>", set()).update(kinds)
            else:
                found.setdefault(name, set()).add(value)
    return found


def test_each_output_that_the_page_names_is_of_the_kind_that_the_key_takes(tmp_path: Path) -> None:
    own = (ROOT / "examples" / "unified-egress" / "Pulumi.own-gateway.yaml").read_text("utf-8")
    more = yaml.safe_load(re.sub(r"{bandwidth: \d+}", "{}", own))
    more["config"]["alicloud-gateways:unifiedEgress"]["bandwidth"] = 100
    vpn = {
        "vswitch": "apps",
        "backupVswitch": "second",
        "device": "203.0.113.10",
        "preSharedKey": {"secure": "v1:a:b"},
    }
    network = more["config"]["alicloud-gateways:network"]
    network["vswitches"]["second"] = {"cidr": "192.168.77.0/24", "zone": "cn-qingdao-c"}
    more["config"]["alicloud-gateways:topology"] = ["unified-egress", "cross-region", "api-gateway"]
    balancer = {"vswitch": "apps", "port": 80, "servers": {"ecs1": 30080}}
    more["config"]["alicloud-gateways:apiGateway"] = {
        "groups": {"shop": {}},
        "loadBalancers": {"ingress": balancer},
    }
    more["config"]["alicloud-gateways:crossRegion"] = {
        "dataCenters": {"office": {"ranges": {"all": "10.9.0.0/16"}, "vpn": vpn}}
    }
    (tmp_path / "Pulumi.more.yaml").write_text(yaml.safe_dump(more), encoding="utf-8")
    outputs = _every_output(tmp_path)
    for key, names in told().items():
        kind = kind_of(key)
        assert kind is not None, key
        for name in names - ELSEWHERE:
            assert outputs[name], name
            assert all(kind.takes(one) for one in outputs[name]), f"{key}: {name}"
        fit = {name for name, kinds in outputs.items() if kinds and all(map(kind.takes, kinds))}
        if key != "apiGateway.vpcAccess.<name>.instanceId":  # takes addresses of any kind, too
            assert fit - {"vpnAddresses.<name>"} == names - ELSEWHERE, key


def test_the_report_on_the_page_is_what_a_plan_says(tmp_path: Path) -> None:
    (shown,) = [block.text for block in blocks(PAGE, "text") if "rule:" in block.text]
    for file in EXAMPLE.glob("Pulumi.*.yaml"):
        text = file.read_text("utf-8").replace("vswitchIds.shop}", "vswitchIds.shopp}")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    with pytest.raises(StackFileError) as refused:
        _ = StackFile(tmp_path / "Pulumi.shop.yaml", "shop", TOPOLOGIES).settings
    (problem,) = refused.value.problems
    assert describe(Path("Pulumi.shop.yaml"), problem) == shown.strip()


def test_the_piece_on_the_page_is_a_part_of_the_example() -> None:
    piece = yaml.safe_load(blocks(PAGE, "yaml")[0].text)["config"]
    whole = yaml.safe_load((EXAMPLE / "Pulumi.shop.yaml").read_text("utf-8"))["config"]
    for key, section in piece.items():
        for name, value in section.items():
            assert whole[key][name] == value
