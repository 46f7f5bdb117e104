"""API Gateway's instances, groups, log configuration and access control lists."""

from typing import Any

import pytest
from cloud_lab import refused
from gateway_lab import GatewayLab, new_gateway_lab

from sandbox.cloud import ACCOUNT_ID

PAID = {"payment_type": "Subscription"}
INSIDE = {
    "user_vpc_id": "vpc-none",
    "instance_cidr": "192.168.0.0/16",
    "zone_vswitch_security_group": [{"zone_id": "cn-shanghai-a"}],
}


@pytest.fixture
def lab() -> GatewayLab:
    return new_gateway_lab()


# --- instances --------------------------------------------------------------------------------


def test_an_instance_takes_a_while_and_then_runs(lab: GatewayLab) -> None:
    lab.store.instance_seconds = 60
    made = lab.new_gateway_instance()
    assert made["status"] == "Pending"
    lab.store.instance_seconds = 0
    assert lab.new_gateway_instance()["status"] == "RUNNING"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (PAID, "MissingPricingCycle"),
        ({**PAID, "pricing_cycle": "month"}, "MissingDuration"),
        ({"instance_type": "vpc_connect"}, "MissingUserVpcId"),
        ({**PAID, "pricing_cycle": "month", "duration": 10}, "InvalidDuration"),
        ({**PAID, "pricing_cycle": "year", "duration": 4}, "InvalidDuration"),
        ({"instance_type": "vpc_connect", **INSIDE}, "NotFoundVpc"),
        (
            {"instance_type": "vpc_connect", **INSIDE, "instance_cidr": "10.0.0.0/8"},
            "InvalidInstanceCidr",
        ),
        ({"ingress_vpc_id": "vpc-1"}, "MissingIngressVswitchId"),
        ({"ingress_vswitch_id": "vsw-1"}, "MissingIngressVpcId"),
        ({"ingress_vpc_id": "vpc-1", "ingress_vswitch_id": "vsw-1"}, "NotFoundVpc"),
    ],
)
def test_an_instance_needs_what_goes_together(
    lab: GatewayLab, asked: dict[str, Any], code: str
) -> None:
    with refused(code):
        lab.new_gateway_instance(**asked)


def test_an_ingress_vswitch_is_in_the_ingress_vpc(lab: GatewayLab) -> None:
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    with refused("InvalidIngressVswitchId"):
        lab.new_gateway_instance(ingress_vpc_id=other.id, ingress_vswitch_id=lab.vswitch.id)
    with refused("InvalidVSwitchId.NotFound"):
        lab.new_gateway_instance(ingress_vpc_id=other.id, ingress_vswitch_id="vsw-none")


def test_the_owner_of_the_ingress_vpc_comes_and_goes_with_it(lab: GatewayLab) -> None:
    where = {"ingress_vpc_id": lab.vpc.id, "ingress_vswitch_id": lab.vswitch.id}
    made = lab.new_gateway_instance(**where)
    assert made["ingress_vpc_owner_id"] == ACCOUNT_ID
    gone = lab.store.update(made.kind, made.id, dict.fromkeys(where))
    assert lab.now(gone)["ingress_vpc_owner_id"] is None
    with refused("MissingIngressVpcId"):
        lab.store.update(made.kind, made.id, {"ingress_vswitch_id": lab.vswitch.id})
    back = lab.store.update(made.kind, made.id, where)
    assert back["ingress_vpc_owner_id"] == ACCOUNT_ID


def test_an_owner_that_is_named_is_the_owner_since_everybody_has_another_account(
    lab: GatewayLab,
) -> None:
    where = {"ingress_vpc_id": lab.vpc.id, "ingress_vswitch_id": lab.vswitch.id}
    made = lab.new_gateway_instance(**where, ingress_vpc_owner_id="1357924680135792")
    assert made["ingress_vpc_owner_id"] == "1357924680135792"
    again = lab.store.update(made.kind, made.id, {"ingress_vpc_owner_id": "2468013579246801"})
    assert again["ingress_vpc_owner_id"] == "2468013579246801"


