"""What shared bandwidth holds and wants that has one holder: ports of addresses and hosts, sources.

Resource names here are those that `build` gives.
"""

from collections.abc import Iterator

from facts import kinds
from stack.claims import Claim, Holder, Holdings, lane_orders
from stack.protection import Kept
from stack.settings import CommonSettings, StackSettings
from stack.state import StackState
from topologies.nat.holdings import EgressOwner, binding_holdings, egress_holdings, tables_of
from topologies.nat.kept import kept_addresses, kept_gateway, kept_package
from topologies.nat.ports import HIGHEST_PORT
from topologies.nat.settings import Protocol
from topologies.shared_bandwidth.reach import exposure
from topologies.shared_bandwidth.settings import SECTION, SharedBandwidthSettings

ANY = Protocol.ANY.value


def shared_bandwidth_holdings(
    settings: StackSettings, section: SharedBandwidthSettings, state: StackState
) -> Holdings:
    """Port mappings and egress, as the state holds them and as the section wants them."""
    common = settings.common
    names = _address_names(section, state)
    gateway = section.nat_gateway
    tables = tables_of(common, state, "gateway", gateway)
    mappings = Holdings(
        held=tuple(_held_mappings(names, state)),
        wanted=tuple(_wanted_mappings(common, section, tables.forward)),
    )
    owner = EgressOwner(SECTION, "egress", tables.snat, gateway.lanes)
    return (
        mappings
        + egress_holdings(common, state, section.egress, owner)
        + binding_holdings(state, SECTION, "shared-bandwidth", section.public_ips, section.bound)
    )


def shared_bandwidth_kept(
    settings: StackSettings, section: SharedBandwidthSettings, state: StackState
) -> Iterator[Kept]:
    """The gateway, the package and the addresses that are created."""
    yield from kept_gateway(settings.common, state, SECTION, "gateway", section.nat_gateway)
    yield from kept_package(SECTION, "shared-bandwidth", section.bandwidth_package)
    yield from kept_addresses(SECTION, "shared-bandwidth", section.public_ips)


def _address_names(section: SharedBandwidthSettings, state: StackState) -> dict[str, str]:
    """Today's names of the addresses that the state's entries use."""
    names: dict[str, str] = {}
    for name, address in section.public_ips.items():
        was = f"shared-bandwidth-{address.was}" if address.was else None
        eip = state.find(kinds.EIP, f"shared-bandwidth-{name}", was)
        if address.address is not None:
            names[address.address] = name
        elif eip is not None:
            names[eip.text("ipAddress")] = name
    return names


def _held_mappings(names: dict[str, str], state: StackState) -> Iterator[Holder]:
    for key, entry in state.all(kinds.FORWARD_ENTRY, "port-mappings"):
        address = entry.text("externalIp")
        protocol = entry.text("ipProtocol")
        public = names.get(address, address), protocol, entry.text("externalPort")
        host = entry.text("internalIp"), protocol, entry.text("internalPort")
        claims = mapping_claims(public, host)
        fixed = {"natGateway": entry.text("forwardTableId")}
        yield Holder((SECTION, "portMappings", key), claims, fixed=fixed)


def _wanted_mappings(
    common: CommonSettings, section: SharedBandwidthSettings, table: str
) -> Iterator[Holder]:
    orders = lane_orders(section.port_mappings, section.nat_gateway.lanes, "portMappings")
    for key, mapping in section.port_mappings.items():
        way = exposure(common, key, mapping)
        yield Holder(
            (SECTION, "portMappings", key),
            mapping_claims(
                (way.public_ip, way.protocol, way.port), (way.host_ip, way.protocol, way.host_port)
            ),
            mapping.was,
            orders[key],
            fixed={"natGateway": table},
        )


def mapping_claims(public: tuple[str, str, str], host: tuple[str, str, str]) -> tuple[Claim, ...]:
    """A mapping's two claims; one of a whole address claims it under every protocol.

    Args:
        public: address, protocol and port.
        host: address, protocol and port.
    """
    address, protocol, port = public
    protocols = (protocol,) if protocol != ANY else tuple(p.value for p in Protocol)
    claims = [_ports_claim(("public", address, p), public, port) for p in protocols]
    return (*claims, _ports_claim(("host", host[0], host[1]), host, host[2]))


def _ports_claim(group: tuple[str, ...], label: tuple[str, str, str], port: str) -> Claim:
    if port == ANY:
        return Claim(group, f"{label[0]} (every port)", 0, HIGHEST_PORT)
    first, _, last = port.partition("/")
    return Claim(group, " ".join(label), int(first), int(last or first))
