"""RAM by its API: what the provider's flows call, in their order, and what users are made by."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.world_account import POLICY, READING, TRUST, filled

OTHER = json.dumps({"Version": "1", "Statement": [{**READING, "Action": "vpc:List*"}]})


@pytest.fixture
def api() -> Api:
    return filled()


def names(answer: Mapping[str, Any], outer: str, inner: str, name: str) -> list[str]:
    return [one[name] for one in answer[outer][inner]]


# --- roles ----------------------------------------------------------------------------------------


def test_a_role_lives_as_the_provider_has_it(api: Api) -> None:
    made = api.call(
        "CreateRole",
        RoleName="Night",
        AssumeRolePolicyDocument=TRUST,
        Description="at night",
        MaxSessionDuration="7200",
        Tag='[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]',
    )["Role"]
    role = api.call("GetRole", RoleName="Night")["Role"]
    assert role == made
    assert role["Arn"] == "acs:ram::1000000000000001:role/night"
    assert (role["MaxSessionDuration"], role["AssumeRolePolicyDocument"]) == (7200, TRUST)
    of = {"ResourceType": "role", "ResourceNames": '["Night"]'}
    listed = api.call("ListTagResources", **of)["TagResources"]
    assert [(one["TagKey"], one["TagValue"]) for one in listed] == [("a", "1"), ("b", "2")]

    api.call("UpdateRole", RoleName="Night", NewDescription="", NewMaxSessionDuration="3600")
    changed = api.call("GetRole", RoleName="Night")["Role"]
    assert (changed["Description"], changed["MaxSessionDuration"]) == ("", 3600)
    # The provider names what it takes away in both ways at once.
    api.call("UntagResources", **of, TagKeys='["a"]', **{"TagKey.1": "a"})
    api.call("TagResources", **of, Tag='[{"Key":"c","Value":"3"}]')
    assert api.store.look("ram_role", "Night")["tags"] == {"b": "2", "c": "3"}  # pyright: ignore[reportOptionalSubscript]

    api.call("DeleteRole", RoleName="Night")
    assert api.refused("GetRole", RoleName="Night")[:2] == (404, "EntityNotExist.Role")


def test_what_a_role_has_is_attached_listed_and_taken_away(api: Api) -> None:
    system = {"PolicyName": "AliyunVPCReadOnlyAccess", "PolicyType": "System", "RoleName": "Ops"}
    api.call("AttachPolicyToRole", **system)
    assert api.refused("AttachPolicyToRole", **system)[1] == "EntityAlreadyExists.Role.Policy"
    listed = api.call("ListPoliciesForRole", RoleName="Ops")
    assert names(listed, "Policies", "Policy", "PolicyName") == ["read", "AliyunVPCReadOnlyAccess"]
    assert names(listed, "Policies", "Policy", "PolicyType") == ["Custom", "System"]
    assert api.refused("DeleteRole", RoleName="Ops")[1] == "DeleteConflict.Role.Policy"
    api.call("DetachPolicyFromRole", **system)
    assert api.refused("DetachPolicyFromRole", **system)[:2] == (404, "EntityNotExist.Role.Policy")
    assert api.refused("ListPoliciesForRole", RoleName="x")[:2] == (404, "EntityNotExist.Role")


def test_what_is_account_wide_is_there_in_any_region(api: Api) -> None:
    assert api.call("GetRole", RoleName="Ops", RegionId="cn-beijing")["Role"]["RoleName"] == "Ops"
    assert api.call("GetUser", UserName="anna", RegionId="eu-central-1")["User"]


# --- policies -------------------------------------------------------------------------------------


def test_a_policy_lives_as_the_provider_has_it(api: Api) -> None:
    made = api.call("CreatePolicy", PolicyName="shop", PolicyDocument=POLICY)["Policy"]
    assert (made["PolicyType"], made["DefaultVersion"]) == ("Custom", "v1")
    which = {"PolicyName": "shop", "PolicyType": "Custom"}
    change = {"PolicyName": "shop", "PolicyDocument": OTHER, "SetAsDefault": "true"}
    told = api.call("CreatePolicyVersion", **change)["PolicyVersion"]
    assert (told["VersionId"], told["IsDefaultVersion"]) == ("v2", True)
    api.call("UpdatePolicyDescription", PolicyName="shop", NewDescription="the shop's")
    found = api.call("GetPolicy", **which)
    assert found["DefaultPolicyVersion"]["PolicyDocument"] == OTHER
    assert found["Policy"]["Description"] == "the shop's"
    assert (found["Policy"]["DefaultVersion"], found["Policy"]["AttachmentCount"]) == ("v2", 0)
    tagged = api.call("ListTagResources", ResourceType="policy", ResourceNames='["shop"]')
    assert tagged["TagResources"] == []

    versions = api.call("ListPolicyVersions", **which)
    flags = names(versions, "PolicyVersions", "PolicyVersion", "IsDefaultVersion")
    assert flags == [False, True]
    assert api.refused("DeletePolicy", PolicyName="shop")[1] == "DeleteConflict.Policy.Version"
    api.call("DeletePolicy", PolicyName="shop", CascadingDelete="true")
    assert api.refused("GetPolicy", **which)[:2] == (404, "EntityNotExist.Policy")


def test_another_version_comes_into_force_and_the_one_in_force_stays(api: Api) -> None:
    api.call("CreatePolicyVersion", PolicyName="read", PolicyDocument=OTHER)
    which = {"PolicyName": "read", "PolicyType": "Custom"}
    assert api.call("GetPolicy", **which)["DefaultPolicyVersion"]["VersionId"] == "v1"
    api.call("SetDefaultPolicyVersion", PolicyName="read", VersionId="v3")
    assert api.call("GetPolicy", **which)["Policy"]["PolicyDocument"] == OTHER
    refused = api.refused("DeletePolicyVersion", PolicyName="read", VersionId="v3")
    assert refused[1] == "DeleteConflict.PolicyVersion.Default"
    api.call("DeletePolicyVersion", PolicyName="read", VersionId="v1")
    assert api.refused("GetPolicyVersion", **which, VersionId="v1")[:2] == (
        404,
        "EntityNotExist.Policy.Version",
    )


def test_who_has_a_policy_is_told_and_keeps_it(api: Api) -> None:
    told = api.call("ListEntitiesForPolicy", PolicyName="read", PolicyType="Custom")
    assert names(told, "Roles", "Role", "RoleName") == ["Ops"]
    assert names(told, "Users", "User", "UserName") == ["anna"]
    assert told["Groups"] == {"Group": []}
    refused = api.refused("DeletePolicy", PolicyName="read", CascadingDelete="true")
    assert refused[1] == "DeleteConflict.Policy.Role"


def test_the_clouds_own_policies_are_listed_and_told_beside_the_accounts(api: Api) -> None:
    own = api.call("ListPolicies", PolicyType="Custom")
    assert names(own, "Policies", "Policy", "PolicyName") == ["read"]
    every = api.call("ListPolicies")
    assert "AdministratorAccess" in names(every, "Policies", "Policy", "PolicyName")
    told = api.call("GetPolicy", PolicyName="AdministratorAccess", PolicyType="System")
    assert '"*"' in told["DefaultPolicyVersion"]["PolicyDocument"]
    assert api.refused("GetPolicy", PolicyName="AdministratorAccess", PolicyType="Custom")[0] == 404
    refused = api.refused("GetPolicy", PolicyName="read", PolicyType="Mine")
    assert refused[1] == "InvalidParameter.PolicyType"


# --- users ----------------------------------------------------------------------------------------


def test_a_user_lives_from_its_creation_to_its_deletion(api: Api) -> None:
    asked = {"DisplayName": "Bob", "Comments": "on call", "MobilePhone": "86-1", "Email": "b@x"}
    made = api.call("CreateUser", UserName="bob", **asked)["User"]
    assert made.items() >= asked.items()
    assert api.refused("CreateUser", UserName="bob")[1] == "EntityAlreadyExists.User"
    api.call("UpdateUser", UserName="bob", NewComments="", NewDisplayName="Robert")
    user = api.call("GetUser", UserName="bob")["User"]
    assert (user["UserId"], user["Comments"], user["DisplayName"]) == (
        made["UserId"],
        "",
        "Robert",
    )
    assert names(api.call("ListUsers"), "Users", "User", "UserName") == ["anna", "bob"]
    api.call("DeleteUser", UserName="bob")
    assert api.refused("GetUser", UserName="bob")[:2] == (404, "EntityNotExist.User")


def test_a_keys_secret_is_told_once(api: Api) -> None:
    made = api.call("CreateAccessKey", UserName="anna")["AccessKey"]
    assert len(made["AccessKeySecret"]) == 30
    listed = api.call("ListAccessKeys", UserName="anna")["AccessKeys"]["AccessKey"]
    assert [set(one) for one in listed] == [{"AccessKeyId", "CreateDate", "Status"}] * 2
    assert made["AccessKeySecret"] not in json.dumps(listed)
    refused = api.refused("CreateAccessKey", UserName="anna")
    assert refused[1] == "LimitExceeded.User.AccessKey"


def test_a_key_is_its_users_alone(api: Api) -> None:
    api.call("CreateUser", UserName="bob")
    key = api.call("CreateAccessKey", UserName="bob")["AccessKey"]["AccessKeyId"]
    for action, more in (("DeleteAccessKey", {}), ("UpdateAccessKey", {"Status": "Inactive"})):
        refused = api.refused(action, UserName="anna", UserAccessKeyId=key, **more)
        assert refused[:2] == (404, "EntityNotExist.User.AccessKey")
    assert api.refused("CreateAccessKey")[1] == "MissingUserName"
    assert api.refused("DeleteUser", UserName="bob")[1] == "DeleteConflict.User.AccessKey"
    api.call("DeleteAccessKey", UserName="bob", UserAccessKeyId=key)
    api.call("DeleteUser", UserName="bob")


def test_what_a_user_has_is_attached_listed_and_taken_away(api: Api) -> None:
    which = {"PolicyName": "read", "PolicyType": "Custom", "UserName": "anna"}
    assert api.refused("AttachPolicyToUser", **which)[1] == "EntityAlreadyExists.User.Policy"
    listed = api.call("ListPoliciesForUser", UserName="anna")
    assert names(listed, "Policies", "Policy", "PolicyName") == ["read"]
    api.call("DetachPolicyFromUser", **which)
    assert api.call("ListPoliciesForUser", UserName="anna")["Policies"] == {"Policy": []}
    assert api.refused("DetachPolicyFromUser", **which)[:2] == (404, "EntityNotExist.User.Policy")


# --- lists and tags -------------------------------------------------------------------------------


def test_lists_go_on_from_their_markers(api: Api) -> None:
    for number in range(4):
        api.call("CreateUser", UserName=f"u{number}")
    first = api.call("ListUsers", MaxItems="3")
    assert (first["IsTruncated"], first["Marker"]) == (True, "4")
    rest = api.call("ListUsers", MaxItems="3", Marker=first["Marker"])
    assert rest["IsTruncated"] is False
    assert "Marker" not in rest
    told = names(first, "Users", "User", "UserName") + names(rest, "Users", "User", "UserName")
    assert told == ["anna", "u0", "u1", "u2", "u3"]
    assert api.refused("ListUsers", MaxItems="1001")[1] == "InvalidParameter"


def test_roles_are_found_by_their_tags(api: Api) -> None:
    api.call("CreateRole", RoleName="Other", AssumeRolePolicyDocument=TRUST)
    found = api.call("ListRoles", Tag='[{"Key":"team","Value":"shop"}]')
    assert names(found, "Roles", "Role", "RoleName") == ["Ops"]
    assert found["Roles"]["Role"][0]["Tags"] == {"Tag": [{"TagKey": "team", "TagValue": "shop"}]}
    tagged = api.call("ListTagResources", ResourceType="role", Tag='[{"Key":"team"}]')
    assert [one["ResourceName"] for one in tagged["TagResources"]] == ["Ops"]


def test_tags_go_to_all_that_are_named_or_to_none(api: Api) -> None:
    of = {"ResourceType": "role", "ResourceNames": '["Ops","None"]'}
    assert api.refused("TagResources", **of, Tag='[{"Key":"a"}]')[1] == "EntityNotExist.Role"
    assert api.call("ListTagResources", ResourceType="role")["TagResources"] == [
        {"ResourceName": "Ops", "ResourceType": "role", "TagKey": "team", "TagValue": "shop"}
    ]


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '[{"Value":"x"}]', '"a"', "[" * 5000])
def test_tags_that_are_no_json_of_tags_are_refused(api: Api, text: str) -> None:
    of = {"ResourceType": "role", "ResourceNames": '["Ops"]'}
    assert api.refused("TagResources", **of, Tag=text)[1] == "InvalidParameter.Tag"
