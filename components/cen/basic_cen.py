"""`BasicCen`: VPCs of several regions and leased lines on a CEN of the basic edition.

Owns the attachments, the bandwidth of each pair of regions, ways to cloud services and, unless they
exist, the CEN and its bandwidth package. Everything that is attached learns everybody's routes by
itself. Doesn't own the VPCs and lines, nor security groups.

The basic edition isn't sold any more: a new CEN gets transit routers (`TransitRouters`). This is
for a CEN that has it, and for accounts that may still make one.

Source: Cloud Enterprise Network, "AttachCenChildInstance", "SetCenInterRegionBandwidthLimit" and
"ResolveAndRouteServiceInCen"; the seed document on functions that call API Gateway privately.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import cen

from .._component import Component
from .._options import child, former
from ._cen import (
    CenArgs,
    CenAttachmentArgs,
    CenBandwidthPackageArgs,
    CenLinkArgs,
    Package,
    cen_of,
    child_of,
    package_of,
    provider_of,
)


class CenServiceArgs(TypedDict):
    """A cloud service that leased lines of its own region reach through a VPC."""

    host: str
    """Its address or range, in 100.64.0.0/10."""

    attachment: str
    """The key of the VPC that it is reached through."""

    description: NotRequired[str]
    """2 to 256 characters."""

    was: NotRequired[str | None]
    """The key that this service had before it was renamed."""


class BasicCenArgs(CenArgs):
    """Arguments of `BasicCen`."""

    attachments: Mapping[str, CenAttachmentArgs]
    """What is joined, by key; the key becomes part of the resource's name."""

    links: NotRequired[Mapping[str, CenLinkArgs]]
    """Bandwidth of pairs of regions, by key. Without one, two regions have a kbit/s for trying."""

    bandwidth_package: NotRequired[CenBandwidthPackageArgs | None]
    """Where links have their bandwidth from. Required with links."""

    services: NotRequired[Mapping[str, CenServiceArgs]]
    """Cloud services, by key."""


class BasicCen(Component):
    """A CEN of the basic edition, and what is on it.

    Children: `<name>-cen`, `<name>-attachment-<key>` for each attachment; `<name>-package`,
    `<name>-package-place` and `<name>-link-<key>` for each link; `<name>-service-<key>` for each
    service.
    """

    cen_id: pulumi.Output[str]
    """The CEN's id."""

    package_id: pulumi.Output[str] | None
    """The bandwidth package's id; None without one."""

    def __init__(
        self, name: str, args: BasicCenArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the CEN, what is attached, then the bandwidth between its regions."""
        super().__init__(name, opts)
        self._name = name
        self._args = args
        self.cen_id = cen_of(self, name, args)
        attachments = {
            key: self._attach(key, one) for key, one in sorted(args["attachments"].items())
        }
        package = self._package()
        for key, link in sorted(args.get("links", {}).items()):
            if package is not None:
                self._link(key, link, package, list(attachments.values()))
        for key, service in sorted(args.get("services", {}).items()):
            self._service(key, service, attachments)
        self.package_id = package.id if package is not None else None
        self.register_outputs({"cenId": self.cen_id, "packageId": self.package_id})

    def _in(self, region: str) -> pulumi.ProviderResource:
        return provider_of(self, region)

    def _package(self) -> Package | None:
        wanted = self._args.get("bandwidth_package")
        if wanted is not None:
            return package_of(self, self._name, self.cen_id, wanted)
        if self._args.get("links"):
            message = f"BasicCen {self._name}: links need a bandwidth_package"
            raise ValueError(message)
        return None

    def _attach(self, key: str, args: CenAttachmentArgs) -> "cen.InstanceAttachment":
        kind, identity = child_of(f"BasicCen {self._name}", key, args)
        return cen.InstanceAttachment(
            f"{self._name}-attachment-{key}",
            cen.InstanceAttachmentArgs(
                instance_id=self.cen_id,
                child_instance_id=identity,
                child_instance_type=kind,
                child_instance_region_id=args["region"],
            ),
            # What is attached is attached once.
            opts=child(
                self,
                was=former(f"{self._name}-attachment", args.get("was")),
                delete_before_replace=True,
                provider=self._in(args["region"]),
            ),
        )

    def _link(
        self,
        key: str,
        args: CenLinkArgs,
        package: Package,
        attachments: Sequence[pulumi.Resource],
    ) -> "cen.BandwidthLimit":
        regions = sorted(args["regions"])
        return cen.BandwidthLimit(
            f"{self._name}-link-{key}",
            cen.BandwidthLimitArgs(
                instance_id=package.cen_id,
                region_ids=regions,
                bandwidth_limit=args["bandwidth"],
            ),
            # Both regions need something attached, for as long as they have bandwidth.
            opts=child(
                self,
                was=former(f"{self._name}-link", args.get("was")),
                after=attachments,
                delete_before_replace=True,
                provider=self._in(regions[0]),
            ),
        )

    def _service(
        self, key: str, args: CenServiceArgs, attachments: Mapping[str, "cen.InstanceAttachment"]
    ) -> "cen.RouteService":
        host = attachments[args["attachment"]]
        region = self._args["attachments"][args["attachment"]]["region"]
        return cen.RouteService(
            f"{self._name}-service-{key}",
            cen.RouteServiceArgs(
                cen_id=self.cen_id,
                host=args["host"],
                host_vpc_id=host.child_instance_id,
                host_region_id=region,
                # The only region that the cloud lets in by this way.
                access_region_id=region,
                description=args.get("description"),
            ),
            # Who asks is attached, too: that one can be any.
            opts=child(
                self,
                was=former(f"{self._name}-service", args.get("was")),
                after=list(attachments.values()),
                delete_before_replace=True,
                provider=self._in(region),
            ),
        )
