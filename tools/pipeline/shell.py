"""Commands run as a person would type them: shown, their output streamed and kept."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from stack.command_line import ROOT, tell


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    """Standard output; with `run(..., both=True)` standard error too, as they came."""


def run(
    command: Sequence[str], *, both: bool = False, quiet: bool = False, more: Mapping[str, str]
) -> Ended:
    """Run a command in the project's folder, to its end.

    Args:
        command: the program and its arguments.
        both: keep what it says on standard error as well; else that goes straight to ours.
        quiet: keep standard output without showing it.
        more: what its environment has beside ours.
    """
    tell(f"$ {shlex.join(command)}")
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if both else None,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        message = _unstarted(command[0], error)
        tell(message)
        return Ended(127, message + "\n")
    kept: list[str] = []
    with process, _passing_on(process):
        assert process.stdout is not None
        for line in process.stdout:
            kept.append(line)
            if not quiet:
                print(line, end="", file=sys.stderr, flush=True)
    return Ended(process.returncode, "".join(kept))


def _unstarted(program: str, error: OSError) -> str:
    if not isinstance(error, FileNotFoundError):
        return f"{program} doesn't run: {error.strerror or error}"
    remedy = (
        "; README.md says how to install it, under A real account" if program == "pulumi" else ""
    )
    return f"There is no {program} on the PATH{remedy}."


@contextlib.contextmanager
def _passing_on(process: "subprocess.Popen[str]") -> Generator[None]:
    """A runner that is stopped asks with a signal first.

    The engine then finishes the calls that are under way and writes its state, so it has to be
    asked as well, and waited for: a killed engine leaves a lock and pending operations.
    """

    def ask(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ask)
    try:
        yield
    except KeyboardInterrupt:
        tell("Stopping: the engine finishes what is under way.")
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
