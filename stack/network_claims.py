"""Networks against the state: what has one holder, and changes that no single update can carry out.

What has one holder are ranges of a VPC, hosts' addresses and instances.

A vSwitch can't change its range or its zone: another one is made, and the old one deleted first,
since a range has one vSwitch. What is replaced for that (a gateway, a load balancer, a card) goes
with it; a server has a disk, so it isn't replaced, and the cloud keeps a vSwitch that has one.
"""

import os
from collections.abc import Iterator, Mapping

from facts import kinds
from stack.claims import Claim, Clash, Holder, Holdings
from stack.naming import REGION_KEY
from stack.network import HostSettings, VSwitchSettings
from stack.network_rules import parse_address, parse_cidr, place_of_network
from stack.problems import KeyPath, Problem, dotted
from stack.settings import CommonSettings
from stack.state import StackState, StateResource


def component_of_network(name: str | None) -> str:
    """The name of a network's component; None is the name of the stack's own."""
    return "network" if name is None else f"networks-{name}"


def held_vpc(common: CommonSettings, network: str | None, state: StackState) -> str | None:
    """The id of a network's VPC; None of one that is to be created."""
    existing = common.every_network[network].vpc.id
    names = (f"{component}-vpc" for component in _components(common, network))
    return existing or state.id_of(kinds.VPC, *names)


def held_vswitches(
    common: CommonSettings, network: str | None, state: StackState
) -> Iterator[tuple[str, StateResource]]:
    """The vSwitches that the state has of a network, by their keys there.

    Its own alone: `networks-a-b-c` may be `b-c` of `a`, or `c` of `a-b`.
    """
    for component in _components(common, network):
        for key, vswitch in state.all(kinds.VSWITCH, component):
            if vswitch.parent in {component, ""}:
                yield key, vswitch


def held_vswitch(common: CommonSettings, key: str, state: StackState) -> StateResource | None:
    """What the state has of a vSwitch that the stack file creates; None where it is new."""
    network, settings = common.network_of_vswitch(key) or (None, common.network)
    held = dict(held_vswitches(common, network, state))
    was = settings.vswitches[key].was
    return held.get(key) or (held.get(was) if was is not None else None)


def changed_for_good(wanted: VSwitchSettings, held: StateResource) -> list[str]:
    """What differs of a vSwitch that the cloud can't change: it is made anew for that."""
    before = {"cidr": held.text("cidrBlock"), "zone": held.text("zoneId")}
    after = {"cidr": wanted.cidr, "zone": wanted.zone}
    return [name for name in after if before[name] and before[name] != after[name]]


def standing_vswitch(common: CommonSettings, key: str, state: StackState) -> str | None:
    """The id of a vSwitch that stays as it is; None of one that is created, or made anew."""
    _, settings = common.network_of_vswitch(key) or (None, common.network)
    wanted = settings.vswitches[key]
    held = held_vswitch(common, key, state)
    if wanted.id is not None or held is None:
        return wanted.id
    return held.id if not changed_for_good(wanted, held) else None


def held_server(common: CommonSettings, host: str, state: StackState) -> StateResource | None:
    """What the state has of a host that the stack creates, or has created; None where it is new."""
    _, settings = common.every_host[host]
    was = f"host-{settings.was}-instance" if settings.was is not None else None
    return state.find(kinds.INSTANCE, f"host-{host}-instance", was)


def server_id(common: CommonSettings, host: str, state: StackState) -> str | None:
    """The id of a host's ECS instance; None of one that isn't known, or is to be created."""
    if host not in common.every_host:
        return None
    held = held_server(common, host, state)
    return common.every_host[host][1].instance_id or (held.id if held is not None else None)


def _components(common: CommonSettings, network: str | None) -> tuple[str, ...]:
    """The names of a network's component, today's first."""
    was = common.networks[network].was if network is not None else None
    names = (network, was) if was is not None else (network,)
    return tuple(map(component_of_network, names))


def network_claims(common: CommonSettings, state: StackState) -> Holdings:
    """Ranges of vSwitches, and hosts' addresses: held by the state, wanted by the file."""
    networks = (None, *common.networks)
    return Holdings(
        held=(
            *(one for name in networks for one in _held_vswitches(common, name, state)),
            *_held_hosts(common, state),
        ),
        wanted=(*_wanted_vswitches(common), *_wanted_hosts(common)),
    )


def _held_vswitches(
    common: CommonSettings, network: str | None, state: StackState
) -> Iterator[Holder]:
    place = (*place_of_network(network), "vswitches")
    for key, vswitch in held_vswitches(common, network, state):
        cidr = vswitch.text("cidrBlock")
        fixed = {"cidr": cidr, "zone": vswitch.text("zoneId")}
        yield Holder((*place, key), _range(network, cidr), fixed=fixed)


