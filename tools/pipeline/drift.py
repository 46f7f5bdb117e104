"""`make drift`: is the cloud as the stack's state says? Changes nothing.

What the state can't see is looked for as well: what nobody's state holds, and stands on the stack's
own resources. With `--destroy` that alone, whoever holds it: would `pulumi destroy` stop at it?

Leaves the report in `.pipeline/<stack>/drift.md`.

Exit codes: 0 it is; 1 it differs; 2 that couldn't be found out. With `--destroy`: 0 nothing is in
its way; 1 something is; 2 that couldn't be found out.
"""

import argparse
import re
import sys
from typing import Final

from facts import kinds
from stack.command_line import DONE, FOUND, NOT_JUDGED, ROOT, command, tell_account
from stack.pulumi_wire import type_of
from stack.state import StackState
from stack.target import DEFAULT_STACK, target
from tools.pipeline.engine import CHANGES, Engine
from tools.pipeline.reports import (
    destroy_report,
    drift_report,
    fresh_folder,
    keep,
    strangers_report,
)
from tools.pipeline.strangers import Strangers, strangers


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stack", help=f"the stack's name; {DEFAULT_STACK} unless given")
    parser.add_argument(
        "--destroy", action="store_true", help="say alone what pulumi destroy would stop at"
    )


@command("drift", __doc__, _options, failed=NOT_JUDGED)
def main(options: argparse.Namespace) -> int:
    """Look for drift of the stack that the command line names; returns the exit code."""
    goal = target(options.stack, None, ROOT)
    tell_account(goal.stack)
    engine = Engine(goal.stack)
    if options.destroy:
        return _before_destroying(engine)
    folder = fresh_folder(goal.stack)
    ended = engine.drift()
    lost = unfound(ended.out)
    if lost:
        ended = engine.drift(without=lost)
    code = FOUND if lost else {0: DONE, CHANGES: FOUND}.get(ended.code, NOT_JUDGED)
    state = engine.state() if code != NOT_JUDGED else None
    found = strangers(state) if state is not None else Strangers()
    report = drift_report(goal.stack, ended.out, lost) if code == FOUND else _OTHERWISE[code]
    report += strangers_report(found)
    code = FOUND if found.nobodys else code
    keep(folder, "drift", report, {"DRIFT": _WORDS[code]})
    print(report, end="", flush=True)
    return code


def _before_destroying(engine: Engine) -> int:
    """Whether `pulumi destroy` would stop at what isn't the stack's, or at what is protected."""
    state = engine.state()
    if state is None:
        return NOT_JUDGED
    found, protected = strangers(state), StackState(state).protected
    print(destroy_report(engine.stack, found, [one.name for one in protected]), end="", flush=True)
    if found.stopping or protected:
        return FOUND
    return NOT_JUDGED if [*found.notes] else DONE


def unfound(said: str) -> list[str]:
    """The URNs of what is gone from the cloud, where the provider fails to read that it is."""
    return sorted(
        {
            urn
            for urn, reason in _UNREAD.findall(said)
            if type_of(urn) in _FAIL_WHEN_GONE and _GONE.search(reason)
        }
    )


# Of all kinds that stacks are made of (docs/provider-notes.md). Of any other, "not found" is about
# something else: a role, a region.
_FAIL_WHEN_GONE: Final = (kinds.API_APP, kinds.APP_ATTACHMENT)
_UNREAD: Final = re.compile(
    r"refreshing (urn:pulumi:\S+): (.*?)(?=^error: |^ +[~+-] |\Z)", re.DOTALL | re.MULTILINE
)
_GONE: Final = re.compile("not ?found", re.IGNORECASE)
_WORDS = {DONE: "none", FOUND: "found", NOT_JUDGED: "unknown"}
_OTHERWISE = {
    DONE: "The cloud is as the state says.\n",
    NOT_JUDGED: "Whether the cloud is as the state says couldn't be found out; the log says why.\n",
}


if __name__ == "__main__":
    sys.exit(main())
