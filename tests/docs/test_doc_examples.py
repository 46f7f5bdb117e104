"""The stack files that people copy from: they pass every rule, and the schema."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from stack.file.yaml_file import YamlFile
from stack.stack_file import StackFile
from stack.target import stack_of
from tests.docs.pages import ROOT, links
from tests.example_stacks import STACK_FILES, name_of, unexpected
from topologies import TOPOLOGIES

EXAMPLES = [file for file in STACK_FILES if file.parent != ROOT]
BESIDE = sorted(
    file
    for file in (ROOT / "examples").rglob("*")
    if file.suffix in {".yaml", ".json"} and file not in EXAMPLES
)
MANIFESTS = [file for file in BESIDE if file.parent.name == "kubernetes"]
EACH = pytest.mark.parametrize("file", STACK_FILES, ids=name_of)
SCHEMA = ROOT / "schemas" / "stack.schema.json"


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))


@EACH
def test_a_stack_file_passes_every_rule_with_no_warning_but_of_the_readers_own_servers(
    file: Path,
) -> None:
    assert not unexpected(StackFile(file, stack_of(file), TOPOLOGIES).settings.warnings)


@EACH
def test_its_first_line_leads_editors_to_the_schema_which_it_passes(
    file: Path, schema: jsonschema.Draft7Validator
) -> None:
    first = file.read_text("utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found
    assert (file.parent / found[1]).resolve() == SCHEMA
    values = YamlFile.read(file).values
    schema.validate(values)  # pyright: ignore[reportUnknownMemberType] - its stubs
    assert values == yaml.safe_load(file.read_text("utf-8"))


def test_every_example_is_listed_on_the_examples_page() -> None:
    listed = {link.partition("#")[0] for link in links(ROOT / "examples" / "README.md")}
    told = {file.relative_to(ROOT / "examples").as_posix() for file in EXAMPLES}
    assert told == {file for file in listed if re.search(r"(^|/)Pulumi\.[^/]+\.yaml$", file)}


@pytest.mark.parametrize("file", BESIDE, ids=name_of)
def test_what_stands_beside_an_example_is_explained_there(file: Path) -> None:
    assert file.name in links(file.parent / "README.md")


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.name)
def test_the_objects_of_a_manifest_find_each_other(file: Path) -> None:
    objects: dict[str, Any] = {
        one["kind"]: one for one in yaml.safe_load_all(file.read_text("utf-8"))
    }
    deployment, service = objects["Deployment"], objects["Service"]
    assert deployment["apiVersion"] == "apps/v1"
    assert service["apiVersion"] == "v1"
    pods = deployment["spec"]["template"]
    assert deployment["spec"]["selector"]["matchLabels"] == pods["metadata"]["labels"]
    assert service["spec"]["selector"] == pods["metadata"]["labels"]
    (container,), (port,) = pods["spec"]["containers"], service["spec"]["ports"]
    assert {"containerPort": port["targetPort"]} in container["ports"]
    if service["spec"]["type"] == "LoadBalancer":
        assert "intranet" in service["metadata"]["annotations"].values(), "else it is a public one"


def test_the_ingress_of_the_manifest_is_the_host_that_the_api_sends() -> None:
    (folder,) = {file.parent for file in MANIFESTS}
    values = yaml.safe_load((folder / "Pulumi.kubernetes.yaml").read_text("utf-8"))
    apis = values["config"]["alicloud-gateways:apiGateway"]["apis"]
    sent = {api["constants"]["host"]["value"] for api in apis.values() if "constants" in api}
    objects = yaml.safe_load_all((folder / "ingress.yaml").read_text("utf-8"))
    (ingress,) = [one for one in objects if one["kind"] == "Ingress"]
    assert {rule["host"] for rule in ingress["spec"]["rules"]} == sent


def test_dev_staging_and_prod_have_the_same_doors_under_the_same_names() -> None:
    doors = {
        file.name: sorted(
            StackFile(file, stack_of(file), TOPOLOGIES)
            .settings.sections["shared-bandwidth"]
            .model_dump()["port_mappings"]
        )
        for file in STACK_FILES
        if file.parent == ROOT
    }
    assert len({tuple(names) for names in doors.values()}) == 1, doors
