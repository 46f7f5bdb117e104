"""What else an account is asked: quotas, where products are called, bills; and how often."""

import json
import time
from typing import Any

import pytest

from facts.quotas import PUBLISHED
from sandbox.api import bss, location, quotas, vpc
from sandbox.cloud.core.quotas import DEFAULTS, OF_PRODUCTS
from tests.sandbox.api.api_lab import Api, lab_api
from tests.sandbox.api.world_account import filled


def quota(api: Api, name: str, **more: str) -> dict[str, Any]:
    product = next(code for code, names in OF_PRODUCTS.items() if name in names)
    said = {"ProductCode": product, "QuotaActionCode": identity(name), **more}
    return api.of(quotas.PRODUCT).call("GetProductQuota", **said)["Quota"]


def identity(name: str) -> str:
    """What the Quota Center calls it."""
    return (name in PUBLISHED and PUBLISHED[name].id) or name


# --- quotas ---------------------------------------------------------------------------------------


def test_every_quota_is_some_products() -> None:
    api = Api(quotas.PRODUCT)
    products = [one["ProductCode"] for one in api.call("ListProducts")["ProductInfo"]]
    told = [
        one
        for product in products
        for one in api.call("ListProductQuotas", ProductCode=product, MaxResults="200")["Quotas"]
    ]
    wanted = {identity(name): allowed for name, allowed in DEFAULTS.items()}
    assert {one["QuotaActionCode"]: one["TotalQuota"] for one in told} == wanted


def test_a_quota_is_called_as_it_is_published() -> None:
    _, api = lab_api()
    assert quota(api, "vpcs_per_region")["QuotaName"] == "vpc_quota_instances_num_cn-shanghai"
    told = quota(api, "snat_entries_per_table")
    assert (told["QuotaName"], told["QuotaActionCode"]) == (
        *("natgw_quota_snat_entry_num", "q_fwiygs"),
    )


def test_a_quota_says_how_much_of_it_is_used_and_what_was_raised() -> None:
    lab, api = lab_api()
    lab.new_gateway()
    lab.store.set_quota("nat_gateways_per_vpc", 7)
    told = quota(api, "nat_gateways_per_vpc")
    assert (told["TotalQuota"], told["TotalUsage"]) == (7.0, 2.0)
    assert quota(api, "vpcs_per_region")["TotalUsage"] == 1.0
    elsewhere = {"Dimensions.1.Key": "regionId", "Dimensions.1.Value": "cn-beijing"}
    assert quota(api, "vpcs_per_region", **elsewhere)["TotalUsage"] == 0.0
    # What nothing counts by itself.
    assert quota(api, "eips_per_nat_gateway")["Consumable"] is False


def test_quotas_are_found_by_words_and_listed_in_parts() -> None:
    api = Api(quotas.PRODUCT)
    asked = {"ProductCode": "ecs", "KeyWord": "instance"}
    first = api.call("ListProductQuotas", **asked, MaxResults="2")
    rest = api.call("ListProductQuotas", **asked, NextToken=first["NextToken"])
    names = [one["QuotaActionCode"] for one in first["Quotas"] + rest["Quotas"]]
    assert len(names) == first["TotalCount"] == 3
    assert all("instance" in name for name in names)
    assert "NextToken" not in rest


@pytest.mark.parametrize("said", [{"ProductCode": "dns"}, {"QuotaActionCode": "none"}])
def test_a_quota_that_is_none_is_not_found(said: dict[str, str]) -> None:
    asked = {"ProductCode": "vpc", "QuotaActionCode": "vpcs_per_region", **said}
    assert Api(quotas.PRODUCT).refused("GetProductQuota", **asked)[0] == 404


# --- endpoints and bills --------------------------------------------------------------------------


def test_every_product_is_called_at_the_server_that_was_asked() -> None:
    told = Api(location.PRODUCT).call(
        "DescribeEndpoints", Id="cn-shanghai", ServiceCode="ecs", Type="openAPI"
    )
    (endpoint,) = told["Endpoints"]["Endpoint"]
    assert endpoint["Endpoint"] == "127.0.0.1:8490"
    assert (endpoint["Type"], endpoint["ServiceCode"]) == ("openAPI", "ecs")


