"""`SharedBandwidth`: public addresses that share one bandwidth package on one NAT gateway.

Owns the package, the EIPs, their places in the package and their binding to the gateway. A spare
address is in the package and bound to nothing, so that it costs its holding fee and can be put to
use without touching the others. Doesn't own the gateway or any entry on it.

Source: Internet Shared Bandwidth, "Associate EIPs"; Elastic IP Address, "Associate an EIP with a
NAT gateway"; the seed document on shared public bandwidth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs, vpc

from components.options import child, former


class PublicIpArgs(TypedDict):
    """A public address: an EIP to create, or one that exists (`allocation_id`, `ip_address`)."""

    address_name: NotRequired[pulumi.Input[str]]
    """Its name, 1 to 128 characters."""

    description: NotRequired[pulumi.Input[str]]
    """2 to 256 characters, not starting with http:// or https://."""

    spare: NotRequired[bool]
    """Keep it in the package and bind it to nothing. Off unless given."""

    allocation_id: NotRequired[pulumi.Input[str]]
    """Use the EIP with this allocation id; needs `ip_address`."""

    ip_address: NotRequired[pulumi.Input[str]]
    """With `allocation_id`: the address itself."""

    was: NotRequired[str]
    """The key that this address had before it was renamed."""


class SharedBandwidthArgs(TypedDict):
    """Arguments of `SharedBandwidth`."""

    nat_gateway_id: pulumi.Input[str]
    """The gateway that the addresses are bound to."""

    public_ips: Mapping[str, PublicIpArgs]
    """Addresses by key; the key becomes part of the resources' names."""

    bandwidth: NotRequired[int]
    """Mbit/s of the package, 1 to 1000. Required unless `bandwidth_package_id` is given."""

    internet_charge_type: NotRequired[pulumi.Input[str]]
    """How the package is billed; PayByBandwidth unless given. Another one means a new package."""

    package_name: NotRequired[pulumi.Input[str]]
    """The package's name, 2 to 256 characters."""

    package_description: NotRequired[pulumi.Input[str]]
    """The package's description, 2 to 256 characters."""

    bandwidth_package_id: NotRequired[pulumi.Input[str]]
    """Use the package with this id."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete the package and the addresses, in the cloud and in Pulumi."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the package and the addresses."""


@dataclass(frozen=True)
class PublicIp:
    """One address of a `SharedBandwidth`."""

    allocation_id: pulumi.Output[str]
    """The EIP's id."""

    address: pulumi.Output[str]
    """The address."""

    bound_address: pulumi.Output[str] | None
    """The address, known only once it is bound to the gateway; None for a spare one.

    Entries take this one: an address is plain text to the provider, so without it an entry could be
    created before its address is on the gateway, or outlive it there.
    """


class SharedBandwidth(pulumi.ComponentResource):
    """A bandwidth package and the public addresses in it.

    Children: `<name>-package`; for each address `<name>-<key>` (the EIP),
    `<name>-<key>-attachment` (its place in the package) and `<name>-<key>-association` (its binding
    to the gateway, unless spare).
    """

    package_id: pulumi.Output[str]
    """The package's id."""

    public_ips: Mapping[str, PublicIp]
    """The addresses by key."""

    def __init__(
        self, name: str, args: SharedBandwidthArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the package and its addresses."""
        super().__init__("alicloud-gateways:index:SharedBandwidth", name, {}, opts)
        self._name = name
        self._gateway_id = args["nat_gateway_id"]
        self._protected = args.get("deletion_protection", False)
        self._tags = args.get("tags")
        self.package_id = self._package(args)
        self.public_ips = {
            key: self._public_ip(key, address)
            for key, address in sorted(args["public_ips"].items())
        }
        self.register_outputs(
            {
                "packageId": self.package_id,
                "publicIps": {key: ip.address for key, ip in self.public_ips.items()},
            }
        )

    def _package(self, args: SharedBandwidthArgs) -> pulumi.Output[str]:
        if "bandwidth_package_id" in args:
            return pulumi.Output.from_input(args["bandwidth_package_id"])
        if "bandwidth" not in args:
            message = (
                f"SharedBandwidth {self._name}: needs a bandwidth (to create a package) "
                "or a bandwidth_package_id"
            )
            raise ValueError(message)
        package = vpc.CommonBandwithPackage(
            f"{self._name}-package",
            vpc.CommonBandwithPackageArgs(
                bandwidth=str(args["bandwidth"]),
                # Said even where it is the default: the provider's own default is another one than
                # its documentation's.
                internet_charge_type=args.get("internet_charge_type", "PayByBandwidth"),
                bandwidth_package_name=args.get("package_name"),
                description=args.get("package_description"),
                deletion_protection=self._protected,
                tags=self._tags,
            ),
            opts=child(self, protect=self._protected),
        )
        return package.id

    def _public_ip(self, key: str, args: PublicIpArgs) -> PublicIp:
        allocation_id, address = self._eip(key, args)
        attachment = self._attachment(key, args, allocation_id)
        if args.get("spare", False):
            return PublicIp(allocation_id, address, bound_address=None)
        association = self._association(key, args, allocation_id, attachment)
        bound = pulumi.Output.all(address, association.id).apply(lambda both: str(both[0]))
        return PublicIp(allocation_id, address, bound)

    def _eip(self, key: str, args: PublicIpArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if "allocation_id" in args:
            if "ip_address" not in args:
                message = f"SharedBandwidth {self._name}: {key} needs its ip_address beside its id"
                raise ValueError(message)
            return (
                pulumi.Output.from_input(args["allocation_id"]),
                pulumi.Output.from_input(args["ip_address"]),
            )
        options = child(self, was=former(self._name, args.get("was")), protect=self._protected)
        # In a package the cloud may answer with the package's values; an address must never be
        # replaced for that.
        options.ignore_changes = ["bandwidth", "internet_charge_type"]
        eip = ecs.EipAddress(
            f"{self._name}-{key}",
            ecs.EipAddressArgs(
                address_name=args.get("address_name"),
                description=args.get("description"),
                payment_type="PayAsYouGo",  # only these can join a package
                internet_charge_type="PayByTraffic",  # outside of the package; inside it counts
                deletion_protection=self._protected,
                tags=self._tags,
            ),
            opts=options,
        )
        return eip.id, eip.ip_address

    def _attachment(
        self, key: str, args: PublicIpArgs, allocation_id: pulumi.Output[str]
    ) -> vpc.CommonBandwithPackageAttachment:
        return vpc.CommonBandwithPackageAttachment(
            f"{self._name}-{key}-attachment",
            vpc.CommonBandwithPackageAttachmentArgs(
                bandwidth_package_id=self.package_id,
                instance_id=allocation_id,
                ip_type="EIP",
            ),
            # An address is in one package at a time.
            opts=child(
                self,
                was=former(self._name, args.get("was"), "-attachment"),
                delete_before_replace=True,
            ),
        )

    def _association(
        self,
        key: str,
        args: PublicIpArgs,
        allocation_id: pulumi.Output[str],
        attachment: pulumi.Resource,
    ) -> ecs.EipAssociation:
        return ecs.EipAssociation(
            f"{self._name}-{key}-association",
            ecs.EipAssociationArgs(
                allocation_id=allocation_id, instance_id=self._gateway_id, instance_type="Nat"
            ),
            # In the package before traffic flows, and until it has stopped: outside of it the
            # address would be billed by itself. Bound to one gateway at a time.
            opts=child(
                self,
                was=former(self._name, args.get("was"), "-association"),
                after=[attachment],
                delete_before_replace=True,
            ),
        )
