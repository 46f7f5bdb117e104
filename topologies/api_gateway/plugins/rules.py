"""The rules of plugins, each by itself and together on one API; those of a kind are its own.

Each by itself: names, exactly one kind, what the kind refuses, its backends and conditions, and
size.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from stack.naming import rename_problems
from stack.problems import KeyPath, Problem
from topologies.api_gateway import SECTION
from topologies.api_gateway.conditions.syntax import Severity, token_parameters
from topologies.api_gateway.names import reference_problems
from topologies.api_gateway.plugins.backends import backend_problems
from topologies.api_gateway.plugins.base import BoundApi, PluginKind, expression_problems
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS, PluginSettings

SHORTEST_PLUGIN_NAME, LONGEST_PLUGIN_NAME = 4, 50  # characters (API Gateway, CreatePlugin)
LONGEST_PLUGIN_DESCRIPTION = 200  # characters (API Gateway, CreatePlugin)
LARGEST_PLUGIN_DATA = 50 * 1024  # bytes (API Gateway, "Plug-ins: overview", limitations)

# As the provider checks it.
_NAME = re.compile(r"[一-龥A-Za-z0-9_]+")

PLUGINS: KeyPath = (SECTION, "plugins")
"""Where plugins stand in the stack file."""

ApiParameters = Mapping[str, Collection[str]]
"""By plugin, the parameters of the APIs that name it, which conditions know undeclared."""


def plugins_problems(
    plugins: Mapping[str, PluginSettings],
    *,
    accesses: Collection[str],
    api_parameters: ApiParameters,
    stack: str,
) -> Iterator[Problem]:
    """Everything that plugins may not say.

    Args:
        plugins: by their names in the stack file.
        accesses: the names of the stack's VPC authorizations.
        api_parameters: what the APIs that name them declare.
        stack: the stack's name, with which their names in the cloud start.
    """
    yield from _name_problems(plugins, stack)
    yield from rename_problems(PLUGINS, plugins)
    for key, plugin in plugins.items():
        where = (*PLUGINS, key)
        found = [*_kind_problems(where, plugin)]
        if len(plugin.description or "") > LONGEST_PLUGIN_DESCRIPTION:
            rule = f"a plugin's description has at most {LONGEST_PLUGIN_DESCRIPTION} characters"
            yield Problem((*where, "description"), plugin.description, rule, "shorten it")
        for kind, settings in plugin.kinds.items():
            place = (*where, kind)
            found += settings.problems(place)
            for at, backend in settings.backends(place):
                found += backend_problems(at, backend, accesses)
            found += _condition_findings(place, settings, Severity.ERROR, api_parameters)
        # Only what is right otherwise can be written, and so measured.
        yield from found or _size_problems(where, plugin)


def plugins_warnings(
    plugins: Mapping[str, PluginSettings], *, api_parameters: ApiParameters
) -> Iterator[Problem]:
    """What plugins may say, and probably don't mean. Arguments as for `plugins_problems`."""
    for key, plugin in plugins.items():
        for kind, settings in plugin.kinds.items():
            where = (*PLUGINS, key, kind)
            yield from settings.warnings(where)
            yield from _condition_findings(where, settings, Severity.WARNING, api_parameters)


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
            yield from reference_problems(where, name, plugins, "plugins")
        elif name in bound:
            yield Problem(where, name, "a plugin is listed once", "remove one of the two")
        else:
            bound[name] = plugin
            for key, settings in plugin.kinds.items():
                kind = settings.cloud_name(key)
                if kind in by_kind:
                    rule = f"an API has one plugin of a kind; {by_kind[kind]} is {kind} already"
                    yield Problem(where, name, rule, "remove one of the two, or join them")
                by_kind.setdefault(kind, name)
    kinds = [kind for plugin in bound.values() for kind in plugin.kinds.values()]
    if not any(kind.checks_tokens for kind in kinds):
        for name, plugin in bound.items():
            yield from _token_problems((*path, names.index(name)), name, plugin)


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
        for kind, settings in plugins[name].kinds.items() if name in plugins else ():
            yield from settings.binding_warnings((*PLUGINS, name, kind), (*path, index), api)


def _name_problems(plugins: Mapping[str, PluginSettings], stack: str) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, plugin in plugins.items():
        where = (*PLUGINS, key) if plugin.name is None else (*PLUGINS, key, "name")
        name = plugin.cloud_name(stack, key)
        if not SHORTEST_PLUGIN_NAME <= len(name) <= LONGEST_PLUGIN_NAME:
            rule = (
                f"a plugin's name has {SHORTEST_PLUGIN_NAME} to {LONGEST_PLUGIN_NAME} characters "
                "in the cloud"
            )
            better = re.sub(r"[^A-Za-z0-9_]", "_", key[:20])
            remedy = f"give it a shorter name: name: {better}"
            if len(name) < SHORTEST_PLUGIN_NAME:
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
        yield Problem(path, None, "a plugin has a kind", f"add one of {', '.join(PLUGIN_KINDS)}")
    elif len(kinds) > 1:
        remedy = f"make a plugin of each: {' and '.join(kinds)}"
        yield Problem(path, ", ".join(kinds), "a plugin has one kind", remedy)


def _size_problems(path: KeyPath, plugin: PluginSettings) -> Iterator[Problem]:
    size = len(plugin.text().encode())
    if size > LARGEST_PLUGIN_DATA:
        rule = f"a plugin's data has at most {LARGEST_PLUGIN_DATA} bytes"
        yield Problem(path, f"{size} bytes", rule, "shorten it, or make two APIs of the one")


def _condition_findings(
    path: KeyPath, settings: PluginKind, severity: Severity, api_parameters: ApiParameters
) -> Iterator[Problem]:
    """What is wrong, or likely not meant, with the conditions of the plugin's kind at `path`."""
    expressions = settings.expressions(path)
    known = api_parameters.get(str(path[-2]), ()) if expressions.knows_api_parameters else ()
    yield from expression_problems(expressions, severity, known)


def _token_problems(path: KeyPath, name: str, plugin: PluginSettings) -> Iterator[Problem]:
    for kind in plugin.kinds.values():
        tokens = sorted(token_parameters(kind.expressions(()).declared))
        if tokens:
            rule = (
                f"{name} reads {', '.join(f'${token}' for token in tokens)} from a token, which "
                "nothing checks here: that takes a jwtAuth plugin on the same API"
            )
            yield Problem(path, name, rule, "add a plugin with jwtAuth to the API's plugins")
