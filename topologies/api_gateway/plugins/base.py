"""What every kind of plugin is, and what several of them share.

A kind is a module with one class: its settings, and with them what it refuses and warns about,
what it asks of requests, where it sends them, and what the gateway gets. `settings` has a field
for each, and nothing here but that field knows a kind by its name.

Conditions of requests are `topologies.api_gateway.conditions`' business altogether. Those of
answers (errorMapping) read other places, which only this module knows.

What the gateway takes as `plugin_data` is a tree of plain values, written as JSON. It takes YAML
too; JSON is chosen since nothing in it needs quoting with care. Keys keep the order in which the
gateway documents them. What a kind doesn't know has its place marked in such a tree: a secret,
which only Pulumi has (and fills in inside its secret output), and an authorization's name in the
cloud.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias, cast

from stack.model import Model
from stack.problems import KeyPath, Problem, choose_from
from stack.secrets import HIDDEN
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.conditions.checks import check
from topologies.api_gateway.conditions.evaluation import evaluate
from topologies.api_gateway.conditions.parser import parse
from topologies.api_gateway.conditions.syntax import (
    Call,
    Condition,
    ConditionError,
    Severity,
    check_declarations,
    comparisons_of,
    parameters_of,
)

if TYPE_CHECKING:
    from topologies.api_gateway.plugins.backends import PluginBackend


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The place of a secret: `path` is where the stack file has it encrypted, below the kind."""

    path: KeyPath


@dataclass(frozen=True, slots=True)
class AccessRef:
    """The name in the cloud of a VPC authorization, by its name in the stack file."""

    access: str


@dataclass(frozen=True, slots=True)
class GroupRef:
    """The address by which the gateway calls APIs of a group of the stack, by the group's name."""

    group: str


Ref: TypeAlias = SecretRef | AccessRef | GroupRef
DataValue: TypeAlias = (
    "str | int | float | bool | Ref | list[DataValue] | dict[str, DataValue] | None"
)
Data: TypeAlias = "dict[str, DataValue]"

_UNSET: tuple[DataValue, ...] = ([], {})


def documented(settings: Model, *, leave_out: frozenset[str] = frozenset()) -> Data:
    """A model whose keys are the gateway's own, without what isn't set.

    Args:
        settings: what to write.
        leave_out: fields, by their Python names, that the gateway has in another form.
    """
    dumped = settings.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude=set(leave_out)
    )
    return {key: _set(value) for key, value in dumped.items() if value not in _UNSET}


def _set(value: DataValue) -> DataValue:
    """A value without what isn't set in it."""
    if isinstance(value, dict):
        return {key: _set(item) for key, item in value.items() if item not in _UNSET}
    return [_set(item) for item in value] if isinstance(value, list) else value


def shown(ref: Ref) -> str:
    """What stands for something that is filled in later, where a text can be seen."""
    match ref:
        case SecretRef():
            return HIDDEN
        case AccessRef(name) | GroupRef(name):
            return name


def text_of(data: Data, fill: Callable[[Ref], str] = shown) -> str:
    """The text that the gateway takes.

    Args:
        data: what to write.
        fill: finds what stands in the place of a reference. Without it, the text can be shown.
    """

    def filled(value: DataValue) -> object:
        match value:
            case SecretRef() | AccessRef() | GroupRef():
                return fill(value)
            case dict():
                return {key: filled(item) for key, item in value.items()}
            case list():
                return [filled(item) for item in cast("list[DataValue]", value)]
            case _:
                return value

    return json.dumps(filled(data), ensure_ascii=False, separators=(",", ":"))


def secrets_in(data: DataValue) -> Iterator[SecretRef]:
    """The secrets that have to be filled in."""
    if isinstance(data, SecretRef):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from secrets_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from secrets_in(value)


Parameters = dict[str, str]
"""Names for use in conditions, each with where its value comes from: `Query:target`."""

LONGEST_CONDITION = 512  # characters (API Gateway, "Circuit breaker plug-ins", limits)

# API Gateway, "Use parameters and conditional expressions": locations of answers.
_OF_ANSWERS = ("StatusCode", "ErrorCode", "Header", "BodyJsonField", "System", "Token")
_WITHOUT_NAME = frozenset({"StatusCode", "ErrorCode"})


class Phase(Enum):
    """When a plugin runs, which decides what it can look at."""

    REQUEST = auto()
    ANSWER = auto()


