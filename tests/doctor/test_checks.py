"""Each check says what is wrong, how bad it is and what to do, and is silent where all is well."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.machines import STACK, WELL, told
from tools.doctor.__main__ import lines_of
from tools.doctor.checks import NEWEST_PYTHON, Level
from tools.doctor.machine import Backend, Engine, Machine, Package, Sandbox


def lines(machine: Machine) -> list[tuple[str, str]]:
    found = list(lines_of(machine))
    assert all(bool(line.remedy) == (line.level is not Level.OK) for line in found)
    return told(found)


def test_a_machine_on_which_all_is_well_has_nothing_to_tell() -> None:
    assert lines(WELL) == []


def test_an_old_python_is_a_problem() -> None:
    assert lines(replace(WELL, python=(3, 10, 9))) == [("problem", "3.10.9")]


def test_a_python_that_is_newer_than_the_tested_ones_is_a_warning() -> None:
    newest = ".".join(map(str, NEWEST_PYTHON))
    assert lines(replace(WELL, python=(*NEWEST_PYTHON, 99))) == []
    newer = (NEWEST_PYTHON[0], NEWEST_PYTHON[1] + 1, 2)
    (line,) = [one for one in lines_of(replace(WELL, python=newer)) if one.subject == "Python"]
    assert line.level is Level.WARNING
    assert f"newer than the tests have been run on ({newest})" in line.said
    assert f"PYTHON=python{newest}" in line.remedy


def test_packages_that_are_missing_are_counted_and_the_first_are_named() -> None:
    missing = tuple(Package(name, "1", None) for name in ("a", "b", "c", "d", "e"))
    assert lines(replace(WELL, packages=missing)) == [
        ("problem", "not installed: a, b, c and 2 more")
    ]


def test_another_version_than_the_locked_one_is_a_warning() -> None:
    other = (Package("pulumi", "3.272.0", "3.280.0"),)
    assert lines(replace(WELL, packages=other)) == [("warning", "pulumi 3.280.0, locked 3.272.0")]


def test_of_many_other_versions_those_of_pulumi_are_named() -> None:
    names = ("a", "b", "c", "pulumi-alicloud", "pulumi")
    other = tuple(Package(name, "1", "2") for name in names)
    ((level, said),) = lines(replace(WELL, packages=other))
    assert level == "warning"
    told = "pulumi-alicloud 2, locked 1, pulumi 2, locked 1, a 2, locked 1 and 2 more"
    assert said == told


def test_an_engine_and_a_cli_that_are_newer_than_the_tested_one_are_warnings() -> None:
    newer = Engine("from the PATH", version="3.299.0", tested="3.276.0")
    machine = replace(WELL, engines=(newer,), cli=newer)
    said = "3.299.0, from the PATH: newer than the tests have been run on (3.276.0)"
    assert lines(machine) == [("warning", f"Pulumi {said}"), ("warning", said)]
    (engine,) = [line for line in lines_of(machine) if line.subject == "Engine"]
    assert "Pulumi 3.276.0" in engine.remedy


def test_without_an_engine_it_says_what_the_first_run_will_do() -> None:
    old = Engine("from the PATH", reason="it is version 3.1.0")
    machine = replace(WELL, engines=(old, Engine("from the cache")), go="1.26.6 or newer")
    (line,) = [line for line in lines_of(machine) if line.subject == "Engine"]
    assert line.level is Level.WARNING
    assert line.said == "none yet (from the PATH: it is version 3.1.0)"
    assert "with Go 1.26.6 or newer" in line.remedy


def test_an_engine_that_is_named_and_cannot_be_used_stops_everything() -> None:
    named = Engine("named by ALICLOUD_GATEWAYS_ENGINE", reason="there is no such executable")
    assert lines(replace(WELL, engines=(named,))) == [
        ("problem", "named by ALICLOUD_GATEWAYS_ENGINE: there is no such executable")
    ]


def test_the_provider_is_missed_only_by_who_has_a_cli_of_their_own() -> None:
    said = "alicloud 4.0.0 isn't downloaded; there is 3.9.0"
    other = replace(WELL, plugins=("3.9.0",))
    assert lines(other) == [("warning", said)]
    without = replace(other, cli=Engine("none on the PATH", reason="the sandbox does without"))
    assert lines(without) == [("warning", "none on the PATH: the sandbox does without")]


@pytest.mark.parametrize(
    ("change", "level", "said"),
    [
        ({"problems": 3}, "problem", "Pulumi.prod.yaml has 3 problems"),
        ({"warnings": 1}, "warning", "Pulumi.prod.yaml passes, with 1 warning"),
        ({"unreadable": "yaml isn't installed"}, "problem", "yaml isn't installed"),
        ({"region": None}, "problem", "the provider would take cn-beijing"),
        ({"regions": ("xx-nowhere",)}, "warning", "xx-nowhere: no region that is known here"),
        ({"router_regions": ("ap-south-1",)}, "warning", "transit routers in ap-south-1"),
        ({"function_regions": ("me-east-1",)}, "warning", "functions' networks in me-east-1"),
    ],
)
def test_a_stack_file_is_judged_with_its_places(
    change: dict[str, object], level: str, said: str
) -> None:
    ((found, text),) = lines(replace(WELL, stacks=(replace(STACK, **change),)))  # pyright: ignore[reportArgumentType] - fields by name
    assert found == level
    assert said in text


def test_how_to_see_a_files_problems_is_said_as_make_takes_it() -> None:
    elsewhere = replace(STACK, file=Path("examples/shop.yaml"), problems=1)
    for one, remedy in ((replace(STACK, problems=1), "STACK=prod"), (elsewhere, "CONFIG=examples")):
        (line,) = [x for x in lines_of(replace(WELL, stacks=(one,))) if x.level is Level.PROBLEM]
        assert f"make plan {remedy}" in line.remedy


def test_the_environments_region_counts_where_the_file_says_none() -> None:
    machine = replace(WELL, stacks=(replace(STACK, region=None),), region="cn-hangzhou")
    assert lines(machine) == [("warning", "the environment's, cn-hangzhou")]


@pytest.mark.parametrize("name", ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
def test_a_stack_with_encrypted_secrets_needs_its_passphrase(name: str) -> None:
    salted = replace(WELL, stacks=(replace(STACK, encrypted="encryptionsalt"),))
    assert lines(salted) == [
        ("problem", "none, and secrets of prod are encrypted with one"),
    ]
    assert lines(replace(salted, variables=WELL.variables | {name})) == []
    assert lines(replace(WELL, stacks=(replace(STACK, encrypted="secretsprovider"),))) == []


@pytest.mark.parametrize(
    ("backend", "level", "said"),
    [
        (Backend("PULUMI_BACKEND_URL", ""), "problem", "isn't the address of one"),
        (Backend("PULUMI_BACKEND_URL", "s3", has_password=True), "problem", "password"),
        (Backend("PULUMI_BACKEND_URL", "s3", forces_path_style=True), "warning", "path-style"),
        (Backend("pulumi login", "file"), "warning", "on this machine alone"),
    ],
)
def test_a_backend_is_judged_by_the_form_of_its_address(
    backend: Backend, level: str, said: str
) -> None:
    ((found, text),) = lines(replace(WELL, backend=backend))
    assert found == level
    assert said in text


def test_a_sandbox_that_a_killed_run_left_can_be_recovered() -> None:
    left = Sandbox("dev", "STACK=dev", locked=True, pending=2)
    (line,) = [x for x in lines_of(replace(WELL, sandboxes=(left,))) if x.subject == "Sandbox dev"]
    assert line.said == "a run that was killed left a lock and 2 operations without an end"
    assert line.remedy == "make recover STACK=dev"


def test_a_sandbox_at_work_and_one_at_rest() -> None:
    at_work = Sandbox("dev", "STACK=dev", owner=4711, locked=True)
    assert lines(replace(WELL, sandboxes=(at_work,))) == [
        ("warning", "process 4711 is at work on it")
    ]
    assert lines(replace(WELL, sandboxes=(Sandbox("dev", "STACK=dev"),))) == []
