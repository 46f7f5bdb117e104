"""What a topology hands to the stack loader: its name, its section, its model and its rules."""

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from stack.claims import Holder, Holdings
from stack.ids import Promises
from stack.outputs import Reach
from stack.problems import Problem
from stack.protection import Kept
from stack.settings import StackSettings
from stack.state import StackState

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True)
class Expanded(Generic[Section]):
    """A section with what its files say."""

    section: Section
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def _none_promised(settings: StackSettings, section: BaseModel) -> Promises:
    del settings, section
    return {}


def _none_changed(
    settings: StackSettings, section: BaseModel, state: StackState
) -> Iterator[Problem]:
    del settings, section, state
    return iter(())


def _none_kept(settings: StackSettings, section: BaseModel, state: StackState) -> Iterator[Kept]:
    del settings, section, state
    return iter(())


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

    holdings: Callable[[StackSettings, Section, StackState], Holdings]
    """What it holds and wants that only one can have."""

    changes: Callable[[StackSettings, Section, StackState], Iterator[Problem]] = _none_changed
    """What no single update can carry out for another reason than a holder's."""

    kept: Callable[[StackSettings, Section, StackState], Iterator[Kept]] = _none_kept
    """What it wants of the resources that a tier protects."""

    promises: Callable[[StackSettings, Section], Promises] = _none_promised
    """The stack outputs that its `build` makes: their names, and what each value will be."""

    gateway_claims: Callable[[StackSettings, Section], Iterator[Holder]] | None = None
    """What it takes of a NAT gateway that other stacks may take a part of, too."""

    needs_network: bool = True
    """Whether it stands on a network with a vSwitch."""

    expand: Callable[[Section, Path], "Expanded[Section]"] | None = None
    """Reads the files that the section names, relative to the stack file's folder."""

    at_home: Callable[[Section, Iterable[Problem]], Iterator[Problem]] | None = None
    """Brings problems of what its files say, and of what it made of its settings, to where they can
    be put right. Its own rules have done so already; problems of changes come from elsewhere."""

    ground: str = ""
    """The module whose `ground` registers what others build on before this topology itself is
    built, and returns the site with it; none where nothing is needed beforehand."""

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
