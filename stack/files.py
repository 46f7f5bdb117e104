"""Files and folders that a stack file names: those of its project, and no others.

A stack file is written by more people than own the machine that reads it. What it names becomes
code in the cloud, or words of a report. So nothing leads out of the project: neither `..`, nor a
path from the root, nor a link.
"""

from collections.abc import Iterator
from os.path import relpath
from pathlib import Path
from typing import Final

from stack.problems import KeyPath, Problem

_PROJECT_FILE: Final = "Pulumi.yaml"
_PROGRAM: Final = Path(__file__).resolve().parents[1]


def is_file(path: Path) -> bool:
    """Whether a file is there; what nobody can look at isn't, where `Path.is_file` raises."""
    try:
        return path.is_file()
    except OSError:
        return False


def named_problems(path: KeyPath, folder: Path, named: str) -> Iterator[Problem]:
    """What forbids to look at what a stack file names; whether it is there is another question.

    Args:
        path: where it is named.
        folder: what it is relative to.
        named: as the stack file has it.
    """
    if leads_out(folder, named):
        rule = "it leads out of the project, by its path or by a link"
        remedy = "put it into the project's folder, and name it from the stack file's"
        yield Problem(path, named, rule, remedy)
        return
    try:
        (folder / named).stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        rule = f"it can't be looked at: {error.strerror}"
        yield Problem(path, named, rule, "give it a shorter name, or the right to be read")


def remedy_for_missing(folder: Path, named: str, otherwise: str) -> str:
    """What to do about a path that leads to nothing: it may have been said from the project's root.

    Args:
        folder: what it is relative to.
        named: as the stack file has it.
        otherwise: what to do where it leads to nothing from there either.
    """
    meant = _project(folder) / named
    if not meant.exists():
        return otherwise
    return (
        f"paths begin at the stack file: write {Path(relpath(meant, folder.resolve())).as_posix()}"
    )


def leads_out(folder: Path, named: str) -> bool:
    """Whether what a stack file names lies outside of its project.

    Args:
        folder: the stack file's. The project is the nearest folder around it with a Pulumi.yaml, or
            that folder; and the program's own, for a stack file that is tried out from elsewhere.
        named: as the stack file has it.
    """
    try:
        meant = (folder / named).resolve()
        return not (meant.is_relative_to(_project(folder)) or meant.is_relative_to(_PROGRAM))
    except (OSError, RuntimeError, ValueError):  # a circle of links, or what no path can be
        return True


def _project(folder: Path) -> Path:
    around = folder.resolve()
    return next((f for f in (around, *around.parents) if (f / _PROJECT_FILE).is_file()), around)
