"""Text of others in Markdown: as a forge renders it, it is the text, and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.markdown import block, code, plain, visible

# What a forge would make of it, were it Markdown.
LIVE = (
    "@maintainers approve",
    "![seen](https://example.com/pixel.png)",
    "[approved](https://example.com)",
    "https://example.com/a",
    "www.example.com",
    "somebody@example.com",
    "<img src=x onerror=alert(1)>",
    "<!-- hidden -->",
    "<details>",
    "&#64;maintainers",
    '#12 !34 $56 %78 ~label %"a milestone"',
    "**bold** _soft_ ~~gone~~ `code`",
    "a | b | allowed |",
    "x\n## dev: 2 changes, ready",
    "x\r\n| allowed |",
    "\u202eevorppa\u202c",
    "a\u200bb\u2066c",
    "\x1b[2J\x1b[31m",
    "\u2028## forged",
)
MARKS = re.compile(
    r"(?<!\\)[`*_\[\]|~]|<|>|&(?!(amp|lt|gt);)|@\w|\w@|[#!$%]\w|://|www\.|[\n\r\x00-\x1f\u2028\u202e]"
)


@pytest.mark.parametrize("text", LIVE)
def test_nothing_in_a_line_means_anything(text: str) -> None:
    assert not MARKS.search(plain(text)), plain(text)


@given(st.text())
def test_no_text_at_all_means_anything_in_a_line(text: str) -> None:
    # An escaped backslash escapes nothing.
    assert not MARKS.search(plain(text).replace("\\\\", " "))


@given(st.text())
def test_code_ends_where_it_was_begun(text: str) -> None:
    shown = code(text)
    assert shown.count("`") == 2
    assert shown[0] == shown[-1] == "`"
    assert len(shown.splitlines()) == 1
    assert "|" not in shown.replace("\\|", "")


@given(st.text(alphabet=st.sampled_from("`~\n a\r\u2028")))
def test_no_text_ends_its_block(text: str) -> None:
    first, told, last = block(text)
    assert first == f"{last}text"
    assert all(last not in line for line in told.split("\n"))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("plain text, 中文 and ✅", "plain text, 中文 and ✅"),
        ("a\u202eb", r"a\u202eb"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("tab\tstays", "tab\tstays"),
        ("\udc80", r"\udc80"),
    ],
)
def test_what_nobody_would_see_is_written_out(line: str, seen: str) -> None:
    assert visible(line) == seen


def test_words_stay_readable() -> None:
    what = "opens tcp 80 on 198.51.100.2 (shared-bandwidth-ip3) to 0.0.0.0/0: 40 % more, it's meant"
    assert plain(what) == what
