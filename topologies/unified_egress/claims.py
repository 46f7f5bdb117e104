"""What unified egress holds and wants that has one holder: sources, bindings, private addresses."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import count

from facts import kinds
from stack.claims import Claim, Holder, Holdings
from stack.network_claims import private_address, standing_vswitch
from stack.network_rules import parse_address
from stack.problems import KeyPath, Problem, dotted
from stack.protection import Kept
from stack.settings import StackSettings
from stack.state import StackState
from topologies.names import (
    GATEWAY,
    SERVER,
    UNIFIED_ADDRESSES,
    UNIFIED_BANDWIDTH,
    UNIFIED_EGRESS,
    UNIFIED_GATEWAY,
)
from topologies.nat.claims import (
    OUTPUTS,
    EgressOwner,
    Tables,
    address_claims,
    binding,
    egress_claims,
    eip_id,
    kept_addresses,
    kept_gateway,
    kept_package,
    tables_of,
    wanted_binding,
)
from topologies.nat.renames import Use, egress_uses, renamed_addresses
from topologies.unified_egress.gateway import shared_gateway
from topologies.unified_egress.settings import (
    RESERVED_TABLES,
    SECTION,
    ServerSettings,
    UnifiedEgressSettings,
    own_place,
)

_OUTPUTS = Tables("", "unifiedEgressSnatTableId")


def unified_egress_claims(
    settings: StackSettings, section: UnifiedEgressSettings, state: StackState
) -> Holdings:
    """Egress, addresses and network interfaces, as the state holds them and as they are wanted.

    Addresses are bound to network interfaces, which no other stack has.
    """
    shared = shared_gateway(section, settings.sections)
    gateway, component, outputs = section.nat_gateway, UNIFIED_GATEWAY, _OUTPUTS
    if shared is not None:
        gateway, component, outputs = shared.nat_gateway, GATEWAY, OUTPUTS
    table, lanes = "", 1
    if gateway is not None:
        table, lanes = tables_of(settings, state, component, gateway, outputs).snat, gateway.lanes
    owner = EgressOwner(SECTION, UNIFIED_EGRESS, table, lanes)
    return (
        egress_claims(settings.common, state, section.egress, owner)
        + address_claims(state, SECTION, UNIFIED_ADDRESSES, section.public_ips, section.egress_ips)
        + Holdings(tuple(_held_servers(state)), tuple(_wanted_servers(section, state)))
        + _moved_within(section, state)
    )


def unified_egress_kept(
    settings: StackSettings, section: UnifiedEgressSettings, state: StackState
) -> Iterator[Kept]:
    """The gateway and the package of its own, and the addresses that are created."""
    gateway = section.nat_gateway
    yield from kept_gateway(settings.common, state, SECTION, UNIFIED_GATEWAY, gateway)
    if gateway is not None and section.packed:
        yield from kept_package(SECTION, UNIFIED_BANDWIDTH, section.bandwidth_package)
    yield from kept_addresses(SECTION, UNIFIED_ADDRESSES, section.public_ips)


def _held_servers(state: StackState) -> Iterator[Holder]:
    claims: dict[str, list[Claim]] = defaultdict(list)
    for name, eni in state.all(kinds.ENI, SERVER):
        secondary = eni.outputs.get("privateIpAddresses") or ()
        for ip in (eni.text("primaryIpAddress"), *secondary):
            claims[name.removesuffix("-eni")].append(private_address(ip))
    for name, association in state.all(kinds.EIP_ASSOCIATION, SERVER):
        server = name.rpartition("-addresses-")[0]
        claims[server].append(binding(association.text("allocationId")))
    for server, held in claims.items():
        yield Holder((SECTION, "servers", server), tuple(held))


def _wanted_servers(section: UnifiedEgressSettings, state: StackState) -> Iterator[Holder]:
    free = _FreeTables(section)
    for name, server in section.servers.items():
        path = (SECTION, "servers", name)
        claims = [_routing_table(free, name, server)]
        for ip, place in server.eni.places:
            if parse_address(ip) is not None:
                where = (*path, "eni", *place)
                claims.append(private_address(ip, place=where, clash=partial(_held_ip, ip, where)))
        for key, place in server.named_ips:
            address = section.public_ips.get(key)
            if address is not None:
                clash = partial(_bound_twice, section, key, (*path, *place))
                claims.append(wanted_binding(state, UNIFIED_ADDRESSES, key, address, clash))
        yield Holder(path, tuple(claims), server.was)


def _held_ip(ip: str, where: KeyPath, other: Holder, claim: Claim) -> Problem:
    owner = dotted(claim.place or other.path)
    rule = f"a private address has one holder; {owner} has {ip} already"
    return Problem(where, ip, rule, "choose a free one")


def _bound_twice(
    section: UnifiedEgressSettings, address: str, where: KeyPath, other: Holder, _: Claim
) -> Problem | None:
    """An address is bound to the gateway or to one network interface.

    Where it has two names, that is what is told.
    """
    name, owner = str(where[2]), str(other.path[-1])
    rule = f"an address is bound to one thing at a time; {owner} is reached on {address}"
    remedy = f"give {name} an address of its own"
    if other.path[1] == "publicIps":
        if other.path != (SECTION, "publicIps", address):
            return None
        rule = (
            f"an address is bound to one thing at a time; the egress {section.egress_ips[address]} "
            f"leaves by {address}, which binds it to the gateway"
        )
        remedy = "use one address for egress and another for each server"
    elif owner == name:
        rule = f"an address is listed once; {address} is the publicIp of {name} already"
        remedy = "name another address, or remove this one"
    elif address not in section.servers[owner].all_public_ips:
        return None
    return Problem(where, address, rule, remedy)


class _FreeTables:
    """Numbers of routing tables that hosts have free, each suggested once."""

    def __init__(self, section: UnifiedEgressSettings) -> None:
        self._taken = {(server.host, server.route_table) for server in section.servers.values()}

    def after(self, host: str, table: int) -> int:
        free = next(
            number
            for number in count(table + 1)
            if (host, number) not in self._taken and number not in RESERVED_TABLES
        )
        self._taken.add((host, free))
        return free


def _routing_table(free: _FreeTables, name: str, server: ServerSettings) -> Claim:
    host, table = server.host, server.route_table

    def problem(other: Holder, _: Claim) -> Problem:
        return Problem(
            (SECTION, "servers", name, "routeTable"),
            table,
            "each network interface of a host has a routing table of its own; "
            f"{other.path[-1]} uses {table} on {host} already",
            f"say routeTable: {free.after(host, table)} in {name}",
        )

    label = f"the routing table {table} of {host}"
    return Claim(("routing table", host, str(table)), label, clash=problem)


def _moved_within(section: UnifiedEgressSettings, state: StackState) -> Holdings:
    """Addresses that change their place on one and the same server's network interface."""
    renamed = {server.was: name for name, server in section.servers.items() if server.was}
    places: dict[tuple[str, str], str] = {}
    for name, association in state.all(kinds.EIP_ASSOCIATION, SERVER):
        server, _, place = name.rpartition("-addresses-")
        places[renamed.get(server, server), association.text("allocationId")] = place
    held: list[Holder] = []
    wanted: list[Holder] = []
    for name, server in section.servers.items():
        for place, key in server.places.items():
            address = section.public_ips.get(key)
            if address is None:
                continue
            identity = eip_id(state, UNIFIED_ADDRESSES, key, address) or ""
            before = places.get((name, identity), place)
            if address.was is not None and before == own_place(address.was):
                before = own_place(key)  # renamed with it
            if before != place:
                # Apart from the server's own claim, which it keeps.
                claim = Claim(("place", identity), binding(identity).label, passes=True)
                held.append(Holder((SECTION, "servers", name, before), (claim,)))
                wanted.append(Holder((SECTION, "servers", name, place), (claim,)))
    return Holdings(tuple(held), tuple(wanted))


