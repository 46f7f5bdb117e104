"""What is particular to the parts of API Gateway that APIs stand on."""

import pytest

import components as c
from tests.components.api_builds import (
    api_access_log,
    api_app,
    api_group,
    api_instance,
    api_vpc_access,
    vpc_api,
)
from tests.components.test_every_component import built
from tests.mocked_cloud import run, value_of

PLAIN: c.ApiGatewayInstanceArgs = {
    "instance_name": "shop-gw",
    "instance_spec": "api.s1.small",
    "https_policy": "HTTPS2_TLS1_2",
}


def test_an_instance_is_paid_by_the_hour_and_open_to_its_ingress_vpc() -> None:
    assert built(api_instance)["gw-instance"].inputs == {
        "instanceName": "shop-gw",
        "instanceSpec": "api.s1.small",
        "httpsPolicy": "HTTPS2_TLS1_2",
        "paymentType": "PayAsYouGo",
        "zoneId": "cn-shanghai-MAZ1(b,e)",
        "ingressVpcId": "vpc-1",
        "ingressVswitchId": "vsw-1",
        "ingressVpcOwnerId": "123456789012",
        "vpcSlbIntranetEnable": True,
    }


def test_without_ingress_an_instance_names_no_vpc() -> None:
    inputs = run(lambda: c.ApiGatewayInstance("gw", PLAIN))["gw-instance"].inputs
    assert set(inputs) == {"instanceName", "instanceSpec", "httpsPolicy", "paymentType"}


@pytest.mark.parametrize("self_call", [True, False])
def test_self_calls_never_differ_since_the_provider_would_never_apply_them(
    *, self_call: bool
) -> None:
    made = run(lambda: c.ApiGatewayInstance("gw", {**PLAIN, "self_call": self_call}))
    assert list(made["gw-instance"].request.ignoreChanges) == ["vpcSlbIntranetEnable"]


def test_an_instance_has_half_an_hour_for_each_step() -> None:
    timeouts = built(api_instance)["gw-instance"].request.customTimeouts
    assert timeouts.create == timeouts.update == timeouts.delete == "30m"


def test_an_instance_is_protected_where_that_is_asked_for() -> None:
    protected: c.ApiGatewayInstanceArgs = {**PLAIN, "deletion_protection": True}
    assert run(lambda: c.ApiGatewayInstance("gw", protected))["gw-instance"].request.protect
    assert not built(api_instance)["gw-instance"].request.protect


def test_a_group_lies_on_its_instance_with_a_domain_for_vpcs() -> None:
    assert built(api_group)["shop-group"].inputs == {
        "name": "shop",
        "description": "the shop's APIs",
        "instanceId": "apigateway-1",
        "basePath": "/shop",
        "vpcIntranetEnable": True,
    }


def test_that_a_group_has_no_domain_for_vpcs_is_said() -> None:
    made = run(lambda: c.ApiGroup("shop", {"group_name": "shop"}))
    assert made["shop-group"].inputs == {"name": "shop", "vpcIntranetEnable": False}


def test_a_group_gives_out_its_id_and_its_domains() -> None:
    made: list[c.ApiGroup] = []
    run(lambda: made.append(c.ApiGroup("shop", {"group_name": "shop", "intranet": True})))
    assert value_of(made[0].group_id) == "shop-group-id"
    assert value_of(made[0].sub_domain).endswith(".alicloudapi.com")
    assert value_of(made[0].vpc_domain).endswith(".alicloudapi.com")
    assert value_of(made[0].sub_domain) != value_of(made[0].vpc_domain)


def test_what_has_a_name_of_its_own_is_deleted_before_it_is_made_anew() -> None:
    assert built(api_group)["shop-group"].request.deleteBeforeReplace
    assert built(api_vpc_access)["ingress-access"].request.deleteBeforeReplace
    assert built(api_access_log)["calls-log"].request.deleteBeforeReplace


def test_an_authorization_is_of_one_port_of_one_server() -> None:
    assert built(api_vpc_access)["ingress-access"].inputs == {
        "name": "shop-ingress",
        "vpcId": "vpc-1",
        "instanceId": "lb-1",
        "port": 80,
    }


def test_an_api_that_takes_an_authorization_s_name_from_it_comes_after_it() -> None:
    def program() -> None:
        access = c.ApiVpcAccess(
            "ingress",
            {"access_name": "shop", "vpc_id": "vpc-1", "instance_id": "192.168.9.9", "port": 80},
        )
        args: c.ApiArgs = {
            "api_name": "tomcat",
            "group_id": "group-1",
            "description": "tomcat",
            "request": {"method": "GET", "path": "/", "protocol": "HTTPS", "mode": "MAPPING"},
            "auth_type": "APP",
            "backend": {"vpc": {"access_name": access.name, "path": "/", "method": "GET"}},
            "stage_name": "RELEASE",
        }
        c.Api("tomcat", args)

    api = run(program)["tomcat-api"]
    assert "ingress-access" in api.after
    assert api.inputs["httpVpcServiceConfig"]["name"] == "shop"
    assert "ingress-access" not in built(vpc_api)["tomcat-api"].after


def test_an_app_has_its_name_and_gives_out_its_id() -> None:
    inputs = dict(built(api_app)["web-app"].inputs)
    assert inputs.pop("tags")
    assert inputs == {"name": "shop_web", "description": "the website"}
    made: list[c.ApiApp] = []
    run(lambda: made.append(c.ApiApp("web", {"app_name": "shop_web"})))
    assert value_of(made[0].app_id) == "web-app-id"


def test_a_log_is_of_the_calls_of_ones_own_apis() -> None:
    assert built(api_access_log)["calls-log"].inputs == {
        "logType": "PROVIDER",
        "slsProject": "shop-logs",
        "slsLogStore": "apis",
    }
    made: list[c.ApiAccessLog] = []
    run(lambda: made.append(c.ApiAccessLog("calls", {"sls_project": "p", "sls_log_store": "s"})))
    assert value_of(made[0].log_id) == "calls-log-id"
