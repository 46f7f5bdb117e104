"""`SharedBandwidth`: public addresses that share one bandwidth package on one NAT gateway.

Owns the package, the EIPs, their places in the package and their binding to the gateway. A spare
address is in the package and bound to nothing, so that it costs its holding fee and can be put to
use without touching the others. Doesn't own the gateway or any entry on it.

Source: Internet Shared Bandwidth, "Associate EIPs"; Elastic IP Address, "Associate an EIP with a
NAT gateway"; the seed document on shared public bandwidth.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc

from .._options import child
from ..marks import SPARE, spare_keys
from ._public_ip import Addressed, EipArgs, EipOwner, bound_elsewhere, public_ip


class PublicIpArgs(EipArgs):
    """A public address in the package: an EIP to create, or one that exists."""

    spare: NotRequired[bool]
    """Keep it in the package and bind it to nothing. Off unless given."""

    bound: NotRequired[bool]
    """With `allocation_id`: it is in a package and on the gateway already, by another program's
    doing, and nothing of that is changed. Off unless given."""


class SharedBandwidthArgs(TypedDict):
    """Arguments of `SharedBandwidth`."""

    nat_gateway_id: pulumi.Input[str]
    """The gateway that the addresses are bound to."""

    public_ips: Mapping[str, PublicIpArgs]
    """Addresses by key; the key becomes part of the resources' names."""

    bandwidth: NotRequired[int | None]
    """Mbit/s of the package, 1 to 1000. Required unless `bandwidth_package_id` is given."""

    internet_charge_type: NotRequired[pulumi.Input[str]]
    """How the package is billed; PayByBandwidth unless given. Another one means a new package."""

    package_name: NotRequired[pulumi.Input[str]]
    """The package's name, 2 to 256 characters."""

    package_description: NotRequired[pulumi.Input[str] | None]
    """The package's description, 2 to 256 characters."""

    bandwidth_package_id: NotRequired[pulumi.Input[str] | None]
    """Use the package with this id."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete the package and the addresses, in the cloud and in Pulumi."""

    protect: NotRequired[bool]
    """Refuse to delete or replace them in Pulumi; as `deletion_protection` unless given."""

    force_delete: NotRequired[bool]
    """Delete the package even where it has addresses that Pulumi doesn't know: the cloud then lets
    them go. Off unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the package and the addresses."""


class SharedBandwidth(Addressed):
    """A bandwidth package and the public addresses in it.

    Children: `<name>-package`; for each address `<name>-<key>` (the EIP),
    `<name>-<key>-attachment` (its place in the package) and `<name>-<key>-association` (its binding
    to the gateway, unless spare).
    """

    package_id: pulumi.Output[str]
    """The package's id."""

    def __init__(
        self, name: str, args: SharedBandwidthArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the package and its addresses."""
        super().__init__(name, opts)
        self._name = name
        self._kept = args.get("deletion_protection", False)
        self._held = args.get("protect", self._kept)
        self._tags = args.get("tags")
        self.package_id = self._package(args)
        owner = EipOwner(
            self,
            name,
            self.package_id,
            self._kept,
            self._held,
            self._tags,
        )
        gateway = args["nat_gateway_id"]
        public_ips = {
            key: bound_elsewhere(self, key, ip)
            if ip.get("bound", False)
            else public_ip(owner, key, ip, None if ip.get("spare", False) else gateway)
            for key, ip in sorted(args["public_ips"].items())
        }
        self.take(public_ips)
        self.register_outputs(
            {
                "packageId": self.package_id,
                "publicIps": self.addresses,
                SPARE: spare_keys(args["public_ips"]),
            }
        )

    def _package(self, args: SharedBandwidthArgs) -> pulumi.Output[str]:
        existing, bandwidth = args.get("bandwidth_package_id"), args.get("bandwidth")
        if existing is not None:
            return pulumi.Output.from_input(existing)
        if bandwidth is None:
            message = (
                f"SharedBandwidth {self._name}: needs a bandwidth (to create a package) "
                "or a bandwidth_package_id"
            )
            raise ValueError(message)
        package = vpc.CommonBandwithPackage(
            f"{self._name}-package",
            vpc.CommonBandwithPackageArgs(
                bandwidth=str(bandwidth),
                # Said even where it is the default: the provider's own default is another one than
                # its documentation's.
                internet_charge_type=args.get("internet_charge_type", "PayByBandwidth"),
                bandwidth_package_name=args.get("package_name"),
                description=args.get("package_description"),
                deletion_protection=self._kept,
                force="true" if args.get("force_delete") else None,
                tags=self._tags,
            ),
            opts=child(self, after=(), protect=self._held),
        )
        return package.id
