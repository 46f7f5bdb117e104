"""RAM: roles and policies of the account, in every region the same."""

import json

import pytest
from cloud_lab import Lab, new_lab, refused
from gateway_lab import TRUST

from sandbox.cloud import Resource
from sandbox.cloud.ram.policies import versions_of

INVOKE = {"Effect": "Allow", "Action": "fc:InvokeFunction", "Resource": "*"}
POLICY = json.dumps({"Version": "1", "Statement": [INVOKE]})


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def new_role(lab: Lab, name: str = "Gateway", **more: object) -> Resource:
    asked = {"role_name": name, "assume_role_policy_document": TRUST}
    return lab.store.create("ram_role", {**asked, **more})


def new_policy(lab: Lab, name: str = "invoke", **more: object) -> Resource:
    return lab.store.create("ram_policy", {"policy_name": name, "policy_document": POLICY, **more})


def attach(lab: Lab, role: str, policy: str, kind: str = "Custom") -> Resource:
    asked = {"role_name": role, "policy_name": policy, "policy_type": kind}
    return lab.store.create("ram_role_policy_attachment", asked)


def test_a_role_is_one_for_all_regions(lab: Lab) -> None:
    role = new_role(lab)
    assert role["arn"] == "acs:ram::1000000000000001:role/gateway"
    assert lab.store.read("ram_role", "Gateway", region="cn-beijing") == role
    with refused("EntityAlreadyExists.Role"):
        lab.store.create("ram_role", dict(role.attributes), region="cn-beijing")
    lab.store.delete("ram_role", "Gateway", region="cn-beijing")
    assert lab.store.read("ram_role", "Gateway") is None


def test_a_role_and_a_function_may_have_one_name(lab: Lab) -> None:
    role, policy = new_role(lab, "users"), new_policy(lab, "users")
    lab.store.update(policy.kind, "users", {"description": "for functions"})
    assert lab.now(role)["description"] is None
    lab.store.delete(policy.kind, "users")
    assert lab.now(role) == role


@pytest.mark.parametrize("name", ["my role", "r" * 65, "role_1"])
def test_a_role_has_a_name_that_the_cloud_takes(lab: Lab, name: str) -> None:
    with refused("InvalidParameter.RoleName.InvalidChars"):
        new_role(lab, name)


def test_a_policy_has_a_name_that_the_cloud_takes(lab: Lab) -> None:
    with refused("InvalidParameter.PolicyName.InvalidChars"):
        new_policy(lab, "my.policy")
    new_policy(lab)
    with refused("EntityAlreadyExists.Policy"):
        new_policy(lab)


@pytest.mark.parametrize("document", ["{", "[]", "{}", '{"Version": "1"}'])
def test_a_document_is_a_policy(lab: Lab, document: str) -> None:
    with refused("MalformedPolicyDocument"):
        new_role(lab, assume_role_policy_document=document)
    with refused("MalformedPolicyDocument"):
        new_policy(lab, policy_document=document)
    for one, name in (
        (new_role(lab), "assume_role_policy_document"),
        (new_policy(lab), "policy_document"),
    ):
        with refused("MalformedPolicyDocument"):
            lab.store.update(one.kind, one.id, {name: document})


def test_a_document_is_not_too_long(lab: Lab) -> None:
    with refused("InvalidParameter.PolicyDocument.Length"):
        new_policy(lab, policy_document=POLICY + " " * 6144)


@pytest.mark.parametrize("seconds", [3599, 43_201])
def test_a_session_lasts_one_to_twelve_hours(lab: Lab, seconds: int) -> None:
    with refused("InvalidParameter.MaxSessionDuration"):
        new_role(lab, max_session_duration=seconds)


def test_an_attachment_needs_its_role_and_its_policy(lab: Lab) -> None:
    new_role(lab)
    with refused("EntityNotExist.Role"):
        attach(lab, "none", "AliyunFCInvocationAccess", "System")
    with refused("EntityNotExist.Policy"):
        attach(lab, "Gateway", "invoke")
    with refused("EntityNotExist.Policy"):
        attach(lab, "Gateway", "invoke", "System")
    made = attach(lab, "Gateway", "AliyunECSNetworkInterfaceManagementAccess", "System")
    assert made.id == "role:AliyunECSNetworkInterfaceManagementAccess:System:Gateway"
    with refused("EntityAlreadyExists.Role.Policy"):
        attach(lab, "Gateway", "AliyunECSNetworkInterfaceManagementAccess", "System")


def test_what_is_attached_stays(lab: Lab) -> None:
    role, policy = new_role(lab), new_policy(lab)
    made = attach(lab, role.id, policy.id)
    assert lab.now(policy)["attachment_count"] == 1
    with refused("DeleteConflict.Role.Policy"):
        lab.store.delete(role.kind, role.id)
    with refused("DeleteConflict.Policy.Role"):
        lab.store.delete(policy.kind, policy.id)
    lab.store.delete(made.kind, made.id)
    assert lab.now(policy)["attachment_count"] == 0
    lab.store.delete(role.kind, role.id)
    lab.store.delete(policy.kind, policy.id)


def test_force_detaches_first(lab: Lab) -> None:
    role, policy = new_role(lab), new_policy(lab)
    attach(lab, role.id, policy.id)
    lab.store.delete(role.kind, role.id, force=True)
    assert lab.store.all("ram_role_policy_attachment") == []
    assert lab.now(policy)["attachment_count"] == 0
    attach(lab, new_role(lab).id, policy.id)
    lab.store.delete(policy.kind, policy.id, force=True)
    assert lab.store.all("ram_role_policy_attachment") == []


