"""The schema of stack files: fresh, described in full, and of one mind with the program."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

import tools.schema
from facts.zones import REGIONS
from stack.file.tree import maps
from stack.file.yaml_file import YamlFile
from tools.schema import main, prices_schema, stack_schema
from topologies import TOPOLOGIES

ROOT = Path(__file__).resolve().parent.parent.parent
STACK_FILES = [*ROOT.glob("Pulumi.*.yaml"), *ROOT.glob("examples/**/Pulumi.*.yaml")]

Json = dict[str, Any]


@pytest.fixture(scope="module")
def schema() -> Json:
    return stack_schema()


@pytest.fixture(scope="module")
def validator(schema: Json) -> Draft7Validator:
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@pytest.fixture
def dev() -> Json:
    return copy.deepcopy(read(ROOT / "Pulumi.dev.yaml"))


def read(path: Path) -> Any:
    return json.loads(json.dumps(YamlFile.read(path).values))


def complaints(validator: Draft7Validator, values: Any) -> list[str]:
    errors: Iterator[Any] = validator.iter_errors(values)  # pyright: ignore[reportUnknownMemberType] - its stubs
    return [error.message for error in errors]


def fields(schema: Json, where: str = "") -> Iterator[tuple[str, Json]]:
    """Every field of a stack file, with its path."""
    for name, field in schema.get("properties", {}).items():
        yield f"{where}.{name}", field
        yield from fields(field, f"{where}.{name}")
    for name, definition in schema.get("definitions", {}).items():
        yield from fields(definition, name)


def test_the_schema_is_fresh() -> None:
    assert main(["--check"]) == 0


def test_a_stale_schema_is_refused_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "schemas" / "stack.schema.json"
    stale.parent.mkdir()
    stale.write_text("{}\n")
    monkeypatch.setattr(tools.schema, "FOLDER", stale.parent)
    assert main(["--check"]) == 1
    assert stale.read_text() == "{}\n"
    assert "schemas/prices.schema.json is stale" in capsys.readouterr().err
    assert main([]) == 0
    stale.write_text("{}\n")
    assert main(["--check"]) == 1
    assert "schemas/stack.schema.json is stale" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_our_stack_files_pass(path: Path, validator: Draft7Validator) -> None:
    assert complaints(validator, read(path)) == []


def test_our_prices_pass_the_schema_of_prices() -> None:
    schema = prices_schema()
    Draft7Validator.check_schema(schema)
    check = Draft7Validator(schema)
    assert complaints(check, read(ROOT / "examples" / "prices.yaml")) == []
    assert complaints(check, {"currency": "CNY", "prices": {"natGatway": {"price": 1}}})


@pytest.mark.parametrize("made", [stack_schema, prices_schema])
def test_every_field_is_described_on_one_line(made: Callable[[], Json]) -> None:
    described = dict(fields(made()))
    assert len(described) > 40
    bad = [
        where
        for where, field in described.items()
        if not field.get("description") or "\n" in field["description"]
    ]
    assert bad == []


def test_every_field_has_an_example_that_it_takes(schema: Json) -> None:
    for where, field in fields(schema):
        if where == ".config":
            continue
        check = Draft7Validator({**field, "definitions": schema["definitions"]})
        assert field["examples"], where
        for example in field["examples"]:
            assert complaints(check, example) == [], where


def test_every_topology_is_offered(schema: Json) -> None:
    config = schema["properties"]["config"]["properties"]
    one, several = config["alicloud-gateways:topology"]["anyOf"]
    names = sorted(topology.name for topology in TOPOLOGIES)
    assert one["enum"] == several["items"]["enum"] == names


def test_a_mistake_in_a_section_that_may_stay_empty_is_reported_where_it_is(
    validator: Draft7Validator, dev: Json
) -> None:
    section(dev)["publicIps"]["ip1"] = {"spair": True}
    errors: Iterator[Any] = validator.iter_errors(dev)  # pyright: ignore[reportUnknownMemberType] - its stubs
    [error] = errors
    assert list(error.absolute_path)[-1] == "ip1"
    assert "'spair' was unexpected" in error.message


def test_no_field_is_a_choice_between_something_and_nothing(schema: Json) -> None:
    choices = [part["anyOf"] for _, part in maps(schema) if "anyOf" in part]
    assert len(choices) > 20
    assert [choice for choice in choices if {"type": "null"} in choice] == []


def test_a_section_that_is_needed_elsewhere_is_marked_where_it_is_wrong(
    validator: Draft7Validator, dev: Json
) -> None:
    dev["config"]["alicloud-gateways:topology"] = "unified-egress"
    unified: Json = {"natGateway": {"vswitsh": "apps"}, "publicIps": {"out": None}}
    unified |= {"egress": {"apps": {"vswitch": "apps", "publicIps": ["out"]}}}
    dev["config"]["alicloud-gateways:unifiedEgress"] = unified
    (complaint,) = complaints(validator, dev)
    assert "'vswitsh' was unexpected" in complaint
    unified["natGateway"] = None
    assert complaints(validator, dev) == []


def test_an_enumeration_that_may_stay_empty_lists_what_it_takes(
    validator: Draft7Validator, dev: Json, schema: Json
) -> None:
    field = schema["definitions"]["PortMappingSettings"]["properties"]["protocol"]
    assert field["enum"] == ["any", "tcp", "udp", None]
    for value, wrong in ((None, False), ("udp", False), ("icmp", True)):
        section(dev)["portMappings"]["web"]["protocol"] = value
        assert bool(complaints(validator, dev)) is wrong


def test_it_has_a_name_that_doesnt_depend_on_where_it_lies(schema: Json) -> None:
    assert schema["$id"] == "urn:alicloud-gateways:stack-file"


OFFERED = {
    "VSwitchSettings.zone": ("cn-shanghai-b", "ap-southeast-1a", "cn-nanjing-a"),
    "OtherNetworkSettings.region": ("cn-hangzhou", "eu-central-1"),
    "DataCenterSettings.region": ("cn-hangzhou", "eu-central-1"),
    "LinkSettings.regions": ("cn-hangzhou", "eu-central-1"),
    "stack__network__InstanceSettings.type": ("ecs.g7.large", "ecs.t6-c1m1.large"),
}


@pytest.mark.parametrize("where", OFFERED)
def test_known_regions_zones_and_types_are_offered_and_others_are_taken(
    where: str, schema: Json
) -> None:
    definition, _, name = where.partition(".")
    field = schema["definitions"][definition]["properties"][name]
    field = field.get("items", field)
    assert set(OFFERED[where]) <= set(field["examples"])
    assert "enum" not in field


def test_every_region_is_offered_for_the_stack_itself(schema: Json) -> None:
    region = schema["properties"]["config"]["properties"]["alicloud:region"]
    assert region["examples"][0] == "cn-shanghai"
    assert {*REGIONS} == {*region["examples"]}


def test_every_definition_is_used(schema: Json) -> None:
    text = json.dumps(schema)
    unused = [name for name in schema["definitions"] if f'"#/definitions/{name}"' not in text]
    assert unused == []


def section(values: Json) -> Json:
    return values["config"]["alicloud-gateways:sharedBandwidth"]


def network(values: Json) -> Json:
    return values["config"]["alicloud-gateways:network"]


GOOD: dict[str, Callable[[Json], object]] = {
    "an address with nothing said": lambda f: section(f)["publicIps"].update(ip6=None),
    "a list of topologies": lambda f: f["config"].update(
        {"alicloud-gateways:topology": ["shared-bandwidth"]}
    ),
    "another provider's config": lambda f: f["config"].update({"aws:region": "eu-west-1"}),
    "another key of the provider": lambda f: f["config"].update({"alicloud:profile": "ops"}),
    "Pulumi's own keys": lambda f: f.update(encryptionsalt="v1:x", environment=["shop/dev"]),
    "arguments of the provider": lambda f: section(f)["natGateway"].update(
        arguments={"icmpReplyEnabled": False, "eipBindMode": "NAT", "accessMode": {}}
    ),
    "a range of ports": lambda f: section(f)["portMappings"]["web"].update(port="9000-9010"),
}

BAD: dict[str, Callable[[Json], object]] = {
    "an unknown key of ours": lambda f: f["config"].update({"alicloud-gateways:topolgy": "x"}),
    "an unknown key at the top": lambda f: f.update(confg={}),
    "no config": lambda f: f.pop("config"),
    "no topology": lambda f: f["config"].pop("alicloud-gateways:topology"),
    "an unknown topology": lambda f: f["config"].update({"alicloud-gateways:topology": "nope"}),
    "a topology without its section": lambda f: f["config"].pop(
        "alicloud-gateways:sharedBandwidth"
    ),
    "a listed topology without its section": lambda f: f["config"].update(
        {
            "alicloud-gateways:topology": ["shared-bandwidth"],
            "alicloud-gateways:sharedBandwidth": None,
        }
    ),
    "a number in quotes": lambda f: section(f).update(bandwidth="150"),
    "a port that isn't one": lambda f: section(f)["portMappings"]["web"].update(port=70000),
    "a mapping without a host": lambda f: section(f)["portMappings"]["web"].pop("host"),
    "a mapping with nothing said": lambda f: section(f)["portMappings"].update(web=None),
    "a mistyped key": lambda f: section(f)["portMappings"]["web"].update(protokol="tcp"),
    "a protocol in capitals": lambda f: section(f)["portMappings"]["web"].update(protocol="TCP"),
    "a name with a space": lambda f: network(f)["hosts"].update(
        {"a b": {"ip": "192.168.1.9", "vswitch": "apps"}}
    ),
    "no vSwitch": lambda f: network(f).update(vswitches={}),
    "an argument that the provider doesn't know": lambda f: section(f)["natGateway"].update(
        arguments={"acessMode": {}}
    ),
    "an argument that is the program's": lambda f: section(f)["natGateway"].update(
        arguments={"vswitchId": "vsw-1"}
    ),
    "a value that the provider doesn't take": lambda f: section(f)["natGateway"].update(
        arguments={"eipBindMode": "nat"}
    ),
    "too many lanes": lambda f: section(f)["natGateway"].update(lanes=6),
}


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD)
def test_what_the_program_takes_passes(
    change: Callable[[Json], object], dev: Json, validator: Draft7Validator
) -> None:
    change(dev)
    assert complaints(validator, dev) == []


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_a_mistake_is_marked(
    change: Callable[[Json], object], dev: Json, validator: Draft7Validator
) -> None:
    change(dev)
    assert complaints(validator, dev)