def test_nothing_is_paid_for_in_advance() -> None:
    asked = {"ProductCode": "vipcloudfw", "ProductType": "vipcloudfw", "PageSize": "50"}
    more = {"PageNum": "1", "SubscriptionType": "Subscription"}
    told = Api(bss.PRODUCT).call("QueryAvailableInstances", **asked, **more)
    # The provider takes a `Code` beside it for a refusal.
    assert told.keys() == {"RequestId", "Data", "Success"}
    assert told["Data"]["InstanceList"] == []


# --- how often ------------------------------------------------------------------------------------


def test_whoever_calls_more_often_than_is_allowed_is_slowed_down() -> None:
    api = Api(vpc.PRODUCT)
    api.store.calls_per_second = 3
    for _ in range(3):
        api.call("DescribeVpcs")
    refused = api.refused("DescribeVpcs")
    assert refused == (400, "Throttling.User", "Request was denied due to user flow control.")
    api.now += 1
    api.call("DescribeVpcs")


def test_one_callers_calls_are_not_anothers() -> None:
    api = filled()
    key = api.call("CreateAccessKey", UserName="anna")["AccessKey"]
    api.store.calls_per_second = 1
    network, users = api.of(vpc.PRODUCT), api.of(vpc.PRODUCT).by(key)
    network.call("DescribeVpcs")
    assert network.refused("DescribeVpcs")[1] == "Throttling.User"
    users.call("DescribeVpcs")


def test_unless_told_everybody_calls_as_often_as_they_like() -> None:
    api = Api(vpc.PRODUCT)
    for _ in range(50):
        api.call("DescribeVpcs")


# --- faults by action -----------------------------------------------------------------------------


def test_the_nth_call_of_an_action_fails_as_it_is_told() -> None:
    lab, api = lab_api()
    lab.store.faults.fail_action("DescribeVpcs", nth=2, code="ServiceUnavailable")
    api.call("DescribeVpcs")
    api.call("DescribeVSwitches")
    assert api.refused("DescribeVpcs")[:2] == (503, "ServiceUnavailable")
    api.call("DescribeVpcs")
    (call,) = lab.store.calls(operation="DescribeVpcs")
    assert call.outcome == "ServiceUnavailable"


def test_a_fault_of_an_action_is_none_of_another_and_does_nothing() -> None:
    _, api = lab_api()
    ram = filled()
    ram.store.faults.fail_action("CreateUser")
    assert ram.refused("CreateUser", UserName="bob")[:2] == (500, "InternalError")
    assert "bob" not in json.dumps(ram.call("ListUsers"))
    ram.call("CreateUser", UserName="bob")
    api.call("DescribeVpcs")


def test_a_throttled_call_is_counted_once() -> None:
    lab, api = lab_api()
    lab.store.faults.throttle(every=2)
    assert [api.send(api.signed("DescribeVpcs")).status for _ in range(4)] == [200, 400] * 2


# --- slow changes ---------------------------------------------------------------------------------


def status_of(api: Api, gateway: str) -> list[str]:
    told = api.call("DescribeNatGateways", NatGatewayId=gateway)
    return [one["Status"] for one in told["NatGateways"]["NatGateway"]]


def test_a_change_of_any_kind_is_pending_for_as_long_as_is_told() -> None:
    lab, api = lab_api()
    lab.store.set_seconds("nat_gateway", 0.3)
    where = {"VpcId": lab.vpc.id, "VSwitchId": lab.vswitch.id}
    made = api.call("CreateNatGateway", **where)["NatGatewayId"]
    assert status_of(api, made) == ["Pending"]
    time.sleep(0.3)
    assert status_of(api, made) == ["Available"]
    api.call("DeleteNatGateway", NatGatewayId=made)
    assert status_of(api, made) == ["Deleting"]
    time.sleep(0.3)
    assert status_of(api, made) == []


def test_what_takes_time_takes_none_where_that_is_told() -> None:
    lab, api = lab_api()
    lab.store.entry_seconds = 60
    lab.store.set_seconds("forward_entry", 0)
    lab.forward(lab.bound_ip())
    table = lab.gateway["forward_table_ids"]
    told = api.call("DescribeForwardTableEntries", ForwardTableId=table)
    (entry,) = told["ForwardTableEntries"]["ForwardTableEntry"]
    assert entry["Status"] == "Available"


def test_a_kind_that_is_none_takes_no_time() -> None:
    with pytest.raises(KeyError, match="gateway"):
        Api().store.set_seconds("gateway", 1)
