"""One process, run and measured as a whole: the operating system's own account of it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Run

ROOT = Path(__file__).resolve().parent.parent


class RunFailedError(Exception):
    """A measured program failed; `str()` has the end of what it said."""


def measured(module: str, arguments: Sequence[str], log: Path) -> Run:
    """Run `python -m module arguments`; what it says goes to `log`.

    CPU time includes every process that it started and waited for: engine and provider too.

    Raises:
        RunFailedError: it didn't exit with 0.
    """
    command = [sys.executable, "-m", module, *arguments]
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.terminate()  # interrupted: the child isn't to outlive us
            process.wait()
            raise
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        raise RunFailedError(f"{' '.join(command[2:])} exited with {process.returncode}:\n{tail}")
    return Run(usage.ru_utime + usage.ru_stime, wall)


def output_of(module: str, arguments: Sequence[str]) -> str:
    """What `python -m module arguments` prints, without measuring it.

    Raises:
        RunFailedError: it didn't exit with 0.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        tail = "\n".join(done.stderr.splitlines()[-12:])
        raise RunFailedError(f"{' '.join(command[2:])} exited with {done.returncode}:\n{tail}")
    return done.stdout
