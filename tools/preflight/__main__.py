"""`make preflight`: what the account would refuse of an update, before it runs. Changes nothing.

Asks about what a preview would make: whether there is room, whether names, ranges and ports are
free, whether what is named is there, and, by dry runs, whether this identity may. The preview is
that of the `pulumi` on the PATH, or one that is handed over. docs/preflight.md says what is asked.

Exit codes: 0 nothing would be refused, as far as it can be told; 1 something would; 2 nothing could
be asked.
"""

import argparse
import json
import os
import sys

from judging.preview import Preview
from judging.reading import NotAPreviewError, preview_of
from stack.command_line import (
    DONE,
    FOUND,
    NOT_JUDGED,
    ROOT,
    add_format_option,
    command,
    print_whatever_fits,
    tell_account,
)
from stack.target import DEFAULT_STACK, target
from tools.pipeline.asking import asked
from tools.preflight.showing import FORMS, stops


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "preview", nargs="?", metavar="FILE", help="what pulumi preview --json printed; - is stdin"
    )
    parser.add_argument("--stack", help=f"the stack's name; {DEFAULT_STACK} unless given")
    add_format_option(parser, tuple(FORMS))


@command("preflight", __doc__, _options, failed=NOT_JUDGED)
def main(options: argparse.Namespace) -> int:
    """Ask about the update that the command line names; returns the exit code."""
    print_whatever_fits()
    if options.preview is not None and options.stack is not None:
        raise NotAPreviewError("Either a preview is given, or a stack to preview; not both.")
    preview = _given(options.preview) if options.preview else _previewed(options.stack)
    rows = asked(preview, os.environ, deploys=True)
    print(FORMS[options.format](rows), end="", flush=True)
    return FOUND if stops(rows) else DONE


def _given(file: str) -> Preview:
    from tools.guard import read_preview  # noqa: PLC0415 - most runs read none

    return preview_of(read_preview(file))


def _previewed(stack: str | None) -> Preview:
    """What the `pulumi` on the PATH would do."""
    from tools.pipeline.engine import Engine  # noqa: PLC0415 - as above

    goal = target(stack, None, ROOT)
    tell_account(goal.stack)
    made = Engine(goal.stack).preview()
    if made.document is None:
        reason = "\n".join(made.errors) or made.ended.out.strip() or "pulumi says above why"
        raise NotAPreviewError(f"There is no preview to ask about: {reason}")
    return preview_of(json.dumps(made.document))


if __name__ == "__main__":
    sys.exit(main())