def test_an_instance_with_groups_stays(lab: GatewayLab) -> None:
    made = lab.new_gateway_instance()
    group = lab.new_api_group(instance_id=made.id)
    with refused("DependencyViolationInstance"):
        lab.delete(made)
    lab.delete(group)
    lab.delete(made)


# --- groups -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["abc", "a" * 51, "my-group", "1group", "_group", "", None])
def test_a_group_has_a_name_that_the_gateway_takes(lab: GatewayLab, name: Any) -> None:
    with refused("InvalidGroupName"):
        lab.new_api_group(name)


@pytest.mark.parametrize("name", ["abcd", "a" * 50, "订单服务", "Shop_1"])
def test_names_may_be_chinese_and_have_underscores(lab: GatewayLab, name: str) -> None:
    assert lab.new_api_group(name)["name"] == name


def test_a_group_is_called_like_no_other(lab: GatewayLab) -> None:
    with refused("RepeatedGroupName"):
        lab.new_api_group("shop")
    other = lab.new_api_group("other")
    with refused("RepeatedGroupName"):
        lab.store.update(other.kind, other.id, {"name": "shop"})
    lab.store.update(other.kind, other.id, {"name": "other", "description": "still called so"})


def test_a_group_has_a_public_domain_and_one_for_the_vpc_on_demand(lab: GatewayLab) -> None:
    group = lab.group
    assert group["sub_domain"] == f"{group.id}-cn-shanghai.alicloudapi.com"
    assert len(group.id) == 32
    assert group["vpc_domain"] == ""
    opened = lab.store.update(group.kind, group.id, {"vpc_intranet_enable": True})
    assert opened["vpc_domain"] == f"{group.id}-cn-shanghai-vpc.alicloudapi.com"
    closed = lab.store.update(group.kind, group.id, {"vpc_intranet_enable": False})
    assert closed["vpc_domain"] == ""
    assert lab.new_api_group(vpc_intranet_enable=True)["vpc_domain"]


def test_a_group_needs_its_instance(lab: GatewayLab) -> None:
    with refused("NotFoundInstance"):
        lab.new_api_group(instance_id="apigateway-none")
    assert lab.group["instance_id"] == "api-shared-vpc-001"
    assert lab.new_api_group(instance_id="api-shared-vpc-001")


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"description": "d" * 181}, "InvalidDescription"), ({"base_path": "v1"}, "InvalidBasePath")],
)
def test_a_group_says_no_more_than_fits(lab: GatewayLab, asked: dict[str, Any], code: str) -> None:
    with refused(code):
        lab.new_api_group(**asked)
    with refused(code):
        lab.store.update(lab.group.kind, lab.group.id, asked)


def test_there_are_so_many_groups(lab: GatewayLab) -> None:
    for number in range(4):
        lab.new_api_group(f"group_{number}")
    with refused("ExceedLimitApiGroup"):
        lab.new_api_group("group_4")
    lab.store.set_quota("api_groups_without_domain", 20)
    lab.new_api_group("group_4")
    lab.store.set_quota("api_groups_per_region", 6)
    with refused("ExceedLimitApiGroup"):
        lab.new_api_group("group_5")


def test_a_group_with_apis_stays(lab: GatewayLab) -> None:
    api = lab.new_api(stage_names=[])
    with refused("DependencyViolationApiGroup"):
        lab.delete(lab.group)
    lab.delete(api)
    lab.delete(lab.group)


# --- logs -------------------------------------------------------------------------------------


def test_a_region_writes_to_one_log(lab: GatewayLab) -> None:
    asked = {"log_type": "PROVIDER", "sls_project": "shop", "sls_log_store": "calls"}
    made = lab.store.create("api_gateway_log_config", asked)
    assert made.id == "PROVIDER"
    with refused("RepeatedLogConfig"):
        lab.store.create("api_gateway_log_config", asked)
    elsewhere = lab.store.create("api_gateway_log_config", asked, region="cn-beijing")
    lab.delete(made)
    assert lab.store.read(elsewhere.kind, "PROVIDER", region="cn-beijing") is not None


