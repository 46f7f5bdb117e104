"""Parameters and conditions of a plugin, whichever its kind: the one place that has them checked.

Those of requests are `topologies.api_gateway.conditions`' business altogether. Those of answers
(errorMapping) come from other places, which only this module knows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.conditions.checks import check
from topologies.api_gateway.conditions.declarations import check_declarations
from topologies.api_gateway.conditions.evaluation import evaluate
from topologies.api_gateway.conditions.parser import parse
from topologies.api_gateway.conditions.syntax import (
    Call,
    Condition,
    ConditionError,
    Severity,
    comparisons_of,
    parameters_of,
)

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
        for found in check(text, declared, api_parameters):
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
