"""What a review or a drift comes to: in Markdown, and in `.pipeline/<stack>/`, which others read.

| File | For |
|---|---|
| `review.md`, `deployment.md`, `drift.md` | comments, issues, summaries |
| `review.env` | the next job: `REVIEW_DIGEST`, `REVIEW_CHANGES`, `REVIEW_IN_STEP` |
| `preview.json` | the guard, and whoever wants to know more |
| `drift.env` | `DRIFT`: `found`, `none`, or `unknown` |
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.command_line import ROOT
from stack.markdown import block, code, plain
from stack.target import TargetError
from tools.pipeline.reviewing import Review
from tools.pipeline.strangers import Strangers, told

_LONGEST_DETAILS = 15_000
"""Three stacks share a comment, which GitHub ends at 65,536 characters."""


def review_report(review: Review) -> str:
    """What a run would do to one stack, the verdict first."""
    lines = [f"## {review.stack}: {_headline(review)}", ""]
    for part in review.parts:
        if part.markdown:
            lines += [part.text.rstrip(), ""]
        elif not part.passed or part.text.strip():
            mark = "" if part.passed else "❌ "
            lines += [f"### {mark}{part.title}", "", *_block(part.text), ""]
    if any(part.title == "Guard" and not part.passed for part in review.parts):
        lines += [_ALLOW, ""]
    if not review.in_step:
        source, goal = review.promoted_from, review.stack
        lines += [_NOT_PROMOTED.format(source=source, goal=goal), ""]
    if review.details.strip():
        lines += _folded("Preview", review.details)
    return "\n".join(lines).rstrip() + "\n"


def drift_report(stack: str, found: str, lost: Sequence[str] = ()) -> str:
    """How a stack's cloud differs from its state.

    Args:
        stack: its name.
        found: what the engine says of it.
        lost: the URNs of what is gone, and no refresh and no update finds out.
    """
    lines = [_DRIFT.format(stack=stack)]
    if lost:
        names = ", ".join(f"`{urn.rpartition('::')[2]}`" for urn in lost)
        replaced = " ".join(f"--replace '{urn}'" for urn in lost)
        lines += [_LOST.format(names=names), *_block(f"pulumi up --stack {stack} {replaced}"), ""]
    return "\n".join([*lines, *_folded("What differs", found)])


def strangers_report(found: Strangers) -> str:
    """What others have put on a stack's resources, and what isn't known of that."""
    lines: list[str] = []
    if found.nobodys:
        lines += ["", _STRANGERS, *told(found.nobodys, "`pulumi destroy`"), "", _NOBODYS, ""]
    lines += [line for note in found.notes for line in ("", plain(note))]
    return "".join(f"{line}\n" for line in lines)


def destroy_report(stack: str, found: Strangers, protected: Sequence[str]) -> str:
    """What `pulumi destroy` of a stack would stop at, once it has deleted what it could."""
    lines: list[str] = []
    if protected:
        lines += [_PROTECTED.format(names=", ".join(map(code, protected))), ""]
    if found.stopping:
        lines += [_STOPS.format(stack=stack), *told(found.stopping, "`pulumi destroy`"), ""]
        lines += [_NOBODYS if found.nobodys else _ANOTHERS, ""]
    lines += [plain(note) for note in found.notes]
    return (
        "\n".join(lines or ["Nothing of others is in the way of pulumi destroy."]).rstrip() + "\n"
    )


_ALLOW = (
    "Meant, in a pipeline? Whoever may do so can run this pipeline by hand with those names: "
    'docs/pipelines.md, "Allow a finding".'
)
_NOT_PROMOTED = (
    "**Not promoted yet:** {goal} differs from {source} in what should be the same, so it isn't "
    "deployed. `make promote FROM={source} TO={goal}` moves it."
)
_DRIFT = """\
Somebody, or something, changed what the stack `{stack}` owns, outside of Pulumi. Its next
deployment would change that back, or fail on it.

If the change was right, write it into the stack file. Then, or if it wasn't, deploy the stack:
docs/recovery.md, "Drift", has the commands.
"""
_STRANGERS = """\
## What the state can't see

This stands on the stack's own resources, and no stack of the backend is known to hold it:
"""
_NOBODYS = (
    "Whoever made it by hand deletes it there, or has it taken into a stack: docs/recovery.md, "
    '"What others have put there". What another stack holds goes with that stack.'
)
_ANOTHERS = "Destroy those stacks first, or take it out of their files."
_STOPS = """\
`pulumi destroy` of `{stack}` would delete what it can, and then stop. The cloud keeps what
something stands on that isn't the stack's:
"""
_PROTECTED = "The state protects {names}: `pulumi destroy` stops there."
_LOST = """\
**Gone:** {names}. The provider fails to read that, so `pulumi refresh` fails, and `pulumi up`
changes nothing. This makes them anew; an app has another key and secret then:
"""


def _headline(review: Review) -> str:
    failed = [part.title.lower() for part in review.parts if not part.passed]
    if failed:
        return f"stopped by {_listed(failed)}"
    if not review.changes:
        return "nothing to do"
    return "1 change, ready" if review.changes == 1 else f"{review.changes} changes, ready"


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _folded(title: str, text: str) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *_block(text), "", "</details>", ""]


def _block(text: str) -> list[str]:
    text = text.strip("\n")
    if len(text) > _LONGEST_DETAILS:
        left = len(text) - _LONGEST_DETAILS
        text = f"{text[:_LONGEST_DETAILS]}\n… {left:,} characters more are in the job's log"
    return block(text)


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
