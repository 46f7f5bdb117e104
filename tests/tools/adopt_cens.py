"""A CEN made by hand, in the shape that a stack gives it: a table of its own on each router."""

from typing import Any

from sandbox.cloud import Resource, Store
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab

NAME = "joined"


class HandMadeCen:
    """Two regions whose networks reach each other by transit routers."""

    def __init__(self, store: Store) -> None:
        self.lab = lab = CenLab(store)
        named = {"transit_router_name": NAME}
        table = {"transit_router_route_table_name": NAME}
        self.routers = {
            region: lab.make("cen_transit_router", region, cen_id=lab.cen.id, **named)
            for region in (SHANGHAI, ZHANGJIAKOU)
        }
        self.tables = {
            region: lab.make(
                "cen_transit_router_route_table", region, transit_router_id=router.id, **table
            )
            for region, router in self.routers.items()
        }
        published = {"auto_publish_route_enabled": True}
        self.attached = {
            region: lab.join(router, transit_router_vpc_attachment_name=f"to-{region}", **published)
            for region, router in self.routers.items()
        }
        here, there = self.routers[SHANGHAI], self.routers[ZHANGJIAKOU]
        self.link = lab.peer(
            here, there, transit_router_peer_attachment_name="wire", bandwidth=20, **published
        )
        for region, one in self.attached.items():
            self.serve(region, one)
        for region in self.routers:
            self.serve(region, self.link)

    def serve(self, region: str, one: Resource) -> None:
        """Have the region's table carry and learn an attachment."""
        ends: dict[str, Any] = {
            "transit_router_attachment_id": one.id.rpartition(":")[2],
            "transit_router_route_table_id": self.tables[region].id.rpartition(":")[2],
        }
        for kind in ("association", "propagation"):
            self.lab.make(f"cen_transit_router_route_table_{kind}", region, **ends)
