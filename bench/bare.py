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

import pulumi
from pulumi.resource import DependencyResource
from pulumi_alicloud import ecs, vpc

from bench.workload import (
    BANDWIDTH,
    GATEWAY_NAME,
    STACK,
    TAGS,
    VPC_CIDR,
    VSWITCH_CIDR,
    ZONE,
    Workload,
)

ENTRY_TIMEOUTS = pulumi.CustomTimeouts(create="10m", update="10m", delete="10m")


def run_bare(work: Workload) -> None:
    """The whole program: register everything that `work` says, and let it begin."""

    async def main() -> None:
        _register(work)
        await asyncio.sleep(0)

    pulumi.run(main)


def _register(work: Workload) -> None:
    network = vpc.Network("network-vpc", vpc_name=f"{STACK}-vpc", cidr_block=VPC_CIDR, tags=TAGS)
    vswitch = vpc.Switch(
        "network-apps",
        vswitch_name=f"{STACK}-apps",
        vpc_id=network.id,
        cidr_block=VSWITCH_CIDR,
        zone_id=ZONE,
        tags=TAGS,
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )
    gateway = vpc.NatGateway(
        "gateway-nat",
        vpc_id=network.id,
        vswitch_id=vswitch.id,
        nat_gateway_name=GATEWAY_NAME,
        nat_type="Enhanced",
        network_type="internet",
        payment_type="PayAsYouGo",
        internet_charge_type="PayByLcu",
        deletion_protection=False,
        force=True,
        tags=TAGS,
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )
    package = vpc.CommonBandwithPackage(
        "shared-bandwidth-package",
        bandwidth=str(BANDWIDTH),
        internet_charge_type="PayByBandwidth",
        bandwidth_package_name=f"{STACK}-bandwidth",
        deletion_protection=False,
        force="true",
        tags=TAGS,
    )
    bindings: list[pulumi.Resource] = []
    bound = {key: _address(key, gateway, package, bindings) for key in work.addresses}
    out = _way_out(work, gateway, vswitch, bound, bindings)
    _ways_in(work, gateway, bound, [out, *bindings])
    pulumi.export("natGatewayId", gateway.id)
    pulumi.export("bandwidthPackageId", package.id)
    pulumi.export("publicIps", bound)


def _address(
    key: str,
    gateway: vpc.NatGateway,
    package: vpc.CommonBandwithPackage,
    bindings: list[pulumi.Resource],
) -> pulumi.Output[str]:
    """A public address; known once it is bound to the gateway, by what is added to `bindings`."""
    eip = ecs.EipAddress(
        f"shared-bandwidth-{key}",
        address_name=f"{STACK}-{key}",
        payment_type="PayAsYouGo",
        internet_charge_type="PayByTraffic",
        deletion_protection=False,
        tags=TAGS,
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
    return pulumi.Output.all(eip.ip_address, association.id).apply(lambda both: str(both[0]))


def _way_out(
    work: Workload,
    gateway: vpc.NatGateway,
    vswitch: vpc.Switch,
    bound: Mapping[str, pulumi.Output[str]],
    bindings: Sequence[pulumi.Resource],
) -> pulumi.Resource:
    key, address = work.egress
    return vpc.SnatEntry(
        f"egress-{key}",
        snat_table_id=gateway.snat_table_ids,
        snat_entry_name=f"{STACK}-{key}",
        snat_ip=bound[address],
        source_vswitch_id=vswitch.id,
        opts=pulumi.ResourceOptions(
            depends_on=bindings, delete_before_replace=True, custom_timeouts=ENTRY_TIMEOUTS
        ),
    )


def _ways_in(
    work: Workload,
    gateway: vpc.NatGateway,
    bound: Mapping[str, pulumi.Output[str]],
    before: Sequence[pulumi.Input[pulumi.Resource]],
) -> None:
    for way in work.ways:
        entry = vpc.ForwardEntry(
            f"port-mappings-{way.key}",
            forward_table_id=gateway.forward_table_ids,
            forward_entry_name=f"{STACK}-{way.key}",
            external_ip=bound[way.public_ip],
            external_port=str(way.port),
            internal_ip=work.hosts[way.host],
            internal_port=str(way.port),
            ip_protocol=way.protocol,
            port_break=True,
            opts=pulumi.ResourceOptions(
                depends_on=before, delete_before_replace=True, custom_timeouts=ENTRY_TIMEOUTS
            ),
        )
        before = [pulumi.Output.from_input(_registered(entry))]


async def _registered(resource: pulumi.Resource) -> pulumi.Resource:
    urn = await resource.urn.future()
    if urn is None:
        raise AssertionError("a URN is known once its resource is registered")
    return DependencyResource(urn)
