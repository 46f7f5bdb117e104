"""The CEN itself: what VPCs and transit routers of all regions are attached to."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.cen.transit_router import ATTACHMENTS
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import Quota
from sandbox.cloud.core.name_checks import check_any_name, check_description

__all__ = ["CenInstance"]


class CenInstance(Kind):
    name = "cen_instance"
    prefix = "cen-"
    not_found = "ParameterCenInstanceId"
    scope = "account"
    twins: ClassVar = {"cen_instance_name": "name"}
    texts: ClassVar = {"cen_instance_name": check_any_name, "description": check_description}
    quotas = (Quota("cens", "QuotaExceeded.CenCountExceeded"),)
    dependents = (
        *(
            Dependent(
                kind,
                by,
                "OperationFailed.DeleteCenWithAttachment",  # The rule is published, the code ours.
                "{user.id} is still attached to {it.id}.",
            )
            for kind, by in (
                ("cen_instance_attachment", "instance_id"),
                ("cen_bandwidth_package_attachment", "instance_id"),
                *((kind, "cen_id") for kind in ATTACHMENTS),
            )
        ),
        # A transit router that nothing is attached to goes with it.
        Dependent("cen_transit_router", "cen_id", goes=True),
    )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "cen_instance_name": "",
            "create_time": making.time,
            # Ranges that are joined may overlap, but not be the same.
            "protection_level": "REDUCED",
            "resource_group_id": RESOURCE_GROUP,
            "status": "Active",
            **wanted,
        }

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        routers = [one.id for one in session.find("cen_transit_router", cen_id=resource.id)]
        for router in routers:
            if session.find("cen_transit_router_route_table", transit_router_id=router):
                raise CloudError(
                    "OperationFailed.DeleteCenWithCustomRouteTable",
                    f"{router} of {resource.id} still has a route table of its own.",
                )
        super().check_delete(session, resource, force=force)
