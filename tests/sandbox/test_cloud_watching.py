"""The cloud's rules for alarms and flow logs."""

import json
from typing import Any

import pytest
from cloud_lab import Lab, refused

from facts.metrics import METRICS, Metric
from sandbox.cloud import Resource, Store


@pytest.fixture
def lab() -> Lab:
    return Lab(Store(":memory:"))


def alarm(lab: Lab, **more: Any) -> Resource:
    escalation = {"comparison_operator": ">", "statistics": "Value", "threshold": "9", "times": 3}
    asked = {
        "name": "busy",
        "project": "acs_nat_gateway",
        "metric": "SessionActiveConnection",
        "metric_dimensions": json.dumps([{"instanceId": lab.gateway.id}]),
        "contact_groups": ["ops"],
        "period": 60,
        "escalations_warn": escalation,
    }
    return lab.store.create("cms_alarm", {**asked, **more})


def flow_log(lab: Lab, **more: Any) -> Resource:
    asked = {
        "resource_type": "VPC",
        "resource_id": lab.vpc.id,
        "traffic_type": "All",
        "project_name": "shop-logs",
        "log_store_name": "flows",
    }
    return lab.store.create("vpc_flow_log", {**asked, **more})


def test_an_alarm_is_quiet_and_on(lab: Lab) -> None:
    made = alarm(lab)
    assert (made["status"], made["enabled"], made["silence_time"]) == ("OK", True, 86400)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_a_metric_is_summed_up_in_its_one_way(lab: Lab, metric: Metric) -> None:
    told = {"comparison_operator": ">", "threshold": "1", "times": 1}
    asked = {"project": metric.namespace, "metric": metric.name}
    alarm(lab, **asked, escalations_warn={**told, "statistics": metric.statistics})
    with refused("ParameterInvalid"):
        alarm(lab, **asked, escalations_warn={**told, "statistics": "Maximum"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": 90},
        {"contact_groups": []},
        {"metric_dimensions": "[]"},
        {"metric_dimensions": "the gateway"},
        {"escalations_warn": None},
        {"escalations_warn": {"statistics": "Value", "threshold": "many"}},
    ],
    ids=str,
)
def test_an_alarm_that_means_nothing_is_refused(lab: Lab, wrong: dict[str, Any]) -> None:
    with refused("ParameterInvalid"):
        alarm(lab, **wrong)


def test_a_change_is_judged_as_a_new_one_is(lab: Lab) -> None:
    made = alarm(lab)
    with refused("ParameterInvalid"):
        lab.store.update("cms_alarm", made.id, {"period": 61})
    assert lab.store.update("cms_alarm", made.id, {"period": 120})["period"] == 120


def test_a_flow_log_is_of_something_that_is_there_and_written_once_into_a_store(lab: Lab) -> None:
    made = flow_log(lab)
    assert (made["status"], made["aggregation_interval"]) == ("Active", "10")
    assert made["flow_log_id"] == made.id
    with refused("OperationFailed.Duplicated"):
        flow_log(lab)
    flow_log(lab, log_store_name="others")
    flow_log(lab, resource_type="VSwitch", resource_id=lab.vswitch.id)
    with refused("InvalidVSwitchId.NotFound"):
        flow_log(lab, resource_type="VSwitch", resource_id=lab.vpc.id)
    with refused("InvalidAggregationInterval"):
        lab.store.update("vpc_flow_log", made.id, {"aggregation_interval": "2"})


def test_a_region_has_ten_flow_logs_unless_more_were_granted(lab: Lab) -> None:
    for number in range(10):
        flow_log(lab, log_store_name=f"store{number}")
    with refused("QuotaExceeded.FlowLog"):
        flow_log(lab)
