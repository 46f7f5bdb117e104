"""A YAML text as nodes with their places, so that a piece of it can be cut out or put in.

ruamel.yaml's own way of keeping comments, loading and dumping a file, writes every line anew: it
chooses quotes, spaces and line ends of its own, and hangs a comment on whatever stands before it.
Its parser also says where each key and value begins and ends. That is all that is used of it here:
lines that nobody asks about stay as they are, to the byte.
"""

import io
import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, cast

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from stack.file.yaml_file import YamlFile

FilePath: TypeAlias = tuple[str, ...]
"""A place in the file itself: ("config", "alicloud-gateways:tags", "env")."""

_MERGE = "<<"


@dataclass(frozen=True)
class Entry:
    """A key and its value, by their offsets in the text."""

    key: str
    key_start: int
    key_end: int
    colon: int
    """Where the colon is behind."""

    value: Node
    start: int
    """Where the value begins; after the colon where there is none."""

    end: int
    """Where its last character ends: comments after it aren't part of it."""

    aliased: bool
    """Whether the value is an alias: what it stands for is written elsewhere."""

    @property
    def flow(self) -> bool:
        """Whether the value is a map or list in brackets."""
        return _in_brackets(self.value)

    @property
    def block(self) -> bool:
        """Whether the value is a map or list on lines of its own."""
        return not isinstance(self.value, ScalarNode) and not self.flow and not self.aliased


class YamlText:
    """One YAML text and where everything stands in it."""

    def __init__(self, text: str) -> None:
        """Parse `text`, which must be YAML."""
        self.text = text
        self._maps: dict[int, dict[str, Entry]] = {}
        parser: Any = YAML(typ="safe", pure=True)
        self.root: Node | None = cast("Node | None", parser.compose(text))

    def entries(self, path: FilePath) -> list[Entry] | None:
        """The entries of the map at `path`; None where there is no map."""
        node = self.root if not path else self._value(path)
        return list(self._entries(node).values()) if isinstance(node, MappingNode) else None

    def entry(self, path: FilePath) -> Entry | None:
        """The entry at `path`, if it stands there itself rather than by an anchor."""
        found = None
        node: Node | None = self.root
        for part in path:
            if found is not None and found.aliased:
                return None
            found = self._entries(node).get(part) if isinstance(node, MappingNode) else None
            if found is None:
                return None
            node = found.value
        return found

    def anchored(self, entry: Entry) -> bool:
        """Whether the entry uses or defines anchors, so that its text means nothing elsewhere."""
        waiting: list[Node] = [entry.value]
        while waiting:
            node = waiting.pop()
            start = _first(node)
            if _anchor(node) or not entry.start <= start <= entry.end:
                return True
            if isinstance(node, MappingNode):
                for key, value in _pairs(node):
                    if _word(key) == _MERGE:
                        return True
                    waiting += [key, value]
            elif isinstance(node, SequenceNode):
                waiting += _items(node)
        return False

    def column(self, offset: int) -> int:
        """How many characters stand before `offset` on its line."""
        return offset - self.line_start(offset)

    def line_start(self, offset: int) -> int:
        """Where the line of `offset` begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of `offset` ends, its line break included."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found + 1

    def comments_above(self, entry: Entry) -> int:
        """Where the comment lines directly above an entry begin; the entry's line without any."""
        start = self.line_start(entry.key_start)
        mark = " " * self.column(entry.key_start) + "#"
        while start:
            above = self.line_start(start - 1)
            if not self.text.startswith(mark, above):
                break
            start = above
        return start

    def _value(self, path: FilePath) -> Node | None:
        found = self.entry(path)
        return found.value if found is not None and not found.aliased else None

    def _entries(self, node: MappingNode) -> dict[str, Entry]:
        """A map's entries by key; looked at once, since an entry's end takes all that is in it."""
        known = self._maps.get(id(node))
        if known is None:
            known = self._maps[id(node)] = {one.key: one for one in self._read(node)}
        return known

    def _read(self, node: MappingNode) -> Iterator[Entry]:
        for key, value in _pairs(node):
            key_end = _last(key)
            colon = self.text.index(":", key_end) + 1
            start = _first(value)
            if start < colon:  # an alias: its node is the anchor's
                end = self._plain_end(colon)
                begin = colon + len(self.text[colon:end]) - len(self.text[colon:end].lstrip())
                entry = (begin, end, True)
            else:
                entry = (start, self._end(value, colon), False)
            key_start = _first(key)
            yield Entry(_word(key), key_start, key_end, colon, value, *entry)

    def _plain_end(self, start: int) -> int:
        """Where a word ends: at a comment, a bracket, a comma or the line's end."""
        end = start
        while end < len(self.text) and self.text[end] in " *":
            end += 1
        while end < len(self.text) and self.text[end] not in " ,}]\r\n":
            end += 1
        return end

    def _end(self, node: Node, least: int) -> int:
        if isinstance(node, ScalarNode) or _in_brackets(node):
            end = _last(node)
            return max(least, len(self.text[:end].rstrip()))
        last: Node | None = None
        if isinstance(node, MappingNode) and _pairs(node):
            last = _pairs(node)[-1][1]
            for entry in self._entries(node).values():
                least = max(least, entry.end)
        elif isinstance(node, SequenceNode) and _items(node):
            last = _items(node)[-1]
            least = max(least, self._end(last, least))
        return least if last is not None else max(least, _first(node))


