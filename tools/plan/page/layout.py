"""In which column of its box each part of a flowchart stands, and in which order.

Arrows go from left to right: what they lead to stands in a later column than what they come from,
box by box. Nothing here knows how large anything is; that is the browser's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise, takewhile
from statistics import fmean
from typing import NamedTuple, TypeAlias

from tools.plan.flowchart import Flowchart, Frame

_Path: TypeAlias = tuple[str, ...]
"""A node or a box: the boxes that it lies in, the outermost first, and itself."""

_Way: TypeAlias = tuple[str, str]


class Row(NamedTuple):
    """A box's inside: columns, each of nodes and boxes by their identities."""

    columns: Sequence[Sequence[str]]
    boxes: "Mapping[str, Row]"


def laid_out(chart: Flowchart) -> Row:
    """The whole chart."""
    return _Layout(chart).row((), chart.root, 0, 1)


class _Layout:
    def __init__(self, chart: Flowchart) -> None:
        paths = {path[-1]: path for path in _paths(chart.root, ())}
        self._before = defaultdict[_Path, list[str]](list)
        """What leads into a node, or into anything in a box."""

        self._ways = defaultdict[_Path, dict[_Way, None]](dict)
        """By box, the arrows between what lies in it, or in what lies in it."""

        for arrow in chart.arrows:
            for start, end in pairwise(arrow.nodes):
                self._know(start, paths[start], paths[end])
        self._heights: dict[str, float] = {}

    def _know(self, start: str, path: _Path, to: _Path) -> None:
        shared = len([*takewhile(lambda pair: pair[0] == pair[1], zip(path, to, strict=False))])
        for depth in range(shared + 1, len(to) + 1):
            self._before[to[:depth]].append(start)
        if shared < min(len(path), len(to)):
            self._ways[path[:shared]][path[shared], to[shared]] = None

    def row(self, path: _Path, frame: Frame, top: float, bottom: float) -> Row:
        """The inside of a box that is so high up in the whole, from 0 to 1."""
        there = [*frame.nodes, *frame.boxes]
        ranks = _ranks(there, self._ways[path])
        boxes: dict[str, Row] = {}
        columns: list[Sequence[str]] = []
        for rank in sorted(set(ranks.values())):
            column = [one for one in there if ranks[one] == rank]
            column = self._sorted(path, column, top, bottom)
            columns.append(column)
            leaves = [_leaves(frame, one) for one in column]
            step = (bottom - top) / sum(leaves)
            above = top
            for one, many in zip(column, leaves, strict=True):
                below = above + step * many
                self._heights[one] = (above + below) / 2
                if one in frame.boxes:
                    boxes[one] = self.row((*path, one), frame.boxes[one], above, below)
                above = below
        return Row(columns, boxes)

    def _sorted(self, path: _Path, column: list[str], top: float, bottom: float) -> list[str]:
        """Each as high up as what leads to it, so that few arrows cross."""
        step = (bottom - top) / len(column)
        heights: dict[str, float] = {}
        for number, one in enumerate(column):
            known = [self._heights[n] for n in self._before[*path, one] if n in self._heights]
            heights[one] = fmean(known) if known else top + step * (number + 0.5)
        return sorted(column, key=heights.__getitem__)


def _paths(frame: Frame, around: _Path) -> Iterator[_Path]:
    for node in frame.nodes:
        yield (*around, node)
    for identity, box in frame.boxes.items():
        yield from _paths(box, (*around, identity))


def _leaves(frame: Frame, child: str) -> int:
    box = frame.boxes.get(child)
    return nodes_in(box) if box is not None else 1


def nodes_in(frame: Frame) -> int:
    """How many nodes lie in it, in boxes of it too."""
    return len(frame.nodes) + sum(nodes_in(box) for box in frame.boxes.values())


def _ranks(there: Iterable[str], ways: Iterable[_Way]) -> Mapping[str, int]:
    """Behind all that leads to it, each; where nothing does, just before what it leads to."""
    before, order = _ordered(there, ways)
    ranks: dict[str, int] = {}
    for one in order:
        ranks[one] = max((ranks[other] + 1 for other in before[one]), default=0)
    after = defaultdict[str, list[int]](list)
    for one, others in before.items():
        for other in others:
            after[other].append(ranks[one])
    late = {one: min(after[one]) - 1 for one in ranks if after[one] and not before[one]}
    return {**ranks, **late}


def _ordered(
    there: Iterable[str], ways: Iterable[_Way]
) -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """What leads to each, and an order; of ways that go round, the last ones are left out."""
    left = [*ways]
    while True:
        before: dict[str, list[str]] = {one: [] for one in there}
        for start, end in left:
            before[end].append(start)
        try:
            return before, [*TopologicalSorter(before).static_order()]
        except CycleError as error:
            round_: Sequence[str] = error.args[1]
            turns = {*pairwise(round_)}
            left.remove(next(way for way in reversed(left) if way in turns))
