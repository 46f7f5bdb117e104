"""What a transit router's route tables know: whom they serve, whose routes they learn, and more."""

import ipaddress
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.cen.transit_router import attachment_of
from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Parent, Resource, Session
from sandbox.cloud.core.kind import Provider
from sandbox.cloud.core.name_checks import check_any_name, check_description

__all__ = ["RouterRouteEntry", "TableAssociation", "TablePropagation"]


_TABLE = Parent("cen_transit_router_route_table", "transit_router_route_table_id")


class _Tie(Kind):
    """An attachment and a route table, tied. Its id is made of both."""

    scope = "account"
    id_parts = ("transit_router_attachment_id", "transit_router_route_table_id")
    parents = (_TABLE,)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        _side(session, wanted["transit_router_attachment_id"], _TABLE.need(session, wanted))
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"status": "Active", **wanted}


class TableAssociation(_Tie):
    """Which table a connection's traffic is forwarded by."""

    name = "cen_transit_router_route_table_association"
    not_found = "InvalidAssociation.NotFound"  # ours

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        super().prepare(session, wanted)
        table = _TABLE.need(session, wanted)
        attachment = wanted["transit_router_attachment_id"]
        for other in session.find(
            "cen_transit_router_route_table_association", transit_router_attachment_id=attachment
        ):
            there = session.need(
                "cen_transit_router_route_table", other["transit_router_route_table_id"]
            )
            # A connection of two routers has a table on each.
            if there["transit_router_id"] == table["transit_router_id"]:
                raise CloudError(
                    "AssociationExist.TransitRouterTable", f"{attachment} is served by {there.id}."
                )
        return {}


class TablePropagation(_Tie):
    """Which table learns a connection's routes."""

    name = "cen_transit_router_route_table_propagation"
    not_found = "InvalidPropagation.NotFound"  # ours
    # The code is that of a table or an attachment that can't learn.
    taken = ("OperationUnsupported.EnablePropagation", "{same.id} is there already.")


class RouterRouteEntry(Kind):
    """A route that nobody has to announce: to a cloud service behind a VPC, or to nowhere."""

    name = "cen_transit_router_route_entry"
    prefix = "rte-"
    not_found = "IllegalParam.TransitRouterRouteEntryId"
    scope = "account"
    texts: ClassVar = {
        "transit_router_route_entry_name": check_any_name,
        "transit_router_route_entry_description": check_description,
    }
    parents = (_TABLE,)
    provider = Provider(id_front="transit_router_route_table_id")

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        table = _TABLE.need(session, wanted)
        text = wanted["transit_router_route_entry_destination_cidr_block"]
        try:
            block = str(ipaddress.IPv4Network(str(text)))
        except ValueError:
            raise CloudError(
                "IllegalParam.TransitRouterDestinationCidrBlock", f"{text!r} is no network."
            ) from None
        for other in session.find(
            "cen_transit_router_route_entry", transit_router_route_table_id=table.id
        ):
            if other["transit_router_route_entry_destination_cidr_block"] == block:
                raise CloudError(
                    "OperationFailed.CreateRouteEntryWithSameDestinationCidrBlock",
                    f"{other.id} of {table.id} leads to {block} already.",
                )
        hop = wanted.get("transit_router_route_entry_next_hop_id")
        if wanted["transit_router_route_entry_next_hop_type"] == "BlackHole":
            if hop:
                raise CloudError(
                    "ParamExclusive.NextHopTypeBlackHoleAndNextHopId", "Nowhere has no id."
                )
        elif not hop:
            raise CloudError(
                "MissingParam.TransitRouterRouteEntryNextHopId", "A route needs its next hop."
            )
        else:
            _side(session, hop, table, "InvalidTransitRouterRouteEntryNextHopId.NotFound")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"status": "Active", "transit_router_route_entry_id": making.id, **wanted}


def _side(
    session: Session,
    identity: object,
    table: Resource,
    missing: str = "InvalidTransitRouterAttachmentId.NotFound",
) -> None:
    """Refuse an attachment that isn't one of the table's own router."""
    attachment = attachment_of(session, identity)
    if attachment is None:
        raise CloudError(missing, f"There is no attachment {identity}.")
    router = session.need("cen_transit_router", table["transit_router_id"])
    if router.id not in {attachment["transit_router_id"], attachment["peer_transit_router_id"]}:
        raise CloudError(
            "InvalidParameter.TransitRouterRouteTableId",
            f"{table.id} belongs to {router.id}, {attachment.id} doesn't.",
        )
