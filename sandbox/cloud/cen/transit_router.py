"""Enterprise Edition: transit routers, one a region and CEN, and their route tables."""

from typing_extensions import override

from sandbox.cloud.cen.names import (
    ASSOCIATION,
    ATTACHMENT,
    ATTACHMENTS,
    CEN,
    PEER,
    PROPAGATION,
    ROUTER,
    ROUTER_ENTRY,
    ROUTER_MISSING,
    TABLE,
    TABLE_MISSING,
)
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name

__all__ = ["RouteTable", "TransitRouter", "attachment_of", "need_router"]


class TransitRouter(Kind):
    name = ROUTER
    prefix = "tr-"
    not_found = ROUTER_MISSING

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        cen = session.need(CEN, wanted["cen_id"], "InvalidCenId.NotFound")
        _check_texts(wanted, "transit_router")
        # Attaching a network of the basic edition makes a router of that edition.
        basic = session.find(ATTACHMENT, instance_id=cen.id)
        if session.sift(ROUTER, cen_id=cen.id, region_id=session.region) or any(
            one["child_instance_region_id"] == session.region for one in basic
        ):
            raise CloudError(
                "InstanceExist.TransitRouterInstance",
                f"{cen.id} has a transit router in {session.region} already.",
            )
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "create_time": making.time,
            "region_id": making.region,
            "status": "Active",
            "support_multicast": False,
            "transit_router_id": making.id,
            "type": "Enterprise",
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_texts(changes, "transit_router")

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        held = [
            *session.sift(TABLE, transit_router_id=resource.id),
            *(
                one
                for kind in ATTACHMENTS
                for one in session.sift(kind, transit_router_id=resource.id)
            ),
            *session.sift(PEER, peer_transit_router_id=resource.id),
        ]
        if held:
            raise CloudError(
                "OperationFailed.DeleteTransitRouter", f"{resource.id} still has {held[0].id}."
            )


class RouteTable(Kind):
    """A route table of one's own, beside the one that each transit router has."""

    name = TABLE
    prefix = "vtb-"
    not_found = TABLE_MISSING

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        session.need(ROUTER, wanted["transit_router_id"], ROUTER_MISSING)
        _check_texts(wanted, "transit_router_route_table")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "status": "Active",
            "transit_router_route_table_description": "",
            "transit_router_route_table_id": making.id,
            "transit_router_route_table_type": "Custom",
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_texts(changes, "transit_router_route_table")

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        words = {
            ASSOCIATION: "Association",
            PROPAGATION: "Propagation",
            ROUTER_ENTRY: "RouteEntry",
        }
        for kind, word in words.items():
            if held := session.sift(kind, transit_router_route_table_id=resource.id):
                raise CloudError(
                    f"OperationFailed.DeleteRouteTableWith{word}",
                    f"{resource.id} still has {held[0].id}.",
                )


def _check_texts(asked: Attributes, front: str) -> None:
    check_name(asked.get(f"{front}_name"), any_start=True, shortest=1)
    check_description(asked.get(f"{front}_description"))


def need_router(session: Session, identity: object, cen: object = None) -> Resource:
    """A transit router of this region; `cen`, where it is stated, has to be its own."""
    router = session.need(ROUTER, identity, ROUTER_MISSING)
    if router["region_id"] != session.region:
        raise CloudError(
            "IllegalParam.TransitRouterRegionId",
            f"{router.id} is in {router['region_id']}, not in {session.region}.",
        )
    if cen and cen != router["cen_id"]:
        raise CloudError("InvalidCenId.NotFound", f"{router.id} belongs to {router['cen_id']}.")
    return router


def attachment_of(session: Session, identity: object) -> Resource | None:
    """A connection of a transit router, of whichever kind."""
    found = (session.get(kind, identity) for kind in ATTACHMENTS)
    return next((one for one in found if one is not None), None)