@dataclass(frozen=True)
class Expressions:
    """What a plugin asks of requests or answers."""

    declared: Mapping[str, str]
    """Its parameters."""

    conditions: Sequence[tuple[KeyPath, str]]
    """Its conditions, each with its place."""

    parameters: KeyPath | None = None
    """Where the parameters stand; None where the gateway declares them."""

    phase: Phase = Phase.REQUEST

    knows_api_parameters: bool = False
    """Whether conditions know the parameters of the APIs that it is bound to, undeclared."""

    braces: bool = False
    """Whether the gateway documents its parameters in braces, `${name}`; it may be said without."""


_SUCCESS = range(200, 300)
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

    parameters: frozenset[str]
    """Those that it maps."""


class PluginKind(Model):
    """One kind of plugin. The stack file's key for it is the cloud's name of it, as a rule.

    What a kind has nothing to say about it leaves as it is here. Each `path` is where the kind
    stands: ("apiGateway", "plugins", "limits", "trafficControl").
    """

    @property
    def checks_tokens(self) -> bool:
        """Whether other plugins of an API may read a token that it has checked."""
        return False

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

    def backends(self, path: KeyPath) -> Iterator[tuple[KeyPath, "PluginBackend"]]:
        """Where it sends requests, each with its place."""
        del path
        return iter(())

    def written(self) -> Data:
        """It as the gateway documents it."""
        return documented(self)

    def text(self, fill: Callable[[Ref], str] = shown) -> str:
        """The text that the gateway takes; without `fill`, one that can be shown."""
        return text_of(self.written(), fill)


def placeholder_problems(
    path: KeyPath, text: str | None, declared: Iterable[str]
) -> Iterator[Problem]:
    """`${name}` in what is sent back stands for a parameter."""
    names = set(declared)
    for name in _PLACEHOLDER.findall(text or ""):
        if name not in names:
            rule = f"${{{name}}} stands for a parameter, and parameters has no {name}"
            yield Problem(path, text, rule, choose_from(name, names, "parameter"))


def error_status_problems(path: KeyPath, status: int | None) -> Iterator[Problem]:
    """What an error is answered with."""
    if status in _SUCCESS:
        rule = "an error is answered with a status that isn't a success"
        yield Problem(path, status, rule, "write 400 to 599")


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


def expression_problems(
    expressions: Expressions, severity: Severity, api_parameters: Collection[str] = ()
) -> Iterator[Problem]:
    """What is wrong (ERROR), or likely not meant (WARNING), with parameters and conditions.

    Args:
        expressions: the plugin's.
        severity: which of the two.
        api_parameters: names that conditions know without a declaration, from the APIs that the
            plugin is bound to.
    """
    path, declared = expressions.parameters, expressions.declared
    if path is not None and expressions.phase is Phase.REQUEST:
        for found in check_declarations(declared):
            if found.severity is severity:
                value = declared[found.parameter]
                yield Problem((*path, found.parameter), value, found.rule, found.remedy)
    elif path is not None and severity is Severity.ERROR:
        yield from _answer_parameter_problems(path, declared)
    for place, text in expressions.conditions:
        if severity is Severity.ERROR and len(text) > LONGEST_CONDITION:
            rule = f"a condition has at most {LONGEST_CONDITION} characters, not {len(text)}"
            yield Problem(place, text, rule, "split it over several entries")
        for found in check(text, declared, api_parameters, braces=expressions.braces):
            if found.severity is severity:
                rule = f"{found.rule} (at character {found.position + 1})"
                yield Problem(place, text, rule, found.remedy)


def meaning_of(condition: str) -> Condition | None:
    """What a condition says, for comparing it with others; None where it can't be read."""
    try:
        return parse(condition)
    except ConditionError:
        return None


def is_random(condition: Condition) -> bool:
    """Whether a condition draws anew for each request, so that two of a kind may differ."""
    return any(
        isinstance(operand, Call)
        for comparison in comparisons_of(condition)
        for operand in comparison.sides
    )


def is_always_true(condition: Condition) -> bool:
    """Whether a condition holds whatever the request: `1 = 1`."""
    fixed = not parameters_of(condition) and not is_random(condition)
    return fixed and evaluate(condition, {})


def _answer_parameter_problems(path: KeyPath, declared: Mapping[str, str]) -> Iterator[Problem]:
    for name, source in declared.items():
        location, _, rest = source.partition(":")
        if location not in _OF_ANSWERS:
            rule = f"{location or 'nothing'} is no place of an answer to take a value from"
            yield Problem((*path, name), source, rule, choose_from(location, _OF_ANSWERS, "place"))
        elif (location in _WITHOUT_NAME) == bool(rest):
            rule = f"{location} has no names" if rest else f"{location} needs a name"
            example = "$.code" if location == "BodyJsonField" else name
            remedy = f"write {location}" if rest else f"write {location}:{example}"
            yield Problem((*path, name), source, rule, remedy)
