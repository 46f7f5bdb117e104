"""`make test-changed`: run the tests that use what has changed, and say which those are.

Changed is what differs from the commit where this branch left main, committed or not, new files and
removed ones included. `uses` tells which test modules use that. A file of which it tells nothing,
and what every test goes by, has all of them run. Tests with an engine take minutes, and nearly all
of them use nearly everything: they are run where their own module was edited, and otherwise named.

Exit codes: 0 the tests pass, or nothing uses what has changed; 1 otherwise.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.suite.uses import OF_ALL, Uses, is_test

ROOT = Path(__file__).resolve().parents[2]
FOR_ALL = {"pyproject.toml", "requirements.txt", "requirements-dev.txt"}
"""What decides how every test runs, and is read by few."""

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]
_NO_TESTS = pytest.ExitCode.NO_TESTS_COLLECTED


class NoBaseError(Exception):
    """There is nothing to compare with; `str()` says what helps."""


@dataclass(frozen=True)
class Choice:
    """Which test modules are run, and which might have been."""

    why: dict[str, str] = field(default_factory=dict[str, str])
    """Each file that changed, with what it has run."""
    modules: list[str] = field(default_factory=list[str])
    with_engine: list[str] = field(default_factory=list[str])
    """Those of which the tests with an engine are run, too."""
    left_out: list[str] = field(default_factory=list[str])
    """Those of which they aren't."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite.changed", description=__doc__)
    parser.add_argument("--base", default="", help="a commit; where this branch left main, unless")
    base: str = parser.parse_args(arguments).base
    try:
        base = base or base_of(ROOT)
        changed = changed_since(base, ROOT)
    except NoBaseError as reason:
        _say(str(reason))
        return 1
    count = f"{len(changed)} file{'s differ' if len(changed) > 1 else ' differs'}"
    _say(f"{count if changed else 'Nothing differs'} from {base[:12]}.")
    choice = chosen(changed, Uses(ROOT, files_of(ROOT) | changed)) if changed else Choice()
    for file, why in choice.why.items():
        _say(f"  {file}: {why}")
    codes = [
        subprocess.run([*PYTEST, "-m", which, *modules], cwd=ROOT, check=False).returncode
        for which, modules in (("not engine", choice.modules), ("engine", choice.with_engine))
        if modules
    ]
    if choice.left_out:
        _say("Not run, since they take minutes: the tests with an engine of")
        _say("  " + " ".join(choice.left_out))
        _say("make test runs them; so does make test ARGS='-m engine …' with some of these.")
    return 1 if any(code not in {0, _NO_TESTS} for code in codes) else 0


def chosen(changed: set[str], uses: Uses) -> Choice:
    """The tests that use what has changed."""
    there = {file for file in uses.files if is_test(file) and (uses.root / file).is_file()}
    modules = {file for file in there if file.startswith(OF_ALL)}
    why: dict[str, str] = {}
    for file in sorted(changed):
        found = uses.tests_of(file) & there
        if file in FOR_ALL or not found:
            reason = "every test goes by it" if file in FOR_ALL else "nothing says who uses it"
            why[file], found = f"all {len(there)} test modules, since {reason}", there
        else:
            why[file] = _listed(sorted(found))
        modules |= found
    engine = {one for one in modules if "mark.engine" in (uses.root / one).read_text("utf-8")}
    return Choice(why, sorted(modules), sorted(engine & changed), sorted(engine - changed))


def base_of(root: Path) -> str:
    """The commit where this branch left main; on main itself, what was pushed last.

    Raises:
        NoBaseError: nobody knows of a main here.
    """
    for main_ in ("origin/main", "main"):
        found = _git(root, "merge-base", "HEAD", main_)
        if found.returncode == 0:
            return found.stdout.strip()
    message = (
        "There is no main here to compare with (a shallow clone has none).\n"
        "Name a commit: make test-changed BASE=HEAD~1; or run everything: make test."
    )
    raise NoBaseError(message)


def changed_since(base: str, root: Path) -> set[str]:
    """Paths of what differs from a commit: committed since, edited, new, removed.

    Raises:
        NoBaseError: there is no such commit.
    """
    differing = _git(root, "diff", "--name-only", "--no-renames", "-z", base, "--")
    if differing.returncode != 0:
        raise NoBaseError(f"There is no commit {base}: {differing.stderr.strip()}")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return set(filter(None, (differing.stdout + new.stdout).split("\0")))


def files_of(root: Path) -> set[str]:
    """Paths of everything in the repository, new files included."""
    listed = _git(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    return set(filter(None, listed.stdout.split("\0")))


def _git(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["git", *words], cwd=root, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def _listed(modules: list[str]) -> str:
    few = 4
    shown = ", ".join(modules[:few])
    return shown if len(modules) <= few else f"{len(modules)} test modules"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