def _uses(section: UnifiedEgressSettings) -> Iterator[Use]:
    yield from egress_uses(section.egress)
    for key, server in section.servers.items():
        for address in server.all_public_ips:
            yield Use(address, "servers", key, server.was)


def unified_egress_changes(
    settings: StackSettings, section: UnifiedEgressSettings, state: StackState
) -> Iterator[Problem]:
    """A secondary address that a network interface gives up while an EIP still stands for it.

    The interface is changed in place, and first: a binding goes when what stands on it has gone.
    And addresses that have other names.
    """
    yield from renamed_addresses(
        state, SECTION, UNIFIED_ADDRESSES, section.public_ips, _uses(section)
    )
    for name, server in section.servers.items():
        keys = [key for key in (name, server.was) if key is not None]
        eni = state.find(kinds.ENI, *(f"{SERVER}-{key}-eni" for key in keys))
        if eni is None or server.eni.ip not in {None, eni.text("primaryIpAddress")}:
            continue
        lies_in = eni.text("vswitchId")
        if lies_in and lies_in != standing_vswitch(settings.common, server.eni.vswitch, state):
            continue  # made anew, and its bindings with it
        before = eni.outputs.get("privateIpAddresses") or ()
        for address in sorted({*before} - {*server.eni.secondary_ips}):
            bindings = (f"{SERVER}-{key}-addresses-{address}" for key in keys)
            if state.find(kinds.EIP_ASSOCIATION, *bindings) is not None:
                rule = (
                    f"an EIP stands for {address}, and the interface can't give it up before that "
                    "is unbound"
                )
                remedy = (
                    "do it in two steps: first take the EIP off it (secondaryPublicIps) and run "
                    f"up; then take {address} out and run up again"
                )
                path = (SECTION, "servers", name, "eni", "secondaryIps")
                yield Problem(path, address, rule, remedy)
