"""Ways in: which ports of what are open to whom, as one resource says it.

Needs a resource's state and no preview, so that whoever judges resources one by one can ask the
same: a DNAT entry, a rule of a security group, an EIP bound straight to a server, a server or a
load balancer with a public address. What a security group's rules refuse, and IPv6 gateways, aren't
looked at.

An id or an address that isn't known yet hides whether it stays. The resource that it comes from
tells: the same EIP has the same address. Where that one is replaced, its own finding says so, and
what stands on it isn't told again.

Source: NAT Gateway, "Create and manage DNAT entries"; Elastic Compute Service,
"AuthorizeSecurityGroup"; Elastic IP Address, "AssociateEipAddress".
"""

import functools
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facts import kinds
from judging.address_sets import address_set
from judging.preview import Preview, State
from judging.values import first_of
from stack.ports import HIGHEST_PORT, LOWEST_PORT, PortRange
from stack.pulumi_wire import name_of, type_of
from topologies.nat.risky_ports import risky
from topologies.nat.settings import Protocol

EVERYONE = "0.0.0.0/0"
EVERY_PORT = PortRange(LOWEST_PORT, HIGHEST_PORT)
NO_PORTS = PortRange(0, 0)
"""Of protocols that have none."""

_PORTLESS = ("icmp", "icmpv6", "gre")
PROTOCOLS = ("tcp", "udp", *_PORTLESS)
_SHOWN_SERVICES = 3


@dataclass(frozen=True)
class Place:
    """What is open, by everything that it is known by: a name in the program, an id, an address."""

    shown: str
    names: frozenset[str]

    def is_(self, other: "Place") -> bool:
        """Whether the two share a name."""
        return bool(self.names & other.names)


@dataclass(frozen=True)
class Way:
    """A range of ports of one protocol that somebody may come in by."""

    place: Place
    protocol: str
    ports: PortRange
    source: str = EVERYONE
    """A range of addresses, or the id of what else may come in."""

    @property
    def world(self) -> bool:
        """Whether everyone may come in, or nearly."""
        return everyone([self.source])

    def part(self, ports: PortRange) -> "Way":
        """Some of its ports."""
        return Way(self.place, self.protocol, ports, self.source)

    def outside(self, ports: PortRange) -> Iterator["Way"]:
        """What is left of it without some ports."""
        if not self.ports.meets(ports):
            yield self
            return
        if self.ports.first < ports.first:
            yield self.part(PortRange(self.ports.first, ports.first - 1))
        if self.ports.last > ports.last:
            yield self.part(PortRange(ports.last + 1, self.ports.last))

    def lets_in(self, other: "Way") -> bool:
        """Whether whoever comes by the other way may come by this one, at the ports that meet."""
        return (
            self.protocol == other.protocol
            and self.place.is_(other.place)
            and _within(other.source, self.source)
        )


def everyone(sources: Iterable[str]) -> bool:
    """Whether some ranges together are everyone, or nearly: cut into parts, they are no less.

    Parts that nobody has on the internet don't count. What is no range (the id of a security group)
    isn't about everyone.
    """
    return _everyone(frozenset(sources))


@functools.cache
def _everyone(sources: frozenset[str]) -> bool:
    ranges = [source for source in sources if address_set([source]) is not None]
    public = [one for one in ranges if not ipaddress.ip_network(one, strict=False).is_private]
    together = (address_set(some) for some in (*([one] for one in ranges), public))
    return any(addresses.everyone for addresses in together if addresses is not None)


def without(ways: Iterable[Way], others: Iterable[Way]) -> list[Way]:
    """What is left of some ways where others lead as well."""
    left = list(ways)
    for other in others:
        left = [
            part
            for way in left
            for part in (way.outside(other.ports) if other.lets_in(way) else [way])
        ]
    return left


def _within(source: str, wider: str) -> bool:
    inner, outer = address_set([source]), address_set([wider])
    return source == wider or (inner is not None and outer is not None and not inner - outer)


Naming = Callable[[State, str, frozenset[str]], Place]
"""How a state's input is named, given the types of resources that its value may come from."""


def by_value(state: State, key: str, types: frozenset[str]) -> Place:  # noqa: ARG001 - a `Naming`
    """An input named by its value alone."""
    text = state.text(key) or f"what {state.name} has as {key}"
    return Place(text, frozenset({text}))


def ways_in(state: State, named: Naming = by_value) -> list[Way]:
    """What a resource opens, to whomever.

    Args:
        state: the resource.
        named: how an address or a group is named; by its value unless given.
    """
    match state.type:
        case kinds.FORWARD_ENTRY:
            place = named(state, "externalIp", kinds.EIPS)
            return _each(place, state.text("ipProtocol"), state.text("externalPort"))
        case kinds.SECURITY_GROUP_RULE:
            return list(_rule(state, named))
        case kinds.EIP_ASSOCIATION if state.text("instanceType") != "Nat" and not _on_gateway(
            state
        ):
            address = named(state, "allocationId", kinds.EIPS)
            target = named(state, "instanceId", frozenset())
            both = frozenset(f"{a} on {t}" for a in address.names for t in target.names)
            return _each(Place(f"{address.shown} on {target.shown}", both), "any", "any")
        case kinds.INSTANCE if state.number("internetMaxBandwidthOut"):
            return _each(_self(state, "the public address of"), "any", "any")
        case kind if kind in kinds.LOAD_BALANCERS and state.text("addressType") == "internet":
            return _each(_self(state, "the public address of"), "any", "any")
        case _:
            return []


