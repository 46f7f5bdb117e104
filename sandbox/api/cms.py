"""CMS (CloudMonitor), version 2019-01-01: alarms on metrics.

A caller says a rule's id and all of the rule; putting the same id again replaces it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from facts.contract import contract_of_kind
from sandbox.api.actions import (
    ID,
    LEFT_OUT,
    Action,
    Call,
    Describe,
    Field,
    Own,
    Product,
    Subject,
    tags_of,
)
from sandbox.api.refusals import invalid
from sandbox.api.requests import Said
from sandbox.cloud import KINDS, Attributes, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.core.calls import Operation
from sandbox.cloud.core.name_checks import is_number

__all__ = ["PRODUCT"]

_RULE: Final = Subject(
    "cms_alarm",
    ("RuleId",),
    {"MetricName": "metric", "Namespace": "project", "RuleName": "name"},
)
_RULES: Final = Subject(_RULE.kind, ("RuleIds",), _RULE.names)
_DONE: Final[Mapping[str, object]] = {"Code": "200", "Success": True}

_LEVELS: Final = {
    "Critical": "escalations_critical",
    "Warn": "escalations_warn",
    "Info": "escalations_info",
}
_COMPARISONS: Final = {
    "GreaterThanOrEqualToThreshold": ">=",
    "GreaterThanThreshold": ">",
    "LessThanOrEqualToThreshold": "<=",
    "LessThanThreshold": "<",
    "NotEqualToThreshold": "!=",
    "EqualToThreshold": "==",
}
_IN_WORDS: Final = {sign: words for words, sign in _COMPARISONS.items()}
_PLAIN: Final = (
    *("EffectiveInterval", "MetricName", "Namespace", "Period", "RuleName", "SilenceTime"),
    "Webhook",
)
_MOST_RULES: Final = 100


# --- what is stated -------------------------------------------------------------------------------


def _stated(said: Said) -> Attributes:
    """All of a rule: what isn't said is as in a new one."""
    names = (*map(_RULE.attribute, _PLAIN), *_LEVELS.values(), "metric_dimensions", "tags")
    fills = KINDS[_RULE.kind].fills
    return {
        **{name: fills.get(name) for name in (*names, "dimensions")},
        **_RULE.stated(said, _PLAIN),
        **_levels(said),
        "contact_groups": [one for one in said.text("ContactGroups").split(",") if one],
        "metric_dimensions": said.text("Resources") or "[]",
        "tags": said.tags("Labels") or None,
    }


def _levels(said: Said) -> Attributes:
    found: Attributes = {}
    for level, attribute in _LEVELS.items():
        front = f"Escalations.{level}"
        if not said.text(f"{front}.Threshold"):
            continue
        comparison, times = said.text(f"{front}.ComparisonOperator"), said.text(f"{front}.Times")
        sign = _COMPARISONS.get(comparison, comparison)
        known = contract_of_kind(_RULE.kind).fields[attribute].objects or {}
        if sign not in known["comparison_operator"].one_of:
            raise invalid(f"{front}.ComparisonOperator", f"{comparison!r} is no comparison")
        if not is_number(times):
            raise invalid(f"{front}.Times", f"{times!r} isn't a number")
        found[attribute] = {
            "comparison_operator": sign,
            "statistics": said.text(f"{front}.Statistics"),
            "threshold": said.text(f"{front}.Threshold"),
            "times": int(times),
        }
    return found


def _put(call: Call) -> dict[str, Any]:
    identity, stated = call.said.text("RuleId"), _stated(call.said)
    if call.store.read(_RULE.kind, identity, region=call.region):
        call.store.update(_RULE.kind, identity, stated, region=call.region)
    else:
        call.store.create(_RULE.kind, {"rule_id": identity, **stated}, region=call.region)
    return dict(_DONE)


def _each(
    operation: Operation, change: Callable[[Session, Resource], object], parameter: str = "RuleId"
) -> Callable[[Call], dict[str, Any]]:
    """Do something with each rule that a parameter lists; those that aren't there don't matter."""

    def do(call: Call) -> dict[str, Any]:
        ids = call.said.values(parameter)
        if len(ids) > _MOST_RULES:
            raise invalid(parameter, f"{len(ids)} are more than {_MOST_RULES}")

        def act(session: Session) -> None:
            for one in ids:
                if found := session.get(_RULE.kind, one):
                    change(session, found)

        call.store.together(operation, _RULE.kind, act, region=call.region)
        return dict(_DONE)

    return do


