"""Network cards (ENIs), what they are attached to, and their addresses.

The first card of a server is told of like any other; only further ones are changed here.
"""

from collections.abc import Mapping
from typing import Any, Final

from typing_extensions import override

from sandbox.api.actions import (
    ID,
    Action,
    Call,
    Create,
    Delete,
    Field,
    Joined,
    Modify,
    Own,
    Subject,
    flag,
    listed,
    tags,
    told_of,
)
from sandbox.api.ecs.lists import Listed, holds
from sandbox.api.refusals import missing
from sandbox.api.requests import Said
from sandbox.cloud import ACCOUNT_ID, Attributes, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.ecs.eni import HOLDER, check_secondary, primary_card
from sandbox.cloud.eip.association import eip_of

__all__ = ["CARD", "TABLE"]

_KIND: Final = "ecs_network_interface"
_ATTACHMENT: Final = "ecs_network_interface_attachment"
CARD = Subject(
    _KIND,
    ("NetworkInterfaceId",),
    {"PrivateIpAddress": "private_ip_addresses", "SecurityGroupId": "security_group_ids"},
)
_ATTACHED = Subject(_ATTACHMENT, ("NetworkInterfaceId", "InstanceId"))


# --- what others tell of a card -------------------------------------------------------------------


def _holder(session: Session, card: Resource) -> str:
    """The server that a card is in."""
    if holder := card.text(HOLDER):
        return holder
    attached = session.find(_ATTACHMENT, network_interface_id=card.id)
    return attached[0].text("instance_id") if attached else ""


def _public_address(session: Session, card: Resource, private: str) -> dict[str, Any]:
    """The EIP that stands for one of a card's addresses; a server's stands for its first card's."""
    if not (holder := card.text(HOLDER)):
        eip = eip_of(session, card.id, private)
    else:
        eip = eip_of(session, holder) if private == card["primary_ip_address"] else None
    return {"AllocationId": eip.id, "PublicIpAddress": eip["ip_address"]} if eip else {}


def _addresses(session: Session, card: Resource) -> dict[str, Any]:
    """A card's private addresses, the primary one first."""
    primary = card.text("primary_ip_address")
    each: list[str] = [primary, *card["private_ip_addresses"]]
    return {
        "PrivateIpSet": [
            {
                "PrivateIpAddress": address,
                "Primary": address == primary,
                "AssociatedPublicIp": _public_address(session, card, address),
            }
            for address in each
        ]
    }


def _attachment(session: Session, card: Resource) -> object:
    holder = _holder(session, card)
    return {"InstanceId": holder} if holder else {}


def _sets(outer: str, inner: str, attribute: str) -> Mapping[str, Field]:
    """Addresses of another sort, as nested as the API has them."""
    return {
        f"{outer}Sets": lambda card: {
            f"{outer}Set": [{inner: address} for address in card[attribute] or ()]
        }
    }


_FIELDS: Mapping[str, Field] = {
    "NetworkInterfaceId": ID,
    "NetworkInterfaceName": "network_interface_name",
    "AssociatedPublicIp": Joined(
        lambda session, card: _public_address(session, card, card.text("primary_ip_address"))
    ),
    "Attachment": Joined(_attachment),
    "DeleteOnRelease": "delete_on_release",
    "Description": "description",
    "InstanceId": Joined(_holder),
    **_sets("Ipv4Prefix", "Ipv4Prefix", "ipv4_prefixes"),
    **_sets("Ipv6", "Ipv6Address", "ipv6_addresses"),
    "MacAddress": "mac",
    "NetworkInterfaceTrafficMode": "network_interface_traffic_mode",
    "OwnerId": lambda _: ACCOUNT_ID,
    "PrivateIpAddress": "primary_ip_address",
    "PrivateIpSets": Joined(_addresses),
    "QueueNumber": "queue_number",
    # Nothing unless stated: another one means another card to the provider.
    "ResourceGroupId": "resource_group_id",
    "SecurityGroupIds": listed("SecurityGroupId", "security_group_ids"),
    "ServiceManaged": lambda _: False,
    "SourceDestCheck": flag("source_dest_check"),
    "Status": "status",
    "Tags": tags("TagKey", "TagValue"),
    "Type": "instance_type",
    "VSwitchId": "vswitch_id",
    "VpcId": "vpc_id",
    "ZoneId": "zone_id",
}


class _Cards(Listed):
    """Cards, with those that servers have from the start."""

    @override
    def found(self, session: Session, said: Said) -> list[Resource]:
        found = super().found(session, said)
        asked = {*said.values("NetworkInterfaceId")}
        if said.tags() or (asked and len(found) == len(asked)):
            return found
        primary = (
            primary_card(session, one)
            for one in session.find("instance")
            if not asked or one["network_interface_id"] in asked
        )
        return [*found, *(one for one in primary if self._lets(session, one, said))]

    def _lets(self, session: Session, card: Resource, said: Said) -> bool:
        wanted = {self.filters[name]: said.text(name) for name in self.filters if said.text(name)}
        told = told_of(session, card, {name: self.fields[name] for name in wanted})
        return told == wanted and self.lets_through(session, card, said)


# --- actions with a way of their own --------------------------------------------------------------


