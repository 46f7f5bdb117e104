"""APIs: what one may say, its stages, and what belongs to it."""

from typing import Any

import pytest
from cloud_lab import refused
from gateway_lab import GatewayLab, new_gateway_lab, parameter

from sandbox.cloud.apigateway.api import BEHIND

ROLE = "acs:ram::1000000000000001:role/gateway"
HTTP = {"address": "http://198.51.100.7", "path": "/users", "method": "GET", "timeout": 10_000}
VPC = {"name": "backend", "path": "/users", "method": "GET", "timeout": 10_000}
FUNCTION = {
    "region": "cn-shanghai",
    "arn_role": ROLE,
    "timeout": 10_000,
    "function_version": "3.0",
    "function_name": "users",
}


@pytest.fixture
def lab() -> GatewayLab:
    return new_gateway_lab()


def test_an_api_needs_its_group(lab: GatewayLab) -> None:
    with refused("NotFoundApiGroup"):
        lab.new_api(group_id="none")


def test_an_api_is_called_like_no_other_of_its_group(lab: GatewayLab) -> None:
    lab.new_api("/users")
    with refused("RepeatedApiName"):
        lab.new_api("/orders")
    lab.new_api("/users", group_id=lab.new_api_group("other").id)


def test_a_group_has_one_api_for_a_method_and_path(lab: GatewayLab) -> None:
    lab.new_api("/users")
    with refused("RepeatedRequestPath"):
        lab.new_api("/users", name="users_again")
    lab.new_api("/users", "POST", name="new_user")
    moved = lab.new_api("/orders", name="list_orders")
    request = {**moved["request_config"], "path": "/users"}
    with refused("RepeatedRequestPath"):
        lab.store.update(moved.kind, moved.id, {"request_config": request})
    lab.store.update(moved.kind, moved.id, {"description": "Orders"})
    free = {**moved["request_config"], "path": "/open-orders"}
    lab.store.update(moved.kind, moved.id, {"request_config": free})
    lab.new_api("/orders", name="orders_again")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_where_parameters_are_mapped_a_body_has_a_format(lab: GatewayLab, method: str) -> None:
    request = {"protocol": "HTTP", "method": method, "path": "/users", "mode": "MAPPING"}
    with refused("MissingBodyFormat"):
        lab.store.create("api_gateway_api", lab.definition(request_config=request))
    with refused("InvalidBodyFormat"):
        lab.new_api(method=method, request_config={**request, "body_format": "JSON"})
    through = lab.definition(request_config={**request, "mode": "PASSTHROUGH"})
    lab.store.create("api_gateway_api", through)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "my-api"}, "InvalidApiName"),
        ({"description": "d" * 181}, "InvalidDescription"),
        ({"auth_type": "NONE"}, "InvalidAuthType"),
        ({"service_type": "VPC"}, "InvalidServiceProtocol"),
        ({"service_type": "HTTP"}, "MissingServiceConfig"),
        ({"service_type": "HTTP", "http_service_config": {**HTTP, "timeout": 0}}, "Timeout"),
        ({"service_type": "HTTP", "http_service_config": {**HTTP, "timeout": 600_001}}, "Timeout"),
        ({"service_type": "HTTP", "http_service_config": {**HTTP, "method": "get"}}, "HttpMethod"),
        (
            {
                "service_type": "HTTP",
                "http_service_config": {**HTTP, "content_type_category": "JSON"},
            },
            "InvalidContentTypeCatagory",
        ),
        ({"stage_names": ["ONLINE"]}, "NotFoundStage"),
        ({"constant_parameters": [{"name": "h", "in": "BODY", "value": "x"}]}, "InvalidLocation"),
        ({"request_parameters": [parameter("a", "FORM")]}, "InvalidLocation"),
        ({"request_parameters": [parameter("a", type="NUMBER")]}, "InvalidParameterType"),
        ({"request_parameters": [parameter("a", required="YES")]}, "InvalidRequired"),
        ({"request_parameters": [parameter("a"), parameter("a")]}, "DuplicateApiParameterName"),
    ],
)
def test_an_api_says_only_what_the_gateway_takes(
    lab: GatewayLab, more: dict[str, Any], code: str
) -> None:
    full = {"Timeout": "InvalidServiceTimeout", "HttpMethod": "InvalidServiceHttpMethod"}
    with refused(full.get(code, code)):
        lab.new_api(**more)


@pytest.mark.parametrize(
    ("request_config", "code"),
    [
        ({"protocol": "HTTP,FTP"}, "InvalidRequestProtocol"),
        ({"method": "LIST"}, "InvalidRequestHttpMethod"),
        ({"mode": "PROXY"}, "InvalidRequestMode"),
        ({"path": "users"}, "InvalidRequestPath"),
    ],
)
def test_a_request_says_only_what_the_gateway_takes(
    lab: GatewayLab, request_config: dict[str, str], code: str
) -> None:
    asked = lab.definition()
    asked["request_config"] |= request_config
    with refused(code):
        lab.store.create("api_gateway_api", asked)


