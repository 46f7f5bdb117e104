"""What a check says (one line, how bad it is, and what to do), and all of it on one screen."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


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


_MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.PROBLEM: "✗"}


def as_json(lines: Sequence[Line]) -> str:
    """One document."""
    shown = {
        "problems": _count(lines, Level.PROBLEM),
        "warnings": _count(lines, Level.WARNING),
        "lines": [
            {
                "subject": line.subject,
                "level": line.level.value,
                "said": line.said,
                "remedy": line.remedy,
            }
            for line in lines
        ],
    }
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def screen(lines: Sequence[Line]) -> str:
    """A line for each finding, what to do below it. Plain text: rich may be what is missing."""
    wide = max((len(line.subject) for line in lines), default=0)
    text: list[str] = []
    for line in lines:
        text.append(f"{_MARKS[line.level]} {line.subject:<{wide}}  {line.said}")
        if line.remedy:
            text.append(f"  {'':<{wide}}  → {line.remedy}")
    return "\n".join([*text, "", _verdict(lines)]) + "\n"


def _verdict(lines: Sequence[Line]) -> str:
    problems, warnings = _count(lines, Level.PROBLEM), _count(lines, Level.WARNING)
    if not problems and not warnings:
        return "All is well."
    return f"{_many(problems, 'problem')}, {_many(warnings, 'warning')}."


def _count(lines: Iterable[Line], level: Level) -> int:
    return sum(line.level is level for line in lines)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")
