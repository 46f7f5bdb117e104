"""Basic edition: a VPC or a leased line's border router (VBR), attached to a CEN as it is."""

from typing_extensions import override

from sandbox.cloud.account import ACCOUNT_ID
from sandbox.cloud.cen.names import (
    ATTACHMENT,
    CEN,
    CEN_MISSING,
    LIMIT,
    ROUTER,
    SERVICE,
    VBR,
    VPC,
)
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session

__all__ = ["InstanceAttachment", "regions_of"]


class InstanceAttachment(Kind):
    """Its id is made of the CEN, what is attached, its type and its region."""

    name = ATTACHMENT
    not_found = "ParameterInstanceId"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = (
            "instance_id",
            "child_instance_id",
            "child_instance_type",
            "child_instance_region_id",
        )
        return ":".join(str(wanted[part]) for part in parts)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        cen = session.need(CEN, wanted["instance_id"], CEN_MISSING)
        child, region = wanted["child_instance_id"], wanted["child_instance_region_id"]
        if session.sift(ROUTER, cen_id=cen.id, region_id=region):
            raise CloudError(
                "OperationFailed.InvalidTransitRouter",
                f"{cen.id} has an Enterprise Edition transit router in {region}; networks are "
                "attached to that one.",
            )
        others = [
            *session.sift(ATTACHMENT, child_instance_id=child),
            *session.sift(VBR, vbr_id=child),
        ]
        if others:
            raise CloudError(
                "InvalidOperation.ChildInstanceAlreadyAttached",
                f"{child} is attached already: {others[0].id}.",
            )
        if wanted["child_instance_type"] == "VPC":
            self._check_vpc(session, cen, child, region)
        elif not str(child).startswith(f"{wanted['child_instance_type'].lower()}-"):
            # Leased lines are built by people: any id that looks like one is believed.
            raise CloudError("ParameterInstanceId", f"{child!r} isn't the id of a VBR or CCN.")
        return {}

    def _check_vpc(self, session: Session, cen: Resource, child: str, region: str) -> None:
        there = session.in_region(region)
        there.need("vpc", child, self.not_found)
        for one in session.find(VPC, vpc_id=child):
            if one["auto_publish_route_enabled"]:
                raise CloudError(
                    "InvalidOperation.CenAlreadyAutoPubilshRouteToInstance",
                    f"{one.id} of {one['cen_id']} already advertises its routes to {child}.",
                )
        ranges = {one["cidr_block"]: one.id for one in there.find("vswitch", vpc_id=child)}
        for other in session.find(ATTACHMENT, instance_id=cen.id):
            elsewhere = session.in_region(other.text("child_instance_region_id"))
            for vswitch in elsewhere.find("vswitch", vpc_id=other["child_instance_id"]):
                if vswitch["cidr_block"] in ranges:
                    # Published: under protection level REDUCED no two are the same. Ours: the code,
                    # and that the attachment is refused rather than the route marked.
                    raise CloudError(
                        "InvalidOperation.CidrConflict",
                        f"{ranges[vswitch['cidr_block']]} and {vswitch.id} in {cen.id} both have "
                        f"{vswitch['cidr_block']}.",
                    )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"child_instance_owner_id": int(ACCOUNT_ID), "status": "Attached", **wanted}

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        cen, region = resource["instance_id"], resource["child_instance_region_id"]
        for service in session.sift(SERVICE, cen_id=cen, host_vpc_id=resource["child_instance_id"]):
            raise CloudError(  # The code is made like its neighbours'.
                "Forbidden.CloudRouteExisted",
                f"{service.id} goes through {resource['child_instance_id']}; delete it first.",
            )
        if regions_of(session, cen, besides=resource.id) >= {region}:
            return
        for limit in session.find(LIMIT, instance_id=cen):
            if region in limit["region_ids"]:
                raise CloudError(
                    "OperationFailed.BandwidthLimitExist",
                    f"{limit.id} still gives bandwidth to {region}, of which this is the last.",
                )


def regions_of(session: Session, cen: str, *, besides: str = "") -> set[str]:
    """The regions in which something is attached to a CEN of the basic edition."""
    attached = session.find(ATTACHMENT, instance_id=cen)
    return {one["child_instance_region_id"] for one in attached if one.id != besides}
