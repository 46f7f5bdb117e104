"""The bare program: the same resources, written straightforwardly with Pulumi and the provider.

What anybody would write who knew all of the values beforehand and needed nothing of a stack file:
no settings to read or judge, no components, a loop over dictionaries. It does keep what the cloud
makes necessary (the order of entries, all bindings before them), since without it Pulumi would
have other work to do. So components, settings and rules count as ours.

In two places it isn't naive, for a naive one would flatter us (SDK 3.272, one chain of entries):

- A program that never yields to the event loop leaves the SDK to wait for each of its outputs by
  turns, which takes minutes where it could take seconds: `run_bare` yields once.
- `depends_on=[the entry before]` makes the SDK walk the whole chain for each entry, in search of a
  cycle, and exhausts Python's stack at about 980 entries: `_registered` leads to the URN alone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi.resource import DependencyResource
from pulumi_alicloud import ecs, vpc

ENTRY_TIMEOUTS = pulumi.CustomTimeouts(create="10m", update="10m", delete="10m")

Settings = Mapping[str, Any]


def run_bare(settings: Settings) -> None:
    """The whole program: register everything that `settings` say, and let it begin."""

    async def main() -> None:
        _register(pulumi.get_stack(), settings)
        await asyncio.sleep(0)

    pulumi.run(main)


def _register(stack: str, settings: Settings) -> None:
    section, tags = settings["sharedBandwidth"], settings["tags"]
    place = settings["network"]["vswitches"]["apps"]
    network = vpc.Network(
        "network-vpc",
        vpc_name=f"{stack}-vpc",
        cidr_block=settings["network"]["vpc"]["cidr"],
        tags=tags,
    )
    vswitch = vpc.Switch(
        "network-apps",
        vswitch_name=f"{stack}-apps",
        vpc_id=network.id,
        cidr_block=place["cidr"],
        zone_id=place["zone"],
        tags=tags,
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )
    gateway = vpc.NatGateway(
        "gateway-nat",
        vpc_id=network.id,
        vswitch_id=vswitch.id,
        nat_gateway_name=section["natGateway"]["name"],
        nat_type="Enhanced",
        network_type="internet",
        payment_type="PayAsYouGo",
        internet_charge_type="PayByLcu",
        deletion_protection=False,
        force=True,
        tags=tags,
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )
    package = vpc.CommonBandwithPackage(
        "shared-bandwidth-package",
        bandwidth=str(section["bandwidth"]),
        internet_charge_type="PayByBandwidth",
        bandwidth_package_name=f"{stack}-bandwidth",
        deletion_protection=False,
        force="true",
        tags=tags,
    )
    bindings: list[pulumi.Resource] = []
    addresses: dict[str, pulumi.Output[str]] = {}
    for key in section["publicIps"]:
        eip = ecs.EipAddress(
            f"shared-bandwidth-{key}",
            address_name=f"{stack}-{key}",
            payment_type="PayAsYouGo",
            internet_charge_type="PayByTraffic",
            deletion_protection=False,
            tags=tags,
            opts=pulumi.ResourceOptions(ignore_changes=["bandwidth", "internet_charge_type"]),
        )
        attachment = vpc.CommonBandwithPackageAttachment(
            f"shared-bandwidth-{key}-attachment",
            bandwidth_package_id=package.id,
            instance_id=eip.id,
            ip_type="EIP",
            opts=pulumi.ResourceOptions(delete_before_replace=True, ignore_changes=["ipType"]),
        )
        association = ecs.EipAssociation(
            f"shared-bandwidth-{key}-association",
            allocation_id=eip.id,
            instance_id=gateway.id,
            instance_type="Nat",
            opts=pulumi.ResourceOptions(depends_on=[attachment], delete_before_replace=True),
        )
        bindings.append(association)
        both = pulumi.Output.all(eip.ip_address, association.id)
        addresses[key] = both.apply(lambda both: str(both[0]))  # known once it is bound
    before: Sequence[pulumi.Input[pulumi.Resource]] = bindings
    for key, way_out in section["egress"].items():
        entry = vpc.SnatEntry(
            f"egress-{key}",
            snat_table_id=gateway.snat_table_ids,
            snat_entry_name=f"{stack}-{key}",
            snat_ip=addresses[way_out["publicIps"][0]],
            source_vswitch_id=vswitch.id,
            opts=_after(bindings),
        )
        before = [entry, *bindings]
    for key, way_in in section["portMappings"].items():
        entry = vpc.ForwardEntry(
            f"port-mappings-{key}",
            forward_table_id=gateway.forward_table_ids,
            forward_entry_name=f"{stack}-{key}",
            external_ip=addresses[way_in["publicIp"]],
            external_port=str(way_in["port"]),
            internal_ip=settings["network"]["hosts"][way_in["host"]]["ip"],
            internal_port=str(way_in["port"]),
            ip_protocol=way_in["protocol"],
            port_break=True,
            opts=_after(before),
        )
        before = [pulumi.Output.from_input(_registered(entry))]
    pulumi.export("natGatewayId", gateway.id)
    pulumi.export("bandwidthPackageId", package.id)
    pulumi.export("publicIps", addresses)


def _after(before: Sequence[pulumi.Input[pulumi.Resource]]) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        depends_on=before, delete_before_replace=True, custom_timeouts=ENTRY_TIMEOUTS
    )


async def _registered(resource: pulumi.Resource) -> pulumi.Resource:
    urn = await resource.urn.future()
    if urn is None:
        raise AssertionError("a URN is known once its resource is registered")
    return DependencyResource(urn)
