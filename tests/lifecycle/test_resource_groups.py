"""The stack's resource group on the real engine: entered, kept, changed, left."""

import pytest

from tests.lifecycle.conftest import ROOT, Stack
from tests.lifecycle.test_guard import found, judge

pytestmark = pytest.mark.engine

FILE = ROOT / "examples" / "unified-egress" / "Pulumi.own-gateway.yaml"
TOPOLOGY = "  alicloud-gateways:topology:"


def grouped(text: str, group: str) -> str:
    assert text.count(TOPOLOGY) == 1
    return text.replace(TOPOLOGY, f"  alicloud-gateways:resourceGroup: {group}\n{TOPOLOGY}")


def groups(stack: Stack, kind: str) -> set[str]:
    return {str(one["resource_group_id"]) for one in stack.all(kind)}


MOVED = ("vpc", "eip_address")


def test_what_can_be_moved_is_moved_and_new_interfaces_are_made_for_another_group(
    stack: Stack,
) -> None:
    text = FILE.read_text("utf-8")
    stack.write(grouped(text, "rg-first"))
    stack.succeed("up")
    for kind in (*MOVED, "ecs_network_interface"):
        assert groups(stack, kind) == {"rg-first"}, kind
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("refresh")
    stack.succeed("up")
    assert stack.changes() == []

    addresses = {one.id for one in stack.all("eip_address")}
    stack.write(grouped(text, "rg-second"))
    judged = judge(stack)
    assert judged.code == 1
    assert any("replace-interface" in row for row in found(judged.out))
    stack.succeed("up")
    for kind in (*MOVED, "ecs_network_interface"):
        assert groups(stack, kind) == {"rg-second"}, kind
    assert {one.id for one in stack.all("eip_address")} == addresses
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []
