"""`make review`: everything that is known about a run of `pulumi up` before it runs.

The stack file, the guard, the policies, what the account would refuse, what an earlier run left
pending, what no single update can do, and with `--after` whether everything of the stack before
this one has come here. Uses the `pulumi` on the PATH, changes nothing, and leaves the report in
`.pipeline/<stack>/review.md`.

Exit codes: 0 it may run; 1 something was found; 2 there was nothing to judge.
"""

import argparse
import sys

from stack.command_line import NOT_JUDGED, ROOT, command, tell_account
from stack.target import target
from tools.pipeline.reports import fresh_folder, keep, review_report
from tools.pipeline.reviewing import Review, review


def add_review_options(parser: argparse.ArgumentParser) -> None:
    """The options that a review takes, wherever it is made."""
    parser.add_argument("--stack", help="the stack's name")
    parser.add_argument("--allow", default="", metavar="NAMES", help="findings that are meant")
    parser.add_argument(
        "--after", default="", metavar="STACK", help="the stack that changes come here from"
    )


@command("review", __doc__, add_review_options, failed=NOT_JUDGED)
def main(options: argparse.Namespace) -> int:
    """Review the stack that the command line names; returns the exit code."""
    found = reviewed(options.stack, allow=options.allow, after=options.after)
    print(review_report(found), end="", flush=True)
    return found.code


def reviewed(stack: str | None, *, allow: str, after: str, deploys: bool = False) -> Review:
    """Review a stack, dev unless one is named, and keep what was found."""
    goal = target(stack, None, ROOT)
    if after:
        target(after, None, ROOT)
    tell_account(goal.stack)
    folder = fresh_folder(goal.stack)
    found = review(goal, folder, allow=allow, promoted_from=after, deploys=deploys)
    values = {
        "REVIEW_DIGEST": found.digest,
        "REVIEW_CHANGES": str(found.changes),
        "REVIEW_IN_STEP": "true" if found.in_step else "false",
    }
    keep(folder, "review", review_report(found), values)
    return found


if __name__ == "__main__":
    sys.exit(main())
