"""`make promote`: move what one stack's file has and another's lacks, and preview the other.

Exit codes: 0 it did its job, with `--check` that nothing has drifted apart; 2 a file was refused,
as it is or as it would be, and nothing was written; 1 anything else, with `--check` a drift.
"""

import argparse
import contextlib
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.command_line import DONE, FAILED, REFUSED, ROOT, add_format_option, command, tell
from stack.file.yaml_file import YamlFile
from stack.problems import NotDoneError, StackFileError, describe
from stack.target import Target, TargetError, target
from tools.promote.belonging import LIST, read_belonging
from tools.promote.meaning import readable_side, sound_side
from tools.promote.promoting import Promotion, promote, replace_file
from tools.promote.showing import (
    leftover_hint,
    needs_report,
    promotion_json,
    promotion_tables,
    refusal_json,
)
from tools.sandbox.effects import Effects, effects_tables

FORMATS = ("table", "json")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", required=True, metavar="STACK", help="or a file")
    parser.add_argument("--to", dest="target", required=True, metavar="STACK", help="or a file")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where they differ")
    parser.add_argument("--no-preview", action="store_true", help="write, and leave it at that")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="a value of the target's own",
    )
    parser.add_argument(
        "--remove", action="append", default=[], metavar="PATH", help="an entry that goes"
    )
    add_format_option(parser, FORMATS)


@command("promote", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Promote as the command line asks; returns the exit code."""
    if not options.source or not options.target:
        raise NotDoneError("It needs both stacks: make promote FROM=dev TO=staging")
    as_json = options.format == "json"
    try:
        given = _given(options.set)
        source, goal = _found(options.source), _found(options.target, new=options.source)
        return _run(source, goal, given, options, as_json=as_json)
    except StackFileError as refusal:
        if as_json:
            print(refusal_json(options.source, options.target, refusal.problems), end="")
        raise


def _run(
    source: Target,
    goal: Target,
    given: Mapping[str, object],
    options: argparse.Namespace,
    *,
    as_json: bool,
) -> int:
    if source.file.resolve() == goal.file.resolve():
        tell(f"FROM and TO are both {source.stack}: there is nothing between them to move.")
        return FAILED
    belonging = read_belonging(ROOT / LIST, source.stack, goal.stack)
    ours = sound_side(source)
    theirs = sound_side(goal) if options.check else readable_side(goal)
    before = goal.file.read_bytes()
    promotion = promote(ours, theirs, belonging, given, _words(options.remove))
    if not as_json:
        print(promotion_tables(promotion), end="", flush=True)
    code, written, effects = DONE, False, None
    if promotion.found.needs:
        tell(needs_report(promotion))
        code = FAILED if options.check else REFUSED
    elif promotion.problems:
        tell(promotion.report)
        code = FAILED if options.check else REFUSED
    elif options.check:
        code = FAILED if promotion.found.drifted else DONE
    elif promotion.text is not None:
        code, written, effects = _write(promotion, goal, before, preview=not options.no_preview)
    if promotion.found.only_in_target:
        tell(leftover_hint(promotion))
    if as_json:
        print(promotion_json(promotion, effects, written=written), end="", flush=True)
    elif effects is not None:
        print(
            f"\nWhat up would do to {goal.stack}\n\n{effects_tables(effects)}", end="", flush=True
        )
    return code


def _write(
    promotion: Promotion, goal: Target, before: bytes, *, preview: bool
) -> tuple[int, bool, Effects | None]:
    """Write the target's file and preview it; a change that can't be carried out is taken back."""
    text = promotion.text or ""
    replace_file(goal.file, text, before)
    tell(f"{promotion.target.path} is written.")
    if not preview:
        for warning in promotion.warnings:  # a preview tells them itself
            tell(f"warning: {describe(promotion.target.path, warning)}\n")
        return DONE, True, None
    code, effects = _preview(goal)
    if code == REFUSED:
        replace_file(goal.file, before.decode("utf-8"), text.encode("utf-8"))
        tell(f"{promotion.target.path} is as it was: its stack can't be changed in this way.")
        return REFUSED, False, None
    if code != DONE:
        tell(f"{promotion.target.path} stays as it is written; what up would do isn't known.")
        return FAILED, True, None
    return DONE, True, effects


def _preview(goal: Target) -> tuple[int, Effects]:
    # These bring in the engine's driver.
    from sandbox.accounts import paths_of  # noqa: PLC0415 - as above
    from tools.sandbox.commands import previewed  # noqa: PLC0415 - as above
    from tools.sandbox.running import run  # noqa: PLC0415 - as above

    effects, paths = Effects(), paths_of(ROOT, goal)
    with contextlib.redirect_stdout(sys.stderr):  # standard output is the report's
        code = run("preview", lambda: previewed(paths, effects), paths)
    return code, effects


def _found(name: str, *, new: str | None = None) -> Target:
    """A stack by its name, or by its file's path."""
    try:
        if name.endswith((".yaml", ".yml")) or "/" in name:
            return target(None, name, ROOT)
        return target(name, None, ROOT)
    except TargetError as error:
        if new is None:
            raise
        message = (
            f"{error}\nA new tier begins as a copy of another's file, with everything that is own "
            f"in {LIST} changed: ranges, ids, sizes, secrets. Promoting keeps it in step."
        )
        raise TargetError(message) from None


def _words(texts: Sequence[str]) -> list[str]:
    return [word for text in texts for word in text.split()]


def _given(pairs: Sequence[str]) -> dict[str, object]:
    """`path=value` pairs, with values as the stack file would write them."""
    found: dict[str, object] = {}
    try:
        words = [word for text in pairs for word in shlex.split(text)]
    except ValueError as error:
        raise NotDoneError(f"SET takes path=value: {error}") from None
    for pair in words:
        path, equals, text = pair.partition("=")
        if not equals or not path:
            raise NotDoneError(f"SET takes path=value, and {pair} isn't that")
        file = YamlFile(Path("SET"), text)
        if file.problems:
            raise NotDoneError(f"SET: {text} isn't a value of a stack file")
        found[path] = file.values
    return found


if __name__ == "__main__":
    sys.exit(main())
