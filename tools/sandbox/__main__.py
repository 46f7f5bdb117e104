"""`python -m tools COMMAND`: the real engine on the simulated cloud.

Exit codes: 0 when it did its job; 2 when the stack file, or the change that it asks for, was
refused before anything ran; 1 for anything else.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from sandbox.accounts import paths_of
from sandbox.paths import Paths
from stack.command_line import ROOT, add_stack_options, command, tell_account, tell_sandbox
from stack.target import target
from tools.sandbox.commands import (
    TIER_FILE,
    destroy,
    import_listed,
    look,
    preview,
    preview_json,
    recover,
    refresh,
    rehearse,
    up,
)
from tools.sandbox.running import PREVIEW, RECOVER, CannotRunError, run

IMPORT, REFRESH, REHEARSE = "import", "refresh", "rehearse"

_COMMANDS: dict[str, Callable[[Paths], int]] = {
    "destroy": destroy,
    RECOVER: recover,
    REFRESH: refresh,
}
_JUDGED = (PREVIEW, "up")
"""Commands that the policy pack can judge."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("command", choices=sorted([*_COMMANDS, *_JUDGED, IMPORT, REHEARSE]))
    add_stack_options(parser)
    parser.add_argument(
        "--json", action="store_true", help="with preview: the engine's document on standard output"
    )
    parser.add_argument(
        "--policy",
        nargs="?",
        const=TIER_FILE,
        help="with preview and up: judge by the policy pack, configured by the stack's tier "
        "or by this file",
    )
    parser.add_argument(
        "--account",
        action="store_true",
        help="with rehearse: the stack that the pulumi on the PATH knows",
    )
    parser.add_argument(
        "--look", action="store_true", help="with refresh: show what differs, and write nothing"
    )
    parser.add_argument(
        "--prices", metavar="FILE", help="with preview: what a month is summed up by"
    )
    parser.add_argument("--file", help="with import: the list of resources to take over")


@command("", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Run one command; returns its exit code."""
    found = target(options.stack, options.config, ROOT)
    (tell_account if options.account else tell_sandbox)(found.stack)
    paths = paths_of(ROOT, found)
    return run(options.command, lambda: _work(options, paths), paths)


def _work(options: argparse.Namespace, paths: Paths) -> int:
    if options.policy is not None and options.command not in _JUDGED:
        message = f"{options.command} isn't judged by policies; {' and '.join(_JUDGED)} are"
        raise CannotRunError(message)
    if options.look and options.command != REFRESH:
        message = f"{options.command} has nothing to look at first; refresh has"
        raise CannotRunError(message)
    if options.command == IMPORT:
        words = f"import needs the file to import: make import FILE=adopt.json {paths.said}"
        return import_listed(paths, _given(options.file, words))
    if options.command == REHEARSE:
        return rehearse(paths, account=options.account)
    if options.json:
        return _in_json(options, paths)
    if options.command in _JUDGED:
        return _judged(options, paths)
    return (look if options.look else _COMMANDS[options.command])(paths)


def _judged(options: argparse.Namespace, paths: Paths) -> int:
    if options.command == PREVIEW:
        return preview(paths, options.policy, options.prices)
    return up(paths, options.policy)


def _in_json(options: argparse.Namespace, paths: Paths) -> int:
    if options.command != PREVIEW:
        message = f"{options.command} has no JSON form; preview has"
        raise CannotRunError(message)
    return preview_json(paths, options.policy)


def _given(file: str | None, otherwise: str) -> Path:
    if not file:
        raise CannotRunError(otherwise)
    return Path(file)


if __name__ == "__main__":
    sys.exit(main())
