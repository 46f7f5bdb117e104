"""The documents as tests read them: fenced blocks, headings, tables and links.

Owns no opinion about what the documents say; `test_*` beside it do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README, README_ZH = ROOT / "README.md", ROOT / "README.zh-CN.md"
API_GATEWAY = ROOT / "docs" / "api-gateway.md"
FUNCTIONS = ROOT / "docs" / "functions.md"
PRIVATE_CALLS = ROOT / "docs" / "private-calls.md"
WALKTHROUGH = ROOT / "docs" / "walkthrough.md"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)

TRANSLATED = [
    (page.with_name(page.name.replace(".zh-CN", "")), page)
    for page in PAGES
    if ".zh-CN" in page.name
]
"""Pages in English, each with its Chinese one."""

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[a-z-]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    language: str
    text: str


def text_of(page: Path) -> str:
    """The page's text."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path, *languages: str) -> list[Block]:
    """The page's fenced blocks, of some languages if stated."""
    return [
        Block(page, found["language"], found["text"])
        for found in _FENCE.finditer(text_of(page))
        if not languages or found["language"] in languages
    ]


def prose(page: Path) -> str:
    """The page's text without its fenced blocks."""
    return _FENCE.sub("", text_of(page))


def headings(page: Path) -> list[tuple[int, str]]:
    """Level and words of each heading."""
    return [(len(marks), words) for marks, words in _HEADING.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """What `#…` may follow the page's name, by GitHub's spelling."""
    return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in headings(page)}


def tables(page: Path) -> list[list[list[str]]]:
    """The page's tables: rows of cells, headers first, without the ruling line."""
    found: list[list[list[str]]] = []
    end = -1
    text = prose(page)
    for row in _ROW.finditer(text):
        if row.start() != end + 1:
            found.append([])
        end = row.end()
        cells = [cell.strip() for cell in _CELL_BORDER.split(row[1])]
        if not all(set(cell) <= set(":-") for cell in cells):
            found[-1].append([cell.replace("\\|", "|") for cell in cells])
    return found


def links(page: Path) -> list[str]:
    """Where the page's links lead."""
    return _LINK.findall(prose(page))


def commands(page: Path) -> Iterator[str]:
    """The lines that the page tells people to type, without comments and `cd`s to the clone."""
    for block in blocks(page, "bash", "sh", "shell", "console"):
        for line in block.text.replace("\\\n", " ").splitlines():
            command = re.sub(r"\s+#.*$", "", line.strip())
            if command and not command.startswith("#"):
                yield " ".join(command.split())
