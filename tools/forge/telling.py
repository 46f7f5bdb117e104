"""What stands in `.pipeline/`, told: created once, and changed from then on."""

from collections.abc import Sequence
from pathlib import Path

from tools.forge.forges import Forge

_LONGEST = 60_000
"""GitHub ends a comment at 65,536 characters."""

REVIEW = "<!-- alicloud-gateways: review -->"
_DRIFT = "<!-- alicloud-gateways: drift of {stack} -->"


def tell_reviews(forge: Forge, folder: Path, stacks: Sequence[str]) -> str:
    """One comment on the pull request with every stack's review; returns what was done."""
    reports = [_review_of(folder, stack) for stack in stacks]
    text = "\n".join([REVIEW, f"{forge.about()}.", "", *reports])
    if len(text) > _LONGEST:
        cut = text[:_LONGEST].rpartition("\n")[0]
        text = f"{cut}\n{_closing(cut)}\n… the rest is in the run's summary.\n"
    there = forge.comment(REVIEW)
    if there is None:
        forge.add_comment(text)
        return "The pull request has a new comment."
    forge.change_comment(there, text)
    return "The pull request's comment is changed."


def tell_drift(forge: Forge, folder: Path, stacks: Sequence[str]) -> list[str]:
    """One issue for each stack that has drifted, closed once it hasn't; returns what was done.

    A stack of which nobody knows keeps its issue as it is.
    """
    done: list[str] = []
    for stack in stacks:
        kept = folder / stack / "drift.env"
        drift = kept.read_text(encoding="utf-8").strip() if kept.is_file() else ""
        if drift not in {"DRIFT=found", "DRIFT=none"}:
            done.append(f"{stack}: whether it has drifted isn't known.")
            continue
        marker = _DRIFT.format(stack=stack)
        there = forge.issue(marker)
        if drift == "DRIFT=none":
            if there is not None:
                forge.close_issue(there, f"The drift is gone. {forge.about()}.")
            done.append(f"{stack}: no drift" + (", its issue is closed." if there else "."))
            continue
        text = f"{marker}\n{(folder / stack / 'drift.md').read_text(encoding='utf-8')}"[:_LONGEST]
        if there is None:
            forge.open_issue(f"Drift of {stack}", text)
            done.append(f"{stack}: drift, and a new issue.")
        elif there.text.strip() != text.strip():
            forge.change_issue(there, text)
            done.append(f"{stack}: drift, and its issue is changed.")
        else:
            done.append(f"{stack}: the drift that its issue tells of.")
    return done


def _review_of(folder: Path, stack: str) -> str:
    report = folder / stack / "review.md"
    if report.is_file():
        return report.read_text(encoding="utf-8")
    return f"## {stack}: no review was made\n\nThe job's log says why.\n"


def _closing(text: str) -> str:
    """What a text that was cut leaves open."""
    fences = [line for line in text.splitlines() if line.startswith("```")]
    end = fences[-1].rstrip("abcdefghijklmnopqrstuvwxyz") if len(fences) % 2 else ""
    folded = text.count("<details>") - text.count("</details>")
    return f"{end}\n" + "</details>\n" * folded
