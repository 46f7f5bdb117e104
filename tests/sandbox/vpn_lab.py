"""A VPN gateway in a simulated cloud, and a data centre's device, for tests of their rules."""

from typing import Any

from sandbox.cloud import Resource, Store
from tests.sandbox.cloud_lab import Lab

KEY = "between"


class VpnLab(Lab):
    """A gateway of two tunnels and a customer gateway. Nothing takes time."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        store.instance_seconds = 0
        self.backup = self.new_vswitch("192.168.2.0/24", zone_id="cn-shanghai-b")
        self.vpn = self.new_vpn()
        self.customer = self.new_customer()

    def new_vpn(self, **more: object) -> Resource:
        asked = {
            "vpc_id": self.vpc.id,
            "vswitch_id": self.vswitch.id,
            "disaster_recovery_vswitch_id": self.backup.id,
            "bandwidth": 10,
            "vpn_gateway_name": "office",
        }
        return self.store.create("vpn_gateway", {**asked, **more})

    def new_old_vpn(self) -> Resource:
        """A gateway of one tunnel."""
        return self.new_vpn(vswitch_id=None, disaster_recovery_vswitch_id=None)

    def new_customer(self, ip: str = "203.0.113.9", **more: object) -> Resource:
        return self.store.create("vpn_customer_gateway", {"ip_address": ip, **more})

    def tunnels(self, **ike: object) -> list[dict[str, Any]]:
        key = {"psk": KEY, **ike}
        end = {"customer_gateway_id": self.customer.id, "tunnel_ike_config": key}
        return [{**end, "role": role} for role in ("master", "slave")]

    def connect(self, **more: object) -> Resource:
        asked = {
            "vpn_gateway_id": self.vpn.id,
            "local_subnet": ["192.168.0.0/16"],
            "remote_subnet": ["10.1.0.0/16"],
            "auto_config_route": True,
            "tunnel_options_specification": self.tunnels(),
        }
        return self.store.create("vpn_connection", {**asked, **more})

    def connect_old(self, gateway: Resource, **more: object) -> Resource:
        end = {"customer_gateway_id": self.customer.id, "vpn_gateway_id": gateway.id}
        return self.connect(tunnel_options_specification=None, **{**end, **more})

    def route(
        self, cidr: str = "10.1.0.0/16", hop: Resource | None = None, **more: object
    ) -> Resource:
        asked = {
            "route_table_id": self.vpc["route_table_id"],
            "destination_cidrblock": cidr,
            "nexthop_type": "VpnGateway",
            "nexthop_id": (hop or self.vpn).id,
        }
        return self.store.create("route_entry", {**asked, **more})


def new_vpn_lab() -> VpnLab:
    return VpnLab(Store(":memory:", seed="tests"))
