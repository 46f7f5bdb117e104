"""What is attached to a transit router: VPCs, the border routers (VBR) of leased lines, and peers.

A peer is the transit router of another region.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from typing_extensions import override

from facts.zones import takes_router
from sandbox.cloud.cen.bandwidth import check_share
from sandbox.cloud.cen.transit_router import need_router
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.core.kind import ID, REGION, TIME, Provider
from sandbox.cloud.core.name_checks import check_any_name, check_description, check_name
from sandbox.cloud.vpc.network import free_private_address

__all__ = ["PeerAttachment", "VbrAttachment", "VpcAttachment"]

_MISSING = "InvalidTransitRouterAttachmentId.NotFound"
_BY_PACKAGE, _BY_TRAFFIC = "BandwidthPackage", "DataTransfer"
_SYNC = "auto_publish_route_enabled"

_ATTACHED: Attributes = {
    "cen_id": "",
    "create_time": TIME,
    "order_type": "PayByCenOwner",
    "region_id": REGION,
    "status": "Attached",
    "transit_router_attachment_id": ID,
    "transit_router_id": "",
    _SYNC: False,
}
_IN_TABLES = (
    *(
        Dependent(
            f"cen_transit_router_route_table_{kind}",
            "transit_router_attachment_id",
            f"OperationFailed.RouteTable{kind.title()}Exist",
            "{user.id} is still there.",
        )
        for kind in ("association", "propagation")
    ),
    Dependent(
        "cen_transit_router_route_entry",
        "transit_router_route_entry_next_hop_id",
        "OperationFailed.RouteEntryExist",
        "{user.id} still leads to {it.id}.",
    ),
)
"""What a route table still knows isn't detached."""


