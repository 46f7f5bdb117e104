"""The Pulumi package's schema: every component, with words for everything, and nothing vague."""

import json
from typing import Any

import components as c
from components import _provider
from tests.docs.pages import ROOT
from tools.reference import LIBRARY, SCHEMA, classes_of, package_schema

KEPT: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
PREFIX = "alicloud-gateways:index:"


def test_the_kept_schema_is_what_the_code_says_now() -> None:
    assert package_schema(classes_of(LIBRARY)) == KEPT, "make docs"


def test_it_has_every_component() -> None:
    names = {f"{PREFIX}{one.__name__}" for one in _provider.components()}
    assert KEPT["resources"].keys() == names
    assert f"{PREFIX}PortMappings" in names
    assert all(one["isComponent"] for one in KEPT["resources"].values())


def test_everything_is_described_and_has_a_type() -> None:
    assert "pulumi.json#/Any" not in SCHEMA.read_text("utf-8")
    for token, one in {**KEPT["resources"], **KEPT["types"]}.items():
        assert one["description"], token
        for part in {"inputProperties", "properties"} & one.keys():
            for key, property_ in one[part].items():
                assert property_["description"], f"{token}.{key}"
                assert property_.keys() & {"type", "$ref"}, f"{token}.{key}"


def test_a_required_argument_is_required_there_and_outputs_have_their_names() -> None:
    mappings = KEPT["resources"][f"{PREFIX}PortMappings"]
    assert sorted(mappings["requiredInputs"]) == ["forwardTableId", "mappings"]
    entry = mappings["inputProperties"]["mappings"]["additionalProperties"]["$ref"]
    assert entry == f"#/types/{PREFIX}PortMappingArgs"
    assert mappings["properties"]["entryIds"]["additionalProperties"]["type"] == "string"
    assert c.PortMappings in _provider.components()


def test_the_plugin_s_folder_installs_itself() -> None:
    lines = (ROOT / "components" / "requirements.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["."]
