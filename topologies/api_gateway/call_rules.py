"""The rules of functions that call APIs of the stack inside: the API is there and can be reached.

Source: the seed document on calling API Gateway from functions.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.api_gateway.function_rules import functions_of
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings
from topologies.functions.rules import network_of
from topologies.functions.settings import SECTION as FUNCTIONS
from topologies.functions.settings import FunctionSettings

if TYPE_CHECKING:
    from topologies.reachability import Way

_MILLISECONDS = 1000


def call_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls that can't arrive."""
    for key, function in functions_of(settings).items():
        for variable, api in function.calls.items():
            where: KeyPath = (FUNCTIONS, key, "calls", variable)
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
                remedy = f"raise timeout in {FUNCTIONS}.{key}, or lower the API's"
                yield Problem((FUNCTIONS, key, "calls", variable), name, rule, remedy)
            way = _way(settings, section, function, name) if api is not None else None
            # The range is known only once the instance is there: the first run is without it.
            if way is not None and way.for_now:
                rule = f"{name} can't be reached from here yet: {way.broken}"
                remedy = "look the range up in API Gateway's console, and add it to services"
                yield Problem((FUNCTIONS, key, "calls", variable), name, rule, remedy)


def _way(
    settings: StackSettings, section: ApiGatewaySettings, function: FunctionSettings, api: str
) -> "Way | None":
    """The way of a call; a function without a network is told so elsewhere."""
    if function.network is None:
        return None
    # Brings in the models of what joins networks, which few stacks need.
    from topologies.reachability import way_of_call  # noqa: PLC0415

    return way_of_call(settings, section, network_of(settings.common, function), api)
