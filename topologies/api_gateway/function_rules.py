"""The rules of APIs and functions: who calls whom, by which role, and who waits for whom.

Source: API Gateway, "Use Function Compute as the backend service"; the seed document on API Gateway
best practices, chapter 5.
"""

from collections.abc import Iterator, Mapping

from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.api_gateway.api_settings import ApiSettings, FunctionBackend
from topologies.functions.names import LONGEST, function_name, invoker_name, is_function_name
from topologies.functions.rules import made_apart
from topologies.functions.settings import FUNCTIONS, FunctionSettings, FunctionsSettings
from topologies.functions.settings import SECTION as FUNCTIONS_SECTION

_MILLISECONDS = 1000


def functions_of(settings: StackSettings) -> Mapping[str, FunctionSettings]:
    """The stack's own functions, by name."""
    section = settings.sections.get(FUNCTIONS)
    return section.root if isinstance(section, FunctionsSettings) else {}


def called_functions(settings: StackSettings, apis: Mapping[str, ApiSettings]) -> dict[str, bool]:
    """The stack's own functions that APIs call, and whether one of these brings no role for it."""
    own, called = functions_of(settings), dict[str, bool]()
    for api in apis.values():
        backend = api.backend.function
        if backend is not None and backend.function in own:
            called[backend.function] = called.get(backend.function, False) or backend.role is None
    return called


def function_problems(
    settings: StackSettings, path: KeyPath, api: ApiSettings
) -> Iterator[Problem]:
    """What an API at `path` may not say about its function."""
    backend = api.backend.function
    if backend is None:
        return
    where: KeyPath = (*path, "backend", "function")
    function = functions_of(settings).get(backend.function)
    if function is None:
        if backend.role is None:
            yield _unknown(settings, (*where, "function"), backend)
        return
    if backend.role is None:
        name = function_name(settings.stack, backend.function, function)
        yield from _role_problems(settings, where, backend.function, name)
    entry = f"{FUNCTIONS_SECTION}.{backend.function}"
    needed = function.timeout * _MILLISECONDS
    if api.backend.timeout < needed:
        rule = (
            f"the gateway waits at least as long as the function may run: {backend.function} may "
            f"run {function.timeout} s"
        )
        remedy = f"write timeout: {needed} here, or a smaller one in {entry}"
        yield Problem((*path, "backend", "timeout"), api.backend.timeout, rule, remedy)


def _role_problems(
    settings: StackSettings, where: KeyPath, function: str, name: str
) -> Iterator[Problem]:
    """What is wrong with the role that the stack makes for a function to be called by."""
    role = invoker_name(name)
    apart = made_apart(settings, (*where, "role"), role)
    if apart is not None:
        yield apart
    elif is_function_name(name) and len(role) > LONGEST:
        rule = f"the gateway calls it by a role named {role}, and a role's name has {LONGEST}"
        remedy = f"give the function a shorter name: name: … in {FUNCTIONS_SECTION}.{function}"
        yield Problem((*where, "function"), function, rule, remedy)


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
