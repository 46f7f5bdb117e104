"""Whether a condition holds for a request, and for which share of users.

It never fails: what can't be compared isn't equal.
"""

import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from topologies.api_gateway.conditions.syntax import (
    BLOCKS,
    ORDERINGS,
    PATTERNS,
    And,
    Call,
    Comparison,
    Condition,
    Location,
    Not,
    Number,
    Operand,
    Operator,
    Or,
    Parameter,
    Source,
    Text,
    Truth,
    comparisons_of,
    source_of,
)

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_COMPARE: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = {
    Operator.EQUAL: operator.eq,
    Operator.UNEQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.MORE: operator.gt,
    Operator.MORE_OR_EQUAL: operator.ge,
}
_WHOLE = 100
_MOST_DIGITS = 4  # 10,000 ids to try


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a request beforehand: no draw of Random(), no domain and stage.

    Names of headers are told apart without their case.
    """

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    """Parameters of the API, by their own names; path parameters are among them."""

    client_ip: str | None = None
    app_id: str | None = None
    claims: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the token, where a jwtAuth plugin has read one."""


def values_of(request: Request, declared: Mapping[str, str]) -> dict[str, str]:
    """The values that conditions find, by parameter; what the request hasn't is left out."""
    known = {"CaClientIp": request.client_ip, "CaAppId": request.app_id}
    system = {name: value for name, value in known.items() if value is not None}
    values = system | dict(request.parameters)
    for name, text in declared.items():
        source = source_of(text)
        value = _value(request, source, system) if source is not None else None
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return values


def evaluate(condition: Condition, values: Mapping[str, str]) -> bool:
    """Whether a condition holds, given the values of its parameters."""
    match condition:
        case And():
            return all(evaluate(part, values) for part in condition.conditions)
        case Or():
            return any(evaluate(part, values) for part in condition.conditions)
        case Not():
            return not evaluate(condition.condition, values)
        case Comparison():
            return _holds(condition, values)


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


def _holds(comparison: Comparison, values: Mapping[str, str]) -> bool:
    left, right = (_text(side, values) for side in comparison.sides)
    how = comparison.operator
    if left is None or right is None:
        return False
    if how in PATTERNS:
        return matches(right, left) is (how is Operator.LIKE)
    if how in BLOCKS:
        inside = _inside(left, right)  # None where it is no address, or no block
        return inside is (how is Operator.IN_CIDR)
    kinds = {type(side) for side in comparison.sides}
    if kinds & {Number, Call}:
        if not (_NUMBER.fullmatch(left) and _NUMBER.fullmatch(right)):
            return how is Operator.UNEQUAL
        return _COMPARE[how](Decimal(left), Decimal(right))
    if Truth in kinds and how not in ORDERINGS:
        left, right = left.casefold(), right.casefold()
    return _COMPARE[how](left, right)


def _text(operand: Operand, values: Mapping[str, str]) -> str | None:
    if isinstance(operand, Parameter):
        return values.get(operand.text)
    return None if isinstance(operand, Call) else operand.text


def _inside(address: str, block: str) -> bool | None:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(block, strict=False)
    except ValueError:
        return None


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
    API's own backend to those without.
    """
    if percent == _WHOLE:
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
        case Comparison(Parameter(parameter), how, Text(pattern)) if (
            parameter == name and how in PATTERNS and pattern.startswith("%")
        ):
            suffix = pattern.lstrip("%")
            numeric = suffix.isascii() and suffix.isdigit()
            return suffix if not suffix or (numeric and len(suffix) <= _MOST_DIGITS) else None
        case _:
            return None
