"""The section made whole: APIs of documents among its own, and releases as the plugins they are.

The one place of the topology that reads files. Rules judge the whole section, of which neither
stands in the stack file as such; so `at_home` tells what is found there where it can be put right:
at the document's file and line, at a key of the entry that names the document, or at the release.

A release is a routing plugin with one route to the gateway. It stays bound whatever the traffic, so
that promoting and rolling back change its data and nothing else.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from stack.files import is_file, named_problems, remedy_for_missing
from stack.problems import KeyPath, Problem, dotted
from stack.topology import Expanded
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import (
    ReleaseSettings,
    WhoSettings,
    app_in_condition,
)
from topologies.api_gateway.conditions.evaluation import percentage_condition
from topologies.api_gateway.openapi.settings import Origin
from topologies.api_gateway.plugins.routing import RouteSettings, RoutingSettings
from topologies.api_gateway.plugins.settings import PluginSettings
from topologies.api_gateway.settings import ApiGatewaySettings

_ROUTE = "release"

# The gateway has no word for always and never.
_ALWAYS, _NEVER = "1 = 1", "1 = 2"
_USER, _VERSION = "releaseUser", "releaseVersion"

_OF_ENTRIES: Final = frozenset({"group", "apps", "appCode", "plugins", "protocol", "acknowledged"})
"""What an API of a document always has from the stack file's entry."""

_CARRY_OVER = re.compile(r"say was: (\S+) in (\S+):.*")
_ROLE: Final[KeyPath] = ("backend", "function", "role")
_OF_RELEASES: Final[tuple[tuple[KeyPath, KeyPath], ...]] = (
    (("routing", "routes", 0, "backend"), ("to",)),
    (("routing", "routes", 0, "condition"), ("who",)),
    (("routing", "parameters", "releaseUser"), ("who", "users", "from")),
    (("routing", "parameters", "releaseVersion"), ("who", "olderThan", "from")),
)
"""Places of a release's plugin, and where the stack file has what stands there."""


def with_documents(section: ApiGatewaySettings, folder: Path) -> Expanded[ApiGatewaySettings]:
    """The section with the APIs of its documents.

    Args:
        section: as the stack file has it.
        folder: the stack file's.
    """
    if not section.openapi:
        return Expanded(with_releases(section), tuple(release_name_problems(section)))
    # Brings in the validator of such documents, which most stacks don't need.
    from topologies.api_gateway.openapi.document import DocumentProblem  # noqa: PLC0415
    from topologies.api_gateway.openapi.imports import apis_of, document_of, unknown_names  # noqa: PLC0415

    apis, origins = dict(section.apis), dict[str, Origin]()
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for name, entry in section.openapi.items():
        path: KeyPath = (SECTION, "openapi", name)
        if refused := [*named_problems((*path, "file"), folder, entry.file)]:
            problems += refused
            continue
        if not is_file(folder / entry.file):
            rule = f"there is no such file beside the stack file ({folder})"
            otherwise = "correct the path, or fetch the document: make fetch-openapi"
            remedy = remedy_for_missing(folder, entry.file, otherwise)
            problems.append(Problem((*path, "file"), entry.file, rule, remedy))
            continue
        imported = apis_of(document_of(entry, folder), entry, path)
        for found, told in ((imported.problems, problems), (imported.warnings, warnings)):
            told += [
                one.seen_from((*path, "file")) if isinstance(one, DocumentProblem) else one
                for one in found
            ]
        unknown = [*unknown_names(entry, path, section)]
        problems += unknown
        for key, api in () if unknown else imported.apis.items():
            if key in apis:
                place = imported.origins[key].operation
                rule = f"an API has one name in a stack; {key} is there already"
                remedy = "give the other one another name, or this operation another operationId"
                problems.append(Problem((*path, "file"), entry.file, f"{place}: {rule}", remedy))
            else:
                apis[key], origins[key] = api, imported.origins[key]
    problems += release_name_problems(section)
    expanded = with_releases(section.with_documents(apis, origins))
    return Expanded(expanded, tuple(problems), tuple(warnings))


def release_plugin(api: str) -> str:
    """The key of an API's release among the plugins."""
    return f"{api}-release"


def with_releases(section: ApiGatewaySettings) -> ApiGatewaySettings:
    """The section with a routing plugin for each release."""
    plugins, apis = dict(section.plugins), dict(section.apis)
    for name, api in section.apis.items():
        if api.release is not None and _wanted(api.release):
            key = release_plugin(name)
            if key in plugins:
                continue  # `release_name_problems` tells
            plugins[key] = PluginSettings(routing=_routing(api.release))
            apis[name] = api.model_copy(update={"plugins": [*api.plugins, key]})
    return section.model_copy(update={"plugins": plugins, "apis": apis})


def release_name_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    """Plugins of the stack file, before `with_releases`, that are called as a release's is."""
    for name, api in section.apis.items():
        if api.release is not None and release_plugin(name) in section.plugins:
            rule = f"the release of {name} is a plugin called {release_plugin(name)} itself"
            where = (SECTION, "plugins", release_plugin(name))
            yield Problem(where, release_plugin(name), rule, "give this plugin another name")


