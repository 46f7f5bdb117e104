"""A stack that is made less than it was: the guard tells it, whatever else changes."""

import json
from typing import Any

import pytest

from judging.guard import findings
from judging.preview import Preview
from judging.reading import preview_of
from tests.guard.previews import ids

ROOT_STACK = "pulumi:pulumi:Stack"
URN = f"urn:pulumi:prod::alicloud-gateways::{ROOT_STACK}::alicloud-gateways-prod"
LOWERED = ["lower-tier:alicloud-gateways-prod"]


def preview(deployed: str | None, config: dict[str, Any] | None, op: str = "same") -> Preview:
    outputs = {} if deployed is None else {"tier": deployed}
    state = {"urn": URN, "type": ROOT_STACK, "custom": False}
    root = {"op": op, "urn": URN, "oldState": {**state, "outputs": outputs}, "newState": state}
    return preview_of(json.dumps({"config": config, "steps": [root], "changeSummary": {op: 1}}))


@pytest.mark.parametrize(
    ("deployed", "said", "told"),
    [
        ("production", "staging", LOWERED),
        ("production", "development", LOWERED),
        ("staging", "development", LOWERED),
        ("staging", "staging", []),
        ("staging", "production", []),
        ("development", "development", []),
        (None, "development", []),
        # What nobody can read is as little as can be.
        ("production", "[secret]", LOWERED),
        ("production", "Production", LOWERED),
    ],
)
@pytest.mark.parametrize("op", ["same", "update"])
def test_a_lesser_tier_than_the_deployed_one_is_found(
    deployed: str | None, said: str, told: list[str], op: str
) -> None:
    judged = preview(deployed, {"alicloud-gateways:tier": said}, op)
    assert [one.id for one in findings(judged)] == told


@pytest.mark.parametrize("config", [None, {}, {"shop:tier": "production"}])
def test_a_tier_that_is_left_out_is_a_lesser_one(config: dict[str, Any] | None) -> None:
    (found,) = findings(preview("production", config))
    assert found.what == "makes a production stack a development one"


def test_a_first_deployment_lowers_nothing() -> None:
    assert ids() == []
