"""`Alarm`: tells a contact group when a metric goes over a threshold, or under it.

Owns the rule in CloudMonitor. Doesn't own contacts and contact groups, who are the account's, nor
what is watched. A rule tells at one level; another level is another rule, since the provider keeps
the old level's threshold beside the new one.

Source: CloudMonitor, "PutResourceMetricRule"; the seed document on API Gateway best practices,
chapter 4.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import cms

from .._component import Component
from .._options import child


class AlarmArgs(TypedDict):
    """Arguments of `Alarm`. Another metric means another rule."""

    alarm_name: pulumi.Input[str]
    """The rule's name."""

    namespace: pulumi.Input[str]
    """The service that is measured, such as acs_nat_gateway."""

    metric: pulumi.Input[str]
    """The metric, such as SessionActiveConnection."""

    statistics: pulumi.Input[str]
    """How it is summed up; each metric has its own way."""

    resources: Sequence[Mapping[str, pulumi.Input[str]]]
    """What is watched: of each thing, its dimensions (`{"instanceId": …}`)."""

    comparison: str
    """On which side of the threshold it is told: ">" or "<"."""

    threshold: str
    """A number, in the metric's unit."""

    contact_groups: Sequence[pulumi.Input[str]]
    """Names of contact groups, which exist."""

    period: NotRequired[int]
    """Seconds over which it is summed up, whole minutes; 60 unless given."""

    times: NotRequired[int]
    """After how many periods in a row it is told; 3 unless given."""

    silence: NotRequired[int]
    """Seconds for which it isn't told again while it lasts, 300 to 86400; 86400 unless given."""

    level: NotRequired[str]
    """How loud it is: "critical", "warn" or "info"; warn unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Its tags."""


class Alarm(Component):
    """A rule of CloudMonitor. Child: `<name>-<level>`."""

    alarm_id: pulumi.Output[str]
    """Its id."""

    def __init__(
        self, name: str, args: AlarmArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the rule."""
        super().__init__(name, opts)
        level = args.get("level", "warn")
        escalation = {
            "statistics": args["statistics"],
            "comparison_operator": args["comparison"],
            "threshold": args["threshold"],
            "times": args.get("times", 3),
        }
        told: dict[str, Any] = {f"escalations_{level}": escalation}
        alarm = cms.Alarm(
            f"{name}-{level}",
            cms.AlarmArgs(
                name=args["alarm_name"],
                project=args["namespace"],
                metric=args["metric"],
                metric_dimensions=_dimensions(args["resources"]),
                contact_groups=args["contact_groups"],
                period=args.get("period", 60),
                silence_time=args.get("silence", 86400),
                tags=args.get("tags"),
                **told,
            ),
            opts=child(self),
        )
        self.alarm_id = alarm.id
        self.register_outputs({"alarmId": self.alarm_id})


def _dimensions(resources: Sequence[Mapping[str, pulumi.Input[str]]]) -> pulumi.Output[str]:
    every = [pulumi.Output.all(**one) for one in resources]
    return pulumi.Output.all(*every).apply(lambda known: json.dumps([*known], sort_keys=True))