def _wanted_vswitches(common: CommonSettings) -> Iterator[Holder]:
    for network, settings in common.every_network.items():
        place, vswitches = (*place_of_network(network), "vswitches"), settings.vswitches
        for key, vswitch in sorted(vswitches.items()):
            path, fixed = (*place, key), {"cidr": vswitch.cidr, "zone": vswitch.zone}
            claims = _range(network, vswitch.cidr, _overlapping(path, vswitch.cidr))
            yield Holder(path, claims, vswitch.was, fixed=fixed, standing=vswitch.id is not None)


def _overlapping(path: KeyPath, cidr: str) -> Clash:
    def problem(other: Holder, _: Claim) -> Problem:
        taken = (other.fixed or {})["cidr"]
        rule = f"vSwitches can't overlap; {other.path[-1]} has {taken}"
        return Problem((*path, "cidr"), cidr, rule, "choose ranges that share no address")

    return problem


def _held_hosts(common: CommonSettings, state: StackState) -> Iterator[Holder]:
    networks = _networks_of_vswitches(common, state)
    for name, instance in state.all(kinds.INSTANCE, "host"):
        key = name.removesuffix("-instance")
        # Where even the state doesn't say it, a host is where the file has it.
        there, _ = common.network_of_host(key) or (None, None)
        network = networks.get(instance.text("vswitchId"), there)
        claim = private_address(instance.text("privateIp"), network)
        fixed = {"instance.disk": instance.text("systemDiskCategory")}
        yield Holder((*place_of_network(network), "hosts", key), (claim,), fixed=fixed)


def _networks_of_vswitches(common: CommonSettings, state: StackState) -> dict[str, str | None]:
    """The network that each known vSwitch is of, by the vSwitch's id."""
    found: dict[str, str | None] = {}
    for network, settings in common.every_network.items():
        existing = (vswitch.id for vswitch in settings.vswitches.values())
        found.update((one, network) for one in existing if one is not None)
        found.update((vswitch.id, network) for _, vswitch in held_vswitches(common, network, state))
    return found


def _wanted_hosts(common: CommonSettings) -> Iterator[Holder]:
    for network, settings in common.every_network.items():
        place = (*place_of_network(network), "hosts")
        for key, host in settings.hosts.items():
            path, made = (*place, key), host.instance
            claims: list[Claim] = []
            if parse_address(host.ip) is not None:
                clash = _shared((*path, "ip"), host.ip, "address")
                claims.append(private_address(host.ip, network, clash=clash))
            if host.instance_id is not None:
                clash = _shared((*path, "instanceId"), host.instance_id, "instance")
                group = ("instance", network or "", host.instance_id)
                claims.append(Claim(group, f"the instance {host.instance_id}", clash=clash))
            fixed = {"instance.disk": made.disk.value} if made is not None else None
            yield Holder(path, tuple(claims), host.was, fixed=fixed, standing=made is None)


def _shared(path: KeyPath, value: str, what: str) -> Clash:
    def problem(other: Holder, _: Claim) -> Problem:
        rule = f"two hosts can't share one {what}; {other.path[-1]} has it already"
        return Problem(path, value, rule, f"give one of them another {what}, or remove one")

    return problem


def _range(network: str | None, cidr: str, clash: Clash | None = None) -> tuple[Claim, ...]:
    found = parse_cidr(cidr)
    if found is None:
        return ()
    first, last = int(found.network_address), int(found.broadcast_address)
    return (Claim(("range", network or ""), f"the range {cidr}", first, last, clash=clash),)


def private_address(
    ip: str, network: str | None = None, *, place: KeyPath = (), clash: Clash | None = None
) -> Claim:
    """The claim of whoever has a private address of a VPC, the stack's own unless named."""
    group = ("private address", network or "", ip)
    return Claim(group, f"the address {ip}", place=place, clash=clash)


_PROVIDERS_OWN = "cn-beijing"
"""The region that the provider takes where nobody says one."""


def vswitches_made_anew(common: CommonSettings, state: StackState) -> Mapping[str, KeyPath]:
    """The ids of vSwitches that are made anew, with their places in the stack file."""
    found: dict[str, KeyPath] = {}
    for network, settings in common.every_network.items():
        for key, wanted in settings.vswitches.items():
            held = held_vswitch(common, key, state) if wanted.id is None else None
            if held is not None and changed_for_good(wanted, held):
                found[held.id] = (*place_of_network(network), "vswitches", key)
    return found


