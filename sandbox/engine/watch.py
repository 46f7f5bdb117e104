"""Commands that may take minutes, run so that the user sees them move and can stop them.

Owns starting, reading, telling and ending a child process; knows nothing about engines. A step that
fails stays inside the package: the next way of getting an engine is tried then.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]

TELL_SECONDS = 20.0
"""A line of progress at least this often: well below the half minute after which people worry."""

_KEPT_LINES = 40


class StepFailed(Exception):  # noqa: N818 - it isn't an error of the run: the next step follows
    """One way of getting a program didn't work; its text is the reason, in one line."""


class ModulesUnreachable(StepFailed):
    """The Go modules are neither at hand nor to be had: another Go wouldn't help."""


def spell(seconds: float) -> str:
    """Write a duration as people say it: `0.4 s`, `12 s`, `5 min 03 s`."""
    if seconds < 10:  # noqa: PLR2004 - below it the tenths still tell something
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def ask(
    command: Sequence[str | Path], seconds: float, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Let a command answer, within a time; the caller tells of `OSError` and `TimeoutExpired`."""
    return subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )


@dataclass
class Outcome:
    """How a watched command ended, and the last lines that it printed."""

    code: int
    lines: deque[str] = field(default_factory=lambda: deque[str](maxlen=_KEPT_LINES))

    def last_line(self, fallback: str = "it said nothing") -> str:
        """The line that most likely tells the reason: the last one that isn't empty."""
        return next((line.strip() for line in reversed(self.lines) if line.strip()), fallback)


def watch(  # noqa: PLR0913 - a command, its surroundings and its two listeners
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    on_tick: Callable[[float], None],
    on_line: Callable[[str], None] = lambda _: None,
    give_up_after: float = float("inf"),
) -> Outcome:
    """Run a command to its end, with `on_line` for each line and `on_tick` now and then.

    Whatever interrupts us (Ctrl-C, the deadline) ends the command and what it started.

    Raises:
        StepFailed: It can't be started, or didn't end within `give_up_after` seconds.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # a group of its own, so that its children end with it
        )
    except OSError as error:
        raise StepFailed(f"{command[0]} doesn't run ({error.strerror or error})") from None
    with process:
        try:
            return _follow(process, on_tick, on_line, give_up_after)
        finally:
            _end(process)


def _follow(
    process: "subprocess.Popen[str]",
    on_tick: Callable[[float], None],
    on_line: Callable[[str], None],
    give_up_after: float,
) -> Outcome:
    """Pass lines on until the command ends; a thread reads, so that silence can be told too."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    outcome = Outcome(code=0)
    started = time.monotonic()
    next_tick = started + TELL_SECONDS
    while True:
        now = time.monotonic()
        if now - started >= give_up_after:
            raise StepFailed(f"it was given up after {spell(give_up_after)}")
        if now >= next_tick:
            on_tick(now - started)
            next_tick = now + TELL_SECONDS
        try:
            line = lines.get(timeout=min(next_tick - now, started + give_up_after - now))
        except queue.Empty:
            continue
        if line is None:
            outcome.code = process.wait()
            return outcome
        outcome.lines.append(line)
        on_line(line)


def _read(process: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line.rstrip("\n"))
    lines.put(None)


def _end(process: "subprocess.Popen[str]") -> None:
    """End the command with all that it started; nothing happens when it has ended already."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
