"""Who calls, and what they may: users by their keys, sessions of roles by their tokens."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from facts.calls import ram_action
from sandbox.api import fc, location, quotas, ram, sts, vpc
from sandbox.api.actions import Product
from sandbox.api.products import PRODUCTS
from sandbox.cloud import ACCOUNT_ID
from tests.example_stacks import ROOT
from tests.sandbox.api import world_fc
from tests.sandbox.api.api_lab import KEY, NOW, Api, refusal
from tests.sandbox.api.world_account import TRUST
from tests.sandbox.api.worlds import WORLDS
from tools.ram_policy import __main__ as ram_policy

READ = {"Effect": "Allow", "Action": "vpc:Describe*", "Resource": "*"}
ROOT_KEY = {"AccessKeyId": KEY.id, "AccessKeySecret": KEY.secret}
SERVICE = "fc.aliyuncs.com"
ROLE_ARN = f"acs:ram::{ACCOUNT_ID}:role/ops"
ASSUME = {"RoleArn": ROLE_ARN, "RoleSessionName": "night"}


class Account:
    """An account by its own key, and whoever it lets in."""

    def __init__(self, api: Api | None = None) -> None:
        self.ram = api or Api(ram.PRODUCT)
        self.ram.store.entry_seconds = self.ram.store.association_seconds = 0

    def user(self, name: str, *statements: Mapping[str, Any]) -> Api:
        """VPC's API as a new user calls it, who has these rights."""
        self.ram.call("CreateUser", UserName=name)
        for number, one in enumerate(statements):
            self.allow(name, f"{name}-{number}", {"Version": "1", "Statement": [one]})
        key = self.ram.call("CreateAccessKey", UserName=name)["AccessKey"]
        return self.ram.of(vpc.PRODUCT).by(key)

    def allow(self, user: str, policy: str, document: Mapping[str, Any]) -> None:
        self.ram.call("CreatePolicy", PolicyName=policy, PolicyDocument=json.dumps(document))
        which = {"PolicyName": policy, "PolicyType": "Custom"}
        self.ram.call("AttachPolicyToUser", UserName=user, **which)

    def role(self, *statements: Mapping[str, Any], trust: str = TRUST) -> None:
        """The role Ops, which has these rights."""
        self.ram.call("CreateRole", RoleName="Ops", AssumeRolePolicyDocument=trust)
        document = json.dumps({"Version": "1", "Statement": [*statements]})
        self.ram.call("CreatePolicy", PolicyName="ops", PolicyDocument=document)
        which = {"PolicyName": "ops", "PolicyType": "Custom"}
        self.ram.call("AttachPolicyToRole", RoleName="Ops", **which)


@pytest.fixture
def account() -> Account:
    return Account()