def region_changes(region: str | None, state: StackState) -> Iterator[Problem]:
    """Another region of the stack: nothing would move there, and all of it be lost sight of.

    The provider of a region has no name of its own but the default one, whose resources it then
    looks for elsewhere: the next refresh, or destroy, takes each for gone.
    """
    meant = region or os.environ.get("ALICLOUD_REGION") or _PROVIDERS_OWN
    for provider in state.every(kinds.PROVIDER):
        held = provider.text("region")
        if provider.name.startswith("default") and held and held != meant:
            rule = f"what this stack has lies in {held}, and nothing moves to {meant}"
            remedy = (
                f"put {held} back; another region takes a stack file of its own, and this stack is "
                "destroyed once the other one has its traffic"
            )
            yield Problem((REGION_KEY,), region, rule, remedy)
            return


def network_changes(common: CommonSettings, state: StackState) -> Iterator[Problem]:
    """What lies in vSwitches that are made anew, and servers that would leave their VPC or zone."""
    anew = vswitches_made_anew(common, state)
    for vswitch, place in anew.items():
        yield from _in_the_way(vswitch, place, state)
    for key, (network, host) in common.every_host.items():
        held = held_server(common, key, state) if host.instance is not None else None
        if held is not None and held.text("vswitchId") not in anew:
            yield from _leaving(common, (network, key, host), held, state)


def _in_the_way(vswitch: str, place: KeyPath, state: StackState) -> Iterator[Problem]:
    """What lies in a vSwitch that is made anew, and isn't replaced with it."""
    key = place[-1]
    servers = [one for one in state.every(kinds.INSTANCE) if one.text("vswitchId") == vswitch]
    others = [one for one in state.every(kinds.ROUTER_ATTACHMENT) if vswitch in _zones(one)]
    # In its first vSwitch a VPN gateway is replaced with it.
    others += [
        one
        for one in state.every(kinds.VPN_GATEWAY)
        if vswitch == one.text("disasterRecoveryVswitchId") != one.text("vswitchId")
    ]
    aside = (
        f"keep {key} as it is, and add the new vSwitch under another name, with a range of its "
        "own: a server can be moved to one of its zone, and is made anew in another zone; once "
        f"{key} is empty, remove it"
    )
    out = (
        f"do it in two steps: first put them into another vSwitch than {key} and run up; then "
        f"change {key} and run up again"
    )
    for found, remedy in ((servers, aside), (others, out)):
        if found:
            names = ", ".join(sorted(one.name for one in found))
            rule = (
                "another cidr or zone means another vSwitch, the old one deleted first, and the "
                f"cloud keeps it while something lies in it: {names}"
            )
            yield Problem(place, key, rule, remedy)


def _zones(attachment: StateResource) -> list[object]:
    """The vSwitches where a transit router's attachment has addresses."""
    return [zone.get("vswitchId") for zone in attachment.outputs.get("zoneMappings") or ()]


def _leaving(
    common: CommonSettings,
    wanted: tuple[str | None, str, HostSettings],
    held: StateResource,
    state: StackState,
) -> Iterator[Problem]:
    """A server that would leave what it can't leave."""
    network, key, host = wanted
    path = (*place_of_network(network), "hosts", key, "vswitch")
    other = (
        f"to have it there, make another server of it: another name without was, and another ip; "
        f"the disk of {key} is gone then"
    )
    vpc, zone = held.text("vpcId"), held.text("availabilityZone")
    if vpc and vpc != held_vpc(common, network, state):
        former = _former_network(common, vpc, state)
        renamed = f"if {dotted(path[:2])} was called {former}, say was: {former} there; "
        rule = f"a server keeps its VPC, and {key} is in {vpc}"
        yield Problem(path, host.vswitch, rule, (renamed if former else "") + other)
        return
    _, settings = common.network_of_vswitch(host.vswitch) or (None, common.network)
    there = settings.vswitches[host.vswitch].zone
    if zone and zone != there:
        rule = f"a server keeps its zone: {key} is in {zone}, and {host.vswitch} in {there}"
        yield Problem(path, host.vswitch, rule, other)


def _former_network(common: CommonSettings, vpc: str, state: StackState) -> str | None:
    """The name of the network that has this VPC in the state, where the file has none so called."""
    prefix, suffix = component_of_network(""), "-vpc"
    for name, held in state.all(kinds.VPC, prefix.removesuffix("-")):
        former = name.removesuffix(suffix)
        if held.id == vpc and former not in common.networks:
            return former
    return None
