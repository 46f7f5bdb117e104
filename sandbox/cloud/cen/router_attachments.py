"""What is attached to a transit router: VPCs, and the border routers (VBR) of leased lines."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from typing_extensions import override

from facts.cen_regions import takes_router
from sandbox.cloud.account import ACCOUNT_ID
from sandbox.cloud.addresses import free_private_address
from sandbox.cloud.cen.names import (
    ASSOCIATION,
    ATTACHMENT,
    PROPAGATION,
    ROUTER_ENTRY,
    VBR,
    VPC,
    VPC_ENTRY,
)
from sandbox.cloud.cen.transit_router import need_router
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import VSwitch

__all__ = ["VbrAttachment", "VpcAttachment", "check_unused"]

_MISSING = "InvalidTransitRouterAttachmentId.NotFound"
_SYNC = "auto_publish_route_enabled"


class VpcAttachment(Kind):
    """It takes an address in each vSwitch that it is given."""

    name = VPC
    prefix = "tr-attach-"
    not_found = _MISSING
    twins: ClassVar = {"transit_router_vpc_attachment_name": "transit_router_attachment_name"}
    unknowable: ClassVar = {"addresses": "which address of each vSwitch it has"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        router = need_router(session, wanted.get("transit_router_id"), wanted.get("cen_id"))
        vpc = session.need("vpc", wanted["vpc_id"], "InvalidVpcId.NotFound")
        _check_texts(wanted)
        for other in session.find(VPC, vpc_id=vpc.id):
            if other["transit_router_id"] == router.id:
                raise CloudError(  # The code is ours.
                    "InvalidOperation.VpcAlreadyAttached", f"{other.id} attaches {vpc.id} already."
                )
        if wanted.get(_SYNC):
            _check_sync(session, vpc.id, router)
        return {
            "cen_id": router["cen_id"],
            "addresses": _addresses(session, vpc.id, wanted["zone_mappings"]),
        }

    @override
    def surroundings(self, session: Session, known: Attributes) -> Attributes:
        return {"addresses": {one["vswitch_id"]: "" for one in known.get("zone_mappings") or ()}}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            **_attached(making),
            _SYNC: False,
            "options": {"appliance_mode_support": "disable", "ipv6_support": "disable"},
            "payment_type": "PayAsYouGo",
            "resource_type": "VPC",
            "transit_router_vpc_attachment_name": "",
            "transit_router_vpc_attachment_options": {"ipv6Support": "disable"},
            "vpc_owner_id": ACCOUNT_ID,
            **wanted,
            **making.found,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_texts(changes)
        if changes.get(_SYNC) and not resource[_SYNC]:
            router = session.need("cen_transit_router", resource["transit_router_id"], _MISSING)
            _check_sync(session, resource.text("vpc_id"), router)

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if mappings := changes.get("zone_mappings"):
            kept: Mapping[str, str] = resource["addresses"]
            addresses = _addresses(session, resource.text("vpc_id"), mappings, kept)
            session.change(resource, {"addresses": addresses})

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        for entry in session.sift(VPC_ENTRY, nexthop_id=resource.id):
            raise CloudError(
                "OperationFailed.AttachmentReferencedVpcRouteEntryExisted",
                f"{entry.id} still leads to {resource.id}.",
            )
        check_unused(session, resource)


class VbrAttachment(Kind):
    name = VBR
    prefix = "tr-attach-"
    not_found = _MISSING

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        router = need_router(session, wanted.get("transit_router_id"), wanted.get("cen_id"))
        _check_texts(wanted)
        vbr = wanted["vbr_id"]
        if not str(vbr).startswith("vbr-"):
            # Leased lines are built by people: any id that looks like one is believed.
            raise CloudError("IllegalParam.VbrId", f"{vbr!r} isn't the id of a VBR.")
        others = [*session.sift(VBR, vbr_id=vbr), *session.sift(ATTACHMENT, child_instance_id=vbr)]
        if others:
            raise CloudError(
                "InvalidOperation.ChildInstanceAlreadyAttached",
                f"{vbr} is attached already: {others[0].id}.",
            )
        return {"cen_id": router["cen_id"]}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            **_attached(making),
            _SYNC: False,
            "resource_type": "VBR",
            "vbr_owner_id": ACCOUNT_ID,
            **wanted,
            **making.found,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_texts(changes)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        check_unused(session, resource)


def _attached(making: Making) -> Attributes:
    return {
        "cen_id": "",
        "create_time": making.time,
        "order_type": "PayByCenOwner",
        "region_id": making.region,
        "status": "Attached",
        "transit_router_attachment_id": making.id,
        "transit_router_id": "",
    }


def _addresses(
    session: Session,
    vpc: str,
    mappings: Iterable[Mapping[str, Any]],
    kept: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The address that the router takes in each vSwitch; refused where it can't have one."""
    addresses: dict[str, str] = {}
    zones: set[str] = set()
    for mapping in mappings:
        zone, vswitch = mapping["zone_id"], mapping["vswitch_id"]
        found = session.need("vswitch", vswitch, VSwitch.not_found)
        if found["vpc_id"] != vpc:
            raise CloudError("IllegalParam.VSwitchId", f"{vswitch} isn't in {vpc}.")
        if not takes_router(session.region, zone):
            raise CloudError(
                "IllegalParam.ZoneId", f"{session.region} has no transit routers in {zone}."
            )
        if found["zone_id"] != zone:
            raise CloudError(
                "IllegalParam.ZoneMappings", f"{vswitch} is in {found['zone_id']}, not in {zone}."
            )
        if zone in zones:
            raise CloudError("Duplicated.ZoneMapping", f"{zone} is stated twice.")
        zones.add(zone)
        addresses[vswitch] = (kept or {}).get(vswitch) or _free(session, found)
    if not addresses:
        raise CloudError("IllegalParam.ZoneMappings", "An attachment needs a vSwitch at least.")
    return addresses