def allowed(action: str, *on: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": [*on] or "*"}


def detail(api: Api, action: str, **said: str) -> tuple[int, str, Mapping[str, str]]:
    """Status, code and detail of a call that RAM refuses."""
    answered = api.send(api.signed(action, **said))
    status, code, _ = refusal(answered)
    return status, code, json.loads(answered.body)["AccessDeniedDetail"]


# --- users ----------------------------------------------------------------------------------------


def test_a_user_without_a_policy_may_do_nothing_and_hears_what_is_lacking(account: Account) -> None:
    anna = account.user("anna")
    status, code, told = detail(anna, "CreateVpc", CidrBlock="10.0.0.0/8")
    assert (status, code) == (403, "Forbidden.RAM")
    assert told["AuthAction"] == "vpc:CreateVpc"
    assert told["AuthPrincipalDisplayName"] == "anna"
    assert told["NoPermissionType"] == "ImplicitDeny"
    assert told["AuthResource"] == f"acs:vpc:cn-shanghai:{ACCOUNT_ID}:vpc/*"
    assert not account.ram.store.all("vpc")
    assert " anna Forbidden.RAM " in anna.lines[-1]


def test_a_user_may_what_a_policy_allows_and_no_more(account: Account) -> None:
    anna = account.user("anna", READ)
    assert anna.call("DescribeVpcs")["TotalCount"] == 0
    assert detail(anna, "CreateVpc", CidrBlock="10.0.0.0/8")[2]["AuthAction"] == "vpc:CreateVpc"


def test_a_right_on_one_resource_is_none_on_another(account: Account) -> None:
    root = account.ram.of(vpc.PRODUCT)
    mine, other = (root.call("CreateVpc", CidrBlock="10.0.0.0/8")["VpcId"] for _ in range(2))
    anna = account.user("anna", allowed("vpc:*Vpc*", f"acs:vpc:*:{ACCOUNT_ID}:vpc/{mine}"))
    anna.call("ModifyVpcAttribute", VpcId=mine, VpcName="mine")
    assert root.call("DescribeVpcAttribute", VpcId=mine)["VpcName"] == "mine"
    for action in ("ModifyVpcAttribute", "DeleteVpc"):
        told = detail(anna, action, VpcId=other)[2]
        assert told["AuthResource"].endswith(f"vpc/{other}")
    # What isn't there is nobody's to know.
    assert detail(anna, "DeleteVpc", VpcId="vpc-none")[0] == 403
    anna.call("DeleteVpc", VpcId=mine)


def test_a_denial_wins(account: Account) -> None:
    anna = account.user(
        "anna", allowed("vpc:*"), {"Effect": "Deny", "Action": "vpc:Delete*", "Resource": "*"}
    )
    made = anna.call("CreateVpc", CidrBlock="10.0.0.0/8")["VpcId"]
    assert detail(anna, "DeleteVpc", VpcId=made)[2]["NoPermissionType"] == "ExplicitDeny"


def test_tags_are_judged_on_each_resource_that_they_are_put_on(account: Account) -> None:
    root = account.ram.of(vpc.PRODUCT)
    mine, other = (root.call("CreateVpc", CidrBlock="10.0.0.0/8")["VpcId"] for _ in range(2))
    anna = account.user("anna", allowed("vpc:TagResources", f"acs:vpc:*:*:vpc/{mine}"))
    tag = {"ResourceType": "VPC", "Tag.1.Key": "a", "ResourceId.1": mine}
    anna.call("TagResources", **tag)
    told = detail(anna, "TagResources", **tag, **{"ResourceId.2": other})[2]
    assert told["AuthResource"].endswith(f"vpc/{other}")


@pytest.mark.parametrize(
    ("operator", "key", "value", "may"),
    [
        ("IpAddress", "acs:SourceIp", "127.0.0.0/8", True),
        ("IpAddress", "acs:SourceIp", "10.0.0.0/8", False),
        ("Bool", "acs:SecureTransport", "true", False),
        ("DateLessThan", "acs:CurrentTime", "2026-11-30T12:00:01Z", True),
        ("DateLessThan", "acs:CurrentTime", "2026-11-30T12:00:00Z", False),
        ("StringLike", "acs:PrincipalARN", "acs:ram::*:user/anna", True),
    ],
)
def test_conditions_of_a_call_are_those_that_the_cloud_knows(
    account: Account, operator: str, key: str, value: str, *, may: bool
) -> None:
    anna = account.user("anna", {**READ, "Condition": {operator: {key: [value]}}})
    assert anna.send(anna.signed("DescribeVpcs")).status == (200 if may else 403)


def test_what_a_policy_says_counts_from_the_next_call_on(account: Account) -> None:
    anna = account.user("anna", READ)
    anna.call("DescribeVpcs")
    which = {"PolicyName": "anna-0", "PolicyType": "Custom", "UserName": "anna"}
    account.ram.call("DetachPolicyFromUser", **which)
    assert detail(anna, "DescribeVpcs")[0] == 403
    system = {"PolicyName": "ReadOnlyAccess", "PolicyType": "System", "UserName": "anna"}
    account.ram.call("AttachPolicyToUser", **system)
    anna.call("DescribeVpcs")


def test_a_key_that_is_off_or_gone_signs_nothing(account: Account) -> None:
    anna = account.user("anna", READ)
    key = {"UserName": "anna", "UserAccessKeyId": anna.key["AccessKeyId"]}
    account.ram.call("UpdateAccessKey", **key, Status="Inactive")
    assert anna.refused("DescribeVpcs")[:2] == (403, "InvalidAccessKeyId.Inactive")
    account.ram.call("UpdateAccessKey", **key, Status="Active")
    anna.call("DescribeVpcs")
    account.ram.call("DeleteAccessKey", **key)
    assert anna.refused("DescribeVpcs")[:2] == (404, "InvalidAccessKeyId.NotFound")


def test_a_users_key_with_another_secret_is_refused(account: Account) -> None:
    anna = account.user("anna", READ)
    wrong = anna.by({**anna.key, "AccessKeySecret": "x" * 30})
    assert wrong.refused("DescribeVpcs")[1] == "SignatureDoesNotMatch"


def test_a_user_changes_its_own_keys_where_that_is_allowed(account: Account) -> None:
    own = allowed("ram:*AccessKey*", f"acs:ram:*:{ACCOUNT_ID}:user/anna")
    anna = account.user("anna", own).of(ram.PRODUCT)
    made = anna.call("CreateAccessKey")["AccessKey"]["AccessKeyId"]
    assert len(anna.call("ListAccessKeys")["AccessKeys"]["AccessKey"]) == 2
    anna.call("DeleteAccessKey", UserAccessKeyId=made)
    account.user("bob")
    assert detail(anna, "ListAccessKeys", UserName="bob")[:2] == (403, "NoPermission")


def test_quotas_and_the_like_are_judged_on_anything(account: Account) -> None:
    anna = account.user("anna", allowed("quotas:List*"))
    anna.of(quotas.PRODUCT).call("ListProductQuotas", ProductCode="vpc")
    which = {"ProductCode": "vpc", "QuotaActionCode": "vpcs_per_region"}
    assert detail(anna.of(quotas.PRODUCT), "GetProductQuota", **which)[0] == 403
    anna.of(location.PRODUCT).call("DescribeEndpoints", Id="cn-shanghai", ServiceCode="vpc")


def test_a_role_is_handed_on_to_a_service_only_where_that_is_allowed(account: Account) -> None:
    trust = TRUST.replace("RAM", "Service").replace(f"acs:ram::{ACCOUNT_ID}:root", SERVICE)
    account.role(READ, trust=trust)
    anna = account.user("anna", allowed("fc:*")).of(fc.PRODUCT)
    new = {"functionName": "shop", "role": ROLE_ARN, **world_fc.NEW}
    refused = anna.refused("CreateFunction", **new)
    assert refused[:2] == (403, "NoPermission")
    assert "AuthAction=ram:PassRole" in refused[2]
    condition = {"StringEquals": {"acs:Service": [SERVICE]}}
    # Names in roles' resource names are in small letters.
    passing = {
        **allowed("ram:PassRole", f"acs:ram:*:{ACCOUNT_ID}:role/ops"),
        "Condition": condition,
    }
    account.allow("anna", "pass", {"Version": "1", "Statement": [passing]})
    anna.call("CreateFunction", **new)


FREE = {"GetCallerIdentity", "DescribeEndpoints"}
"""What takes no right."""


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_no_action_of_any_product_goes_unjudged(product: Product) -> None:
    world = WORLDS[product]()
    account = Account(world.api.of(ram.PRODUCT).by(ROOT_KEY))
    nobody = account.user("nobody").of(product)
    for action in product.table:
        if action.name not in FREE:
            answered = nobody.answered(action.name, **world.said(action))
            assert refusal(answered)[0] == 403, (action.name, answered.body)
            told = json.loads(answered.body)["AccessDeniedDetail"]
            assert told["AuthAction"] == ram_action(product.code, action.name)


# --- who it is ------------------------------------------------------------------------------------


def test_everybody_may_ask_who_they_are(account: Account) -> None:
    root = account.ram.of(sts.PRODUCT).call("GetCallerIdentity")
    assert (root["IdentityType"], root["Arn"]) == ("Account", f"acs:ram::{ACCOUNT_ID}:root")
    assert root["AccountId"] == root["PrincipalId"] == root["UserId"] == ACCOUNT_ID
    anna = account.user("anna").of(sts.PRODUCT).call("GetCallerIdentity")
    user = account.ram.call("GetUser", UserName="anna")["User"]
    assert (anna["IdentityType"], anna["UserId"]) == ("RAMUser", user["UserId"])
    assert anna["Arn"] == f"acs:ram::{ACCOUNT_ID}:user/anna"


# --- sessions of roles ----------------------------------------------------------------------------


def in_role(user: Api, **more: str) -> Api:
    """VPC's API as a session of the role calls it."""
    told = user.of(sts.PRODUCT).call("AssumeRole", **{**ASSUME, **more})
    return user.of(vpc.PRODUCT).by(told["Credentials"])


@pytest.fixture
def anna(account: Account) -> Api:
    """A user who may do nothing but take the role."""
    return account.user("anna", allowed("sts:AssumeRole", f"acs:ram:*:{ACCOUNT_ID}:role/Ops"))


def test_a_session_may_what_its_role_may_and_says_whose_it_is(account: Account, anna: Api) -> None:
    account.role(READ)
    session = in_role(anna)
    session.call("DescribeVpcs")
    assert detail(session, "CreateVpc", CidrBlock="10.0.0.0/8")[0] == 403
    assert " Ops/night Forbidden.RAM " in session.lines[-1]
    assert detail(anna, "DescribeVpcs")[0] == 403
    who = session.of(sts.PRODUCT).call("GetCallerIdentity")
    role = account.ram.call("GetRole", RoleName="Ops")["Role"]
    assert who["IdentityType"] == "AssumedRoleUser"
    assert who["Arn"] == f"acs:ram::{ACCOUNT_ID}:assumed-role/ops/night"
    assert (who["RoleId"], who["PrincipalId"]) == (role["RoleId"], f"{role['RoleId']}:night")


def test_a_sessions_own_policy_only_narrows(account: Account, anna: Api) -> None:
    account.role(READ)
    every = json.dumps({"Version": "1", "Statement": [allowed("vpc:*")]})
    some = json.dumps({"Version": "1", "Statement": [allowed("vpc:DescribeVSwitches")]})
    wide, narrow = in_role(anna, Policy=every), in_role(anna, Policy=some)
    wide.call("DescribeVpcs")
    assert detail(wide, "CreateVpc", CidrBlock="10.0.0.0/8")[0] == 403
    narrow.call("DescribeVSwitches")
    assert detail(narrow, "DescribeVpcs")[0] == 403


def test_a_session_ends(account: Account, anna: Api) -> None:
    account.role(READ)
    told = anna.of(sts.PRODUCT).call("AssumeRole", **ASSUME, DurationSeconds="900")["Credentials"]
    assert told["Expiration"] == "2026-11-30T12:15:00Z"
    session = anna.of(vpc.PRODUCT).by(told)
    session.now = NOW + 899
    session.call("DescribeVpcs", Timestamp="2026-11-30T12:14:00Z")
    session.now = NOW + 900
    refused = session.refused("DescribeVpcs", Timestamp="2026-11-30T12:14:00Z")
    assert refused[:2] == (403, "InvalidSecurityToken.Expired")


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("", "MissingSecurityToken"),
        ("{}0", "InvalidSecurityToken.Malformed"),
        ("x{}", "InvalidSecurityToken.Malformed"),
        ("é.x", "InvalidSecurityToken.Malformed"),
        ("anything", "InvalidSecurityToken.Malformed"),
    ],
)
def test_a_token_that_is_none_opens_nothing(
    account: Account, anna: Api, form: str, code: str
) -> None:
    account.role(READ)
    session = in_role(anna)
    token = form.format(session.key["SecurityToken"])
    other = session.by({**session.key, "SecurityToken": token})
    assert other.refused("DescribeVpcs")[1] == code


