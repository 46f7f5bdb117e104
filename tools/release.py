"""`make release VERSION=1.4.0`: what a release takes, in one commit and its tag; pushes nothing.

    python -m tools release make 1.4.0          the version, the states that it makes, the changelog
    python -m tools release build v1.4.0 dist   of a tag: its sources, their checksum, its notes

`make` looks at everything first. Where something fails half-way, all is as it was before. `build`
needs Python and git alone: .github/workflows/release.yml runs it. CONTRIBUTING.md says when.

Exit codes: 0 it is done, 1 it isn't, and nothing was changed.
"""

import argparse
import datetime as dt
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from stack.command_line import DONE, ROOT, command
from stack.problems import NotDoneError

BRANCH = "main"
PROJECT, CHANGELOG, STATES = "components/pyproject.toml", "CHANGELOG.md", "tests/data/states"
NAME = "alicloud-gateways"
UNRELEASED = "## [Unreleased]"
PART_ON_STATES = "### States"

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_VERSION_LINE = re.compile(r'^version = "[^"]*"', re.MULTILINE)

Keep = Callable[[str], None]
"""Keeps the states that a version makes, under `STATES`."""


class ReleaseError(NotDoneError):
    """Why there is no release; `str()` says so and what to do."""


def _options(parser: argparse.ArgumentParser) -> None:
    whats = parser.add_subparsers(dest="what", required=True)
    whats.add_parser("make").add_argument("version", help="such as 1.4.0")
    building = whats.add_parser("build")
    building.add_argument("tag", help="such as v1.4.0")
    building.add_argument("folder", help="where the files go")