class VpcAttachment(Kind):
    """It takes an address in each vSwitch that it is given."""

    name = "cen_transit_router_vpc_attachment"
    scope = "account"
    prefix = "tr-attach-"
    not_found = _MISSING
    twins: ClassVar = {"transit_router_vpc_attachment_name": "transit_router_attachment_name"}
    texts: ClassVar = {
        "transit_router_vpc_attachment_name": check_name,
        "transit_router_attachment_description": check_description,
    }
    indexed = ("vpc_id",)
    dependents = (
        Dependent(
            "route_entry",
            "nexthop_id",
            "OperationFailed.AttachmentReferencedVpcRouteEntryExisted",
            "{user.id} still leads to {it.id}.",
        ),
        *_IN_TABLES,
    )
    unknowable: ClassVar = {"addresses": "which address of each vSwitch it has"}
    fills: ClassVar = {
        **_ATTACHED,
        "options": {"appliance_mode_support": "disable", "ipv6_support": "disable"},
        "payment_type": "PayAsYouGo",
        "resource_type": "VPC",
        "transit_router_vpc_attachment_name": "",
        "transit_router_vpc_attachment_options": {"ipv6Support": "disable"},
        "vpc_owner_id": ACCOUNT_ID,
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        router = need_router(session, wanted.get("transit_router_id"), wanted.get("cen_id"))
        vpc = session.need("vpc", wanted["vpc_id"], "InvalidVpcId.NotFound")
        for other in session.find("cen_transit_router_vpc_attachment", vpc_id=vpc.id):
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
        return {
            "addresses": {
                zone_mapping["vswitch_id"]: "" for zone_mapping in known.get("zone_mappings") or ()
            }
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if changes.get(_SYNC) and not resource[_SYNC]:
            router = session.need("cen_transit_router", resource["transit_router_id"], _MISSING)
            _check_sync(session, resource.text("vpc_id"), router)

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if mappings := changes.get("zone_mappings"):
            kept: Mapping[str, str] = resource["addresses"]
            addresses = _addresses(session, resource.text("vpc_id"), mappings, kept)
            session.change(resource, {"addresses": addresses})


class VbrAttachment(Kind):
    name = "cen_transit_router_vbr_attachment"
    prefix = "tr-attach-"
    not_found = _MISSING
    scope = "account"
    texts: ClassVar = {
        "transit_router_attachment_name": check_any_name,
        "transit_router_attachment_description": check_description,
    }
    dependents = _IN_TABLES
    provider = Provider(id_front="cen_id")
    fills: ClassVar = {**_ATTACHED, "resource_type": "VBR", "vbr_owner_id": ACCOUNT_ID}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        router = need_router(session, wanted.get("transit_router_id"), wanted.get("cen_id"))
        vbr = wanted["vbr_id"]
        if not str(vbr).startswith("vbr-"):
            # Leased lines are built by people: any id that looks like one is believed.
            raise CloudError("IllegalParam.VbrId", f"{vbr!r} isn't the id of a VBR.")
        others = [
            *session.find("cen_transit_router_vbr_attachment", vbr_id=vbr),
            *session.find("cen_instance_attachment", child_instance_id=vbr),
        ]
        if others:
            raise CloudError(
                "InvalidOperation.ChildInstanceAlreadyAttached",
                f"{vbr} is attached already: {others[0].id}.",
            )
        return {"cen_id": router["cen_id"]}


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
        found = session.need("vswitch", vswitch)
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
    others = [
        one for one in session.find("cen_transit_router_vpc_attachment", vpc_id=vpc) if one[_SYNC]
    ]
    others += session.find("cen_instance_attachment", child_instance_id=vpc)
    if others:
        raise CloudError(
            "InvalidOperation.VpcAutoRoutesPublishInOtherCEN",
            f"{vpc} has its routes from {others[0].id}.",
        )
    synced = session.find(
        "cen_transit_router_vpc_attachment",
        transit_router_id=router.id,
        auto_publish_route_enabled=True,
    )
    session.check_quota(
        "route_syncs_per_transit_router",
        len(synced),
        "QuotaExceeded.VpcAutoRoutesPublishPerTransitRouter",
    )


class PeerAttachment(Kind):
    """One connection, known under one id on both sides."""

    name = "cen_transit_router_peer_attachment"
    prefix = "tr-attach-"
    not_found = _MISSING
    scope = "account"
    texts: ClassVar = {
        "transit_router_peer_attachment_name": check_any_name,
        "transit_router_attachment_description": check_description,
    }
    dependents = _IN_TABLES
    provider = Provider(id_front="cen_id")
    twins: ClassVar = {"transit_router_peer_attachment_name": "transit_router_attachment_name"}
    fills: ClassVar = {
        "auto_publish_route_enabled": False,
        "bandwidth_type": _BY_PACKAGE,
        "create_time": TIME,
        "default_link_type": "Gold",
        "region_id": REGION,
        "resource_type": "TR",
        "status": "Attached",
        "transit_router_attachment_id": ID,
        "transit_router_peer_attachment_name": "",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        router = need_router(session, wanted.get("transit_router_id"), wanted.get("cen_id"))
        peer = session.need(
            "cen_transit_router",
            wanted["peer_transit_router_id"],
            "InvalidPeerTransitRouterId.NotFound",
        )
        if peer["cen_id"] != router["cen_id"] or peer.id == router.id:
            raise CloudError(
                "IllegalParam.PeerTransitRouterId",
                f"{peer.id} isn't a transit router of another region in {router['cen_id']}.",
            )
        stated = wanted.get("peer_transit_router_region_id")
        if stated not in {None, peer["region_id"]}:
            raise CloudError("IllegalParam.PeerRegionId", f"{peer.id} is in {peer['region_id']}.")
        ends = {router.id, peer.id}
        for other in session.find("cen_transit_router_peer_attachment", cen_id=router["cen_id"]):
            if {other["transit_router_id"], other["peer_transit_router_id"]} == ends:
                raise CloudError(  # The code is ours.
                    "InvalidOperation.PeerAlreadyAttached", f"{other.id} connects them already."
                )
        found = {"cen_id": router["cen_id"], "peer_transit_router_region_id": peer["region_id"]}
        _check_peer(session, {**wanted, **found, "region_id": router["region_id"]})
        return found

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_peer(session, {**resource.attributes, **changes}, besides=resource.id)


def _check_peer(session: Session, asked: Attributes, besides: str = "") -> None:
    """What is asked for between two regions, beside what they are."""
    kind = asked.get("bandwidth_type") or _BY_PACKAGE
    package, bandwidth = asked.get("cen_bandwidth_package_id"), asked.get("bandwidth")
    if kind not in {_BY_PACKAGE, _BY_TRAFFIC}:
        raise CloudError("IllegalParam.BandwidthType", f"{kind!r} isn't one of the two.")
    if asked.get("default_link_type") == "Platinum" and kind == _BY_PACKAGE:
        raise CloudError(
            "ParameterIllegal.BandwidthPackageDefaultLinkTypeOnlySupportGold",
            "Only a connection that is paid by traffic is Platinum.",
        )
    if not bandwidth:
        # Without either there is one kbit/s, to try whether it connects.
        if package or kind == _BY_TRAFFIC:
            raise CloudError("MissingParam.Bandwidth", "A connection needs its bandwidth.")
    elif kind == _BY_TRAFFIC:
        if package:
            raise CloudError(
                "OperationUnsupported.BandwidthType", f"Paid by traffic, it has no use of {package}"
            )
    elif package:
        ends = [asked["region_id"], asked["peer_transit_router_region_id"]]
        check_share(session, asked["cen_id"], ends, bandwidth, package=package, besides=besides)
    else:
        raise CloudError(
            "IllegalParam.CenBandwidthPackageId", "Bandwidth from a package needs the package."
        )
