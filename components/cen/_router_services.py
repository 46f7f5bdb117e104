"""What `TransitRouters` wires: a region's router with its table, and ways to cloud services.

A service's range is a part of 100.64.0.0/10, which every VPC has a system route for: to its own
region. So each VPC that calls a service elsewhere gets a route to its transit router, and the
service's own transit router one to the VPC that reaches it; the routers in between learn of it.

Source: Cloud Enterprise Network, "CreateTransitRouterRouteTable",
"AssociateTransitRouterAttachmentWithRouteTable", "EnableTransitRouterRouteTablePropagation" and
"Use Enterprise Edition transit routers to enable ECS instances to access OSS across regions".
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import cen, vpc

from .._component import Component
from .._options import child, former


class Router:
    """A transit router, its route table, and what is done on that, one after the other.

    A table or an attachment that is being changed refuses more of it, and the provider doesn't
    always wait.
    """

    def __init__(
        self,
        owner: Component,
        region: str,
        provider: pulumi.ProviderResource,
        router_id: pulumi.Output[str],
        table: "cen.TransitRouterRouteTable",
    ) -> None:
        self.region = region
        self.provider = provider
        self.id = router_id
        self.table_id = table.transit_router_route_table_id
        self.last: pulumi.Resource = table
        """What was done last."""
        self._owner = owner

    def serve(self, name: str, attachment_id: pulumi.Output[str], was: str | None) -> None:
        """Forward a connection's traffic by the table, and have the table learn its routes.

        Args:
            name: what the names of the two resources start with.
            attachment_id: the connection's.
            was: what they started with before the connection was renamed.
        """
        self.last = cen.TransitRouterRouteTableAssociation(
            f"{name}-association",
            cen.TransitRouterRouteTableAssociationArgs(
                transit_router_attachment_id=attachment_id,
                transit_router_route_table_id=self.table_id,
            ),
            opts=self._next(f"{was}-association" if was is not None else None),
        )
        self.last = cen.TransitRouterRouteTablePropagation(
            f"{name}-propagation",
            cen.TransitRouterRouteTablePropagationArgs(
                transit_router_attachment_id=attachment_id,
                transit_router_route_table_id=self.table_id,
            ),
            opts=self._next(f"{was}-propagation" if was is not None else None),
        )

    def _next(self, was: str | None) -> pulumi.ResourceOptions:
        return child(
            self._owner,
            was=was,
            after=[self.last],
            # A connection is served by one table of a router, and learned by each once.
            delete_before_replace=True,
            provider=self.provider,
        )


class RouterServiceArgs(TypedDict):
    """A cloud service in one region that the other networks reach through a VPC there."""

    cidr: str
    """Its range, a part of 100.64.0.0/10. Another one means other routes."""

    attachment: str
    """The key of the VPC that it is reached through."""

    was: NotRequired[str | None]
    """The key that this service had before it was renamed."""


class Place(NamedTuple):
    """An attachment, as far as services need it."""

    key: str
    was: str | None
    router: Router
    attachment_id: pulumi.Output[str]
    route_table_id: pulumi.Input[str] | None


def service_routes(
    owner: Component,
    name: str,
    services: Mapping[str, RouterServiceArgs],
    places: Mapping[str, Place],
    joined: Sequence[pulumi.Resource],
) -> None:
    """Register the routes of all services, in the VPCs and in the transit routers.

    Args:
        owner: the component that they are of.
        name: what their names start with.
        services: the services by key.
        places: the attachments by key.
        joined: what was done last on each transit router.
    """
    # A VPC's route table takes one entry at a time.
    last: dict[str, pulumi.Resource] = {}
    for key, service in sorted(services.items()):
        for place in places.values():
            if place.key != service["attachment"] and place.route_table_id is not None:
                before = last.get(place.key)
                last[place.key] = _way_out(owner, name, (key, service), place, before)
        host = places[service["attachment"]]
        done = [*joined, *last.values()]
        _way_in(owner, f"{name}-service", (key, service), host, done)


def _way_out(
    owner: Component,
    name: str,
    named: tuple[str, RouterServiceArgs],
    place: Place,
    before: pulumi.Resource | None,
) -> "vpc.RouteEntry":
    """From a VPC to its transit router."""
    key, service = named
    options = child(
        owner,
        after=[before] if before is not None else (),
        # A table has one route to a range.
        delete_before_replace=True,
        provider=place.router.provider,
    )
    # Either of the two may have been renamed, and either earlier than the other.
    names = [
        f"{name}-service-{one}-from-{caller}"
        for one in (key, service.get("was"))
        for caller in (place.key, place.was)
        if one is not None and caller is not None
    ]
    options.aliases = [pulumi.Alias(name=one) for one in names[1:]] or None
    return vpc.RouteEntry(
        names[0],
        vpc.RouteEntryArgs(
            route_table_id=place.route_table_id or "",
            destination_cidrblock=service["cidr"],
            nexthop_type="Attachment",
            nexthop_id=place.attachment_id,
        ),
        opts=options,
    )


def _way_in(
    owner: Component,
    prefix: str,
    named: tuple[str, RouterServiceArgs],
    host: Place,
    done: Sequence[pulumi.Resource],
) -> "cen.TransitRouterRouteEntry":
    """From the service's transit router to the VPC that reaches it."""
    key, service = named
    return cen.TransitRouterRouteEntry(
        f"{prefix}-{key}",
        cen.TransitRouterRouteEntryArgs(
            transit_router_route_table_id=host.router.table_id,
            transit_router_route_entry_destination_cidr_block=service["cidr"],
            transit_router_route_entry_next_hop_type="Attachment",
            transit_router_route_entry_next_hop_id=host.attachment_id,
        ),
        # Advertised to a VPC first, this route might be in the way of the VPC's own. It may come
        # from any attachment: each is in use before the last thing on its router is done.
        opts=child(
            owner,
            was=former(prefix, service.get("was")),
            after=done,
            delete_before_replace=True,
            provider=host.router.provider,
        ),
    )
