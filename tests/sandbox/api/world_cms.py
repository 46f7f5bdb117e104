"""An account with an alarm, and parameters that are right for every action on it."""

import json

from sandbox.api import cms
from tests.sandbox.api.api_lab import lab_api
from tests.sandbox.api.world import World


def of_cms() -> World:
    lab, api = lab_api()
    watched = json.dumps([{"instanceId": lab.gateway.id}])
    threshold = {"comparison_operator": ">", "statistics": "Value", "threshold": "9", "times": 3}
    made = lab.store.create(
        "cms_alarm",
        {
            "name": "busy",
            "project": "acs_nat_gateway",
            "metric": "SessionActiveConnection",
            "metric_dimensions": watched,
            "contact_groups": ["ops"],
            "escalations_warn": threshold,
            "tags": {"team": "shop"},
        },
    )
    return World(
        api.of(cms.PRODUCT),
        {
            "ContactGroups": "ops",
            "Id.1": made.id,
            "EnableMetricRules RuleId.1": made.id,
            "DisableMetricRules RuleId.1": made.id,
            "MetricName": "SessionActiveConnection",
            "Namespace": "acs_nat_gateway",
            "PutResourceMetricRule Escalations.Info.Statistics": "Value",
            "PutResourceMetricRule Escalations.Info.Threshold": "5",
            "PutResourceMetricRule Escalations.Info.Times": "1",
            "PutResourceMetricRule Escalations.Info.ComparisonOperator": "LessThanThreshold",
            "PutResourceMetricRule Resources": watched,
            "RuleId": made.id,
            "RuleName": "idle",
        },
    )
