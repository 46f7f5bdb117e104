"""Random lives of stacks of every topology; `make lives SECONDS=600` lives longer, and others."""

from pathlib import Path

import pytest

from tests.example_stacks import name_of
from tests.lifecycle.conftest import Stack
from tests.lives.living import STARTS, Life, Told

pytestmark = pytest.mark.engine

EDITS = 2
NAMES = (
    *("dev", "created-hosts", "shared-gateway", "own-gateway", "hybrid", "transit-router", "basic"),
    *("kubernetes", "grey-release", "serverless"),
)
SEEDS = {file: number for number, file in enumerate(STARTS) if file.stem[7:] in NAMES}


def test_a_life_begins_with_every_topology() -> None:
    assert len(SEEDS) == len(NAMES)


@pytest.mark.parametrize("start", SEEDS, ids=name_of)
def test_random_edits_are_refused_beforehand_or_end_well(stack: Stack, start: Path) -> None:
    told = Told()
    life = Life(stack, start, SEEDS[start], told)
    while told.steps < EDITS:
        life.step()
    life.end()
