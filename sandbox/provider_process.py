"""The simulated cloud's provider in a process of its own.

Apart from the program's: in one process the two would share one interpreter lock, and previews of
large stacks take several times as long.
"""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

GRACE_SECONDS = 5


@contextmanager
def provider(store: Path, root: Path) -> Generator[int]:
    """Run the provider on a store; yields its port. It ends with this block, or with us."""
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox.provider", "--store", str(store)],
        cwd=root,
        stdin=subprocess.PIPE,  # it ends when this closes, so it never outlives its driver
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _port(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _port(process: subprocess.Popen[str]) -> int:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line.strip().isdigit():
        message = "the simulated cloud didn't start; what it said stands above"
        raise RuntimeError(message)
    return int(line)
