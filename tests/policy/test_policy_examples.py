"""Every stack file of the project passes the pack in its own tier; what it is told is known.

The program runs under mocks, and its registrations are judged as the engine would have them judged.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pulumi_policy import EnforcementLevel

from judging.preview import State
from policy.pack import RULES, judge
from stack.tiers import Tier
from tests.example_stacks import ROOT, STACK_FILES, built, name_of
from tests.mocked_cloud import Registration
from tests.policy.resources import urn

# What is advice in a tier, and would be mandatory or advice in production.
ADVICE: dict[str, dict[str, int]] = {
    "Pulumi.dev.yaml": {"nat-every-port": 2, "nat-risky-ports": 1},
    "Pulumi.staging.yaml": {"nat-risky-ports": 1},
    "examples/api-gateway/self-call/Pulumi.self-call.yaml": {"api-auth": 1, "api-https": 2},
    "examples/private-calls/across-regions/Pulumi.basic.yaml": {"api-auth": 1},
    "examples/private-calls/across-regions/Pulumi.transit-router.yaml": {"api-auth": 1},
    "examples/private-calls/same-region/Pulumi.same-region.yaml": {"api-auth": 1},
}


@cache
def states(file: Path) -> tuple[State, ...]:
    made = built(file).registered
    return tuple(state_of(one, made.outputs.get(one.name, {})) for one in made.all)


def state_of(one: Registration, outputs: Mapping[str, Any]) -> State:
    return State(
        urn=urn(one.type, one.name),
        type=one.type,
        inputs={**one.inputs, **({} if one.request.custom else outputs)},
        protect=one.request.protect,
        dependencies={
            key: tuple(urn_of(source) for source in sources.urns)
            for key, sources in one.request.propertyDependencies.items()
        },
    )


def urn_of(source: str) -> str:
    """The mocks' URN of a resource, without the types of its parents."""
    kind, name = source.split("::")[2:]
    return urn(kind.rpartition("$")[-1], name)


def levels(tier: Tier) -> dict[str, dict[str, Any]]:
    said = json.loads((ROOT / "policy" / f"{tier}.json").read_text("utf-8"))
    return {k: {"enforcementLevel": v} if isinstance(v, str) else v for k, v in said.items()}


def told(file: Path) -> Iterator[tuple[EnforcementLevel, str]]:
    """The level and the name of each rule that has something to say, each time that it has."""
    said = levels(built(file).settings.common.tier)
    for rule in RULES:
        values = dict(said[rule.id])
        level = EnforcementLevel(values.pop("enforcementLevel"))
        if level is EnforcementLevel.DISABLED:
            continue
        yield from [(level, rule.id) for _ in judge(rule, states(file), values)]


@pytest.mark.parametrize("file", STACK_FILES, ids=name_of)
def test_a_stack_file_of_the_project_passes_and_its_advice_is_known(file: Path) -> None:
    found = [*told(file)]
    assert [rule for level, rule in found if level is EnforcementLevel.MANDATORY] == []
    assert Counter(rule for _, rule in found) == Counter(ADVICE.get(name_of(file), {}))
