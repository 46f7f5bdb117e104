"""Bandwidth between regions: packages, the CEN that one belongs to, and each pair's share."""

from collections.abc import Iterable
from typing import ClassVar

from typing_extensions import override

from facts.zones import area_of
from sandbox.cloud.cen.basic import regions_of
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent, Provider

__all__ = ["BandwidthLimit", "BandwidthPackage", "BandwidthPackageAttachment", "check_share"]

# Mbit/s.
_BANDWIDTHS = range(2, 10_001)


class BandwidthPackage(Kind):
    """Bandwidth between two areas, or within one."""

    name = "cen_bandwidth_package"
    prefix = "cenbwp-"
    not_found = "ParameterBwpInstanceId"
    scope = "account"
    twins: ClassVar = {"cen_bandwidth_package_name": "name", "payment_type": "charge_type"}
    dependents = (
        Dependent(
            "cen_bandwidth_package_attachment",
            "bandwidth_package_id",
            "InvalidOperation.BwpInstanceStatus",
            "{it.id} belongs to a CEN still.",
        ),
    )
    # A status that a package in a CEN never has.
    provider = Provider(kept_while_paid="PrePaid", awaited={"bandwidth": "Idle"})

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        _check_bandwidth(wanted["bandwidth"])
        if not _areas(wanted):
            raise CloudError(
                "ParameterIllegal.BandwidthPackage", "A package needs the areas that it is between."
            )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        areas = _areas(wanted) or ["China"]
        return {
            "cen_bandwidth_package_name": "",
            "expired_time": "",
            "payment_type": "PrePaid",
            "status": "Idle",
            **wanted,
            "geographic_region_a_id": areas[0],
            "geographic_region_b_id": areas[-1],
            "geographic_region_ids": sorted(set(areas)),
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if "bandwidth" not in changes:
            return
        bandwidth = changes["bandwidth"]
        _check_bandwidth(bandwidth)
        if bandwidth == resource["bandwidth"]:
            raise CloudError("Operation.Failed", f"{resource.id} has {bandwidth} Mbit/s already.")
        if (spent := _spent(session, resource)) > bandwidth:
            raise CloudError(  # The code is that of giving out too much.
                "InvalidOperation.BwpBandwidthExceeded",
                f"{spent} Mbit/s of {resource.id} are given out; {bandwidth} would be too few.",
            )

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["payment_type"] == "PrePaid":
            raise CloudError(
                "Forbidden.Release", f"{resource.id} is a subscription: it ends when it expires."
            )
        super().check_delete(session, resource, force=force)


def _areas(wanted: Attributes) -> list[str]:
    pair = [wanted.get("geographic_region_a_id"), wanted.get("geographic_region_b_id")]
    return [one for one in pair if one] or list(wanted.get("geographic_region_ids") or ())


def _check_bandwidth(bandwidth: int) -> None:
    if bandwidth not in _BANDWIDTHS:
        raise CloudError(
            "ParameterIllegal.BandwidthPackage",
            f"A package of {bandwidth} Mbit/s isn't sold: {_BANDWIDTHS[0]} to {_BANDWIDTHS[-1]}.",
        )


class BandwidthPackageAttachment(Kind):
    """A package's place in a CEN. Its id is the package's."""

    name = "cen_bandwidth_package_attachment"
    not_found = "ParameterBwpInstanceId"
    scope = "account"
    id_parts = ("bandwidth_package_id",)
    indexed = ("instance_id", "bandwidth_package_id")
    parents = (
        Parent("cen_instance", "instance_id"),
        Parent(
            "cen_bandwidth_package",
            "bandwidth_package_id",
            ready=("Idle",),
            unready=("InvalidOperation.BwpInstanceStatus", "{it.id} belongs to a CEN already."),
        ),
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        cen = wanted["instance_id"]
        package = self.parent(session, wanted, "bandwidth_package_id")
        for other in session.find(self.name, instance_id=cen):
            same = session.need("cen_bandwidth_package", other.id)
            if same["geographic_region_ids"] == package["geographic_region_ids"]:
                raise CloudError(  # The rule is published, the code is ours.
                    "InvalidOperation.BwpAlreadyAssociated",
                    f"{cen} has {same.id} for the same areas.",
                )

    @override
    def created(self, session: Session, resource: Resource) -> None:
        session.change(session.need("cen_bandwidth_package", resource.id), {"status": "InUse"})

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        package = session.get("cen_bandwidth_package", resource.id)
        if package is not None and _spent(session, package):
            raise CloudError(
                "InvalidOperation.CenBandwidthLimitsNotZero",
                f"Regions still have bandwidth from {package.id}; take it back first.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        if package := session.get("cen_bandwidth_package", resource.id):
            session.change(package, {"status": "Idle"})


class BandwidthLimit(Kind):
    """Basic edition: the bandwidth between two regions of a CEN. Set twice, the second counts."""

    name = "cen_bandwidth_limit"
    not_found = "InvalidBandwidthLimit.NotFound"  # ours: the cloud sets it to zero instead
    same_is_one = True
    scope = "account"
    indexed = ("instance_id",)
    parents = (Parent("cen_instance", "instance_id"),)

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return ":".join([wanted["instance_id"], *sorted(wanted["region_ids"])])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        cen, regions = wanted["instance_id"], sorted(wanted["region_ids"])
        missing = {*regions} - regions_of(session, cen)
        if missing or len({*regions}) == 1:
            raise CloudError(
                "InvalidOperation.NoChildInstanceEitherRegion",
                f"{cen} has nothing attached in {', '.join(sorted(missing)) or regions[0]}.",
            )
        check_share(session, cen, regions, wanted["bandwidth_limit"])

    @override
    def asked_again(self, session: Session, same: Resource, wanted: Attributes) -> None:
        changes = {"bandwidth_limit": wanted["bandwidth_limit"]}
        self.check_change(session, same, changes)
        session.change(same, changes)

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if wanted := changes.get("bandwidth_limit"):
            cen, regions = resource.text("instance_id"), resource["region_ids"]
            check_share(session, cen, regions, wanted, besides=resource.id)


def check_share(  # noqa: PLR0913 - what a share is
    session: Session,
    cen: str,
    regions: Iterable[str],
    bandwidth: int,
    *,
    package: str = "",
    besides: str = "",
) -> None:
    """Refuse bandwidth between two regions that no package of the CEN can give.

    Args:
        session: this call's view of the store.
        cen: the CEN.
        regions: the two.
        bandwidth: Mbit/s.
        package: the package that it is to come from; whichever fits unless given.
        besides: what has its share already and is to be given another.
    """
    areas = sorted({str(area_of(region)) for region in regions})
    for attachment in session.find("cen_bandwidth_package_attachment", instance_id=cen):
        found = session.need("cen_bandwidth_package", attachment.id)
        if found["geographic_region_ids"] != areas or package not in {"", found.id}:
            continue
        if _spent(session, found, besides=besides) + bandwidth > found["bandwidth"]:
            raise CloudError(
                "InvalidOperation.BwpBandwidthExceeded",
                f"{found.id} has {found['bandwidth']} Mbit/s; with {bandwidth} between "
                f"{' and '.join(regions)} more would be given out.",
            )
        return
    raise CloudError(
        "InvalidOperation.BwpNotAssociated",
        f"{cen} has no package{f' {package}' if package else ''} for {' and '.join(areas)}.",
    )


def _spent(session: Session, package: Resource, besides: str = "") -> int:
    """What of a package is given out, in Mbit/s."""
    spent = 0
    for attachment in session.find(
        "cen_bandwidth_package_attachment", bandwidth_package_id=package.id
    ):
        for limit in session.find("cen_bandwidth_limit", instance_id=attachment["instance_id"]):
            areas = sorted({str(area_of(region_id)) for region_id in limit["region_ids"]})
            if areas == package["geographic_region_ids"] and limit.id != besides:
                spent += limit["bandwidth_limit"]
    peers = session.find("cen_transit_router_peer_attachment", cen_bandwidth_package_id=package.id)
    return spent + sum(peer["bandwidth"] or 0 for peer in peers if peer.id != besides)
