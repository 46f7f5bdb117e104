"""RAM in front of the sandbox's cloud: who may make which call, on which resource."""

import json
from pathlib import Path
from typing import Any

import pytest

from facts.calls import KINDS, OPERATIONS, Operation
from sandbox.cloud import ACCOUNT_ID, CloudError, Store
from sandbox.provider.client import Client
from sandbox.provider.ram_check import POLICIES_VARIABLE, RamCheck
from tools.ram_policy.policies import Role, Scope, Used, policies

REGION = "cn-shanghai"
NAMES = {"function_name": "f", "role_name": "r", "policy_name": "p"}
EACH = pytest.mark.parametrize("kind", sorted(KINDS))


def ram_of(kind: str, *roles: Role, role: str = "") -> RamCheck:
    used = [Used(kind, REGION, NAMES, role)]
    made = policies(used, Scope("shop", ACCOUNT_ID), roles)
    return RamCheck(tuple(policy.document for policy in made))


def check(ram: RamCheck, operation: Operation, kind: str, **asked: Any) -> None:
    """An operation on a resource whose id is its name, where it has one."""
    identity = "" if operation == "create" else f"{kind}:r" if "attachment" in kind else "one"
    ram.check(operation, kind, REGION, identity, None, {**NAMES, "tags": {"a": "b"}, **asked})


@EACH
@pytest.mark.parametrize("operation", OPERATIONS)
def test_who_deploys_a_kind_may_do_all_that_it_takes(kind: str, operation: Operation) -> None:
    check(ram_of(kind, "deploy"), operation, kind)


@EACH
def test_who_previews_a_kind_may_read_it_and_nothing_else(kind: str) -> None:
    ram = ram_of(kind, "preview")
    check(ram, "read", kind)
    for operation in ("create", "delete"):
        with pytest.raises(CloudError, match="ImplicitDeny"):
            check(ram, operation, kind)


def test_another_region_is_another_resource() -> None:
    ram = ram_of("vpc", "deploy")
    with pytest.raises(CloudError, match=r"acs:vpc:cn-beijing:.*:vpc/one"):
        ram.check("delete", "vpc", "cn-beijing", "one", None, {})


def by_hand(*statements: dict[str, Any]) -> RamCheck:
    return RamCheck(({"Version": "1", "Statement": [*statements]},))


def allowed(action: str, *on: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": [*on]}


def test_what_a_call_names_beside_itself_is_judged_by_its_name() -> None:
    own, vpc = (f"acs:vpc:{REGION}:{ACCOUNT_ID}:{one}" for one in ("vswitch/*", "vpc/vpc-a"))
    ram = by_hand(allowed("vpc:CreateVSwitch", own, vpc))
    ram.check("create", "vswitch", REGION, "", None, {"vpc_id": "vpc-a"})
    with pytest.raises(CloudError, match="vpc/vpc-b"):
        ram.check("create", "vswitch", REGION, "", None, {"vpc_id": "vpc-b"})


def test_an_address_on_a_gateway_takes_no_right_on_any_server() -> None:
    on = (f"acs:vpc:{REGION}:{ACCOUNT_ID}:{one}" for one in ("eip/eip-a", "natgateway/ngw-a"))
    ram = by_hand(allowed("vpc:AssociateEipAddress", *on))
    asked = {"allocation_id": "eip-a", "instance_type": "Nat"}
    ram.check("create", "eip_association", REGION, "", None, {**asked, "instance_id": "ngw-a"})
    with pytest.raises(CloudError, match="instance/i-a"):
        ram.check("create", "eip_association", REGION, "", None, {**asked, "instance_id": "i-a"})


def test_each_of_several_that_a_call_names_is_judged() -> None:
    on = f"acs:ecs:{REGION}:{ACCOUNT_ID}:"
    ram = by_hand(
        allowed("ecs:CreateNetworkInterface", f"{on}eni/*", f"{on}securitygroup/sg-a"),
        allowed("ecs:CreateNetworkInterface", f"acs:vpc:{REGION}:{ACCOUNT_ID}:vswitch/*"),
    )
    asked = {"vswitch_id": "vsw-a", "security_group_ids": ["sg-a", "sg-b"]}
    with pytest.raises(CloudError, match="securitygroup/sg-b"):
        ram.check("create", "ecs_network_interface", REGION, "", None, asked)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("vpc", "Forbidden.RAM"),
        ("instance", "Forbidden.RAM"),
        ("fcv3_function", "AccessDenied"),
        ("ram_role", "NoPermission"),
        ("cen_instance", "NoPermission"),
    ],
)
def test_each_product_refuses_in_its_own_words(kind: str, code: str) -> None:
    with pytest.raises(CloudError) as refusal:
        check(RamCheck(()), "create", kind)
    assert refusal.value.code == code
    assert f"AuthAction={KINDS[kind].create[0]}, NoPermissionType=ImplicitDeny" in str(
        refusal.value
    )


