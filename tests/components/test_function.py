"""A function and its code."""

from pathlib import Path

import components as c
from components.function.function import function_code
from tests.components.api_builds import (
    CODE,
    function,
    function_in_a_group_of_its_own,
    function_in_a_vpc,
)
from tests.components.secrecy import is_secret
from tests.components.test_every_component import built
from tests.mocked_cloud import run, value_of


def test_a_function_runs_python_with_half_a_gigabyte_unless_told_otherwise() -> None:
    inputs = dict(built(function)["lookup-function"].inputs)
    assert inputs.pop("tags")
    assert inputs.pop("code")
    assert inputs == {
        "functionName": "lookup",
        "handler": "index.handler",
        "runtime": "python3.12",
        "memorySize": 512,
        "cpu": 0.35,
        "diskSize": 512,
        "timeout": 60,
        "environmentVariables": {},
        "internetAccess": True,
    }


def test_without_a_security_group_it_gets_one_that_lets_nothing_in() -> None:
    made = built(function_in_a_group_of_its_own)
    assert sorted(one.kind for one in made.resources) == ["SecurityGroup", "V3Function"]
    group = made["lookup-security-group"].inputs
    assert (group["vpcId"], group["securityGroupName"]) == ("vpc-1", "phone-lookup")
    config = made["lookup-function"].inputs["vpcConfig"]
    assert config["securityGroupId"] == "lookup-security-group-id"
    assert "lookup-security-group" in made["lookup-function"].after


def test_its_code_comes_with_the_checksum_by_which_a_change_is_noticed() -> None:
    code = function_code(Path(CODE))
    assert built(function)["lookup-function"].inputs["code"] == {
        "zipFile": code.zip_file,
        "checksum": code.checksum,
    }


def test_changed_code_is_another_input(tmp_path: Path) -> None:
    def code(text: str) -> object:
        (tmp_path / "index.py").write_text(text, encoding="utf-8")
        args: c.FunctionArgs = {
            "function_name": "f",
            "code": str(tmp_path),
            "handler": "index.handler",
        }
        return run(lambda: c.Function("f", args))["f-function"].inputs["code"]

    assert code("a = 1") != code("a = 2")


def test_a_secret_variable_stays_one_in_and_out() -> None:
    made = built(function_in_a_vpc)["lookup-function"]
    environment = made.inputs["environmentVariables"]
    assert is_secret(environment), "as a refresh writes it, or the guard would find some plain then"
    assert environment["value"]["MODE"] == "fast"
    assert list(made.request.additionalSecretOutputs) == ["environmentVariables"]


def test_variables_that_are_no_secret_can_be_read_in_a_preview() -> None:
    args: c.FunctionArgs = {
        "function_name": "f",
        "code": CODE,
        "handler": "index.handler",
        "environment": {"MODE": "fast"},
    }
    made = run(lambda: c.Function("f", args))["f-function"]
    assert not list(made.request.additionalSecretOutputs)


def test_apis_and_roles_get_its_name_and_arn() -> None:
    made: list[c.Function] = []
    args: c.FunctionArgs = {"function_name": "f", "code": CODE, "handler": "index.handler"}
    registered = run(lambda: made.append(c.Function("f", args)))
    assert [one.kind for one in registered.resources] == ["V3Function"]
    assert value_of(made[0].function_name) == "f"
    assert value_of(made[0].function_arn).endswith("functions/f")
