"""Functions: code, size, role and network."""

import json
from typing import Any

import pytest
from cloud_lab import Lab, new_lab, refused
from gateway_lab import TRUST

from sandbox.cloud import Resource

ARCHIVE = {"zip_file": "UEsDBAoAAAAA"}
NETWORK = "AliyunECSNetworkInterfaceManagementAccess"


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def new_function(lab: Lab, name: str = "users", **more: object) -> Resource:
    asked = {"function_name": name, "handler": "index.handler", "runtime": "python3.10"}
    return lab.store.create("fcv3_function", {**asked, "code": ARCHIVE, **more})


def new_place(lab: Lab) -> dict[str, Any]:
    """A vSwitch in a zone with functions, and a security group."""
    vswitch = lab.new_vswitch("192.168.2.0/24", zone_id="cn-shanghai-b")
    return {
        "vpc_id": lab.vpc.id,
        "vswitch_ids": [vswitch.id],
        "security_group_id": lab.new_group().id,
    }


def new_role(lab: Lab, policy: str = "", service: str = "fc") -> Resource:
    """A role for a service of the cloud, with one of the cloud's policies."""
    trust = TRUST.replace("apigateway", service)
    asked = {"role_name": service, "assume_role_policy_document": trust}
    role = lab.store.create("ram_role", asked)
    if policy:
        attach(lab, service, policy, "System")
    return role


def new_policy(lab: Lab, name: str, statement: dict[str, Any]) -> Resource:
    document = json.dumps({"Version": "1", "Statement": [statement]})
    return lab.store.create("ram_policy", {"policy_name": name, "policy_document": document})


def attach(lab: Lab, role: str, policy: str, kind: str = "Custom") -> Resource:
    asked = {"role_name": role, "policy_name": policy, "policy_type": kind}
    return lab.store.create("ram_role_policy_attachment", asked)


def test_a_function_is_known_by_its_name(lab: Lab) -> None:
    made = new_function(lab)
    assert made.id == "users"
    assert made["function_arn"] == "acs:fc:cn-shanghai:1000000000000001:functions/users"
    with refused("FunctionAlreadyExists"):
        new_function(lab)
    elsewhere = lab.store.create(made.kind, dict(made.attributes), region="cn-zhangjiakou")
    assert elsewhere["state"] == "Active"
    lab.store.delete(made.kind, made.id)
    assert lab.store.read(made.kind, made.id, region="cn-zhangjiakou") is not None


def test_a_function_without_a_name_gets_one(lab: Lab) -> None:
    asked = {"handler": "index.handler", "runtime": "python3.10", "code": ARCHIVE}
    made = lab.store.create("fcv3_function", asked)
    assert made["function_name"] == made.id


@pytest.mark.parametrize(
    "more",
    [
        {"function_name": "1users"},
        {"function_name": "-users"},
        {"function_name": "a" * 65},
        {"code": {}},
        {"code": None},
        {"code": {"oss_bucket_name": "shop"}},
        {"code": {**ARCHIVE, "oss_bucket_name": "shop", "oss_object_name": "users.zip"}},
        {"code": {"zip_file": "def handler(): ..."}},
        {"code": {**ARCHIVE, "checksum": "1"}},
        {"instance_lifecycle_config": {"initializer": {"handler": "a.b", "command": ["c"]}}},
        {"runtime": "custom-container"},
        {"memory_size": 64},
        {"memory_size": 500},
        {"cpu": 0.33},
        {"memory_size": 512, "cpu": 1},
        {"memory_size": 1024, "cpu": 0.2},
        {"disk_size": 1024},
        {"instance_concurrency": 0},
        {"instance_concurrency": 201},
        {"log_config": {"project": "shop-logs"}},
        {"log_config": {"logstore": "functions"}},
        {"timeout": 0},
        {"role": "acs:ram::1000000000000001:role/none"},
        {"vpc_config": {"vpc_id": "vpc-none", "vswitch_ids": ["v"], "security_group_id": "s"}},
    ],
)
def test_a_function_that_could_not_be_is_refused(lab: Lab, more: dict[str, Any]) -> None:
    with refused("InvalidArgument"):
        new_function(lab, **more)


