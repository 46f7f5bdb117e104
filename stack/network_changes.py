"""Changes of networks that no single update can carry out, whoever holds what.

A vSwitch can't change its range or its zone: another one is made, and the old one deleted first,
since a range has one vSwitch. What is replaced for that (a gateway, a load balancer, a card) goes
with it; a server has a disk, so it isn't replaced, and the cloud keeps a vSwitch that has one.
"""

import os
from collections.abc import Iterator, Mapping

from facts import kinds
from stack.naming import REGION_KEY
from stack.network import HostSettings
from stack.network_claims import (
    changed_for_good,
    component_of_network,
    held_server,
    held_vpc,
    held_vswitch,
)
from stack.network_rules import place_of_network
from stack.problems import KeyPath, Problem, dotted
from stack.settings import CommonSettings
from stack.state import StackState, StateResource

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
