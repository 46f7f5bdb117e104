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

    def serve(
        self, name: str, attachment_id: pulumi.Output[str], was: str | None, end: str = ""
    ) -> None:
        """Forward a connection's traffic by the table, and have the table learn its routes.

        Args:
            name: the connection's, which the two resources' names start with.
            attachment_id: the connection's.
            was: the connection's former name.
            end: what the names end with, where a connection has a table on each side.
        """
        association = f"-association{end}"
        self.last = cen.TransitRouterRouteTableAssociation(
            f"{name}{association}",
            cen.TransitRouterRouteTableAssociationArgs(
                transit_router_attachment_id=attachment_id,
                transit_router_route_table_id=self.table_id,
            ),
            opts=self._next(was, association),
        )
        propagation = f"-propagation{end}"
        self.last = cen.TransitRouterRouteTablePropagation(
            f"{name}{propagation}",
            cen.TransitRouterRouteTablePropagationArgs(
                transit_router_attachment_id=attachment_id,
                transit_router_route_table_id=self.table_id,
            ),
            opts=self._next(was, propagation),
        )

    def _next(self, was: str | None, end: str) -> pulumi.ResourceOptions:
        return child(
            self._owner,
            was=f"{was}{end}" if was is not None else None,
            after=[self.last],
            # A connection is served by one table of a router, and learned by each once.
            delete_before_replace=True,
            provider=self.provider,
        )
