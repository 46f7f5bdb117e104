"""Two regions to join by a CEN, for tests of its rules."""

from typing import Any

from sandbox.cloud import Resource, Store

SHANGHAI, ZHANGJIAKOU = "cn-shanghai", "cn-zhangjiakou"


class CenLab:
    """A CEN, and in each of two regions a VPC with two vSwitches. Nothing takes time."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or Store(":memory:", seed="tests")
        self.store.entry_seconds = 0
        self.cen = self.make("cen_instance", cen_instance_name="joined")
        self.vpcs = {
            SHANGHAI: self.new_vpc("10.1.0.0/16", SHANGHAI),
            ZHANGJIAKOU: self.new_vpc("10.2.0.0/16", ZHANGJIAKOU),
        }
        self.vswitches = {
            SHANGHAI: self._pair("10.1", SHANGHAI, "bf"),
            ZHANGJIAKOU: self._pair("10.2", ZHANGJIAKOU, "ab"),
        }

    def make(self, kind: str, region: str = SHANGHAI, /, **asked: Any) -> Resource:
        return self.store.create(kind, asked, region=region)

    def delete(self, one: Resource) -> None:
        region = SHANGHAI if one.region == "global" else one.region
        self.store.delete(one.kind, one.id, region=region)

    def now(self, one: Resource) -> Resource:
        region = SHANGHAI if one.region == "global" else one.region
        found = self.store.read(one.kind, one.id, region=region)
        assert found is not None
        return found

    def new_vpc(self, cidr: str, region: str) -> Resource:
        return self.make("vpc", region, cidr_block=cidr)

    def new_vpn(self, vpc: Resource) -> Resource:
        self.store.instance_seconds = 0
        return self.make("vpn_gateway", vpc.region, vpc_id=vpc.id, bandwidth=10)

    def new_vswitch(self, vpc: Resource, cidr: str, zone: str) -> Resource:
        asked = {"vpc_id": vpc.id, "cidr_block": cidr, "zone_id": f"{vpc.region}-{zone}"}
        return self.make("vswitch", vpc.region, **asked)

    def _pair(self, front: str, region: str, zones: str) -> list[Resource]:
        vpc = self.vpcs[region]
        return [
            self.new_vswitch(vpc, f"{front}.{number}.0/24", zone)
            for number, zone in enumerate(zones, 1)
        ]

    # --- basic edition ------------------------------------------------------------------------

    def attach(self, region: str, **more: Any) -> Resource:
        """A VPC as it is, in the CEN."""
        asked = {
            "instance_id": self.cen.id,
            "child_instance_id": self.vpcs[region].id,
            "child_instance_type": "VPC",
            "child_instance_region_id": region,
        }
        return self.make("cen_instance_attachment", **{**asked, **more})

    def new_package(self, bandwidth: int = 5, *, attached: bool = True, **more: Any) -> Resource:
        areas = {"geographic_region_a_id": "China", "geographic_region_b_id": "China"}
        asked = {"bandwidth": bandwidth, "payment_type": "PostPaid", **areas, **more}
        package = self.make("cen_bandwidth_package", **asked)
        if attached:
            self.give(package)
        return package

    def give(self, package: Resource) -> Resource:
        """The package to the CEN."""
        asked = {"bandwidth_package_id": package.id, "instance_id": self.cen.id}
        return self.make("cen_bandwidth_package_attachment", **asked)

    def limit(self, bandwidth: int, *regions: str) -> Resource:
        pair = list(regions or (SHANGHAI, ZHANGJIAKOU))
        asked = {"instance_id": self.cen.id, "region_ids": pair, "bandwidth_limit": bandwidth}
        return self.make("cen_bandwidth_limit", **asked)

    # --- transit routers ----------------------------------------------------------------------

    def new_router(self, region: str) -> Resource:
        return self.make("cen_transit_router", region, cen_id=self.cen.id)

    def new_table(self, router: Resource) -> Resource:
        region = router.text("region_id")
        return self.make("cen_transit_router_route_table", region, transit_router_id=router.id)

    def join(self, router: Resource, **more: Any) -> Resource:
        """The region's VPC, on the transit router."""
        region = router.text("region_id")
        asked = {
            "cen_id": self.cen.id,
            "transit_router_id": router.id,
            "vpc_id": self.vpcs[region].id,
            "zone_mappings": [
                {"zone_id": one["zone_id"], "vswitch_id": one.id} for one in self.vswitches[region]
            ],
        }
        return self.make("cen_transit_router_vpc_attachment", region, **{**asked, **more})

    def peer(self, router: Resource, other: Resource, **more: Any) -> Resource:
        asked = {
            "cen_id": self.cen.id,
            "transit_router_id": router.id,
            "peer_transit_router_id": other.id,
            "peer_transit_router_region_id": other["region_id"],
            "bandwidth_type": "DataTransfer",
            "bandwidth": 2,
        }
        region = router.text("region_id")
        return self.make("cen_transit_router_peer_attachment", region, **{**asked, **more})

    def tie(self, word: str, attachment: Resource, table: Resource) -> Resource:
        """An association or a propagation."""
        asked = {
            "transit_router_attachment_id": attachment.id,
            "transit_router_route_table_id": table.id,
        }
        return self.make(f"cen_transit_router_route_table_{word}", **asked)

    def route(self, table: Resource, cidr: str, hop: Resource | None) -> Resource:
        asked = {
            "transit_router_route_table_id": table.id,
            "transit_router_route_entry_destination_cidr_block": cidr,
            "transit_router_route_entry_next_hop_type": "Attachment" if hop else "BlackHole",
            "transit_router_route_entry_next_hop_id": hop.id if hop else None,
        }
        return self.make("cen_transit_router_route_entry", **asked)

    def vpc_route(self, vpc: Resource, cidr: str, hop: Resource, **more: Any) -> Resource:
        asked = {
            "route_table_id": vpc["route_table_id"],
            "destination_cidrblock": cidr,
            "nexthop_type": "Attachment",
            "nexthop_id": hop.id,
        }
        return self.make("route_entry", vpc.region, **{**asked, **more})
