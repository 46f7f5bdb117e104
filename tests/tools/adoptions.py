"""Adoption without an engine, for tests: a cloud made by hand, and what is made of its list."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stack.problems import Problem, StackFileError
from tests.by_hand import ByHand
from tools.adopt.adopting import Adoption, adopt

SCHEMA = "schemas/stack.schema.json"


def adopted(hand: ByHand, folder: Path, stack: str = "shop") -> Adoption:
    file = folder / "existing.yaml"
    return adopt(file, hand.read(file), stack, SCHEMA)


def problems_of(hand: ByHand, folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the list of what was made by hand."""
    with pytest.raises(StackFileError) as caught:
        adopted(hand, folder)
    assert caught.value.file == folder / "existing.yaml"
    return caught.value.problems


@contextmanager
def refused(path: str, words: str) -> Generator[None]:
    """The block's list is refused at one place, in these words."""
    with pytest.raises(StackFileError) as caught:
        yield
    report = str(caught.value)
    assert re.search(rf"  {re.escape(path)}\n", report), report
    assert words in report


def foreseen(adoption: Adoption) -> set[tuple[str, str]]:
    """What the first `up` is said to change: resource and property."""
    return {(change.name, change.property) for change in adoption.changes}
