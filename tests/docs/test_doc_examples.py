"""The stack files that people copy from: they pass every rule, and the schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from stack.loader import settings_of_file
from stack.yaml_file import YamlFile
from tests.docs.pages import ROOT, links
from tools.target import stack_of
from topologies import TOPOLOGIES

STACKS = sorted(ROOT.glob("Pulumi.*.yaml"))
EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))
EACH = pytest.mark.parametrize(
    "file", [*STACKS, *EXAMPLES], ids=lambda file: file.relative_to(ROOT).as_posix()
)


@EACH
def test_a_stack_file_passes_every_rule_without_a_warning(file: Path) -> None:
    assert settings_of_file(file, stack_of(file), TOPOLOGIES).warnings == ()


@EACH
def test_its_first_line_leads_editors_to_the_schema_which_it_passes(file: Path) -> None:
    first = file.read_text("utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found
    schema = (file.parent / found[1]).resolve()
    assert schema == ROOT / "schemas" / "stack.schema.json"
    values = YamlFile.read(file).values
    jsonschema.validate(values, json.loads(schema.read_text("utf-8")))
    assert values == yaml.safe_load(file.read_text("utf-8"))


def test_every_example_is_listed_on_the_examples_page() -> None:
    listed = {link.partition("#")[0] for link in links(ROOT / "examples" / "README.md")}
    assert {file.relative_to(ROOT / "examples").as_posix() for file in EXAMPLES} == listed


def test_dev_staging_and_prod_have_the_same_doors_under_the_same_names() -> None:
    doors = {
        file.name: sorted(
            settings_of_file(file, stack_of(file), TOPOLOGIES)
            .sections["shared-bandwidth"]
            .model_dump()["port_mappings"]
        )
        for file in STACKS
    }
    assert len({tuple(names) for names in doors.values()}) == 1, doors
