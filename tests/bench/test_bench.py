"""The bench: two programs that register the same, and what it makes of their costs."""

import dataclasses
import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import MOST_RATIO, Row, Run
from bench.bare import run_bare
from bench.one_run import NAMESPACE, REGION, STACK, settings, write_stack_file
from sandbox.cloud import Store
from stack.stack_file import StackFile
from tests.docs.pages import ROOT
from tests.example_stacks import unexpected
from tests.mocked_cloud import Cloud, Registered, Registration, run
from tests.program.test_program import run_program
from topologies import TOPOLOGIES


def runs(*cpu: float) -> tuple[Run, ...]:
    return tuple(Run(seconds, seconds * 2) for seconds in cpu)


def grown(*cpu: float) -> Row:
    row = None
    for size, seconds in zip((10, 100, 1000), cpu, strict=True):
        row = Row("growing", size, runs(seconds), before=row)
    assert row is not None
    return row


def said(made: Registered) -> dict[str, dict[str, Any]]:
    """What the engine would hear of each resource, with all that comes before it.

    Components don't count: they are part of our cost. What one waits for, its children wait for.
    """
    by_name = {one.name: one for one in made.all}
    resources = {one.name for one in made.resources}

    def before(one: Registration) -> set[str]:
        names = set[str]()
        for name in (*one.after, one.parent):
            if name in by_name:
                names |= before(by_name[name]) | ({name} & resources)
        return names

    return {
        one.name: {
            "type": one.type,
            "inputs": one.inputs,
            "options": (
                one.request.deleteBeforeReplace,
                one.request.protect,
                [*one.request.ignoreChanges],
            ),
            "before": before(one),
        }
        for one in made.resources
    }


class CloudByNumber(Cloud):
    """Hands out addresses by the numbers in names: what precedes them isn't the same in both."""

    def number(self, name: str) -> int:
        return int(re.sub(r"\D", "", name) or 0)


def test_both_programs_register_the_same_resources(tmp_path: Path) -> None:
    config = {f"{NAMESPACE}:{key}": value for key, value in settings(5).items()}
    ours = said(run_program({"alicloud:region": REGION, **config}, tmp_path, CloudByNumber()))
    bare = said(run(lambda: run_bare(settings(5)), cloud=CloudByNumber()))
    assert sum(one["type"].endswith(":ForwardEntry") for one in bare.values()) == 5
    assert ours == bare


@pytest.mark.parametrize("size", [0, 1, 20, 1000])
def test_a_stack_file_has_as_many_mappings_as_asked_for_and_breaks_no_rule(
    tmp_path: Path, size: int
) -> None:
    read = StackFile(write_stack_file(size, tmp_path), STACK, TOPOLOGIES).settings
    assert len(read.sections["shared-bandwidth"].model_dump()["port_mappings"]) == size
    assert unexpected(read.warnings) == [] or size < 20  # addresses that nothing uses


def test_a_stack_file_holds_an_entry_a_line(tmp_path: Path) -> None:
    text = write_stack_file(3, tmp_path).read_text()
    assert "app00001: {publicIp: ip02, port: 30002, protocol: tcp, host: ecs02}\n" in text


def test_a_ratio_is_taken_pair_by_pair() -> None:
    row = Row("a", 10, runs(1.0, 4.0, 3.0), runs(1.0, 2.0, 2.0))
    assert [ratio.cpu for ratio in row.ratios] == [1.0, 2.0, 1.5]


def test_a_pair_that_lost_its_partner_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        _ = Row("a", 10, runs(1.0, 2.0), runs(1.0)).ratios


def test_the_cost_of_a_mapping_leaves_out_what_starting_costs() -> None:
    assert grown(1.0, 1.9, 10.9).each == [pytest.approx(0.01)]


def test_growth_in_step_with_the_number_is_at_most_one_and_within_limits() -> None:
    row = grown(0.1, 1.0, 10.0)
    assert row.growth == pytest.approx(1.0)
    assert row.missed == []


def test_growth_in_step_with_the_square_is_missed_in_spite_of_what_starting_costs() -> None:
    row = grown(*(1 + n * n / 10_000 for n in (10, 100, 1000)))
    assert row.growth == pytest.approx(5.05)
    assert row.missed == ["growth 5.0 > 2.5"]


def test_a_ratio_just_above_the_limit_is_missed_and_one_at_the_limit_is_not() -> None:
    at = Row("a", 10, runs(MOST_RATIO), runs(1.0))
    assert at.missed == []
    assert dataclasses.replace(at, ours=runs(1.12)).missed == ["ratio 1.12 > 1.10"]


def test_a_measurement_may_have_a_limit_of_its_own() -> None:
    row = Row("a", 10, runs(0.6), runs(1.0), most_ratio=0.5)
    assert row.missed == ["ratio 0.60 > 0.50"]
    assert dataclasses.replace(row, ours=runs(0.5)).missed == []


def test_a_limit_in_seconds_goes_by_the_median_run() -> None:
    assert Row("a", None, runs(0.5, 0.6, 9.0), most_seconds=1.0).missed == []
    assert Row("a", None, runs(0.5, 1.2, 1.1), most_seconds=1.0).missed == ["1.10 s >= 1 s"]


@pytest.mark.parametrize("server", ["ours", "moto"])
def test_a_server_answers_every_call_of_the_bench(server: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.api_calls", server, "3", "12", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout).keys() == {"reads", "creates", "megabytes"}
    for file in tmp_path.rglob("cloud.db"):
        with closing(Store(file)) as store:
            assert len(store.all("vpc")) == 12


def test_the_inventory_that_is_measured_is_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.inventory", "60", "3", "0", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout)["wall"] > 0