def test_a_token_is_its_own_keys_alone(account: Account, anna: Api) -> None:
    account.role(READ)
    one, other = in_role(anna), in_role(anna)
    mixed = one.by({**one.key, "SecurityToken": other.key["SecurityToken"]})
    assert mixed.refused("DescribeVpcs")[1] == "InvalidSecurityToken.MismatchWithAccessKey"


def test_a_session_of_a_role_that_is_gone_may_nothing(account: Account, anna: Api) -> None:
    account.role(READ)
    session = in_role(anna)
    which = {"PolicyName": "ops", "PolicyType": "Custom", "RoleName": "Ops"}
    account.ram.call("DetachPolicyFromRole", **which)
    account.ram.call("DeleteRole", RoleName="Ops")
    assert detail(session, "DescribeVpcs")[0] == 403


def test_a_role_is_taken_by_whom_it_trusts_and_who_may(account: Account, anna: Api) -> None:
    only = TRUST.replace(":root", ":user/bob")
    account.role(READ, trust=only)
    refused = anna.of(sts.PRODUCT).refused("AssumeRole", **ASSUME)
    assert refused[:2] == (403, "NoPermission")
    assert "doesn't trust" in refused[2]
    bob = account.user("bob")
    told = detail(bob.of(sts.PRODUCT), "AssumeRole", **ASSUME)[2]
    assert told["AuthAction"] == "sts:AssumeRole"
    account.allow("bob", "assume", {"Version": "1", "Statement": [allowed("sts:AssumeRole")]})
    in_role(bob).call("DescribeVpcs")


