"""The CEN itself, its transit routers, one a region, and what their route tables know.

VPCs and transit routers of all regions are attached to a CEN. A route table knows whom it serves,
whose routes it learns, and routes that nobody announces.
"""

import ipaddress
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import ID, REGION, TIME, Parent, Provider, Quota
from sandbox.cloud.core.name_checks import check_any_name, check_description, parsed

__all__ = [
    "ATTACHMENTS",
    "CenInstance",
    "RouteTable",
    "RouterRouteEntry",
    "TableAssociation",
    "TablePropagation",
    "TransitRouter",
    "attachment_of",
    "need_router",
]

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
    fills: ClassVar = {
        "create_time": TIME,
        "region_id": REGION,
        "status": "Active",
        "support_multicast": False,
        "transit_router_id": ID,
        "type": "Enterprise",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
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
    fills: ClassVar = {
        "status": "Active",
        "transit_router_route_table_description": "",
        "transit_router_route_table_id": ID,
        "transit_router_route_table_type": "Custom",
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
    fills: ClassVar = {
        "cen_instance_name": "",
        "create_time": TIME,
        # Ranges that are joined may overlap, but not be the same.
        "protection_level": "REDUCED",
        "resource_group_id": RESOURCE_GROUP,
        "status": "Active",
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


_TABLE = Parent("cen_transit_router_route_table", "transit_router_route_table_id")


class _Tie(Kind):
    """An attachment and a route table, tied. Its id is made of both."""

    scope = "account"
    id_parts = ("transit_router_attachment_id", "transit_router_route_table_id")
    parents = (_TABLE,)
    fills: ClassVar = {"status": "Active"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        _side(session, wanted["transit_router_attachment_id"], _TABLE.need(session, wanted))


class TableAssociation(_Tie):
    """Which table a connection's traffic is forwarded by."""

    name = "cen_transit_router_route_table_association"
    not_found = "InvalidAssociation.NotFound"  # ours

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
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
    fills: ClassVar = {"status": "Active", "transit_router_route_entry_id": ID}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        table = _TABLE.need(session, wanted)
        text = wanted["transit_router_route_entry_destination_cidr_block"]
        code = "IllegalParam.TransitRouterDestinationCidrBlock"
        block = str(parsed(ipaddress.IPv4Network, text, code, "{text!r} is no network."))
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
