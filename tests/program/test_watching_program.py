"""Alarms and flow logs as the program registers them."""

import json
from typing import Any

from facts import kinds
from tests.stackfiles import Edit, dev_stack, settings_of
from tests.topologies.api_stacks import api_stack
from tests.topologies.cross_region import cross_stack
from tests.topologies.unified import beside, shared_stack
from topologies.recorder import RecordedResource, record

GROUPS = {"contactGroups": ["ops"]}


def common(**sections: dict[str, Any]) -> Edit:
    return lambda settings: settings.update(sections)


def registered(text: str, kind: str) -> dict[str, RecordedResource]:
    return {one.name: one for one in record(settings_of(text)) if one.type == kind}


def test_an_alarm_on_apis_watches_each_in_its_stage_and_region() -> None:
    failing = {"watch": "apiServerErrors", "above": 5, "period": 300, "silence": 3600, **GROUPS}
    text = api_stack(common(alarms={"failing": failing}))
    names = sorted(settings_of(text).sections["api-gateway"].model_dump()["apis"])
    (made,) = registered(text, kinds.ALARM).values()
    assert made.inputs["project"] == "acs_apigateway_dashboard"
    assert made.inputs["metric"] == "code5XX_stage"
    assert (made.inputs["period"], made.inputs["silenceTime"]) == (300, 3600)
    assert made.inputs["escalationsWarn"] == {
        "comparisonOperator": ">",
        "statistics": "Value",
        "threshold": "5",
        "times": 3,
    }
    assert json.loads(made.inputs["metricDimensions"]) == [
        {
            "region": "cn-shanghai",
            "apiUid": f"${{api-{name}-api.apiId}}",
            "apiStageName": "RELEASE",
        }
        for name in names
    ]


def test_an_alarm_on_one_api_watches_that_one() -> None:
    slow = {"watch": "apiLatency", "below": 0.5, "apis": ["order"], "level": "info", **GROUPS}
    made = registered(api_stack(common(alarms={"slow": slow})), kinds.ALARM)["alarm-slow-info"]
    (watched,) = json.loads(made.inputs["metricDimensions"])
    assert watched["apiUid"] == "${api-order-api.apiId}"
    told = made.inputs["escalationsInfo"]
    assert (told["comparisonOperator"], told["threshold"]) == ("<", "0.5")


def test_an_alarm_on_a_gateway_or_a_package_watches_that_of_its_section() -> None:
    busy = {"watch": "sessions", "above": 1_000_000_000, **GROUPS}
    entries = {
        "theirs": {**busy, "section": "unifiedEgress"},
        "ours": {**busy, "section": "sharedBandwidth"},
        "full": {"watch": "bandwidthOutUsed", "above": 90, **GROUPS},
    }
    made = registered(shared_stack(*beside(), common(alarms=entries)), kinds.ALARM)
    watched = {name: json.loads(one.inputs["metricDimensions"]) for name, one in made.items()}
    assert watched == {
        "alarm-theirs-warn": [{"instanceId": "${unified-gateway-nat.id}"}],
        "alarm-ours-warn": [{"instanceId": "${gateway-nat.id}"}],
        "alarm-full-warn": [{"instanceId": "${shared-bandwidth-package.id}"}],
    }
    assert made["alarm-ours-warn"].inputs["escalationsWarn"]["threshold"] == "1000000000"


def test_an_alarm_on_a_gateway_that_exists_watches_it_by_its_id() -> None:
    def edit(settings: dict[str, Any]) -> None:
        settings["sharedBandwidth"]["natGateway"] = {
            "id": "ngw-1",
            "forwardTableId": "ftb-1",
            "snatTableId": "stb-1",
        }
        settings["alarms"] = {"busy": {"watch": "sessions", "above": 1, **GROUPS}}

    (made,) = registered(dev_stack(edit), kinds.ALARM).values()
    assert json.loads(made.inputs["metricDimensions"]) == [{"instanceId": "ngw-1"}]


def test_a_flow_log_lies_in_the_region_of_what_it_logs() -> None:
    log = {"project": "shop-logs", "store": "flows"}
    text = cross_stack(common(flowLogs={"here": log, "there": {**log, "network": "far"}}))
    networks = settings_of(cross_stack()).common.networks
    far = next(name for name, one in networks.items() if one.region not in (None, "cn-shanghai"))
    made = registered(text.replace("network: far", f"network: {far}"), kinds.FLOW_LOG)
    assert made["flow-log-here-log"].inputs["resourceId"] == "${network-vpc.id}"
    there = made["flow-log-there-log"]
    assert there.inputs["resourceId"] == f"${{networks-{far}-vpc.id}}"
    assert there.provider != made["flow-log-here-log"].provider
