"""What plugins may be together, bound to one API: rules that need the API's side too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.conditions import token_parameters
from topologies.api_gateway.methods import Method
from topologies.api_gateway.plugins.routing import pathless_route_warnings
from topologies.api_gateway.plugins.settings import PluginSettings

PLUGINS: KeyPath = ("apiGateway", "plugins")
"""Where plugins stand in the stack file."""


@dataclass(frozen=True)
class BoundApi:
    """What plugins meet on an API."""

    method: Method
    """The API's."""

    has_path: bool
    """Whether the API's own backend has a path (http, vpc), which routes keep."""

    dedicated: bool | None
    """Whether its group is on a dedicated instance; None where that isn't known."""


def binding_problems(
    path: KeyPath,
    names: Sequence[str],
    plugins: Mapping[str, PluginSettings],
) -> Iterator[Problem]:
    """Why plugins can't be bound to an API.

    Args:
        path: where the API lists them: ("apiGateway", "apis", "distribute", "plugins").
        names: what stands there.
        plugins: the stack's, by name.
    """
    bound: dict[str, PluginSettings] = {}
    by_kind: dict[str, str] = {}
    for index, name in enumerate(names):
        where, plugin = (*path, index), plugins.get(name)
        if plugin is None:
            rule = "this must name a plugin of apiGateway.plugins"
            remedy = choose_from(name, plugins, "plugin")
            yield Problem(where, name, rule, remedy, missing=(*PLUGINS, name))
        elif name in bound:
            yield Problem(where, name, "a plugin is listed once", "remove one of the two")
        else:
            bound[name] = plugin
            for kind in plugin.kinds:
                if kind in by_kind:
                    rule = f"an API has one plugin of a kind; {by_kind[kind]} is {kind} already"
                    yield Problem(where, name, rule, "remove one of the two, or join them")
                by_kind.setdefault(kind, name)
    for index, name in enumerate(names):
        if (plugin := bound.pop(name, None)) is None:
            continue
        if "jwtAuth" not in by_kind:
            yield from _token_problems((*path, index), name, plugin)


def binding_warnings(
    path: KeyPath,
    names: Sequence[str],
    plugins: Mapping[str, PluginSettings],
    api: BoundApi,
) -> Iterator[Problem]:
    """Plugins that do nothing on this API, or less than they seem to.

    Args:
        path: where the API lists them.
        names: what stands there.
        plugins: the stack's, by name.
        api: what they are bound to.
    """
    for index, name in enumerate(names):
        plugin = plugins.get(name)
        if plugin is None:
            continue
        where = (*path, index)
        if plugin.caching is not None and api.method not in {Method.GET, Method.ANY}:
            rule = f"answers to GET alone are kept, and this API takes {api.method}"
            yield Problem(where, name, rule, f"remove {name} here")
        if plugin.routing is not None and not api.has_path:
            routing = (*PLUGINS, name, "routing")
            yield from pathless_route_warnings(routing, plugin.routing, str(path[-2]))
        if plugin.circuit_breaker is not None and api.dedicated is False:
            rule = "circuit breakers are heeded on dedicated instances alone"
            yield Problem(where, name, rule, f"remove {name} here, or use a dedicated instance")


def _token_problems(path: KeyPath, name: str, plugin: PluginSettings) -> Iterator[Problem]:
    for declared in (
        plugin.routing.parameters if plugin.routing is not None else {},
        plugin.access_control.parameters if plugin.access_control is not None else {},
        plugin.error_mapping.parameters if plugin.error_mapping is not None else {},
    ):
        tokens = sorted(token_parameters(declared))
        if tokens:
            rule = (
                f"{name} reads {', '.join(f'${token}' for token in tokens)} from a token, which "
                "nothing checks here: that takes a jwtAuth plugin on the same API"
            )
            yield Problem(path, name, rule, "add a plugin with jwtAuth to the API's plugins")
