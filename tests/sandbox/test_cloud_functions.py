"""Functions: code, size, role and network."""

from typing import Any

import pytest
from cloud_lab import Lab, new_lab, refused
from gateway_lab import TRUST

from sandbox.cloud import Resource

ARCHIVE = {"zip_file": "UEsDBAoAAAAA"}


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def new_function(lab: Lab, name: str = "users", **more: object) -> Resource:
    asked = {"function_name": name, "handler": "index.handler", "runtime": "python3.10"}
    return lab.store.create("fcv3_function", {**asked, "code": ARCHIVE, **more})


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
        {"code": {}},
        {"code": None},
        {"code": {"oss_bucket_name": "shop"}},
        {"code": {**ARCHIVE, "oss_bucket_name": "shop", "oss_object_name": "users.zip"}},
        {"code": {"zip_file": "def handler(): ..."}},
        {"runtime": "custom-container"},
        {"memory_size": 64},
        {"memory_size": 500},
        {"cpu": 0.33},
        {"memory_size": 512, "cpu": 1},
        {"memory_size": 1024, "cpu": 0.2},
        {"disk_size": 1024},
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
        {"memory_size": 1024, "cpu": 1},
        {"memory_size": 1024, "cpu": 0.25},
        {"disk_size": 10_240, "timeout": 86_400},
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
    group = lab.new_group()
    place: dict[str, Any] = {
        "vpc_id": lab.vpc.id,
        "vswitch_ids": [lab.vswitch.id],
        "security_group_id": group.id,
    }
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
            new_function(lab, vpc_config={**place, **wrong})
    function = new_function(lab, vpc_config=place)
    lab.store.delete("nat_gateway", lab.gateway.id)
    with refused("DependencyViolation.Function"):
        lab.store.delete("vswitch", lab.vswitch.id)
    lab.store.delete(function.kind, function.id)
    lab.store.delete("vswitch", lab.vswitch.id)


def test_changed_code_has_another_size(lab: Lab) -> None:
    made = new_function(lab)
    changed = lab.store.update(made.kind, made.id, {"code": {"zip_file": "UEsDBAoAAAAAUEsD"}})
    assert changed["code_size"] > made["code_size"] > 0
    with refused("InvalidArgument"):
        lab.store.update(made.kind, made.id, {"memory_size": 500})
