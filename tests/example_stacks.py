"""Every stack file of the project, and what the program makes of each under mocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stack.problems import Problem
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.target import stack_of
from tests.mocked_cloud import Registered, run
from topologies import TOPOLOGIES
from topologies.builder import build

ROOT = Path(__file__).resolve().parents[1]
STACK_FILES = sorted([*ROOT.glob("Pulumi.*.yaml"), *(ROOT / "examples").rglob("Pulumi.*.yaml")])


@dataclass(frozen=True)
class Built:
    """A stack as its program registered it, to be looked at and not to be changed."""

    settings: StackSettings
    registered: Registered
    outputs: Mapping[str, Any]


@cache
def built(file: Path) -> Built:
    """The stack of a stack file, run once in each process."""
    return built_of(StackFile(file, stack_of(file), TOPOLOGIES).settings)


def built_of(settings: StackSettings) -> Built:
    """The stack of any settings."""
    outputs: dict[str, Any] = {}
    registered = run(lambda: outputs.update(build(settings)))
    return Built(settings, registered, outputs)


def name_of(file: Path) -> str:
    """A stack file's path in the project."""
    return file.relative_to(ROOT).as_posix()


def unexpected(warnings: Iterable[Problem]) -> list[Problem]:
    """Warnings of a stack file that is shown, but for the one that its servers are the reader's."""
    return [warning for warning in warnings if warning.path != ("network", "hosts")]
