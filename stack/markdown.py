"""Text of others in Markdown: names, values and answers that a summary or a comment shows.

The one place that does so; `line` is for a terminal too. Whoever writes a stack file, or answers a
call, must not be able to mention people, lead elsewhere, load a picture, or hide or forge a line of
what an approver reads.
Needs Python alone: forges are told by jobs in which nothing is installed.

Source: GitHub Flavored Markdown 0.29; what GitHub and GitLab make of `@name`, `#1`, `!1` and the
like; Unicode Technical Report 36, "Bidirectional Text Spoofing".
"""

import re
import unicodedata
from typing import Final

_SPECIAL: Final = re.compile(r"[\\`*_\[\]|~]")
# A forge's own marks before a name or a number, and addresses that become links by themselves.
_MARKS: Final = re.compile(r"(?<=[@#!$%~])(?=[\w\"])|(?<=:)(?=//)|(?<=[wW]{3})(?=\.)|(?<=\w)(?=@)")
_NOTHING_WIDE: Final = "\u200b"
_FENCE: Final = re.compile(r"`{3,}")
_HIDDEN: Final = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def plain(text: str) -> str:
    """Text within a line, in which nothing is a mark of Markdown, HTML or a forge."""
    told = line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(_NOTHING_WIDE, _SPECIAL.sub(r"\\\g<0>", told))


def code(text: str) -> str:
    """Text as a span of code within a line, in a table or not."""
    told = line(text).replace("`", "'").replace("|", "\\|")
    return f"`{told or ' '}`"


def block(text: str, language: str = "text") -> list[str]:
    """The lines of a block of code: text as it is, which can't end it."""
    told = "\n".join(map(visible, text.strip("\n").split("\n")))
    longest = max((len(run) for run in _FENCE.findall(told)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}{language}", told, fence]


def line(text: str) -> str:
    """Text as one line that says all that is in it, wherever it is shown: it is no Markdown."""
    return visible(" ".join(text.split()))


def visible(one_line: str) -> str:
    """A line in which what nobody would see is written out: control and direction characters."""
    return "".join(_seen(one) if _is_hidden(one) else one for one in one_line)


def _is_hidden(one: str) -> bool:
    return one != "\t" and unicodedata.category(one) in _HIDDEN


def _seen(one: str) -> str:
    return one.encode("unicode_escape", "replace").decode("ascii")