@pytest.mark.parametrize(
    "more",
    [
        {"code": {"oss_bucket_name": "shop", "oss_object_name": "users.zip"}},
        {"runtime": "custom-container", "custom_container_config": {"image": "users"}},
        {"code": {**ARCHIVE, "checksum": "9174238380470631508"}},
        {"function_name": "a" * 64},
        {"instance_lifecycle_config": {"initializer": {"handler": "a.b"}}},
        {"memory_size": 1024, "cpu": 1},
        {"memory_size": 1024, "cpu": 0.25},
        {"disk_size": 10_240, "timeout": 86_400},
        {"instance_concurrency": 200},
        {"log_config": {"project": "shop-logs", "logstore": "functions"}},
        {"role": "acs:ram::123456789012****:role/somebody-elses"},
    ],
)
def test_a_function_at_its_limits_is_fine(lab: Lab, more: dict[str, Any]) -> None:
    new_function(lab, **more)


def test_a_role_of_the_account_is_there_whatever_its_case(lab: Lab) -> None:
    asked = {"role_name": "Runner", "assume_role_policy_document": TRUST}
    role = lab.store.create("ram_role", asked)
    assert new_function(lab, role=role["arn"])["role"] == role["arn"]


def test_a_function_in_a_vpc_is_in_its_vswitches_and_group(lab: Lab) -> None:
    place, role = new_place(lab), new_role(lab, NETWORK)["arn"]
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    mistakes: list[dict[str, Any]] = [
        {"vswitch_ids": []},
        {"security_group_id": ""},
        {"vswitch_ids": ["vsw-none"]},
        {"security_group_id": "sg-none"},
        {"vpc_id": other.id},
        {"vpc_id": "vpc-none"},
    ]
    for wrong in mistakes:
        with refused("InvalidArgument"):
            new_function(lab, role=role, vpc_config={**place, **wrong})
    function = new_function(lab, role=role, vpc_config=place)
    (vswitch,) = place["vswitch_ids"]
    with refused("DependencyViolation.Function"):
        lab.store.delete("vswitch", vswitch)
    lab.store.delete(function.kind, function.id)
    lab.store.delete("vswitch", vswitch)


def test_a_function_is_in_no_zone_that_the_service_lacks(lab: Lab) -> None:
    place, role = new_place(lab), new_role(lab, NETWORK)["arn"]
    place["vswitch_ids"] += [lab.vswitch.id]  # in cn-shanghai-a
    with refused("InvalidArgument"):
        new_function(lab, role=role, vpc_config=place)


def test_in_a_vpc_a_function_needs_a_role_that_manages_network_cards(lab: Lab) -> None:
    place = new_place(lab)
    role = new_role(lab)["arn"]
    for wrong in ({}, {"role": role}, {"role": new_role(lab, NETWORK, "apigateway")["arn"]}):
        with refused("AccessDenied"):
            new_function(lab, vpc_config=place, **wrong)
    made = new_function(lab, role=role)
    with refused("AccessDenied"):
        lab.store.update(made.kind, made.id, {"vpc_config": place})
    attach(lab, "fc", NETWORK, "System")
    lab.store.update(made.kind, made.id, {"vpc_config": place})


def test_what_a_role_may_do_is_put_together_from_its_policies(lab: Lab) -> None:
    place = new_place(lab)
    role = new_role(lab, "AliyunECSFullAccess")["arn"]  # it may not look at vSwitches one by one
    with refused("AccessDenied"):
        new_function(lab, role=role, vpc_config=place)
    new_policy(lab, "look", {"Effect": "Allow", "Action": "vpc:DescribeVSwitch*", "Resource": "*"})
    attach(lab, "fc", "look")
    new_function(lab, role=role, vpc_config=place)
    new_policy(lab, "no", {"Effect": "Deny", "Action": ["ecs:Delete*"], "Resource": "*"})
    attach(lab, "fc", "no")
    with refused("AccessDenied"):
        new_function(lab, "more", role=role, vpc_config=place)


def test_nothing_is_known_of_another_account_s_role(lab: Lab) -> None:
    role = "acs:ram::123456789012****:role/somebody-elses"
    assert new_function(lab, role=role, vpc_config=new_place(lab))["role"] == role


def test_changed_code_has_another_size(lab: Lab) -> None:
    made = new_function(lab)
    changed = lab.store.update(made.kind, made.id, {"code": {"zip_file": "UEsDBAoAAAAAUEsD"}})
    assert changed["code_size"] > made["code_size"] > 0
    with refused("InvalidArgument"):
        lab.store.update(made.kind, made.id, {"memory_size": 500})
