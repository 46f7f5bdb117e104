"""Functions in networks: where they run, and what they call there."""

from typing import Any

import pytest

from tests.stackfiles import Edit, problems_of, settings_of, warnings_of, where
from tests.topologies.api_stacks import SECURE, G
from tests.topologies.functions import CODE, LOOKUP, F, functions_stack
from tests.topologies.unified import gone, only, only_warning, places, put
from topologies.functions.rules import network_of, region_of

INSTANCE = {
    "spec": "api.s1.small",
    "ingress": {"vswitch": "inside", "ownerId": "123456789012"},
}
NETWORK: dict[str, Any] = {
    "vpc": {"cidr": "192.168.0.0/16"},
    "vswitches": {
        "inside": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-g"},
        "more": {"cidr": "192.168.2.0/24", "zone": "cn-shanghai-e"},
        "old": {"cidr": "192.168.3.0/24", "zone": "cn-shanghai-a"},
    },
}
THERE: dict[str, Any] = {
    "region": "cn-zhangjiakou",
    "vpc": {"cidr": "10.1.0.0/16"},
    "vswitches": {"there": {"cidr": "10.1.1.0/24", "zone": "cn-zhangjiakou-a"}},
}


def calling(*edits: Edit) -> str:
    """A stack file whose function in a network calls an API inside, after some edits."""
    return functions_stack(
        put("", network={**NETWORK}, networks={"there": {**THERE}}),
        put(G, instance={**INSTANCE}),
        put(f"{G}.groups.shop", intranet=True),
        put(f"{G}.apis.pay", acknowledged=True),  # over https alone
        put(LOOKUP, network={"vswitches": ["inside"]}, calls={"PAY_URL": "pay"}),
        *edits,
    )


def in_network(*vswitches: str) -> Edit:
    return put(LOOKUP, network={"vswitches": list(vswitches)})


def test_a_function_in_a_network_calls_an_api() -> None:
    assert problems_of(calling()) == ()
    assert warnings_of(calling()) == ()


def test_a_function_runs_in_the_region_of_its_network() -> None:
    def place(text: str) -> tuple[str | None, str | None]:
        settings = settings_of(text)
        section: Any = settings.sections["functions"]
        function = section.root["lookup"]
        return network_of(settings.common, function), region_of(settings, function)

    assert place(calling()) == (None, "cn-shanghai")
    there = calling(in_network("there"), put(LOOKUP, calls={}))
    assert place(there) == ("there", "cn-zhangjiakou")
    assert place(functions_stack()) == (None, "cn-shanghai")


# vSwitches.


def test_a_function_is_in_vswitches_of_the_stack() -> None:
    problem = only(calling(in_network("inside", "mor")))
    assert (where(problem), problem.value) == (f"{LOOKUP}.network.vswitches.1", "mor")
    assert problem.rule == "this must name a vSwitch of network or of one of networks"
    assert problem.remedy == "did you mean more?"


def test_a_function_in_a_network_has_a_vswitch() -> None:
    assert places(calling(in_network())) == [(f"{LOOKUP}.network.vswitches", [])]


def test_a_vswitch_is_listed_once() -> None:
    problem = only(calling(in_network("inside", "more", "inside")))
    assert (where(problem), problem.value) == (f"{LOOKUP}.network.vswitches.2", "inside")
    assert problem.rule == "a vSwitch is listed once here"
    assert problems_of(calling(in_network("inside", "more"))) == ()


def test_a_function_is_in_one_network() -> None:
    problem = only(calling(in_network("inside", "there")))
    assert (where(problem), problem.value) == (f"{LOOKUP}.network.vswitches", "inside, there")
    assert problem.rule == (
        "a function is in one network; these vSwitches are of network, networks.there"
    )


def test_a_zone_without_functions_is_mentioned() -> None:
    warning = only_warning(calling(in_network("more", "old")))
    assert (where(warning), warning.value) == (f"{LOOKUP}.network.vswitches.1", "old")
    assert warning.rule == "old lies in cn-shanghai-a, where functions aren't known to be supported"


@pytest.mark.parametrize("group", ["sg-", "group-1", ""])
def test_a_security_group_is_given_by_its_id(group: str) -> None:
    edit = put(f"{LOOKUP}", network={"vswitches": ["inside"], "securityGroup": group})
    found = places(calling(edit))
    assert found == (
        [] if group.startswith("sg-") else [(f"{LOOKUP}.network.securityGroup", group)]
    )


