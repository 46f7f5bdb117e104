"""A page whose commands are run from top to bottom, as its reader would.

`sh` blocks are typed into a shell, `diff` blocks are edits, `python` blocks are run, and each line
of a `text` block stands in what the block before it printed, whatever its blanks. `<!-- fails -->`
before a block is for this test alone: the reader sees in the text that it will.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lifecycle.account import Account, Ended

_STEP = re.compile(
    r"(?P<fails><!-- fails -->\n)?^```(?P<language>sh|diff|python|text)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Step:
    """One block of the page."""

    language: str
    text: str
    fails: bool


def steps(page: Path) -> Iterator[Step]:
    """The page's blocks in order."""
    for found in _STEP.finditer(page.read_text(encoding="utf-8")):
        yield Step(found["language"], found["text"], bool(found["fails"]))


def walk(page: Path, account: Account) -> None:
    """Do what the page says; stops with the first thing that isn't as it says."""
    ended = Ended(0, "", "")
    for step in steps(page):
        if step.language == "text":
            printed = _plain(ended.out + ended.err)
            for line in filter(None, map(_plain, step.text.splitlines())):
                assert line in printed, f"{line!r} isn't in\n{ended.out}\n{ended.err}"
            continue
        ended = account.run(_script(step))
        assert (ended.code != 0) == step.fails, f"{step.text}\n{ended.out}\n{ended.err}"


def _script(step: Step) -> str:
    if step.language == "diff":
        return f"git apply --whitespace=nowarn - <<'EOF'\n{step.text}EOF"
    if step.language == "python":
        return f".venv/bin/python -c {shlex.quote(step.text)}"
    return step.text


def _plain(text: str) -> str:
    """Without colours, borders and how many blanks there are."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[│┃|]", " ", text).split())
