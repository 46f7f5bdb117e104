"""What is particular to the parts of API Gateway that APIs stand on."""

import pytest

import components as c
from tests.components.api_builds import (
    api_access_log,
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


def test_without_ingress_an_instance_names_no_vpc() -> None:
    inputs = run(lambda: c.ApiGatewayInstance("gw", PLAIN))["gw-instance"].inputs
    assert set(inputs) == {"instanceName", "instanceSpec", "httpsPolicy", "paymentType"}


@pytest.mark.parametrize("self_call", [True, False])
def test_self_calls_never_differ_since_the_provider_would_never_apply_them(
    *, self_call: bool
) -> None:
    made = run(lambda: c.ApiGatewayInstance("gw", {**PLAIN, "self_call": self_call}))
    assert list(made["gw-instance"].request.ignoreChanges) == ["vpcSlbIntranetEnable"]


def test_an_instance_is_protected_where_that_is_asked_for() -> None:
    protected: c.ApiGatewayInstanceArgs = {**PLAIN, "deletion_protection": True}
    assert run(lambda: c.ApiGatewayInstance("gw", protected))["gw-instance"].request.protect
    assert not built(api_instance)["gw-instance"].request.protect


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
