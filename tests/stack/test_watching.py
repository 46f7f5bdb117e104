"""`alarms` and `flowLogs`: what they may name, and what is refused."""

from typing import Any

import pytest

from facts.metrics import METRICS, Measured, Watch
from stack.ids import NAT_GATEWAY
from stack.watching_rules import OUTPUTS, watched_output
from tests.stackfiles import Edit, dev_stack, only_problem, problems_of, settings_of
from tests.topologies.api_stacks import api_stack
from tests.topologies.unified import beside, shared_stack, unified_stack

GROUPS = {"contactGroups": ["ops"]}
FULL = {"watch": "bandwidthOutUsed", "above": 90, **GROUPS}
LOG = {"project": "shop-logs", "store": "flows"}


def alarms(**entries: dict[str, Any]) -> Edit:
    return lambda settings: settings.update(alarms=entries)


def flow_logs(**entries: dict[str, Any]) -> Edit:
    return lambda settings: settings.update(flowLogs=entries)


@pytest.mark.parametrize("watch", [one for one, it in METRICS.items() if it.of != Measured.API])
def test_what_a_gateway_and_its_package_are_measured_by_can_be_watched(watch: Watch) -> None:
    entry = {"watch": watch.value, "above": 1.5, **GROUPS}
    settings = settings_of(dev_stack(alarms(busy=entry)))
    (alarm,) = settings.common.alarms.values()
    assert alarm.metric == METRICS[watch]


@pytest.mark.parametrize("watch", [one for one, it in METRICS.items() if it.of == Measured.API])
def test_what_apis_are_measured_by_can_be_watched_where_there_are_apis(watch: Watch) -> None:
    entry = {"watch": watch.value, "below": 1, **GROUPS}
    assert not problems_of(api_stack(alarms(quiet=entry)))
    problem = only_problem(alarms(quiet=entry))
    assert problem.path == ("alarms", "quiet", "watch")
    assert "this stack has none" in problem.rule


def test_an_alarm_on_an_api_names_one_that_there_is() -> None:
    entry = {"watch": "apiLatency", "above": 100, "apis": ["ordr"], **GROUPS}
    (problem,) = problems_of(api_stack(alarms(slow=entry)))
    assert problem.path == ("alarms", "slow", "apis", 0)
    assert "did you mean order" in problem.remedy


def test_an_alarm_on_apis_needs_their_region() -> None:
    entry = {"watch": "apiLatency", "above": 100, **GROUPS}

    def edit(settings: dict[str, Any]) -> None:
        alarms(slow=entry)(settings)
        del settings["alicloud:region"]

    (problem,) = problems_of(api_stack(edit))
    assert problem.remedy == "add alicloud:region"


@pytest.mark.parametrize("thresholds", [{}, {"above": 1, "below": 2}])
def test_an_alarm_has_one_threshold(thresholds: dict[str, int]) -> None:
    entry = {"watch": "sessions", **GROUPS, **thresholds}
    problem = only_problem(alarms(busy=entry))
    assert problem.path == ("alarms", "busy")


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": 90},
        {"period": 0},
        {"times": 0},
        {"silence": 60},
        {"contactGroups": []},
        {"contactGroups": ["ops,dev"]},
        {"level": "loud"},
        {"watch": "cpu"},
        {"above": "90"},
    ],
    ids=str,
)
def test_what_the_cloud_takes_of_an_alarm_is_checked(wrong: dict[str, Any]) -> None:
    problem = only_problem(alarms(full={**FULL, **wrong}))
    assert problem.path[:3] == ("alarms", "full", *wrong)


def test_keys_of_apis_and_of_gateways_arent_mixed() -> None:
    problem = only_problem(alarms(full={**FULL, "apis": ["items"]}))
    assert problem.path == ("alarms", "full", "apis")
    entry = {"watch": "apiLatency", "above": 1, "section": "sharedBandwidth", **GROUPS}
    (problem,) = problems_of(api_stack(alarms(slow=entry)))
    assert problem.path == ("alarms", "slow", "section")


def test_where_two_sections_have_a_gateway_an_alarm_says_whose() -> None:
    busy = {"watch": "sessions", "above": 1, **GROUPS}
    (problem,) = problems_of(shared_stack(*beside(), alarms(busy=busy)))
    assert problem.remedy == "add section: sharedBandwidth, or unifiedEgress"
    said = {"theirs": {**busy, "section": "unifiedEgress"}}
    settings = settings_of(shared_stack(*beside(), alarms(**said)))
    outputs = dict.fromkeys(OUTPUTS[Measured.GATEWAY].values(), NAT_GATEWAY)
    alarm = settings.common.alarms["theirs"]
    assert watched_output(alarm, outputs) == "unifiedEgressNatGatewayId"


def test_a_section_without_a_gateway_of_its_own_has_nothing_to_watch() -> None:
    entry = {**FULL, "section": "unifiedEgress"}
    problem = only_problem(alarms(full=entry))
    assert problem.path == ("alarms", "full", "watch")
    assert "unifiedEgress has none of its own" in problem.rule
    problems = problems_of(unified_stack(alarms(full=FULL)))
    assert [one.path for one in problems] == [("alarms", "full", "watch")]


def test_a_flow_log_is_of_the_network_of_a_vswitch_or_of_another_network() -> None:
    edit = flow_logs(all=LOG, apps={**LOG, "vswitch": "apps"})
    assert len(settings_of(dev_stack(edit)).common.flow_logs) == 2


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"vswitch": "aps"}, ("vswitch",)),
        ({"network": "other"}, ("network",)),
        ({"vswitch": "apps", "network": "other"}, ()),
        ({"traffic": "Reject"}, ("traffic",)),
        ({"interval": 2}, ("interval",)),
        ({"arguments": {"trafficType": "All"}}, ("arguments", "trafficType")),
    ],
    ids=str,
)
def test_what_cant_be_logged_is_refused(more: dict[str, Any], place: tuple[str, ...]) -> None:
    problem = only_problem(flow_logs(all={**LOG, **more}))
    assert problem.path == ("flowLogs", "all", *place)


def test_a_stack_without_a_network_logs_one_that_it_names() -> None:
    (problem,) = problems_of(api_stack(flow_logs(all=LOG)))
    assert problem.path == ("flowLogs", "all")
