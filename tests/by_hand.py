"""Things made by hand in the sandbox's cloud, as somebody did before there was Pulumi.

Each is made through the cloud's API alone, and put on the list that adoption starts from.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sandbox.cloud import Resource, Store
from sandbox.provider.quirks import pulumi_id

REGION = "cn-shanghai"
TAGS = {"team": "shop"}
More = Mapping[str, Any]
NOTHING: More = {}


class ByHand:
    """A cloud that was filled by hand, and the list of what is in it."""

    def __init__(self, store: Store) -> None:
        store.entry_seconds = store.association_seconds = 0
        self.store = store
        self.listed: dict[str, Any] = {"region": REGION}
        self.vpc = self.listed_as("vpc", "vpc", cidr_block="10.0.0.0/16", vpc_name="old", tags=TAGS)
        self.vswitch = self.listed_as(
            "vswitches.",
            "vswitch",
            vpc_id=self.vpc.id,
            cidr_block="10.0.1.0/24",
            zone_id="cn-shanghai-a",
            vswitch_name="apps",
            tags=TAGS,
        )

    def make(self, kind: str, **attributes: Any) -> Resource:
        return self.store.create(kind, attributes, region=REGION)

    def listed_as(self, place: str, kind: str, **attributes: Any) -> Resource:
        """Make something and list it: at `vpc`, at `publicIps.web`, or in `egress.` as one more."""
        made = self.make(kind, **attributes)
        *way, last = place.split(".")
        inner: Any = self.listed
        for part in way[:-1] if not last else way:
            inner = inner.setdefault(part, {})
        if last:
            inner[last] = pulumi_id(made)
        else:
            inner.setdefault(way[-1], []).append(pulumi_id(made))
        return made

    def gateway(self, **more: Any) -> Resource:
        wanted_of_it = {
            "vpc_id": self.vpc.id,
            "vswitch_id": self.vswitch.id,
            "nat_type": "Enhanced",
            "nat_gateway_name": "front",
            "description": "the front door",
            "tags": TAGS,
        }
        return self.listed_as("natGateway", "nat_gateway", **{**wanted_of_it, **more})

    def package(self, **more: Any) -> Resource:
        wanted_of_it = {
            "bandwidth": "100",
            "internet_charge_type": "PayByBandwidth",
            "bandwidth_package_name": "all-of-it",
            "tags": TAGS,
        }
        return self.listed_as(
            "bandwidthPackage", "common_bandwidth_package", **{**wanted_of_it, **more}
        )

    def eip(self, place: str, **more: Any) -> Resource:
        return self.listed_as(place, "eip_address", tags=TAGS, **more)

    def bind(self, eip: Resource, target: Resource, kind: str = "Nat", **more: Any) -> None:
        ends = {"allocation_id": eip.id, "instance_id": target.id, "instance_type": kind}
        self.make("eip_association", **ends, **more)

    def pack(self, eip: Resource, package: Resource) -> None:
        ends = {"bandwidth_package_id": package.id, "instance_id": eip.id, "ip_type": "EIP"}
        self.make("common_bandwidth_package_attachment", **ends)

    def forward(self, gateway: Resource, eip: Resource, port: str, **more: Any) -> Resource:
        entry = {
            "forward_table_id": gateway["forward_table_ids"],
            "external_ip": eip["ip_address"],
            "external_port": port,
            "internal_port": port,
            "ip_protocol": "any" if port == "any" else "tcp",
        }
        return self.listed_as("portMappings.", "forward_entry", **{**entry, **more})

    def leave(self, gateway: Resource, eip: Resource) -> Resource:
        return self.listed_as(
            "egress.",
            "snat_entry",
            snat_table_id=gateway["snat_table_ids"],
            snat_ip=eip["ip_address"],
            source_vswitch_id=self.vswitch.id,
            snat_entry_name="apps-out",
        )

    def instance(self, address: str, name: str) -> Resource:
        group = self.make("security_group", vpc_id=self.vpc.id)
        return self.make(
            "instance",
            vswitch_id=self.vswitch.id,
            security_groups=[group.id],
            private_ip=address,
            instance_type="ecs.g6.large",
            instance_name=name,
        )

    def server(self, name: str, instance: Resource, *eips: More, package: Resource | None) -> None:
        """A network interface of an instance, and EIPs on it: each with its place and more."""
        card = self.listed_as(
            f"servers.{name}.eni",
            "ecs_network_interface",
            vswitch_id=self.vswitch.id,
            security_group_ids=instance["security_groups"],
            primary_ip_address="10.0.1.11",
            private_ip_addresses=["10.0.1.12"],
            network_interface_name=f"{name}-in",
            tags=TAGS,
        )
        self.make(
            "ecs_network_interface_attachment",
            network_interface_id=card.id,
            instance_id=instance.id,
        )
        self.listed["servers"][name]["instance"] = instance.id
        for more in eips:
            eip = self.eip(f"servers.{name}.publicIps.", address_name=more["name"], bandwidth="20")
            if package is not None:
                self.pack(eip, package)
            private = {k: v for k, v in more.items() if k == "private_ip_address"}
            self.bind(eip, card, "NetworkInterface", mode="NAT", **private)

    def text(self) -> str:
        return yaml.safe_dump(self.listed, sort_keys=False)

    def write(self, file: Path) -> None:
        """Write the list."""
        file.write_text(self.text(), encoding="utf-8")


def shared_bandwidth(store: Store, gateway: More = NOTHING, package: More = NOTHING) -> ByHand:
    """A gateway with a package, three addresses and a spare one, three mappings and an egress."""
    hand = ByHand(store)
    front, packed = hand.gateway(**gateway), hand.package(**package)
    web = hand.eip("publicIps.web", address_name="web", description="the shop's own")
    jump = hand.eip("publicIps.jump", address_name="jump-host")
    out = hand.eip("publicIps.out", address_name="out")
    spare = hand.eip("sparePublicIps.later", address_name="spare")
    for eip in (web, jump, out, spare):
        hand.pack(eip, packed)
    for eip in (web, jump, out):
        hand.bind(eip, front)
    hand.listed["hosts"] = [hand.instance("10.0.1.5", "web-server").id]
    hand.forward(
        front,
        web,
        "443",
        internal_ip="10.0.1.5",
        internal_port="8443",
        forward_entry_name="web-tls",
    )
    calls = {"internal_ip": "10.0.1.6", "forward_entry_name": "calls"}
    hand.forward(front, web, "900/910", ip_protocol="udp", **calls)
    hand.forward(front, jump, "any", internal_ip="10.0.1.7", forward_entry_name="jump")
    hand.leave(front, out)
    return hand


def unified_egress(store: Store) -> ByHand:
    """A gateway that a server leaves by, which is reached on two addresses of its interface."""
    hand = ByHand(store)
    front = hand.gateway()
    out = hand.eip("publicIps.egress", address_name="out", bandwidth="50")
    hand.bind(out, front)
    hand.leave(front, out)
    instance = hand.instance("10.0.1.5", "web-server")
    second = {"name": "web-api", "private_ip_address": "10.0.1.12"}
    hand.server("web1", instance, {"name": "web"}, second, package=None)
    return hand


def both(store: Store) -> ByHand:
    """Ports of one server mapped on the gateway, and another that is reached on its interface."""
    hand = ByHand(store)
    front, package = hand.gateway(), hand.package()
    web, out = hand.eip("publicIps.web"), hand.eip("publicIps.out")
    for eip in (web, out):
        hand.pack(eip, package)
        hand.bind(eip, front)
    named = {"internal_ip": "10.0.1.20", "forward_entry_name": "web"}
    hand.forward(front, web, "80", **named)
    hand.leave(front, out)
    instance = hand.instance("10.0.1.5", "api-server")
    hand.server("api", instance, {"name": "api"}, package=package)
    return hand


SCENES: dict[str, Callable[[Store], ByHand]] = {
    "shared-bandwidth": shared_bandwidth,
    "unified-egress": unified_egress,
    "both": both,
}
