"""CloudMonitor: alarms on metrics. Nothing is measured here, so none of them ever goes off."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from typing_extensions import override

from facts.metrics import BY_NAME
from sandbox.cloud.core import Attributes, CloudError, Kind, Resource, Session

__all__ = ["KINDS", "Alarm"]

_INVALID = "ParameterInvalid"
_LEVELS = ("escalations_critical", "escalations_warn", "escalations_info")
_WITHOUT_RESOURCES = "acs_prometheus"
_MINUTE = 60


class Alarm(Kind):
    """A rule. Contact groups aren't looked up: the account's contacts aren't here."""

    name = "cms_alarm"
    # The provider makes ids up by itself.
    prefix = "terraform-"
    not_found = "ResourceNotFound"
    # Whoever calls the cloud itself says the id, too.
    id_parts = ("rule_id",)
    fills: ClassVar = {
        "dimensions": {},
        "effective_interval": "00:00-23:59",
        "enabled": True,
        "metric_dimensions": "[]",
        "period": 300,
        "prometheus": [],
        "silence_time": 86400,
        "status": "OK",
        "targets": [],
    }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        if int(asked.get("period") or _MINUTE) % _MINUTE:
            raise CloudError(_INVALID, f"The period {asked['period']} isn't in whole minutes.")
        if not asked.get("contact_groups"):
            raise CloudError(_INVALID, "An alarm without contact groups tells nobody.")
        if asked.get("project") != _WITHOUT_RESOURCES:
            _check_resources(asked)
        if asked.get("composite_expression") or asked.get("prometheus"):
            return
        stated: list[Mapping[str, Any]] = [asked[one] for one in _LEVELS if asked.get(one)]
        if not stated:
            raise CloudError(_INVALID, "An alarm needs a threshold at one of its levels.")
        for one in stated:
            _check_escalation(asked, one)


KINDS = (Alarm(),)


def _check_resources(asked: Attributes) -> None:
    try:
        resources = json.loads(str(asked.get("metric_dimensions") or "[]"))
    except ValueError:
        raise CloudError(_INVALID, "The dimensions aren't JSON.") from None
    if not (resources or asked.get("dimensions")):
        raise CloudError(_INVALID, "An alarm needs what it watches.")


def _check_escalation(asked: Attributes, escalation: Mapping[str, Any]) -> None:
    metric = BY_NAME.get((str(asked.get("project")), str(asked.get("metric"))))
    if metric is not None and escalation.get("statistics") != metric.statistics:
        raise CloudError(
            _INVALID, f"{metric.name} is summed up by {metric.statistics} and in no other way."
        )
    try:
        float(str(escalation.get("threshold")))
    except ValueError:
        raise CloudError(
            _INVALID, f"The threshold {escalation.get('threshold')} is no number."
        ) from None
