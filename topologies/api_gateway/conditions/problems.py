"""What checks find: the same shape for a condition and for a plugin's declarations."""

from dataclasses import dataclass
from enum import Enum, auto


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
