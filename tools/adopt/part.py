"""What a topology, or a few that share things, adds to adoption: a `Part`, in a module of its own.

It finds what is its own in an account, says what hangs together of what is listed, and writes its
sections of the stack file. All else is the same for all of them: `parts` lists them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from judging.account.reading import Reader
from tools.adopt.drafting import Base, Draft
from tools.adopt.listing import Listing
from tools.adopt.reading import Wanted


@dataclass(frozen=True)
class Sought:
    """What adoption starts from in an account."""

    key: str
    """The option that said it: `vpc`, `gateway`, and so on."""

    id: str
    regions: tuple[str, ...] = ()
    """Where to look; everywhere unless given."""


@dataclass(frozen=True)
class Left:
    """Something that exists and isn't taken over."""

    id: str
    what: str
    """What it is, with its article."""

    why: str
    remedy: str = ""


@dataclass(frozen=True)
class Finding:
    """What a part has found in an account."""

    region: str = ""
    """Where it lies; empty where nothing was found."""

    listed: dict[str, Any] = field(default_factory=dict[str, Any])
    """By the keys of a list."""

    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class Part:
    """How one part adopts."""

    starts: Mapping[str, str]
    """What it starts from in an account: the option, and what the id looks like."""

    find: Callable[[Reader, Sought], Finding]
    """What of an account is its own, by what adoption starts from; nothing where that is of no
    interest to it."""

    links: Callable[[Listing], Iterator[Wanted]]
    """What ties listed things together, and is read as well."""

    compose: Callable[[Draft, Base], list[str]]
    """Writes its sections; returns the topologies that they are of, none where nothing is its."""
