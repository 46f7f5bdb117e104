"""`FlowLog`: writes what passes a network, a vSwitch or an interface to Simple Log Service.

Owns the flow log. Doesn't own what is logged, nor the log project and the logstore. A network's or
a vSwitch's covers every interface in it, a NAT gateway's among them and those that come later.

Source: Virtual Private Cloud, "Flow logs".
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc

from .._component import Component
from .._options import child


class FlowLogArgs(TypedDict):
    """Arguments of `FlowLog`. The name, the interval and tags are updated in place."""

    resource_type: str
    """What kind of thing is logged: "VPC", "VSwitch" or "NetworkInterface"."""

    resource_id: pulumi.Input[str]
    """Its id."""

    sls_project: pulumi.Input[str]
    """The log project, in the same region."""

    sls_log_store: pulumi.Input[str]
    """The logstore in it."""

    log_name: NotRequired[pulumi.Input[str]]
    """Its name."""

    traffic: NotRequired[str]
    """Which part of it: "Allow", what is let through, or "Drop", what isn't; "All" unless given."""

    interval: NotRequired[int]
    """Minutes that an entry sums up: 1, 5 or 10; 10 unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Its tags."""


class FlowLog(Component):
    """A flow log. Child: `<name>-log`."""

    flow_log_id: pulumi.Output[str]
    """Its id."""

    def __init__(
        self, name: str, args: FlowLogArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the flow log."""
        super().__init__(name, opts)
        log = vpc.FlowLog(
            f"{name}-log",
            vpc.FlowLogArgs(
                flow_log_name=args.get("log_name"),
                resource_type=args["resource_type"],
                resource_id=args["resource_id"],
                traffic_type=args.get("traffic", "All"),
                project_name=args["sls_project"],
                log_store_name=args["sls_log_store"],
                aggregation_interval=str(args.get("interval", 10)),
                tags=args.get("tags"),
            ),
            # Nothing is logged twice into one store.
            opts=child(self, delete_before_replace=True),
        )
        self.flow_log_id = log.id
        self.register_outputs({"flowLogId": self.flow_log_id})
