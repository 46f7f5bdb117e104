"""The role of functions in a VPC: who may take it, what it allows, and when it is known."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import components as c
from components.function.invoker import invoke_policy, trust_policy
from components.function.network_role import (
    NETWORK_POLICY,
    function_trust_policy,
    network_policy,
)
from sandbox.cloud.ram import NETWORK_ACTIONS
from tests.components.api_builds import CODE
from tests.components.test_every_component import built
from tests.components.vpn_builds import (
    function_network_role,
    function_network_role_with_its_own_policy,
)
from tests.mocked_cloud import run, value_of

ARN = "acs:fc:cn-shanghai:123456789012:functions/lookup"
DOCUMENTS = {
    "function trust": function_trust_policy(),
    "network": network_policy(),
    "invoker trust": trust_policy(),
    "invoke": invoke_policy(ARN),
}


def statements(document: str) -> Iterator[dict[str, Any]]:
    read = json.loads(document)
    assert set(read) == {"Version", "Statement"}
    assert read["Version"] == "1"
    yield from read["Statement"]


def many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_document_allows_named_actions_of_named_services(document: str) -> None:
    found = list(statements(document))
    assert found
    for one in found:
        assert one["Effect"] == "Allow"
        for action in many(one["Action"]):
            service, _, name = action.partition(":")
            assert service.isalnum()
            assert name.isalnum()
        # Whose role it is says a service; what it allows says a resource.
        assert ("Principal" in one) != ("Resource" in one)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_document_is_one_that_the_cloud_takes(document: str) -> None:
    assert len(document) <= 6144


def test_only_function_compute_may_take_the_role() -> None:
    (one,) = statements(function_trust_policy())
    assert one["Action"] == "sts:AssumeRole"
    assert one["Principal"] == {"Service": ["fc.aliyuncs.com"]}


def test_its_own_policy_allows_what_the_cloud_s_does_and_nothing_else() -> None:
    allowed = [action for one in statements(network_policy()) for action in many(one["Action"])]
    assert sorted(allowed) == sorted(NETWORK_ACTIONS)
    assert len(set(allowed)) == 7


def test_the_cloud_s_policy_is_attached_unless_told_otherwise() -> None:
    made = built(function_network_role)
    assert made["lookup-role"].inputs["roleName"] == "shop-lookup-network"
    assert made["lookup-role"].inputs["assumeRolePolicyDocument"] == function_trust_policy()
    assert made["lookup-attachment"].inputs == {
        "roleName": "shop-lookup-network",
        "policyName": NETWORK_POLICY,
        "policyType": "System",
    }
    assert made.names("Policy") == []


def test_a_policy_of_its_own_is_attached_instead() -> None:
    made = built(function_network_role_with_its_own_policy)
    policy = made["lookup-policy"].inputs
    assert policy["policyDocument"] == network_policy()
    assert policy["force"] is True
    attachment = made["lookup-attachment"]
    assert attachment.inputs["policyName"] == "shop-lookup-network"
    assert attachment.inputs["policyType"] == "Custom"
    assert "lookup-policy" in attachment.after


def test_the_role_s_arn_is_known_once_the_role_allows_something() -> None:
    made: list[c.FunctionNetworkRole] = []

    def program() -> None:
        made.append(c.FunctionNetworkRole("lookup", {"role_name": "network"}))
        args: c.FunctionArgs = {
            "function_name": "lookup",
            "code": CODE,
            "handler": "index.handler",
            "role_arn": made[0].role_arn,
        }
        c.Function("lookup", args)

    registered = run(program)
    assert "lookup-attachment" in registered["lookup-function"].after
    assert registered["lookup-function"].inputs["role"].endswith("role/network")
    assert value_of(made[0].role_name) == "network"


@pytest.mark.parametrize("name", ["", "my role", "role_1", "r" * 65, "rôle"])
def test_a_role_is_called_as_the_cloud_has_it(name: str) -> None:
    with pytest.raises(ValueError, match="FunctionNetworkRole lookup: role_name"):
        run(lambda: c.FunctionNetworkRole("lookup", {"role_name": name}))


@pytest.mark.parametrize("name", ["", "my policy", "policy.1", "p" * 129])
def test_a_policy_is_called_as_the_cloud_has_it(name: str) -> None:
    args: c.FunctionNetworkRoleArgs = {"role_name": "r" * 64, "policy": {"policy_name": name}}
    with pytest.raises(ValueError, match="FunctionNetworkRole lookup: policy_name"):
        run(lambda: c.FunctionNetworkRole("lookup", args))
