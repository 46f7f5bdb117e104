"""Things made by hand in the sandbox's cloud, as somebody did before there was Pulumi."""

from typing import Any

import yaml

from sandbox.cloud.resource import Resource
from sandbox.cloud.store import Store
from sandbox.provider.identity import pulumi_id

REGION = "cn-shanghai"


class ByHand:
    """A cloud that was filled through its API, and the list of what is in it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.listed: dict[str, Any] = {"region": REGION}

    def make(self, kind: str, **wanted: Any) -> Resource:
        return self.store.create(kind, wanted, region=REGION)

    def list(self, key: str, made: Resource) -> Resource:
        """Put it on the list."""
        place = self.listed
        *way, last = key.split(".")
        for part in way:
            place = place.setdefault(part, {})
        if isinstance(place.get(last), list):
            place[last].append(pulumi_id(made))
        else:
            place[last] = pulumi_id(made)
        return made

    def text(self) -> str:
        return yaml.safe_dump(self.listed, sort_keys=False)

    def network(self) -> tuple[Resource, Resource]:
        tags = {"team": "shop"}
        vpc = self.list(
            "vpc", self.make("vpc", cidr_block="10.0.0.0/16", vpc_name="old-shop", tags=tags)
        )
        vswitch = self.make(
            "vswitch",
            vpc_id=vpc.id,
            cidr_block="10.0.1.0/24",
            zone_id="cn-shanghai-a",
            vswitch_name="Apps of the shop",
            tags=tags,
        )
        self.listed["vswitches"] = []
        return vpc, self.list("vswitches", vswitch)

    def gateway(self, vpc: Resource, vswitch: Resource, **more: Any) -> Resource:
        wanted = {
            "vpc_id": vpc.id,
            "vswitch_id": vswitch.id,
            "nat_type": "Enhanced",
            "nat_gateway_name": "front",
            "description": "the front door",
            "payment_type": "PayAsYouGo",
            "internet_charge_type": "PayByLcu",
            "tags": {"team": "shop"},
        }
        return self.list("natGateway", self.make("nat_gateway", **wanted, **more))

    def eip(self, key: str, **more: Any) -> Resource:
        return self.list(key, self.make("eip_address", tags={"team": "shop"}, **more))

    def bind(self, eip: Resource, target: Resource, kind: str = "Nat", **more: Any) -> None:
        self.make(
            "eip_association",
            allocation_id=eip.id,
            instance_id=target.id,
            instance_type=kind,
            **more,
        )

    def pack(self, eip: Resource, package: Resource) -> None:
        self.make(
            "common_bandwidth_package_attachment",
            bandwidth_package_id=package.id,
            instance_id=eip.id,
            ip_type="EIP",
        )


def shared_bandwidth(store: Store) -> ByHand:
    """A gateway with a package, three addresses and a spare one, three mappings and an egress."""
    store.entry_seconds = store.association_seconds = 0
    hand = ByHand(store)
    vpc, vswitch = hand.network()
    gateway = hand.gateway(vpc, vswitch)
    package = hand.list(
        "bandwidthPackage",
        hand.make(
            "common_bandwidth_package",
            bandwidth="100",
            internet_charge_type="PayByBandwidth",
            bandwidth_package_name="all of it",
            tags={"team": "shop"},
        ),
    )
    web = hand.eip("publicIps.web", address_name="web of the shop", description="the shop's own")
    jump = hand.eip("publicIps.jump", address_name="jump-host")
    out = hand.eip("publicIps.out", address_name="out")
    spare = hand.eip("sparePublicIps.later", address_name="spare")
    for eip in (web, jump, out, spare):
        hand.pack(eip, package)
    for eip in (web, jump, out):
        hand.bind(eip, gateway)
    group = hand.make("security_group", vpc_id=vpc.id)
    server = hand.make(
        "instance",
        vswitch_id=vswitch.id,
        security_groups=[group.id],
        private_ip="10.0.1.5",
        instance_type="ecs.g6.large",
        instance_name="shop-1",
    )
    hand.listed["hosts"] = []
    hand.list("hosts", server)
    hand.listed["portMappings"] = []
    for eip, port, protocol, host, inside, name in (
        (web, "443", "tcp", "10.0.1.5", "8443", "Web (TLS)"),
        (web, "900/910", "udp", "10.0.1.6", "900/910", ""),
        (jump, "any", "any", "10.0.1.7", "any", "jump"),
    ):
        entry = hand.make(
            "forward_entry",
            forward_table_id=gateway["forward_table_ids"],
            external_ip=eip["ip_address"],
            external_port=port,
            ip_protocol=protocol,
            internal_ip=host,
            internal_port=inside,
            forward_entry_name=name or None,
        )
        hand.list("portMappings", entry)
    hand.listed["egress"] = []
    entry = hand.make(
        "snat_entry",
        snat_table_id=gateway["snat_table_ids"],
        snat_ip=out["ip_address"],
        source_vswitch_id=vswitch.id,
        snat_entry_name="apps-out",
    )
    hand.list("egress", entry)
    return hand
