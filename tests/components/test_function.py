"""A function, and the role by which API Gateway may invoke it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import components as c
from components.function_code import function_code
from components.function_invoker import invoke_policy, trust_policy
from tests.components.api_builds import CODE, function, function_for_the_gateway
from tests.components.secrecy import is_secret
from tests.components.test_every_component import built
from tests.mocked_cloud import run, value_of

if TYPE_CHECKING:
    import pulumi

ARN = "acs:fc:cn-shanghai:123456789012:functions/lookup"


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


def test_a_function_is_what_it_is_told_to_be() -> None:
    inputs = built(function_for_the_gateway)["lookup-function"].inputs
    assert inputs["functionName"] == "phone-lookup"
    assert inputs["runtime"] == "python3.10"
    assert (inputs["memorySize"], inputs["cpu"], inputs["timeout"]) == (1024, 0.5, 10)
    assert inputs["role"] == "acs:ram::123456789012:role/lookup"
    assert inputs["internetAccess"] is False
    assert inputs["vpcConfig"] == {
        "vpcId": "vpc-1",
        "vswitchIds": ["vsw-1"],
        "securityGroupId": "sg-1",
    }


def test_its_code_comes_with_the_checksum_by_which_a_change_is_noticed() -> None:
    code = function_code(CODE)
    assert built(function)["lookup-function"].inputs["code"] == {
        "zipFile": code.zip_file,
        "checksum": code.checksum,
    }


def test_changed_code_is_another_input(tmp_path: Path) -> None:
    def code(text: str) -> object:
        (tmp_path / "index.py").write_text(text, encoding="utf-8")
        args: c.FunctionArgs = {"function_name": "f", "code": tmp_path, "handler": "index.handler"}
        return run(lambda: c.Function("f", args))["f-function"].inputs["code"]

    assert code("a = 1") != code("a = 2")


def test_a_secret_variable_stays_one_in_and_out() -> None:
    made = built(function_for_the_gateway)["lookup-function"]
    environment = made.inputs["environmentVariables"]
    assert is_secret(environment["APP_CODE"])
    assert environment["MODE"] == "fast"
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


def test_only_api_gateway_may_take_the_invoker_s_role() -> None:
    assert json.loads(trust_policy()) == {
        "Version": "1",
        "Statement": [
            {
                "Action": "sts:AssumeRole",
                "Effect": "Allow",
                "Principal": {"Service": ["apigateway.aliyuncs.com"]},
            }
        ],
    }


def test_the_invoker_may_invoke_this_function_and_nothing_else() -> None:
    assert json.loads(invoke_policy(ARN)) == {
        "Version": "1",
        "Statement": [{"Action": ["fc:InvokeFunction"], "Effect": "Allow", "Resource": [ARN]}],
    }


def test_the_invoker_s_policy_is_of_the_function_s_own_arn() -> None:
    made = built(function_for_the_gateway)
    policy = made["lookup-invoker-policy"]
    (statement,) = json.loads(policy.inputs["policyDocument"])["Statement"]
    (resource,) = statement["Resource"]
    assert resource.startswith("acs:fc:")
    assert resource.endswith("functions/phone-lookup")
    assert "lookup-function" in policy.after


def test_role_and_policy_are_bound_by_their_names() -> None:
    made = built(function_for_the_gateway)
    assert made["lookup-invoker"].inputs["roleName"] == "shop-lookup-invoker"
    assert made["lookup-invoker"].inputs["assumeRolePolicyDocument"] == trust_policy()
    assert made["lookup-invoker-policy"].inputs["policyName"] == "shop-lookup-invoker"
    attachment = made["lookup-invoker-attachment"]
    assert attachment.inputs == {
        "roleName": "shop-lookup-invoker",
        "policyName": "shop-lookup-invoker",
        "policyType": "Custom",
    }
    assert {"lookup-invoker", "lookup-invoker-policy"} <= attachment.after


def test_a_policy_that_was_changed_can_still_be_changed_and_deleted() -> None:
    inputs = built(function_for_the_gateway)["lookup-invoker-policy"].inputs
    assert inputs["rotateStrategy"] == "DeleteOldestNonDefaultVersionWhenLimitExceeded"
    assert inputs["force"] is True


def test_the_role_s_arn_is_known_once_the_role_allows_something() -> None:
    made: list[c.Function] = []

    def program() -> None:
        args: c.FunctionArgs = {
            "function_name": "lookup",
            "code": CODE,
            "handler": "index.handler",
            "invoker": {"role_name": "invoker", "policy_name": "invoke-lookup"},
        }
        made.append(c.Function("lookup", args))
        role = cast("pulumi.Output[str]", made[0].invoker_role_arn)
        after: c.FunctionArgs = {**args, "function_name": made[0].function_name, "role_arn": role}
        after.pop("invoker")
        c.Function("next", after)

    registered = run(program)
    assert "lookup-invoker-attachment" in registered["next-function"].after
    role_arn = registered["next-function"].inputs["role"]
    assert role_arn.startswith("acs:ram::")
    assert role_arn.endswith("role/invoker")
    assert value_of(made[0].function_name) == "lookup"
    assert value_of(made[0].function_arn).endswith("functions/lookup")


def test_without_an_invoker_there_is_no_role() -> None:
    made: list[c.Function] = []
    args: c.FunctionArgs = {"function_name": "f", "code": CODE, "handler": "index.handler"}
    registered = run(lambda: made.append(c.Function("f", args)))
    assert [one.kind for one in registered.resources] == ["V3Function"]
    assert made[0].invoker_role_arn is None
