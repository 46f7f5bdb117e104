"""What is wrong with a condition, or likely not meant, before the cloud sees it.

An ERROR is a condition that the cloud refuses or that can't do what it says; a WARNING one that
works, though maybe not as meant, or that we can't vouch for. A condition whose syntax is broken has
that one problem: what follows from it would be guesses.
"""

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial

from stack.problems import did_you_mean
from topologies.api_gateway.conditions.evaluation import evaluate
from topologies.api_gateway.conditions.parser import KEYWORDS, Kind, Token, parse, tokens_of
from topologies.api_gateway.conditions.syntax import (
    BLOCKS,
    ORDERINGS,
    PATTERNS,
    SYSTEM_PARAMETERS,
    And,
    Call,
    Comparison,
    Condition,
    ConditionError,
    ConditionProblem,
    Location,
    Not,
    Number,
    Operand,
    Operator,
    Or,
    Parameter,
    Severity,
    Source,
    Text,
    Truth,
    comparisons_of,
    source_of,
)

_DOTTED = re.compile(r"[vV]?[0-9]+(?:\.[0-9]+)+")
_DIGITS = re.compile(r"[0-9]+")
_RUNS = re.compile(r"[0-9]+|[^0-9.]+")
_LONGEST_GROWING = 2  # digits: 9 becomes 10, and 99 may become 100; years and builds stay as long
_STAGES = frozenset({"RELEASE", "PRE", "TEST"})
_ADDRESSES = frozenset({Source(Location.SYSTEM, "CaClientIp")})
_NEVER_ADDRESSES = frozenset({Location.METHOD, Location.PATH, Location.SYSTEM})
_Warning = partial(ConditionProblem, severity=Severity.WARNING)
_Problems = Iterator[ConditionProblem]


def check(
    text: str,
    declared: Mapping[str, str],
    api_parameters: Collection[str] = (),
    *,
    braces: bool = False,
) -> _Problems:
    """Everything wrong with a condition, given the plugin's `parameters` and the API's own.

    The declarations themselves are judged by `check_declarations`, once for all conditions.
    `braces`: whether parameters may stand in braces.
    """
    try:
        condition = parse(text)
    except ConditionError as error:
        yield ConditionProblem(error.rule, error.remedy, error.position)
        return
    for token in tokens_of(text):
        if token.kind is Kind.PARAMETER and token.source.endswith("}") and not braces:
            rule = "a parameter is written without braces"
            yield ConditionProblem(rule, f"write ${token.text}", token.position)
        yield from _check_spelling(token)
    sources = _sources(declared, api_parameters)
    for comparison in comparisons_of(condition):
        for operand in comparison.sides:
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
            # Of the places with names, the one that requests and answers have in common.
            remedy = f"declare it under parameters, such as {name}: Header:{name}"
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


def check_comparison(comparison: Comparison, sources: Mapping[str, Source | None]) -> _Problems:
    """Everything wrong with one comparison; `sources` says where each known name is read."""
    operator = comparison.operator
    if not any(isinstance(side, Parameter | Call) for side in comparison.sides):
        always = "always" if evaluate(comparison, {}) else "never"
        rule = f"{comparison} is {always} true, whatever the request"
        yield _Warning(rule, "compare a parameter", comparison.position)
    elif comparison.left == comparison.right:
        rule = f"{comparison} compares a value with itself"
        yield _Warning(rule, "compare it with something else", comparison.position)
    elif operator in BLOCKS:
        yield from _check_block(comparison, sources)
    elif operator in PATTERNS:
        yield from _check_pattern(comparison)
    else:
        yield from _check_value(comparison, sources)


def _check_block(comparison: Comparison, sources: Mapping[str, Source | None]) -> _Problems:
    left, operator, right = comparison.left, comparison.operator, comparison.right
    match right:
        case Text(block, position):
            yield from _check_cidr(block, position)
        case _:
            rule = f"{operator} is followed by a CIDR block in quotes"
            yield ConditionProblem(rule, "write one, such as '106.11.31.0/24'", right.position)
    source = sources.get(left.text) if isinstance(left, Parameter) else None
    remedy = f"write $CaClientIp {operator} {right}"
    if not isinstance(left, Parameter) or (
        source is not None and source.location in _NEVER_ADDRESSES and source not in _ADDRESSES
    ):
        rule = f"{operator} needs an address before it, and {left} is none"
        yield ConditionProblem(rule, remedy, left.position)
    elif source is not None and _forgeable(source):
        rule = f"clients write {left} themselves ({source.location}), so they can claim any address"
        yield _Warning(
            rule, f"{remedy}, unless something before the gateway sets it", left.position
        )


def _forgeable(source: Source) -> bool:
    """Whether a client alone decides on the value; a token is signed, a proxy adds to XFF's end."""
    last_hop = source.location is Location.XFF and source.name.startswith("-")
    return source not in _ADDRESSES and source.location is not Location.TOKEN and not last_hop


