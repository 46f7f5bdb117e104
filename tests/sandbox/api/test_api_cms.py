"""CloudMonitor's actions on the simulated cloud: an alarm's life, and lists of alarms."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.api import cms
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import Api, lab_api, served
from tests.sandbox.api.official import models_of

RULE = "terraform-20261130120000000000000001"
STATED = {
    "RuleId": RULE,
    "RuleName": "busy",
    "Namespace": "acs_nat_gateway",
    "MetricName": "SessionActiveConnection",
    "ContactGroups": "ops,night",
    "Resources": json.dumps([{"instanceId": "ngw-1"}]),
    "EffectiveInterval": "00:00-23:59",
    "Period": "60",
    "SilenceTime": "3600",
    "Escalations.Warn.ComparisonOperator": "GreaterThanThreshold",
    "Escalations.Warn.Statistics": "Value",
    "Escalations.Warn.Threshold": "9000",
    "Escalations.Warn.Times": "3",
    "Labels.1.Key": "team",
    "Labels.1.Value": "shop",
}


@pytest.fixture
def api() -> Api:
    return lab_api()[1].of(cms.PRODUCT)


def alarms(api: Api, **filters: str) -> list[dict[str, Any]]:
    return api.call("DescribeMetricRuleList", **filters)["Alarms"]["Alarm"]


def test_an_alarm_lives_as_the_provider_leads_it(api: Api) -> None:
    api.call("PutResourceMetricRule", **STATED)
    api.call("EnableMetricRules", **{"RuleId.1": RULE})
    (told,) = alarms(api, RuleIds=RULE)
    assert (told["RuleName"], told["EnableState"], told["AlertState"]) == ("busy", True, "OK")
    assert (told["ContactGroups"], told["Period"], told["SilenceTime"]) == ("ops,night", "60", 3600)
    assert told["Escalations"] == {
        "Warn": {
            "ComparisonOperator": "GreaterThanThreshold",
            "Statistics": "Value",
            "Threshold": "9000",
            "Times": 3,
        }
    }
    assert told["Labels"] == {"Labels": [{"Key": "team", "Value": "shop"}]}
    assert json.loads(told["Resources"]) == [{"instanceId": "ngw-1"}]
    assert api.call("DescribeMetricRuleTargets", RuleId=RULE)["Targets"]["Target"] == []
    api.call("DisableMetricRules", **{"RuleId.1": RULE})
    assert alarms(api, RuleIds=RULE)[0]["EnableState"] is False
    api.call("DeleteMetricRules", **{"Id.1": RULE})
    assert alarms(api, RuleIds=RULE) == []
    assert api.refused("DescribeMetricRuleTargets", RuleId=RULE)[:2] == (404, "ResourceNotFound")


def test_putting_a_rule_again_replaces_all_of_it(api: Api) -> None:
    api.call("PutResourceMetricRule", **STATED)
    less = {name: value for name, value in STATED.items() if "Warn" not in name}
    for name in ("Labels.1.Key", "Labels.1.Value", "Period", "SilenceTime"):
        del less[name]
    other = {
        "Escalations.Info.ComparisonOperator": "<",
        "Escalations.Info.Statistics": "Value",
        "Escalations.Info.Threshold": "1",
        "Escalations.Info.Times": "2",
    }
    api.call("PutResourceMetricRule", **less, **other)
    (told,) = alarms(api)
    assert told["Escalations"].keys() == {"Info"}
    assert told["Escalations"]["Info"]["ComparisonOperator"] == "LessThanThreshold"
    assert (told["Period"], told["SilenceTime"]) == ("300", 86400)
    assert "Labels" not in told


def test_what_is_put_here_is_what_the_provider_finds(api: Api) -> None:
    api.call("PutResourceMetricRule", **STATED)
    found = api.store.look("cms_alarm", RULE)
    assert found is not None
    assert found["project"] == "acs_nat_gateway"
    assert found["contact_groups"] == ["ops", "night"]
    assert found["escalations_warn"] == {
        "comparison_operator": ">",
        "statistics": "Value",
        "threshold": "9000",
        "times": 3,
    }
    assert found["tags"] == {"team": "shop"}


def test_an_alarms_targets_are_told_as_they_were_put(api: Api) -> None:
    api.call("PutResourceMetricRule", **STATED)
    target = {"Id": "1", "Arn": "acs:mns:cn-shanghai:1:/queues/q/messages", "Level": "WARN"}
    stated = {f"Targets.1.{name}": value for name, value in target.items()}
    api.call("PutMetricRuleTargets", RuleId=RULE, **stated)
    assert api.call("DescribeMetricRuleTargets", RuleId=RULE)["Targets"]["Target"] == [target]
    api.call("PutMetricRuleTargets", RuleId=RULE)
    assert api.call("DescribeMetricRuleTargets", RuleId=RULE)["Targets"]["Target"] == []


@pytest.mark.parametrize(
    ("parameter", "text", "code"),
    [
        ("ContactGroups", ",", "ParameterInvalid"),
        ("Resources", "[", "ParameterInvalid"),
        ("Escalations.Warn.Threshold", "", "ParameterInvalid"),
        ("Escalations.Warn.Statistics", "Sum", "ParameterInvalid"),
        ("Escalations.Warn.ComparisonOperator", "about", "InvalidParameter"),
        ("Escalations.Warn.Times", "often", "InvalidParameter"),
        ("SilenceTime", "soon", "InvalidParameter"),
        ("RuleName", "", "MissingRuleName"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(api: Api, parameter: str, text: str, code: str) -> None:
    assert api.refused("PutResourceMetricRule", **{**STATED, parameter: text})[1] == code
    assert alarms(api) == []


def test_alarms_are_found_by_what_they_are_and_come_in_pages(api: Api) -> None:
    for number in range(12):
        named = {"RuleId": f"rule-{number}", "RuleName": f"busy-{number}"}
        api.call("PutResourceMetricRule", **{**STATED, **named})
    api.call("DisableMetricRules", **{"RuleId.1": "rule-3", "RuleId.2": "rule-4"})

    def found(**filters: str) -> list[str]:
        return [one["RuleName"] for one in alarms(api, **filters)]

    assert found(Page="2") == ["busy-10", "busy-11"]
    assert api.call("DescribeMetricRuleList")["Total"] == "12"
    assert found(RuleName="busy-1") == ["busy-1", "busy-10", "busy-11"]
    assert found(EnableState="false") == ["busy-3", "busy-4"]
    assert found(Namespace="acs_ecs_dashboard") == []
    assert found(RuleIds="rule-5,rule-7,none") == ["busy-5", "busy-7"]


def test_the_official_sdk_leads_an_alarm_through_its_whole_life(tmp_path: Path) -> None:
    models: Any = models_of(cms.PRODUCT)
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        sdk = cloud.official(cms.PRODUCT)
        level = models.PutResourceMetricRuleRequestEscalationsWarn(
            comparison_operator="GreaterThanThreshold", statistics="Value", threshold="9", times=3
        )
        put = models.PutResourceMetricRuleRequest(
            rule_id=RULE,
            rule_name="busy",
            namespace="acs_nat_gateway",
            metric_name="SessionActiveConnection",
            contact_groups="ops",
            resources=STATED["Resources"],
            escalations=models.PutResourceMetricRuleRequestEscalations(warn=level),
            labels=[models.PutResourceMetricRuleRequestLabels(key="team", value="shop")],
        )
        assert sdk.put_resource_metric_rule(put).body.success
        (told,) = sdk.describe_metric_rule_list(
            models.DescribeMetricRuleListRequest(rule_ids=RULE)
        ).body.alarms.alarm
        assert (told.rule_name, told.escalations.warn.threshold) == ("busy", "9")
        assert told.labels.labels[0].key == "team"
        sdk.disable_metric_rules(models.DisableMetricRulesRequest(rule_id=[RULE]))
        sdk.delete_metric_rules(models.DeleteMetricRulesRequest(id=[RULE]))
        assert cloud.store.all() == []
