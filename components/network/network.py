"""`Network`: a VPC and its vSwitches.

Owns what it creates. A VPC or vSwitch given by id is passed through untouched, so that what stands
on the network needn't know which of the two it was. Doesn't own route tables (an internet NAT
gateway adds its default route itself), network ACLs or IPv6.

Source: Virtual Private Cloud, "VPC and vSwitch".
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc

from .._component import Component
from .._options import child, former


class VpcArgs(TypedDict):
    """A VPC to create, or one that exists."""

    vpc_name: NotRequired[pulumi.Input[str]]
    """Its name, 1 to 128 characters."""

    cidr_block: NotRequired[pulumi.Input[str]]
    """Its IPv4 range. Required unless `vpc_id` is given."""

    vpc_id: NotRequired[pulumi.Input[str]]
    """Use the VPC with this id."""

    route_table_id: NotRequired[pulumi.Input[str] | None]
    """The system route table of the VPC with that id, for who adds routes to it."""


class VSwitchArgs(TypedDict):
    """A vSwitch to create, or one that exists."""

    vswitch_name: NotRequired[pulumi.Input[str]]
    """Its name, 1 to 128 characters."""

    cidr_block: pulumi.Input[str]
    """Its IPv4 range, inside the VPC's."""

    zone_id: pulumi.Input[str]
    """The zone that it lies in, such as cn-shanghai-a."""

    vswitch_id: NotRequired[pulumi.Input[str] | None]
    """Use the vSwitch with this id."""

    was: NotRequired[str | None]
    """The key that this vSwitch had before it was renamed."""


class NetworkArgs(TypedDict):
    """Arguments of `Network`."""

    vpc: VpcArgs
    """The VPC."""

    vswitches: Mapping[str, VSwitchArgs]
    """vSwitches by key; the key becomes part of the resource's name."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of everything that is created."""


class Network(Component):
    """A VPC and its vSwitches, created or existing.

    Children: `<name>-vpc`, `<name>-<key>` for each vSwitch.
    """

    vpc_id: pulumi.Output[str]
    """The VPC's id."""

    route_table_id: pulumi.Output[str] | None
    """The system route table's id; None where an existing VPC's isn't given."""

    vswitch_ids: Mapping[str, pulumi.Output[str]]
    """The vSwitches' ids by key."""

    vswitch_urns: Mapping[str, pulumi.Output[str]]
    """URNs of the vSwitches that are created, by key."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the network."""
        super().__init__(name, opts)
        self._name = name
        self._tags = args.get("tags")
        self.vpc_id, self.route_table_id = self._vpc(args["vpc"])
        wanted = sorted(args["vswitches"].items())
        existing = {key: one.get("vswitch_id") for key, one in wanted}
        created = {key: self._vswitch(key, one) for key, one in wanted if existing[key] is None}
        self.vswitch_ids = {
            key: pulumi.Output.from_input(id_) if id_ is not None else created[key].id
            for key, id_ in existing.items()
        }
        self.vswitch_urns = {key: one.urn for key, one in created.items()}
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "routeTableId": self.route_table_id,
                "vswitchIds": self.vswitch_ids,
            }
        )

    def _vpc(self, args: VpcArgs) -> tuple[pulumi.Output[str], pulumi.Output[str] | None]:
        if "vpc_id" in args:
            table = args.get("route_table_id")
            known = pulumi.Output.from_input(table) if table is not None else None
            return pulumi.Output.from_input(args["vpc_id"]), known
        if "cidr_block" not in args:
            message = f"Network {self._name}: vpc needs a cidr_block (to create it) or a vpc_id"
            raise ValueError(message)
        created = vpc.Network(
            f"{self._name}-vpc",
            vpc.NetworkArgs(
                vpc_name=args.get("vpc_name"), cidr_block=args["cidr_block"], tags=self._tags
            ),
            opts=child(self),
        )
        return created.id, created.route_table_id

    def _vswitch(self, key: str, args: VSwitchArgs) -> "vpc.Switch":
        return vpc.Switch(
            f"{self._name}-{key}",
            vpc.SwitchArgs(
                vswitch_name=args.get("vswitch_name"),
                vpc_id=self.vpc_id,
                cidr_block=args["cidr_block"],
                zone_id=args["zone_id"],
                tags=self._tags,
            ),
            # Another zone or range means another vSwitch, and no two share an address.
            opts=child(self, was=former(self._name, args.get("was")), delete_before_replace=True),
        )
