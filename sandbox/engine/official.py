"""The official installer, as the Automation API offers it.

Owns running it so that it can't hang: the SDK waits for the network without limit, so both the
question whether its host answers and the installation run in processes of their own
(`official_child.py`), with a deadline. Where the host doesn't answer, that takes seconds.
"""

import os
import subprocess
import sys
from pathlib import Path

from sandbox.engine.cache import EXECUTABLE
from sandbox.engine.watch import Say, StepFailed, ask, spell, watch

ANSWER_SECONDS = 5.0
"""How long the installer's host may take to answer at all."""

INSTALL_SECONDS = 900.0
"""How long the download of some 200 MB may take; a slow line still gets there."""

# `-P`: the child's own folder, this package, must not stand before the libraries it imports.
_CHILD: tuple[str | Path, ...] = (
    sys.executable,
    "-P",
    Path(__file__).with_name("official_child.py"),
)


def install(workshop: Path, say: Say, version: str) -> Path:
    """Install the engine of this version under the workshop, and return its executable.

    Raises:
        StepFailed: The host doesn't answer, or the installation failed or took too long.
    """
    _reach()
    say(f"engine: the official installer gets version {version} (some 200 MB)")
    root = workshop / "official"
    outcome = watch(
        [*_CHILD, "install", root, version],
        cwd=workshop,
        env=os.environ,
        on_tick=lambda elapsed: say(f"engine: still installing, {spell(elapsed)} so far"),
        give_up_after=INSTALL_SECONDS,
    )
    executable = root / "bin" / EXECUTABLE
    if outcome.code != 0 or not executable.exists():
        raise StepFailed(f"it failed: {outcome.last_line()}")
    return executable


def _reach() -> None:
    try:
        answer = ask([*_CHILD, "reach", str(ANSWER_SECONDS)], ANSWER_SECONDS + 1)
    except subprocess.TimeoutExpired:  # looking up a name has no time limit of its own
        raise StepFailed("its host doesn't answer") from None
    if answer.returncode != 0:
        reason = answer.stderr.strip() or "no reason given"
        raise StepFailed(f"its host can't be reached ({reason})")
