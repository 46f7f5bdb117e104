"""What stands beside a mistake is judged all the same, and nothing that only follows from it."""

from typing import Any

import pytest

from stack.problems import Problem, describe
from tests.stackfiles import (
    DEV,
    FILE,
    dev_stack,
    line_of,
    only_problem,
    problems_of,
    where,
)

Settings = dict[str, Any]


def paths(problems: tuple[Problem, ...]) -> list[str]:
    return [where(problem) for problem in problems]


def mappings(settings: Settings) -> Settings:
    return settings["sharedBandwidth"]["portMappings"]


# What can be judged beside a mistake is judged.


def test_an_unknown_key_in_one_mapping_doesnt_hide_a_clash_elsewhere() -> None:
    def edit(settings: Settings) -> None:
        mappings(settings)["app1"]["prot"] = "tcp"
        mappings(settings)["web2"] = {"publicIp": "ip3", "port": 80, "host": "ecs4"}

    assert paths(problems_of(dev_stack(edit))) == [
        "sharedBandwidth.portMappings.app1.prot",
        "sharedBandwidth.portMappings.web2.port",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"publicIp": "ip3", "port": 70000, "host": "ecs5"},
        {"publicIp": "ip3", "prot": 81, "host": "ecs5"},
        {"publicIp": "ip3", "port": 80, "protocol": "sctp", "host": "ecs5"},
        {"publicIp": "ip3", "port": 82, "hostPort": "x", "host": "ecs3"},
    ],
)
def test_a_mapping_that_cant_be_read_doesnt_clash_with_those_that_can(broken: Settings) -> None:
    problem = only_problem(lambda s: mappings(s).update(broken=broken))
    assert problem.path[:3] == ("sharedBandwidth", "portMappings", "broken")


def test_a_mapping_that_cant_be_read_still_has_its_references_judged() -> None:
    broken = {"publicIp": "ip9", "port": 70000, "host": "ecs9"}
    found = problems_of(dev_stack(lambda s: mappings(s).update(broken=broken)))
    assert {p.path[-1] for p in found} == {"publicIp", "port", "host"}


@pytest.mark.parametrize(
    "broken",
    [
        {"ip": 5, "vswitch": "apps"},
        {"vswitch": "apps"},
        {"ip": "192.168.1.3", "vswitch": "apps", "nic": 1},
        "192.168.1.3",
        None,
    ],
)
def test_a_broken_host_is_one_report_and_none_at_the_mapping_that_names_it(broken: object) -> None:
    problem = only_problem(lambda s: s["network"]["hosts"].update(ecs3=broken))
    assert problem.path[:3] == ("network", "hosts", "ecs3")


@pytest.mark.parametrize("broken", [{"spare": "yes"}, 5, {"id": 5, "address": "203.0.113.9"}])
def test_a_broken_address_is_one_report_and_none_where_it_is_used(broken: object) -> None:
    problem = only_problem(lambda s: s["sharedBandwidth"]["publicIps"].update(ip3=broken))
    assert problem.path[:3] == ("sharedBandwidth", "publicIps", "ip3")


@pytest.mark.parametrize("broken", [{"cidr": "192.168.1.0/24"}, {"cidr": 5, "zone": "x"}, []])
def test_a_broken_vswitch_is_no_problem_of_those_who_lie_in_it(broken: object) -> None:
    found = problems_of(dev_stack(lambda s: s["network"]["vswitches"].update(apps=broken)))
    assert {p.path[:3] for p in found} == {("network", "vswitches", "apps")}


@pytest.mark.parametrize("section", ["vpc", "vswitches"])
def test_without_one_part_of_the_network_the_rest_is_judged(section: str) -> None:
    def edit(settings: Settings) -> None:
        del settings["network"][section]
        mappings(settings)["web2"] = {"publicIp": "ip3", "port": 80, "host": "ecs4"}

    assert paths(problems_of(dev_stack(edit))) == [
        f"network.{section}",
        "sharedBandwidth.portMappings.web2.port",
    ]


def test_a_bandwidth_that_cant_be_read_isnt_called_missing_too() -> None:
    assert only_problem(lambda s: s["sharedBandwidth"].update(bandwidth="150")).value == "150"


def test_items_of_a_list_keep_their_lines_beside_one_that_cant_be_read() -> None:
    def edit(settings: Settings) -> None:
        settings["sharedBandwidth"]["egress"]["apps"]["publicIps"] = [5, "ip9", 6, "ip8"]

    text = dev_stack(edit)
    found = {problem.path[-1]: problem.line for problem in problems_of(text)}
    first = line_of(text, "- 5")
    assert found == {0: first, 1: first + 1, 2: first + 2, 3: first + 3}


WEIRD: list[object] = [5, 1.5, True, "text", [], [1, [2]], {"a": {"b": []}}, None, "", {}]


@pytest.mark.parametrize("value", WEIRD, ids=repr)
@pytest.mark.parametrize(
    "place",
    [
        "network",
        "network.vpc",
        "network.vswitches",
        "network.vswitches.apps",
        "network.hosts",
        "network.hosts.ecs1",
        "network.hosts.ecs1.ip",
        "sharedBandwidth",
        "sharedBandwidth.natGateway",
        "sharedBandwidth.publicIps",
        "sharedBandwidth.portMappings",
        "sharedBandwidth.portMappings.web",
        "sharedBandwidth.portMappings.web.port",
        "sharedBandwidth.egress.apps.publicIps",
        "tags",
        "topology",
        "quotas",
    ],
)
def test_whatever_stands_somewhere_is_reported_there_or_accepted(place: str, value: object) -> None:
    def edit(settings: Settings) -> None:
        *parents, last = place.split(".")
        for part in parents:
            settings = settings[part]
        settings[last] = value

    for problem in problems_of(dev_stack(edit)):
        assert problem.line is not None
        assert "\N{REPLACEMENT CHARACTER}" not in describe(FILE, problem)


def test_numbers_as_keys_are_refused_where_names_are_needed() -> None:
    text = DEV.replace("      ecs5:", "      5:")
    lines = {problem.line for problem in problems_of(text)}
    assert lines == {line_of(text, "      5:")}


def test_a_value_that_could_not_be_read_is_not_quoted_by_a_neighbours_problem() -> None:
    text = dev_stack(
        lambda settings: settings["sharedBandwidth"].update(bandwidthPackage={"id": False})
    )
    (problem,) = problems_of(text)
    assert problem.path == ("sharedBandwidth", "bandwidthPackage", "id")
