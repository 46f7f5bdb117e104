"""Rules about ways in: which ports are open to everyone.

Ports are compared as ranges, as the guard reads them: 20/30 holds 22, and "any", -1/-1 and 0/65535
are every port. Everyone is 0.0.0.0/0 and ::/0, and what is nearly as wide. A rule that lets another
security group in isn't about everyone. What several resources open at one address, one host, one
security group or one server is judged together.

Source: NAT Gateway, "Create and manage DNAT entries"; Elastic Compute Service,
"AuthorizeSecurityGroup" and "Prefix lists".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.preview import State, entries_of
from judging.values import first_of
from judging.ways import Place, Way, behind, ports_text, ways_in
from policy.openings import (
    Opened,
    by_whom,
    every_port,
    openings,
    together,
    whole,
    without_spared,
)
from policy.rule import (
    ADVICE,
    FROM_STAGING,
    IN_PRODUCTION,
    NAMED,
    Limit,
    Limits,
    ResourceRule,
    Stack,
    StackRule,
    Violation,
    known,
)
from stack.pulumi_wire import UNKNOWN, type_of
from topologies.nat.risky_ports import risky_services
from topologies.nat.settings import Protocol

_WITH_PORTS = (Protocol.TCP, Protocol.UDP)
_ALLOWED: Final = {
    "allowedPorts": Limit(
        {"type": "array", "items": {"type": "integer"}},
        [],
        "risky ports that may be open all the same",
    )
}
_MAPPED = ("ipProtocol", "externalPort", "internalPort")
_RULED = ("type", "policy", "ipProtocol", "portRange", "cidrIp", "ipv6CidrIp")
_PREFIX_LIST: Final = "alicloud:ecs/ecsPrefixList:EcsPrefixList"
_GROUPS_OF = {kinds.INSTANCE: "securityGroups", kinds.ENI: "securityGroupIds"}
"""What is in security groups, and by which input."""

_SHOWN_SOURCES: Final = 4


def _risks(place: Sequence[Opened], limits: Limits) -> Iterator[tuple[list[Opened], str]]:
    """The risky services that are open at a place, with what opens them.

    Every port says enough by itself, and is another rule's.
    """
    found = defaultdict[frozenset[str], tuple[list[Opened], list[str]]](lambda: ([], []))
    for protocol in _WITH_PORTS:
        opened = [one for one in place if one.way.protocol == protocol]
        if every_port(opened):
            continue
        for opening in openings(without_spared(opened, limits)):
            for port, service in risky_services(protocol, opening.ports):
                if port not in limits["allowedPorts"]:
                    for by in opening.by:
                        ways, risks = found[frozenset(one.by.urn for one in by)]
                        ways += by
                        risks.append(f"{port} ({service})")
    for ways, risks in found.values():
        yield ways, ", ".join(dict.fromkeys(risks))


def _risky_mapping(state: State, limits: Limits) -> Iterator[str]:
    known(state, *_MAPPED[:2])
    for _, risks in _risks([Opened(state, way) for way in ways_in(state)], limits):
        yield f"maps {risks} for everyone (by {ports_text(ways_in(state))})"


def _whole_mapping(stack: Stack, limits: Limits) -> Iterator[Violation]:
    opened = list[Opened]()
    reached = list[Opened]()
    for entry in _known(stack, kinds.FORWARD_ENTRY, _MAPPED):
        opened += [Opened(entry, way) for way in ways_in(entry, NAMED)]
        host = _host(stack, entry)
        reached += [Opened(entry, replace(way, place=host)) for way in behind(entry)]
    places = [*together(opened), *together(reached)]
    yield from _whole(places, limits, "maps", lambda _: "for everyone")


def _whole(
    places: Iterable[Sequence[Opened]], limits: Limits, verb: str, end: Callable[[list[Way]], str]
) -> Iterator[Violation]:
    """What is open at every port."""
    shown = ((by, place[0].way.place.shown) for place in places for by in whole(place, limits))
    for by, name in _once(shown):
        first, *others = by_whom(by)
        what = " and ".join(_opens(state, by, first) for state in (first, *others))
        what += f", together every port of {name}," if others else ""
        yield Violation(first, f"{verb} {what} {end([one.way for one in by])}")


def _once(opened: Iterable[tuple[list[Opened], str]]) -> Iterator[tuple[list[Opened], str]]:
    """Each finding once: two places may be the same ways."""
    told = list[frozenset[str]]()
    for by, text in opened:
        urns = frozenset(one.by.urn for one in by)
        if not any(each <= urns for each in told):
            told.append(urns)
            yield by, text


def _opens(state: State, by: Iterable[Opened], told: State) -> str:
    ports = ports_text({one.way: None for one in by if one.by.urn == state.urn})
    return ports if state is told else f"{state.name} {ports}"


def _known(stack: Stack, kind: str, keys: Sequence[str]) -> Iterator[State]:
    """The resources of a type of which everything is known that a judgement hangs on."""
    for state in stack.of(kind):
        unknown = [key for key in keys if state.inputs.get(key) == UNKNOWN]
        for key in unknown:
            stack.cannot_know(state, key)
        if not unknown:
            yield state


def _host(stack: Stack, entry: State) -> Place:
    """A private address in its VPC, which the gateway tells; addresses of two VPCs may be alike."""
    address = NAMED(entry, "internalIp", frozenset())
    gateways = {urn for key in ("forwardTableId", "natGatewayId") for urn in entry.comes_from(key)}
    vpcs = {
        name
        for gateway in stack.of(kinds.NAT_GATEWAY)
        if gateway.urn in gateways
        for name in NAMED(gateway, "vpcId", frozenset({kinds.VPC})).names
    }
    where = min(vpcs, default="")
    return Place(address.shown, frozenset(f"{name} in {where}" for name in address.names))


def _rules(stack: Stack) -> list[Opened]:
    """What the rules of the stack's security groups open, prefix lists of its own spelt out."""
    lists = {name: one for one in stack.of(_PREFIX_LIST) for name in (one.urn, one.text("id"))}
    opened = list[Opened]()
    for rule in _known(stack, kinds.SECURITY_GROUP_RULE, _RULED):
        named = {rule.text("prefixListId"), *rule.comes_from("prefixListId")} & lists.keys()
        parts = [rule]
        if named - {""}:
            parts = [_by_range(rule, cidr) for cidr in _ranges(lists[min(named - {""})])]
        opened += [Opened(rule, way) for part in parts for way in ways_in(part, NAMED)]
    return opened


