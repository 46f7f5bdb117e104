"""What a condition is made of, how it is written, and what can be wrong with it.

Equality ignores positions: two conditions that say the same are equal. `str()` writes a condition
in one canonical form, which parses to an equal one.

And where parameters come from: `userId: "Token:userId"` under a plugin's `parameters`. It declares
them once for all its routes, so they are judged apart from conditions.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import ClassVar, TypeAlias

from stack.problems import did_you_mean


class ConditionError(Exception):
    """Text that isn't a condition: where it fails (characters from 0), why, and what to write."""

    def __init__(self, position: int, rule: str, remedy: str) -> None:
        """Keep the three apart, for reports."""
        super().__init__(f"character {position + 1}: {rule}; {remedy}")
        self.position = position
        self.rule = rule
        self.remedy = remedy


class Operator(StrEnum):
    """How two operands are compared."""

    EQUAL = "="
    UNEQUAL = "<>"
    LESS = "<"
    LESS_OR_EQUAL = "<="
    MORE = ">"
    MORE_OR_EQUAL = ">="
    LIKE = "like"
    NOT_LIKE = "!like"
    IN_CIDR = "in_cidr"
    NOT_IN_CIDR = "!in_cidr"


ORDERINGS = frozenset(
    {Operator.LESS, Operator.LESS_OR_EQUAL, Operator.MORE, Operator.MORE_OR_EQUAL}
)
PATTERNS = frozenset({Operator.LIKE, Operator.NOT_LIKE})
BLOCKS = frozenset({Operator.IN_CIDR, Operator.NOT_IN_CIDR})


@dataclass(frozen=True)
class Operand:
    """One side of a comparison: the text that it comes down to, and where it stands."""

    text: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As conditions write it."""
        return self.text


class Parameter(Operand):
    """A value of the request, by its name: `$userId`."""

    def __str__(self) -> str:
        """As conditions write it."""
        return f"${self.text}"


class Text(Operand):
    """Quoted text; it holds single quotes or double ones, never both."""

    def __str__(self) -> str:
        """As conditions write it."""
        quote = '"' if "'" in self.text else "'"
        return f"{quote}{self.text}{quote}"


class Number(Operand):
    """A number as it was written: 4534463, -1, 0.05."""


class Truth(Operand):
    """`true` or `false`."""


class Call(Operand):
    """A function without arguments, by its name: `Random()`."""

    def __str__(self) -> str:
        """As conditions write it."""
        return f"{self.text}()"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands and how they are compared; the position is the operator's."""

    left: Operand
    operator: Operator
    right: Operand
    position: int = field(default=0, compare=False)

    @property
    def sides(self) -> tuple[Operand, Operand]:
        """Both operands."""
        return self.left, self.right

    def __str__(self) -> str:
        """As conditions write it."""
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True, slots=True)
class Not:
    """What doesn't hold: `!( … )`."""

    condition: "Condition"

    def __str__(self) -> str:
        """As conditions write it."""
        return f"!({self.condition})"


@dataclass(frozen=True)
class Joined:
    """Two conditions or more, with one word between them."""

    conditions: tuple["Condition", ...]

    word: ClassVar[str]

    def __str__(self) -> str:
        """As conditions write it: `and` binds tighter than `or`."""
        grouped = (Or, type(self))
        return f" {self.word} ".join(
            f"({part})" if isinstance(part, grouped) else str(part) for part in self.conditions
        )


class And(Joined):
    """Conditions that all hold."""

    word = "and"


class Or(Joined):
    """Conditions of which one holds."""

    word = "or"


Condition: TypeAlias = Comparison | Not | And | Or


def comparisons_of(condition: Condition) -> Iterator[Comparison]:
    """Every comparison, from left to right."""
    match condition:
        case Comparison():
            yield condition
        case Not():
            yield from comparisons_of(condition.condition)
        case And() | Or():
            for part in condition.conditions:
                yield from comparisons_of(part)


def parameters_of(condition: Condition) -> frozenset[str]:
    """The names of the parameters that a condition reads."""
    return frozenset(
        operand.text
        for comparison in comparisons_of(condition)
        for operand in comparison.sides
        if isinstance(operand, Parameter)
    )


class Severity(Enum):
    """Whether the cloud would refuse or misread something, or an author may well mean it."""

    ERROR = auto()
    WARNING = auto()


@dataclass(frozen=True, slots=True)
class ConditionProblem:
    """What is wrong with a condition, what to do, and where (characters from 0)."""

    rule: str
    remedy: str
    position: int
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class DeclarationProblem:
    """What is wrong with one declared parameter."""

    parameter: str
    rule: str
    remedy: str
    severity: Severity = Severity.ERROR


class Location(StrEnum):
    """Where a value is read."""

    METHOD = "Method"
    PATH = "Path"
    HEADER = "Header"
    QUERY = "Query"
    FORM = "Form"
    HOST = "Host"
    PARAMETER = "Parameter"
    SYSTEM = "System"
    TOKEN = "Token"  # noqa: S105 a place of a request, no password
    XFF = "XFF"
    STATUS_CODE = "StatusCode"
    ERROR_CODE = "ErrorCode"
    BODY_JSON = "BodyJson"


