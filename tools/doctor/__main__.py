"""`make doctor`: what keeps this machine and these stack files from working, on one screen.

Looks only. Where there are keys, it asks their account for a page of what `make inventory` lists;
it asks no other network. Without `--stack` and `--config`, every stack file beside the program is
looked at. Never prints a value of a credential.

Exit codes: 0 no problems (warnings are none), 1 problems, or a wrong call.
"""

import argparse
import sys
from collections.abc import Iterator

from stack.command_line import DONE, FOUND, ROOT, add_format_option, command, print_whatever_fits
from stack.target import Target, known_stacks, target
from tools.doctor.checks import Level, Line, as_json, screen, stack_lines, tool_lines
from tools.doctor.credential_checks import account_lines, credential_lines
from tools.doctor.gathering import gathered
from tools.doctor.machine import Machine

FORMATS = ("table", "json")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stack", help="look at this stack's file alone")
    parser.add_argument("--config", metavar="FILE", help="look at this stack file alone")
    add_format_option(parser, FORMATS)


@command("doctor", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print what is found; returns the exit code."""
    lines = list(lines_of(gathered(ROOT, _targets(options.stack, options.config))))
    print_whatever_fits()
    print(as_json(lines) if options.format == "json" else screen(lines), end="")
    return FOUND if any(line.level is Level.PROBLEM for line in lines) else DONE


def lines_of(machine: Machine) -> Iterator[Line]:
    """Every line of the screen."""
    yield from tool_lines(machine)
    yield from credential_lines(machine)
    yield from account_lines(machine)
    yield from stack_lines(machine)


def _targets(stack: str | None, config: str | None) -> list[Target]:
    if stack or config:
        return [target(stack, config, ROOT)]
    return [target(name, None, ROOT) for name in known_stacks(ROOT)]


if __name__ == "__main__":
    sys.exit(main())