def _free(session: Session, vswitch: Resource) -> str:
    try:
        return free_private_address(session, vswitch)
    except CloudError as full:
        raise CloudError("InsufficientIpAddr.vsw", full.message) from None


def _check_sync(session: Session, vpc: str, router: Resource) -> None:
    """Refuse to advertise routes to a VPC that has them from somewhere else."""
    others = [one for one in session.find(VPC, vpc_id=vpc) if one[_SYNC]]
    others += session.sift(ATTACHMENT, child_instance_id=vpc)
    if others:
        raise CloudError(
            "InvalidOperation.VpcAutoRoutesPublishInOtherCEN",
            f"{vpc} has its routes from {others[0].id}.",
        )
    synced = session.sift(VPC, transit_router_id=router.id, auto_publish_route_enabled=True)
    session.check_quota(
        "route_syncs_per_transit_router",
        len(synced),
        "QuotaExceeded.VpcAutoRoutesPublishPerTransitRouter",
    )


def check_unused(session: Session, attachment: Resource) -> None:
    """Refuse to detach what a route table still knows."""
    words = {ASSOCIATION: "RouteTableAssociation", PROPAGATION: "RouteTablePropagation"}
    for kind, word in words.items():
        if held := session.sift(kind, transit_router_attachment_id=attachment.id):
            raise CloudError(f"OperationFailed.{word}Exist", f"{held[0].id} is still there.")
    entries = session.sift(ROUTER_ENTRY, transit_router_route_entry_next_hop_id=attachment.id)
    if entries:
        raise CloudError(
            "OperationFailed.RouteEntryExist", f"{entries[0].id} still leads to {attachment.id}."
        )


def _check_texts(asked: Attributes) -> None:
    check_name(asked.get("transit_router_vpc_attachment_name"))
    check_name(asked.get("transit_router_attachment_name"), any_start=True, shortest=1)
    check_description(asked.get("transit_router_attachment_description"))