def _ranges(prefix_list: State) -> Iterator[str]:
    for entry in prefix_list.items("entries"):
        yield str(entries_of(entry).get("cidr"))


def _by_range(rule: State, cidr: str) -> State:
    key = "ipv6CidrIp" if ":" in cidr else "cidrIp"
    return replace(rule, inputs={**rule.inputs, key: cidr})


def _groups(stack: Stack) -> list[list[Opened]]:
    """What is open at each security group, and at each server that is in several."""
    opened = _rules(stack)
    places = together(opened)
    for server in stack.of(*_GROUPS_OF):
        key = _GROUPS_OF[server.type]
        sources = {urn for urn in server.comes_from(key) if type_of(urn) == kinds.SECURITY_GROUP}
        names = sources | {str(group) for group in server.items(key)} - {UNKNOWN}
        place = Place(server.name, frozenset({server.urn}))
        theirs = [
            Opened(one.by, replace(one.way, place=place))
            for one in opened
            if one.way.place.names & names
        ]
        if theirs:
            places.append(theirs)
    return places


def _risky_rules(stack: Stack, limits: Limits) -> Iterator[Violation]:
    for by, risks in _once(pair for place in _groups(stack) for pair in _risks(place, limits)):
        first, *others = by_whom(by)
        more = "".join(f", with {state.name}" for state in others)
        ways = [one.way for one in by]
        yield Violation(first, f"opens {risks} {_to(ways)} (by {ports_text(ways)}{more})")


def _open_rules(stack: Stack, limits: Limits) -> Iterator[Violation]:
    yield from _whole(_groups(stack), limits, "opens", _to)


def _to(ways: Iterable[Way]) -> str:
    return f"to everyone ({first_of(sorted({way.source for way in ways}), _SHOWN_SOURCES)})"


def _own_address(state: State, _: Limits) -> Iterator[str]:
    known(state, "internetMaxBandwidthOut")
    if state.number("internetMaxBandwidthOut"):
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
        about_ports=True,
    ),
    StackRule(
        id="nat-every-port",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        judge=_whole_mapping,
        what="A port mapping opens every port of a host",
        reason="whatever listens on the host is public, today and after its next update",
        remedy="map the ports that are meant, each by an entry of its own",
        counterparts=("nat-risk-ports-check",),
        about_ports=True,
    ),
    StackRule(
        id="security-group-risky-ports",
        severity=Severity.HIGH,
        levels=IN_PRODUCTION,
        judge=_risky_rules,
        what="A security group opens a port of remote administration, a database or a console",
        reason="everyone who finds a way to the server can try passwords and known holes there",
        remedy="name the range that it is meant for, or another security group",
        counterparts=("sg-risky-ports-check", "CKV_ALI_2", "CKV_ALI_3"),
        own_limits=_ALLOWED,
        about_ports=True,
    ),
    StackRule(
        id="security-group-open",
        severity=Severity.CRITICAL,
        levels=FROM_STAGING,
        judge=_open_rules,
        what="A security group is open to everyone on every port",
        reason="it protects nothing: any way to the server reaches everything on it",
        remedy="open the ports that are meant, to whom they are meant for",
        counterparts=(
            "sg-public-access-check",
            "ecs-security-group-not-open-all-port",
            "ecs-security-group-not-open-all-protocol",
        ),
        about_ports=True,
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
