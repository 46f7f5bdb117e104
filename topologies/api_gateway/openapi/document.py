"""A Swagger or OpenAPI document: values with their lines, what they refer to, what is found in it.

JSON is read as the YAML that it nearly is, so that both have lines. What other tools write without
a thought, keys like `200:` and dates without quotes, is text here: Pulumi never reads this file.
A value that was found by reference (`$ref`, inside the document; other files aren't read) is
reported where it is written, so every step keeps its path.
"""

import dataclasses
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from typing_extensions import override

from stack.file.yaml_file import MISREAD, Value, YamlFile
from stack.problems import IN_QUOTES, KeyPath, Problem, choose_from, dotted

# Pulumi's own reading of a stack file, and nothing to a document.
_HARMLESS: Final = (MISREAD, "a key must be text, and without quotes")
_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE
)
_REF = "$ref"


class Document(YamlFile):
    """The values of a document, what is wrong with its syntax, and where each value stands."""

    largest_mb = 10  # as much as `make fetch-openapi` takes

    def __init__(self, path: Path, text: str) -> None:
        """Parse `text`; what doesn't parse becomes a problem, not an exception."""
        super().__init__(path, _PAIR.sub(_one_character, text) if path.suffix == ".json" else text)

    def at(self, path: KeyPath) -> Value:
        """The value at a path, or None."""
        found: Value = self.values
        for part in path:
            if isinstance(found, dict) and isinstance(part, str):
                found = found.get(part)
            elif isinstance(found, list) and isinstance(part, int) and part < len(found):
                found = found[part]
            else:
                return None
        return found

    @override
    def _refuse(self, path: KeyPath, line: int | None, rule: str, remedy: str) -> None:
        if rule.startswith(_HARMLESS):
            return
        if rule.startswith("the file must be valid YAML"):
            kind = "JSON" if self.path.suffix == ".json" else "YAML"
            rule = rule.replace("valid YAML", f"valid {kind}")
            rule = rule.replace("a stack file is one document", "one file holds one document")
        super()._refuse(path, line, rule, remedy)


def table(value: object) -> dict[str, Value]:
    """A value as a map; empty where it is none, which the document's schema has refused."""
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType] - plain values


def items(value: object) -> list[Value]:
    """A value as a list; empty where it is none."""
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType] - plain values


def text(value: object) -> str | None:
    """A value as text; None where it is none."""
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class DocumentProblem(Problem):
    """A problem of a document; `path` and `line` are the document's, not the stack file's."""

    file: Path = Path()

    def seen_from(self, path: KeyPath) -> Problem:
        """The same as a problem of the stack file's entry at `path`, the place in its words."""
        where = _told(self.file, self.line, self.path)
        return Problem(path, self.value, f"{where}: {self.rule}", self.remedy)


