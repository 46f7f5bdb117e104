"""What a transit router's route tables know: whom they serve, whose routes they learn, and more."""

import ipaddress

from typing_extensions import override

from sandbox.cloud.cen.names import (
    ASSOCIATION,
    PROPAGATION,
    ROUTER,
    ROUTER_ENTRY,
    ROUTER_MISSING,
    TABLE,
    TABLE_MISSING,
)
from sandbox.cloud.cen.transit_router import attachment_of
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name

__all__ = ["RouterRouteEntry", "TableAssociation", "TablePropagation"]


class _Tie(Kind):
    """An attachment and a route table, tied. Its id is made of both."""

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        table = wanted["transit_router_route_table_id"]
        return f"{wanted['transit_router_attachment_id']}:{table}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        _side(session, wanted["transit_router_attachment_id"], _table(session, wanted))
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"status": "Active", **wanted}


class TableAssociation(_Tie):
    """Which table a connection's traffic is forwarded by."""

    name = ASSOCIATION
    not_found = "InvalidAssociation.NotFound"  # ours

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        super().prepare(session, wanted)
        table = _table(session, wanted)
        attachment = wanted["transit_router_attachment_id"]
        for other in session.sift(ASSOCIATION, transit_router_attachment_id=attachment):
            there = session.need(TABLE, other["transit_router_route_table_id"], TABLE_MISSING)
            # A connection of two routers has a table on each.
            if there["transit_router_id"] == table["transit_router_id"]:
                raise CloudError(
                    "AssociationExist.TransitRouterTable", f"{attachment} is served by {there.id}."
                )
        return {}


class TablePropagation(_Tie):
    """Which table learns a connection's routes."""

    name = PROPAGATION
    not_found = "InvalidPropagation.NotFound"  # ours

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        super().prepare(session, wanted)
        if same := session.get(PROPAGATION, self.identity(session, wanted)):
            raise CloudError(  # The code is that of a table or an attachment that can't learn.
                "OperationUnsupported.EnablePropagation", f"{same.id} is there already."
            )
        return {}


class RouterRouteEntry(Kind):
    """A route that nobody has to announce: to a cloud service behind a VPC, or to nowhere."""

    name = ROUTER_ENTRY
    prefix = "rte-"
    not_found = "IllegalParam.TransitRouterRouteEntryId"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        table = _table(session, wanted)
        _check_texts(wanted)
        text = wanted["transit_router_route_entry_destination_cidr_block"]
        try:
            block = str(ipaddress.IPv4Network(str(text)))
        except ValueError:
            raise CloudError(
                "IllegalParam.TransitRouterDestinationCidrBlock", f"{text!r} is no network."
            ) from None
        for other in session.sift(ROUTER_ENTRY, transit_router_route_table_id=table.id):
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

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_texts(changes)


def _check_texts(asked: Attributes) -> None:
    check_name(asked.get("transit_router_route_entry_name"), any_start=True, shortest=1)
    check_description(asked.get("transit_router_route_entry_description"))


def _table(session: Session, wanted: Attributes) -> Resource:
    return session.need(TABLE, wanted["transit_router_route_table_id"], TABLE_MISSING)


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
    router = session.need(ROUTER, table["transit_router_id"], ROUTER_MISSING)
    if router.id not in {attachment["transit_router_id"], attachment["peer_transit_router_id"]}:
        raise CloudError(
            "InvalidParameter.TransitRouterRouteTableId",
            f"{table.id} belongs to {router.id}, {attachment.id} doesn't.",
        )
