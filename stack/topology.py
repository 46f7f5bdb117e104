"""What a topology is to everything that reads, judges, shows and builds a stack file."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from stack.claims import Holdings
from stack.ids import OutputKinds
from stack.problems import Problem
from stack.protection import Kept
from stack.reach import Reach
from stack.settings import StackSettings
from stack.state import StackState

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True)
class Expanded(Generic[Section]):
    """A section with what its files say."""

    section: Section
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Topology(ABC, Generic[Section]):
    """One topology: its names, and what it makes of its section.

    Its methods get the whole stack beside its own section, since topologies can stand on each
    other. Rules and claims also judge a stack file that couldn't be read in full: sections may be
    missing.

    What a method needs is imported in it: a stack file that doesn't speak of a topology doesn't pay
    for its models, and judging one doesn't pay for Pulumi.
    """

    name: ClassVar[str]
    """As `topology:` names it: shared-bandwidth."""

    section: ClassVar[str]
    """The key of its settings: sharedBandwidth."""

    needs_network: ClassVar[bool] = True
    """Whether it stands on a network with a vSwitch."""

    @property
    @abstractmethod
    def model(self) -> type[Section]:
        """Its settings."""

    def expand(self, section: Section, folder: Path) -> Expanded[Section]:
        """Read the files that the section names, relative to the stack file's folder."""
        del folder
        return Expanded(section)

    @abstractmethod
    def problems(self, settings: StackSettings, section: Section) -> Iterator[Problem]:
        """What its rules refuse."""

    @abstractmethod
    def warnings(self, settings: StackSettings, section: Section) -> Iterator[Problem]:
        """What its rules let pass and mention."""

    def at_home(self, section: Section, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems of changes where they can be put right, if not where they were found.

        Files that a section names have places of their own, and so has what is made of settings.
        """
        del section
        return iter(problems)

    def reach(self, settings: StackSettings, section: Section) -> Reach:
        """What it opens, in and out."""
        del settings, section
        return Reach()

    @abstractmethod
    def outputs(self, settings: StackSettings, section: Section) -> OutputKinds:
        """The stack outputs that `build` makes: their names, and what each value will be."""

    def claims(self, settings: StackSettings, section: Section, state: StackState) -> Holdings:
        """What it holds and wants that only one can have."""
        del settings, section, state
        return Holdings()

    def changes(
        self, settings: StackSettings, section: Section, state: StackState
    ) -> Iterator[Problem]:
        """What no single update can carry out for another reason than a holder's."""
        del settings, section, state
        return iter(())

    def kept(self, settings: StackSettings, section: Section, state: StackState) -> Iterator[Kept]:
        """What it wants of the resources that a tier protects."""
        del settings, section, state
        return iter(())

    # What is built on, and what comes of it, are `topologies.context`'s: nothing here knows Pulumi.

    def lay_ground(self, context: Any, section: Section) -> Any:  # noqa: ANN401
        """Register what others build on; returns the context with it. All grounds come first."""
        del section
        return context

    @abstractmethod
    def build(self, context: Any, section: Section) -> Any:  # noqa: ANN401
        """Register its resources."""