# The parser's nodes have no types of their own: all that is read of them is read here.


def _first(node: Any) -> int:  # noqa: ANN401 - untyped
    return int(node.start_mark.index)


def _last(node: Any) -> int:  # noqa: ANN401 - untyped
    return int(node.end_mark.index)


def _word(node: Any) -> str:  # noqa: ANN401 - untyped
    return str(node.value)


def _anchor(node: Any) -> str | None:  # noqa: ANN401 - untyped
    return cast("str | None", node.anchor)


def _in_brackets(node: Any) -> bool:  # noqa: ANN401 - untyped
    return isinstance(node, MappingNode | SequenceNode) and bool(cast("Any", node).flow_style)


def _pairs(node: Any) -> list[tuple[Node, Node]]:  # noqa: ANN401 - untyped
    return cast("list[tuple[Node, Node]]", node.value)


def _items(node: Any) -> list[Node]:  # noqa: ANN401 - untyped
    return cast("list[Node]", node.value)


_STEP = "  "


@dataclass(frozen=True)
class Snippet:
    """An entry to put in: as lines without indentation, and its parts for a map in brackets."""

    key: str
    """As it is spelled, quotes included."""

    value: str
    """On one line."""

    lines: tuple[str, ...]


def around(key: str, snippets: Sequence[Snippet]) -> Snippet:
    """Entries as those of a map called `key`."""
    lines = [f"{key}:", *(_STEP + line if line else line for s in snippets for line in s.lines)]
    inside = ", ".join(f"{snippet.key}: {snippet.value}" for snippet in snippets)
    return Snippet(key, f"{{{inside}}}", tuple(lines))


def plain_snippet(key: str, value: object) -> Snippet:
    """An entry made of a plain value, in brackets where it is short enough to be read so."""
    spelled, text = rendered(key), rendered(value)
    line = f"{spelled}: {text}"
    if isinstance(value, dict) and value and len(line) > _LONG:
        parts = [plain_snippet(k, v) for k, v in cast("dict[str, object]", value).items()]
        return Snippet(spelled, text, around(spelled, parts).lines)
    return Snippet(spelled, text, (line,))


_LONG = 90


def cut_snippet(source: YamlText, path: FilePath, value: object) -> Snippet:
    """The entry at `path` as it stands in `source`, with the comments above it and in it.

    Args:
        source: the text.
        path: the entry's place.
        value: what it means, for where its text can't stand alone because of anchors.
    """
    entry = source.entry(path)
    if entry is None or source.anchored(entry):
        return plain_snippet(path[-1], value)
    key = source.text[entry.key_start : entry.key_end]
    line_start = source.line_start(entry.key_start)
    if source.text[line_start : entry.key_start].strip():
        # Inside brackets, where no line is the entry's own.
        return Snippet(key, rendered(value), (f"{key}: {rendered(value)}",))
    cut = source.text[source.comments_above(entry) : source.line_end(entry.end)]
    return Snippet(key, rendered(value), tuple(textwrap.dedent(cut).splitlines()))


def rendered(value: object) -> str:
    """A plain value on one line, such that the stack file's reader finds the same value."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = True
    writer.width = 1_000_000
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False
    out = io.StringIO()
    writer.dump({"k": value}, out)  # in a map, so that it can stand in brackets
    text = out.getvalue().strip()
    if "\n" not in text and YamlFile(Path(), text).values == {"k": value}:
        return text[len("{k:") : -1].strip()
    return json.dumps(value, ensure_ascii=False)  # which is YAML too
