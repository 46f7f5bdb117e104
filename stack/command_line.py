"""What command lines have in common: their options, how they end, and what is told of that."""

import argparse
import errno
import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from stack.problems import NotDoneError, StackFileError, choose_from
from stack.target import DEFAULT_STACK

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the program and its stack files."""

REHEARSE_VARIABLE = "REHEARSE"
"""`no` leaves out the rehearsal that commands begin with."""

PREFLIGHT_VARIABLE = "PREFLIGHT"
"""`no` leaves out what the account is asked by commands that review an update."""


DONE, FAILED, REFUSED = 0, 1, 2
"""How a command ends: it did its job; it didn't; a file was refused before anything ran."""

FOUND, NOT_JUDGED = 1, 2
"""How a command ends otherwise whose job it is to judge: something was found; it couldn't judge."""


class Parser(argparse.ArgumentParser):
    """Exits with 1 for a wrong call: argparse's own 2 is for files that were refused."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, f"{self.prog}: {message}\n{self.format_usage()}")


Work: TypeAlias = Callable[[argparse.Namespace], int]


def command(
    name: str,
    about: str | None,
    add_options: Callable[[argparse.ArgumentParser], None],
    *,
    failed: int = FAILED,
) -> Callable[[Work], Callable[..., int]]:
    """Make a command line of what does its work: arguments in, exit code out.

    What keeps the work from being done is told on standard error, and becomes the exit code.

    Args:
        name: after `python -m tools`.
        about: the module's docstring, which `--help` shows.
        add_options: says what the command line takes.
        failed: the exit code for a wrong call, and for work that wasn't done.
    """

    def decorated(work: Work) -> Callable[..., int]:
        @functools.wraps(work)
        def main(arguments: Sequence[str] | None = None) -> int:
            # argparse's own ends with 2, as do commands that judge.
            parser = (Parser if failed == FAILED else argparse.ArgumentParser)(
                prog=f"python -m tools {name}".strip(),
                description=about,
                formatter_class=argparse.RawDescriptionHelpFormatter,
                allow_abbrev=False,
            )
            add_options(parser)
            options = parser.parse_args(arguments)
            try:
                code = work(options)
                sys.stdout.flush()
            except StackFileError as refusal:
                tell(str(refusal))
                return REFUSED
            except NotDoneError as reason:
                tell(str(reason))
            except BrokenPipeError:  # whoever read the answer has seen enough
                _print_no_more()
            except OSError as error:
                if error.errno == errno.ENOSPC and error.filename is None:
                    _print_no_more()
                    tell(f"What is to be printed can't be written: {error.strerror}")
                    return failed
                if error.filename is None:
                    raise
                tell(f"{error.filename} can't be read or written: {error.strerror}")
            else:
                return code
            return failed

        return main

    return decorated


def add_stack_options(parser: argparse.ArgumentParser) -> None:
    """Which stack it is about, as `stack.target` takes it."""
    parser.add_argument("--stack", help=f"the stack's name; {DEFAULT_STACK} unless given")
    parser.add_argument("--config", metavar="FILE", help="any stack file, instead of a stack")


def add_format_option(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """What is printed: the first form unless another one is asked for."""
    parser.add_argument(
        "--format",
        type=one_of(formats, "format"),
        default=formats[0],
        metavar="|".join(formats),
        help=f"{formats[0]} unless given",
    )


def one_of(known: Sequence[str], what: str) -> Callable[[str], str]:
    """A type of arguments that takes one of a few words, and helps with any other."""

    def judged(given: str) -> str:
        if given not in known:
            message = f"there is no {what} {given}: {choose_from(given, known, what)}"
            raise argparse.ArgumentTypeError(message)
        return given

    return judged


def rehearses() -> bool:
    """Whether an update is carried out on a copy first."""
    return os.environ.get(REHEARSE_VARIABLE) != "no"


def preflights() -> bool:
    """Whether the account is asked about an update."""
    return os.environ.get(PREFLIGHT_VARIABLE) != "no"


def tell_sandbox(stack: str) -> None:
    """Begin a command that can touch the simulated cloud alone."""
    tell(f"Sandbox: {stack}, in a cloud that is simulated on this machine.")


def tell_account(stack: str) -> None:
    """Begin a command about what the user's own Pulumi has."""
    tell(f"Account: {stack}, by the pulumi on the PATH, its backend and its credentials.")


def tell(text: str) -> None:
    """Say something beside the answer, which standard output is for."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _print_no_more() -> None:
    """The interpreter flushes once more at its end, to where nothing can be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_whatever_fits() -> None:
    """A terminal that has no "→" or "✓" still shows the rest."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a test's stand-in has none
        reconfigure(errors="replace")
