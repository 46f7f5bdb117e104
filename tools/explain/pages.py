"""The tables of the pages in docs/: which one tells of a key, and which of a message."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from stack.command_line import ROOT

_BORDER = re.compile(r"(?<!\\)\|")
_FENCE: Final = "```"


@dataclass(frozen=True)
class Row:
    """A table's row, by the headers of its columns, and where it stands."""

    page: str
    heading: str
    cells: tuple[tuple[str, str], ...]

    @property
    def where(self) -> str:
        """The page, and the part of it."""
        return f'{self.page}, "{self.heading}"'


@cache
def rows() -> Sequence[Row]:
    """Every row of every table, page by page."""
    pages = sorted(one for one in (ROOT / "docs").glob("*.md") if ".zh-CN" not in one.name)
    return [row for page in pages for row in _rows(f"docs/{page.name}", page.read_text("utf-8"))]


def _rows(page: str, text: str) -> Iterator[Row]:
    heading, headers, fenced = "", list[str](), False
    for line in text.splitlines():
        if line.lstrip().startswith(_FENCE):
            fenced = not fenced
        if fenced:
            continue
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        if not (line.startswith("|") and line.endswith("|")):
            headers = []
        elif not headers:
            headers = _cells(line)
        elif not all(set(cell) <= set(":-") and cell for cell in _cells(line)):
            yield Row(page, heading, tuple(zip(headers, _cells(line), strict=False)))


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _BORDER.split(line)[1:-1]]


_OF_KEYS: Final = "Default"


def page_of_key(path: Sequence[str]) -> str | None:
    """Where the key at `path` is told of, or what it stands in."""
    ends = (".".join(path[:end]) for end in range(len(path), 0, -1))
    return next((_pages()[one] for one in ends if one in _pages()), None)


@cache
def _pages() -> Mapping[str, str]:
    of_keys = (row for row in rows() if row.cells[1:2] and row.cells[1][0] == _OF_KEYS)
    return {_told_key(row): row.where for row in of_keys}


def _told_key(row: Row) -> str:
    header, cell = row.cells[0]
    below = re.fullmatch(r"Key below `([^`]+)`", header)
    return f"{below[1]}.{cell.strip('`')}" if below else cell.strip("`")


_MESSAGES: Final = ("Rule", "What you see", "It says", "Finding", "Policy")
_QUOTED = re.compile(r"`([^`]+)`")
_ANYTHING = re.compile(r"…+|\.\.\.")


@dataclass(frozen=True)
class Message:
    """A message as a page writes it, with … for what is filled in."""

    text: str
    row: Row

    @cached_property
    def _pieces(self) -> Sequence[str]:
        """What of it is always the same."""
        return [one.strip() for one in _ANYTHING.split(self.text) if one.strip(" :;,.")]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(".*?".join(map(re.escape, self._pieces)), re.IGNORECASE)

    @property
    def length(self) -> int:
        """How much of it is always the same: of two that fit, the longer one is meant."""
        return sum(map(len, self._pieces))

    def fits(self, said: str) -> bool:
        """Whether `said` has all of it in its order."""
        return bool(self._pieces) and self._pattern.search(said) is not None


@cache
def messages() -> Sequence[Message]:
    """Every message that a page has a row for."""
    return [
        Message(text, row)
        for row in rows()
        for header, cell in row.cells
        if header in _MESSAGES
        for text in (_QUOTED.findall(cell) if header != "Rule" else []) or [cell]
    ]