def _wanted(release: ReleaseSettings) -> bool:
    """Whether a plugin can be made of it; what is wrong otherwise, `release_problems` tells."""
    return release.traffic != "some" or release.who != WhoSettings()


def _routing(release: ReleaseSettings) -> RoutingSettings:
    parameters = {
        name: source.source
        for name, source in ((_USER, release.who.users), (_VERSION, release.who.older_than))
        if source is not None
    }
    route = RouteSettings(name=_ROUTE, condition=_condition(release), backend=release.to)
    return RoutingSettings(parameters=parameters, routes=[route])


def _condition(release: ReleaseSettings) -> str:
    if release.traffic == "all":
        return _ALWAYS
    if release.traffic == "none":
        return _NEVER
    who = release.who
    parts = [f"$CaAppId = '{app_in_condition(app)}'" for app in who.apps]
    parts += [f"$CaAppId = {app}" for app in who.app_ids]
    parts += [f"$CaClientIp in_cidr '{source}'" for source in who.sources]
    if who.users is not None:
        parts.append(percentage_condition(_USER, who.users.percent))
    if who.older_than is not None:
        parts.append(f"${_VERSION} < '{who.older_than.version}'")
    return " or ".join(parts)


@dataclass
class _Told:
    """A problem, and how many other APIs of its document have it too."""

    problem: Problem
    further: int = 0


def at_home(section: ApiGatewaySettings, found: Iterable[Problem]) -> Iterator[Problem]:
    """The same problems, each where it can be put right; one of a document's entry is told once.

    Args:
        section: whole, as the rules judge it.
        found: what they found.
    """
    told: dict[tuple[object, ...], _Told] = {}
    for problem in found:
        moved, key = _moved(section, problem)
        if key in told:
            told[key].further += 1
        else:
            told[key] = _Told(moved)
    for one in told.values():
        more = f" (and {one.further} more APIs of the document)" if one.further else ""
        yield replace(one.problem, rule=f"{one.problem.rule}{more}")


def _moved(section: ApiGatewaySettings, problem: Problem) -> tuple[Problem, tuple[object, ...]]:
    """A problem where it belongs, and what is alike in those that are one."""
    match problem.path:
        case (str(top), "apis", str(name), *rest) if top == SECTION:
            origin = section.origins.get(name)
            if origin is not None:
                return _of_document(problem, name, origin, tuple(rest))
            moved = _of_binding(section, problem, name, tuple(rest))
        case (str(top), "plugins", str(key), *rest) if top == SECTION:
            moved = _of_release(section, problem, key, tuple(rest))
        case _:
            moved = problem
    return moved, (id(problem),)


def _of_document(
    problem: Problem, name: str, origin: Origin, rest: KeyPath
) -> tuple[Problem, tuple[object, ...]]:
    head = rest[0] if rest else ""
    if head == "was":
        return replace(problem, path=(*origin.entry, "was", name)), (id(problem),)
    in_entry = head in _OF_ENTRIES or (head in {"auth", "backend"} and head not in origin.said)
    if in_entry:
        path = (*origin.entry, *rest)
        return replace(problem, path=path), (path, problem.rule.replace(name, "…"), problem.remedy)
    place = origin.said.get(str(head), origin.operation)
    moved = replace(
        problem,
        path=(*origin.entry, "file"),
        rule=f"{place}: {problem.rule}",
        remedy=_remedy_there(problem, name, origin, rest),
    )
    return moved, (moved.path, moved.rule, moved.remedy)


def _remedy_there(problem: Problem, name: str, origin: Origin, rest: KeyPath) -> str:
    """What to do in the document, or in its entry, where the rule speaks of APIs' own keys."""
    if rest == _ROLE:
        return "add the role there: arn: acs:ram::…:role/…"
    if rest == ("auth",):
        return f"write APP there, or say {problem.remedy.partition(', or ')[2]}"
    carried = _CARRY_OVER.fullmatch(problem.remedy)
    if carried is not None:
        return f"carry it over: was: {{{name}: {carried[1]}}} in {dotted(origin.entry[1:])}"
    return problem.remedy


def _of_binding(section: ApiGatewaySettings, problem: Problem, name: str, rest: KeyPath) -> Problem:
    """A problem of the plugin that a release is, where the API lists its plugins."""
    match rest:
        case ("plugins", int(index)):
            listed = section.apis[name].plugins
            if section.apis[name].release and listed[index : index + 1] == [release_plugin(name)]:
                return replace(problem, path=(SECTION, "apis", name, "release"))
        case _:
            pass
    return problem


def _of_release(section: ApiGatewaySettings, problem: Problem, key: str, rest: KeyPath) -> Problem:
    owners = (name for name, api in section.apis.items() if api.release is not None)
    owner = next((name for name in owners if release_plugin(name) == key), None)
    if owner is None:
        return problem
    place: KeyPath = (SECTION, "apis", owner, "release")
    if not rest:  # its name, which is made of the API's
        remedy = f"rename {owner}: its release's plugin is called after it"
        return replace(problem, path=place, remedy=remedy)
    for there, here in _OF_RELEASES:
        if rest[: len(there)] == there:
            return replace(problem, path=(*place, *here, *rest[len(there) :]))
    return replace(problem, path=place)
