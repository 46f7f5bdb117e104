"""What the policy pack has to say about an account: its own rules, over what was read.

A rule judges resources by the provider's inputs, so what was read is written as such. Rules about
what isn't read here find nothing to judge.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from facts import kinds
from judging.account.holding import Account, Eip, Gateway, Rule, SecurityGroup
from judging.preview import State
from policy import addresses, ways_in
from policy.pack import judge

_RULES: Final = (*ways_in.RULES, *addresses.RULES)


def findings(account: Account) -> list[str]:
    """What is wrong, each with its reason and what to do, in the order of the pack's rules."""
    states = [*_states(account)]
    return [f"{rule.id}: {said}" for rule in _RULES for said, _ in judge(rule, states, {})]


def _states(account: Account) -> Iterator[State]:
    urns = {eip.address: _urn(kinds.EIP, eip.id) for eip in account.eips}
    for eip in account.eips:
        yield from _eip(eip)
    for package in account.packages:
        inputs = {"id": package.id, "bandwidth": package.bandwidth}
        yield _state(kinds.BANDWIDTH_PACKAGE, package.id, inputs)
    for gateway in account.gateways:
        if gateway.public:
            yield from _gateway(gateway, urns)
    for group in account.groups:
        yield from (_rule(group, rule) for rule in group.rules)
    for card in account.cards:
        yield _state(kinds.ENI, card.id, {"securityGroupIds": [*card.groups]})


def _eip(eip: Eip) -> Iterator[State]:
    inputs = {"id": eip.id, "bandwidth": eip.bandwidth, "tags": dict(eip.tags)}
    yield _state(kinds.EIP, eip.id, inputs)
    source = {"allocationId": eip.id, "instanceId": eip.bound_to}
    if eip.bound_to:
        yield _state(kinds.EIP_ASSOCIATION, f"{eip.id}:{eip.bound_to}", source)
    if eip.package:
        held = {"instanceId": eip.id, "bandwidthPackageId": eip.package}
        urn = {"instanceId": (_urn(kinds.EIP, eip.id),)}
        yield _state(kinds.PACKAGE_ATTACHMENT, f"{eip.package}:{eip.id}", held, urn)


def _gateway(gateway: Gateway, eips: Mapping[str, str]) -> Iterator[State]:
    yield _state(kinds.NAT_GATEWAY, gateway.id, {"vpcId": gateway.vpc})
    on_it = {"natGatewayId": (_urn(kinds.NAT_GATEWAY, gateway.id),)}
    for entry in gateway.dnat:
        inputs = {
            "externalIp": entry.public_ip,
            "externalPort": entry.port,
            "ipProtocol": entry.protocol,
            "internalIp": entry.host_ip,
            "internalPort": entry.host_port,
        }
        yield _state(kinds.FORWARD_ENTRY, entry.id, inputs, on_it)
    for way in gateway.snat:
        sources = tuple(eips[address] for address in way.public_ips if address in eips)
        inputs = {"snatIp": ",".join(way.public_ips)}
        yield _state(kinds.SNAT_ENTRY, way.id, inputs, {**on_it, "snatIp": sources})


def _rule(group: SecurityGroup, rule: Rule) -> State:
    inputs = {
        "type": "ingress",
        "policy": "accept" if rule.accepts else "drop",
        "ipProtocol": rule.protocol,
        "portRange": rule.ports,
        "securityGroupId": group.id,
        _key_of(rule.source): rule.source,
    }
    return _state(kinds.SECURITY_GROUP_RULE, f"{group.id} ({rule.id})", inputs)


def _key_of(source: str) -> str:
    """What the provider calls the input that has such a source."""
    if source.startswith("sg-"):
        return "sourceSecurityGroupId"
    if source.startswith("pl-"):
        return "prefixListId"
    return "ipv6CidrIp" if ":" in source else "cidrIp"


def _state(
    kind: str,
    name: str,
    inputs: Mapping[str, Any],
    sources: Mapping[str, tuple[str, ...]] | None = None,
) -> State:
    return State(_urn(kind, name), kind, inputs, dependencies=sources or {})


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:account::account::{kind}::{name}"
