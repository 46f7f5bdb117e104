"""Rules about ways in: which ports are open to everyone.

Ports are compared as ranges, as the guard reads them: 20/30 holds 22, and "any", -1/-1 and 0/65535
are every port. Everyone is 0.0.0.0/0 and ::/0, and what is nearly as wide. A rule that lets another
security group in isn't about everyone.

Source: NAT Gateway, "Create and manage DNAT entries"; Elastic Compute Service,
"AuthorizeSecurityGroup".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pulumi_policy import Severity

from policy.resources import known, number
from policy.rule import ADVICE, FROM_STAGING, IN_PRODUCTION, Limit, Limits, ResourceRule
from stack import kinds
from tools.guarding.preview import State
from tools.guarding.ways import EVERY_PORT, Way, ports_text, ways_in
from topologies.nat.risky_ports import risky_services
from topologies.nat.settings import Protocol

_WITH_PORTS = {Protocol.TCP, Protocol.UDP}
_ALLOWED: Final = {
    "allowedPorts": Limit(
        {"type": "array", "items": {"type": "integer"}},
        [],
        "risky ports that may be open all the same",
    )
}


def _every(way: Way) -> bool:
    """Whether a way is open at every port. Port 0 is none."""
    return (
        way.protocol in _WITH_PORTS
        and way.ports.first <= EVERY_PORT.first
        and way.ports.last >= EVERY_PORT.last
    )


def _risks(ways: Iterable[Way], limits: Limits) -> list[str]:
    """The risky services among some ways, where these aren't simply open at every port."""
    found = (
        (port, f"{port} ({service})")
        for way in ways
        if way.protocol in _WITH_PORTS and not _every(way)
        for port, service in risky_services(Protocol(way.protocol), way.ports)
    )
    return list(dict.fromkeys(text for port, text in found if port not in limits["allowedPorts"]))


def _mapping(state: State) -> Sequence[Way]:
    known(state, "ipProtocol", "externalPort")
    return ways_in(state)


def _opened(state: State) -> list[Way]:
    """What a rule of a security group opens to everyone."""
    known(state, "type", "policy", "ipProtocol", "portRange", "cidrIp", "ipv6CidrIp")
    return [way for way in ways_in(state) if way.world]


def _risky_mapping(state: State, limits: Limits) -> Iterator[str]:
    ways = _mapping(state)
    if risks := _risks(ways, limits):
        yield f"maps {', '.join(risks)} for everyone (by {ports_text(ways)})"


def _whole_mapping(state: State, _: Limits) -> Iterator[str]:
    ways = _mapping(state)
    if any(_every(way) for way in ways):
        yield f"maps {ports_text(ways)} for everyone"


def _risky_rule(state: State, limits: Limits) -> Iterator[str]:
    opened = _opened(state)
    if risks := _risks(opened, limits):
        yield f"opens {', '.join(risks)} to {_who(opened)} (by {ports_text(opened)})"


def _open_rule(state: State, _: Limits) -> Iterator[str]:
    opened = [way for way in _opened(state) if _every(way)]
    if opened:
        # What has no ports comes along, so that "all" reads as what it is.
        yield f"opens {ports_text(_opened(state))} to {_who(opened)}"


def _who(ways: Sequence[Way]) -> str:
    return f"everyone ({', '.join(sorted({way.source for way in ways}))})"


def _own_address(state: State, _: Limits) -> Iterator[str]:
    known(state, "internetMaxBandwidthOut")
    if number(state, "internetMaxBandwidthOut"):
        yield "gets a public address of its own"


RULES: Final = (
    ResourceRule(
        id="nat-risky-ports",
        severity=Severity.HIGH,
        levels=IN_PRODUCTION,
        kinds=frozenset({kinds.FORWARD_ENTRY}),
        judge=_risky_mapping,
        what="A port mapping opens a port of remote administration, a database or a console",
        reason="everyone on the internet can try passwords and known holes there",
        remedy="come in by a VPN or a bastion, or map a port that isn't one of these",
        counterparts=("nat-risk-ports-check",),
        own_limits=_ALLOWED,
    ),
    ResourceRule(
        id="nat-every-port",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        kinds=frozenset({kinds.FORWARD_ENTRY}),
        judge=_whole_mapping,
        what="A port mapping opens every port of a host",
        reason="whatever listens on the host is public, today and after its next update",
        remedy="map the ports that are meant, each by an entry of its own",
        counterparts=("nat-risk-ports-check",),
    ),
    ResourceRule(
        id="security-group-risky-ports",
        severity=Severity.HIGH,
        levels=IN_PRODUCTION,
        kinds=frozenset({kinds.SECURITY_GROUP_RULE}),
        judge=_risky_rule,
        what="A security group opens a port of remote administration, a database or a console",
        reason="everyone who finds a way to the server can try passwords and known holes there",
        remedy="name the range that it is meant for, or another security group",
        counterparts=("sg-risky-ports-check", "CKV_ALI_2", "CKV_ALI_3"),
        own_limits=_ALLOWED,
    ),
    ResourceRule(
        id="security-group-open",
        severity=Severity.CRITICAL,
        levels=FROM_STAGING,
        kinds=frozenset({kinds.SECURITY_GROUP_RULE}),
        judge=_open_rule,
        what="A security group is open to everyone on every port",
        reason="it protects nothing: any way to the server reaches everything on it",
        remedy="open the ports that are meant, to whom they are meant for",
        counterparts=(
            "sg-public-access-check",
            "ecs-security-group-not-open-all-port",
            "ecs-security-group-not-open-all-protocol",
        ),
    ),
    ResourceRule(
        id="server-own-address",
        severity=Severity.LOW,
        levels=ADVICE,
        kinds=frozenset({kinds.INSTANCE}),
        judge=_own_address,
        what="A server has a public address of its own",
        reason="it goes with the server, keeps an EIP off it, and leaves by another way than NAT",
        remedy="leave internetMaxBandwidthOut out, and map a port or bind an EIP",
    ),
)
