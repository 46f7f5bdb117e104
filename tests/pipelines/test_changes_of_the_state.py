"""What changes in the state alone (protection, outputs) is a change, and is deployed."""

import json

import pytest

from stack.command_line import REHEARSE_VARIABLE
from tests.lifecycle.account import Account
from tools.pipeline.previewing import Previewed
from tools.pipeline.sameness import steps_of
from tools.pipeline.shell import Ended

URN = "urn:pulumi:shop::p::alicloud:vpc/network:Network::v"


@pytest.mark.parametrize("option", ["protect", "retainOnDelete"])
def test_an_option_that_changes_alone_is_a_change(option: str) -> None:
    plain, kept = {"urn": URN}, {"urn": URN, option: True}
    for old, new in ((plain, kept), (kept, plain)):
        step = {"op": "same", "urn": URN, "oldState": old, "newState": new}
        assert steps_of({"steps": [step]}) == [step]
    for state in (plain, kept):
        step = {"op": "same", "urn": URN, "oldState": state, "newState": state}
        assert steps_of({"steps": [step]}) == []


def test_outputs_that_change_are_counted_and_others_arent() -> None:
    old: dict[str, object] = {"tier": "development", "vpcId": "vpc-1"}
    new: dict[str, object] = {"tier": "staging", "vpcId": "vpc-1", "exposure": [{"host": "a"}]}

    def changed(*sides: dict[str, object] | None) -> list[str]:
        before, after = (side and {"outputs": side} for side in sides)
        told = {"type": "pulumi:pulumi:Stack", "old": before, "new": after}
        lines: list[object] = [{"preludeEvent": {}}, {"resOutputsEvent": {"metadata": told}}]
        return Previewed(Ended(0, ""), "".join(f"{json.dumps(line)}\n" for line in lines)).outputs

    assert changed(old, new) == ["exposure", "tier"]
    assert changed(None, old) == [], "a new stack is told by its resources"
    assert changed(old, old) == []


@pytest.mark.engine
@pytest.mark.timeout(1200)
def test_a_stack_of_which_outputs_change_alone_is_deployed(account: Account) -> None:
    account.environment[REHEARSE_VARIABLE] = "no"
    account.succeed("pulumi stack init dev")
    cloud = account.cloud()
    cloud.entry_seconds = 0.02
    cloud.close()
    account.succeed("make -s deploy STACK=dev", ALLOW="open-port:*")
    account.edit("Pulumi.dev.yaml", "      ecs5: {ip", "      bastion: {ip")
    account.edit("Pulumi.dev.yaml", "host: ecs5", "host: bastion")
    assert "## dev: 1 change, ready" in account.succeed("make -s review STACK=dev")
    assert "**Deployed.**" in account.succeed("make -s deploy STACK=dev")
    assert "bastion" in account.succeed("pulumi stack output exposure --json")
    assert "nothing to do" in account.succeed("make -s review STACK=dev")
