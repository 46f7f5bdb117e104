"""`EniPublicIps`: binds public addresses (EIPs) to a network interface (ENI).

Owns the bindings alone. Doesn't own the addresses (`EipAddresses`), the interface (`EniAttachment`)
or the routes inside the server (`EniRouting`); those come first, so that the break of an address
that moves here lasts no longer than unbinding and binding it.

Source: Elastic IP Address, "Associate an EIP with a secondary ENI"; the seed document on unifying
the public egress address, steps 4 and 5.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs

from .._component import Component
from .._options import child, former, once


class EniPublicIpArgs(TypedDict):
    """A public address and its place on the interface."""

    allocation_id: pulumi.Input[str]
    """The EIP's id. Another one takes the place in one step: unbound, then bound."""

    ip_address: pulumi.Input[str]
    """The address itself."""

    private_ip_address: NotRequired[pulumi.Input[str] | None]
    """The interface's private address that it goes to, where that isn't the primary one."""

    was: NotRequired[str | None]
    """The place that it had before that was renamed."""


class EniPublicIpsArgs(TypedDict):
    """Arguments of `EniPublicIps`."""

    eni_id: pulumi.Input[str]
    """The interface: `EniAttachment.eni_id`."""

    mode: str
    """"NAT" (normal mode) or "MULTI_BINDED". "BINDED" (cut-through mode) needs an interface that
    isn't attached."""

    places: Mapping[str, EniPublicIpArgs]
    """Addresses by place; the place becomes part of the resource's name. A place keeps its name
    when it gets another address, so that the cloud is never asked to hold both."""


class EniPublicIps(Component):
    """Public addresses on a network interface. Children: `<name>-<place>` for each."""

    addresses: Mapping[str, pulumi.Output[str]]
    """The addresses by place, known once they are bound."""

    def __init__(
        self, name: str, args: EniPublicIpsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the bindings."""
        super().__init__(name, opts)
        self.addresses = {
            place: self._bound(name, args, place, wanted)
            for place, wanted in sorted(args["places"].items())
        }
        self.register_outputs({"addresses": self.addresses})

    def _bound(
        self, name: str, args: EniPublicIpsArgs, place: str, wanted: EniPublicIpArgs
    ) -> pulumi.Output[str]:
        association = ecs.EipAssociation(
            f"{name}-{place}",
            ecs.EipAssociationArgs(
                allocation_id=wanted["allocation_id"],
                instance_id=args["eni_id"],
                instance_type="NetworkInterface",  # the provider doesn't infer it
                mode=args["mode"],
                private_ip_address=wanted.get("private_ip_address"),
            ),
            # An address is bound to one thing, and a place has one address.
            opts=child(
                self,
                was=former(name, wanted.get("was")),
                delete_before_replace=True,
            ),
        )
        return once(association, pulumi.Output.from_input(wanted["ip_address"]))
