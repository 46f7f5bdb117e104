"""A rename with `was` carries on everything that is called after the name, wherever it stands."""

from functools import cache
from itertools import product

import pytest
from pydantic import BaseModel

from stack.model import Model
from tests.mocked_cloud import Registered, Registration, run
from tests.renames import EVERYTHING, can_be_renamed, entries_of, renamed
from tests.stackfiles import settings_of
from topologies.builder import build

BASIC = (
    EVERYTHING.replace(
        "crossRegion:\n", "crossRegion:\n    edition: basic\n    bandwidthPackage: {bandwidth: 2}\n"
    )
    .replace("vswitches: [vsw-a, vsw-b]", "")
    .replace("{vswitches: [vsw-g, vsw-e]}", "{}")
)
NAMES = sorted(entries_of(settings_of(EVERYTHING)))


@cache
def made(text: str) -> Registered:
    settings = settings_of(text)
    return run(lambda: build(settings))


def identities(made: Registered) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """What each resource is called, and what a state may call it that it carries on.

    As the engine multiplies it out: a child's name that starts with its parent's follows that one.
    """
    parents = {one.name: one for one in made.components}

    def names(one: Registration) -> set[str]:
        own = {one.name, *one.aliases}
        parent = parents.get(one.parent)
        if parent is None:
            return own
        return own | {
            former + name.removeprefix(parent.name)
            for former, name in product(names(parent), own)
            if name.startswith(parent.name)
        }

    return {(one.type, one.name): {(one.type, name) for name in names(one)} for one in made.all}


def test_there_is_something_of_every_kind_that_can_be_renamed() -> None:
    def below(model: type[BaseModel]) -> set[type[BaseModel]]:
        return {model}.union(*(below(one) for one in model.__subclasses__()))

    entries = entries_of(settings_of(EVERYTHING)).values()
    renameable = {model for model in below(Model) if can_be_renamed(model)}
    assert len(renameable) > 15
    assert renameable == {
        model for model in renameable if any(isinstance(one, model) for one in entries)
    }


@pytest.mark.parametrize("text", [EVERYTHING, BASIC], ids=["routers", "basic"])
@pytest.mark.parametrize("name", [*NAMES, "everything"])
def test_whatever_is_renamed_everything_is_carried_on(text: str, name: str) -> None:
    before = set(identities(made(text)))
    after = identities(made(renamed(text, NAMES if name == "everything" else [name])))
    heirs = {old: [new for new, names in after.items() if old in names] for old in before}
    assert {old: found for old, found in heirs.items() if len(found) != 1} == {}
    assert len(after) == len(before)
