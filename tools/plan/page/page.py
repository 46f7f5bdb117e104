"""The page's document: the drawing, the tables and the warnings of a plan.

All that it is made of stands in the one file, and its policy lets nothing else in: names come from
stack files, and are text wherever they stand.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Final

from stack.problems import Problem, dotted, shown_value
from stack.settings import StackSettings
from stack.words import Words
from tools.plan.flowchart import BROKEN, INTO, NOTHING, OUT, Arrow, Flowchart, Frame, Node
from tools.plan.graphs import MANY, charts_of
from tools.plan.page.chinese import in_chinese
from tools.plan.page.layout import Row, laid_out, nodes_in
from tools.plan.parts import Block, Command, Part, parts_of, title_of
from tools.plan.plan import Plan

LOOK: Final = Path(__file__).with_name("page.css")
SCRIPT: Final = Path(__file__).with_name("page.js")

_FORMS: Final[Mapping[str, str]] = {"(())": " internet", "()": " address", "([])": " asker"}
_LINES: Final[Mapping[str, str]] = {
    INTO: "in",
    OUT: "out",
    NOTHING: "nothing",
    BROKEN: "broken",
}
_KEY: Final[Mapping[str, str]] = {
    INTO: "way in",
    OUT: "way out",
    NOTHING: "nothing goes through",
    BROKEN: "something is in the way",
}
_TOLD: Final = 6  # of what a node leads to, by name; a list that is longer is not read


def plan_page(plan: Plan, settings: StackSettings) -> str:
    """The whole page, ending in a new line."""
    charts = charts_of(plan, settings, folds=True)
    title = title_of(plan, settings)
    tables = (_part(part) for part in parts_of(plan, settings))
    body = [
        *_header(title),
        "<main>",
        '<div class="drawings">',
        *(line for name, chart in charts for line in drawing(name, chart)),
        *_key(arrow.line for _, chart in charts for arrow in chart.arrows),
        "</div>",
        '<div class="tables" tabindex="0" role="region" aria-labelledby="tables">',
        f'<h2 class="unseen" id="tables">{told(Words("Tables"))}</h2>',
        *(line for table in tables for line in table),
        *_warnings(plan),
        "</div>",
        "</main>",
    ]
    return document(title, body)


def told(text: str) -> str:
    """Text as HTML, in both languages where it is ours."""
    chinese = in_chinese(text)
    english = escape(text)
    if chinese is None or chinese == text:
        return english
    return f'<span lang="en">{english}</span><span lang="zh-CN">{escape(chinese)}</span>'


def document(title: str, body: Iterable[str]) -> str:
    """A page with this title and this in its body, that lets nothing else in."""
    look, script = (path.read_text(encoding="utf-8") for path in (LOOK, SCRIPT))
    policy = (
        f"default-src 'none'; style-src '{_hash(look)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>{look}</style>",
        "</head>",
        "<body>",
        *body,
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _header(title: str) -> Iterator[str]:
    yield f"<header><h1>{escape(title)}</h1>"
    yield f'<label>{told(Words("Search"))} <input type="search" autocomplete="off"></label>'
    yield '<output aria-live="polite"></output>'
    for does, text in (("unfold", "Unfold all"), ("fold", "Fold"), ("theme", "Light or dark")):
        yield f'<button type="button" data-does="{does}">{told(Words(text))}</button>'
    yield '<button type="button" data-does="language"><span lang="en">中文</span>'
    yield '<span lang="zh-CN">English</span></button></header>'


# The drawing.


def drawing(name: str, chart: Flowchart) -> Iterator[str]:
    """A flowchart below its name, for the page's script to draw arrows into."""
    heading = f"drawing_{chart.prefix}"
    yield f'<section><h2 id="{heading}">{told(Words(name))}</h2>'
    yield f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{heading}">'
    yield '<div class="chart"><svg class="arrows" aria-hidden="true">'
    for arrow in chart.arrows:
        yield from _arrow(chart.prefix, arrow)
    yield "</svg>"
    yield from _row(_Names(chart), chart.root, laid_out(chart))
    yield "</div></div></section>"


def _arrow(prefix: str, arrow: Arrow) -> Iterator[str]:
    kind = _LINES.get(arrow.line, "joined")
    said = f"<text>{_tspans(arrow.says)}</text>" if arrow.says else ""
    for start, end in pairwise(arrow.nodes):
        ends = f'data-from="{prefix}{start}" data-to="{prefix}{end}"'
        yield f'<g class="{kind}" {ends}><path/>{said}</g>'


def _tspans(text: str) -> str:
    return told(text).replace("<span", "<tspan").replace("</span>", "</tspan>")