# --- a policy's versions --------------------------------------------------------------------------


def allowing(action: str) -> str:
    return json.dumps({"Version": "1", "Statement": [{**INVOKE, "Action": action}]})


def test_a_new_document_is_a_new_version_and_in_force(lab: Lab) -> None:
    policy = new_policy(lab)
    lab.store.update(policy.kind, policy.id, {"policy_document": allowing("fc:GetFunction")})
    now = lab.now(policy)
    assert (now["default_version"], now["version_id"]) == ("v2", "v2")
    assert [one["id"] for one in versions_of(now)] == ["v1", "v2"]
    assert versions_of(now)[0]["document"] == POLICY


def test_the_same_document_is_no_new_version(lab: Lab) -> None:
    policy = new_policy(lab)
    lab.store.update(policy.kind, policy.id, {"policy_document": POLICY, "description": "x"})
    assert lab.now(policy)["default_version"] == "v1"


def test_a_sixth_version_needs_a_strategy_or_a_deletion(lab: Lab) -> None:
    policy = new_policy(lab)
    for number in range(4):
        change = {"policy_document": allowing(f"fc:Get{number}")}
        lab.store.update(policy.kind, policy.id, change)
    with refused("LimitExceeded.Policy.Version"):
        lab.store.update(policy.kind, policy.id, {"policy_document": allowing("fc:Sixth")})
    rotated = {"rotate_strategy": "DeleteOldestNonDefaultVersionWhenLimitExceeded"}
    sixth = {"policy_document": allowing("fc:Sixth"), **rotated}
    lab.store.update(policy.kind, policy.id, sixth)
    assert [one["id"] for one in versions_of(lab.now(policy))] == ["v2", "v3", "v4", "v5", "v6"]


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Action": "fc:Get"},
        {"Effect": "Allow", "Resource": "*"},
        {"Effect": "Maybe", "Action": "fc:Get", "Resource": "*"},
        {**INVOKE, "NotAction": "fc:Get"},
        {**INVOKE, "Condition": []},
        {**INVOKE, "Condition": {"ArnLike": {"acs:PrincipalARN": "*"}}},
        {**INVOKE, "Condition": {"Bool": {"acs:SecureTransport": True}}},
        "Allow",
    ],
)
def test_a_statement_that_could_not_be_judged_is_refused(lab: Lab, statement: object) -> None:
    document = json.dumps({"Version": "1", "Statement": [statement]})
    with refused("MalformedPolicyDocument"):
        new_policy(lab, policy_document=document)


# --- users ----------------------------------------------------------------------------------------


def new_user(lab: Lab, name: str = "anna", **more: object) -> Resource:
    return lab.store.create("ram_user", {"name": name, **more})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": "an na"}, "InvalidParameter.UserName.InvalidChars"),
        ({"name": "a" * 65}, "InvalidParameter.UserName.InvalidChars"),
        ({"comments": "c" * 129}, "InvalidParameter.Comments.Length"),
        ({"display_name": "d" * 129}, "InvalidParameter.DisplayName.Length"),
    ],
)
def test_a_user_is_called_as_the_cloud_takes_it(lab: Lab, asked: dict[str, str], code: str) -> None:
    with refused(code):
        new_user(lab, **asked)


def test_a_user_has_at_most_two_keys_and_each_another_secret(lab: Lab) -> None:
    new_user(lab)
    made = [lab.store.create("ram_access_key", {"user_name": "anna"}) for _ in range(2)]
    assert made[0].id.startswith("LTAI")
    assert len({one["secret"] for one in made}) == 2
    with refused("LimitExceeded.User.AccessKey"):
        lab.store.create("ram_access_key", {"user_name": "anna"})
    with refused("EntityNotExist.User"):
        lab.store.create("ram_access_key", {"user_name": "nobody"})


def test_a_user_stays_while_there_is_a_key_or_a_policy(lab: Lab) -> None:
    user = new_user(lab)
    with refused("EntityAlreadyExists.User"):
        new_user(lab)
    key = lab.store.create("ram_access_key", {"user_name": "anna"})
    policy = new_policy(lab)
    asked = {"user_name": "anna", "policy_name": policy.id, "policy_type": "Custom"}
    attached = lab.store.create("ram_user_policy_attachment", asked)
    assert lab.now(policy)["attachment_count"] == 1
    with refused("DeleteConflict.Policy.User"):
        lab.store.delete(policy.kind, policy.id)
    with refused("DeleteConflict.User.AccessKey"):
        lab.store.delete(user.kind, user.id)
    lab.store.delete(key.kind, key.id)
    with refused("DeleteConflict.User.Policy"):
        lab.store.delete(user.kind, user.id)
    lab.store.delete(attached.kind, attached.id)
    lab.store.delete(user.kind, user.id)
    with refused("EntityNotExist.User"):
        lab.store.create("ram_user_policy_attachment", asked)


def test_force_takes_a_users_keys_and_policies_along(lab: Lab) -> None:
    user = new_user(lab)
    lab.store.create("ram_access_key", {"user_name": "anna"})
    lab.store.delete(user.kind, user.id, force=True)
    assert not lab.store.all("ram_access_key")
