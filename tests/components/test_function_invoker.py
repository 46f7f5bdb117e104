"""The role by which API Gateway may invoke a function."""

import json

import components as c
from components.function.invoker import invoke_policy, trust_policy
from tests.components.api_builds import CODE, function_invoker
from tests.components.test_every_component import built
from tests.mocked_cloud import run

ARN = "acs:fc:cn-shanghai:123456789012:functions/lookup"


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


def test_a_policy_that_was_changed_can_still_be_changed_and_deleted() -> None:
    inputs = built(function_invoker)["lookup-invoker-policy"].inputs
    assert inputs["rotateStrategy"] == "DeleteOldestNonDefaultVersionWhenLimitExceeded"
    assert inputs["force"] is True


def test_the_role_s_arn_is_known_once_the_role_allows_something() -> None:
    def program() -> None:
        lookup: c.FunctionArgs = {
            "function_name": "lookup",
            "code": CODE,
            "handler": "index.handler",
        }
        function = c.Function("lookup", lookup)
        gate = c.FunctionInvoker(
            "gate",
            {
                "function_arn": function.function_arn,
                "role_name": "invoker",
                "policy_name": "invoke-lookup",
            },
        )
        c.Function("next", {**lookup, "function_name": "next", "role_arn": gate.role_arn})

    registered = run(program)
    policy = registered["gate-policy"]
    (statement,) = json.loads(policy.inputs["policyDocument"])["Statement"]
    (resource,) = statement["Resource"]
    assert resource.startswith("acs:fc:")
    assert resource.endswith("functions/lookup")
    assert "lookup-function" in policy.after
    assert "gate-attachment" in registered["next-function"].after
    assert registered["next-function"].inputs["role"].endswith("role/invoker")
