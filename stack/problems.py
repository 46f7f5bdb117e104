"""What is wrong with a stack file, and how it is told to its author.

A `Problem` says where, what, which rule and what to do. Rules make them without lines; the loader
adds those, since only it has the file.
"""

import bisect
import difflib
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from stack.markdown import line

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands below the project's namespace: ("network", "hosts", "ecs1", "ip")."""

ANY_NETWORK = "network, or one of networks"
"""Begins `missing` where a name is looked for in all networks."""

IN_QUOTES = "write it in quotes"
"""The remedy for text that doesn't look like any; a problem's file adds how it is spelled there."""

_LONGEST_SHOWN = 60  # characters of a value
_MOST_LISTED = 12  # names, a line's worth
_LIKENESS = 0.6  # difflib's own measure of a close match
_NEIGHBOURS = 50
_SHORTEST_START = 3  # letters that are enough to know a word by


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule.

    `missing` is set by rules about references: the place where the name was looked for. Where the
    file does have something there (which was unreadable, and is reported as such), the loader
    drops the reference's problem: one mistake, one report.

    `meant` is set for a key that looks misspelt: the place that it was meant for. What is missed
    there follows from the slip, and is dropped as well.

    `unseen` is the remedy without anything of the value, for values that may be secret.
    """

    path: KeyPath
    value: object
    rule: str
    remedy: str
    missing: KeyPath | None = None
    line: int | None = None
    meant: KeyPath | None = None
    unseen: str | None = None


def quoted(text: str) -> str:
    """Text as a command's word that is pasted into a shell, always in quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def dotted(path: KeyPath) -> str:
    """`("egress", "apps", "publicIps", 0)` as `egress.apps.publicIps[0]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def did_you_mean(word: str, known: Iterable[str], likeness: float = _LIKENESS) -> str | None:
    """The known word nearest to a mistyped one, or None where nothing is near."""
    return _nearest(word, _sorted(tuple(known)), likeness)


@functools.lru_cache(maxsize=16)
def _sorted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (name.casefold(), name)))


@functools.lru_cache(maxsize=256)
def _nearest(word: str, names: tuple[str, ...], likeness: float) -> str | None:
    folded = word.casefold()
    if len(names) > 2 * _NEIGHBOURS:
        # Comparing is slow, and most slips come late in a word: its neighbours by spelling do.
        middle = bisect.bisect_left(names, folded, key=str.casefold)
        names = names[max(0, middle - _NEIGHBOURS) : middle + _NEIGHBOURS]
    longer = [name for name in names if name.casefold().startswith(folded)]
    if len(longer) == 1 and len(folded) >= _SHORTEST_START:
        return longer[0]  # prod, for production
    by_fold = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(folded, by_fold, n=1, cutoff=likeness)
    return by_fold[near[0]] if near else None


def choose_from(word: str, known: Iterable[str], what: str) -> str:
    """The remedy for an unknown name: the nearest one, or the list of those there are."""
    names = _sorted(tuple(known))
    near = _nearest(word, names, _LIKENESS)
    if near is not None:
        return f"did you mean {near}?"
    if not names:
        return f"there is no {what} yet; add one, or remove this reference"
    shown = ", ".join(names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")
    article = "an" if what[0] in "aeioAEIO" else "a"
    return f"use {article} {what} that is defined: {shown}"


def shown_value(value: object) -> str:
    """A value on one line, cut where it would flood the report."""
    text = value if isinstance(value, str) else repr(value)
    text = line(text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


class NotDoneError(Exception):
    """Why a command doesn't do its job; `str()` says so and what to do."""


class StackFileError(NotDoneError):
    """A stack file that was refused; nothing has been registered or changed.

    `str()` is the whole report, ready to print.
    """

    def __init__(
        self, file: Path, problems: Sequence[Problem], warnings: Sequence[Problem] = ()
    ) -> None:
        """Keep the file and everything found in it."""
        super().__init__(report(file, problems))
        self.file = file
        self.problems = tuple(problems)
        self.warnings = tuple(warnings)


def report(file: Path, problems: Sequence[Problem]) -> str:
    """Every problem of a stack file, each with place, value, rule and remedy."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    blocks = [f"{file} has {count}; nothing was changed."]
    blocks += [describe(file, problem) for problem in problems]
    return "\n\n".join(blocks)


def describe(file: Path, problem: Problem) -> str:
    """One problem in four lines."""
    lines = [_where(file, problem).rstrip()]
    if problem.value is not None:
        lines.append(f"  value:  {shown_value(problem.value)}")
    lines.append(f"  rule:   {problem.rule}")
    lines.append(f"  remedy: {problem.remedy}")
    return "\n".join(lines)


def describe_in_a_line(file: Path, problem: Problem) -> str:
    """The same in one, for what doesn't stop anything."""
    value = "" if problem.value is None else f" {shown_value(problem.value)}"
    return f"{_where(file, problem)}{value}: {problem.rule}; {problem.remedy}"


def _where(file: Path, problem: Problem) -> str:
    place = f"{file}:{problem.line}" if problem.line is not None else str(file)
    return f"{place}  {dotted(problem.path)}"