class _Names:
    """What a chart's nodes are called, and lead to."""

    def __init__(self, chart: Flowchart) -> None:
        self.prefix = chart.prefix
        self._names = dict(_names(chart.root))
        self._after: dict[str, dict[str, None]] = {name: {} for name in self._names}
        for arrow in chart.arrows:
            if arrow.line in {INTO, OUT}:
                for start, end in pairwise(arrow.nodes):
                    self._after[start][end] = None

    def after(self, identity: str) -> str:
        """Where it leads, in words: for readers of text, and where there is no room for arrows."""
        names = [self._names[one] for one in self._after[identity]]
        if len(names) > _TOLD:
            rest = len(names) - _TOLD
            return Words("leads to {} and {} more", ", ".join(names[:_TOLD]), rest)
        return Words("leads to {}", ", ".join(names)) if names else ""


def _names(frame: Frame) -> Iterator[tuple[str, str]]:
    for identity, node in frame.nodes.items():
        yield identity, node.lines[0]
    for box in frame.boxes.values():
        yield from _names(box)


def _row(names: _Names, frame: Frame, row: Row) -> Iterator[str]:
    yield '<div class="row">'
    for column in row.columns:
        yield '<div class="column">'
        for identity in column:
            if identity in frame.nodes:
                yield _node(names, identity, frame.nodes[identity])
            else:
                yield from _box(names, identity, frame.boxes[identity], row.boxes[identity])
        yield "</div>"
    yield "</div>"


def _node(names: _Names, identity: str, node: Node) -> str:
    look = f"node{_FORMS.get(node.form, '')}{' spare' if node.spare else ''}"
    lines = "".join(f'<span class="line">{told(line)}</span>' for line in node.lines)
    after = names.after(identity)
    to = f'<span class="to">{told(after)}</span>' if after else ""
    start = f'<button type="button" aria-pressed="false" class="{look}"'
    return f'{start} id="{names.prefix}{identity}"><span class="said">{lines}</span>{to}</button>'


def _box(names: _Names, identity: str, frame: Frame, row: Row) -> Iterator[str]:
    many = nodes_in(frame)
    state = "data-folded" if frame.folded or len(frame.nodes) > MANY else "open"
    yield f'<details class="box" id="{names.prefix}{identity}" {state}>'
    title = f'<span class="title">{told(frame.title)}</span>'
    yield f'<summary>{title} <span class="count">({many})</span></summary>'
    yield from _row(names, frame, row)
    yield "</details>"


def _key(lines: Iterable[str]) -> Iterator[str]:
    there = {*lines}
    yield '<ul class="key">'
    for line, text in _KEY.items():
        if line in there:
            drawing = '<svg viewBox="0 0 38 12" aria-hidden="true"><path d="M0 6H38"/></svg>'
            yield f'<li><span class="{_LINES[line]}">{drawing}</span>{told(Words(text))}</li>'
    yield "</ul>"


# Tables and warnings.


def _part(part: Part) -> Iterator[str]:
    match part:
        case Block():
            yield from _table(part)
        case Command():
            yield f"<section><h2>{told(part.title)}</h2><pre>{escape(part.text)}</pre></section>"
        case _:
            yield f"<p>{told(part)}</p>"


def _table(block: Block) -> Iterator[str]:
    look = ' class="numbers"' if block.numbers else ""
    yield "<section>"
    if block.title:
        yield f"<h2>{told(_ours(block.title))}</h2>"
    yield f"<table{look}><thead>"
    yield _cells("th", [_ours(header) for header in block.headers])
    yield "</thead><tbody>"
    yield from (_cells("td", row) for row in block.rows)
    yield "</tbody></table>"
    if block.note:
        yield f"<p>{told(block.note)}</p>"
    yield "</section>"


def _ours(text: str) -> str:
    return text if isinstance(text, Words) else Words(text)


def _cells(tag: str, texts: Sequence[str]) -> str:
    cells = "".join(f"<{tag}>{told(text)}</{tag}>" for text in texts)
    return f"<tr>{cells}</tr>"


def _warnings(plan: Plan) -> Iterator[str]:
    if not plan.warnings:
        return
    yield f"<section><h2>{told(Words('Warnings'))} ({len(plan.warnings)})</h2>"
    for warning in plan.warnings:
        yield from _warning(plan, warning)
    yield "</section>"


def _warning(plan: Plan, warning: Problem) -> Iterator[str]:
    place = f"{plan.file}:{warning.line}" if warning.line is not None else f"{plan.file}"
    yield '<div class="warning">'
    yield f'<p class="where">{escape(place)} {escape(dotted(warning.path))}</p>'
    said = {"value": None if warning.value is None else shown_value(warning.value)}
    for name, text in {**said, "rule": warning.rule, "remedy": warning.remedy}.items():
        if text is not None:
            yield f"<p><b>{told(Words(name))}</b> {escape(text)}</p>"
    yield "</div>"
