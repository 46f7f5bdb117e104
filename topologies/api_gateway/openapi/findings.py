"""What is found in a document: problems with its file and line, and warnings, each kind once."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from stack.problems import KeyPath, Problem, dotted
from topologies.api_gateway.openapi.document import Document


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


def _told(file: Path, line: int | None, path: KeyPath) -> str:
    place = f"{file}:{line}" if line is not None else str(file)
    return f"{place} {dotted(path)}".rstrip()


def _further(times: int) -> str:
    return f" (and {times} more like this)" if times else ""
