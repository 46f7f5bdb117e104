"""What the policy pack has to say about an account: its own rules, over what was read.

A rule judges resources by the provider's inputs, so what was read is written as such. What only a
whole account can tell, or what no stack here makes, is found here: an address on a gateway that no
entry uses, a function with an address of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from facts import kinds
from judging.account.apis import Api, ApiGroup, Apis, Plugin
from judging.account.holding import (
    DNAT,
    SNAT,
    Account,
    DnatEntry,
    Eip,
    Gateway,
    Role,
    Rule,
    SecurityGroup,
    SnatEntry,
)
from judging.account.links import Cen
from judging.preview import State
from policy import addresses, apis, links, ways_in
from policy.pack import judge

_UNREAD: Final = "api-log"
"""The rule about what isn't read: whether calls are logged."""

_RULES: Final = tuple(
    rule
    for rule in (*ways_in.RULES, *addresses.RULES, *apis.RULES, *links.RULES)
    if rule.id != _UNREAD
)


def findings(account: Account) -> list[str]:
    """What is wrong, each with its reason and what to do, in the order of the pack's rules."""
    states = [*_states(account)]
    judged = [f"{rule.id}: {said}" for rule in _RULES for said, _ in judge(rule, states, {})]
    return [*judged, *_idle(account), *_open_functions(account)]


def _idle(account: Account) -> Iterator[str]:
    """EIPs on gateways, where all tables may be seen, and none has an entry with them."""
    for eip in account.eips:
        seen = all(account.shows(listing, eip.region) for listing in (DNAT, SNAT))
        if eip.role is Role.GATEWAY and seen and eip.tags.get("spare") != "true":
            yield (
                f"eip-idle: {eip.id} ({eip.address}) is on {eip.bound_to}, and in no entry: it is "
                "paid for, and nobody can say what for. Remedy: map it or leave by it, release it, "
                "or tag it spare: true."
            )


def _open_functions(account: Account) -> Iterator[str]:
    """Functions with an address on the internet that asks nobody."""
    for function in account.functions:
        for door in function.doors:
            if not door.asks:
                yield (
                    f"function-open: {function.name} in {function.region} is called by everybody "
                    f"at {door.address} ({door.by}): as often as they like, and it is paid for. "
                    "Remedy: let the trigger or the domain ask who calls, or close the address and "
                    "let API Gateway call it."
                )


def _states(account: Account) -> Iterator[State]:
    yield from _holding(account)
    yield from _gateways(account.apis)
    for cen in account.cens:
        yield from _cen(cen)


def _holding(account: Account) -> Iterator[State]:
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
        yield _state(kinds.FORWARD_ENTRY, _called(entry), inputs, on_it)
    for way in gateway.snat:
        sources = tuple(eips[address] for address in way.public_ips if address in eips)
        inputs = {"snatIp": ",".join(way.public_ips)}
        yield _state(kinds.SNAT_ENTRY, _called(way), inputs, {**on_it, "snatIp": sources})


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


# --- API Gateway ----------------------------------------------------------------------------------


def _gateways(told: Apis) -> Iterator[State]:
    for instance in told.instances:
        inputs = {"httpsPolicy": instance.https_policy, "zoneId": instance.zone}
        yield _state(kinds.API_INSTANCE, instance.id, inputs)
    urns = {group.id: _urn(kinds.API_GROUP, _called(group)) for group in told.groups}
    for group in told.groups:
        inside = {"vpcIntranetEnable": bool(group.inside)}
        yield _state(kinds.API_GROUP, _called(group), inside)
    # Who calls an API whose definition may not be seen isn't known: there is a gap for it.
    known = {api.id: _urn(kinds.API, _called(api)) for api in told.apis if api.auth}
    for api in told.apis:
        if api.auth:
            yield _api(api, urns)
    for plugin in told.plugins:
        yield _state(
            kinds.PLUGIN,
            _called(plugin),
            {"pluginType": plugin.kind, "pluginData": plugin.data},
        )
        for api, stage in plugin.apis:
            if api in known:
                inputs = {"apiId": api, "pluginId": plugin.id, "stageName": stage}
                sources = {
                    "apiId": (known[api],),
                    "pluginId": (_urn(kinds.PLUGIN, _called(plugin)),),
                }
                name = f"{api}:{plugin.id}:{stage}"
                yield _state(kinds.PLUGIN_ATTACHMENT, name, inputs, sources)


def _api(api: Api, groups: Mapping[str, str]) -> State:
    inputs = {
        "authType": api.auth.upper(),
        "groupId": api.group,
        "requestConfig": {"protocol": api.protocol, "method": api.method, "path": api.path},
        "stageNames": [*api.stages],
    }
    group = groups.get(api.group)
    return _state(kinds.API, _called(api), inputs, {"groupId": (group,)} if group else None)


def _called(one: Api | ApiGroup | DnatEntry | Plugin | SnatEntry) -> str:
    """By the name that its row has, and the id that is looked for; many entries have no name."""
    return f"{one.name} ({one.id})" if one.name else one.id


# --- CENs -----------------------------------------------------------------------------------------


def _cen(cen: Cen) -> Iterator[State]:
    for one in cen.attachments:
        if one.router and one.kind == "VPC":
            zones = [{"zoneId": zone} for zone in one.zones]
            name = f"{one.attached} on {one.router} ({one.id})"
            yield _state(kinds.ROUTER_ATTACHMENT, name, {"zoneMappings": zones})
        elif not one.router:
            inputs = {"instanceId": cen.id, "childInstanceRegionId": one.region}
            yield _state(kinds.CEN_ATTACHMENT, one.id, inputs)
    for link in cen.links:
        if link.routers:
            yield _state(kinds.ROUTER_LINK, link.id, {"bandwidth": link.bandwidth})
        else:
            ends = {"instanceId": cen.id, "regionIds": [link.region, link.to]}
            yield _state(kinds.CEN_LINK, link.id, {**ends, "bandwidthLimit": link.bandwidth})


# --- states ---------------------------------------------------------------------------------------


def _state(
    kind: str,
    name: str,
    inputs: Mapping[str, Any],
    sources: Mapping[str, tuple[str, ...]] | None = None,
) -> State:
    return State(_urn(kind, name), kind, inputs, dependencies=sources or {})


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:account::account::{kind}::{name}"
