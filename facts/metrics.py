"""What CloudMonitor measures of the things that these topologies make, and by which names.

Source: CloudMonitor, "Appendix 1: Metrics", the tables of API Gateway, Internet Shared Bandwidth
and enhanced NAT gateways; each metric has one way of being summed up, and rules take no other
(PutResourceMetricRule, since 2024-08-15).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Measured(StrEnum):
    """What a metric is of."""

    API = "API"
    PACKAGE = "bandwidth package"
    GATEWAY = "NAT gateway"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    of: Measured
    name: str
    statistics: str
    unit: str

    @property
    def namespace(self) -> str:
        """What the provider calls the project."""
        return _NAMESPACES[self.of]


class Watch(StrEnum):
    """The metrics as stack files call them."""

    API_REQUESTS = "apiRequests"
    API_CLIENT_ERRORS = "apiClientErrors"
    API_SERVER_ERRORS = "apiServerErrors"
    API_LATENCY = "apiLatency"
    API_TRAFFIC_IN = "apiTrafficIn"
    API_TRAFFIC_OUT = "apiTrafficOut"
    BANDWIDTH_IN = "bandwidthIn"
    BANDWIDTH_OUT = "bandwidthOut"
    BANDWIDTH_OUT_USED = "bandwidthOutUsed"
    SESSIONS = "sessions"
    SESSIONS_USED = "sessionsUsed"
    SESSIONS_DROPPED = "sessionsDropped"


_NAMESPACES: Final[Mapping[Measured, str]] = {
    Measured.API: "acs_apigateway_dashboard",
    Measured.PACKAGE: "acs_bandwidth_package",
    Measured.GATEWAY: "acs_nat_gateway",
}
METRICS: Final[Mapping[Watch, Metric]] = {
    Watch.API_REQUESTS: Metric(Measured.API, "SumQPS_stage", "Count", "calls"),
    Watch.API_CLIENT_ERRORS: Metric(Measured.API, "code4XX_stage", "Value", "calls"),
    Watch.API_SERVER_ERRORS: Metric(Measured.API, "code5XX_stage", "Value", "calls"),
    Watch.API_LATENCY: Metric(Measured.API, "Latency_stage", "Average", "ms"),
    Watch.API_TRAFFIC_IN: Metric(Measured.API, "TrafficRX_stage", "Sum", "KB"),
    Watch.API_TRAFFIC_OUT: Metric(Measured.API, "TrafficTX_stage", "Sum", "KB"),
    Watch.BANDWIDTH_IN: Metric(Measured.PACKAGE, "net_rx.rate", "Value", "bit/s"),
    Watch.BANDWIDTH_OUT: Metric(Measured.PACKAGE, "net_tx.rate", "Value", "bit/s"),
    Watch.BANDWIDTH_OUT_USED: Metric(Measured.PACKAGE, "net_tx.ratePercent", "Value", "%"),
    Watch.SESSIONS: Metric(Measured.GATEWAY, "SessionActiveConnection", "Value", "sessions"),
    # "Lever" is the cloud's own spelling.
    Watch.SESSIONS_USED: Metric(
        Measured.GATEWAY, "SessionActiveConnectionWaterLever", "Value", "%"
    ),
    Watch.SESSIONS_DROPPED: Metric(
        Measured.GATEWAY, "SessionLimitDropConnection", "Value", "sessions a second"
    ),
}
BY_NAME: Final[Mapping[tuple[str, str], Metric]] = {
    (one.namespace, one.name): one for one in METRICS.values()
}
