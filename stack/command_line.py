"""What command lines have in common."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from stack.problems import choose_from
from stack.target import DEFAULT_STACK

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the program and its stack files."""

REHEARSE_VARIABLE = "REHEARSE"
"""`no` leaves out the rehearsal that commands begin with."""


class Parser(argparse.ArgumentParser):
    """Exits with 1 for a wrong call: argparse's own 2 is for files that were refused."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: {message}\n{self.format_usage()}")


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


def tell(text: str) -> None:
    """Say something beside the answer, which standard output is for."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def print_whatever_fits() -> None:
    """A terminal that has no "→" or "✓" still shows the rest."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a test's stand-in has none
        reconfigure(errors="replace")
