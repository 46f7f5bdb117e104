"""The rules of functions that call APIs of the stack inside: the API is there and can be reached.

Source: the seed document on calling API Gateway from functions.
"""

from collections.abc import Iterator

from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.api_gateway.function_rules import functions_of
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings
from topologies.functions.network_rules import network_of
from topologies.functions.settings import SECTION as FUNCTIONS

_MILLISECONDS = 1000


def call_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls that can't arrive."""
    for key, function in functions_of(settings).items():
        for variable, api in function.calls.items():
            where: KeyPath = (FUNCTIONS, key, "calls", variable)
            if api not in section.apis:
                rule = "this must name an API of this stack"
                remedy = choose_from(api, section.apis, "API")
                yield Problem(where, api, rule, remedy, missing=(SECTION, "apis", api))
            elif function.network is not None:
                # Brings in the models of what joins networks, which few stacks need.
                from topologies.reachability import way_of_call  # noqa: PLC0415

                way = way_of_call(settings, section, network_of(settings.common, function), api)
                if way.broken is not None:
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
