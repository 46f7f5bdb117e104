"""Whether a condition holds for a request, and for which share of users.

It never fails: what can't be compared isn't equal.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction

from topologies.api_gateway.conditions.declarations import NAME, Location, Source, source_of
from topologies.api_gateway.conditions.syntax import (
    BLOCKS,
    PATTERNS,
    And,
    Call,
    Comparison,
    Condition,
    Not,
    Number,
    Operand,
    Operator,
    Or,
    Parameter,
    Text,
    Truth,
    comparisons_of,
)

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_RUNS = re.compile(r"[0-9]+|[^0-9.]+")
_NEGATIONS = frozenset({Operator.UNEQUAL, Operator.NOT_LIKE, Operator.NOT_IN_CIDR})
WHOLE = 100
_MOST_DIGITS = 4  # 10,000 ids to try


class Order(Enum):
    """How text compares with text under <, <=, > and >=."""

    TEXT = auto()
    """Character by character: '2.0.10' < '2.0.5'."""

    VERSION = auto()
    """Number by number: '2.0.5' < '2.0.10'."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the gateway knows of a request; names of headers are told apart without their case."""

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    """Parameters of the API, by their own names; path parameters are among them."""

    host_parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a wildcard domain name matched."""

    client_ip: str | None = None
    app_id: str | None = None
    claims: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the token, where a jwtAuth plugin has read one."""

    system: Mapping[str, str] = field(default_factory=dict[str, str])
    """Other system parameters: CaStage, CaDomain, …"""

    draw: float | None = None
    """What Random() gives: from 0, below 1."""


def values_of(request: Request, declared: Mapping[str, str]) -> dict[str, str]:
    """The values that conditions find, by parameter; what the request hasn't is left out."""
    system = _system(request)
    values = system | dict(request.parameters)
    if request.draw is not None:
        values["Random()"] = f"{request.draw:.17f}"
    for name, text in declared.items():
        source = source_of(text)
        value = _value(request, source, system) if source is not None else None
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return values


def evaluate(condition: Condition, values: Mapping[str, str], *, order: Order = Order.TEXT) -> bool:
    """Whether a condition holds, given the values of its parameters."""
    match condition:
        case And():
            return all(evaluate(part, values, order=order) for part in condition.conditions)
        case Or():
            return any(evaluate(part, values, order=order) for part in condition.conditions)
        case Not():
            return not evaluate(condition.condition, values, order=order)
        case Comparison():
            return _holds(condition, values, order)


def matches(pattern: str, value: str) -> bool:
    """Whether `like` finds a pattern in a value; % is any run of characters, none included."""
    first, *rest = pattern.split("%")
    if not rest:
        return value == pattern
    *middle, last = rest
    if not value.startswith(first) or len(value) < len(first) + len(last):
        return False
    at, end = len(first), len(value) - len(last)
    for piece in middle:
        found = value.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return value.endswith(last)


def _holds(comparison: Comparison, values: Mapping[str, str], order: Order) -> bool:
    left, right = _text(comparison.left, values), _text(comparison.right, values)
    if left is None or right is None:
        return False
    operator = comparison.operator
    if operator in PATTERNS:
        positive = matches(right, left)
    elif operator in BLOCKS:
        inside = _inside(left, right)
        if inside is None:
            return False  # no address, or no block
        positive = inside
    elif operator in {Operator.EQUAL, Operator.UNEQUAL}:
        positive = _equal(comparison, left, right)
    else:
        return _ordered(comparison, left, right, order)
    return positive is not (operator in _NEGATIONS)


def _text(operand: Operand, values: Mapping[str, str]) -> str | None:
    match operand:
        case Parameter():
            return values.get(operand.name)
        case Text():
            return operand.value
        case Number() | Truth():
            return str(operand)
        case Call():
            return values.get(str(operand))


def _numeric(comparison: Comparison) -> bool:
    return any(isinstance(end, Number | Call) for end in (comparison.left, comparison.right))


def _numbers(left: str, right: str) -> tuple[Decimal, Decimal] | None:
    if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
        return Decimal(left), Decimal(right)
    return None


def _equal(comparison: Comparison, left: str, right: str) -> bool:
    if _numeric(comparison):
        numbers = _numbers(left, right)
        return numbers is not None and numbers[0] == numbers[1]
    if isinstance(comparison.left, Truth) or isinstance(comparison.right, Truth):
        return left.casefold() == right.casefold()
    return left == right


