"""The bench's stacks: as large as asked for, right by our own rules, and the same for both."""

import json
from pathlib import Path

import pytest

from bench.processes import output_of
from bench.registered import differences
from bench.workload import (
    CONFIG_FILE,
    LARGEST,
    STACK,
    STACK_FILE,
    stack_config,
    stack_file,
    workload,
    write_workload,
)
from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.stack_file import StackFile
from topologies import TOPOLOGIES


@pytest.mark.parametrize("size", [0, 1, 20, 1000])
def test_a_workload_has_as_many_mappings_as_asked_for_and_breaks_no_rule(
    tmp_path: Path, size: int
) -> None:
    write_workload(workload(size), tmp_path)
    settings = StackFile(tmp_path / STACK_FILE, STACK, TOPOLOGIES).settings
    section = settings.sections["shared-bandwidth"].model_dump()
    assert len(section["port_mappings"]) == size


def test_a_workload_in_use_gives_no_warnings(tmp_path: Path) -> None:
    write_workload(workload(20), tmp_path)
    assert StackFile(tmp_path / STACK_FILE, STACK, TOPOLOGIES).settings.warnings == ()


def test_the_largest_workload_still_has_a_port_for_each_mapping() -> None:
    assert workload(LARGEST).ways[-1].port == 65535
    with pytest.raises(ValueError, match="mappings, not"):
        workload(LARGEST + 1)


def test_mappings_are_named_in_the_order_in_which_they_are_created() -> None:
    names = [way.key for way in workload(1000).ways]
    assert names == sorted(names)


def test_the_stack_file_and_the_values_from_pulumi_say_the_same(tmp_path: Path) -> None:
    write_workload(workload(30), tmp_path)
    file = YamlFile.read(tmp_path / STACK_FILE)
    given = json.loads((tmp_path / CONFIG_FILE).read_text())
    values = {
        key.partition(":")[2]: json.loads(text) if text.startswith("{") else text
        for key, text in given.items()
    }
    from_pulumi = StackFile(Source(file, values), STACK, TOPOLOGIES).settings
    from_file = StackFile(tmp_path / STACK_FILE, STACK, TOPOLOGIES).settings
    assert from_pulumi.sections == from_file.sections
    assert from_pulumi.common == from_file.common


def test_a_stack_file_holds_an_entry_a_line() -> None:
    text = stack_file(stack_config(workload(3)))
    assert "      app00001: {publicIp: ip02, port: 30002, protocol: tcp, host: ecs02}\n" in text


def test_both_programs_register_the_same_resources(tmp_path: Path) -> None:
    write_workload(workload(5), tmp_path)
    ours, bare = (
        json.loads(output_of("bench.mocked", [program, "5", str(tmp_path), "--list"]))
        for program in ("ours", "bare")
    )
    assert sum(request["type"].endswith(":ForwardEntry") for request in bare) == 5
    assert differences(ours, bare) == []
