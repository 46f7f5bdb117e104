"""Which states the engine would load."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stack.whole_state import NotWholeError, whole, whole_in_file
from tests.docs.pages import ROOT

STATES = sorted((ROOT / "tests" / "data" / "states").rglob("state.json"))
EIP = "shared-bandwidth-ip1"
ELSEWHERE = "urn:pulumi:dev::p::T::elsewhere"
DEV = next(file for file in STATES if file.parent.name == "dev")


def state_of(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8"))["deployment"]


def named(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in state["resources"] if one["urn"].endswith(f"::{name}"))


Damage = Callable[[dict[str, Any]], None]


def gone(name: str) -> Damage:
    def damage(state: dict[str, Any]) -> None:
        state["resources"].remove(named(state, name))

    return damage


def put(key: str, value: object) -> Damage:
    """Something else in a field of an address; None takes it away."""

    def damage(state: dict[str, Any]) -> None:
        named(state, EIP)[key] = value

    return damage


def put_in_state(key: str, value: object) -> Damage:
    def damage(state: dict[str, Any]) -> None:
        state[key] = value

    return damage


def first_goes_last(state: dict[str, Any]) -> None:
    state["resources"].append(state["resources"].pop(0))


@pytest.mark.parametrize("file", STATES, ids=lambda file: file.parent.name)
def test_what_the_engine_has_written_is_whole(file: Path) -> None:
    state = state_of(file)
    assert whole(state) == state
    assert whole_in_file({"version": 3, "checkpoint": {"latest": state}}) == state


def test_a_stack_on_which_nothing_has_run_has_an_empty_state() -> None:
    assert whole_in_file({"version": 3, "checkpoint": {"stack": "organization/p/dev"}}) == {}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({}, "it holds no state"),
        ([], "the file is no object"),
        ({"checkpoint": None}, "its checkpoint is no object"),
        ({"checkpoint": {"latest": []}}, "the state is no object"),
    ],
)
def test_a_file_of_something_else_holds_no_state(document: object, why: str) -> None:
    with pytest.raises(NotWholeError, match=f"^{why}$"):
        whole_in_file(document)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (put_in_state("resources", [None]), "resource 1 is no object"),
        (put_in_state("resources", {}), "its resources is no list"),
        (put("urn", None), "has no URN"),
        (put("type", None), f"::{EIP} has no type"),
        (put("custom", None), f"::{EIP} has an id, and isn't custom"),
        (put("urn", "nonsense"), "has the URN 'nonsense'"),
        (put("urn", [ELSEWHERE]), "its urn is no text"),
        (put("inputs", 5), "its inputs is no object"),
        (put("dependencies", [5]), f"::{EIP}: its dependency 5 doesn't stand before it"),
        (put("dependencies", 5), "its dependencies is no list"),
        (put("propertyDependencies", {"isp": 5}), "its isp is no list"),
        (put("propertyDependencies", {"isp": [ELSEWHERE]}), f"its isp's source {ELSEWHERE}"),
        (put("deletedWith", ELSEWHERE), f"its deletedWith {ELSEWHERE}"),
        (put("replaceWith", [ELSEWHERE]), f"its replaceWith {ELSEWHERE}"),
        (put("provider", f"{ELSEWHERE}::id"), f"its provider {ELSEWHERE}::id"),
        (gone("network-vpc"), "::network-vpc doesn't stand before it"),
        (first_goes_last, "its parent urn:"),
        (put_in_state("manifest", {"version": "v3.276.0", "magic": "0"}), "magic doesn't fit"),
        (put_in_state("pending_operations", [{"type": None}]), "pending operation 1 has no type"),
        (
            put_in_state("pending_operations", [{"type": "creating"}]),
            "the resource of pending operation 1 is no object",
        ),
    ],
)
def test_a_state_that_the_engine_wouldnt_load_isnt_whole(damage: Damage, why: str) -> None:
    state = state_of(DEV)
    damage(state)
    with pytest.raises(NotWholeError, match=re.escape(why)):
        whole(state)


def test_what_stands_twice_is_left_to_be_settled() -> None:
    state = state_of(DEV)
    state["resources"].append(named(state, EIP))
    assert whole(state) == state