def test_a_role_that_wants_an_external_id_is_given_it(account: Account, anna: Api) -> None:
    trust = json.loads(TRUST)
    trust["Statement"][0]["Condition"] = {"StringEquals": {"sts:ExternalId": "shop-1"}}
    account.role(READ, trust=json.dumps(trust))
    assert anna.of(sts.PRODUCT).refused("AssumeRole", **ASSUME)[1] == "NoPermission"
    in_role(anna, ExternalId="shop-1").call("DescribeVpcs")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"RoleArn": f"acs:ram::{ACCOUNT_ID}:role/none"}, 404, "EntityNotExist.Role"),
        ({"RoleArn": "acs:ram::1:role/ops"}, 400, "InvalidParameter.RoleArn"),
        ({"RoleSessionName": "a b"}, 400, "InvalidParameter.RoleSessionName"),
        ({"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "3601"}, 400, "InvalidParameter"),
        ({"ExternalId": "!"}, 400, "InvalidParameter.ExternalId"),
        ({"Policy": "{}"}, 400, "MalformedPolicyDocument"),
        ({"Policy": " " * 2049}, 400, "InvalidParameter.Policy"),
    ],
)
def test_a_session_that_cannot_be_is_refused(
    account: Account, anna: Api, more: dict[str, str], status: int, code: str
) -> None:
    account.role(READ)
    assert anna.of(sts.PRODUCT).refused("AssumeRole", **{**ASSUME, **more})[:2] == (status, code)


