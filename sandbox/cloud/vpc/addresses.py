"""Private addresses: who in a vSwitch has which, and which are free.

Instances, NAT gateways, load balancers, transit routers and network cards draw from the same
vSwitch, so each of them asks here.
"""

import ipaddress
from collections.abc import Iterable

from sandbox.cloud.core import CloudError, Resource, Session

__all__ = ["check_private_address", "free_private_address", "free_private_addresses"]

_CARD = "ecs_network_interface"
_HOLDERS = ("instance", "nat_gateway", "slb_load_balancer", _CARD)
# The first address of a vSwitch and its last three belong to the cloud.
_RESERVED_LAST = 3


def check_private_address(session: Session, vswitch: Resource, address: str) -> None:
    """Refuse a private address that the vSwitch can't give."""
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError:
        raise CloudError(
            "InvalidPrivateIpAddress.Malformed", f"{address!r} is not an IPv4 address."
        ) from None
    block = ipaddress.IPv4Network(vswitch.text("cidr_block"))
    if wanted not in block:
        raise CloudError(
            "InvalidPrivateIpAddress",
            f"{address} isn't in {block}, the network of the vSwitch {vswitch.id}.",
        )
    last = block.num_addresses - _RESERVED_LAST
    if not 0 < int(wanted) - int(block.network_address) < last:
        raise CloudError(  # The code is ours.
            "InvalidPrivateIpAddress.Reserved",
            f"The cloud keeps the first and the last three addresses of {block}; "
            f"{address} is one of them.",
        )
    if user := _holder(session, vswitch.id, address):
        raise CloudError(
            "InvalidPrivateIpAddress.Duplicated", f"{address} is already the address of {user}."
        )


def _holder(session: Session, vswitch: str, address: str) -> str | None:
    for router, taken in _of_routers(session, vswitch):
        if taken == address:
            return router
    for kind in _HOLDERS:
        for user in session.find(kind, private_ip=address):
            if user["vswitch_id"] == vswitch:
                return user.id
    for card in session.find(_CARD, vswitch_id=vswitch):
        if address in (card["private_ip_addresses"] or ()):
            return card.id
    return None


def free_private_address(session: Session, vswitch: Resource) -> str:
    """The highest free address: hosts with a fixed address usually have a low one."""
    return free_private_addresses(session, vswitch, 1)[0]


def free_private_addresses(
    session: Session, vswitch: Resource, count: int, besides: Iterable[str] = ()
) -> list[str]:
    """The `count` highest free addresses that aren't among `besides`."""
    taken = {*besides, *_taken(session, vswitch.id)}
    block = ipaddress.IPv4Network(vswitch.text("cidr_block"))
    found: list[str] = []
    for offset in range(block.num_addresses - _RESERVED_LAST - 1, 0, -1):
        if len(found) == count:
            break
        address = str(block.network_address + offset)
        if address not in taken:
            found.append(address)
    if len(found) < count:
        raise CloudError(
            "QuotaExceeded.PrivateIpAddress",
            f"The vSwitch {vswitch.id} has {len(found)} free addresses, not {count}.",
        )
    return found


def _taken(session: Session, vswitch: str) -> Iterable[str]:
    for kind in _HOLDERS:
        for user in session.find(kind, vswitch_id=vswitch):
            yield user.text("private_ip")
            if kind == _CARD:
                yield from user["private_ip_addresses"] or ()
    yield from (address for _, address in _of_routers(session, vswitch))


def _of_routers(session: Session, vswitch: str) -> Iterable[tuple[str, str]]:
    """The attachments of transit routers in a vSwitch, and the address of each."""
    for attachment in session.find("cen_transit_router_vpc_attachment"):
        if address := attachment["addresses"].get(vswitch):
            yield attachment.id, address
