"""The sections `alarms` and `flowLogs`: who is told, and what is written down of what passes."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from facts import kinds
from facts.metrics import METRICS, Metric, Watch
from stack.arguments import TAGS, Made, resource
from stack.model import Model, Name


class AlarmLevel(StrEnum):
    """How loud an alarm is: whom CloudMonitor calls, writes to, or only mails."""

    CRITICAL = "critical"
    WARN = "warn"
    INFO = "info"


class Gateways(StrEnum):
    """The sections that have a NAT gateway, and a bandwidth package."""

    SHARED_BANDWIDTH = "sharedBandwidth"
    UNIFIED_EGRESS = "unifiedEgress"


ContactGroup = Annotated[str, Field(min_length=1, pattern=r"^[^,]+$")]


class AlarmSettings(Model):
    """An alarm: a metric, from which value on it is told, and to whom."""

    watch: Watch = Field(strict=False, examples=["apiServerErrors"])
    """The metric; docs/alarms.md says of each what it is and in which unit."""

    above: float | None = Field(default=None, examples=[5])
    """Tell when it is more than this; give this or `below`."""

    below: float | None = Field(default=None, examples=[1])
    """Tell when it is less than this."""

    contact_groups: list[ContactGroup] = Field(min_length=1, examples=[["ops"]])
    """Names of contact groups of the account, which exist."""

    apis: Annotated[list[Name], Field(min_length=1)] | None = Field(
        default=None, examples=[["items"]]
    )
    """Of an API's metric: the names of the APIs; each is judged for itself. Every API unless given.
    """

    section: Gateways | None = Field(default=None, strict=False)
    """Of a gateway's or a package's metric: the section that has it, where both have one."""

    period: Annotated[int, Field(ge=60, multiple_of=60)] = 60
    """Seconds over which it is summed up: whole minutes."""

    times: Annotated[int, Field(ge=1)] = 3
    """After how many such periods in a row it is told."""

    silence: Annotated[int, Field(ge=300, le=86400)] = 86400
    """Seconds for which it isn't told again while it lasts: a day at most."""

    level: AlarmLevel = Field(default=AlarmLevel.WARN, strict=False)
    """`critical` also rings their phones, `warn` writes texts and mails, `info` only mails."""

    was: Name | None = None
    """What this entry was called before: the alarm is kept over the rename."""

    @property
    def metric(self) -> Metric:
        """What is watched, as CloudMonitor calls it."""
        return METRICS[self.watch]


class FlowLogSettings(Made):
    """A flow log: what passes a network or a vSwitch, written to Simple Log Service."""

    makes = resource(
        kinds.FLOW_LOG,
        "flowLogName resourceId resourceType",
        aggregationInterval="interval",
        logStoreName="store",
        projectName="project",
        tags=TAGS,
        trafficType="traffic",
    )

    project: str = Field(min_length=3, examples=["shop-logs"])
    """The log project, in the network's region, which exists."""

    store: str = Field(min_length=2, examples=["flows"])
    """The logstore in it."""

    vswitch: Name | None = Field(default=None, examples=["apps"])
    """The vSwitch whose interfaces are logged, a gateway's and those of servers alike."""

    network: Name | None = Field(default=None, examples=["functions"])
    """Of which of `networks` every interface is logged. Without this and `vswitch`: of `network`.
    """

    traffic: Literal["All", "Allow", "Drop"] = "All"
    """Everything, or what security groups and network ACLs let through, or what they drop."""

    interval: Literal[1, 5, 10] = 10
    """Minutes that an entry of the log sums up."""

    was: Name | None = None
    """What this entry was called before: the log is kept over the rename."""
