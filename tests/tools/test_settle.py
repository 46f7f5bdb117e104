"""Settling what an interrupted run left open in an exported state."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.settle import main, pending_creates, settled

URN = "urn:pulumi:dev::alicloud-gateways::alicloud:ecs/eipAddress:EipAddress::shared-bandwidth-ip1"
OTHER = URN.replace("ip1", "ip2")


def interrupted() -> dict[str, Any]:
    def operation(kind: str, urn: str) -> dict[str, Any]:
        return {"type": kind, "resource": {"urn": urn, "inputs": {"addressName": "dev-ip1"}}}

    return {
        "resources": [{"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"}],
        "pending_operations": [operation("creating", URN), operation("updating", OTHER)],
    }


def test_only_creates_are_pending_creates() -> None:
    assert pending_creates(interrupted()) == [URN]


def test_what_had_been_created_becomes_a_resource_with_its_id() -> None:
    result = settled(interrupted(), {URN: "eip-1"})
    assert "pending_operations" not in result
    assert result["resources"][-1]["urn"] == URN
    assert result["resources"][-1]["id"] == "eip-1"


def test_what_had_not_been_created_is_forgotten() -> None:
    assert len(settled(interrupted(), {})["resources"]) == 1


def test_an_id_for_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        settled(interrupted(), {OTHER: "eip-2"})


def test_the_command_prints_a_state_that_can_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": interrupted()}), encoding="utf-8")
    assert main([str(file), f"{URN}=eip-1"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["deployment"]["resources"][-1]["id"] == "eip-1"
    assert "shared-bandwidth-ip1: kept as eip-1" in printed.err


def test_a_file_that_is_no_state_is_told_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.json"
    file.write_text("[]", encoding="utf-8")
    assert main([str(file)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "isn't what pulumi stack export writes" in printed.err
