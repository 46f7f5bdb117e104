"""Problems moved to places that their author can go to.

Rules judge the whole section: with the APIs of documents, and with the plugins that releases are.
Neither stands in the stack file as such. What is found there is told where it can be put right: at
the document's file and line, at a key of the entry that names the document, or at the release.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from stack.problems import KeyPath, Problem, dotted
from topologies.api_gateway.apis.releases import release_plugin
from topologies.api_gateway.openapi.settings import Origin
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings

_OF_ENTRIES: Final = frozenset({"group", "apps", "plugins", "protocol", "acknowledged"})
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