def test_the_account_itself_takes_no_role(account: Account) -> None:
    account.role(READ)
    refused = account.ram.of(sts.PRODUCT).refused("AssumeRole", **ASSUME)
    assert refused[1:] == ("NoPermission", "Roles may not be assumed by root accounts.")


# --- what `make ram-policy` prints ----------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The documents of the role that deploys the dev stack."""
    file = str(ROOT / "Pulumi.dev.yaml")
    asked = ["--config", file, "--role", "deploy", "--account", ACCOUNT_ID, "--format", "json"]
    assert ram_policy.main(asked) == 0
    return [one["document"] for one in json.loads(capsys.readouterr().out)["policies"]]


def lead(api: Api) -> None:
    """A shared bandwidth from its making to its end, by the calls that the provider makes."""
    network = api.call("CreateVpc", CidrBlock="192.168.0.0/16")["VpcId"]
    api.call("DescribeVpcAttribute", VpcId=network)
    tag = {"Tag.1.Key": "team", "Tag.1.Value": "shop"}
    api.call("TagResources", ResourceType="VPC", **{"ResourceId.1": network}, **tag)
    place = {"CidrBlock": "192.168.1.0/24", "ZoneId": "cn-shanghai-a"}
    vswitch = api.call("CreateVSwitch", VpcId=network, **place)["VSwitchId"]
    gateway = api.call("CreateNatGateway", VpcId=network, VSwitchId=vswitch)
    nat, table = gateway["NatGatewayId"], gateway["ForwardTableIds"]["ForwardTableId"][0]
    package = api.call("CreateCommonBandwidthPackage", Bandwidth="150")["BandwidthPackageId"]
    eip = api.call("AllocateEipAddress")
    packed = {"BandwidthPackageId": package, "IpInstanceId": eip["AllocationId"]}
    api.call("AddCommonBandwidthPackageIp", **packed)
    bound = {"AllocationId": eip["AllocationId"], "InstanceId": nat, "InstanceType": "Nat"}
    api.call("AssociateEipAddress", **bound)
    inside = {"InternalIp": "192.168.1.1", "InternalPort": "80", "IpProtocol": "tcp"}
    entry = api.call(
        "CreateForwardEntry",
        ForwardTableId=table,
        ExternalIp=eip["EipAddress"],
        ExternalPort="80",
        **inside,
    )["ForwardEntryId"]
    which = {"ForwardTableId": table, "ForwardEntryId": entry}
    api.call("DescribeForwardTableEntries", **which)
    api.call("ModifyForwardEntry", **which, ForwardEntryName="web")
    api.call("DeleteForwardEntry", **which)
    api.call("UnassociateEipAddress", **bound)
    api.call("RemoveCommonBandwidthPackageIp", **packed)
    api.call("ReleaseEipAddress", AllocationId=eip["AllocationId"])
    api.call("DeleteCommonBandwidthPackage", BandwidthPackageId=package)
    api.call("DeleteNatGateway", NatGatewayId=nat)
    api.call("DeleteVSwitch", VSwitchId=vswitch)
    api.call("DeleteVpc", VpcId=network)


