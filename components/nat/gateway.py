"""`NatGateway`: an internet NAT gateway of the one kind that can still be bought.

Owns the gateway and the defaults that the provider leaves open: Enhanced, pay-as-you-go, billed by
capacity units. Doesn't own addresses or entries; `SharedBandwidth` binds the first and
`PortMappings` and `SnatEgress` the second. The VPC's default route to it is the cloud's own doing.

Source: NAT Gateway, "Internet NAT gateways"; the seed document on shared public bandwidth, step 1.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc

from .._component import Component
from .._options import child


class NatGatewayArgs(TypedDict):
    """Arguments of `NatGateway`."""

    vpc_id: pulumi.Input[str]
    """The VPC that it serves. Another VPC means another gateway."""

    vswitch_id: pulumi.Input[str]
    """The vSwitch that it lies in; it takes a private address there, and one more for each EIP.
    The cloud can't move it later."""

    gateway_name: NotRequired[pulumi.Input[str]]
    """Its name, 2 to 128 characters."""

    description: NotRequired[pulumi.Input[str] | None]
    """2 to 256 characters, not starting with http:// or https://."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete it, in the cloud and in Pulumi. Off unless given."""

    protect: NotRequired[bool]
    """Refuse to delete or replace it in Pulumi; as `deletion_protection` unless given."""

    force_delete: NotRequired[bool]
    """Delete it even where it has entries or addresses that Pulumi doesn't know: the cloud then
    removes them. Off unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Its tags."""


class NatGateway(Component):
    """An Enhanced internet NAT gateway. Child: `<name>-nat`."""

    nat_gateway_id: pulumi.Output[str]
    """Its id, for binding addresses."""

    forward_table_id: pulumi.Output[str]
    """Its DNAT table, for port mappings."""

    snat_table_id: pulumi.Output[str]
    """Its SNAT table, for egress."""

    def __init__(
        self, name: str, args: NatGatewayArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the gateway."""
        super().__init__(name, opts)
        protected = args.get("deletion_protection", False)
        # An EIP is on one gateway at a time, so a second gateway can't take over before the first
        # is gone. Deleted first, it takes its entries and associations with it, in order.
        options = child(
            self,
            protect=args.get("protect", protected),
            delete_before_replace=True,
        )
        # The provider would try to move it in place, which the cloud refuses.
        options.replace_on_changes = ["vswitch_id"]
        gateway = vpc.NatGateway(
            f"{name}-nat",
            vpc.NatGatewayArgs(
                vpc_id=args["vpc_id"],
                vswitch_id=args["vswitch_id"],
                nat_gateway_name=args.get("gateway_name"),
                description=args.get("description"),
                nat_type="Enhanced",  # unless said, the provider drops the vSwitch
                network_type="internet",
                payment_type="PayAsYouGo",
                internet_charge_type="PayByLcu",
                deletion_protection=protected,
                force=True if args.get("force_delete") else None,
                tags=args.get("tags"),
            ),
            opts=options,
        )
        self.nat_gateway_id = gateway.id
        self.forward_table_id = gateway.forward_table_ids  # one id, despite the plural
        self.snat_table_id = gateway.snat_table_ids
        self.register_outputs(
            {
                "natGatewayId": self.nat_gateway_id,
                "forwardTableId": self.forward_table_id,
                "snatTableId": self.snat_table_id,
            }
        )
