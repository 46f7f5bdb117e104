"""The account itself: roles, users and policies, sessions, quotas, endpoints and bills."""

import json

from sandbox.api import bss, location, quotas, ram, sts
from sandbox.cloud import ACCOUNT_ID
from tests.sandbox.api.api_lab import Api, lab_api
from tests.sandbox.api.world import World

READING = {"Effect": "Allow", "Action": "vpc:Describe*", "Resource": "*"}
POLICY = json.dumps({"Version": "1", "Statement": [READING]})
TRUST = json.dumps(
    {
        "Version": "1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"RAM": [f"acs:ram::{ACCOUNT_ID}:root"]},
            }
        ],
    }
)


def filled() -> Api:
    """RAM's API over an account in which anna and a role have a policy."""
    api = Api(ram.PRODUCT)
    api.call("CreateUser", UserName="anna", DisplayName="Anna")
    api.call("CreatePolicy", PolicyName="read", PolicyDocument=POLICY, Description="to look")
    api.call("CreatePolicyVersion", PolicyName="read", PolicyDocument=POLICY)
    api.call(
        "CreateRole",
        RoleName="Ops",
        AssumeRolePolicyDocument=TRUST,
        Tag='[{"Key":"team","Value":"shop"}]',
    )
    read = {"PolicyName": "read", "PolicyType": "Custom"}
    api.call("AttachPolicyToUser", UserName="anna", **read)
    api.call("AttachPolicyToRole", RoleName="Ops", **read)
    api.call("CreateAccessKey", UserName="anna")
    return api


def of_ram() -> World:
    api = filled()
    (key,) = api.store.all("ram_access_key")
    return World(
        api,
        {
            "AssumeRolePolicyDocument": TRUST,
            "NewDescription": "new",
            "PolicyDocument": POLICY,
            "PolicyName": "read",
            "PolicyType": "Custom",
            "ResourceNames": '["Ops"]',
            "ResourceType": "role",
            "RoleName": "Ops",
            "Status": "Inactive",
            "Tag": '[{"Key":"a","Value":"b"}]',
            "UserAccessKeyId": key.id,
            "UserName": "anna",
            "VersionId": "v2",
            "UntagResources TagKeys": '["team"]',
        },
    )


def of_sts() -> World:
    roles = filled()
    key = roles.call("CreateAccessKey", UserName="anna")["AccessKey"]
    assume = {"PolicyName": "AliyunSTSAssumeRoleAccess", "PolicyType": "System"}
    roles.call("AttachPolicyToUser", UserName="anna", **assume)
    arn = f"acs:ram::{ACCOUNT_ID}:role/ops"
    return World(roles.of(sts.PRODUCT).by(key), {"RoleArn": arn, "RoleSessionName": "night"})


def of_quotas() -> World:
    _, api = lab_api()
    right = {"ProductCode": "nat", "QuotaActionCode": "nat_gateways_per_vpc"}
    return World(api.of(quotas.PRODUCT), right)


def of_location() -> World:
    return World(Api(location.PRODUCT), {"Id": "cn-shanghai", "ServiceCode": "vpc"})


def of_bss() -> World:
    return World(Api(bss.PRODUCT), {})
