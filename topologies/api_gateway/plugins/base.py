"""What every kind of plugin is, and what several of them share.

A kind is a module with one class: its settings, and with them what it refuses and warns about,
what it asks of requests, where it sends them, and what the gateway gets. `settings` has a field
for each, and nothing here but that field knows a kind by its name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from stack.model import Model
from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.plugins.backends import PluginBackend
from topologies.api_gateway.plugins.data import Data, documented
from topologies.api_gateway.plugins.expressions import Expressions

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
# RFC 9110: a field name is a token.
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True)
class BoundApi:
    """What a plugin meets on an API."""

    name: str
    """The API's."""

    method: Method
    """The API's."""

    has_path: bool
    """Whether the API's own backend has a path (http, vpc), which routes keep."""

    dedicated: bool | None
    """Whether its group is on a dedicated instance; None where that isn't known."""


class PluginKind(Model):
    """One kind of plugin. The stack file's key for it is the cloud's name of it, as a rule.

    What a kind has nothing to say about it leaves as it is here. Each `path` is where the kind
    stands: ("apiGateway", "plugins", "limits", "trafficControl").
    """

    checks_tokens: ClassVar[bool] = False
    """Whether other plugins of an API may read a token that it has checked."""

    def cloud_name(self, key: str) -> str:
        """The cloud's name of the kind whose key in the stack file is `key`."""
        return key

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that it may not say, but for its backends and its conditions."""
        del path
        return iter(())

    def warnings(self, path: KeyPath) -> Iterator[Problem]:
        """What it may say, and hardly means."""
        del path
        return iter(())

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """Why it does nothing on an API, which names it at `at`, or less than it seems to."""
        del path, at, api
        return iter(())

    def expressions(self, path: KeyPath) -> Expressions:
        """What it asks of requests or answers."""
        del path
        return Expressions({}, [])

    def backends(self, path: KeyPath) -> Iterator[tuple[KeyPath, PluginBackend]]:
        """Where it sends requests, each with its place."""
        del path
        return iter(())

    def written(self) -> Data:
        """It as the gateway documents it."""
        return documented(self)


def placeholder_problems(
    path: KeyPath, text: str | None, declared: Iterable[str]
) -> Iterator[Problem]:
    """`${name}` in what is sent back stands for a parameter."""
    names = set(declared)
    for name in _PLACEHOLDER.findall(text or ""):
        if name not in names:
            rule = f"${{{name}}} stands for a parameter, and parameters has no {name}"
            yield Problem(path, text, rule, choose_from(name, names, "parameter"))


def header_problems(path: KeyPath, headers: Iterable[str]) -> Iterator[Problem]:
    """Names of HTTP headers in a list: their form, and each once."""
    seen: set[str] = set()
    for index, name in enumerate(headers):
        if not _HEADER.fullmatch(name):
            rule = "a header's name has no spaces, commas or colons"
            yield Problem((*path, index), name, rule, "write one name an item: X-Request-Id")
        elif name.casefold() in seen:
            yield Problem((*path, index), name, "a header is listed once", "remove one of the two")
        seen.add(name.casefold())


def header_name_problems(path: KeyPath, headers: Iterable[str]) -> Iterator[Problem]:
    """Names of HTTP headers that are keys of a map: their form, and each once."""
    for problem in header_problems(path, headers):
        remedy = "write it as Content-Type, and give each one value"
        yield Problem((*path, str(problem.value)), problem.value, problem.rule, remedy)


def once_problems(path: KeyPath, values: Iterable[object], what: str) -> Iterator[Problem]:
    """Each item of a list stands there once."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Problem((*path, index), value, f"{what} is listed once", "remove one of the two")
        seen.add(value)
