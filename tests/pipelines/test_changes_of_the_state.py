"""What changes in the state alone (protection, outputs) is a change, and is deployed."""

import pytest

from stack.command_line import REHEARSE_VARIABLE
from tests.lifecycle.account import Account
from tools.pipeline.reviewing import outputs_of
from tools.pipeline.sameness import steps_of

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
    shown = (
        "Previewing update (shop):\n\n"
        "Outputs:\n"
        '  ~ tier    : "development" => "staging"\n'
        "  + exposure: [\n"
        "  +     [0]: {\n"
        '          + host: "a"\n'
        "        }\n"
        "    ]\n\n"
        "Resources:\n    28 unchanged\n"
    )
    assert outputs_of(shown) == ["tier", "exposure"]
    assert outputs_of("Resources:\n    28 unchanged\n") == []


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
