"""`make deploy`: review a stack, and bring it up where nothing speaks against it.

With `--approved` it runs only what somebody has looked at: the digest of the preview that was
approved has to be that of the preview made right before the update; an empty one is none. Without
it, whoever types the command is who approves. What `pulumi up` then does is
judged by the policies once more, with the values that only the run knows. Afterwards a preview has
to have nothing left to do.

Exit codes: 0 the stack is as its file says; 1 something was found, isn't promoted yet, isn't what
was approved, or the update failed; 2 there was nothing to judge. Nothing was changed where the
report doesn't say so.
"""

import argparse
import sys

from stack.command_line import DONE, FOUND, NOT_JUDGED, ROOT, command
from stack.problems import NotDoneError
from tools.pipeline.engine import Engine
from tools.pipeline.reports import FOLDER, keep, review_report
from tools.pipeline.review import add_review_options, reviewed
from tools.pipeline.reviewing import Review


def _options(parser: argparse.ArgumentParser) -> None:
    add_review_options(parser)
    parser.add_argument("--approved", metavar="DIGEST", help="run only the preview of this digest")


@command("deploy", __doc__, _options, failed=NOT_JUDGED)
def main(options: argparse.Namespace) -> int:
    """Deploy the stack that the command line names; returns the exit code."""
    if options.stack is None:
        raise NotDoneError("Say which stack is to be deployed: make deploy STACK=dev")
    found = reviewed(options.stack, allow=options.allow, after=options.after, deploys=True)
    code, outcome = _deployed(found, options.approved)
    report = f"{review_report(found)}\n**{outcome}**\n"
    keep(ROOT / FOLDER / found.stack, "deployment", report, {})
    print(report, end="", flush=True)
    return code


def _deployed(found: Review, approved: str | None) -> tuple[int, str]:
    """Bring the stack up if it may; the exit code and the sentence that says what happened."""
    if found.code != DONE:
        return found.code, "Nothing was deployed."
    if not found.in_step:
        return FOUND, f"Nothing was deployed: {found.promoted_from} has changes to promote first."
    if approved == "":
        return FOUND, _UNAPPROVED
    if approved is not None and approved != found.digest:
        return FOUND, _OTHERWISE
    if not found.changes:
        return DONE, "There was nothing to deploy."
    return _brought_up(Engine(found.stack, found.tier))


def _brought_up(engine: Engine) -> tuple[int, str]:
    if engine.up().code != DONE:
        return FOUND, _HALF_WAY
    if engine.settled().code != DONE:
        return FOUND, _UNSETTLED
    return DONE, "Deployed."


_UNAPPROVED = (
    "Nothing was deployed: an approval is asked for, and the one given is empty. APPROVED is the "
    "REVIEW_DIGEST of the review that was looked at; leave it out where nobody else has to approve."
)
_OTHERWISE = (
    "Nothing was deployed: this isn't the preview that was approved. The stack, its state, or "
    "what judges it has changed since then. Run the pipeline anew, and look again."
)
_HALF_WAY = (
    "The update failed half-way. What was done is kept; once the cause is gone, another run goes "
    "on from there: docs/recovery.md."
)
_UNSETTLED = (
    "Deployed, but not settled: another update would change something again. The log says what."
)


if __name__ == "__main__":
    sys.exit(main())
