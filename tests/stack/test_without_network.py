"""Stacks without a network: for whom that is fine, for whom not, and what it says then."""

import pytest

from stack.state import StackState
from tests.stackfiles import dev_stack, problems_of, settings_of, warnings_of, where
from tests.topologies.api_stacks import G, api_stack
from tests.topologies.unified import gone, only, put, unified_stack
from topologies import change_problems, reach


def test_apis_alone_need_no_network() -> None:
    text = api_stack()
    assert problems_of(text) == ()
    assert warnings_of(text) == ()
    network = settings_of(text).common.network
    assert not network.exists
    assert (dict(network.vswitches), dict(network.hosts)) == ({}, {})


@pytest.mark.parametrize("stack", [dev_stack, unified_stack])
def test_nat_gateways_need_a_network(stack: type) -> None:
    text = stack(gone("network"))
    problem = next(one for one in problems_of(text) if one.path == ("network",))
    assert (problem.value, problem.rule) == (None, "network is required here")
    assert problem.remedy.startswith("add network: {vpc: {cidr: 192.168.0.0/16}, vswitches: ")


def test_a_missing_network_is_one_mistake_and_so_one_problem() -> None:
    """That vSwitches and hosts can't be found only follows from it."""
    assert [where(problem) for problem in problems_of(dev_stack(gone("network")))] == ["network"]


def test_one_topology_that_needs_a_network_is_enough() -> None:
    def both(stack: str) -> list[str]:
        section = settings_of(api_stack()).sections["api-gateway"]
        values = section.model_dump(mode="json", by_alias=True, exclude_none=True)
        edit = put("", topology=["shared-bandwidth", "api-gateway"], **{G: values})
        more = gone("network") if stack == "without" else put("")
        return [where(one) for one in problems_of(dev_stack(lambda s: (edit(s), more(s))))]

    assert both("with") == []
    assert both("without") == ["network"]


def test_a_network_that_is_there_is_judged_though_nobody_needs_it() -> None:
    cidr = {"apps": {"cidr": "10.0.0.0/24", "zone": "cn-shanghai-a"}}
    vpc = {"cidr": "192.168.0.0/16"}
    problem = only(api_stack(put("", network={"vpc": vpc, "vswitches": cidr})))
    assert (where(problem), problem.value) == ("network.vswitches.apps.cidr", "10.0.0.0/24")


def test_an_empty_network_is_asked_for_what_it_lacks() -> None:
    assert sorted(where(one) for one in problems_of(api_stack(put("", network={})))) == [
        "network.vpc",
        "network.vswitches",
    ]


def test_nothing_of_a_network_is_open_or_changed() -> None:
    settings = settings_of(api_stack())
    found = reach(settings)
    assert (found.exposure, found.egress, found.public_ips) == ((), (), ())
    assert [api.name for api in found.apis] == ["order", "pay"]
    held = {
        "urn": "urn:pulumi:dev::alicloud-gateways::alicloud:vpc/switch:Switch::network-apps",
        "type": "alicloud:vpc/switch:Switch",
        "custom": True,
        "id": "vsw-1",
        "outputs": {"cidrBlock": "192.168.1.0/24"},
    }
    assert list(change_problems(settings, StackState({"resources": [held]}))) == []


@pytest.mark.parametrize("section", ["sharedBandwidth", "unifiedEgress"])
def test_a_gateway_without_a_vswitch_is_judged_where_the_network_cant_be_read(
    section: str,
) -> None:
    text = (dev_stack if section == "sharedBandwidth" else unified_stack)(
        lambda settings: settings.update(
            network=None, **{section: {**settings[section], "natGateway": {}}}
        )
    )
    assert "network" in [where(one) for one in problems_of(text)]
