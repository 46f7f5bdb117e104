"""How far the reading of an account is: a line at its end, and a bar on a terminal alone."""

import sys
from collections.abc import Mapping
from typing import Any

import pytest

from judging.account.reading import Call, RefusedError
from tools.inventory.progress import watched


def answered(_: Call) -> Mapping[str, Any]:
    return {"answered": True}


def ask(calls: int) -> None:
    with watched(answered) as progress:
        for number in range(calls):
            assert progress.send(Call("vpc", "DescribeVpcs", "cn-shanghai")) == {"answered": True}
            progress.regions(number + 1, calls)


def test_in_a_pipe_one_line_says_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    ask(3)
    said = capsys.readouterr()
    assert said.err == "Read: regions 3, calls 3.\n"
    assert said.out == ""


def test_on_a_terminal_a_bar_counts_regions_and_calls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    ask(2)
    said = capsys.readouterr()
    assert "2 of 2 regions, 2 calls" in said.err
    assert said.err.endswith("Read: regions 2, calls 2.\n")
    assert said.out == ""


def test_what_goes_wrong_goes_through_and_no_line_says_that_it_was_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refused(_: Call) -> Mapping[str, Any]:
        raise RefusedError("InternalError", "no")

    with pytest.raises(RefusedError), watched(refused) as progress:
        progress.send(Call("vpc", "DescribeVpcs", "cn-shanghai"))
    assert "Read:" not in capsys.readouterr().err
