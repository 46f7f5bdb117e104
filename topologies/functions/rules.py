"""The rules of functions: names, sizes and environment variables.

Pure functions from settings to problems. Whether an API waits long enough for its function is the
API's rule.

Source: Function Compute 3.0, "CreateFunction", "Specifications" and "Configure environment
variables".
"""

import re
from collections.abc import Iterator
from typing import Final

from stack.ids import is_unknown
from stack.naming import rename_problems
from stack.problems import KeyPath, Problem, quoted
from stack.secrets import HIDDEN, plain_secret_problems, pulumi_path
from stack.settings import StackSettings
from topologies.functions.names import LONGEST, function_name, is_function_name
from topologies.functions.network_rules import (
    function_network_problems,
    function_network_warnings,
)
from topologies.functions.settings import SECTION, FunctionSettings, FunctionsSettings

_CPU_STEPS: Final = 20  # of 0.05
_MB_PER_GB: Final = 1024
_GB_PER_CPU: Final = (1, 4)
_MOST_ENVIRONMENT: Final = 4096  # bytes, of names and values together
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED: Final = "FC_"
_ROLE = re.compile(r"acs:ram::\d+:role/[\w.-]+")
# How variables that hold a secret are called, without underscores.
_SECRETS = re.compile(
    r"(PASSWORD|PASSWD|SECRET|TOKEN|APPCODE|ACCESSKEY|ACCESSKEYID|APIKEY|PRIVATEKEY|CREDENTIALS?)$"
)


def functions_problems(settings: StackSettings, section: FunctionsSettings) -> Iterator[Problem]:
    """Everything that the section may not say."""
    yield from plain_secret_problems(section, (SECTION,))
    owners: dict[str, str] = {}
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
        owner = owners.setdefault(name, key)
        if owner != key:
            rule = f"a function has one name in the cloud; {owner} is called {name} already"
            yield Problem(where, name, rule, "give one of the two another name")
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
        if value and _SECRETS.search(name.upper().replace("_", "")):
            rule = "a variable of such a name holds a secret, which is never written in plain text"
            remedy = f"run: pulumi config set --secret --path {quoted(pulumi_path(where))}"
            yield Problem(where, HIDDEN, rule, remedy)
    if size > _MOST_ENVIRONMENT:
        rule = f"a function's variables have {_MOST_ENVIRONMENT} bytes together; here {size}"
        where = (*path, "environment")
        yield Problem(where, f"{size} bytes", rule, "put long values into a file beside the code")
