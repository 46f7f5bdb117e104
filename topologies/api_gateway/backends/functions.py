"""The rules of APIs and functions: who calls whom, by which role, and who waits for whom.

APIs call functions, and functions call APIs of the stack inside: those are there and can be
reached. Source: API Gateway, "Use Function Compute as the backend service"; the seed documents on
API Gateway best practices, chapter 5, and on calling API Gateway from functions.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.api_gateway.apis.settings import ApiSettings
from topologies.api_gateway.backends.settings import FunctionBackend
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings
from topologies.functions.rules import made_apart, network_of
from topologies.functions.settings import (
    FUNCTIONS,
    LONGEST,
    FunctionSettings,
    FunctionsSettings,
    function_name,
    invoker_name,
    is_function_name,
)
from topologies.functions.settings import SECTION as FUNCTIONS_SECTION

if TYPE_CHECKING:
    from topologies.reachability import Way

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


def call_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls that can't arrive."""
    for key, function in functions_of(settings).items():
        for variable, api in function.calls.items():
            where: KeyPath = (FUNCTIONS_SECTION, key, "calls", variable)
            found = section.apis.get(api)
            if found is None:
                rule = "this must name an API of apiGateway.apis"
                remedy = choose_from(api, section.apis, "API")
                yield Problem(where, api, rule, remedy, missing=(SECTION, "apis", api))
                continue
            group = section.groups.get(found.group)
            if group is not None and not group.intranet:
                rule = f"{api} is called inside, and its group {found.group} has no domain there"
                remedy = f"say intranet: true in {SECTION}.groups.{found.group}"
                yield Problem(where, api, rule, remedy)
                continue
            way = _way(settings, section, function, api)
            if way is not None and way.broken is not None and not way.for_now:
                rule = f"{api} can't be reached from here: {way.broken}"
                yield Problem(where, api, rule, "put that right, or remove this call")


def call_warnings(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls that may be given up before they are answered."""
    for key, function in functions_of(settings).items():
        for variable, name in function.calls.items():
            api = section.apis.get(name)
            if api is not None and function.timeout * _MILLISECONDS < api.backend.timeout:
                rule = (
                    f"{key} may run {function.timeout} s, and {name} may take "
                    f"{api.backend.timeout} ms"
                )
                remedy = f"raise timeout in {FUNCTIONS_SECTION}.{key}, or lower the API's"
                yield Problem((FUNCTIONS_SECTION, key, "calls", variable), name, rule, remedy)
            way = _way(settings, section, function, name) if api is not None else None
            # The range is known only once the instance is there: the first run is without it.
            if way is not None and way.for_now:
                rule = f"{name} can't be reached from here yet: {way.broken}"
                remedy = "look the range up in API Gateway's console, and add it to services"
                yield Problem((FUNCTIONS_SECTION, key, "calls", variable), name, rule, remedy)


def _way(
    settings: StackSettings, section: ApiGatewaySettings, function: FunctionSettings, api: str
) -> "Way | None":
    """The way of a call; a function without a network is told so elsewhere."""
    if function.network is None:
        return None
    # Brings in the models of what joins networks, which few stacks need.
    from topologies.reachability import way_of_call  # noqa: PLC0415

    return way_of_call(settings, section, network_of(settings.common, function), api)
