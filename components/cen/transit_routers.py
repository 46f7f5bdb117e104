"""`TransitRouters`: VPCs of several regions and leased lines, joined by transit routers.

Owns a transit router in each region with its own route table, what is attached to it, connections
between regions, ways to cloud services and, unless they exist, the CEN and its bandwidth package.
Everything that is attached reaches everything else: each connection's traffic is forwarded by the
table, the table learns each connection's routes, and all of them are advertised back. Doesn't own
the VPCs and lines, nor security groups.

Routes in the VPCs: `auto_publish_route_enabled`, which the provider sends when an attachment is
made and whenever it changes. It serves every route table of a VPC, and it follows what a data
center announces, which nobody can list beforehand. Routes to cloud services (parts of
100.64.0.0/10) are route entries of the VPC beside it (`_router_services`), as the
cloud's own walkthrough has them: no page says that an advertised part of that range arrives.

Source: Cloud Enterprise Network, "How transit routers work", "Route synchronization",
"CreateTransitRouterPeerAttachment" and "Use Enterprise Edition transit routers to enable ECS
instances to access OSS across regions"; the seed document on functions that call API Gateway
privately.
"""

from collections.abc import Mapping
from typing import Any, NotRequired

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
from ._router_services import Place, Router, RouterServiceArgs, service_routes


class RouterAttachmentArgs(CenAttachmentArgs):
    """A VPC or a leased line, and how a transit router is attached to it."""

    vswitches: NotRequired[Mapping[str, pulumi.Input[str]]]
    """A VPC's vSwitches by zone, such as cn-shanghai-b: the router takes an address in each. Zones
    without transit routers are refused; two zones keep it up when one fails. Required with a VPC.
    Others are taken in place."""

    route_table_id: NotRequired[pulumi.Input[str] | None]
    """A VPC's system route table. Routes to cloud services are added to it; without, to none."""

    attachment_name: NotRequired[pulumi.Input[str]]
    """Its name, 2 to 128 characters, starting with a letter."""


class RouterLinkArgs(CenLinkArgs):
    """A connection of the transit routers of two regions."""

    link_name: NotRequired[pulumi.Input[str]]
    """Its name, 1 to 128 characters."""


