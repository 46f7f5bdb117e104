"""What a topology hands to the stack loader: its name, its section, its model and its rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from stack.claims import Holdings
from stack.held import HeldState
from stack.model import Model
from stack.outputs import Reach
from stack.problems import Problem
from stack.settings import CommonSettings

Section = TypeVar("Section", bound=Model)


@dataclass(frozen=True)
class Topology(Generic[Section]):
    """One topology, as far as the stack file is concerned."""

    name: str
    """As `topology:` names it: shared-bandwidth."""

    section: str
    """The key of its settings: sharedBandwidth."""

    model: type[Section]
    """Its settings."""

    problems: Callable[[CommonSettings, Section], Iterator[Problem]]
    """What its rules refuse."""

    warnings: Callable[[CommonSettings, Section], Iterator[Problem]]
    """What its rules let pass and mention."""

    reach: Callable[[CommonSettings, Section], Reach]
    """What it opens, in and out."""

    holdings: Callable[[CommonSettings, Section, HeldState], Holdings]
    """What it holds and wants that only one can have."""

    builder: str
    """The module whose `build` registers its resources. A name, not a function: importing it
    imports the provider's packages, which only the program needs and only where chosen."""