def _switch(*, on: bool) -> Callable[[Session, Resource], object]:
    rules = KINDS[_RULE.kind]
    return lambda session, rule: rules.update(session, rule, {"enabled": on})


def _remove(session: Session, rule: Resource) -> None:
    KINDS[_RULE.kind].delete(session, rule, force=False)


_TARGET: Final = {"arn": "Arn", "json_params": "JsonParams", "level": "Level", "target_id": "Id"}


def _put_targets(call: Call) -> dict[str, Any]:
    targets = [
        {name: one[key] for name, key in _TARGET.items() if key in one}
        for one in call.said.listed("Targets")
    ]
    identity = call.said.text("RuleId")
    call.store.update(_RULE.kind, identity, {"targets": targets}, region=call.region)
    return dict(_DONE)


def _targets(call: Call) -> dict[str, Any]:
    identity = call.said.text("RuleId")
    rule = call.store.ask(_RULE.kind, lambda it: it.need(_RULE.kind, identity), region=call.region)
    held: list[Mapping[str, object]] = rule["targets"] or []
    told = [{key: one[name] for name, key in _TARGET.items() if name in one} for one in held]
    return {**_DONE, "Targets": {"Target": told}}


# --- what is told ---------------------------------------------------------------------------------


def _escalations(rule: Resource) -> object:
    told: dict[str, object] = {}
    for level, attribute in _LEVELS.items():
        if held := rule[attribute]:
            sign = str(held.get("comparison_operator") or ">")
            told[level] = {
                "ComparisonOperator": _IN_WORDS.get(sign, sign),
                "Statistics": str(held.get("statistics") or "Average"),
                "Threshold": str(held.get("threshold") or ""),
                "Times": int(held.get("times") or 3),
            }
    return told


def _resources(rule: Resource) -> object:
    stated: Mapping[str, str] = rule["dimensions"] or {}
    if stated:
        each = [{name: one} for name, ones in stated.items() for one in ones.split(",")]
        return json.dumps(each, separators=(",", ":"))
    return rule.text("metric_dimensions")


def _labels(rule: Resource) -> object:
    held = tags_of(rule)
    if not held:
        return LEFT_OUT
    return {"Labels": [{"Key": name, "Value": value} for name, value in held.items()]}


_FIELDS: Mapping[str, Field] = {
    "RuleId": ID,
    "RuleName": "name",
    "AlertState": "status",
    "ContactGroups": lambda rule: ",".join(rule["contact_groups"] or ()),
    "EffectiveInterval": "effective_interval",
    "EnableState": "enabled",
    "Escalations": _escalations,
    "Labels": _labels,
    "MetricName": "metric",
    "Namespace": "project",
    "Period": lambda rule: rule.text("period"),
    "Resources": _resources,
    "SilenceTime": "silence_time",
    "Webhook": "webhook",
}

_TABLE: tuple[Action, ...] = (
    Own(
        name="PutResourceMetricRule",
        subject=_RULE,
        needs=("ContactGroups", "MetricName", "Namespace", "RuleId", "RuleName"),
        takes=(
            *("EffectiveInterval", "Escalations", "Labels", "Period", "Resources"),
            *("SilenceTime", "Webhook"),
        ),
        do=_put,
    ),
    Describe(
        name="DescribeMetricRuleList",
        subject=_RULES,
        fields=_FIELDS,
        inside=("Alarms", "Alarm"),
        filters={
            name: name
            for name in ("AlertState", "EnableState", "MetricName", "Namespace", "RuleName")
        },
        parts=("RuleName",),
        page="Page",
        tells=("Total",),
        counts=str,
        most=100,
    ),
    Own(
        name="EnableMetricRules",
        subject=_RULE,
        needs=("RuleId",),
        do=_each("update", _switch(on=True)),
    ),
    Own(
        name="DisableMetricRules",
        subject=_RULE,
        needs=("RuleId",),
        do=_each("update", _switch(on=False)),
    ),
    Own(
        name="DeleteMetricRules",
        subject=_RULE,
        needs=("Id",),
        do=_each("delete", _remove, parameter="Id"),
    ),
    Own(
        name="PutMetricRuleTargets",
        subject=_RULE,
        needs=("RuleId",),
        takes=("Targets",),
        do=_put_targets,
    ),
    Own(name="DescribeMetricRuleTargets", subject=_RULE, needs=("RuleId",), do=_targets),
)

PRODUCT: Final = Product("cms", "2019-01-01", _TABLE)
