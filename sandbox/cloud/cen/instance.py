"""The CEN itself: what VPCs and transit routers of all regions are attached to."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.cen.names import (
    ATTACHMENT,
    ATTACHMENTS,
    CEN,
    CEN_MISSING,
    PACKAGE_ATTACHMENT,
    ROUTER,
    TABLE,
)
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import RESOURCE_GROUP

__all__ = ["CenInstance"]


class CenInstance(Kind):
    name = CEN
    prefix = "cen-"
    not_found = CEN_MISSING
    twins: ClassVar = {"cen_instance_name": "name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        _check_texts(wanted)
        session.check_quota("cens", session.count(CEN), "QuotaExceeded.CenCountExceeded")
        return {}

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
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_texts(changes)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        routers = [one.id for one in session.sift(ROUTER, cen_id=resource.id)]
        for router in routers:
            if session.sift(TABLE, transit_router_id=router):
                raise CloudError(
                    "OperationFailed.DeleteCenWithCustomRouteTable",
                    f"{router} of {resource.id} still has a route table of its own.",
                )
        attached = [
            *session.find(ATTACHMENT, instance_id=resource.id),
            *session.find(PACKAGE_ATTACHMENT, instance_id=resource.id),
            *(one for kind in ATTACHMENTS for one in session.sift(kind, cen_id=resource.id)),
        ]
        if attached:
            raise CloudError(  # The rule is published, the code is ours.
                "OperationFailed.DeleteCenWithAttachment",
                f"{attached[0].id} is still attached to {resource.id}.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        # A transit router that nothing is attached to goes with it.
        for router in session.sift(ROUTER, cen_id=resource.id):
            session.remove(router)


def _check_texts(asked: Attributes) -> None:
    check_name(asked.get("cen_instance_name") or asked.get("name"), any_start=True, shortest=1)
    check_description(asked.get("description"))
