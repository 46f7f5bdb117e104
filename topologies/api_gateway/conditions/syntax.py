"""What a condition is made of, how it is written, and what can be wrong with it.

Equality ignores positions: two conditions that say the same are equal. `str()` writes a condition
in one canonical form, which parses to an equal one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import ClassVar, TypeAlias


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