class TransitRoutersArgs(CenArgs):
    """Arguments of `TransitRouters`."""

    attachments: Mapping[str, RouterAttachmentArgs]
    """What is joined, by key; the key becomes part of the resources' names."""

    links: NotRequired[Mapping[str, RouterLinkArgs]]
    """Connections of regions, by key. Two regions that are to reach each other need one."""

    bandwidth_package: NotRequired[CenBandwidthPackageArgs | None]
    """Where links have their bandwidth from. Without one they are paid by traffic, and their
    bandwidth is the most that they take."""

    services: NotRequired[Mapping[str, RouterServiceArgs]]
    """Cloud services, by key."""

    router_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Transit routers that the CEN has already, by region: it takes one a region."""


class TransitRouters(Component):
    """Transit routers of a CEN, and what is on them.

    Children: `<name>-cen`; `<name>-router-<region>` and `<name>-table-<region>` for each region;
    `<name>-attachment-<key>` for each attachment, with `…-association` and `…-propagation`;
    `<name>-package`, `<name>-package-place` and, for each link, `<name>-link-<key>` with
    `…-<region>-association` and `…-<region>-propagation` on both sides; for each service
    `<name>-service-<key>` and `<name>-service-<key>-from-<attachment>` in each other VPC.
    """

    cen_id: pulumi.Output[str]
    """The CEN's id."""

    package_id: pulumi.Output[str] | None
    """The bandwidth package's id; None without one."""

    router_ids: Mapping[str, pulumi.Output[str]]
    """The transit routers' ids by region."""

    attachment_ids: Mapping[str, pulumi.Output[str]]
    """The attachments' ids by key, for routes that lead there."""

    def __init__(
        self, name: str, args: TransitRoutersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the routers, what is attached to them, their connections, then routes."""
        super().__init__(name, opts)
        self._name = name
        self._args = args
        self.cen_id = cen_of(self, name, args)
        package = self._package()
        self._routers = {region: self._router(region) for region in _regions(args)}
        # A connection may have been moved from any of them to any other.
        self._after = [router.last for router in self._routers.values()]
        places = {key: self._attach(key, one) for key, one in sorted(args["attachments"].items())}
        for key, link in sorted(args.get("links", {}).items()):
            self._link(key, link, package)
        joined = [router.last for router in self._routers.values()]
        service_routes(self, name, args.get("services", {}), places, joined)
        self.package_id = package.id if package is not None else None
        self.router_ids = {region: one.id for region, one in self._routers.items()}
        self.attachment_ids = {key: one.attachment_id for key, one in places.items()}
        self.register_outputs(
            {
                "cenId": self.cen_id,
                "packageId": self.package_id,
                "routerIds": self.router_ids,
                "attachmentIds": self.attachment_ids,
            }
        )

    def _package(self) -> Package | None:
        wanted = self._args.get("bandwidth_package")
        return package_of(self, self._name, self.cen_id, wanted) if wanted is not None else None

    def _router(self, region: str) -> Router:
        provider = provider_of(self, region)
        router_id = self._router_id(region, provider)
        table = cen.TransitRouterRouteTable(
            f"{self._name}-table-{region}",
            cen.TransitRouterRouteTableArgs(
                transit_router_id=router_id,
                transit_router_route_table_name=self._args.get("cen_name"),
                tags=self._args.get("tags"),
            ),
            opts=child(self, provider=provider),
        )
        return Router(self, region, provider, router_id, table)

    def _router_id(self, region: str, provider: pulumi.ProviderResource) -> pulumi.Output[str]:
        existing = self._args.get("router_ids", {})
        if region in existing:
            return pulumi.Output.from_input(existing[region])
        router = cen.TransitRouter(
            f"{self._name}-router-{region}",
            cen.TransitRouterArgs(
                cen_id=self.cen_id,
                transit_router_name=self._args.get("cen_name"),
                tags=self._args.get("tags"),
            ),
            # A region of a CEN has one.
            opts=child(self, delete_before_replace=True, provider=provider),
        )
        return router.transit_router_id

    def _attach(self, key: str, args: RouterAttachmentArgs) -> Place:
        kind, identity = child_of(f"TransitRouters {self._name}", key, args)
        name = f"{self._name}-attachment-{key}"
        was = former(f"{self._name}-attachment", args.get("was"))
        router = self._routers[args["region"]]
        # What is attached to a router is attached to it once, and has its routes from one.
        options = child(
            self,
            was=was,
            after=self._after,
            delete_before_replace=True,
            provider=router.provider,
        )
        shared: dict[str, Any] = {
            "cen_id": self.cen_id,
            "transit_router_id": router.id,
            "auto_publish_route_enabled": True,
            "tags": self._args.get("tags"),
        }
        if kind == "VPC":
            if not args.get("vswitches"):
                message = f"{name}: a VPC needs vswitches, one for each zone"
                raise ValueError(message)
            attachment = cen.TransitRouterVpcAttachment(
                name,
                cen.TransitRouterVpcAttachmentArgs(
                    vpc_id=identity,
                    zone_mappings=[
                        cen.TransitRouterVpcAttachmentZoneMappingArgs(
                            zone_id=zone, vswitch_id=vswitch
                        )
                        for zone, vswitch in sorted(args.get("vswitches", {}).items())
                    ],
                    transit_router_vpc_attachment_name=args.get("attachment_name"),
                    **shared,
                ),
                opts=options,
            )
        else:
            attachment = cen.TransitRouterVbrAttachment(
                name,
                cen.TransitRouterVbrAttachmentArgs(
                    vbr_id=identity,
                    transit_router_attachment_name=args.get("attachment_name"),
                    **shared,
                ),
                opts=options,
            )
        attachment_id = attachment.transit_router_attachment_id
        router.serve(name, attachment_id, was)
        table = args.get("route_table_id") if kind == "VPC" else None
        return Place(key, args.get("was"), router, attachment_id, table)

    def _link(self, key: str, args: RouterLinkArgs, package: Package | None) -> None:
        name = f"{self._name}-link-{key}"
        was = former(f"{self._name}-link", args.get("was"))
        near, far = (self._routers[region] for region in sorted(args["regions"]))
        link = cen.TransitRouterPeerAttachment(
            name,
            cen.TransitRouterPeerAttachmentArgs(
                cen_id=package.cen_id if package is not None else self.cen_id,
                transit_router_id=near.id,
                peer_transit_router_id=far.id,
                peer_transit_router_region_id=far.region,
                bandwidth_type="BandwidthPackage" if package is not None else "DataTransfer",
                cen_bandwidth_package_id=package.id if package is not None else None,
                bandwidth=args["bandwidth"],
                auto_publish_route_enabled=True,
                transit_router_peer_attachment_name=args.get("link_name"),
                tags=self._args.get("tags"),
            ),
            # Two regions are connected once.
            opts=child(
                self,
                was=was,
                after=self._after,
                delete_before_replace=True,
                provider=near.provider,
            ),
        )
        # One connection, one id, and a table on each side.
        for router in (near, far):
            old = f"{was}-{router.region}" if was is not None else None
            router.serve(f"{name}-{router.region}", link.transit_router_attachment_id, old)


def _regions(args: TransitRoutersArgs) -> list[str]:
    """Every region that something is attached in or connected with."""
    links = args.get("links", {}).values()
    ends = {region for link in links for region in link["regions"]}
    return sorted({attachment["region"] for attachment in args["attachments"].values()} | ends)
