"""The rules of plugins, each by itself: names, exactly one kind, the kind's own rules, and size.

What plugins may be together, on one API, is in `bindings`.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from stack.naming import rename_problems
from stack.problems import KeyPath, Problem
from topologies.api_gateway.conditions import Severity
from topologies.api_gateway.plugins.access_control import (
    AccessControlSettings,
    access_control_expressions,
    access_control_problems,
    access_control_warnings,
)
from topologies.api_gateway.plugins.backend_signature import (
    BackendSignatureSettings,
    backend_signature_problems,
)
from topologies.api_gateway.plugins.caching import CachingSettings, caching_problems
from topologies.api_gateway.plugins.circuit_breaker import (
    CircuitBreakerSettings,
    circuit_breaker_expressions,
    circuit_breaker_problems,
)
from topologies.api_gateway.plugins.cors import CorsSettings, cors_problems
from topologies.api_gateway.plugins.data import text_of
from topologies.api_gateway.plugins.error_mapping import (
    ErrorMappingSettings,
    error_mapping_expressions,
    error_mapping_problems,
)
from topologies.api_gateway.plugins.expressions import Expressions, expression_problems
from topologies.api_gateway.plugins.ip_control import (
    IpControlSettings,
    ip_control_problems,
    ip_control_warnings,
)
from topologies.api_gateway.plugins.jwt_auth import (
    JwtAuthSettings,
    jwt_auth_problems,
    jwt_auth_warnings,
)
from topologies.api_gateway.plugins.routing import (
    RoutingSettings,
    routing_expressions,
    routing_problems,
)
from topologies.api_gateway.plugins.settings import KINDS, PluginKind, PluginSettings
from topologies.api_gateway.plugins.traffic_control import (
    TrafficControlSettings,
    traffic_control_problems,
)
from topologies.api_gateway.plugins.writing import accesses_of, plugin_data, plugin_name

SHORTEST_NAME, LONGEST_NAME = 4, 50  # characters (API Gateway, CreatePlugin)
LONGEST_DESCRIPTION = 200  # characters (API Gateway, CreatePlugin)
LARGEST_DATA = 50 * 1024  # bytes (API Gateway, "Plug-ins: overview", limitations)

# As the provider checks it.
_NAME = re.compile(r"[一-龥A-Za-z0-9_]+")

ApiParameters = Mapping[str, Collection[str]]
"""By plugin, the parameters of the APIs that name it, which conditions know undeclared."""


def plugins_problems(
    path: KeyPath,
    plugins: Mapping[str, PluginSettings],
    *,
    accesses: Collection[str],
    api_parameters: ApiParameters,
    stack: str | None = None,
) -> Iterator[Problem]:
    """Everything that plugins may not say.

    Args:
        path: where they stand: ("apiGateway", "plugins").
        plugins: by their names in the stack file.
        accesses: the names of the stack's VPC authorizations.
        api_parameters: what the APIs that name them declare.
        stack: the stack's name, where it is known: it starts their names in the cloud.
    """
    yield from _name_problems(path, plugins, stack)
    yield from rename_problems(path, plugins)
    for key, plugin in plugins.items():
        where = (*path, key)
        found = [*_kind_problems(where, plugin)]
        if len(plugin.description or "") > LONGEST_DESCRIPTION:
            rule = f"a plugin's description has at most {LONGEST_DESCRIPTION} characters"
            yield Problem((*where, "description"), plugin.description, rule, "shorten it")
        for kind, settings in plugin.kinds.items():
            found += _own_problems((*where, kind), settings, accesses)
            found += _condition_findings((*where, kind), settings, Severity.ERROR, api_parameters)
        # Only what is right otherwise can be written, and so measured.
        yield from found or _size_problems(where, plugin)


def plugins_warnings(
    path: KeyPath, plugins: Mapping[str, PluginSettings], *, api_parameters: ApiParameters
) -> Iterator[Problem]:
    """What plugins may say, and probably don't mean. Arguments as for `plugins_problems`."""
    for key, plugin in plugins.items():
        for kind, settings in plugin.kinds.items():
            where = (*path, key, kind)
            match settings:
                case JwtAuthSettings():
                    yield from jwt_auth_warnings(where, settings)
                case IpControlSettings():
                    yield from ip_control_warnings(where, settings)
                case AccessControlSettings():
                    yield from access_control_warnings(where, settings)
                case _:
                    pass
            yield from _condition_findings(where, settings, Severity.WARNING, api_parameters)


