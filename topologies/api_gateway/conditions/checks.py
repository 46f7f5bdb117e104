"""What is wrong with a condition, or likely not meant, before the cloud sees it.

An ERROR is a condition that the cloud refuses or that can't do what it says; a WARNING one that
works, though maybe not as meant, or that we can't vouch for. A condition whose syntax is broken has
that one problem: what follows from it would be guesses.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from stack.problems import did_you_mean
from topologies.api_gateway.conditions.comparison_checks import check_comparison
from topologies.api_gateway.conditions.declarations import (
    SYSTEM_PARAMETERS,
    Location,
    Source,
    source_of,
)
from topologies.api_gateway.conditions.parser import KEYWORDS, parse
from topologies.api_gateway.conditions.problems import ConditionProblem, Severity
from topologies.api_gateway.conditions.syntax import (
    And,
    Call,
    Comparison,
    Condition,
    ConditionError,
    Not,
    Number,
    Operand,
    Operator,
    Or,
    Parameter,
    Text,
    comparisons_of,
)
from topologies.api_gateway.conditions.tokens import Kind, Token, tokens_of

_Warning = partial(ConditionProblem, severity=Severity.WARNING)
_Problems = Iterator[ConditionProblem]


def check(
    text: str, declared: Mapping[str, str], api_parameters: Collection[str] = ()
) -> _Problems:
    """Everything wrong with a condition, given the plugin's `parameters` and the API's own.

    The declarations themselves are judged by `check_declarations`, once for all conditions.
    """
    try:
        condition = parse(text)
    except ConditionError as error:
        yield ConditionProblem(error.rule, error.remedy, error.position)
        return
    for token in tokens_of(text):
        yield from _check_spelling(token)
    sources = _sources(declared, api_parameters)
    for comparison in comparisons_of(condition):
        for operand in (comparison.left, comparison.right):
            yield from _check_operand(operand, sources)
        yield from check_comparison(comparison, sources)
    yield from _check_parts(condition)


def _sources(
    declared: Mapping[str, str], api_parameters: Collection[str]
) -> dict[str, Source | None]:
    """Where every known name is read; None where the declaration is unreadable."""
    system = {name: Source(Location.SYSTEM, name) for name in SYSTEM_PARAMETERS}
    api = {name: Source(Location.PARAMETER, name) for name in api_parameters}
    return {**system, **api, **{name: source_of(text) for name, text in declared.items()}}


def _check_spelling(token: Token) -> _Problems:
    if token.kind is not Kind.WORD:
        return
    word = token.text.lower()
    if word == "not":
        rule = "negation is written with !; whether the gateway knows not is unknown"
        yield _Warning(rule, "write !like, !in_cidr or !( … )", token.position)
    elif word in KEYWORDS and word != token.text:
        rule = f"the documentation writes {word} in small letters"
        yield _Warning(rule, f"write {word}", token.position)


def _check_operand(operand: Operand, sources: Mapping[str, Source | None]) -> _Problems:
    match operand:
        case Parameter(name, position) if name not in sources:
            near = did_you_mean(name, sources)
            remedy = f"declare it under parameters, such as {name}: Query:{name}"
            remedy = f"did you mean ${near}? Otherwise {remedy}" if near else remedy
            yield ConditionProblem(f"${name} is declared nowhere", remedy, position)
        case Call("Random", position):
            rule = "Random() draws anew for each request, so one user meets both versions"
            remedy = "pick users by the last digits of an id, where they should stay with one"
            yield _Warning(rule, remedy, position)
        case Call(function, position):
            rule = f"{function}() is no function that we know of"
            yield _Warning(rule, "use Random(), or make sure that the gateway has it", position)
        case _:
            pass


def _check_parts(condition: Condition) -> _Problems:
    match condition:
        case Not():
            yield from _check_parts(condition.condition)
        case And() | Or():
            seen: set[Condition] = set()
            wanted: dict[Operand, Operand] = {}
            for part in condition.conditions:
                yield from _check_parts(part)
                if part in seen:
                    rule = f"{part} is said twice"
                    yield _Warning(rule, "keep one of them", _start(part))
                    continue
                seen.add(part)
                if isinstance(condition, And):
                    yield from _check_contradiction(part, wanted)
        case _:
            pass


def _check_contradiction(part: Condition, wanted: dict[Operand, Operand]) -> _Problems:
    match part:
        case Comparison(Parameter() as left, Operator.EQUAL, Text() | Number() as right):
            before = wanted.setdefault(left, right)
            if type(before) is type(right) and before != right:
                rule = f"{left} can't be {before} and {right} at once, so this is never true"
                yield _Warning(rule, "did you mean or?", part.position)
        case _:
            pass


def _start(condition: Condition) -> int:
    return next(comparisons_of(condition)).left.position