def _ordered(comparison: Comparison, left: str, right: str, order: Order) -> bool:
    if _numeric(comparison):
        numbers = _numbers(left, right)
        if numbers is None:
            return False
        sign = numbers[0].compare(numbers[1])
    elif order is Order.VERSION:
        sign = _sign(_version(left), _version(right))
    else:
        sign = _sign(left, right)
    match comparison.operator:
        case Operator.LESS:
            return sign < 0
        case Operator.LESS_OR_EQUAL:
            return sign <= 0
        case Operator.MORE:
            return sign > 0
        case _:
            return sign >= 0


def _sign(
    left: "str | list[tuple[int, Decimal, str]]", right: "str | list[tuple[int, Decimal, str]]"
) -> int:
    if left == right:
        return 0
    return -1 if left < right else 1  # pyright: ignore[reportOperatorIssue] both are of one kind


def _version(text: str) -> list[tuple[int, Decimal, str]]:
    """What compares in turn; a word comes before the end, so that 2.0.5-beta < 2.0.5 < 2.0.5.1."""
    parts = [
        (2, Decimal(run), "") if run[0] in "0123456789" else (0, Decimal(0), run)
        for run in _RUNS.findall(text)
    ]
    return [*parts, (1, Decimal(0), "")]


def _inside(address: str, block: str) -> bool | None:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(block, strict=False)
    except ValueError:
        return None


def _system(request: Request) -> dict[str, str]:
    known = {"CaClientIp": request.client_ip, "CaAppId": request.app_id}
    values = {name: value for name, value in known.items() if value is not None}
    return dict(request.system) | values


def _value(request: Request, source: Source, system: Mapping[str, str]) -> str | None:
    headers = {name.casefold(): value for name, value in request.headers.items()}
    match source.location:
        case Location.METHOD:
            return request.method.upper()
        case Location.PATH:
            return request.parameters.get(source.name) if source.name else request.path
        case Location.HEADER:
            return headers.get(source.name.casefold())
        case Location.XFF:
            return _forwarded(headers.get("x-forwarded-for", ""), source.name)
        case _:
            places = {
                Location.QUERY: request.query,
                Location.FORM: request.form,
                Location.HOST: request.host_parameters,
                Location.PARAMETER: request.parameters,
                Location.SYSTEM: system,
                Location.TOKEN: request.claims,
            }
            return places.get(source.location, {}).get(source.name)


def _forwarded(header: str, index: str) -> str | None:
    addresses = [address.strip() for address in header.split(",") if address.strip()]
    try:
        return addresses[int(index)]
    except (ValueError, IndexError):
        return None


def share_of_ids(condition: Condition, name: str) -> Fraction | None:
    """The share of decimal ids that a condition picks, their last digits evenly distributed.

    None where it asks for more than the last four digits of that one parameter.
    """
    digits = 0
    for comparison in comparisons_of(condition):
        suffix = _suffix(comparison, name)
        if suffix is None:
            return None
        digits = max(digits, len(suffix))
    ids = 10**digits
    picked = sum(evaluate(condition, {name: f"{number:0{digits}d}"}) for number in range(ids))
    return Fraction(picked, ids)


def percentage_condition(parameter: str, percent: int) -> str:
    """A condition that picks so many percent of the users, by the last two digits of their ids.

    Whoever is picked stays picked when the percentage grows: full tens go by the last digit, the
    rest by two digits that end in the next one. 100 picks everybody with an id, which leaves the
    API's own backend to those without. Nobody (0) is no condition at all: ValueError, as for
    everything else that two digits can't say.
    """
    if not NAME.fullmatch(parameter):
        raise ValueError(f"{parameter!r} can't be a parameter; name one such as userId")
    if not 1 <= percent <= WHOLE:
        raise ValueError(
            f"{percent} percent can't be picked; give 1 to 100, and leave the route out for nobody"
        )
    if percent == WHOLE:
        return str(_ends(parameter, ""))
    tens, ones = divmod(percent, 10)
    suffixes = [str(digit) for digit in range(tens)]
    suffixes += [f"{digit}{tens}" for digit in range(ones)]
    parts = tuple(_ends(parameter, suffix) for suffix in suffixes)
    return str(parts[0] if len(parts) == 1 else Or(parts))


def _ends(parameter: str, suffix: str) -> Comparison:
    return Comparison(Parameter(parameter), Operator.LIKE, Text(f"%{suffix}"))


def _suffix(comparison: Comparison, name: str) -> str | None:
    """The last digits that a comparison asks for; None where it asks for anything else."""
    match comparison:
        case Comparison(Parameter(parameter), operator, Text(pattern)) if (
            parameter == name and operator in PATTERNS and pattern.startswith("%")
        ):
            suffix = pattern.lstrip("%")
            numeric = suffix.isascii() and suffix.isdigit()
            return suffix if not suffix or (numeric and len(suffix) <= _MOST_DIGITS) else None
        case _:
            return None
