"""What a stack would be: the facts that every form of the plan is printed from.

Judges the stack file first and imports the program only when it is sound, so that bad config
answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stack.outputs import Reach
from stack.problems import StackFileError
from stack.stack_file import StackFile
from stack.target import shown_path
from topologies import TOPOLOGIES, reach
from topologies.neighbours import neighbour_warnings

if TYPE_CHECKING:  # so that Pulumi isn't imported with this module
    from pathlib import Path

    from stack.problems import Problem
    from stack.settings import StackSettings
    from stack.target import Target
    from topologies.recorder import RecordedResource


@dataclass(frozen=True)
class Plan:
    """One stack, judged and, where it passed, built in the mind."""

    stack: str
    file: Path
    """The stack file, as people write its path."""

    settings: StackSettings | None = None
    """None where the stack file was refused; everything below but the problems is empty then."""

    reach: Reach = field(default_factory=Reach)
    resources: tuple[RecordedResource, ...] = ()
    """What the provider would create, sorted by name."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    report: str = ""
    """The problems, ready to print."""

    @property
    def topologies(self) -> tuple[str, ...]:
        """The chosen topologies."""
        return tuple(self.settings.common.topology) if self.settings is not None else ()


def make_plan(wanted: Target) -> Plan:
    """The plan of a stack; one with problems where its file was refused."""
    return plan_of(StackFile(shown_path(wanted.file), wanted.stack, TOPOLOGIES))


def plan_of(file: StackFile) -> Plan:
    """The plan of a stack whose file is at hand."""
    try:
        settings = file.settings
    except StackFileError as error:
        return Plan(
            file.stack,
            file.path,
            problems=error.problems,
            warnings=error.warnings,
            report=str(error),
        )
    from topologies.recorder import PROVIDER_TYPES, record  # noqa: PLC0415 - brings in Pulumi

    recorded = record(settings)
    return Plan(
        file.stack,
        file.path,
        settings,
        reach=reach(settings),
        resources=tuple(r for r in recorded if not r.type.startswith(PROVIDER_TYPES)),
        warnings=(*settings.warnings, *neighbour_warnings(file)),
    )