def _name_problems(
    path: KeyPath, plugins: Mapping[str, PluginSettings], stack: str | None
) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, plugin in plugins.items():
        where = (*path, key) if plugin.name is None else (*path, key, "name")
        name = plugin_name(stack or "", key, plugin)
        # Without the stack's name, what it adds at least is known: one letter.
        length = len(name) + (1 if stack is None and plugin.name is None else 0)
        at_least = SHORTEST_NAME if stack is not None or plugin.name is not None else 0
        if not at_least <= length <= LONGEST_NAME:
            rule = f"a plugin's name has {SHORTEST_NAME} to {LONGEST_NAME} characters in the cloud"
            better = re.sub(r"[^A-Za-z0-9_]", "_", key[:20])
            remedy = f"give it a shorter name: name: {better}"
            if length < SHORTEST_NAME:
                remedy = "give it a longer name: name: …"
            yield Problem(where, name, rule, "rename it" if plugin.name else remedy)
        if not _NAME.fullmatch(name):
            rule = "a plugin's name has letters, digits and '_' only in the cloud"
            better = re.sub(r"[^一-龥A-Za-z0-9_]", "_", name)
            yield Problem(where, name, rule, f"write {better}")
        elif name in owners:
            rule = f"a plugin's name is its own in the cloud; {owners[name]} is called {name} too"
            yield Problem(where, name, rule, "give one of the two another name: name: …")
        owners.setdefault(name, key)


def _kind_problems(path: KeyPath, plugin: PluginSettings) -> Iterator[Problem]:
    kinds = list(plugin.kinds)
    if not kinds:
        yield Problem(path, None, "a plugin has a kind", f"add one of {', '.join(KINDS)}")
    elif len(kinds) > 1:
        remedy = f"make a plugin of each: {' and '.join(kinds)}"
        yield Problem(path, ", ".join(kinds), "a plugin has one kind", remedy)


def _size_problems(path: KeyPath, plugin: PluginSettings) -> Iterator[Problem]:
    data = plugin_data(plugin, path, {name: name for name in accesses_of(plugin)})
    size = len(text_of(data).encode())
    if size > LARGEST_DATA:
        rule = f"a plugin's data has at most {LARGEST_DATA} bytes, written as JSON"
        yield Problem(path, f"{size} bytes", rule, "shorten it, or make two APIs of the one")


def _own_problems(
    path: KeyPath, settings: PluginKind, accesses: Collection[str]
) -> Iterator[Problem]:
    match settings:
        case RoutingSettings():
            yield from routing_problems(path, settings, accesses)
        case CircuitBreakerSettings():
            yield from circuit_breaker_problems(path, settings, accesses)
        case ErrorMappingSettings():
            yield from error_mapping_problems(path, settings)
        case AccessControlSettings():
            yield from access_control_problems(path, settings)
        case _:
            yield from _simple_problems(path, settings)


def _simple_problems(
    path: KeyPath,
    settings: BackendSignatureSettings
    | JwtAuthSettings
    | TrafficControlSettings
    | IpControlSettings
    | CorsSettings
    | CachingSettings,
) -> Iterator[Problem]:
    """The rules of kinds without conditions and backends."""
    match settings:
        case BackendSignatureSettings():
            yield from backend_signature_problems(path, settings)
        case JwtAuthSettings():
            yield from jwt_auth_problems(path, settings)
        case TrafficControlSettings():
            yield from traffic_control_problems(path, settings)
        case IpControlSettings():
            yield from ip_control_problems(path, settings)
        case CorsSettings():
            yield from cors_problems(path, settings)
        case CachingSettings():
            yield from caching_problems(path, settings)


def _condition_findings(
    path: KeyPath, settings: PluginKind, severity: Severity, api_parameters: ApiParameters
) -> Iterator[Problem]:
    """What is wrong, or likely not meant, with the conditions of the plugin's kind at `path`."""
    # Only routes know the API's parameters; other plugins have to declare what they use.
    routes = isinstance(settings, RoutingSettings)
    known = api_parameters.get(str(path[-2]), ()) if routes else ()
    yield from expression_problems(_expressions(path, settings), severity, known)


def _expressions(path: KeyPath, settings: PluginKind) -> Expressions:
    match settings:
        case RoutingSettings():
            return routing_expressions(path, settings)
        case ErrorMappingSettings():
            return error_mapping_expressions(path, settings)
        case CircuitBreakerSettings():
            return circuit_breaker_expressions(path, settings)
        case AccessControlSettings():
            return access_control_expressions(path, settings)
        case _:
            return Expressions({}, [])
