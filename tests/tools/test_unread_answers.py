"""Answers that can't be printed to their end: no traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

COMMAND = [sys.executable, "-m", "tools", "ram-policy", "--role", "inventory"]


def _closed() -> int:
    reads, writes = os.pipe()
    os.close(reads)
    return writes


def _full() -> int:
    return os.open(Path("/dev/full"), os.O_WRONLY)


@pytest.mark.parametrize(
    ("made", "said"),
    [(_closed, ""), (_full, "What is to be printed can't be written: No space left on device\n")],
)
def test_an_answer_that_nobody_takes_ends_a_command_without_a_traceback(
    made: Callable[[], int], said: str
) -> None:
    to = made()
    ended = subprocess.run(
        COMMAND, cwd=ROOT, stdout=to, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(to)
    assert (ended.returncode, ended.stderr) == (1, said)
