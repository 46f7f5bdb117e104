"""What a condition is made of, how it is written, and what can be wrong with it.

Equality ignores positions: two conditions that say the same are equal. `str()` writes a condition
in one canonical form, which parses to an equal one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import TypeAlias


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


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the request: `$userId`."""

    name: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As conditions write it."""
        return f"${self.name}"


@dataclass(frozen=True, slots=True)
class Text:
    """Quoted text; it holds single quotes or double ones, never both."""

    value: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As conditions write it."""
        quote = '"' if "'" in self.value else "'"
        return f"{quote}{self.value}{quote}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written: 4534463, -1, 0.05."""

    text: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As conditions write it."""
        return self.text


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As conditions write it."""
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True)
class Call:
    """A function without arguments: `Random()`."""

    function: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As conditions write it."""
        return f"{self.function}()"


Constant: TypeAlias = Text | Number | Truth
Operand: TypeAlias = Parameter | Constant | Call


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands and how they are compared; the position is the operator's."""

    left: Operand
    operator: Operator
    right: Operand
    position: int = field(default=0, compare=False)

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


@dataclass(frozen=True, slots=True)
class And:
    """Two conditions or more that all hold."""

    conditions: tuple["Condition", ...]

    def __str__(self) -> str:
        """As conditions write it."""
        return " and ".join(
            f"({part})" if isinstance(part, And | Or) else str(part) for part in self.conditions
        )


@dataclass(frozen=True, slots=True)
class Or:
    """Two conditions or more of which one holds."""

    conditions: tuple["Condition", ...]

    def __str__(self) -> str:
        """As conditions write it."""
        return " or ".join(
            f"({part})" if isinstance(part, Or) else str(part) for part in self.conditions
        )


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
        operand.name
        for comparison in comparisons_of(condition)
        for operand in (comparison.left, comparison.right)
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
