"""The doctor's screen, and the same as one JSON document."""

import json
from collections.abc import Iterable, Sequence

from tools.doctor.findings import Level, Line

__all__ = ["as_json", "screen"]

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
