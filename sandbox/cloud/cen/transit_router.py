"""Enterprise Edition: transit routers, one a region and CEN, and their route tables."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent, Provider
from sandbox.cloud.core.name_checks import check_any_name, check_description

__all__ = ["ATTACHMENTS", "RouteTable", "TransitRouter", "attachment_of", "need_router"]


ATTACHMENTS = (
    "cen_transit_router_vpc_attachment",
    "cen_transit_router_vbr_attachment",
    "cen_transit_router_peer_attachment",
)
"""What a transit router's route tables know as connections."""


class TransitRouter(Kind):
    name = "cen_transit_router"
    prefix = "tr-"
    not_found = "InvalidTransitRouterId.NotFound"
    scope = "account"
    texts: ClassVar = {
        "transit_router_name": check_any_name,
        "transit_router_description": check_description,
    }
    parents = (Parent("cen_instance", "cen_id", "InvalidCenId.NotFound"),)
    dependents = tuple(
        Dependent(kind, by, "OperationFailed.DeleteTransitRouter", "{it.id} still has {user.id}.")
        for kind, by in (
            *(
                (kind, "transit_router_id")
                for kind in ("cen_transit_router_route_table", *ATTACHMENTS)
            ),
            ("cen_transit_router_peer_attachment", "peer_transit_router_id"),
        )
    )
    provider = Provider(id_front="cen_id")

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        cen = self.parent(session, wanted, "cen_id")
        # Attaching a network of the basic edition makes a router of that edition.
        basic = session.find("cen_instance_attachment", instance_id=cen.id)
        if session.find("cen_transit_router", cen_id=cen.id, region_id=session.region) or any(
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


class RouteTable(Kind):
    """A route table of one's own, beside the one that each transit router has."""

    name = "cen_transit_router_route_table"
    prefix = "vtb-"
    not_found = "InvalidTransitRouterRouteTableId.NotFound"
    scope = "account"
    texts: ClassVar = {
        "transit_router_route_table_name": check_any_name,
        "transit_router_route_table_description": check_description,
    }
    parents = (Parent("cen_transit_router", "transit_router_id"),)
    dependents = tuple(
        Dependent(
            f"cen_transit_router_route_{kind}",
            "transit_router_route_table_id",
            f"OperationFailed.DeleteRouteTableWith{word}",
            "{it.id} still has {user.id}.",
        )
        for kind, word in (
            ("table_association", "Association"),
            ("table_propagation", "Propagation"),
            ("entry", "RouteEntry"),
        )
    )
    provider = Provider(id_front="transit_router_id")

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "status": "Active",
            "transit_router_route_table_description": "",
            "transit_router_route_table_id": making.id,
            "transit_router_route_table_type": "Custom",
            **wanted,
        }


def need_router(session: Session, identity: object, cen: object = None) -> Resource:
    """A transit router of this region; `cen`, where it is stated, has to be its own."""
    router = session.need("cen_transit_router", identity)
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