def _check_cidr(block: str, position: int) -> _Problems:
    try:
        network = ipaddress.ip_network(block, strict=False)
    except ValueError:
        rule = f"{block} is no CIDR block"
        remedy = "write an address and the length of its prefix, such as '106.11.31.0/24'"
        yield ConditionProblem(rule, remedy, position)
        return
    if "/" not in block:
        rule = "a CIDR block has a prefix length"
        yield ConditionProblem(rule, f"write '{network}'", position)
    elif not network.prefixlen:
        rule = f"{block} holds every address"
        yield _Warning(rule, "write the block that is meant", position)
    elif ipaddress.ip_interface(block).ip != network.network_address:
        rule = f"{block} has bits set behind its prefix; it means {network}"
        yield _Warning(rule, f"write '{network}'", position)


def _check_pattern(comparison: Comparison) -> _Problems:
    left, operator, right = comparison.left, comparison.operator, comparison.right
    if not isinstance(right, Text):
        rule = f"{operator} is followed by a pattern in quotes"
        yield ConditionProblem(rule, "write one, such as '%0'", right.position)
    elif right.text and not right.text.strip("%"):
        rule = f"{right} matches every value, so this only asks whether there is one"
        yield _Warning(rule, "write the part that is meant, such as '%0'", right.position)
    elif "%" not in right.text:
        equality = Operator.EQUAL if operator is Operator.LIKE else Operator.UNEQUAL
        rule = f"without a % the pattern {right} matches that one value only"
        remedy = f"write {left} {equality} {right}, or add a %"
        if "*" in right.text:
            remedy = f"write '{right.text.replace('*', '%')}': the wildcard is %"
        yield _Warning(rule, remedy, right.position)


def _check_value(comparison: Comparison, sources: Mapping[str, Source | None]) -> _Problems:
    for operand, other in (
        (comparison.left, comparison.right),
        (comparison.right, comparison.left),
    ):
        if isinstance(other, Parameter):
            if comparison.operator in ORDERINGS:
                yield from _check_ordering(comparison.operator, operand, sources.get(other.text))
            else:
                yield from _check_equality(other, operand, sources.get(other.text))


def _check_ordering(operator: Operator, operand: Operand, source: Source | None) -> _Problems:
    match operand:
        case Truth(_, position):
            rule = f"{operand} is neither more nor less than anything"
            yield ConditionProblem(rule, "compare it with =", position)
        # 2.0.5.1 may well be a version; what has a prefix length is none.
        case Text(value, position) if _is_address(value) and (source in _ADDRESSES or "/" in value):
            rule = f"addresses have no order that {operator} could use"
            yield ConditionProblem(rule, f"write in_cidr '{_block(value)}'", position)
        case Text(value, position) if _DIGITS.fullmatch(value):
            rule = f"{operand} is text, which compares character by character: '9' > '10'"
            yield _Warning(rule, f"write {value} without quotes, if numbers are meant", position)
        case Text(value, position) if _DOTTED.fullmatch(value) and (turned := misjudged(value)):
            rule = f"text compares character by character, as far as we know: {turned}"
            remedy = "compare a build number without quotes, or keep every part of one length"
            yield _Warning(rule, remedy, position)
        case _:
            pass


def _check_equality(parameter: Parameter, operand: Operand, source: Source | None) -> _Problems:
    if source is None or not isinstance(operand, Text):
        return
    value, position = operand.text, operand.position
    if source in _ADDRESSES and not _is_address(value):
        rule = f"{parameter} is an address, and {operand} is none"
        yield _Warning(rule, "write an address, such as '106.11.31.7'", position)
    elif source in _ADDRESSES and "/" in value:
        rule = f"{parameter} is one address, never the block {value}"
        yield ConditionProblem(rule, f"write {parameter} in_cidr {operand}", position)
    elif source.location is Location.METHOD and value != value.upper():
        rule = "methods come in capitals, so this one never matches"
        yield _Warning(rule, f"write '{value.upper()}'", position)
    elif source == Source(Location.SYSTEM, "CaStage") and value not in _STAGES:
        rule = f"{parameter} is RELEASE, PRE or TEST"
        near = did_you_mean(value, _STAGES)
        yield _Warning(rule, f"did you mean '{near}'?" if near else "write one of them", position)


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_interface(value)
    except ValueError:
        return False
    return True


def _block(value: str) -> str:
    return str(ipaddress.ip_network(value, strict=False))


def misjudged(version: str) -> str | None:
    """How text turns two versions round: "'2.0.10' counts as less than '2.0.5'"."""
    for part in reversed(list(_DIGITS.finditer(version))):
        if len(part[0]) > _LONGEST_GROWING:
            continue
        longer, shorter = f"1{'0' * len(part[0])}", "9" * (len(part[0]) - 1)
        for digits in (longer, shorter):
            other = version[: part.start()] + digits + version[part.end() :]
            if digits and is_turned(other, version):
                return (
                    f"'{other}' counts as {'less' if other < version else 'more'} than '{version}'"
                )
    return None


def is_turned(one: str, other: str) -> bool:
    """Whether two versions compare the other way round as text."""
    return (one < other) != (_version(one) < _version(other))


def _version(text: str) -> list[tuple[int, Decimal, str]]:
    """What compares in turn; a word comes before the end, so that 2.0.5-beta < 2.0.5 < 2.0.5.1."""
    parts = [
        (2, Decimal(run), "") if run.isdecimal() else (0, Decimal(0), run)
        for run in _RUNS.findall(text)
    ]
    return [*parts, (1, Decimal(0), "")]
