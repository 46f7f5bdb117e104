"""The rules of functions: names, sizes, environment variables, networks, and what they call there.

Pure functions from settings to problems. Whether an API waits long enough for its function is the
API's rule, and so is whether the APIs that a function calls are there, and can be reached.

Source: Function Compute 3.0, "CreateFunction", "Specifications", "Configure environment
variables" and "Configure network settings"; the seed document on calling API Gateway from
functions.
"""

import re
from collections.abc import Iterator
from typing import Final

from facts.zones import lacks_functions
from stack.ids import is_unknown
from stack.naming import rename_problems
from stack.network_rules import place_of_network, vswitch_problems
from stack.problems import KeyPath, Problem, dotted, quoted
from stack.secrets import HIDDEN, names_a_secret, plain_secret_problems, pulumi_path
from stack.settings import CommonSettings, StackSettings
from stack.tiers import TIERS
from topologies.functions.settings import (
    LONGEST,
    SECTION,
    FunctionNetworkSettings,
    FunctionSettings,
    FunctionsSettings,
    function_name,
    is_function_name,
    network_role_name,
)

_CPU_STEPS: Final = 20  # of 0.05
_MB_PER_GB: Final = 1024
_GB_PER_CPU: Final = (1, 4)
_MOST_ENVIRONMENT: Final = 4096  # bytes, of names and values together
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED: Final = "FC_"
_ROLE = re.compile(r"acs:ram::\d+:role/[\w.-]+")


def functions_problems(settings: StackSettings, section: FunctionsSettings) -> Iterator[Problem]:
    """Everything that the section may not say."""
    yield from plain_secret_problems(section, (SECTION,))
    for key, function in section.root.items():
        path: KeyPath = (SECTION, key)
        name = function_name(settings.stack, key, function)
        where = path if function.name is None else (*path, "name")
        if not is_function_name(name):
            rule = (
                f"a function's name has 1 to {LONGEST} letters, digits, '_' or '-', a letter or "
                "'_' first"
            )
            yield Problem(where, name, rule, "give it a name of its own: name: phone-lookup")
        yield from _size_problems(path, function)
        yield from _environment_problems(path, function)
        yield from function_network_problems(settings, key, function)
        if function.role is not None and not (
            _ROLE.fullmatch(function.role) or is_unknown(function.role)
        ):
            rule = "a role is given by its ARN"
            remedy = "write it as acs:ram::<account>:role/<name>"
            yield Problem((*path, "role"), function.role, rule, remedy)
    yield from rename_problems((SECTION,), section.root)


def functions_warnings(settings: StackSettings, section: FunctionsSettings) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    if not section.root:
        yield Problem(
            (SECTION,), None, "there is no function here", "add one, or the topology goes"
        )
    for key, function in section.root.items():
        yield from function_network_warnings(settings, key, function)
        yield from _runtime_warnings((SECTION, key), function)


def _size_problems(path: KeyPath, function: FunctionSettings) -> Iterator[Problem]:
    steps = function.cpu * _CPU_STEPS
    if abs(steps - round(steps)) > 1e-6:  # noqa: PLR2004 - a float's own rounding
        rule = "vCPUs come in steps of 0.05"
        yield Problem((*path, "cpu"), function.cpu, rule, f"write {round(steps) / _CPU_STEPS:g}")
        return
    least, most = _GB_PER_CPU
    ratio = round(function.memory / _MB_PER_GB / function.cpu, 6)
    if not least <= ratio <= most:
        rule = (
            f"each vCPU comes with {least} to {most} GB; {function.cpu:g} has {ratio:.2f} for each"
        )
        low, high = (round(function.cpu * gb * _MB_PER_GB) for gb in _GB_PER_CPU)
        remedy = f"write memory between {low} and {high}, or another cpu"
        yield Problem((*path, "memory"), function.memory, rule, remedy)


def _runtime_warnings(path: KeyPath, function: FunctionSettings) -> Iterator[Problem]:
    """What the cloud may not do as it is said."""
    if (function.concurrency or 1) > 1:
        rule = (
            "several calls at once are known of functions that are web servers of their own; "
            "the cloud may refuse them for one with a handler"
        )
        where = (*path, "concurrency")
        yield Problem(where, function.concurrency, rule, "try it in a stack of its own, or write 1")
    if function.logs is not None and function.role is None:
        rule = "a function writes its logs under its role, and none is given that may write them"
        remedy = "add role: acs:ram::<account>:role/<name>, of one that may log:PostLogStoreLogs"
        yield Problem((*path, "logs"), None, rule, remedy)


def _environment_problems(path: KeyPath, function: FunctionSettings) -> Iterator[Problem]:
    size = 0
    for name, value in [*function.environment.items(), *((v, "") for v in function.calls)]:
        where = (*path, "environment" if name in function.environment else "calls", name)
        if not _VARIABLE.fullmatch(name) or name.startswith(_RESERVED):
            rule = (
                "a variable's name has letters, digits and '_', begins with a letter, and not with "
                f"{_RESERVED}, which is the service's own"
            )
            yield Problem(where, name, rule, "rename it")
        if not isinstance(value, str):
            continue
        size += len(name) + len(value.encode())
        if value and names_a_secret(name):
            rule = "a variable of such a name holds a secret, which is never written in plain text"
            remedy = f"run: pulumi config set --secret --path {quoted(pulumi_path(where))}"
            yield Problem(where, HIDDEN, rule, remedy)
    if size > _MOST_ENVIRONMENT:
        rule = f"a function's variables have {_MOST_ENVIRONMENT} bytes together; here {size}"
        where = (*path, "environment")
        yield Problem(where, f"{size} bytes", rule, "put long values into a file beside the code")


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


def made_apart(settings: StackSettings, where: KeyPath, role: str) -> Problem | None:
    """What is wrong with a role that the stack would make; None where its tier makes roles.

    Args:
        settings: the stack.
        where: where the role's ARN would stand.
        role: what it would be called.
    """
    tier = settings.common.tier
    if TIERS[tier].makes_roles:
        return None
    rule = (
        f"a {tier} stack makes no RAM role: who may write roles can become administrator of the "
        "account"
    )
    remedy = f"make the role apart (docs/permissions.md), and add role: acs:ram::…:role/{role}"
    return Problem(where, None, rule, remedy)
