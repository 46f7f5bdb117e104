"""A stack file's values with the outputs of other stacks filled in, before they become settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.beside import Neighbourhood, differing, others, unsound_warnings
from stack.ids import unknown, unknown_at
from stack.outputs import outputs_of_settings
from stack.problems import Problem
from stack.references import (
    ALL,
    Models,
    Outputs,
    filled,
    references_in,
    resolved,
)
from stack.settings import CommonSettings, StackSettings
from stack.topology import Topology
from stack.yaml_file import YamlFile

_A_KEY = "output"
"""What every reference has in it."""

FileValues = Callable[[YamlFile], tuple[dict[str, Any], list[Problem]]]


@dataclass(frozen=True)
class FilledIn:
    """Values without references."""

    values: dict[str, Any]
    """Where a reference couldn't be made out, a text that stands for it."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Loading:
    """The loader's own functions, for the files beside a stack file."""

    values: FileValues
    settings: Callable[[Path, str, Sequence[Topology[Any]]], StackSettings]


def models_of(values: Mapping[str, Any], topologies: Sequence[Topology[Any]]) -> Models:
    """The models of a stack file's values; of sections that aren't there, none are loaded."""
    sections = {t.section: t.model for t in topologies if t.section in values}
    return {ALL: CommonSettings, **sections}


def stacks_referred_to(
    path: Path, topologies: Sequence[Topology[Any]], file_values: FileValues
) -> set[str]:
    """The stacks that a file refers to, as far as it can be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return set()
    if _A_KEY not in text:
        return set()  # most files: nothing has to be parsed
    values, _ = file_values(YamlFile(path, text))
    return references_in(values, models_of(values, topologies)).stacks


def with_stand_ins(
    values: Mapping[str, Any], topologies: Sequence[Topology[Any]]
) -> dict[str, Any]:
    """The values with texts that stand for what they refer to; nothing is judged."""
    references = references_in(values, models_of(values, topologies))
    texts = {path: unknown_at(path) for path in references.unreadable}
    texts |= {reference.path: unknown(reference.to) for reference in references.all}
    return filled(values, texts)


def filled_in(  # noqa: PLR0913 - the loader's own arguments
    values: Mapping[str, Any],
    stack: str,
    topologies: Sequence[Topology[Any]],
    *,
    file: YamlFile,
    known: Mapping[str, Outputs] | None,
    loading: Loading,
) -> FilledIn:
    """Fill in what other stacks put out.

    Args:
        values: the stack file's.
        stack: its stack.
        topologies: those that there are.
        file: where it stands.
        known: the outputs of other stacks by their names; None to go by the files beside.
        loading: how those are read.
    """
    references = references_in(values, models_of(values, topologies))
    problems, warnings = [*references.problems], list[Problem]()
    if known is None:
        around = Neighbourhood(
            lambda path: stacks_referred_to(path, topologies, loading.values),
            lambda path, name: loading.settings(path, name, topologies),
            lambda settings: outputs_of_settings(settings, topologies),
        )
        found = others(file.path, stack, references.stacks, around)
        problems += differing(references.all, values, found.settings)
        warnings += unsound_warnings(references.all, found.unsound)
        known = found.outputs
    missing = set[str]()  # told once, however many references there are
    texts = {path: unknown_at(path) for path in references.unreadable}
    for reference in references.all:
        answer = resolved(reference, known[reference.to.stack])
        if isinstance(answer, Problem):
            if answer.rule not in missing:
                problems.append(answer)
            missing.add(known[reference.to.stack].missing)
            answer = unknown_at(reference.path)
        texts[reference.path] = answer
    return FilledIn(filled(values, texts), tuple(problems), tuple(warnings))
