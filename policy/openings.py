"""What several resources open together: a range cut into parts is no less open.

Parts may be of ports (1-32767 and 32768-65535) or of addresses (0.0.0.0/1 and 128.0.0.0/1), and lie
with several resources. A place is one address, one host, one security group or one server, by any
of its names. What an exemption spares is said by resource and ports.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Final, NamedTuple

from judging.preview import State
from judging.ways import EVERY_PORT, Way, everyone
from policy.rule import EXEMPT, PORT_EXEMPTION, Limits
from stack.ports import PortRange

_EXEMPTION: Final = re.compile(PORT_EXEMPTION)


class Opened(NamedTuple):
    """A way in, and what opens it."""

    by: State
    way: Way


@dataclass(frozen=True)
class Opening:
    """Ports that are open to everyone."""

    ports: PortRange
    by: tuple[tuple[Opened, ...], ...]
    """What opens them: each that does so alone, or else one group of all that do it together."""


def openings(opened: Iterable[Opened]) -> Iterator[Opening]:
    """The ports that ways of one protocol and one place open to everyone, in their order."""
    ways = [*opened]
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for index, one in enumerate(ways):
        begins.setdefault(one.way.ports.first, []).append(index)
        ends.setdefault(one.way.ports.last + 1, []).append(index)
    points = sorted(begins.keys() | ends.keys())
    here: dict[int, Opened] = {}
    for point, following in pairwise(points):
        for index in ends.get(point, ()):
            del here[index]
        here.update((index, ways[index]) for index in begins.get(point, ()))
        by = tuple((one,) for one in here.values() if one.way.world)
        if not by and everyone(one.way.source for one in here.values()):
            by = (tuple(here.values()),)
        if by:
            yield Opening(PortRange(point, following - 1), by)


def every_port(opened: Iterable[Opened]) -> bool:
    """Whether ways of one protocol and one place open every port to everyone. Port 0 is none."""
    next_port = EVERY_PORT.first
    for opening in openings(opened):
        if opening.ports.first > next_port:
            return False
        next_port = opening.ports.last + 1
    return next_port > EVERY_PORT.last


def whole(place: Sequence[Opened], limits: Limits) -> Iterator[list[Opened]]:
    """What opens every port of a place: each resource that does so alone, and then all the others.

    Of several, those that are exempt are no excuse for the others, unless they are every port.
    """
    of = {state.urn: list[Opened]() for state in by_whom(place)}
    for one in place:
        of[one.by.urn].append(one)
    others = list[Opened]()
    for own in of.values():
        wide = _wide(own)
        if not wide:
            others += own
        elif not all(spared(one, limits) for one in wide):
            yield own
    jointly = _wide(others)
    meant = {one.way.protocol for one in _wide(one for one in jointly if spared(one, limits))}
    if {one.way.protocol for one in jointly} - meant:
        yield jointly


def _wide(opened: Iterable[Opened]) -> list[Opened]:
    """The ways of those protocols of which they open every port."""
    by_protocol: dict[str, list[Opened]] = {}
    for one in opened:
        by_protocol.setdefault(one.way.protocol, []).append(one)
    return [way for ways in by_protocol.values() if every_port(ways) for way in ways]


def together(opened: Iterable[Opened]) -> list[list[Opened]]:
    """The same, one list for each place: two places are one where they share a name."""
    lists: dict[str, list[Opened]] = {}
    for one in opened:
        found = {id(lists[name]): lists[name] for name in one.way.place.names if name in lists}
        joined, *others = found.values() or [[]]
        for part in (*others, [one]):
            joined += part
            lists.update((name, joined) for each in part for name in each.way.place.names)
    return [*{id(found): found for found in lists.values()}.values()]


def without_spared(opened: Iterable[Opened], limits: Limits) -> list[Opened]:
    """What is left of some ways without what is exempt: `name: any`, `name: tcp 9000-9010`.

    The engine has checked the form.
    """
    left = [*opened]
    for exemption in filter(None, map(_EXEMPTION.fullmatch, limits[EXEMPT])):
        name, _, protocol, _, first, _, last = exemption.groups()
        lowest = int(first or 0)
        if lowest <= EVERY_PORT.first:
            lowest = 0  # port 0 is none
        ports = PortRange(lowest, int(last or first or EVERY_PORT.last))
        left = [
            part
            for one in left
            for part in (
                [Opened(one.by, way) for way in one.way.outside(ports)]
                if protocol in {None, one.way.protocol} and fnmatchcase(one.by.name, name)
                else [one]
            )
        ]
    return left


def spared(one: Opened, limits: Limits) -> bool:
    """Whether all that a way opens is exempt."""
    return not without_spared([one], limits)


def by_whom(opened: Sequence[Opened]) -> list[State]:
    """The resources, once each, in the order of their names."""
    return sorted({one.by.urn: one.by for one in opened}.values(), key=lambda state: state.name)
