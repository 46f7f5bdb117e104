"""`EipAddresses`: public addresses for what leaves by a NAT gateway and for what else needs one.

Owns the EIPs, their places in a package (with one) and the bindings of those that are on a NAT
gateway. Doesn't own the package or the gateway; `EniPublicIps` binds the others to network
interfaces. An address outlives whatever it is bound to.

Source: Elastic IP Address, "Apply for EIPs" and "Associate an EIP with a NAT gateway".
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi

from ..marks import SPARE, spare_keys
from ._public_ip import Addressed, EipArgs, EipOwner, public_ip


class GatewayEipArgs(EipArgs):
    """A public address, and the NAT gateway that it is bound to."""

    spare: NotRequired[bool]
    """Say in the outputs that it is kept for later, so that nobody takes it for forgotten. Off
    unless given."""

    nat_gateway_id: NotRequired[pulumi.Input[str] | None]
    """The gateway; bound to none unless given."""


class EipAddressesArgs(TypedDict):
    """Arguments of `EipAddresses`."""

    addresses: Mapping[str, GatewayEipArgs]
    """Addresses by key; the key becomes part of the resources' names."""

    bandwidth_package_id: NotRequired[pulumi.Input[str] | None]
    """The package that they share. Without one, each has a bandwidth of its own."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete the addresses, in the cloud and in Pulumi. Off unless given."""

    protect: NotRequired[bool]
    """Refuse to delete or replace them in Pulumi; as `deletion_protection` unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the addresses."""


class EipAddresses(Addressed):
    """Public addresses.

    Children: for each address `<name>-<key>` (the EIP), `<name>-<key>-attachment` (its place in
    the package, with one) and `<name>-<key>-association` (its binding to a gateway, with one).
    """

    def __init__(
        self, name: str, args: EipAddressesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the addresses."""
        super().__init__(name, opts)
        kept = args.get("deletion_protection", False)
        owner = EipOwner(
            self,
            name,
            args.get("bandwidth_package_id"),
            deletion_protection=kept,
            protect=args.get("protect", kept),
            tags=args.get("tags"),
        )
        public_ips = {
            key: public_ip(owner, key, address, address.get("nat_gateway_id"))
            for key, address in sorted(args["addresses"].items())
        }
        self.take(public_ips)
        self.register_outputs(
            {
                "publicIps": self.addresses,
                SPARE: spare_keys(args["addresses"]),
            }
        )
