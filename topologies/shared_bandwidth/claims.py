"""What shared bandwidth holds and wants that has one holder: ports, hosts' ports, sources.

The cloud holds one entry for an (address, protocol, port), one for a (protocol, host, host port) on
a gateway, and nothing else on an address that is mapped whole.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from facts import kinds
from stack.claims import Claim, Clash, Holder, Holdings, lane_orders
from stack.ids import promised
from stack.ports import EVERY_PORT, FreePorts, PortRange
from stack.problems import Problem
from stack.protection import Kept
from stack.settings import StackSettings
from stack.state import StackState
from topologies.names import EGRESS, GATEWAY, PORT_MAPPINGS, SHARED_BANDWIDTH
from topologies.nat.claims import (
    EgressOwner,
    address_claims,
    egress_claims,
    kept_addresses,
    kept_gateway,
    kept_package,
    tables_of,
)
from topologies.nat.renames import Use, egress_uses, renamed_addresses
from topologies.nat.settings import Protocol
from topologies.shared_bandwidth.settings import (
    MAPPINGS,
    SECTION,
    PortMappingSettings,
    SharedBandwidthSettings,
)


def shared_bandwidth_claims(
    settings: StackSettings, section: SharedBandwidthSettings, state: StackState
) -> Holdings:
    """Port mappings, egress and addresses, as the state holds them and the section wants them."""
    tables = tables_of(settings, state, GATEWAY, section.nat_gateway)
    mappings = Holdings(
        held=tuple(_held_mappings(state)),
        wanted=tuple(_wanted_mappings(settings, section, state, tables.forward)),
    )
    owner = EgressOwner(SECTION, EGRESS, tables.snat, section.nat_gateway.lanes)
    addresses, bound = section.public_ips, section.bound
    return (
        mappings
        + egress_claims(settings.common, state, section.egress, owner)
        + address_claims(state, SECTION, SHARED_BANDWIDTH, addresses, bound)
    )


def shared_bandwidth_kept(
    settings: StackSettings, section: SharedBandwidthSettings, state: StackState
) -> Iterator[Kept]:
    """The gateway, the package and the addresses that are created."""
    yield from kept_gateway(settings.common, state, SECTION, GATEWAY, section.nat_gateway)
    yield from kept_package(SECTION, SHARED_BANDWIDTH, section.bandwidth_package)
    yield from kept_addresses(SECTION, SHARED_BANDWIDTH, section.public_ips)


def shared_bandwidth_changes(
    section: SharedBandwidthSettings, state: StackState
) -> Iterator[Problem]:
    """Addresses that have other names."""
    mappings = (
        Use(one.public_ip, "portMappings", key, one.was)
        for key, one in section.port_mappings.items()
    )
    uses = (*mappings, *egress_uses(section.egress))
    return renamed_addresses(state, SECTION, SHARED_BANDWIDTH, section.public_ips, uses)


def _held_mappings(state: StackState) -> Iterator[Holder]:
    for key, entry in state.all(kinds.FORWARD_ENTRY, PORT_MAPPINGS):
        protocol = entry.text("ipProtocol")
        address, host = entry.text("externalIp"), entry.text("internalIp")
        claims = (
            *_public_claims(address, address, protocol, PortRange.of(entry.text("externalPort"))),
            _claim(("host", host, protocol), host, PortRange.of(entry.text("internalPort"))),
        )
        yield Holder((*MAPPINGS, key), claims, fixed={"natGateway": entry.text("forwardTableId")})


def _wanted_mappings(
    settings: StackSettings, section: SharedBandwidthSettings, state: StackState, table: str
) -> Iterator[Holder]:
    orders = lane_orders(section.port_mappings, section.nat_gateway.lanes, "portMappings")
    addresses = {
        name: _address(settings.stack, section, state, name) for name in section.public_ips
    }
    mappings = section.port_mappings
    taken: list[tuple[str, str, PortRange | None]] = [
        (one.public_ip, one.effective_protocol.value, one.port) for one in mappings.values()
    ]
    taken += [
        (one.text("externalIp"), one.text("ipProtocol"), PortRange.of(one.text("externalPort")))
        for _, one in state.all(kinds.FORWARD_ENTRY, PORT_MAPPINGS)
    ]

    @functools.cache
    def free(address: str, protocol: Protocol) -> FreePorts:
        names = {address, addresses.get(address)}
        there = (p for name, other, p in taken if name in names and other == protocol.value)
        return FreePorts(ports for ports in there if ports is not None)

    for key, mapping in sorted(mappings.items()):
        name, protocol = mapping.public_ip, mapping.effective_protocol.value
        claims = [
            *_public_claims(
                addresses.get(name, name),
                name,
                protocol,
                mapping.port,
                partial(_meet_in_public, mappings, free, key),
            )
        ]
        claims = [replace(one, free=partial(_free_port, mapping, free)) for one in claims]
        host = settings.common.network.hosts.get(mapping.host)
        if host is not None:
            ports = mapping.effective_host_port
            clash = partial(_meet_at_host, mappings, key)
            claims.append(_claim(("host", host.ip, protocol), host.ip, ports, clash))
        yield Holder(
            (*MAPPINGS, key),
            tuple(claims),
            mapping.was,
            orders[key],
            fixed={"natGateway": table},
            shared=table,
        )


def _address(stack: str, section: SharedBandwidthSettings, state: StackState, name: str) -> str:
    """A public address; of one that is to be created, the output that will say it."""
    settings = section.public_ips[name]
    was = f"{SHARED_BANDWIDTH}-{settings.was}" if settings.was else None
    held = state.find(kinds.EIP, f"{SHARED_BANDWIDTH}-{name}", was)
    known = settings.address or (held.text("ipAddress") if held is not None else "")
    return known or promised(stack, f"publicIps.{name}")


def _public_claims(
    address: str, name: str, protocol: str, ports: PortRange | None, clash: Clash | None = None
) -> tuple[Claim, ...]:
    """What a mapping takes of an address; one of a whole address takes it under every protocol."""
    protocols = (protocol,) if ports is not None else tuple(Protocol)
    return tuple(_claim(("public", address, one), name, ports, clash) for one in protocols)


def _claim(
    group: tuple[str, str, str], name: str, ports: PortRange | None, clash: Clash | None = None
) -> Claim:
    """A stretch of what `name` has under a protocol, with which the group ends."""
    label = f"{name} (every port)" if ports is None else f"{name} {group[-1]} {ports}"
    return Claim(group, label, *(ports or EVERY_PORT), clash=clash)


def _free_port(
    mapping: PortMappingSettings, free: Callable[[str, Protocol], FreePorts]
) -> str | None:
    """Ports of a mapping's address that no mapping has or wants, as many as it has."""
    address, protocol = mapping.public_ip, mapping.effective_protocol
    gap = free(address, protocol).after(mapping.port) if mapping.port is not None else None
    return f"{address} {protocol.value} {gap}" if gap is not None else None


