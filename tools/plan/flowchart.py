"""A Mermaid flowchart: nodes in boxes, boxes in boxes, and arrows between nodes.

Whatever is told again is drawn once, where it was told first, in the order of telling.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from stack.markdown import line

INTO, OUT, NOTHING, BROKEN = "-->", "==>", "-.-", "-.-x"
"""Arrows: of traffic on its way in, on its way out, where nothing goes through, and where something
is in the way."""


class Box(NamedTuple):
    """A frame around nodes and other boxes."""

    identity: str
    title: str


Place: TypeAlias = tuple[Box, ...]
"""The boxes that something lies in, the outermost first."""


@dataclass
class _Drawn:
    title: str = ""
    nodes: dict[str, str] = field(default_factory=dict[str, str])
    boxes: "dict[str, _Drawn]" = field(default_factory=dict[str, "_Drawn"])

    def lines(self, prefix: str) -> Iterator[str]:
        for identity, text in self.nodes.items():
            yield f"{prefix}{identity}{text}"
        for identity, box in self.boxes.items():
            yield from framed(f"{prefix}{identity}", box.title, box.lines(prefix))


class Flowchart:
    """One graph; several stand side by side in a document where each has a prefix of its own."""

    def __init__(self, prefix: str = "") -> None:
        """Begin with nothing drawn."""
        self._prefix = prefix
        self._root = _Drawn()
        self._known: set[str] = set()
        self._arrows: dict[str, None] = {}

    def node(self, identity: str, *lines: str, place: Place = (), form: str = "[]") -> str:
        """Draw a node.

        Args:
            identity: what arrows call it, as `node_id` makes it.
            lines: what stands in it.
            place: the boxes that it lies in.
            form: how it begins and ends, such as `[]`, and what follows, such as `():::spare`.

        Returns:
            Its identity.
        """
        half = (len(form.partition(":")[0])) // 2
        text = f"{form[:half]}{label(*lines)}{form[half:]}"
        if identity not in self._known:
            self._known.add(identity)
            inside = self._root
            for box in place:
                inside = inside.boxes.setdefault(box.identity, _Drawn(box.title))
            inside.nodes[identity] = text
        return identity

    def arrow(self, *nodes: str, line: str = INTO, says: str = "") -> None:
        """Draw an arrow through some nodes."""
        joint = f" {line}|{label(says)}| " if says else f" {line} "
        self._arrows[joint.join(self._prefix + node for node in nodes)] = None

    @property
    def has_arrows(self) -> bool:
        """Whether something goes anywhere, or isn't let to."""
        return bool(self._arrows)

    def lines(self) -> list[str]:
        """Everything, without the diagram's first line."""
        return [*self._root.lines(self._prefix), *self._arrows]


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
