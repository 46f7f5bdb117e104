"""The rules of functions in networks, and of what they call there.

Whether the APIs that a function calls are there, and can be reached, is API Gateway's rule.

Source: Function Compute 3.0, "Configure network settings"; the seed document on calling API Gateway
from functions.
"""

from collections.abc import Iterator
from typing import Final

from facts.function_zones import lacks_functions
from stack.network_rules import place_of_network, vswitch_problems
from stack.problems import KeyPath, Problem, dotted
from stack.settings import CommonSettings, StackSettings
from topologies.functions.names import (
    LONGEST,
    function_name,
    is_function_name,
    network_role_name,
)
from topologies.functions.roles import made_apart
from topologies.functions.settings import SECTION, FunctionNetworkSettings, FunctionSettings

_GATEWAY: Final = "api-gateway"


def network_of(common: CommonSettings, function: FunctionSettings) -> str | None:
    """The name of the network that a function is in, by its first vSwitch.

    None is the name of the stack's own, and what a function outside of networks counts to.
    """
    if function.network is None:
        return None
    name, _ = common.network_of_vswitch(function.network.vswitches[0]) or (None, None)
    return name


def region_of(settings: StackSettings, function: FunctionSettings) -> str | None:
    """The region that a function runs in: its network's."""
    return settings.region_of(network_of(settings.common, function))


def function_network_problems(
    settings: StackSettings, key: str, function: FunctionSettings
) -> Iterator[Problem]:
    """What the function `key` may not say about its network and its calls."""
    path: KeyPath = (SECTION, key)
    if function.network is not None:
        yield from _vswitch_problems(settings.common, path, function.network)
        name = function_name(settings.stack, key, function)
        role = network_role_name(name)
        if function.role is not None:
            pass
        elif (apart := made_apart(settings, (*path, "role"), role)) is not None:
            yield apart
        elif is_function_name(name) and len(role) > LONGEST:
            rule = (
                f"in a network it acts under a role named {role}, and a role's name has {LONGEST}"
            )
            yield Problem((*path, "network"), name, rule, "give it a shorter name: name: …")
    if function.calls and function.network is None:
        rule = "a function calls APIs inside from a network"
        yield Problem((*path, "calls"), None, rule, "add network: {vswitches: [functions]}")
    if function.calls and _GATEWAY not in settings.common.topology:
        rule = "calls names APIs of this stack, and topology has no api-gateway"
        yield Problem((*path, "calls"), None, rule, "add api-gateway to topology, or remove calls")
    for variable in function.calls:
        if variable in function.environment:
            where = (*path, "calls", variable)
            rule = f"{variable} is set once; environment has it too"
            yield Problem(where, variable, rule, "remove one of the two")


def function_network_warnings(
    settings: StackSettings, key: str, function: FunctionSettings
) -> Iterator[Problem]:
    """What it may say, and probably doesn't mean."""
    vswitches = function.network.vswitches if function.network is not None else []
    for index, name in enumerate(vswitches):
        _, network = settings.common.network_of_vswitch(name) or (None, None)
        zone = network.vswitches[name].zone if network is not None else None
        if zone is not None and lacks_functions(zone):
            where = (SECTION, key, "network", "vswitches", index)
            rule = f"{name} lies in {zone}, where functions aren't known to be supported"
            yield Problem(where, name, rule, "use a vSwitch in another zone of the region")


def _vswitch_problems(
    common: CommonSettings, path: KeyPath, network: FunctionNetworkSettings
) -> Iterator[Problem]:
    where = (*path, "network", "vswitches")
    found: dict[str | None, str] = {}
    for index, name in enumerate(network.vswitches):
        yield from vswitch_problems(common, name, (*where, index))
        owner = common.network_of_vswitch(name)
        if owner is None:
            continue
        found.setdefault(owner[0], name)
        if name in network.vswitches[:index]:
            yield Problem(
                (*where, index), name, "a vSwitch is listed once here", "remove one of the two"
            )
    if len(found) > 1:
        places = ", ".join(dotted(place_of_network(one)) for one in found)
        rule = f"a function is in one network; these vSwitches are of {places}"
        yield Problem(where, ", ".join(found.values()), rule, "keep those of one network")
