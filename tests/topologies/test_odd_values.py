"""Every place of a stack file with something else in it: reported or accepted, never an error."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.problems import StackFileError
from stack.stack_file import StackFile
from tests.stackfiles import FILE, dev_stack, dumped, problems_of
from tests.topologies.api_stacks import api_stack
from tests.topologies.cross_region import basic_stack, branch, cross_stack
from tests.topologies.functions import functions_stack
from tests.topologies.unified import shared_stack, unified_stack
from topologies import TOPOLOGIES

ROOT = Path(__file__).resolve().parent.parent.parent
ODD: tuple[Any, ...] = (None, "", 5, True, [], {}, [None], {"x": None})

TEXTS: dict[str, Callable[[], str]] = {
    "shared bandwidth": dev_stack,
    "unified egress": unified_stack,
    "both": shared_stack,
    "APIs": api_stack,
    "functions": functions_stack,
    "joined networks": lambda: cross_stack(branch()),
    "the basic edition": basic_stack,
    "private calls": lambda: (
        ROOT / "examples/private-calls/same-region/Pulumi.same-region.yaml"
    ).read_text(encoding="utf-8"),
    "a release": lambda: (
        ROOT / "examples/api-gateway/grey-release/Pulumi.grey-release.yaml"
    ).read_text(encoding="utf-8"),
    "load balancers": lambda: (
        ROOT / "examples/api-gateway/kubernetes/Pulumi.kubernetes.yaml"
    ).read_text(encoding="utf-8"),
    "signatures": lambda: (ROOT / "examples/api-gateway/self-call/Pulumi.self-call.yaml").read_text(
        encoding="utf-8"
    ),
}


def holders(value: object) -> Iterator[tuple[Any, Any]]:
    """Every map and list with each of its keys and indices."""
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = list(cast("dict[Any, Any]", value).items())
    elif isinstance(value, list):
        entries = list(enumerate(cast("list[Any]", value)))
    for key, item in entries:
        yield value, key
        yield from holders(item)


class Odd:
    """A stack file and its tree, in which something is replaced or missing for a while."""

    def __init__(self, text: str) -> None:
        self.file = YamlFile(FILE, text)
        self.tree: Any = self.file.values
        self.places = list(holders(self.tree["config"]))
        assert len(self.places) > 20
        self._whole = copy.deepcopy(self.tree)

    def judge(self) -> None:
        """As the program is judged: values from Pulumi, and lines from the file."""
        with contextlib.suppress(StackFileError):
            _ = StackFile(Source.of(self.file), "dev", TOPOLOGIES).settings

    def judge_text(self) -> None:
        """As a tool judges a file that says the same."""
        problems_of(dumped(self.tree))

    def end(self) -> None:
        assert self.tree == self._whole, "judging changes what is judged"


@pytest.fixture(params=TEXTS.values(), ids=[*TEXTS])
def odd(request: pytest.FixtureRequest) -> Iterator[Odd]:
    made = Odd(request.param())
    yield made
    made.end()


def test_an_odd_value_anywhere_is_reported_or_accepted(odd: Odd) -> None:
    for number, (holder, key) in enumerate(odd.places):
        kept = holder[key]
        for value in ODD:
            holder[key] = copy.copy(value)
            odd.judge()
        holder[key] = copy.copy(ODD[number % len(ODD)])
        odd.judge_text()
        holder[key] = kept


def test_a_key_that_is_missing_anywhere_is_reported_or_accepted(odd: Odd) -> None:
    for holder, key in odd.places:
        if isinstance(key, str):
            kept = holder.pop(key)
            odd.judge()
            holder[key] = kept
