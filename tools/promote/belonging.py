"""What belongs to each tier: the patterns of `promotion.yaml`, and whether a place matches one.

A place is a setting's path. A pattern that begins with `**` is matched with settings only, so that
`**.id` isn't taken for an entry that somebody called id; one that is written out may name entries.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from stack.file.yaml_file import Value, YamlFile
from stack.problems import KeyPath, Problem, StackFileError, choose_from
from tools.promote.meaning import Place, every_shape

LIST: Final = "promotion.yaml"
OWN, KEPT = "own", "kept"
_ANYWHERE = "**."


@dataclass(frozen=True)
class Rule:
    """One line of the list."""

    kind: str
    """`own`, which a new entry needs a value of, or `kept`, which it starts with a copy of."""

    pattern: str
    why: str


class Belonging:
    """The rules that hold between two stacks."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Keep the rules; of several that match a place, the first counts."""
        self._rules = [(_compiled(rule.pattern), rule) for rule in rules]
        self._known: dict[Place, Rule | None] = {}

    def at(self, place: Place) -> Rule | None:
        """The rule by which the value at `place` belongs to its tier."""
        if place not in self._known:
            path, shape = "/".join(place.path), "/".join(place.shape)
            self._known[place] = next(
                (
                    rule
                    for form, rule in self._rules
                    if form.fullmatch(shape if rule.pattern.startswith(_ANYWHERE) else path)
                ),
                None,
            )
        return self._known[place]


def read_belonging(path: Path, source: str, target: str) -> Belonging:
    """The list at `path`, for moving from the stack `source` to the stack `target`.

    Raises:
        StackFileError: with everything that is wrong with the list.
    """
    file = YamlFile.read(path)
    problems = list(file.problems)
    rules: list[Rule] = []
    top = file.values
    if not isinstance(top, dict) and not problems:
        rule = "the list is a map of own and kept"
        problems.append(Problem((), None, rule, "see docs/promotion.md"))
    known = {".".join(shape) for shape in every_shape()}
    for kind, lines in (top if isinstance(top, dict) else {}).items():
        if kind not in {OWN, KEPT} or not isinstance(lines, dict):
            rule = "the list has two parts, own and kept, each a map of patterns"
            remedy = choose_from(kind, (OWN, KEPT), "part")
            problems.append(Problem((kind,), kind, rule, remedy, line=file.line((kind,))))
            continue
        for pattern, said in lines.items():
            where: KeyPath = (kind, pattern)
            found = list(_mistakes(where, pattern, said, known))
            problems += [_on_line(one, file) for one in found]
            if not found and _holds(said, source, target):
                rules.append(Rule(kind, pattern, _why(said)))
    if problems:
        raise StackFileError(path, problems)
    return Belonging(rules)


def _mistakes(where: KeyPath, pattern: str, said: Value, known: set[str]) -> Iterator[Problem]:
    form = _compiled(pattern)
    # A name stands for any name here.
    if not any(form.fullmatch(one.replace(".", "/")) for one in known) and not _names(
        pattern, known
    ):
        rule = "a pattern leads to a setting of the stack file, and there is none here"
        words = [one.rpartition(".")[2] for one in known]
        last = pattern.rpartition(".")[2]
        remedy = choose_from(last, words, "setting") if last not in words else "check what precedes"
        yield Problem(where, pattern, rule, remedy)
    if isinstance(said, str) and said:
        return
    options = said if isinstance(said, dict) else {}
    lists = all(isinstance(options.get(key, []), list) for key in ("from", "to")) and isinstance(
        options.get("why"), str
    )
    if not lists or options.keys() - {"why", "from", "to"}:
        rule = "behind a pattern stands the reason, or a map of why, from and to"
        yield Problem(where, said, rule, "write {why: mapped whole in dev alone, from: [dev]}")


def _names(pattern: str, known: set[str]) -> bool:
    """Whether a pattern that names entries leads to a setting."""
    parts = pattern.split(".")
    return any(
        len(parts) == len(shape)
        and all(one in {part, "*"} for part, one in zip(parts, shape, strict=True))
        for shape in (one.split(".") for one in known)
    )


def _holds(said: Value, source: str, target: str) -> bool:
    options: Mapping[str, Any] = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    return source in options.get("from", [source]) and target in options.get("to", [target])


def _why(said: Value) -> str:
    return str(said["why"]) if isinstance(said, dict) else str(said)


def _on_line(problem: Problem, file: YamlFile) -> Problem:
    line = file.line(problem.path)
    return Problem(problem.path[:1], problem.value, problem.rule, problem.remedy, line=line)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (
        "(?:[^/]+/)*" if part == "**" else "[^/]+/" if part == "*" else re.escape(part) + "/"
        for part in pattern.split(".")
    )
    return re.compile("".join(parts).removesuffix("/"))
