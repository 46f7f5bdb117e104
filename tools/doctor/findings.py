"""What a check says: one line, how bad it is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Level", "Line", "ok", "problem", "warning"]


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """Something won't work, or not as one might think; the rest does."""

    PROBLEM = "problem"
    """Nothing will be built until this is put right."""


@dataclass(frozen=True)
class Line:
    """One line of the screen."""

    subject: str
    level: Level
    said: str
    remedy: str = ""
    """What to do; empty where there is nothing to do."""


def ok(subject: str, said: str) -> Line:
    """All is well."""
    return Line(subject, Level.OK, said)


def warning(subject: str, said: str, remedy: str) -> Line:
    """Something to know."""
    return Line(subject, Level.WARNING, said, remedy)


def problem(subject: str, said: str, remedy: str) -> Line:
    """Something to put right first."""
    return Line(subject, Level.PROBLEM, said, remedy)
