"""Topologies as the loader sees them: files that a section names, and packages on demand."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import Field

from stack.claims import Holdings
from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.model import Model
from stack.outputs import Reach
from stack.problems import Problem, StackFileError
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.topology import Expanded, Topology, TopologyParts
from tests.stackfiles import where

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = "topology_of_tests"


class Door(Model):
    """An entry that may lead to another one."""

    leads_to: str | None = None


class Doors(Model):
    """A section with entries of its own and such of a file, one word a line."""

    file: str | None = None
    doors: dict[str, Door] = Field(default_factory=dict[str, Door], examples=[{}])


def with_doors(section: Doors, folder: Path) -> Expanded[Doors]:
    """A door for each line; an empty line is a problem, a long one a warning."""
    if section.file is None:
        return Expanded(section)
    path = ("doors", "file")
    lines = (folder / section.file).read_text(encoding="utf-8").splitlines()
    door = Door.model_validate({"leadsTo": "front"})
    doors = dict.fromkeys(filter(None, lines), door) | section.doors
    return Expanded(
        section.model_copy(update={"doors": doors}),
        tuple(
            Problem(path, n, "it is empty", "fill it") for n, line in enumerate(lines) if not line
        ),
        tuple(Problem(path, line, "it is long", "cut it") for line in lines if len(line) > 5),
    )


def door_problems(_settings: StackSettings, section: Doors) -> Iterator[Problem]:
    """A door leads to a door."""
    for key, door in section.doors.items():
        if door.leads_to is not None and door.leads_to not in section.doors:
            place = ("doors", "doors", door.leads_to)
            yield Problem(("doors", "doors", key), None, "no such door", "add it", missing=place)


@pytest.fixture
def topologies(monkeypatch: pytest.MonkeyPatch) -> tuple[Topology, ...]:
    """Two topologies whose package is found by name, and one whose package is nowhere."""
    package = ModuleType(PACKAGE)
    package.__dict__["PARTS"] = TopologyParts(
        model=Doors,
        problems=door_problems,
        warnings=lambda _settings, _section: iter(()),
        reach=lambda _settings, _section: Reach(),
        holdings=lambda _settings, _section, _state: Holdings(),
        needs_network=False,
        expand=with_doors,
    )
    monkeypatch.setitem(sys.modules, PACKAGE, package)
    return (
        Topology("doors", "doors", PACKAGE),
        Topology("other", "other", PACKAGE),
        Topology("none", "none", "no_such_package"),
    )


Load = Callable[..., StackSettings]


@pytest.fixture
def load(tmp_path: Path, topologies: tuple[Topology, ...]) -> Load:
    """The settings of a section beside a file."""

    def settings(section: str, lines: str = "side\n", topology: str = "doors") -> StackSettings:
        (tmp_path / "doors.txt").write_text(lines, encoding="utf-8")
        text = (
            "config:\n"
            f"  alicloud-gateways:topology: {topology}\n"
            f"  alicloud-gateways:doors: {section}\n"
        )
        file = YamlFile(tmp_path / "Pulumi.dev.yaml", text)
        return StackFile(Source.of(file), "dev", topologies).settings

    return settings


def refused(load: Load, section: str, lines: str = "side\n") -> list[Problem]:
    with pytest.raises(StackFileError) as error:
        load(section, lines)
    return list(error.value.problems)


def doors_of(settings: StackSettings) -> list[str]:
    section = settings.sections["doors"]
    assert isinstance(section, Doors)
    return sorted(section.doors)


def test_settings_have_what_the_file_says_beside_the_stack_file(load: Load) -> None:
    assert doors_of(load("{file: doors.txt, doors: {front: {}}}")) == ["front", "side"]


def test_rules_judge_what_the_file_says(load: Load) -> None:
    (problem,) = refused(load, "{file: doors.txt}")
    assert (where(problem), problem.rule) == ("doors.doors.side", "no such door")


def test_an_entry_of_the_stack_file_may_lead_to_one_of_the_file(load: Load) -> None:
    doors_of(load("{file: doors.txt, doors: {front: {leadsTo: side}}}"))


def test_what_is_wrong_with_the_file_is_told_with_everything_else(load: Load) -> None:
    section = "{file: doors.txt, doors: {front: {}, back: {leadsTo: nowhere}}}"
    found = refused(load, section, "side\n\n")
    assert [(where(one), one.value) for one in found] == [
        ("doors.file", 1),
        ("doors.doors.back", None),
    ]
    assert all(one.line == 3 for one in found)


def test_what_the_file_is_warned_about_is_told_at_its_place(load: Load) -> None:
    (warning,) = load("{file: doors.txt, doors: {front: {}}}", "basement\n").warnings
    assert (where(warning), warning.value, warning.line) == ("doors.file", "basement", 3)


def test_an_entry_that_cant_be_read_isnt_missed_by_the_file(load: Load) -> None:
    """`front` is there, with a mistake: that it can't be found only follows from that."""
    (problem,) = refused(load, "{file: doors.txt, doors: {front: {bogus: 1}}}")
    assert where(problem) == "doors.doors.front.bogus"


def test_the_files_of_a_section_that_isnt_used_stay_closed(load: Load) -> None:
    settings = load("{file: nowhere.txt}", topology="other\n  alicloud-gateways:other: {}")
    assert list(settings.sections) == ["other"]
    assert [where(warning) for warning in settings.warnings] == ["doors"]


def test_the_package_of_a_topology_is_imported_only_where_its_section_is(load: Load) -> None:
    """The other topology's package doesn't exist, and nobody notices."""
    assert doors_of(load("{doors: {front: {}}}")) == ["front"]
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        load("{doors: {front: {}}}", topology="[doors, none]\n  alicloud-gateways:none: {}")


def modules_of(work: str) -> list[str]:
    """Which modules of the project a Python that does some work ends up with."""
    show = "print(*sorted(n for n in sys.modules if n.startswith(('topologies', 'jsonschema'))))"
    code = f"import sys\n{work}\n{show}"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split()


PLAN = """\
from tools.plan.plan import make_plan
from stack.target import target
from pathlib import Path
plan = make_plan(target(None, "{file}", Path()))
assert plan.resources and not plan.problems
"""


def test_a_stack_without_api_gateway_never_imports_it() -> None:
    found = modules_of(PLAN.format(file="Pulumi.dev.yaml"))
    assert "topologies.shared_bandwidth.build" in found
    assert not [name for name in found if "api_gateway" in name]
    assert not [name for name in found if "unified_egress.build" in name]


def test_an_api_gateway_without_documents_never_imports_their_reader() -> None:
    file = "examples/api-gateway/kubernetes/Pulumi.kubernetes.yaml"
    found = modules_of(PLAN.format(file=file))
    assert "topologies.api_gateway.build" in found
    assert not [name for name in found if name.startswith(("topologies.shared", "jsonschema"))]
    assert "topologies.api_gateway.openapi.imports" not in found


def test_judging_a_stack_file_imports_no_build() -> None:
    file = "examples/api-gateway/kubernetes/Pulumi.kubernetes.yaml"
    judge = (
        "from pathlib import Path\n"
        "from stack.stack_file import StackFile\n"
        "from topologies import TOPOLOGIES\n"
        f"StackFile(Path({file!r}), 'dev', TOPOLOGIES).settings\n"
        "assert 'pulumi' not in sys.modules"
    )
    assert not [name for name in modules_of(judge) if name.endswith((".build", ".builder"))]