# The role.


def test_the_role_that_a_function_acts_under_has_a_name_that_ram_takes() -> None:
    longest = "a" * 56
    assert problems_of(calling(put(LOOKUP, name=longest))) == ()
    problem = only(calling(put(LOOKUP, name=longest + "a"), gone(f"{G}.apis.order")))
    assert (where(problem), problem.value) == (f"{LOOKUP}.network", longest + "a")
    assert problem.remedy == "give it a shorter name: name: …"


ROLE = "acs:ram::123456789012:role/lookup"


def test_a_role_that_is_given_is_as_long_as_it_is() -> None:
    edits = [put(LOOKUP, name="a" * 57, role=ROLE), gone(f"{G}.apis.order")]
    assert problems_of(calling(*edits)) == ()


def test_a_production_stack_makes_no_role_for_a_function_in_a_network() -> None:
    edits = [put("", tier="production"), gone(f"{G}.apis.order")]
    problem = only(calling(*edits))
    assert where(problem) == f"{LOOKUP}.role"
    assert problem.rule.startswith("a production stack makes no RAM role")
    assert problem.remedy.endswith("add role: acs:ram::…:role/dev-lookup-network")
    assert problems_of(calling(*edits, put(LOOKUP, role=ROLE))) == ()


# Calls.


def test_a_function_calls_from_a_network() -> None:
    problem = only(calling(gone(f"{LOOKUP}.network")))
    assert where(problem) == f"{LOOKUP}.calls"
    assert problem.rule == "a function calls APIs inside from a network"


def test_calls_name_apis_of_a_stack_that_has_some() -> None:
    problem = only(calling(put("", topology="functions"), gone(G)))
    assert where(problem) == f"{LOOKUP}.calls"
    assert problem.remedy == "add api-gateway to topology, or remove calls"


def test_a_variable_is_set_once() -> None:
    problem = only(calling(put(LOOKUP, environment={"PAY_URL": "https://pay.example.com"})))
    assert (where(problem), problem.value) == (f"{LOOKUP}.calls.PAY_URL", "PAY_URL")
    assert problem.rule == "PAY_URL is set once; environment has it too"


@pytest.mark.parametrize("name", ["1ST", "A-B", "FC_URL"])
def test_the_variable_that_gets_an_address_has_a_name_that_the_service_takes(name: str) -> None:
    assert places(calling(put(LOOKUP, calls={name: "pay"}))) == [(f"{LOOKUP}.calls.{name}", name)]


def test_a_variable_that_gets_an_address_may_sound_like_a_secret() -> None:
    assert problems_of(calling(put(LOOKUP, calls={"TOKEN": "pay"}))) == ()


def test_calls_hold_no_secrets() -> None:
    assert places(calling(put(LOOKUP, calls={"PAY_URL": SECURE}))) == [
        (f"{LOOKUP}.calls.PAY_URL", "[secret]")
    ]


def test_an_api_that_is_called_is_one_of_the_stack() -> None:
    problem = only(calling(put(LOOKUP, calls={"PAY_URL": "pey"})))
    assert (where(problem), problem.value) == (f"{LOOKUP}.calls.PAY_URL", "pey")
    assert problem.rule == "this must name an API of apiGateway.apis"
    assert problem.remedy == "did you mean pay?"


def test_an_api_that_cant_be_read_is_no_second_mistake() -> None:
    assert places(calling(put(f"{G}.apis", pay=5))) == [(f"{G}.apis.pay", 5)]


def test_an_api_that_is_called_inside_has_a_domain_there() -> None:
    problem = only(calling(put(f"{G}.groups.shop", intranet=False)))
    assert (where(problem), problem.value) == (f"{LOOKUP}.calls.PAY_URL", "pay")
    assert problem.rule == "pay is called inside, and its group shop has no domain there"
    assert problem.remedy == "say intranet: true in apiGateway.groups.shop"


def test_a_function_may_call_the_api_that_it_stands_behind() -> None:
    assert problems_of(calling(put(LOOKUP, calls={"OWN_URL": "order"}))) == ()


def test_functions_without_calls_need_no_gateway() -> None:
    text = calling(put("", topology="functions"), gone(G), gone(f"{LOOKUP}.calls"))
    assert problems_of(text) == ()
    assert (
        problems_of(calling(put(F, other={"code": CODE, "network": {"vswitches": ["there"]}})))
        == ()
    )
