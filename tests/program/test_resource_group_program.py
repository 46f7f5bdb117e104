"""`resourceGroup`: on everything that can be in one, whatever component registers it."""

import pytest

from facts.contract import TOKENS
from tests.program.test_program import PREFIX, dev_config, run_program
from tests.stackfiles import dev_stack, only_problem, settings_of
from tests.topologies.test_arguments import settings_of as settings_of_file
from tests.topologies.test_arguments import texts
from topologies.recorder import record

GROUP = "rg-acfmabc123"
TAKERS = {token for token, kind in TOKENS.items() if "resource_group_id" in kind.inputs}


def test_everything_that_can_be_in_a_resource_group_is_in_the_stacks() -> None:
    seen: set[str] = set()
    for path, text in texts().items():
        grouped = text.replace("config:\n", f"config:\n  {PREFIX}resourceGroup: {GROUP}\n", 1)
        for one in record(settings_of_file(path, grouped)):
            can = one.type in TAKERS
            assert one.inputs.get("resourceGroupId") == (GROUP if can else None), one.name
            seen |= {one.type} & TAKERS
    assert seen == TAKERS


def test_without_one_nothing_says_a_resource_group() -> None:
    made = run_program(dev_config())
    assert not [one for one in made.all if "resourceGroupId" in one.inputs]


def test_the_program_takes_the_group_from_pulumi_and_its_empty_default_for_none() -> None:
    made = run_program({**dev_config(), f"{PREFIX}resourceGroup": GROUP})
    assert made["network-vpc"].inputs["resourceGroupId"] == GROUP
    made = run_program({**dev_config(), f"{PREFIX}resourceGroup": ""})
    assert "resourceGroupId" not in made["network-vpc"].inputs


def test_what_a_section_says_itself_goes_before_the_stacks_group() -> None:
    own = {"arguments": {"resourceGroupId": "rg-own"}}
    text = dev_stack(lambda s: s.update(resourceGroup=GROUP))
    text = text.replace("ip1: {}", f"ip1: {own}")
    made = {one.name: one for one in record(settings_of(text))}
    assert made["shared-bandwidth-ip1"].inputs["resourceGroupId"] == "rg-own"
    assert made["shared-bandwidth-ip3"].inputs["resourceGroupId"] == GROUP


@pytest.mark.parametrize("wrong", ["shop", "rg-", "", "rg-a b"])
def test_what_is_no_id_of_a_resource_group_is_refused(wrong: str) -> None:
    problem = only_problem(lambda s: s.update(resourceGroup=wrong))
    assert problem.path == ("resourceGroup",)
