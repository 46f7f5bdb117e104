"""What a topology hands to the stack loader: its name, its section, its model and its rules."""

import functools
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from stack.claims import Holdings
from stack.held import HeldState
from stack.outputs import Reach
from stack.problems import Problem
from stack.settings import StackSettings

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True)
class Expanded(Generic[Section]):
    """A section with what its files say."""

    section: Section
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class TopologyParts(Generic[Section]):
    """What a topology consists of, as far as the stack file is concerned.

    Its functions get the whole stack beside its own section, since topologies can stand on each
    other. Rules also judge a stack file that couldn't be read in full: sections may be missing.
    """

    model: type[Section]
    """Its settings."""

    problems: Callable[[StackSettings, Section], Iterator[Problem]]
    """What its rules refuse."""

    warnings: Callable[[StackSettings, Section], Iterator[Problem]]
    """What its rules let pass and mention."""

    reach: Callable[[StackSettings, Section], Reach]
    """What it opens, in and out."""

    holdings: Callable[[StackSettings, Section, HeldState], Holdings]
    """What it holds and wants that only one can have."""

    needs_network: bool = True
    """Whether it stands on a network with a vSwitch."""

    expand: Callable[[Section, Path], "Expanded[Section]"] | None = None
    """Reads the files that the section names, relative to the stack file's folder."""

    builder: str = ""
    """The module whose `build` registers its resources. A name, not a function: importing it
    imports the provider's packages, which only the program needs and only where chosen."""


@dataclass(frozen=True)
class Topology:
    """One topology: its names, and the package that has its parts.

    The package is imported when a part is first asked for: a stack file that doesn't speak of a
    topology doesn't pay for it.
    """

    name: str
    """As `topology:` names it: shared-bandwidth."""

    section: str
    """The key of its settings: sharedBandwidth."""

    package: str
    """The package whose `PARTS` these are. A name, so that this module knows no topology."""

    @functools.cached_property
    def parts(self) -> TopologyParts[Any]:
        """Its model and its functions."""
        return cast("TopologyParts[Any]", importlib.import_module(self.package).PARTS)
