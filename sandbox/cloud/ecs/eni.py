"""Network cards (ENIs) beside the primary one, and which instance each is attached to.

A card and its EIPs belong together: an attached card may be detached with its EIPs on, and they
move with it. The primary card of an instance comes and goes with it and is no resource of its own:
whoever looks is told of it from the instance.
"""

import hashlib
from typing import ClassVar, Final

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent
from sandbox.cloud.core.name_checks import check_description, check_name
from sandbox.cloud.ecs.security import check_groups
from sandbox.cloud.eip.association import mapped_addresses, unbind_all
from sandbox.cloud.vpc.network import (
    ELSEWHERE,
    check_private_address,
    free_private_addresses,
)
from sandbox.cloud.vpc.route_entry import ROUTED

__all__ = [
    "HOLDER",
    "NetworkInterface",
    "NetworkInterfaceAttachment",
    "check_secondary",
    "primary_card",
    "release_cards",
]

HOLDER: Final = "holder"
_CARD = "ecs_network_interface"
_ATTACHMENT = "ecs_network_interface_attachment"
_CARD_MISSING = "InvalidEniId.NotFound"
_ADDRESSES = "private_ip_addresses"
_COUNT = "secondary_private_ip_address_count"
# What the cloud has assigned to virtual cards; the rest is the card's own.
_MAC_PREFIX = "00:16:3e"
# Instance types that take a card only while they are Stopped; published with the API.
_STOPPED_ONLY = frozenset(
    f"ecs.{family}.{size}"
    for family, sizes in {
        "s6-c1m1": "small",
        "s6-c1m2": "large small",
        "s6-c1m4": "large small",
        "e-c1m1": "large",
        "e-c1m2": "large",
        "e-c1m4": "large",
        "t6-c1m1": "large",
        "t6-c1m2": "large",
        "t6-c1m4": "large",
        "t6-c2m1": "large",
        "t6-c4m1": "large",
        "t5-c1m1": "large",
        "t5-c1m2": "large",
        "t5-c1m4": "large",
        "t5-lc1m1": "small",
        "t5-lc1m2": "large small",
        "t5-lc1m4": "large",
        "t5-lc2m1": "nano",
        "xn4": "small",
        "n4": "small large",
        "mn4": "small large",
        "e4": "small large",
    }.items()
    for size in sizes.split()
)