SYSTEM_PARAMETERS = frozenset(
    {
        "CaApiName",
        "CaAppExtendInfo",
        "CaAppId",
        "CaAppKey",
        "CaClientIp",
        "CaClientUa",
        "CaCloudMarketInstanceId",
        "CaDomain",
        "CaHttpSchema",
        "CaInstanceId",
        "CaProxy",
        "CaRequestHandleTime",
        "CaRequestId",
        "CaSourceVpcId",
        "CaStage",
    }
)
"""What the gateway knows of every request; conditions read these without declaring them."""

AFTER_THE_BACKEND = frozenset({Location.STATUS_CODE, Location.ERROR_CODE, Location.BODY_JSON})
NAMELESS = frozenset({Location.METHOD, Location.PATH, Location.STATUS_CODE, Location.ERROR_CODE})
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9]+")
_INDEX = re.compile(r"-?[0-9]{1,4}")
_BY_FOLD = {location.value.casefold(): location for location in Location}
_BY_FOLD["bodyjsonfield"] = Location.BODY_JSON  # what the documentation calls it in its table


@dataclass(frozen=True, slots=True)
class Source:
    """A location, and the name looked for there; empty where the location has no names."""

    location: Location
    name: str


def source_of(text: str) -> Source | None:
    """The source that a declaration such as "Query:target" names; None for an unknown location."""
    location, _, name = text.partition(":")
    known = _BY_FOLD.get(location.strip().casefold())
    return None if known is None else Source(known, name.strip())


def token_parameters(declared: Mapping[str, str]) -> frozenset[str]:
    """The parameters that are read from a token: they need a jwtAuth plugin on the same API."""
    sources = {name: source_of(text) for name, text in declared.items()}
    return frozenset(
        name for name, source in sources.items() if source and source.location is Location.TOKEN
    )


def check_declarations(declared: Mapping[str, str]) -> Iterator[DeclarationProblem]:
    """Everything that is wrong with a plugin's parameters."""
    for name, text in declared.items():
        if not NAME.fullmatch(name):
            rule = "a parameter's name is a letter or _, then at least one letter or digit"
            letters = re.sub(r"[^a-zA-Z0-9]", "", name)
            remedy = f"call it {letters}" if NAME.fullmatch(letters) else "call it userId, say"
            yield DeclarationProblem(name, rule, remedy)
        if name in SYSTEM_PARAMETERS and source_of(text) != Source(Location.SYSTEM, name):
            rule = f"{name} is the name of a system parameter, which this declaration hides"
            yield DeclarationProblem(name, rule, "choose another name", Severity.WARNING)
        yield from _check_source(name, text)


def _check_source(name: str, text: str) -> Iterator[DeclarationProblem]:
    source = source_of(text)
    written = text.partition(":")[0].strip()
    if source is None:
        usable = [location.value for location in Location if location not in AFTER_THE_BACKEND]
        near = did_you_mean(written, usable)
        remedy = f"did you mean {near}?" if near else f"use one of {', '.join(usable)}"
        if written.casefold() == "cookie":
            remedy = "read Header:Cookie, and look for the cookie with like '%name=value%'"
        yield DeclarationProblem(name, f"{written or 'nothing'} is no location", remedy)
    elif source.location in AFTER_THE_BACKEND:
        rule = f"{source.location} is known once the backend has answered; routes are chosen before"
        yield DeclarationProblem(name, rule, "route by something of the request, such as a header")
    else:
        if written != source.location:
            rule = f"the documentation writes {source.location}"
            remedy = f"write {text.replace(written, source.location, 1).strip()}"
            yield DeclarationProblem(name, rule, remedy, Severity.WARNING)
        yield from _check_name(name, source)


def _check_name(parameter: str, source: Source) -> Iterator[DeclarationProblem]:
    location, name = source.location, source.name
    if location is Location.PATH and name:
        # The documentation's own example for another plugin has it ("path:userId").
        rule = "Path is the whole path; a parameter of the path is read from Parameter"
        remedy = f"write Parameter:{name}"
        yield DeclarationProblem(parameter, rule, remedy, Severity.WARNING)
    elif location in NAMELESS and name:
        yield DeclarationProblem(parameter, f"{location} has no names", f"write {location}")
    elif location is Location.XFF and not _INDEX.fullmatch(name):
        rule = "XFF takes the index of an address in X-Forwarded-For, from 0; -1 is the last"
        yield DeclarationProblem(parameter, rule, "write XFF:0 or XFF:-1")
    elif location not in NAMELESS and not name:
        rule = f"{location} needs the name of what is read there"
        yield DeclarationProblem(parameter, rule, f"write {location}:{parameter}")
    elif location is Location.SYSTEM and name not in SYSTEM_PARAMETERS:
        near = did_you_mean(name, SYSTEM_PARAMETERS)
        remedy = f"did you mean System:{near}?" if near else "check its name in the documentation"
        rule = f"{name} is no system parameter that we know of"
        yield DeclarationProblem(parameter, rule, remedy, Severity.WARNING)