def test_path_parameters_are_declared_and_in_brackets(lab: GatewayLab) -> None:
    with refused("InvalidRequestPath"):
        lab.new_api("/users/[id]")
    with refused("InvalidRequestPath"):
        lab.new_api("/users", request_parameters=[parameter("id", "PATH")])
    with refused("InvalidRequired"):
        lab.new_api("/u/[id]", request_parameters=[parameter("id", "PATH", required="OPTIONAL")])
    lab.new_api("/users/[id]", request_parameters=[parameter("id", "PATH")])


def test_path_parameters_are_in_the_backends_path_too(lab: GatewayLab) -> None:
    asked: dict[str, Any] = {
        "service_type": "HTTP",
        "request_parameters": [parameter("id", "PATH")],
    }
    with refused("InvalidServicePath"):
        lab.new_api("/users/[id]", http_service_config=HTTP, **asked)
    inside = {**HTTP, "path": "/users/[id]"}
    with refused("InvalidServicePath"):
        lab.new_api("/users", http_service_config=inside, service_type="HTTP")
    lab.new_api("/users/[id]", http_service_config=inside, **asked)


def test_a_backend_in_a_vpc_needs_its_authorization(lab: GatewayLab) -> None:
    backend: dict[str, Any] = {"service_type": "HTTP-VPC", "http_vpc_service_config": VPC}
    with refused("NotFoundVpc"):
        lab.new_api(**backend)
    lab.new_access("backend")
    made = lab.new_api(**backend)
    config = made["http_vpc_service_config"]
    assert config["content_type_category"] == "DEFAULT"
    with refused("NotFoundVpc"):
        lab.store.update(made.kind, made.id, {"http_vpc_service_config": {**VPC, "name": "none"}})


def test_an_api_is_taken_off_its_stages_with_or_without_its_authorization(lab: GatewayLab) -> None:
    access = lab.new_access("backend")
    made = lab.new_api(service_type="HTTP-VPC", http_vpc_service_config=VPC)
    lab.store.delete(access.kind, access.id)
    lab.store.update(made.kind, made.id, {"stage_names": []})
    lab.store.delete(made.kind, made.id)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"arn_role": "gateway"}, "InvalidRoleArn"),
        ({"function_name": ""}, "MissingFunctionName"),
        ({"function_version": "2.0"}, "MissingFunctionName"),
        ({"function_type": "HttpTrigger"}, "MissingFunctionName"),
    ],
)
def test_a_function_backend_needs_its_role_and_function(
    lab: GatewayLab, more: dict[str, str], code: str
) -> None:
    with refused(code):
        lab.new_api(service_type="FunctionCompute", fc_service_config={**FUNCTION, **more})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"function_version": "2.0", "service_name": "shop"},
        {"function_type": "HttpTrigger", "function_base_url": "https://users.example.com"},
    ],
)
def test_a_function_backend_may_be_of_three_kinds(lab: GatewayLab, more: dict[str, str]) -> None:
    lab.new_api(service_type="FunctionCompute", fc_service_config={**FUNCTION, **more})


def test_a_group_has_so_many_apis(lab: GatewayLab) -> None:
    lab.store.set_quota("apis_per_group", 1)
    lab.new_api()
    with refused("ExceedLimitApi"):
        lab.new_api("/orders", name="list_orders")


# --- stages -----------------------------------------------------------------------------------


def test_an_edited_api_is_published_anew_where_it_is_published(lab: GatewayLab) -> None:
    api = lab.new_api(stage_names=["RELEASE", "TEST"])
    assert api[BEHIND] is None
    older = {BEHIND: {"TEST": dict(api.attributes)}}
    edited = lab.store.update(api.kind, api.id, {"description": "All users", **older})
    assert edited[BEHIND]["TEST"]["description"] == "Users"
    again = lab.store.update(api.kind, api.id, {"description": "All of them"})
    assert again[BEHIND] is None


def test_an_api_whose_backend_is_gone_is_still_taken_off_a_stage_and_put_on_none(
    lab: GatewayLab,
) -> None:
    access = lab.new_access()
    stages = ["RELEASE", "TEST"]
    api = lab.new_api(service_type="HTTP-VPC", http_vpc_service_config=VPC, stage_names=stages)
    lab.delete(access)
    lab.store.update(api.kind, api.id, {"stage_names": ["TEST"]})
    with refused("NotFoundVpc"):
        lab.store.update(api.kind, api.id, {"stage_names": ["TEST", "PRE"]})
    lab.store.update(api.kind, api.id, {"stage_names": []})


def test_a_published_api_stays(lab: GatewayLab) -> None:
    api = lab.new_api()
    with refused("DependencyViolationApi"):
        lab.delete(api)
    lab.store.update(api.kind, api.id, {"stage_names": []})
    lab.delete(api)


def test_what_an_api_has_goes_with_it(lab: GatewayLab) -> None:
    api, plugin = lab.new_api(), lab.new_plugin()
    lab.attach_plugin(plugin, api)
    lab.authorize(lab.new_app(), api)
    lab.store.update(api.kind, api.id, {"stage_names": []})
    assert len(lab.store.all("api_gateway_plugin_attachment")) == 1, "it stays unpublished"
    lab.delete(api)
    assert lab.store.all("api_gateway_plugin_attachment") == []
    assert lab.store.all("api_gateway_app_attachment") == []
    lab.delete(plugin)