def _meet_in_public(
    mappings: Mapping[str, PortMappingSettings],
    free: Callable[[str, Protocol], FreePorts],
    name: str,
    holder: Holder,
    _: Claim,
) -> Problem:
    """Two mappings on one (address, protocol, port), or one beside a whole address."""
    first = str(holder.path[-1])
    mapping, other = mappings[name], mappings[first]
    address, protocol = mapping.public_ip, mapping.effective_protocol
    if other.port is None or mapping.port is None:
        return Problem(
            (*MAPPINGS, name, "publicIp"),
            address,
            f"{first} maps all of {address}: every port and protocol; nothing else fits on it",
            f"give {first} a port, or use another address for {name}",
        )
    gap = free(address, protocol).after(mapping.port)
    another = f"another port ({gap} is free), " if gap is not None else ""
    return Problem(
        (*MAPPINGS, name, "port"),
        str(mapping.port),
        f"two mappings can't meet on one address and port; {first} has "
        f"{address} {protocol.value} {other.port} already",
        f"use {another}another address, or remove one of the two",
    )


def _meet_at_host(
    mappings: Mapping[str, PortMappingSettings], name: str, holder: Holder, _: Claim
) -> Problem:
    """Two mappings with one (protocol, host, host port) on a gateway."""
    mapping = mappings[name]
    host, port = mapping.host, mapping.effective_host_port
    return Problem(
        (*MAPPINGS, name, "hostPort" if mapping.host_port else "host"),
        str(port) if port is not None else host,
        f"on one gateway a host's port is mapped once; {holder.path[-1]} goes to {host} "
        f"{mapping.effective_protocol.value} {port if port is not None else '(all)'} already",
        "let the host listen on a second port or address for this mapping, "
        "or remove one of the two",
    )
