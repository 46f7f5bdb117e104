"""Mermaid flowcharts read back: a strict reader of the part of the language that the plan writes.

What Mermaid itself wouldn't take, this doesn't take either: a line that is no node, arrow or box,
an id that comes twice, an arrow from or to nothing, a box without an end, a label that ends early.
"""

import re
from dataclasses import dataclass, field

ID = r"[A-Za-z][A-Za-z0-9_]*"
TEXT = r'"(?:[^"<>&#]|<br/>|#\d+;)*"'
FORMS = rf"\[{TEXT}\]|\({TEXT}\)|\(\({TEXT}\)\)|\(\[{TEXT}\]\)"
NODE = re.compile(rf"({ID})({FORMS})(:::spare)?")
BOX = re.compile(rf"subgraph ({ID})\[({TEXT})\]")
ARROW = re.compile(rf" (-->|==>|---|-\.-x?)(?:\|({TEXT})\|)? ")
OTHER = ("direction LR", "classDef spare stroke-dasharray: 5 5")
WORDS = {"end", "subgraph", "graph", "flowchart", "direction", "class", "style", "default", "click"}


@dataclass
class Chart:
    """What stands in a flowchart."""

    nodes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Lines of text by id."""

    boxes: dict[str, str] = field(default_factory=dict[str, str])
    """Titles by id."""

    places: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The boxes around each node and box, by id, the outermost first."""

    arrows: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])
    """From where, how, what it says, and where to."""

    def inside(self, box: str) -> list[str]:
        """The nodes that lie in a box, in boxes of it too."""
        assert box in self.boxes
        return [node for node in self.nodes if box in self.places[node]]

    def titles(self, node: str) -> list[str]:
        """The titles of the boxes around a node."""
        return [self.boxes[box] for box in self.places[node]]

    def ways(self, line: str | None = None) -> set[tuple[str, str]]:
        """Who is joined with whom, by arrows of one kind or any."""
        return {(start, end) for start, how, _, end in self.arrows if line in {None, how}}


def parsed(text: str) -> Chart:
    """The chart; fails where there is something in it that Mermaid would trip over."""
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    assert text.endswith("\n")
    chart = Chart()
    open_: list[str] = []
    for whole in lines:
        line = whole.strip()
        if line == "end":
            open_.pop()
        elif box := BOX.fullmatch(line):
            _put(chart, box[1], open_)
            chart.boxes[box[1]] = _plain(box[2])
            open_.append(box[1])
        elif node := NODE.fullmatch(line):
            _put(chart, node[1], open_)
            chart.nodes[node[1]] = _plain(node[2].strip("[]()")).split("\n")
        elif ARROW.search(line):
            _read_arrows(chart, line)
        else:
            assert line in OTHER, line
    assert not open_
    drawn = chart.nodes.keys() | chart.boxes.keys()
    assert {end for start, _, _, last in chart.arrows for end in (start, last)} <= drawn
    # Mermaid draws an empty box as a node, which reads as something else.
    assert all(chart.inside(box) for box in chart.boxes)
    return chart


def _put(chart: Chart, identity: str, around: list[str]) -> None:
    assert identity not in chart.places, f"{identity} is drawn twice"
    assert identity not in WORDS
    chart.places[identity] = tuple(around)


def _read_arrows(chart: Chart, line: str) -> None:
    before, *rest = ARROW.split(line)
    for how, says, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        assert re.fullmatch(ID, before), line
        assert re.fullmatch(ID, after), line
        chart.arrows.append((before, how, _plain(says or '""'), after))
        before = after


def _plain(text: str) -> str:
    lines = text[1:-1].replace("<br/>", "\n")
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), lines)