def behind(state: State) -> list[Way]:
    """The host's ports that a DNAT entry leads to."""
    if state.type != kinds.FORWARD_ENTRY:
        return []
    host = by_value(state, "internalIp", frozenset())
    return _each(host, state.text("ipProtocol"), state.text("internalPort"))


def _rule(state: State, named: Naming) -> Iterator[Way]:
    if state.text("type") != "ingress" or state.text("policy").lower() == "drop":
        return
    group = named(state, "securityGroupId", frozenset({kinds.SECURITY_GROUP}))
    place = Place(f"security group {group.shown}", group.names)
    for key in ("cidrIp", "ipv6CidrIp", "sourceSecurityGroupId", "prefixListId"):
        if state.text(key):
            protocol, ports = state.text("ipProtocol"), state.text("portRange")
            yield from _each(place, protocol, ports, state.text(key))
            return


def _on_gateway(state: State) -> bool:
    """The provider infers the kind from the id where it isn't given."""
    from_gateway = any(type_of(urn) == kinds.NAT_GATEWAY for urn in state.comes_from("instanceId"))
    named = state.text("instanceId").startswith("ngw-") or from_gateway
    return named and not state.text("instanceType")


def _self(state: State, what: str) -> Place:
    return Place(f"{what} {state.name}", frozenset({state.urn}))


def _each(place: Place, protocol: str, ports: str, source: str = EVERYONE) -> list[Way]:
    """A way for each protocol that is meant."""
    meant = PROTOCOLS if protocol.lower() in {"any", "all", ""} else (protocol.lower(),)
    return [
        Way(place, one, NO_PORTS if one in _PORTLESS else _range(ports), source) for one in meant
    ]


def _range(text: str) -> PortRange:
    """The provider's "80", "9000/9010", "any", "-1/-1"; every port where it can't be known yet."""
    ports = PortRange.of(text.strip())
    return PortRange(*sorted(ports)) if ports is not None else EVERY_PORT


def ports_text(ways: Iterable[Way]) -> str:
    """`tcp 22, 9000-9004; udp 53`, or `every port and protocol`."""
    by_protocol: dict[str, list[PortRange]] = {}
    for way in sorted(ways, key=lambda way: (*PROTOCOLS, way.protocol).index(way.protocol)):
        by_protocol.setdefault(way.protocol, []).append(way.ports)
    whole = {name for name, found in by_protocol.items() if {EVERY_PORT, NO_PORTS} & set(found)}
    if whole >= set(PROTOCOLS):
        return "every port and protocol"
    return "; ".join(_protocol_text(name, found) for name, found in by_protocol.items())


def _protocol_text(protocol: str, ports: list[PortRange]) -> str:
    if NO_PORTS in ports:
        return protocol
    if EVERY_PORT in ports:
        return f"every {protocol} port"
    return f"{protocol} {', '.join(str(port) for port in sorted(set(ports)))}"


def risks_text(ways: Iterable[Way]) -> str:
    """The risky services among some ports: `22 (SSH), 3389 (RDP)`; empty where there is none.

    Every port says enough by itself.
    """
    services = (
        service
        for way in ways
        if way.protocol in {Protocol.TCP, Protocol.UDP} and way.ports != EVERY_PORT
        for service in risky(Protocol(way.protocol), way.ports)
    )
    return first_of(dict.fromkeys(services), _SHOWN_SERVICES)


def naming(preview: Preview) -> Naming:
    """Names that stay the same over a rename in this preview."""
    return by_source(preview.present_urns())


def by_source(present: Mapping[str, str] = MappingProxyType({})) -> Naming:
    """Names by value and by the resource that the value comes from.

    Args:
        present: for each URN that a renamed resource had, the one that it has now.
    """

    def named(state: State, key: str, types: frozenset[str]) -> Place:
        return _named(state, key, types, present)

    return named


def _named(state: State, key: str, types: frozenset[str], present: Mapping[str, str]) -> Place:
    value = state.text(key)
    sources = sorted(
        present.get(urn, urn) for urn in state.comes_from(key) if not types or type_of(urn) in types
    )
    names = frozenset({*sources, value} - {""}) or frozenset({f"{state.urn} {key}"})
    source = name_of(sources[0]) if sources else ""
    if value and source:
        return Place(f"{value} ({source})", names)
    return Place(value or source or "what isn't known yet", names)
