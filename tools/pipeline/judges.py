"""What judges a stack and builds it, boiled down: an approval holds for these files alone."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from stack.command_line import ROOT

_BESIDE: Final = ("*.py", "*.yaml", "Makefile", "requirements.txt")
"""Stack files, the table of tiers, what is moved by a promotion, and what is installed."""


def judges(root: Path = ROOT) -> str:
    """A digest of the program: its packages, and the files beside them that it reads."""
    total = hashlib.sha256()
    for file in sorted(_files(root)):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{content} {file.relative_to(root).as_posix()}\n".encode())
    return total.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for form in _BESIDE:
        # Hidden ones are for editors and hooks, and judge nothing.
        yield from (file for file in root.glob(form) if not file.name.startswith("."))
    for package in root.glob("*/__init__.py"):
        for file in package.parent.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file
