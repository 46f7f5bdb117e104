"""What both editions of Cloud Enterprise Network have: the CEN, links of regions, a package.

No component: `BasicCen` and `TransitRouters` are made of it. The CEN and the package belong to no
region, so they are made by the component's own provider; whatever lies in a region, by that one's.

Source: Cloud Enterprise Network, "CreateCen", "CreateCenBandwidthPackage" and
"AssociateCenBandwidthPackage".
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import cen

from .._component import Component
from .._options import child

MAINLAND: Final = ("China",)
PRE_PAID: Final = "PrePaid"


class CenArgs(TypedDict):
    """What both components take."""

    cen_id: NotRequired[pulumi.Input[str] | None]
    """Use the CEN with this id. Unless given, one is created."""

    cen_name: NotRequired[pulumi.Input[str]]
    """The name of what is created, 1 to 128 characters."""

    cen_description: NotRequired[pulumi.Input[str]]
    """The CEN's description, 2 to 256 characters."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of everything that is created and can carry them."""


class CenAttachmentArgs(TypedDict):
    """A VPC or a leased line to attach. Another value of any detaches it and attaches anew."""

    region: str
    """The region that it lies in."""

    vpc_id: NotRequired[pulumi.Input[str] | None]
    """The VPC's id."""

    vbr_id: NotRequired[pulumi.Input[str] | None]
    """The id of the border router (VBR) of a leased line, instead of a VPC's."""

    was: NotRequired[str | None]
    """The key that this attachment had before it was renamed."""


class CenLinkArgs(TypedDict):
    """Bandwidth between two regions."""

    regions: Sequence[str]
    """The two, in any order."""

    bandwidth: int
    """Mbit/s. Another one is set in place."""

    was: NotRequired[str | None]
    """The key that this link had before it was renamed."""


class CenBandwidthPackageArgs(TypedDict):
    """Bandwidth that is bought as a whole and given to links: one to create, or one that exists."""

    bandwidth: NotRequired[int]
    """Mbit/s of the package to create, 2 to 10000; all its links together have no more. Required
    unless `package_id` is given."""

    areas: NotRequired[Sequence[str]]
    """The area that it is in, or the two that it is between, such as "China" and "Europe"; the
    Chinese mainland unless given. Others mean another package."""

    payment_type: NotRequired[str]
    """"PostPaid" unless given, which not every account may buy. "PrePaid" is a subscription: paid
    at once, protected, and left in the cloud when it leaves the stack. Another one means another
    package."""

    period: NotRequired[int | None]
    """Months of a subscription, 1, 2, 3, 6 or 12; the cloud's choice unless given."""

    auto_renew: NotRequired[bool]
    """Renew a subscription when it ends; without, its links stop working then. Counts when it is
    bought."""

    package_name: NotRequired[pulumi.Input[str]]
    """Its name, 2 to 128 characters."""

    package_id: NotRequired[pulumi.Input[str]]
    """Use the package with this id."""

    is_attached: NotRequired[bool]
    """With `package_id`: it belongs to the CEN already. Off unless given."""


class Package(NamedTuple):
    """A package that links take their bandwidth from."""

    id: pulumi.Output[str]
    """Its id, known once it belongs to the CEN."""

    cen_id: pulumi.Output[str]
    """The CEN, known once the package belongs to it. What takes this one goes before the package
    leaves, also when both are replaced."""

    place: "cen.BandwidthPackageAttachment | None"
    """Its place in the CEN; None where it had that already."""


def provider_of(component: Component, region: str) -> pulumi.ProviderResource:
    """The provider of a region: one that the component has by the region's id. It makes none.

    Raises:
        ValueError: none was given.
    """
    found = component.get_provider(f"{region}:index:")
    if found is None:
        message = f"{type(component).__name__}: no provider for the region {region}"
        raise ValueError(message)
    return found


def child_of(component: str, key: str, args: CenAttachmentArgs) -> tuple[str, pulumi.Input[str]]:
    """What is attached, and its id.

    Raises:
        ValueError: neither a VPC nor a line, or both.
    """
    vpc, line = args.get("vpc_id"), args.get("vbr_id")
    if vpc is not None and line is None:
        return "VPC", vpc
    if line is not None and vpc is None:
        return "VBR", line
    message = f"{component}: the attachment {key} needs a vpc_id or a vbr_id, and not both"
    raise ValueError(message)


def cen_of(parent: Component, name: str, args: CenArgs) -> pulumi.Output[str]:
    """The CEN's id: that of `<name>-cen`, or the one that was given."""
    existing = args.get("cen_id")
    if existing is not None:
        return pulumi.Output.from_input(existing)
    created = cen.Instance(
        f"{name}-cen",
        cen.InstanceArgs(
            cen_instance_name=args.get("cen_name"),
            description=args.get("cen_description"),
            tags=args.get("tags"),
        ),
        opts=child(parent),
    )
    return created.id


def package_of(
    parent: Component,
    name: str,
    cen_id: pulumi.Output[str],
    args: CenBandwidthPackageArgs,
) -> Package:
    """The package (`<name>-package`, unless it exists) and its place (`<name>-package-place`).

    Raises:
        ValueError: neither a bandwidth nor a package.
    """
    package_id = _package_id(parent, name, args)
    if args.get("is_attached", False):
        return Package(package_id, cen_id, None)
    place = cen.BandwidthPackageAttachment(
        f"{name}-package-place",
        cen.BandwidthPackageAttachmentArgs(instance_id=cen_id, bandwidth_package_id=package_id),
        # A CEN has one package for the same areas, and a package one CEN.
        opts=child(parent, delete_before_replace=True),
    )
    return Package(place.bandwidth_package_id, place.instance_id, place)


def _package_id(parent: Component, name: str, args: CenBandwidthPackageArgs) -> pulumi.Output[str]:
    if "package_id" in args:
        return pulumi.Output.from_input(args["package_id"])
    if "bandwidth" not in args:
        message = f"{name}: the bandwidth package needs a bandwidth (to create it) or a package_id"
        raise ValueError(message)
    areas = args.get("areas", MAINLAND)
    payment = args.get("payment_type", "PostPaid")
    is_subscription = payment == PRE_PAID
    package = cen.BandwidthPackage(
        f"{name}-package",
        cen.BandwidthPackageArgs(
            bandwidth=args["bandwidth"],
            cen_bandwidth_package_name=args.get("package_name"),
            geographic_region_a_id=areas[0],
            geographic_region_b_id=areas[-1],
            # Said always: the provider's own default is the subscription.
            payment_type=payment,
            period=args.get("period") if is_subscription else None,
            auto_renew=args.get("auto_renew") if is_subscription else None,
        ),
        # The provider never deletes a subscription, it only forgets it. So it is kept on purpose,
        # and nobody is told that it is gone.
        opts=child(parent, protect=is_subscription, retain=is_subscription),
    )
    return package.id