def test_the_printed_policies_are_enough_for_a_topologys_calls(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer = account.user("deployer")
    for number, document in enumerate(printed(capsys)):
        account.allow("deployer", f"deploy-{number}", document)
    lead(deployer)
    assert detail(deployer, "CreateVpnGateway", VpcId="vpc-x")[2]["AuthAction"] == (
        "vpc:CreateVpnGateway"
    )
    assert detail(deployer.of(ram.PRODUCT), "CreateUser", UserName="me")[0] == 403


@pytest.mark.parametrize(
    "action",
    [
        "vpc:CreateVpc",
        "vpc:TagResources",
        "vpc:CreateNatGateway",
        "vpc:AssociateEipAddress",
        "vpc:ModifyForwardEntry",
        "vpc:DescribeForwardTableEntries",
        "vpc:ReleaseEipAddress",
        "vpc:DeleteVpc",
    ],
)
def test_without_one_of_the_printed_rights_its_call_is_refused_by_name(
    account: Account, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    deployer = account.user("deployer")
    taken = 0
    for number, document in enumerate(printed(capsys)):
        for one in document["Statement"]:
            taken += action in one["Action"]
            one["Action"] = [it for it in one["Action"] if it != action] or ["vpc:Nothing"]
        account.allow("deployer", f"deploy-{number}", document)
    assert taken
    with pytest.raises(AssertionError, match=f'"AuthAction":"{action}"'):
        lead(deployer)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("DeletionProtection", {"Type": "EIP", "ProtectionEnable": "false"}),
        ("MoveResourceGroup", {"ResourceType": "EIP", "NewResourceGroupId": "rg-other"}),
    ],
)
def test_an_action_for_any_of_several_kinds_is_judged_by_the_one_it_is_about(
    account: Account, action: str, said: dict[str, str]
) -> None:
    own, other = (account.ram.store.create("eip_address", {}).id for _ in range(2))
    right = {"Effect": "Allow", "Action": f"vpc:{action}", "Resource": f"acs:vpc:*:*:eip/{own}"}
    user = account.user("keeper", right)
    by = "InstanceId" if action == "DeletionProtection" else "ResourceId"
    user.call(action, **said, **{by: own})
    assert user.refused(action, **said, **{by: other})[:2] == (403, "Forbidden.RAM")
