"""What a command leaves behind: `.pipeline/<stack>/`, which other jobs and programs read.

| File | For |
|---|---|
| `review.md`, `deployment.md`, `drift.md` | comments, issues, summaries |
| `review.env` | the next job: `REVIEW_DIGEST`, `REVIEW_CHANGES`, `REVIEW_IN_STEP` |
| `preview.json` | the guard, and whoever wants to know more |
| `drift.env` | `DRIFT`: `found`, `none`, or `unknown` |
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from stack.command_line import ROOT
from stack.target import TargetError

FOLDER = ".pipeline"
_SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def fresh_folder(stack: str) -> Path:
    """The stack's folder, with nothing of an earlier run in it; previews in it are its owner's.

    Raises:
        TargetError: it isn't a folder of the project's own: nothing else is ever removed.
    """
    own = ROOT.resolve() / FOLDER
    folder = own / stack
    if folder.parent != own or folder.resolve() != folder:
        message = f"{FOLDER}/{stack} leads out of the project's own folder: remove it by hand."
        raise TargetError(message)
    shutil.rmtree(folder, ignore_errors=True)
    own.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    return folder


def keep(folder: Path, name: str, report: str, values: Mapping[str, str]) -> None:
    """Keep a report and the values for later jobs; show it where the pipeline has a place."""
    (folder / f"{name}.md").write_text(report, encoding="utf-8")
    if values:
        lines = "".join(f"{key}={value}\n" for key, value in values.items())
        (folder / f"{name}.env").write_text(lines, encoding="utf-8")
    summary = os.environ.get(_SUMMARY_VARIABLE)
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(report + "\n")
