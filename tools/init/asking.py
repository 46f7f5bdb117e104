"""Questions at a terminal: each with what Enter means, asked again until the answer fits."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from stack.problems import NotDoneError

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """One thing to be known, on the command line or by asking."""

    key: str
    """The variable of make."""

    words: str
    judged: Callable[[str], Answer]
    """What an answer means; raises `argparse.ArgumentTypeError` where it means nothing."""

    choices: str = ""
    """What can be answered, a line each."""

    otherwise: str | None = None
    """The answer unless another one is given; None where there has to be one."""


def answered(question: Question[Answer]) -> Answer:
    """What is answered at the terminal, or goes without saying where there is none.

    Raises:
        NotDoneError: nobody can be asked.
    """
    if not sys.stdin.isatty():
        if question.otherwise is None:
            message = f"Nobody can be asked here: say {question.key}=…, {question.words}.\n"
            raise NotDoneError((message + question.choices).rstrip())
        return question.judged(question.otherwise)
    sys.stderr.write(question.choices)
    while True:
        offered = f" [{question.otherwise}]" if question.otherwise else ""
        sys.stderr.write(f"{question.words}{offered}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise NotDoneError("\nNothing is written: the questions weren't answered.")
        try:
            return question.judged(line.strip() or question.otherwise or "")
        except argparse.ArgumentTypeError as reason:
            sys.stderr.write(f"  {reason}\n")
