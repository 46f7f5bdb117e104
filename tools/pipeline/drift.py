"""`make drift`: is the cloud as the stack's state says? Changes nothing.

Leaves the report in `.pipeline/<stack>/drift.md`.

Exit codes: 0 it is; 1 it differs; 2 that couldn't be found out.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Final

from facts import kinds
from stack.command_line import ROOT, tell
from stack.pulumi_wire import type_of
from stack.target import TargetError, target
from tools.pipeline.engine import CHANGES, Engine
from tools.pipeline.keeping import fresh_folder, keep
from tools.pipeline.reports import drift_report

NONE, FOUND, UNKNOWN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Look for drift of the stack that the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools drift", allow_abbrev=False)
    parser.add_argument("--stack", required=True, help="the stack's name")
    options = parser.parse_args(arguments)
    try:
        goal = target(options.stack, None, ROOT)
        folder = fresh_folder(goal.stack)
    except TargetError as error:
        tell(str(error))
        return UNKNOWN
    engine = Engine(goal.stack)
    ended = engine.drift()
    lost = unfound(ended.out)
    if lost:
        ended = engine.drift(without=lost)
    code = FOUND if lost else {0: NONE, CHANGES: FOUND}.get(ended.code, UNKNOWN)
    report = drift_report(goal.stack, ended.out, lost) if code == FOUND else _OTHERWISE[code]
    keep(folder, "drift", report, {"DRIFT": _WORDS[code]})
    print(report, end="", flush=True)
    return code


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
_WORDS = {NONE: "none", FOUND: "found", UNKNOWN: "unknown"}
_OTHERWISE = {
    NONE: "The cloud is as the state says.\n",
    UNKNOWN: "Whether the cloud is as the state says couldn't be found out; the log says why.\n",
}


if __name__ == "__main__":
    sys.exit(main())
