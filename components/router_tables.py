"""A region's transit router and its route table, as `TransitRouters` wires them. No component.

Source: Cloud Enterprise Network, "CreateTransitRouterRouteTable",
"AssociateTransitRouterAttachmentWithRouteTable" and "EnableTransitRouterRouteTablePropagation".
"""

import pulumi
from pulumi_alicloud import cen

from components.options import child


class Router:
    """A transit router, its route table, and what is done on that, one after the other.

    A table or an attachment that is being changed refuses more of it, and the provider doesn't
    always wait.
    """

    def __init__(
        self,
        owner: pulumi.ComponentResource,
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
