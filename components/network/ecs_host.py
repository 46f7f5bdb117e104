"""`EcsHost`: a server at a fixed private address, which lets in what is mapped to it.

Owns the ECS instance and, unless security groups are given, a security group with exactly the
ingress rules asked for. Never gives the instance a public address of its own: such an address would
take precedence over NAT, and can't be taken away again without a conversion.

Source: Elastic Compute Service, "RunInstances" and "Security groups".
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs

from .._component import Component
from .._options import child
from ._security_group import IngressRuleArgs, security_group


class EcsHostArgs(TypedDict):
    """Arguments of `EcsHost`."""

    vpc_id: pulumi.Input[str]
    """The VPC, for the security group."""

    vswitch_id: pulumi.Input[str]
    """The vSwitch that the instance lies in."""

    private_ip: str
    """Its address there."""

    instance_type: str
    """Such as ecs.t6-c1m1.large."""

    image_id: str
    """The image that it starts from."""

    instance_name: NotRequired[str]
    """The name of the instance and of its security group, 2 to 128 characters."""

    key_pair_name: NotRequired[str | None]
    """The ECS key pair for logging in."""

    system_disk_category: NotRequired[str]
    """The category of the system disk; cloud_essd unless given."""

    security_group_ids: NotRequired[Sequence[pulumi.Input[str]] | None]
    """Security groups that exist; none is created then, and `ingress` isn't looked at."""

    ingress: NotRequired[Mapping[str, IngressRuleArgs]]
    """Ingress rules by key; the key becomes part of the resource's name."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the instance and the security group."""


class EcsHost(Component):
    """A pay-as-you-go ECS instance without a public address.

    Children: `<name>-instance`; and unless security groups are given, `<name>-security-group` and
    `<name>-allow-<key>` for each rule.
    """

    instance_id: pulumi.Output[str]
    """The instance's id."""

    private_ip: pulumi.Output[str]
    """Its private address."""

    security_group_id: pulumi.Output[str] | None
    """The security group that was created, if one was."""

    def __init__(
        self, name: str, args: EcsHostArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the instance and its security group."""
        super().__init__(name, opts)
        self._name = name
        group_ids = args.get("security_group_ids")
        self.security_group_id = None
        if group_ids is None:
            self.security_group_id = self._security_group(args)
            group_ids = [self.security_group_id]
        instance = ecs.Instance(
            f"{name}-instance",
            ecs.InstanceArgs(
                instance_name=args.get("instance_name"),
                image_id=args["image_id"],
                instance_type=args["instance_type"],
                vswitch_id=args["vswitch_id"],
                private_ip=args["private_ip"],
                security_groups=group_ids,
                key_name=args.get("key_pair_name"),
                system_disk_category=args.get("system_disk_category", "cloud_essd"),
                instance_charge_type="PostPaid",
                internet_max_bandwidth_out=0,  # anything else allocates a fixed public address
                tags=args.get("tags"),
            ),
            # The address is fixed, and held by one instance at a time.
            opts=child(self, delete_before_replace=True),
        )
        self.instance_id = instance.id
        self.private_ip = instance.private_ip
        self.register_outputs({"instanceId": self.instance_id, "privateIp": self.private_ip})

    def _security_group(self, args: EcsHostArgs) -> pulumi.Output[str]:
        arguments = ecs.SecurityGroupArgs(
            security_group_name=args.get("instance_name"),
            vpc_id=args["vpc_id"],
            tags=args.get("tags"),
        )
        return security_group(self, self._name, arguments, args.get("ingress", {}))
