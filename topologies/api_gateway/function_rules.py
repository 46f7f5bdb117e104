"""The rules of APIs and functions: who calls whom, by which role, and who waits for whom.

Source: API Gateway, "Use Function Compute as the backend service"; the seed document on API Gateway
best practices, chapter 5.
"""

from collections.abc import Iterator, Mapping

from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.api_gateway.api_settings import ApiSettings, FunctionBackend
from topologies.functions.names import LONGEST, function_name, invoker_name, is_function_name
from topologies.functions.settings import FUNCTIONS, FunctionSettings, FunctionsSettings
from topologies.functions.settings import SECTION as FUNCTIONS_SECTION

_MILLISECONDS = 1000


def functions_of(settings: StackSettings) -> Mapping[str, FunctionSettings]:
    """The stack's own functions, by name."""
    section = settings.sections.get(FUNCTIONS)
    return section.root if isinstance(section, FunctionsSettings) else {}


def called_functions(apis: Mapping[str, ApiSettings]) -> set[str]:
    """Names of the stack's own functions that APIs call."""
    backends = (api.backend.function for api in apis.values())
    return {one.function for one in backends if one is not None and one.role is None}


def function_problems(
    settings: StackSettings, path: KeyPath, api: ApiSettings
) -> Iterator[Problem]:
    """What an API at `path` may not say about its function."""
    backend = api.backend.function
    if backend is None:
        return
    where: KeyPath = (*path, "backend", "function")
    own = functions_of(settings)
    if backend.role is not None:
        if backend.function in own:
            rule = f"{backend.function} is a function of this stack, which makes a role for it"
            yield Problem((*where, "role"), backend.role, rule, "remove role")
        return
    function = own.get(backend.function)
    if function is None:
        yield _unknown(settings, (*where, "function"), backend)
        return
    name = function_name(settings.stack, backend.function, function)
    role = invoker_name(name)
    if is_function_name(name) and len(role) > LONGEST:
        rule = f"the gateway calls it by a role named {role}, and a role's name has {LONGEST}"
        remedy = (
            f"give the function a shorter name: name: … in {FUNCTIONS_SECTION}.{backend.function}"
        )
        yield Problem((*where, "function"), backend.function, rule, remedy)
    entry = f"{FUNCTIONS_SECTION}.{backend.function}"
    needed = function.timeout * _MILLISECONDS
    if api.backend.timeout < needed:
        rule = (
            f"the gateway waits at least as long as the function may run: {backend.function} may "
            f"run {function.timeout} s"
        )
        remedy = f"write timeout: {needed} here, or a smaller one in {entry}"
        yield Problem((*path, "backend", "timeout"), api.backend.timeout, rule, remedy)


def _unknown(settings: StackSettings, where: KeyPath, backend: FunctionBackend) -> Problem:
    own = functions_of(settings)
    rule = "without role, this must name a function of functions"
    remedy = choose_from(backend.function, own, "function")
    if FUNCTIONS not in settings.common.topology:
        remedy = (
            "add functions to topology and the function to its section; or, for one that exists, "
            "role: acs:ram::…:role/…"
        )
    missing = (FUNCTIONS_SECTION, backend.function)
    return Problem(where, backend.function, rule, remedy, missing=missing)
