"""`EniAttachment`: a second network interface (ENI) for an ECS instance.

Owns the interface, its attachment and, unless security groups are given, a security group with
exactly the ingress rules asked for. Doesn't own the instance, public addresses (`EipAddresses`) or
the routes inside the server that make use of the interface (`EniRouting`).

Source: Elastic Compute Service, "Create an ENI" and "Attach an ENI"; the seed document on unifying
the public egress address, steps 2 and 3.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs

from .._component import Component
from .._options import child, once
from ..network._security_group import IngressRuleArgs, security_group

# Attaching and detaching wait for the instance; the provider gives up after two minutes and one.
ENI_TIMEOUTS: Final = pulumi.CustomTimeouts(create="10m", update="10m", delete="10m")


class EniAttachmentArgs(TypedDict):
    """Arguments of `EniAttachment`."""

    instance_id: pulumi.Input[str]
    """The instance; Running or Stopped, in the vSwitch's zone."""

    vpc_id: pulumi.Input[str]
    """The VPC, for the security group."""

    vswitch_id: pulumi.Input[str]
    """The vSwitch that the interface lies in."""

    private_ip: NotRequired[str | None]
    """Its primary address there; the cloud picks a free one unless given. Another one means another
    interface."""

    secondary_private_ips: NotRequired[Sequence[str]]
    """More addresses of it, at most 10. They can be changed in place."""

    eni_name: NotRequired[str]
    """The name of the interface and of its security group, 2 to 128 characters."""

    security_group_ids: NotRequired[Sequence[pulumi.Input[str]] | None]
    """Security groups that exist; none is created then, and `ingress` isn't looked at."""

    ingress: NotRequired[Mapping[str, IngressRuleArgs]]
    """Ingress rules by key; the key becomes part of the resource's name."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the interface and the security group."""


class EniAttachment(Component):
    """A secondary network interface, attached to an instance.

    Children: `<name>-eni`, `<name>-attachment`; and unless security groups are given,
    `<name>-security-group` and `<name>-allow-<key>` for each rule.
    """

    eni_id: pulumi.Output[str]
    """The interface's id, known once it is attached: what is bound to it comes after that, and
    goes before it is detached."""

    mac_address: pulumi.Output[str]
    """Its MAC address, known once it is attached."""

    private_ip: pulumi.Input[str]
    """Its primary address: as given, or as the cloud picked it."""

    security_group_id: pulumi.Output[str] | None
    """The security group that was created, if one was."""

    def __init__(
        self, name: str, args: EniAttachmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the interface and attach it."""
        super().__init__(name, opts)
        self._name = name
        group_ids = args.get("security_group_ids")
        self.security_group_id = None
        if group_ids is None:
            self.security_group_id = self._security_group(args)
            group_ids = [self.security_group_id]
        eni = self._interface(args, group_ids)
        attachment = self._attachment(args, eni)
        self.eni_id = once(attachment, eni.id)
        self.private_ip = args.get("private_ip") or eni.primary_ip_address
        self.mac_address = once(attachment, eni.mac)
        self.register_outputs({"eniId": self.eni_id, "macAddress": self.mac_address})

    def _security_group(self, args: EniAttachmentArgs) -> pulumi.Output[str]:
        arguments = ecs.SecurityGroupArgs(
            security_group_name=args.get("eni_name"), vpc_id=args["vpc_id"], tags=args.get("tags")
        )
        return security_group(self, self._name, arguments, args.get("ingress", {}))

    def _interface(
        self, args: EniAttachmentArgs, group_ids: Sequence[pulumi.Input[str]]
    ) -> "ecs.EcsNetworkInterface":
        # Its address is fixed and held by one interface at a time, and a second one beside it could
        # be one more than the instance takes.
        options = child(self, delete_before_replace=True)
        options.custom_timeouts = ENI_TIMEOUTS
        return ecs.EcsNetworkInterface(
            f"{self._name}-eni",
            ecs.EcsNetworkInterfaceArgs(
                network_interface_name=args.get("eni_name"),
                vswitch_id=args["vswitch_id"],
                primary_ip_address=args.get("private_ip"),
                # Said even where there are none: left out, the last one would stay.
                private_ip_addresses=list(args.get("secondary_private_ips", ())),
                security_group_ids=group_ids,
                tags=args.get("tags"),
            ),
            opts=options,
        )

    def _attachment(
        self, args: EniAttachmentArgs, eni: "ecs.EcsNetworkInterface"
    ) -> "ecs.EcsNetworkInterfaceAttachment":
        # One instance at a time.
        options = child(self, after=(), delete_before_replace=True)
        options.custom_timeouts = ENI_TIMEOUTS
        return ecs.EcsNetworkInterfaceAttachment(
            f"{self._name}-attachment",
            ecs.EcsNetworkInterfaceAttachmentArgs(
                instance_id=args["instance_id"], network_interface_id=eni.id
            ),
            opts=options,
        )
