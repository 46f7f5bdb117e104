"""A flowchart: nodes in boxes, boxes in boxes, and arrows between nodes; and the same as Mermaid.

Whatever is told again is drawn once, where it was told first, in the order of telling.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from stack.markdown import line

INTO, OUT, NOTHING, BROKEN = "-->", "==>", "-.-", "-.-x"
"""Arrows: of traffic on its way in, on its way out, where nothing goes through, and where something
is in the way."""


class Box(NamedTuple):
    """A frame around nodes and other boxes."""

    identity: str
    title: str
    folded: bool = False
    """Whether it begins folded, where it can."""


Place: TypeAlias = tuple[Box, ...]
"""The boxes that something lies in, the outermost first."""


class Node(NamedTuple):
    """What arrows lead from and to."""

    lines: tuple[str, ...]
    form: str
    spare: bool


class Arrow(NamedTuple):
    """A way through some nodes, of one kind."""

    nodes: tuple[str, ...]
    line: str
    says: str


@dataclass
class Frame:
    """What lies in a box, or in none."""

    title: str = ""
    folded: bool = False
    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    boxes: "dict[str, Frame]" = field(default_factory=dict[str, "Frame"])


class Flowchart:
    """One graph; several stand side by side in a document where each has a prefix of its own."""

    def __init__(self, prefix: str = "") -> None:
        """Begin with nothing drawn."""
        self.prefix: Final = prefix
        self.root: Final = Frame()
        self._known: set[str] = set()
        self._arrows: dict[Arrow, None] = {}

    def node(
        self,
        identity: str,
        *lines: str,
        place: Place = (),
        form: str = "[]",
        spare: bool = False,
    ) -> str:
        """Draw a node.

        Args:
            identity: what arrows call it, as `node_id` makes it.
            lines: what stands in it.
            place: the boxes that it lies in.
            form: how it begins and ends, such as `[]`.
            spare: whether it is dashed, since nothing uses it.

        Returns:
            Its identity.
        """
        if identity not in self._known:
            self._known.add(identity)
            inside = self.root
            for box in place:
                inside = inside.boxes.setdefault(box.identity, Frame(box.title, box.folded))
            inside.nodes[identity] = Node(lines, form, spare)
        return identity

    def arrow(self, *nodes: str, line: str = INTO, says: str = "") -> None:
        """Draw an arrow through some nodes."""
        self._arrows[Arrow(nodes, line, says)] = None

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """What goes anywhere, or isn't let to."""
        return tuple(self._arrows)

    def lines(self) -> list[str]:
        """Everything as Mermaid writes it, without the diagram's first line."""
        arrows = (self._written(arrow) for arrow in self._arrows)
        return [*_framed_inside(self.root, self.prefix), *arrows]

    def _written(self, arrow: Arrow) -> str:
        joint = f" {arrow.line}|{label(arrow.says)}| " if arrow.says else f" {arrow.line} "
        return joint.join(self.prefix + node for node in arrow.nodes)


def _framed_inside(frame: Frame, prefix: str) -> Iterator[str]:
    for identity, node in frame.nodes.items():
        half = len(node.form) // 2
        text = f"{node.form[:half]}{label(*node.lines)}{node.form[half:]}"
        yield f"{prefix}{identity}{text}{':::spare' if node.spare else ''}"
    for identity, box in frame.boxes.items():
        yield from framed(f"{prefix}{identity}", box.title, _framed_inside(box, prefix))


def document(charts: Iterable[tuple[str, Flowchart]]) -> str:
    """One diagram of graphs with their titles, ending in a new line: framed where it has several.

    Args:
        charts: each with the title of its frame.
    """
    drawn = [(title, chart.lines()) for title, chart in charts]
    if len(drawn) == 1:
        lines = drawn[0][1]
    else:
        # A box that no arrow enters turns its inside round unless told otherwise.
        frames = (
            framed(f"graph_{number}", title, ["direction LR", *lines])
            for number, (title, lines) in enumerate(drawn, 1)
        )
        lines = [line for frame in frames for line in frame]
    whole = [*lines, "classDef spare stroke-dasharray: 5 5"]
    return "\n".join(["flowchart LR", *_indented(whole)]) + "\n"


def node_id(kind: str, name: str) -> str:
    """An id that Mermaid takes, another one for each name: `web-tls` is `map_web_2dtls`."""
    safe = re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}", name)
    return f"{kind}_{safe}"


def framed(identity: str, title: str, inside: Iterable[str]) -> Iterator[str]:
    """Lines in a box."""
    yield f"subgraph {identity}[{label(title)}]"
    yield from _indented(inside)
    yield "end"


def label(*lines: str) -> str:
    """Quoted text; Mermaid writes a character that would end it as its number."""
    escaped = (re.sub(r'[#"<>&]', lambda found: f"#{ord(found[0])};", line(one)) for one in lines)
    return f'"{"<br/>".join(escaped)}"'


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
