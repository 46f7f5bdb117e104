"""Adoption without an engine, for tests: a cloud made by hand, and what is made of it."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from facts.contract import camel, contract_of
from judging.account.reading import Reader
from sandbox.cloud import KINDS, Store
from sandbox.provider.quirks import cloud_id
from sandbox.provider.resources import outputs_of
from stack.problems import Problem, StackFileError
from tests.by_hand import ByHand
from tools.adopt.adopting import Adoption, adopt_listed
from tools.adopt.reading import Cloud, Found, Wanted
from tools.pipeline.holders import Holders, holders_of
from tools.sandbox.asking import asking

SCHEMA = "schemas/stack.schema.json"


@dataclass
class InMemory:
    """A simulated account that is adopted from as in the sandbox, and no engine."""

    store: Store
    states: dict[str, Any] = field(default_factory=dict[str, Any])
    """Of the backend's stacks, by their names."""

    @contextmanager
    def reader(self) -> Generator[Reader]:
        yield Reader(asking(self.store), lambda _seconds: None)

    def holders(self) -> Holders:
        return holders_of(self.states)

    def read(self, needed: list[Wanted], region: str) -> tuple[Cloud, list[Wanted]]:
        found, gone = list[Found](), list[Wanted]()
        for one in needed:
            contract = contract_of(one.type)
            kind = contract.kind
            resource = self.store.read(kind, cloud_id(kind, one.id), region=region)
            if resource is None:
                gone.append(one)
                continue
            outputs = outputs_of(contract, resource, {})
            unread = {*map(camel, KINDS[kind].provider.unread)}
            known = {k: v for k, v in outputs.items() if k not in unread}
            found.append(Found(one.type, one.id, known))
        return Cloud(found), gone

    def take(self, adoption: Adoption) -> None:
        raise AssertionError(adoption)  # what takes over is an engine


def adopted(hand: ByHand, folder: Path, stack: str = "shop") -> Adoption:
    file = folder / "existing.yaml"
    hand.write(file)
    return adopt_listed(file, InMemory(hand.store), stack, SCHEMA)


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
