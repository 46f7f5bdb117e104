"""Public addresses (EIPs) as children of a component: the EIP, its package, its NAT gateway.

`SharedBandwidth` and `EipAddresses` are made of these. What they have in common is what the cloud
holds of one address: one package at a time, and one thing that it is bound to.

Source: Elastic IP Address, "Associate an EIP with a cloud resource"; Internet Shared Bandwidth,
"Associate EIPs".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs, vpc

from .._component import Component
from .._options import child, former, once


class EipArgs(TypedDict):
    """A public address: an EIP to create, or one that exists (`allocation_id`, `ip_address`)."""

    address_name: NotRequired[pulumi.Input[str]]
    """Its name, 1 to 128 characters."""

    description: NotRequired[pulumi.Input[str] | None]
    """2 to 256 characters, not starting with http:// or https://."""

    bandwidth: NotRequired[int | None]
    """Mbit/s, 1 to 200; the cloud's default is 5. In a package, the package's counts."""

    allocation_id: NotRequired[pulumi.Input[str] | None]
    """Use the EIP with this allocation id; needs `ip_address`."""

    ip_address: NotRequired[pulumi.Input[str] | None]
    """With `allocation_id`: the address itself."""

    was: NotRequired[str | None]
    """The key that this address had before it was renamed."""


@dataclass(frozen=True)
class PublicIp:
    """One address of a component."""

    allocation_id: pulumi.Output[str]
    address: pulumi.Output[str]

    attachment: pulumi.Resource | None
    """Its place in the bandwidth package, if it has one."""

    association: pulumi.Resource | None
    """Its binding to a gateway, if it has one here."""

    bound_address: pulumi.Output[str] | None
    """The address, known only once it is bound to its gateway; None for one that isn't."""


class Addressed(Component):
    """A component with public addresses, and what it puts out of them."""

    addresses: Mapping[str, pulumi.Output[str]]
    """The addresses by key."""

    allocation_ids: Mapping[str, pulumi.Output[str]]
    """The EIPs' ids by key."""

    bound_addresses: Mapping[str, pulumi.Output[str]]
    """By key, the addresses that are on a gateway, known only once they are bound. Entries take
    these: an address is plain text to the provider, so without it an entry could be created before
    its address is on the gateway, or outlive it there."""

    bindings: Mapping[str, pulumi.Output[str]]
    """By key, URNs of what binds addresses to a gateway here: what uses an address is replaced with
    it."""

    attachments: Mapping[str, pulumi.Output[str]]
    """By key, URNs of places in a bandwidth package: what binds an address comes after that."""

    def take(self, public_ips: Mapping[str, PublicIp]) -> None:
        """Put these out."""

        def some(
            of: Callable[[PublicIp], pulumi.Output[str] | None],
        ) -> dict[str, pulumi.Output[str]]:
            every = {key: of(ip) for key, ip in public_ips.items()}
            return {key: one for key, one in every.items() if one is not None}

        self.addresses = {key: ip.address for key, ip in public_ips.items()}
        self.allocation_ids = {key: ip.allocation_id for key, ip in public_ips.items()}
        self.bound_addresses = some(lambda ip: ip.bound_address)
        self.bindings = some(lambda ip: ip.association and ip.association.urn)
        self.attachments = some(lambda ip: ip.attachment and ip.attachment.urn)


@dataclass(frozen=True)
class EipOwner:
    """The component that addresses belong to, and what holds for all of them."""

    component: Component
    name: str
    package_id: pulumi.Input[str] | None
    """The bandwidth package that they are in, if any."""

    deletion_protection: bool
    """Whether the cloud refuses to delete them."""

    protect: bool
    """Whether Pulumi does."""

    tags: Mapping[str, pulumi.Input[str]] | None


def public_ip(
    owner: EipOwner, key: str, args: EipArgs, gateway_id: pulumi.Input[str] | None
) -> PublicIp:
    """Register an address: `<name>-<key>`, `…-attachment` and, on a gateway, `…-association`."""
    allocation_id, address = _eip(owner, key, args)
    attachment = _attachment(owner, key, args, allocation_id)
    if gateway_id is None:
        return PublicIp(allocation_id, address, attachment, association=None, bound_address=None)
    association = ecs.EipAssociation(
        f"{owner.name}-{key}-association",
        ecs.EipAssociationArgs(
            allocation_id=allocation_id, instance_id=gateway_id, instance_type="Nat"
        ),
        # In the package before traffic flows, and until it has stopped: outside of it the address
        # would be billed by itself. Bound to one gateway at a time.
        opts=child(
            owner.component,
            was=former(owner.name, args.get("was"), "-association"),
            after=[*owner.component.awaited, *([attachment] if attachment is not None else ())],
            delete_before_replace=True,
        ),
    )
    return PublicIp(allocation_id, address, attachment, association, once(association, address))


def bound_elsewhere(component: pulumi.ComponentResource, key: str, args: EipArgs) -> PublicIp:
    """An address that is where it belongs already; nothing is registered for it.

    Raises:
        ValueError: it isn't given by its id and address.
    """
    identity, address = args.get("allocation_id"), args.get("ip_address")
    if identity is None or address is None:
        message = (
            f"{type(component).__name__}: {key} is bound already, so it needs its allocation_id "
            "and its ip_address"
        )
        raise ValueError(message)
    known = pulumi.Output.from_input(address)
    return PublicIp(
        pulumi.Output.from_input(identity), known, None, association=None, bound_address=known
    )


def _eip(owner: EipOwner, key: str, args: EipArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    identity, address = args.get("allocation_id"), args.get("ip_address")
    if identity is not None:
        if address is None:
            kind = type(owner.component).__name__
            message = f"{kind} {owner.name}: {key} needs its ip_address beside its id"
            raise ValueError(message)
        return pulumi.Output.from_input(identity), pulumi.Output.from_input(address)
    was = former(owner.name, args.get("was"))
    options = child(owner.component, was=was, after=(), protect=owner.protect)
    # In a package the cloud may answer with the package's values, and an EIP that was converted
    # from a server's fixed address keeps its billing; an address must never be replaced for that.
    options.ignore_changes = ["internet_charge_type"]
    if owner.package_id is not None:
        options.ignore_changes = ["bandwidth", "internet_charge_type"]
    bandwidth = args.get("bandwidth")
    eip = ecs.EipAddress(
        f"{owner.name}-{key}",
        ecs.EipAddressArgs(
            address_name=args.get("address_name"),
            description=args.get("description"),
            bandwidth=str(bandwidth) if bandwidth is not None else None,
            payment_type="PayAsYouGo",  # only these can join a package
            internet_charge_type="PayByTraffic",  # outside of a package; inside, it counts
            deletion_protection=owner.deletion_protection,
            tags=owner.tags,
        ),
        opts=options,
    )
    return eip.id, eip.ip_address


def _attachment(
    owner: EipOwner, key: str, args: EipArgs, allocation_id: pulumi.Output[str]
) -> "vpc.CommonBandwithPackageAttachment | None":
    if owner.package_id is None:
        return None
    # An address is in one package at a time.
    options = child(
        owner.component,
        was=former(owner.name, args.get("was"), "-attachment"),
        after=(),
        delete_before_replace=True,
    )
    # Sent once and never read back, so that one that was imported would be changed for nothing.
    options.ignore_changes = ["ip_type"]
    return vpc.CommonBandwithPackageAttachment(
        f"{owner.name}-{key}-attachment",
        vpc.CommonBandwithPackageAttachmentArgs(
            bandwidth_package_id=owner.package_id, instance_id=allocation_id, ip_type="EIP"
        ),
        opts=options,
    )