def test_a_call_that_is_not_made_needs_no_permission() -> None:
    """Deletion protection is switched only where it is asked for, or changes."""
    ram = ram_of("eip_address", "deploy", "guard-rails")
    check(ram, "create", "eip_address")
    check(ram, "update", "eip_address", address_name="new")
    for operation in ("create", "update"):
        with pytest.raises(CloudError, match="vpc:DeletionProtection, NoPermissionType=Explicit"):
            check(ram, operation, "eip_address", deletion_protection=True)
    with pytest.raises(CloudError, match="vpc:DeletionProtection"):
        check(ram, "update", "eip_address", deletion_protection=False)


def test_a_role_is_handed_on_only_where_that_is_allowed() -> None:
    role = {"role": f"acs:ram::{ACCOUNT_ID}:role/mine"}
    check(ram_of("fcv3_function", "deploy", role="mine"), "create", "fcv3_function", **role)
    other = ram_of("fcv3_function", "deploy", role="another")
    with pytest.raises(CloudError, match="ram:PassRole"):
        check(other, "create", "fcv3_function", **role)


def test_a_refused_call_never_reaches_the_cloud(tmp_path: Path) -> None:
    store = Store(tmp_path / "cloud.db")
    client = Client(store, REGION, ram=ram_of("vpc", "preview"))
    with pytest.raises(CloudError, match="vpc:CreateVpc"):
        client.create("vpc", {"cidr_block": "10.0.0.0/8"}, "urn")
    assert store.calls() == []
    store.close()


def test_without_a_file_of_policies_anything_is_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(POLICIES_VARIABLE, raising=False)
    assert RamCheck.of_environment() is None
    file = tmp_path / "policies.json"
    document: dict[str, Any] = {"Version": "1", "Statement": []}
    file.write_text(json.dumps({"policies": [{"document": document}]}), encoding="utf-8")
    monkeypatch.setenv(POLICIES_VARIABLE, str(file))
    assert RamCheck.of_environment() == RamCheck((document,))


@pytest.mark.parametrize(
    ("attribute", "action"),
    [
        ("image_id", "ecs:ReplaceSystemDisk"),
        ("image_id", "ecs:AttachKeyPair"),
        ("private_ip", "ecs:ModifyInstanceVpcAttribute"),
        ("vswitch_id", "ecs:ModifyInstanceVpcAttribute"),
        ("key_name", "ecs:AttachKeyPair"),
        ("key_name", "ecs:DetachKeyPair"),
        ("key_name", "ecs:RebootInstance"),
    ],
)
def test_what_changes_in_a_server_takes_the_right_to_the_call_that_changes_it(
    attribute: str, action: str
) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    statement = [everything, {"Effect": "Deny", "Action": action, "Resource": "*"}]
    ram = RamCheck(({"Version": "1", "Statement": statement},))
    check(ram, "update", "instance", instance_name="web")
    with pytest.raises(CloudError, match=f"{action}, NoPermissionType=Explicit"):
        check(ram, "update", "instance", **{attribute: "another"})