@dataclass
class Findings:
    """Collects what the parts of the import find."""

    document: Document
    problems: list[Problem] = field(default_factory=list[Problem])
    _first: dict[str, DocumentProblem] = field(default_factory=dict[str, DocumentProblem])
    _times: dict[str, int] = field(default_factory=dict[str, int])

    def refuse(self, path: KeyPath, value: object, rule: str, remedy: str) -> None:
        """A mistake at `path` of the document; the same one is kept once."""
        problem = self._placed(path, value, rule, remedy)
        if problem not in self.problems:
            self.problems.append(problem)

    def warn(self, path: KeyPath, value: object, rule: str, remedy: str) -> None:
        """Something to mention; a rule's further cases are counted, not listed."""
        self._first.setdefault(rule, self._placed(path, value, rule, remedy))
        self._times[rule] = self._times.get(rule, 0) + 1

    @property
    def warnings(self) -> list[Problem]:
        """One for each rule, at its first place."""
        return [
            dataclasses.replace(first, rule=f"{rule}{_further(self._times[rule] - 1)}")
            for rule, first in self._first.items()
        ]

    def text_of(self, value: Value, path: KeyPath) -> str | None:
        """A word as JSON would write it; None where that isn't how the document spells it."""
        if isinstance(value, str):
            return value
        if value is None or isinstance(value, dict | list):
            self.refuse(path, value, "text is needed here", "write text")
            return None
        plain, written = json.dumps(value), self.document.written(path) or ""
        if written in {plain, ""}:  # what stands in text that holds JSON has no place of its own
            return plain
        rule = f"without quotes, this is read as {plain}"
        self.refuse(path, written, rule, f'{IN_QUOTES}: "{written}"')
        return None

    def of_syntax(self, problem: Problem) -> Problem:
        """A problem that the document's parser had; it knows its own line."""
        return DocumentProblem(
            problem.path, problem.value, problem.rule, problem.remedy,
            line=problem.line, file=self.document.path,
        )  # fmt: skip

    def touch(self, path: KeyPath) -> bool:
        """Whether something at `path` or below it was refused."""
        return any(problem.path[: len(path)] == path for problem in self.problems)

    def line(self, path: KeyPath) -> int | None:
        """The line of a place."""
        return self.document.line(path)

    def place(self, path: KeyPath) -> str:
        """A place in words: docs/shop.yaml:12 paths./carts.get."""
        return _told(self.document.path, self.document.line(path), path)

    def _placed(self, path: KeyPath, value: object, rule: str, remedy: str) -> DocumentProblem:
        line, file = self.document.line(path), self.document.path
        return DocumentProblem(path, value, rule, remedy, line=line, file=file)


@dataclass(frozen=True)
class Found:
    """A map of the document and where it is written."""

    value: dict[str, Value]
    path: KeyPath

    def child(self, key: str) -> "Found":
        """The map below `key`; empty where there is none."""
        return Found(table(self.value.get(key)), (*self.path, key))


@dataclass(frozen=True)
class References:
    """Resolves references of one document."""

    document: Document
    findings: Findings

    def follow(self, value: Value, path: KeyPath) -> Found | None:
        """The map at `path`, or the one that it refers to; None for a reference to nothing."""
        found = Found(table(value), path)
        seen: set[KeyPath] = set()
        while (reference := text(found.value.get(_REF))) is not None:
            target = self._target(reference, (*found.path, _REF))
            if target is None:
                return None
            if target in seen:
                rule = "a reference must lead to something, and this one leads back to itself"
                self.findings.refuse((*path, _REF), reference, rule, "write out what is meant")
                return None
            seen.add(target)
            found = Found(table(self.document.at(target)), target)
        return found

    def _target(self, reference: str, path: KeyPath) -> KeyPath | None:
        if not reference.startswith("#/"):
            rule = "a reference must stay in its document (#/…); other files aren't read"
            remedy = "bundle the documents into one file before, for example with `redocly bundle`"
            self.findings.refuse(path, reference, rule, remedy)
            return None
        parts = [_unescaped(part) for part in reference[2:].split("/")]
        target: KeyPath = ()
        for part in parts:
            around = self.document.at(target)
            step: str | int = int(part) if isinstance(around, list) and part.isdigit() else part
            if self.document.at((*target, step)) is None:
                rule = f"the document has nothing at {reference}"
                known = table(around) if len(target) == len(parts) - 1 else {}
                remedy = choose_from(part, known, "definition")
                self.findings.refuse(path, reference, rule, remedy)
                return None
            target = (*target, step)
        return target


def _one_character(pair: re.Match[str]) -> str:
    r"""JSON's two escapes for one character outside the basic plane, as YAML's single \U."""
    before, high, low = pair.groups()
    code = 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)
    return f"{before}\\U{code:08X}"


def _told(file: Path, line: int | None, path: KeyPath) -> str:
    place = f"{file}:{line}" if line is not None else str(file)
    return f"{place} {dotted(path)}".rstrip()


def _further(times: int) -> str:
    return f" (and {times} more like this)" if times else ""


def _unescaped(part: str) -> str:
    """JSON Pointer's own escapes, within a URL's."""
    return unquote(part).replace("~1", "/").replace("~0", "~")
