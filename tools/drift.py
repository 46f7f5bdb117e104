"""`make drift`: is the cloud as the stack's state says? Changes nothing.

Leaves the report in `.pipeline/<stack>/drift.md`.

Exit codes: 0 it is; 1 it differs; 2 that couldn't be found out.
"""

import argparse
import sys
from collections.abc import Sequence

from tools.command_line import ROOT, tell
from tools.pipeline.engine import CHANGES, Engine
from tools.pipeline.keeping import fresh_folder, keep
from tools.pipeline.reports import drift_report
from tools.target import TargetError, target

NONE, FOUND, UNKNOWN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Look for drift of the stack that the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.drift", allow_abbrev=False)
    parser.add_argument("--stack", required=True, help="the stack's name")
    options = parser.parse_args(arguments)
    try:
        goal = target(options.stack, None, ROOT)
        folder = fresh_folder(goal.stack)
    except TargetError as error:
        tell(str(error))
        return UNKNOWN
    ended = Engine(goal.stack).drift()
    code = {0: NONE, CHANGES: FOUND}.get(ended.code, UNKNOWN)
    report = drift_report(goal.stack, ended.out) if code == FOUND else _OTHERWISE[code]
    keep(folder, "drift", report, {"DRIFT": _WORDS[code]})
    print(report, end="", flush=True)
    return code


_WORDS = {NONE: "none", FOUND: "found", UNKNOWN: "unknown"}
_OTHERWISE = {
    NONE: "The cloud is as the state says.\n",
    UNKNOWN: "Whether the cloud is as the state says couldn't be found out; the log says why.\n",
}


if __name__ == "__main__":
    sys.exit(main())
