"""The plan's page read back: a strict reader of what stands in it.

What a browser would mend this doesn't take: an element that isn't closed, an id that comes twice,
an arrow from or to nothing, anything that a name could have brought in.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

_EMPTY: Final = {"meta", "input"}
_ELEMENTS: Final = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "script",
        "header",
        "main",
        "div",
        "section",
    ),
    *("h1", "h2", "label", "input", "output", "button", "span", "p", "b", "pre", "ul", "li"),
    *("details", "summary", "table", "thead", "tbody", "tr", "th", "td"),
    *("svg", "g", "path", "text", "tspan"),
}


@dataclass
class Page:
    """What stands in a page, in one of its languages."""

    language: str
    nodes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Lines of text by id, what a node leads to last."""

    boxes: dict[str, str] = field(default_factory=dict[str, str])
    """Titles by id, with how many nodes lie in them."""

    places: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The boxes around each node, the outermost first."""

    folded: set[str] = field(default_factory=set[str])
    arrows: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])
    """From where, of which kind, what it says, and where to."""

    rows: list[list[str]] = field(default_factory=list[list[str]])
    text: str = ""
    policy: str = ""
    raw: dict[str, str] = field(default_factory=dict[str, str])
    """What stands in style and script."""

    def ways(self) -> set[tuple[str, str]]:
        """Who is joined with whom."""
        return {(start, end) for start, _, _, end in self.arrows}


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.open: list[tuple[str, dict[str, str]]] = []
        self.ids: set[str] = set()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ELEMENTS, tag
        assert self.open or tag == "html"
        facts = {name: value or "" for name, value in attrs}
        assert not [name for name in facts if name.startswith("on") or name in {"src", "style"}]
        if "id" in facts:
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", facts["id"])
            assert facts["id"] not in self.ids, facts["id"]
            self.ids.add(facts["id"])
        self._take(tag, facts)
        if tag not in _EMPTY:
            self.open.append((tag, facts))

    def _take(self, tag: str, facts: dict[str, str]) -> None:
        page = self.page
        boxes = tuple(one["id"] for name, one in self.open if name == "details")
        if tag == "details":
            page.boxes[facts["id"]] = ""
            if "open" not in facts:
                page.folded.add(facts["id"])
        elif tag == "button" and "id" in facts:
            page.nodes[facts["id"]], page.places[facts["id"]] = [], boxes
        elif tag == "g":
            page.arrows.append((facts["data-from"], facts["class"], "", facts["data-to"]))
        elif tag == "tr":
            page.rows.append([])
        elif tag in {"td", "th"}:
            page.rows[-1].append("")
        elif facts.get("http-equiv") == "Content-Security-Policy":
            page.policy = facts["content"]
        if facts.get("class") in {"line", "to"}:
            page.nodes[self._around("button")].append("")

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "path"

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    @override
    def handle_data(self, data: str) -> None:
        page = self.page
        names = [name for name, _ in self.open]
        if names[-1:] in (["style"], ["script"]):
            page.raw[names[-1]] = data
            return
        if any(facts.get("lang", page.language) != page.language for _, facts in self.open[1:]):
            return
        page.text += data
        if "summary" in names:
            page.boxes[self._around("details")] += data
        elif any(facts.get("class") in {"line", "to"} for _, facts in self.open):
            page.nodes[self._around("button")][-1] += data
        elif "g" in names:
            start, kind, says, end = page.arrows[-1]
            page.arrows[-1] = (start, kind, says + data, end)
        elif names[-2:] and ({"td", "th"} & {*names}):
            page.rows[-1][-1] += data

    def _around(self, tag: str) -> str:
        return next(facts["id"] for name, facts in reversed(self.open) if name == tag)


def page_read(text: str, language: str = "en") -> Page:
    """The page; fails where something in it isn't as it must be."""
    start = "<!doctype html>\n"
    assert text.startswith(start)
    assert text.endswith("\n")
    page = Page(language)
    reader = _Reader(page)
    reader.feed(text.removeprefix(start).strip())
    reader.close()
    assert not reader.open
    assert {end for start, _, _, last in page.arrows for end in (start, last)} <= page.nodes.keys()
    return page
