"""What unified egress holds and wants that has one holder: sources, bindings, private addresses.

Resource names here are those that `build` gives.
"""

from collections import defaultdict
from collections.abc import Iterator

from facts import kinds
from stack.claims import Claim, Holder, Holdings
from stack.network_holdings import private_address
from stack.protection import Kept
from stack.settings import StackSettings
from stack.state import StackState
from topologies.nat.holdings import (
    EgressOwner,
    binding,
    binding_holdings,
    egress_holdings,
    eip_id,
    tables_of,
)
from topologies.nat.kept import kept_addresses, kept_gateway, kept_package
from topologies.unified_egress.gateway import shared_gateway
from topologies.unified_egress.settings import SECTION, UnifiedEgressSettings

ADDRESSES = "unified-addresses"


def unified_egress_holdings(
    settings: StackSettings, section: UnifiedEgressSettings, state: StackState
) -> Holdings:
    """Egress, addresses and network interfaces, as the state holds them and as they are wanted."""
    common, sections = settings.common, settings.sections
    shared = shared_gateway(section, sections)
    gateway, owner = section.nat_gateway, "unified-gateway"
    if gateway is None and shared is not None:
        gateway, owner = shared.nat_gateway, "gateway"
    table = tables_of(common, state, owner, gateway).snat if gateway is not None else ""
    lanes = gateway.lanes if gateway is not None else 1
    leaving = [name for name in section.egress_ips if name in section.public_ips]
    servers = Holdings(tuple(_held_servers(state)), tuple(_wanted_servers(section, state)))
    moved = _moved_within(section, state)
    return (
        egress_holdings(
            common, state, section.egress, EgressOwner(SECTION, "unified-egress", table, lanes)
        )
        + binding_holdings(state, SECTION, ADDRESSES, section.public_ips, leaving)
        + servers
        + moved
    )


def unified_egress_kept(
    settings: StackSettings, section: UnifiedEgressSettings, state: StackState
) -> Iterator[Kept]:
    """The gateway and the package of its own, and the addresses that are created."""
    gateway = section.nat_gateway
    yield from kept_gateway(settings.common, state, SECTION, "unified-gateway", gateway)
    if gateway is not None and section.packed:
        yield from kept_package(SECTION, "unified-bandwidth", section.bandwidth_package)
    yield from kept_addresses(SECTION, ADDRESSES, section.public_ips)


def _held_servers(state: StackState) -> Iterator[Holder]:
    claims: dict[str, list[Claim]] = defaultdict(list)
    for name, eni in state.all(kinds.ENI, "server"):
        secondary = eni.outputs.get("privateIpAddresses") or ()
        for ip in (eni.text("primaryIpAddress"), *secondary):
            claims[name.removesuffix("-eni")].append(private_address(ip))
    for name, association in state.all(kinds.EIP_ASSOCIATION, "server"):
        server = name.rpartition("-addresses-")[0]
        claims[server].append(binding(association.text("allocationId")))
    for server, held in claims.items():
        yield Holder((SECTION, "servers", server), tuple(held))


def _wanted_servers(section: UnifiedEgressSettings, state: StackState) -> Iterator[Holder]:
    for name, server in section.servers.items():
        claims = [private_address(ip) for ip in (server.eni.ip, *server.eni.secondary_ips)]
        for key in server.all_public_ips:
            identity = eip_id(state, ADDRESSES, key, section.public_ips[key])
            if identity is not None:
                claims.append(binding(identity))
        yield Holder((SECTION, "servers", name), tuple(claims), server.was)


def _moved_within(section: UnifiedEgressSettings, state: StackState) -> Holdings:
    """Addresses that change their place on one and the same server's network interface."""
    renamed = {server.was: name for name, server in section.servers.items() if server.was}
    places: dict[tuple[str, str], str] = {}
    for name, association in state.all(kinds.EIP_ASSOCIATION, "server"):
        server, _, place = name.rpartition("-addresses-")
        places[renamed.get(server, server), association.text("allocationId")] = place
    held: list[Holder] = []
    wanted: list[Holder] = []
    for name, server in section.servers.items():
        for place, key in server.places.items():
            identity = eip_id(state, ADDRESSES, key, section.public_ips[key]) or ""
            before = places.get((name, identity), place)
            if before != place:
                # Apart from the server's own claim, which it keeps.
                claim = Claim(("place", identity), binding(identity).label, passes=True)
                held.append(Holder((SECTION, "servers", name, before), (claim,)))
                wanted.append(Holder((SECTION, "servers", name, place), (claim,)))
    return Holdings(tuple(held), tuple(wanted))
