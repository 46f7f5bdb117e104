"""Roles and policies: who may do more than before."""

import json
from typing import Any

import pytest

from facts import kinds
from tests.guard.previews import created, ids, told, updated, urn


def allows(action: str, resource: str = "acs:fc:*:*:functions/f", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [action], "Resource": [resource], **more}


def document(*statements: dict[str, Any]) -> dict[str, str]:
    return {"policyDocument": json.dumps({"Version": "1", "Statement": [*statements]})}


def trust(**principal: list[str]) -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return {"assumeRolePolicyDocument": json.dumps({"Version": "1", "Statement": [statement]})}


INVOKE = allows("fc:InvokeFunction")


@pytest.mark.parametrize(
    "after",
    [
        document(INVOKE, allows("ram:*", "*")),
        document(allows("fc:*")),
        document(allows("fc:InvokeFunction", "*")),
        document({**INVOKE, "Condition": {}}, {**INVOKE, "NotAction": "x", "Action": None}),
        {"policyDocument": "not json"},
    ],
)
def test_a_policy_that_lets_more_be_done_is_named(after: dict[str, str]) -> None:
    assert "loosen-rights:p" in ids(updated(kinds.ROLE_POLICY, "p", document(INVOKE), after))


def test_a_refusal_or_a_condition_that_goes_lets_more_be_done() -> None:
    refusal = {"Effect": "Deny", "Action": ["ram:*"], "Resource": ["*"]}
    assert ids(updated(kinds.ROLE_POLICY, "p", document(INVOKE, refusal), document(INVOKE))) == [
        "loosen-rights:p"
    ]
    bound = {**INVOKE, "Condition": {"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}}}
    assert "loosen-rights:p" in ids(
        updated(kinds.ROLE_POLICY, "p", document(bound), document(INVOKE))
    )


def test_a_right_that_goes_shuts_out_and_another_order_is_nothing() -> None:
    other = allows("log:Post")
    both = document(INVOKE, other)
    assert ids(updated(kinds.ROLE_POLICY, "p", both, document(INVOKE))) == ["delete-permission:p"]
    assert ids(updated(kinds.ROLE_POLICY, "p", both, document(other, INVOKE))) == []


def test_a_role_that_others_may_take_is_named() -> None:
    service = trust(Service=["fc.aliyuncs.com"])
    assert ids(created(kinds.ROLE, "r", service)) == []
    account = trust(RAM=["acs:ram::1234567890123456:root"])
    assert ids(created(kinds.ROLE, "r", account)) == ["loosen-rights:r"]
    both = trust(Service=["fc.aliyuncs.com"], RAM=["acs:ram::1234567890123456:root"])
    assert told(updated(kinds.ROLE, "r", service, both)) == [
        "lets more be done: Allow RAM acs:ram::1234567890123456:root sts:AssumeRole"
    ]


def test_a_policy_on_a_role_that_was_there_is_named_and_a_mighty_one_always() -> None:
    made = created(kinds.ROLE, "r", trust(Service=["fc.aliyuncs.com"]))

    def attached(policy: str) -> dict[str, Any]:
        inputs = {"policyName": policy, "policyType": "Custom", "roleName": "r"}
        binding = created(kinds.ROLE_POLICY_ATTACHMENT, "a", inputs)
        binding["newState"]["propertyDependencies"] = {"roleName": [urn(kinds.ROLE, "r")]}
        return binding

    assert ids(made, attached("invoke")) == []
    assert ids(attached("invoke")) == ["loosen-rights:a"]
    assert ids(made, attached("AdministratorAccess")) == ["loosen-rights:a"]


def test_a_new_policy_for_everything_there_is_is_named() -> None:
    assert ids(created(kinds.ROLE_POLICY, "p", document(INVOKE))) == []
    assert ids(created(kinds.ROLE_POLICY, "p", document(allows("*", "*")))) == ["loosen-rights:p"]
