"""Flow logs: what passes a network, a vSwitch or an interface, written to a log store."""

from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Session, check_description
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import ID, REGION, TIME, Parent, Quota
from sandbox.cloud.core.name_checks import check_any_name

__all__ = ["FlowLog"]

_BY = "resource_id"
_LOGGED: Mapping[str, Parent] = {
    "VPC": Parent("vpc", _BY),
    "VSwitch": Parent("vswitch", _BY),
    "NetworkInterface": Parent("ecs_network_interface", _BY),
}
_INTERVALS = ("1", "5", "10")


class FlowLog(Kind):
    """The project and the store in it aren't looked up: they aren't here."""

    name = "vpc_flow_log"
    prefix = "fl-"
    not_found = "InvalidFlowLog.NotFound"
    texts: ClassVar = {"flow_log_name": check_any_name, "description": check_description}
    quotas = (Quota("flow_logs_per_region", "QuotaExceeded.FlowLog"),)
    indexed = (_BY,)
    fills: ClassVar = {
        "aggregation_interval": "10",
        "business_status": "Normal",
        "create_time": TIME,
        "flow_log_id": ID,
        "ip_version": "IPv4",
        "region_id": REGION,
        "resource_group_id": RESOURCE_GROUP,
        "status": "Active",
        "traffic_path": ["all"],
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        _LOGGED[str(wanted["resource_type"])].need(session, wanted)
        same = {name: wanted.get(name) for name in (_BY, "project_name", "log_store_name")}
        if found := session.find(self.name, **same):  # the code is ours
            raise CloudError("OperationFailed.Duplicated", f"{found[0].id} writes that already.")

    @override
    def check(self, session: Session, asked: Attributes, own: object) -> None:
        interval = asked.get("aggregation_interval", "10")
        if interval not in _INTERVALS:
            raise CloudError("InvalidAggregationInterval", f"{interval} isn't 1, 5 or 10.")