@command("release", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Do what the command line says; returns the exit code."""
    try:
        if options.what == "make":
            today = dt.datetime.now(dt.UTC).date()
            make(ROOT, options.version, today, _keep_states)
            print(_next_steps(options.version))
        else:
            for file in build(ROOT, options.tag, Path(options.folder)):
                print(file)
    except (ReleaseError, OSError) as reason:
        raise ReleaseError(f"{reason}\nNothing was changed.") from None
    except KeyboardInterrupt:
        raise ReleaseError("Stopped. Nothing was changed.") from None
    return DONE


# --- texts ---------------------------------------------------------------------------------------


def section_of(changelog: str, heading: str) -> str:
    """What stands under a heading of the second level that begins so; empty where there is none."""
    match = re.search(rf"^{re.escape(heading)}.*\n((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    return match[1].strip() if match else ""


def with_version(project: str, version: str) -> str:
    """The project's file of that version.

    Raises:
        ReleaseError: it has no line of its own for the version.
    """
    text = _VERSION_LINE.sub(f'version = "{version}"', project, count=1)
    if tomllib.loads(text)["project"]["version"] != version:
        raise ReleaseError(f'{PROJECT} has no line that begins with version = "…"')
    return text


def with_section(changelog: str, version: str, day: dt.date) -> str:
    """The changelog in which what was unreleased is that version's."""
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n\n## [{version}] - {day}", 1)


# --- a release -----------------------------------------------------------------------------------


def make(root: Path, version: str, day: dt.date, keep: Keep) -> None:
    """Commit and tag a version.

    Raises:
        ReleaseError: something speaks against it, or failed; all is as it was.
    """
    against = list(problems(root, version))
    if against:
        raise ReleaseError("\n".join([f"No release {version or 'without VERSION='}:", *against]))
    start = _git(root, "rev-parse", "HEAD")
    try:
        keep(version)
        _refuse_other_work(root, version, start)
        _commit(root, version, day, start)
    except BaseException:
        shutil.rmtree(root / STATES / version, ignore_errors=True)
        raise


def problems(root: Path, version: str) -> Iterator[str]:
    """What speaks against making this release here and now."""
    if _VERSION.fullmatch(version):
        yield from _taken(root, version)
    else:
        yield f"- A version is three numbers, such as VERSION=1.4.0; not {version!r}."
    branch = _git(root, "branch", "--show-current")
    if branch != BRANCH:
        yield f"- This is the branch {branch or '(none)'}: a release is made on {BRANCH}."
    changed = _git(root, "status", "--porcelain")
    if changed:
        yield f"- Files are changed or new: commit them, or put them away.\n{changed}"
    unreleased = section_of((root / CHANGELOG).read_text(encoding="utf-8"), UNRELEASED)
    if not unreleased:
        yield f"- {CHANGELOG} has nothing under Unreleased: write what changed, and commit it."
    elif not re.search(rf"^{PART_ON_STATES}\n+[^#\s]", unreleased, re.MULTILINE):
        yield f"- {CHANGELOG} doesn't say under {PART_ON_STATES} what this version does to states."


def build(root: Path, tag: str, folder: Path) -> list[Path]:
    """Write what is published of a tag into a folder; returns the files.

    Raises:
        ReleaseError: the tag isn't there, or isn't that of the version in its files.
    """
    version = tomllib.loads(_git(root, "show", f"{tag}:{PROJECT}"))["project"]["version"]
    if tag != f"v{version}":
        raise ReleaseError(f"The tag {tag} is on version {version}: `make release` makes tags.")
    notes = section_of(_git(root, "show", f"{tag}:{CHANGELOG}"), f"## [{version}]")
    if not notes:
        raise ReleaseError(f"{CHANGELOG} says nothing of {version}: `make release` dates it.")
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{NAME}-{version}.tar.gz"
    inside = f"--prefix={NAME}-{version}/"
    _git(root, "archive", inside, "--format=tar.gz", f"--output={archive.resolve()}", tag)
    sums = archive.with_name(f"{archive.name}.sha256")
    _write(sums, f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n")
    _write(folder / "notes.md", f"{notes}\n")
    return [archive, sums, folder / "notes.md"]


def _refuse_other_work(root: Path, version: str, start: str) -> None:
    """Keeping states takes minutes, in which somebody may go on working."""
    others = _git(root, "status", "--porcelain", "--", ".", f":(exclude){STATES}/{version}")
    if others or _git(root, "rev-parse", "HEAD") != start:
        raise ReleaseError(f"Something else changed here meanwhile; try again.\n{others}".rstrip())


def _commit(root: Path, version: str, day: dt.date, start: str) -> None:
    project, changelog = root / PROJECT, root / CHANGELOG
    before = {file: file.read_text(encoding="utf-8") for file in (project, changelog)}
    message = f"--message=Version {version}"
    try:
        _write(project, with_version(before[project], version))
        _write(changelog, with_section(before[changelog], version, day))
        _git(root, "add", PROJECT, CHANGELOG, f"{STATES}/{version}")
        _git(root, "commit", "--quiet", message)
        _git(root, "tag", "--annotate", message, f"v{version}")
    except BaseException:
        _git(root, "reset", "--quiet", start)
        for file, text in before.items():
            _write(file, text)
        raise


def _taken(root: Path, version: str) -> Iterator[str]:
    project = tomllib.loads((root / PROJECT).read_text(encoding="utf-8"))
    current: str = project["project"]["version"]
    if _numbers(version) <= _numbers(current):
        yield f"- {PROJECT} has {current} already: take a later number."
    if _git(root, "tag", "--list", f"v{version}"):
        yield f"- There is a tag v{version} already: take a later number."
    if (root / STATES / version).exists():
        yield f"- {STATES}/{version} is there already, and what a version made never changes."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _keep_states(version: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.lifecycle.states", version], cwd=ROOT, check=False
    )
    if done.returncode != 0:
        raise ReleaseError("The states that this version makes could not be kept; see above.")


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _git(root: Path, *arguments: str) -> str:
    """What a command of git prints.

    Raises:
        ReleaseError: it failed.
    """
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise ReleaseError(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.rstrip("\n")


def _next_steps(version: str) -> str:
    return f"""v{version} is committed and tagged here; nothing was pushed.
  look at it   git show v{version}
  publish it   git push --atomic --follow-tags
  undo it      git tag --delete v{version} && git reset --hard HEAD~1"""


if __name__ == "__main__":
    sys.exit(main())
