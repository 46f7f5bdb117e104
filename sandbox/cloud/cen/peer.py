"""Connections between the transit routers of two regions."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.cen.bandwidth import check_share
from sandbox.cloud.cen.names import PEER, ROUTER
from sandbox.cloud.cen.router_attachments import check_unused
from sandbox.cloud.cen.transit_router import need_router
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name

__all__ = ["PeerAttachment"]

_BY_PACKAGE, _BY_TRAFFIC = "BandwidthPackage", "DataTransfer"


class PeerAttachment(Kind):
    """One connection, known under one id on both sides."""

    name = PEER
    prefix = "tr-attach-"
    not_found = "InvalidTransitRouterAttachmentId.NotFound"
    twins: ClassVar = {"transit_router_peer_attachment_name": "transit_router_attachment_name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        router = need_router(session, wanted.get("transit_router_id"), wanted.get("cen_id"))
        peer = session.need(
            ROUTER, wanted["peer_transit_router_id"], "InvalidPeerTransitRouterId.NotFound"
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
        for other in session.sift(PEER, cen_id=router["cen_id"]):
            if {other["transit_router_id"], other["peer_transit_router_id"]} == ends:
                raise CloudError(  # The code is ours.
                    "InvalidOperation.PeerAlreadyAttached", f"{other.id} connects them already."
                )
        found = {"cen_id": router["cen_id"], "peer_transit_router_region_id": peer["region_id"]}
        _check(session, {**wanted, **found, "region_id": router["region_id"]})
        return found

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "auto_publish_route_enabled": False,
            "bandwidth_type": _BY_PACKAGE,
            "create_time": making.time,
            "default_link_type": "Gold",
            "region_id": making.region,
            "resource_type": "TR",
            "status": "Attached",
            "transit_router_attachment_id": making.id,
            "transit_router_peer_attachment_name": "",
            **wanted,
            **making.found,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check(session, {**resource.attributes, **changes}, besides=resource.id)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        check_unused(session, resource)


def _check(session: Session, asked: Attributes, besides: str = "") -> None:
    """What is asked for between two regions, beside what they are."""
    check_name(asked.get("transit_router_peer_attachment_name"), any_start=True, shortest=1)
    check_description(asked.get("transit_router_attachment_description"))
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
