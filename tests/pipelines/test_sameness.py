"""What was approved is what is applied: which previews count as the same."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.pipeline import sameness
from tools.pipeline.sameness import steps_of

FOLDER = Path(__file__).resolve().parents[1] / "data" / "previews"
RECORDED: dict[str, Any] = json.loads((FOLDER / "gateway-replaced.json").read_text("utf-8"))
Step = dict[str, Any]


JUDGES = {"tier": "production", "files": "f" * 64}


def digest(document: dict[str, Any], **judges: str) -> str:
    return sameness.digest(document, {**JUDGES, **judges})


def changed(edit: Callable[[list[Step]], object]) -> dict[str, Any]:
    document = copy.deepcopy(RECORDED)
    edit(document["steps"])
    return document


def acting(steps: list[Step]) -> Step:
    """A step that creates or changes something."""
    return next(s for s in steps if s["op"] not in {"same", "read"} and s.get("newState"))


def other_address(steps: list[Step]) -> None:
    acting(steps)["newState"]["inputs"]["cidrBlock"] = "10.9.0.0/16"


def another_resource(steps: list[Step]) -> None:
    steps.append({**acting(steps), "urn": "urn:pulumi:shop::p::alicloud:vpc/network:Network::new"})


def another_thing_in_the_cloud(steps: list[Step]) -> None:
    found = next(s for s in steps if s["op"] != "same" and s.get("oldState", {}).get("id"))
    found["oldState"]["id"] = "eip-somebody-elses"


def no_longer_protected(steps: list[Step]) -> None:
    state = acting(steps)["newState"]
    state["protect"] = not state.get("protect", False)


def deleted_instead(steps: list[Step]) -> None:
    acting(steps)["op"] = "delete"


def nothing_at_all(steps: list[Step]) -> None:
    steps.clear()


def by_another_provider(steps: list[Step]) -> None:
    acting(steps)["provider"] = "urn:pulumi:shop::p::pulumi:providers:alicloud::other::id"


def a_provider_that_calls_elsewhere(steps: list[Step]) -> None:
    urn = "urn:pulumi:shop::p::pulumi:providers:alicloud::cn-beijing"
    inputs = {"endpoints": '[{"vpc": "vpc.example.com"}]'}
    steps.append({"op": "update", "urn": urn, "newState": {"urn": urn, "inputs": inputs}})


def kept_in_the_cloud(steps: list[Step]) -> None:
    acting(steps)["newState"]["retainOnDelete"] = True


def no_longer_ignored(steps: list[Step]) -> None:
    acting(steps)["newState"]["ignoreChanges"] = ["password"]


def protection_alone_taken_off(steps: list[Step]) -> None:
    same = next(s for s in steps if s["op"] == "same" and s.get("newState"))
    same["newState"]["protect"] = not same["newState"].get("protect", False)


def other_outputs_of_the_stack(steps: list[Step]) -> None:
    root = next(s for s in steps if s["urn"].split("::")[2] == "pulumi:pulumi:Stack")
    root["oldState"]["outputs"] = {"tier": "production"}


def a_step_that_reads(steps: list[Step]) -> None:
    steps.append({**acting(steps), "op": "read"})


@pytest.mark.parametrize(
    "edit",
    [
        by_another_provider,
        a_provider_that_calls_elsewhere,
        kept_in_the_cloud,
        no_longer_ignored,
        protection_alone_taken_off,
        other_outputs_of_the_stack,
        a_step_that_reads,
        other_address,
        another_resource,
        another_thing_in_the_cloud,
        no_longer_protected,
        deleted_instead,
        nothing_at_all,
    ],
)
def test_a_preview_that_would_do_something_else_is_another(
    edit: Callable[[list[Step]], object],
) -> None:
    assert digest(changed(edit)) != digest(RECORDED)


def other_order(steps: list[Step]) -> None:
    steps.reverse()


def other_times(steps: list[Step]) -> None:
    for step in steps:
        for side in ("oldState", "newState"):
            if side in step:
                step[side]["modified"] = "2030-01-01T00:00:00Z"
                step[side]["sequenceNumber"] = 99
                step[side]["sourcePosition"] = "project:///elsewhere/build.py#1"
                step[side]["stackTrace"] = []


def a_name_made_up_anew(steps: list[Step]) -> None:
    inputs = acting(steps)["newState"]["inputs"]
    inputs["__defaults"] = ["madeUp"]
    inputs["madeUp"] = "gateway-1f2e3d4"


def dependencies_that_arrived_in_another_order(steps: list[Step]) -> None:
    for step in steps:
        states: tuple[dict[str, Any], ...] = (
            step.get("oldState") or {},
            step.get("newState") or {},
        )
        for state in states:
            state.get("dependencies", []).reverse()
            for urns in state.get("propertyDependencies", {}).values():
                urns.reverse()


def test_the_recording_has_dependencies_to_be_reordered() -> None:
    assert changed(dependencies_that_arrived_in_another_order) != RECORDED


def another_address_foreseen(steps: list[Step]) -> None:
    acting(steps)["newState"].setdefault("outputs", {})["ipAddress"] = "made up"


@pytest.mark.parametrize(
    "edit",
    [
        other_order,
        other_times,
        a_name_made_up_anew,
        another_address_foreseen,
        dependencies_that_arrived_in_another_order,
    ],
)
def test_what_means_nothing_makes_no_difference(edit: Callable[[list[Step]], object]) -> None:
    assert digest(changed(edit)) == digest(RECORDED)


def test_another_configuration_or_another_judge_is_another_preview() -> None:
    configured = {**RECORDED, "config": {"alicloud:region": "cn-shanghai"}}
    elsewhere = {
        **RECORDED,
        "config": {"alicloud:region": "cn-shanghai", "alicloud:protocol": "HTTP"},
    }
    seen = [
        digest(RECORDED),
        digest(configured),
        digest(elsewhere),
        digest(RECORDED, tier="development"),
        digest(RECORDED, files="0" * 64),
    ]
    assert len(set(seen)) == len(seen)


def test_what_stays_the_same_is_no_step() -> None:
    assert steps_of({"steps": [{"op": "same", "urn": "urn:pulumi:a::b::c::d"}]}) == []
    assert steps_of({}) == []
    assert len(steps_of(RECORDED)) > 3
