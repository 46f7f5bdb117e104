"""How a command that the documents name is run: typed, or called as make would.

Typed, it is a process of its own, with an exit code and two streams, and brings in all its modules
once more. Called, its program's `main` gets, in this process, the arguments that make says it would
give it. One command of each program is enough to be typed.
"""

import io
import os
import shlex
import subprocess
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from tests.docs.pages import ROOT
from tests.made import made

PYTHON = (".venv/bin/python", "-m")
OWN_ENVIRONMENT = (
    *("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS", "BASE", "STACK", "CONFIG", "FORMAT"),
    *("ALLOW", "CHECK", "POLICY", "PREVIEW", "REMOVE", "SET"),
    *("AFTER", "APPROVED", "UPGRADE"),
    *("CIDR", "KEY", "PROBLEM", "TIER", "TOPOLOGY"),
    *("ACCOUNT", "BREAK_GLASS", "OUT", "REGION", "ROLE", "VPC"),
)
"""What would change a command's meaning, where these tests are run by make themselves."""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def typed(words: Sequence[str], **more: str) -> Ended:
    """Run a command in a process of its own; `more` are variables of its environment."""
    environment = {k: v for k, v in os.environ.items() if k not in OWN_ENVIRONMENT}
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**environment, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def planned(words: Sequence[str]) -> str:
    """The line that make says it would run; without those that only bring packages up to date."""
    done = typed([*words, "-n"])
    assert done.code == 0, done.err
    lines = done.out.replace("\\\n", " ").strip().splitlines()
    assert lines, f"make would run nothing for {shlex.join(words)}"
    assert "Nothing to be done" not in lines[-1]
    return lines[-1]


def program(words: Sequence[str]) -> tuple[str, list[str]]:
    """The module that a command runs, and its arguments."""
    line = list(words) if words[0] != "make" else [PYTHON[0], *made(words)[-1]]
    assert tuple(line[:2]) == PYTHON, line
    return line[2], line[3:]


def called(words: Sequence[str]) -> Ended:
    """Run a command's program in this process."""
    name, arguments = program(words)
    found = find_spec(name)
    assert found is not None, name
    inside = f"{name}.__main__" if found.submodule_search_locations is not None else name
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = import_module(inside).main(arguments)
        except SystemExit as ended:
            code = ended.code
    return Ended(int(code or 0), out.getvalue(), err.getvalue())
