"""What a topology hands to the stack loader: its name, its section, its model and its rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from stack.claims import Holdings
from stack.held import HeldState
from stack.model import Model
from stack.outputs import Reach
from stack.problems import Problem
from stack.settings import CommonSettings

Section = TypeVar("Section", bound=Model)


Sections = Mapping[str, Model]
"""The sections of the chosen topologies, as far as they can be read, by topology name."""


@dataclass(frozen=True)
class Topology(Generic[Section]):
    """One topology, as far as the stack file is concerned.

    Its functions get what all topologies share, its own section, and the sections of all chosen
    ones, since topologies can stand on each other.
    """

    name: str
    """As `topology:` names it: shared-bandwidth."""

    section: str
    """The key of its settings: sharedBandwidth."""

    model: type[Section]
    """Its settings."""

    problems: Callable[[CommonSettings, Section, Sections], Iterator[Problem]]
    """What its rules refuse."""

    warnings: Callable[[CommonSettings, Section, Sections], Iterator[Problem]]
    """What its rules let pass and mention."""

    reach: Callable[[CommonSettings, Section, Sections], Reach]
    """What it opens, in and out."""

    holdings: Callable[[CommonSettings, Section, Sections, HeldState], Holdings]
    """What it holds and wants that only one can have."""

    builder: str
    """The module whose `build` registers its resources. A name, not a function: importing it
    imports the provider's packages, which only the program needs and only where chosen."""