# --- access control lists -----------------------------------------------------------------------


def test_a_list_holds_its_entries(lab: GatewayLab) -> None:
    acl = lab.store.create(
        "api_gateway_access_control_list", {"access_control_list_name": "office"}
    )
    with refused("RepeatedAclName"):
        lab.store.create("api_gateway_access_control_list", dict(acl.attributes))
    asked = {"acl_id": acl.id, "entry": "203.0.113.0/24", "comment": "Shanghai"}
    entry = lab.store.create("api_gateway_acl_entry_attachment", asked)
    assert lab.store.create("api_gateway_acl_entry_attachment", asked).id == entry.id
    listed = {"acl_entry_ip": "203.0.113.0/24", "acl_entry_comment": "Shanghai"}
    assert lab.now(acl)["acl_entrys"] == [listed]
    lab.delete(entry)
    assert lab.now(acl)["acl_entrys"] == []
    lab.store.create("api_gateway_acl_entry_attachment", asked)
    lab.delete(acl)
    assert lab.store.all("api_gateway_acl_entry_attachment") == []
    with refused("NotFoundAccessControlList"):
        lab.store.create("api_gateway_acl_entry_attachment", asked)


@pytest.mark.parametrize("entry", ["office", "203.0.113.1/24", "2001:db8::/64"])
def test_an_entry_is_a_range_of_the_lists_kind(lab: GatewayLab, entry: str) -> None:
    acl = lab.store.create("api_gateway_access_control_list", {"access_control_list_name": "ours"})
    with refused("InvalidAclEntry"):
        lab.store.create("api_gateway_acl_entry_attachment", {"acl_id": acl.id, "entry": entry})


def test_a_list_that_an_instance_heeds_stays(lab: GatewayLab) -> None:
    acl = lab.store.create("api_gateway_access_control_list", {"access_control_list_name": "ours"})
    asked = {"acl_id": acl.id, "acl_type": "white"}
    with refused("NotFoundInstance"):
        lab.store.create(
            "api_gateway_instance_acl_attachment", {**asked, "instance_id": "apigateway-none"}
        )
    asked["instance_id"] = lab.new_gateway_instance().id
    with refused("NotFoundAccessControlList"):
        lab.store.create("api_gateway_instance_acl_attachment", {**asked, "acl_id": "acl-none"})
    used = lab.store.create("api_gateway_instance_acl_attachment", asked)
    with refused("RepeatedAcl"):
        lab.store.create("api_gateway_instance_acl_attachment", asked)
    with refused("DependencyViolationAcl"):
        lab.delete(acl)
    lab.delete(used)
    lab.delete(acl)


def test_an_instance_heeds_one_list_for_each_version_of_addresses(lab: GatewayLab) -> None:
    front = lab.new_gateway_instance()

    def heed(name: str, version: str) -> None:
        asked = {"access_control_list_name": name, "address_ip_version": version}
        acl = lab.store.create("api_gateway_access_control_list", asked)
        use = {"instance_id": front.id, "acl_id": acl.id, "acl_type": "white"}
        lab.store.create("api_gateway_instance_acl_attachment", use)

    heed("office", "ipv4")
    heed("office6", "ipv6")
    with refused("RepeatedAcl"):
        heed("home", "ipv4")


@pytest.mark.parametrize("name", ["the office", "a" * 31, "办公室"])
def test_a_list_that_cannot_be_called_so_is_refused(lab: GatewayLab, name: str) -> None:
    with refused("InvalidAclName"):
        lab.store.create("api_gateway_access_control_list", {"access_control_list_name": name})


def test_the_owner_of_an_ingress_vpc_is_a_number(lab: GatewayLab) -> None:
    with refused("InvalidVpcOwnerId"):
        lab.new_gateway_instance(ingress_vpc_owner_id="somebody")
