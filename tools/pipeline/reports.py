"""A review or a drift in Markdown, for a comment, an issue or a job's summary."""

from collections.abc import Sequence

from stack.markdown import block
from tools.pipeline.reviewing import Review

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
