"""A public address under another name without `was`: it would be released, and another one taken.

The cloud has nothing against that, and the address is gone for good, with every list and every DNS
entry that it stands in. So where one goes and another comes for the same users, it is told before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from facts import kinds
from stack.problems import Problem
from stack.state import StackState, StateResource
from topologies.names import EGRESS, PORT_MAPPINGS, SERVER, UNIFIED_EGRESS
from topologies.nat.settings import EgressSettings, PublicIpSettings

Users = set[tuple[str, str]]
"""Entries that use an address, each by its map and its key."""


class Use(NamedTuple):
    """An entry that names an address."""

    address: str
    place: str
    """The map that it stands in."""

    key: str
    was: str | None


def egress_uses(egress: Mapping[str, EgressSettings]) -> Iterator[Use]:
    """The addresses that egress leaves by."""
    for key, one in egress.items():
        for address in one.public_ips:
            yield Use(address, "egress", key, one.was)


def renamed_addresses(
    state: StackState,
    section: str,
    component: str,
    addresses: Mapping[str, PublicIpSettings],
    uses: Iterable[Use],
) -> Iterator[Problem]:
    """Addresses that take the place of others that go, without saying that they were those.

    Args:
        state: what is held.
        section: the key of the section that has the addresses under `publicIps`.
        component: the name of the component that has them.
        addresses: the section's addresses.
        uses: who names them.
    """
    users = defaultdict[str, Users](set)
    for use in uses:
        users[use.address] |= {(use.place, key) for key in (use.key, use.was) if key is not None}
    held = dict(state.all(kinds.EIP, component))
    protected = {one.urn for one in state.protected}  # told as such
    stays = {*addresses, *(one.was for one in addresses.values())}
    gone = [name for name in held if name not in stays and held[name].urn not in protected]
    for name, address in addresses.items():
        if name in held or address.id is not None or address.was is not None:
            continue
        wanted = users[name]
        for old in gone:
            used = _users(held[old], state)
            if used & wanted or not (used or wanted):
                gone.remove(old)
                yield _problem((section, name, old), held[old], used & wanted)
                break


def _users(eip: StateResource, state: StackState) -> Users:
    address = eip.text("ipAddress")
    mappings = (
        ("portMappings", key)
        for key, one in state.all(kinds.FORWARD_ENTRY, PORT_MAPPINGS)
        if one.text("externalIp") == address
    )
    egress = (
        ("egress", key)
        for component in (EGRESS, UNIFIED_EGRESS)
        for key, one in state.all(kinds.SNAT_ENTRY, component)
        if address in one.text("snatIp").split(",")
    )
    servers = (
        ("servers", name.rpartition("-addresses-")[0])
        for name, one in state.all(kinds.EIP_ASSOCIATION, SERVER)
        if one.text("allocationId") == eip.id
    )
    return {*mappings, *egress, *servers}


def _problem(names: tuple[str, str, str], eip: StateResource, users: Users) -> Problem:
    section, new, old = names
    shared = ", ".join(f"{place}.{key}" for place, key in sorted(users))
    rule = (
        f"{old} ({eip.text('ipAddress')}) would be released for good, and {new} be another address"
        + (f" for {shared}" if shared else "")
    )
    remedy = (
        f"say was: {old} in {new}: the address is kept; if another one is meant, do it in two "
        f"steps: first keep {old}: {{spare: true}} beside {new} and run up; then remove {old} and "
        "run up again"
    )
    return Problem((section, "publicIps", new), new, rule, remedy)
