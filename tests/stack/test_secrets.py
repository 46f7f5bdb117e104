"""An encrypted value is never shown, neither as it is written nor decrypted."""

from typing import Any

import pytest

from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.problems import StackFileError, describe
from stack.stack_file import StackFile
from tests.stackfiles import (
    DEV,
    FILE,
    dev_stack,
    only_problem,
    problems_of,
    where,
)
from topologies import TOPOLOGIES

Settings = dict[str, Any]


# Encrypted values.


@pytest.mark.parametrize(
    "place",
    ["network", "network.vpc", "network.vpc.cidr", "sharedBandwidth.bandwidth", "tags", "tags.env"],
)
def test_an_encrypted_value_is_one_problem_that_doesnt_show_it(place: str) -> None:
    def edit(settings: Settings) -> None:
        *parents, last = place.split(".")
        for part in parents:
            settings = settings[part]
        settings[last] = {"secure": "v1:sesame:opened"}

    problem = only_problem(edit)
    assert where(problem) == place
    assert "encrypted" in problem.rule
    assert "sesame" not in describe(FILE, problem)


def test_a_value_that_pulumi_decrypted_isnt_shown_either() -> None:
    def edit(settings: Settings) -> None:
        settings["network"]["vpc"]["cidr"] = {"secure": "v1:x"}

    file = YamlFile(FILE, dev_stack(edit))
    values = _values_without_namespace(DEV)
    values["network"]["vpc"]["cidr"] = "sesame"
    with pytest.raises(StackFileError) as refusal:
        _ = StackFile(Source(file, values), "dev", TOPOLOGIES).settings
    (problem,) = refusal.value.problems
    assert problem.value == "[secret]"
    assert "sesame" not in str(refusal.value)


def test_a_map_around_a_decrypted_value_isnt_shown_either() -> None:
    text = dev_stack(lambda s: s.update(tags={"env": {"secure": "v1:x"}}))
    values = {**_values_without_namespace(DEV), "tags": ["sesame"]}
    with pytest.raises(StackFileError) as refusal:
        _ = StackFile(Source(YamlFile(FILE, text), values), "dev", TOPOLOGIES).settings
    assert "sesame" not in str(refusal.value)


@pytest.mark.parametrize(
    ("section", "key", "value", "secret"),
    [
        ("sharedBandwidth", "bandwidth", "471Mbps", "471"),
        ("sharedBandwidth", "natGateway", ["sesame"], "sesame"),
        ("network", "vswitches", ["sesame"], "sesame"),
    ],
)
def test_no_remedy_shows_a_decrypted_value(
    section: str, key: str, value: object, secret: str
) -> None:
    text = dev_stack(lambda s: s[section].update({key: {"secure": "v1:x"}}))
    values = _values_without_namespace(DEV)
    values[section][key] = value
    with pytest.raises(StackFileError) as refusal:
        _ = StackFile(Source(YamlFile(FILE, text), values), "dev", TOPOLOGIES).settings
    assert secret not in str(refusal.value)


def test_an_encrypted_value_of_another_namespace_is_its_own_business() -> None:
    edited = dev_stack(lambda s: s.update({"alicloud:secretKey": {"secure": "v1:x"}}))
    assert problems_of(edited) == ()


def _values_without_namespace(text: str) -> dict[str, Any]:
    config: Any = YamlFile(FILE, text).values
    return {key.removeprefix("alicloud-gateways:"): v for key, v in config["config"].items()}