class _OfFurther(Action):
    """Is refused of a server's first card."""

    @override
    def act(self, call: Call) -> dict[str, Any]:
        identity = call.said.text("NetworkInterfaceId")
        call.store.ask(_KIND, lambda it: check_secondary(it, identity), region=call.region)
        return super().act(call)


class _Modify(_OfFurther, Modify):
    """Changes a further card."""


class _Delete(_OfFurther, Delete):
    """Deletes one, or takes it out of its server."""


class _Own(_OfFurther, Own):
    """Does something else with one."""


def _assigned(call: Call) -> dict[str, Any]:
    """Give a card more addresses: these, or as many of the cloud's choice."""
    said, new = call.said, call.said.values("PrivateIpAddress")
    if not new and not said.text("SecondaryPrivateIpAddressCount"):
        raise missing("SecondaryPrivateIpAddressCount")
    more = 0 if new else said.number("SecondaryPrivateIpAddressCount", 1, 50)
    before: list[str] = []

    def changes(card: Resource) -> Attributes:
        before[:] = card["private_ip_addresses"]
        if new:
            return {"private_ip_addresses": [*before, *new]}
        return {"secondary_private_ip_address_count": len(before) + more}

    identity = said.text("NetworkInterfaceId")
    card = call.store.update(_KIND, identity, changes, region=call.region)
    after: list[str] = card["private_ip_addresses"]
    return {
        "AssignedPrivateIpAddressesSet": {
            "NetworkInterfaceId": identity,
            "PrivateIpSet": {"PrivateIpAddress": [one for one in after if one not in before]},
        }
    }


def _unassigned(call: Call) -> dict[str, Any]:
    """Take addresses away from a card; one that it hasn't is none that stays."""
    gone = call.said.values("PrivateIpAddress")

    def changes(card: Resource) -> Attributes:
        return {"private_ip_addresses": [a for a in card["private_ip_addresses"] if a not in gone]}

    identity = call.said.text("NetworkInterfaceId")
    call.store.update(_KIND, identity, changes, region=call.region)
    return {}


# --- the table ------------------------------------------------------------------------------------

TABLE: Final[tuple[Action, ...]] = (
    Create(
        name="CreateNetworkInterface",
        subject=CARD,
        needs=("VSwitchId",),
        takes=(
            *("DeleteOnRelease", "Description", "InstanceType", "NetworkInterfaceName"),
            *("NetworkInterfaceTrafficMode", "PrimaryIpAddress", "QueueNumber", "ResourceGroupId"),
            *("PrivateIpAddress", "SecondaryPrivateIpAddressCount", "SecurityGroupId"),
            *("SecurityGroupIds", "SourceDestCheck", "Tag"),
        ),
        tells={
            "NetworkInterfaceId": ID,
            "NetworkInterfaceName": "network_interface_name",
            "Description": "description",
            "MacAddress": "mac",
            "PrivateIpAddress": "primary_ip_address",
            "SecurityGroupIds": listed("SecurityGroupId", "security_group_ids"),
            "Status": "status",
            "Type": "instance_type",
            "VSwitchId": "vswitch_id",
            "VpcId": "vpc_id",
            "ZoneId": "zone_id",
        },
    ),
    _Cards(
        name="DescribeNetworkInterfaces",
        subject=CARD,
        takes=("Tag",),
        ids=lambda said: said.values("NetworkInterfaceId"),
        fields=_FIELDS,
        inside=("NetworkInterfaceSets", "NetworkInterfaceSet"),
        filters={
            "InstanceId": "InstanceId",
            "NetworkInterfaceName": "NetworkInterfaceName",
            "PrimaryIpAddress": "PrivateIpAddress",
            "ResourceGroupId": "ResourceGroupId",
            "Status": "Status",
            "Type": "Type",
            "VSwitchId": "VSwitchId",
            "VpcId": "VpcId",
        },
        lets={
            "PrivateIpAddress": holds("private_ip_addresses"),
            "SecurityGroupId": holds("security_group_ids"),
        },
        longest=500,
    ),
    _Modify(
        name="ModifyNetworkInterfaceAttribute",
        subject=CARD,
        needs=("NetworkInterfaceId",),
        takes=(
            *("DeleteOnRelease", "Description", "NetworkInterfaceName"),
            *("QueueNumber", "SecurityGroupId", "SourceDestCheck"),
        ),
    ),
    _Own(
        name="AssignPrivateIpAddresses",
        subject=CARD,
        needs=("NetworkInterfaceId",),
        takes=("ClientToken", "PrivateIpAddress", "SecondaryPrivateIpAddressCount"),
        do=_assigned,
    ),
    _Own(
        name="UnassignPrivateIpAddresses",
        subject=CARD,
        needs=("NetworkInterfaceId", "PrivateIpAddress"),
        do=_unassigned,
    ),
    _Delete(name="DeleteNetworkInterface", subject=CARD, needs=("NetworkInterfaceId",)),
    Create(
        name="AttachNetworkInterface",
        subject=_ATTACHED,
        needs=("NetworkInterfaceId", "InstanceId"),
        takes=("NetworkCardIndex", "WaitForNetworkConfigurationReady"),
    ),
    _Delete(
        name="DetachNetworkInterface",
        subject=_ATTACHED,
        needs=("NetworkInterfaceId", "InstanceId"),
    ),
)