class NetworkInterface(Kind):
    name = _CARD
    prefix = "eni-"
    not_found = _CARD_MISSING
    texts: ClassVar = {"network_interface_name": check_name, "description": check_description}
    indexed = ("vpc_id", "vswitch_id", "private_ip")
    parents = (Parent("vswitch", "vswitch_id"),)
    dependents = (
        Dependent(
            "eip_association",
            "instance_id",
            "DependencyViolation.Eip",  # The code is ours.
            "{it.id} still has {user[allocation_id]}; unbind it first.",
        ),
        ROUTED,
        Dependent(_ATTACHMENT, "network_interface_id", goes=True),
    )
    twins: ClassVar = {
        "network_interface_name": "name",
        "primary_ip_address": "private_ip",
        _ADDRESSES: "private_ips",
        _COUNT: "private_ips_count",
        "security_group_ids": "security_groups",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        vswitch = self.parent(session, wanted, "vswitch_id")
        self._check(session, vswitch.text("vpc_id"), {"security_group_ids": [], **wanted})
        if wanted.get("instance_type", "Secondary") not in {"Secondary", "Trunk"}:
            raise CloudError(
                "InvalidParameter",
                f"A card is Secondary or Trunk, not {wanted['instance_type']!r}.",
            )
        stated: list[str] = wanted.get(_ADDRESSES) or []
        if primary := wanted.get("primary_ip_address"):
            check_private_address(session, vswitch, primary)
        else:
            (primary,) = free_private_addresses(session, vswitch, 1, besides=stated)
        # At most ten, also while the card is made.
        _check_count(session, len(stated) or wanted.get(_COUNT) or 0)
        _check_new(session, vswitch, [primary], stated)
        count = wanted.get(_COUNT) or 0
        secondary = stated or free_private_addresses(session, vswitch, count, besides=[primary])
        return {
            "primary_ip_address": primary,
            _ADDRESSES: secondary,
            **self.surroundings(session, wanted),
        }

    @override
    def surroundings(self, session: Session, known: Attributes) -> Attributes:
        vswitch = self.parent(session, known, "vswitch_id")
        return {"vpc_id": vswitch.text("vpc_id"), "zone_id": vswitch.text("zone_id")}

    def _check(self, session: Session, vpc: str, changes: Attributes) -> None:
        if "security_group_ids" in changes:
            groups: list[str] = changes["security_group_ids"] or []
            check_groups(session, vpc, groups, mismatch="InvalidOperation.VpcMismatch")

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        secondary: list[str] = making.found.get(_ADDRESSES) or wanted.get(_ADDRESSES) or []
        own = hashlib.sha256(making.id.encode()).hexdigest()
        return {
            "delete_on_release": True,
            "description": "",
            "instance_type": "Secondary",
            "ipv4_prefix_count": 0,
            "ipv4_prefixes": [],
            "ipv6_address_count": 0,
            "ipv6_addresses": [],
            "mac": ":".join((_MAC_PREFIX, own[0:2], own[2:4], own[4:6])),
            "network_interface_name": "",
            "network_interface_traffic_mode": "Standard",
            # Where no vSwitch is at hand to pick one of: under mocks.
            "primary_ip_address": f"10.0.{int(own[6:8], 16)}.{1 + int(own[8:9], 16)}",
            "queue_number": 1,
            "security_group_ids": [],
            "status": "Available",
            **wanted,
            **making.found,
            _ADDRESSES: secondary,
            _COUNT: len(secondary) or wanted.get(_COUNT, 0),
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        self._check(session, resource.text("vpc_id"), changes)
        before: list[str] = resource[_ADDRESSES]
        after = _addresses_after(session, resource, changes)
        _check_count(session, len(after))
        vswitch = self.parent(session, resource.attributes, "vswitch_id")
        kept = [resource.text("primary_ip_address"), *(one for one in before if one in after)]
        _check_new(session, vswitch, kept, [one for one in after if one not in before])
        if mapped := mapped_addresses(session, resource.id) & {*before} - {*after}:
            raise CloudError(  # The code is ours.
                "OperationDenied.EipBound",
                f"An EIP stands for {min(mapped)} of {resource.id}; unbind it first.",
            )

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        after = _addresses_after(session, resource, changes)
        session.change(resource, self.derive({_ADDRESSES: after, _COUNT: len(after)}))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["status"] != "Available":
            raise CloudError(
                "InvalidOperation.InvalidEniState",
                f"{resource.id} is {resource['status']}; detach it first.",
            )
        super().check_delete(session, resource, force=force)

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        unbind_all(session, resource.id)
        super().deleted(session, resource)


def _addresses_after(session: Session, card: Resource, changes: Attributes) -> list[str]:
    before: list[str] = card[_ADDRESSES]
    if _ADDRESSES in changes:
        return changes[_ADDRESSES] or []
    count = changes.get(_COUNT)
    if count is None or count <= len(before):
        return before[:count]
    vswitch = session.need("vswitch", card["vswitch_id"])
    return [*before, *free_private_addresses(session, vswitch, count - len(before))]


def _check_count(session: Session, count: int) -> None:
    session.check_quota(
        "secondary_addresses_per_eni", count - 1, "InvalidOperation.Ipv4CountExceeded"
    )


def _check_new(session: Session, vswitch: Resource, own: list[str], new: list[str]) -> None:
    known = set(own)
    for address in new:
        if address in known:
            raise CloudError("InvalidIp.IpRepeated", f"{address} is asked for twice.")
        known.add(address)
        check_private_address(session, vswitch, address)


class NetworkInterfaceAttachment(Kind):
    """A card in an instance; its id is made of both."""

    name = _ATTACHMENT
    not_found = _CARD_MISSING
    id_parts = ("network_interface_id", "instance_id")
    parents = (
        Parent(
            _CARD,
            "network_interface_id",
            ready=("Available",),
            unready=("InvalidOperation.InvalidEniState", "{it.id} is {it[status]}, not Available."),
        ),
        Parent("instance", "instance_id", "InvalidEcsId.NotFound"),
    )
    indexed = ("network_interface_id", "instance_id")

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        card = self.parent(session, wanted, "network_interface_id")
        instance = self.parent(session, wanted, "instance_id")
        stopped_only = instance["instance_type"] in _STOPPED_ONLY
        _check_instance_state(instance, {"Stopped"} if stopped_only else {"Running", "Stopped"})
        if card["vpc_id"] != instance["vpc_id"]:
            raise CloudError(
                "InvalidOperation.VpcMismatch",
                f"{card.id} is in {card['vpc_id']}, {instance.id} in "
                f"{instance['vpc_id'] or ELSEWHERE}.",
            )
        if card["zone_id"] != instance["availability_zone"]:
            raise CloudError(
                "InvalidOperation.AvailabilityZoneMismatch",
                f"{card.id} is in {card['zone_id']}, {instance.id} in "
                f"{instance['availability_zone']}; a card stays in its vSwitch's zone.",
            )
        further = session.count(self.name, instance_id=instance.id)
        session.check_quota("enis_per_instance", further + 1, "EniPerInstanceLimitExceeded")

    @override
    def created(self, session: Session, resource: Resource) -> None:
        _set_status(session, resource, "InUse")

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if instance := session.get("instance", resource["instance_id"]):
            _check_instance_state(instance, {"Running", "Stopped"})

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        _set_status(session, resource, "Available")


def _check_instance_state(instance: Resource, allowed: set[str]) -> None:
    if instance["status"] not in allowed:
        raise CloudError(
            "InvalidOperation.InvalidEcsState",
            f"{instance.id} ({instance['instance_type']}) is {instance['status']}; to attach or "
            f"detach a card it must be {' or '.join(sorted(allowed))}.",
        )


def _set_status(session: Session, attachment: Resource, status: str) -> None:
    if card := session.get(_CARD, attachment["network_interface_id"]):
        session.change(card, {"status": status})


def primary_card(session: Session, instance: Resource) -> Resource:
    """The first card of an instance, as it would be were it a resource of its own.

    It alone says by `HOLDER` whose it is.
    """
    identity = instance.text("network_interface_id")
    attributes = NetworkInterface().make(
        {
            "instance_type": "Primary",
            "ipv6_addresses": instance["ipv6_addresses"],
            "network_interface_traffic_mode": instance["network_interface_traffic_mode"],
            "primary_ip_address": instance["private_ip"],
            "private_ip_addresses": instance["secondary_private_ips"],
            "security_group_ids": instance["security_groups"],
            "status": "InUse",
            "vpc_id": instance["vpc_id"],
            "vswitch_id": instance["vswitch_id"],
            "zone_id": instance["availability_zone"],
        },
        session.making(identity, {}),
    )
    return Resource(identity, _CARD, instance.region, {**attributes, HOLDER: instance.id})


def check_secondary(session: Session, identity: str) -> None:
    """Refuse the first card of an instance, where a further one is asked for."""
    if session.get(_CARD, identity) is None and session.find(
        "instance", network_interface_id=identity
    ):
        raise CloudError(
            "InvalidOperation.InvalidEniType",
            f"{identity} is the primary card of its server; this is for further ones.",
        )


def release_cards(session: Session, instance: Resource) -> None:
    """What becomes of the cards of an instance that goes: released with it, or set free.

    The EIPs of a released card stay, idle; a card that is set free keeps its own.
    """
    for attachment in session.find(_ATTACHMENT, instance_id=instance.id):
        session.remove(attachment)
        card = session.get(_CARD, attachment["network_interface_id"])
        if card is None:
            continue
        if card["delete_on_release"]:
            unbind_all(session, card.id)
            session.remove(card)
        else:
            session.change(card, {"status": "Available"})
