"""The rules of all networks of a stack together: whose name is whose.

A vSwitch's and a host's name is one in the stack, so that whatever stands on one names it alone,
and its network and region follow.
"""

import re
from collections.abc import Iterator

from stack.network_rules import network_problems
from stack.problems import ANY_NETWORK, KeyPath, Problem, choose_from, dotted
from stack.renames import rename_problems
from stack.settings import CommonSettings

NETWORKS: KeyPath = ("networks",)
_REGION = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def is_region(text: str) -> bool:
    """Whether a region may be called so."""
    return _REGION.fullmatch(text) is not None


def place_of_network(name: str | None) -> KeyPath:
    """Where a network stands in the stack file; None is the name of the stack's own."""
    return ("network",) if name is None else (*NETWORKS, name)


def region_problem(path: KeyPath, text: str) -> Problem:
    """That this is no region."""
    return Problem(path, text, "a region is written as cn-shanghai", "correct it")


def vswitch_problems(common: CommonSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    """Why `name` is no vSwitch of any network."""
    if common.network_of_vswitch(name) is None:
        known = [one for network in common.every_network.values() for one in network.vswitches]
        rule = "this must name a vSwitch of network or of one of networks"
        remedy = choose_from(name, known, "vSwitch")
        yield Problem(path, name, rule, remedy, missing=(ANY_NETWORK, "vswitches", name))


def host_problems(common: CommonSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    """Why `name` is no host of any network."""
    if common.network_of_host(name) is None:
        known = [one for network in common.every_network.values() for one in network.hosts]
        rule = "this must name a host of network or of one of networks"
        remedy = choose_from(name, known, "host")
        yield Problem(path, name, rule, remedy, missing=(ANY_NETWORK, "hosts", name))


def networks_problems(common: CommonSettings, region: str | None) -> Iterator[Problem]:
    """Everything that is wrong with the networks, each by itself and all together."""
    if common.network.exists:
        yield from network_problems(common.network, common.quotas, region)
    for name, network in common.networks.items():
        path = (*NETWORKS, name)
        its_region = network.region if network.region is not None else region
        if network.region is not None and not is_region(network.region):
            yield region_problem((*path, "region"), network.region)
            its_region = None  # then nothing is known of its zones
        yield from network_problems(network, common.quotas, its_region, path)
    yield from rename_problems(NETWORKS, common.networks)
    yield from _shared_names(common)
    yield from _shared_resource_names(common)


def _shared_names(common: CommonSettings) -> Iterator[Problem]:
    owners: dict[tuple[str, str], KeyPath] = {}
    for network, settings in common.every_network.items():
        for key, what, entries in (
            ("vswitches", "vSwitch", settings.vswitches),
            ("hosts", "host", settings.hosts),
        ):
            for name in entries:
                place = (*place_of_network(network), key)
                owner = owners.setdefault((what, name), place)
                if owner != place:
                    rule = f"a {what}'s name is one in the stack; {dotted(owner)} has {name} too"
                    yield Problem((*place, name), name, rule, "give one of the two another name")


def _shared_resource_names(common: CommonSettings) -> Iterator[Problem]:
    """`a` with `b-c` and `a-b` with `c` would be one name in Pulumi."""
    owners: dict[str, KeyPath] = {}
    for network, settings in common.networks.items():
        for name in settings.vswitches:
            place = (*NETWORKS, network, "vswitches", name)
            owner = owners.setdefault(f"{network}-{name}", place)
            if owner != place:
                rule = f"{dotted(owner)} and this are both called {network}-{name} in Pulumi"
                yield Problem(place, name, rule, "give one of the two another name")
