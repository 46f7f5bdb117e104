"""Changes to a YAML text that leave every other line as it is.

An edit is asked for by the place that something has in the text as it was. All are carried out at
once, so that a thousand of them cost one parse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tools.promote.yaml_nodes import Entry, FilePath, Snippet, YamlText, around

_STEP = "  "


class CannotEditError(Exception):
    """The text can't be changed there without changing something else; `str()` says why."""


@dataclass(frozen=True)
class _Insert:
    snippet: Snippet
    after: str | None
    """The key that it comes after; None for the map's end."""


@dataclass(frozen=True)
class _Cut:
    """A stretch of the text and what stands there instead."""

    start: int
    end: int
    text: str


class YamlEdits:
    """Edits of one text, carried out by `result`."""

    def __init__(self, text: str) -> None:
        """Start with a text that is YAML."""
        self._text = YamlText(text)
        self._cuts: list[_Cut] = []
        self._inserts: dict[FilePath, list[_Insert]] = defaultdict(list)
        self._removed: dict[FilePath, set[str]] = defaultdict(set)

    def rename(self, path: FilePath, key: str) -> None:
        """Give the entry at `path` another key."""
        entry = self._need(path)
        self._cut(entry.key_start, entry.key_end, key)

    def insert(self, path: FilePath, snippet: Snippet, after: Iterable[str] = ()) -> None:
        """Put an entry into the map at `path`, which is made where there is none.

        Args:
            path: the map's place.
            snippet: the entry.
            after: keys that it may come after, the best first; the map's end without one of them.
        """
        neighbour = next((key for key in after if self._text.entry((*path, key))), None)
        self._inserts[path].append(_Insert(snippet, neighbour))

    def put(self, path: FilePath, snippet: Snippet, after: Iterable[str] = ()) -> None:
        """Give the entry at `path` the snippet's value; put it in where there is none."""
        entry = self._text.entry(path)
        if entry is None:
            self.insert(path[:-1], snippet, after)
        elif self._on_own_lines(entry) and (entry.block or len(_own(snippet)) > 1):
            indent = " " * self._text.column(entry.key_start)
            lines = [indent + line if line else line for line in _own(snippet)]
            start = self._text.line_start(entry.key_start)
            end = self._text.line_end(entry.end)
            if not entry.block:  # a word's comment stays, behind the key now
                lines[0] += self._text.text[entry.end : end].rstrip("\n")
            self._cut(start, end, "".join(f"{line}\n" for line in lines))
        else:
            space = "" if self._text.text[entry.start - 1 : entry.start].isspace() else " "
            self._cut(entry.start, entry.end, space + snippet.value)

    def remove(self, path: FilePath) -> None:
        """Take the entry at `path` out, with the comments above it."""
        if self._text.entry(path) is not None:
            self._removed[path[:-1]].add(path[-1])

    def result(self) -> str:
        """The text with every edit in it.

        Raises:
            CannotEditError: two edits meet, or a place is written through an anchor.
        """
        for path, keys in self._removed.items():
            self._take_out(path, keys)
        while self._inserts:
            path = max(self._inserts, key=len)
            self._place(path, self._inserts.pop(path))
        text, end = self._text.text, 0
        pieces: list[str] = []
        for cut in sorted(self._cuts, key=lambda one: (one.start, one.end)):
            if cut.start < end:
                line = text.count("\n", 0, cut.start) + 1
                raise CannotEditError(f"two changes meet on line {line}")
            pieces += [text[end : cut.start], cut.text]
            end = cut.end
        return "".join([*pieces, text[end:]])

    def _place(self, path: FilePath, inserts: Sequence[_Insert]) -> None:
        entry = self._text.entry(path)
        snippets = [insert.snippet for insert in inserts]
        if entry is None:
            self._inserts[path[:-1]].append(_Insert(around(path[-1], snippets), None))
            return
        if entry.aliased:
            raise CannotEditError(f"{path[-1]} is an alias of something written elsewhere")
        siblings = {one.key: one for one in self._text.entries(path) or ()}
        if not siblings or (entry.flow and siblings.keys() == self._removed.get(path)):
            self._fill(entry, snippets)
            return
        last = list(siblings)[-1]
        for insert in inserts:
            before = siblings[insert.after or last]
            if entry.flow:
                text = f", {insert.snippet.key}: {insert.snippet.value}"
                self._cut(before.end, before.end, text)
            else:
                indent = " " * self._text.column(before.key_start)
                self._add_lines(self._text.line_end(before.end), indent, insert.snippet.lines)

    def _fill(self, entry: Entry, snippets: Sequence[Snippet]) -> None:
        """Put entries into a map that has none."""
        if not self._on_own_lines(entry):
            inside = ", ".join(f"{one.key}: {one.value}" for one in snippets)
            space = "" if self._text.text[entry.start - 1].isspace() else " "
            self._cut(entry.start, entry.end, f"{space}{{{inside}}}")
            return
        start = len(self._text.text[: entry.start].rstrip(" "))
        self._cut(start, entry.end, "")
        indent = " " * self._text.column(entry.key_start) + _STEP
        for snippet in snippets:
            self._add_lines(self._text.line_end(entry.end), indent, snippet.lines)

    def _add_lines(self, at: int, indent: str, lines: Sequence[str]) -> None:
        text = "".join(f"{indent}{line}\n" if line else "\n" for line in lines)
        ends = not at or self._text.text[at - 1] == "\n"
        self._cut(at, at, text if ends else "\n" + text.removesuffix("\n"))

    def _take_out(self, path: FilePath, keys: set[str]) -> None:
        source, siblings = self._text, self._text.entries(path) or []
        owner = self._need(path)
        if all(sibling.key in keys for sibling in siblings) and (
            owner.flow or path not in self._inserts
        ):
            # A map that has nothing left can't be on lines.
            if path not in self._inserts:
                self._cut(owner.colon, owner.end, " {}")
            return
        if not owner.flow:
            for place, one in enumerate(siblings):
                if one.key in keys:
                    # What stands above the first entry may be about all of them.
                    own = source.comments_above(one) if place else source.line_start(one.key_start)
                    self._cut(own, source.line_end(one.end), "")
            return
        for first, last in _runs([sibling.key in keys for sibling in siblings]):
            if first:
                self._cut(siblings[first - 1].end, siblings[last].end, "")
            else:
                self._cut(siblings[0].key_start, siblings[last + 1].key_start, "")

    def _on_own_lines(self, entry: Entry) -> bool:
        start = self._text.line_start(entry.key_start)
        return not self._text.text[start : entry.key_start].strip()

    def _need(self, path: FilePath) -> Entry:
        entry = self._text.entry(path)
        if entry is None:
            raise CannotEditError(f"{path[-1]} is written through an anchor")
        return entry

    def _cut(self, start: int, end: int, text: str) -> None:
        self._cuts.append(_Cut(start, end, text))


def _runs(marked: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of marked ones."""
    start = None
    for place, one in enumerate([*marked, False]):
        if one and start is None:
            start = place
        elif not one and start is not None:
            yield start, place - 1
            start = None


def _own(snippet: Snippet) -> list[str]:
    """A snippet's lines without the comments above it."""
    lines = list(snippet.lines)
    while lines and lines[0].startswith("#"):
        del lines[0]
    return lines
