"""A small network in a simulated cloud, for tests of its rules."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from sandbox.cloud import CloudError, Resource, Store


class Lab:
    """A VPC with one vSwitch and one NAT gateway. Nothing takes time unless a test says so."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.entry_seconds = store.association_seconds = 0
        self.vpc = store.create("vpc", {"cidr_block": "192.168.0.0/16", "vpc_name": "shop"})
        self.vswitch = self.new_vswitch("192.168.1.0/24")
        self.gateway = self.new_gateway()

    def new_vswitch(self, cidr: str, **more: object) -> Resource:
        asked = {"vpc_id": self.vpc.id, "cidr_block": cidr, "zone_id": "cn-shanghai-a", **more}
        return self.store.create("vswitch", asked)

    def new_gateway(self, **more: object) -> Resource:
        asked = {"vpc_id": self.vpc.id, "vswitch_id": self.vswitch.id, "nat_type": "Enhanced"}
        return self.store.create("nat_gateway", {**asked, **more})

    def new_eip(self, **more: object) -> Resource:
        return self.store.create("eip_address", more)

    def bind(self, eip: Resource, target: Resource | None = None) -> Resource:
        where = target or self.gateway
        asked = {"allocation_id": eip.id, "instance_id": where.id}
        return self.store.create("eip_association", asked)

    def bound_ip(self) -> str:
        """A new public address on the gateway."""
        eip = self.new_eip()
        self.bind(eip)
        return eip.text("ip_address")

    def new_package(self, **more: object) -> Resource:
        return self.store.create("common_bandwidth_package", {"bandwidth": "100", **more})

    def pack(self, eip: Resource, package: Resource) -> Resource:
        asked = {"bandwidth_package_id": package.id, "instance_id": eip.id}
        return self.store.create("common_bandwidth_package_attachment", asked)

    def forward(
        self, ip: str, port: str = "80", host: str = "192.168.1.1", **more: Any
    ) -> Resource:
        asked = {
            "forward_table_id": self.gateway["forward_table_ids"],
            "external_ip": ip,
            "external_port": port,
            "internal_ip": host,
            "internal_port": port,
            "ip_protocol": "any" if port == "any" else "tcp",
            **more,
        }
        return self.store.create("forward_entry", asked)

    def snat(self, *ips: str, **more: object) -> Resource:
        source = {} if "source_cidr" in more else {"source_vswitch_id": self.vswitch.id}
        asked = {"snat_table_id": self.gateway["snat_table_ids"], "snat_ip": ",".join(ips)}
        return self.store.create("snat_entry", {**asked, **source, **more})

    def new_group(self, **more: object) -> Resource:
        return self.store.create("security_group", {"vpc_id": self.vpc.id, **more})

    def new_instance(self, group: Resource, **more: object) -> Resource:
        asked = {"vswitch_id": self.vswitch.id, "security_groups": [group.id]}
        return self.store.create("instance", {**asked, **more})

    def new_card(self, group: Resource, **more: object) -> Resource:
        asked = {"vswitch_id": self.vswitch.id, "security_group_ids": [group.id]}
        return self.store.create("ecs_network_interface", {**asked, **more})

    def attach(self, card: Resource, instance: Resource) -> Resource:
        asked = {"network_interface_id": card.id, "instance_id": instance.id}
        return self.store.create("ecs_network_interface_attachment", asked)

    def bind_card(self, card: Resource, **more: object) -> Resource:
        """A new public address on a network card."""
        asked = {"allocation_id": self.new_eip().id, "instance_id": card.id}
        kind = {"instance_type": "NetworkInterface"}
        return self.store.create("eip_association", {**asked, **kind, **more})

    def now(self, one: Resource) -> Resource:
        """A resource as it is now."""
        found = self.store.read(one.kind, one.id)
        assert found is not None
        return found


@contextmanager
def refused(code: str) -> Generator[None]:
    """The block is refused with this code."""
    with pytest.raises(CloudError) as caught:
        yield
    assert caught.value.code == code, str(caught.value)


def new_lab() -> Lab:
    return Lab(Store(":memory:", seed="tests"))
