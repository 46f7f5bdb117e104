"""Inputs inside inputs: names, defaults, differences, and what a refresh finds."""

from collections.abc import Generator
from typing import Any

import pytest
from gateway_lab import GatewayLab, parameter
from provider_lab import ProviderLab, plain

from facts.contract import contract_of
from sandbox.cloud import Store

API = "alicloud:apigateway/api:Api"
FUNCTION = "alicloud:fc/v3Function:V3Function"


class Front(ProviderLab):
    """A provider, and the cloud behind it with a group and a VPC authorization."""

    def __init__(self) -> None:
        store = Store(":memory:", seed="tests")
        self.cloud = GatewayLab(store)
        super().__init__(store)
        self.access = self.cloud.new_access("backend")

    def inputs(self, **more: object) -> dict[str, Any]:
        request = {"protocol": "HTTP", "method": "GET", "path": "/users/[id]", "mode": "MAPPING"}
        service = {"name": "backend", "path": "/users/[id]", "method": "GET", "timeout": 10_000}
        inside = parameter("id", "PATH")
        asked = {name.replace("_s", "S"): value for name, value in inside.items()}
        return {
            "groupId": self.cloud.group.id,
            "name": "one_user",
            "description": "A user",
            "authType": "APP",
            "requestConfig": request,
            "serviceType": "HTTP-VPC",
            "httpVpcServiceConfig": service,
            "requestParameters": [asked],
            "constantParameters": [
                {"name": "host", "in": "HEAD", "value": "users.example.com"},
                {"name": "from", "in": "QUERY", "value": "gateway"},
            ],
            "stageNames": ["RELEASE"],
            **more,
        }


@pytest.fixture
def lab() -> Generator[Front]:
    lab = Front()
    yield lab
    lab.close()


def test_names_are_translated_all_the_way_down() -> None:
    contract = contract_of(FUNCTION)
    pulumi = {
        "customRuntimeConfig": {"commands": ["run"], "healthCheckConfig": {"httpGetUrl": "/"}},
        "environmentVariables": {"camelCase": "stays", "snake_case": "too"},
        "vpcConfig": {"vswitchIds": ["vsw-1"], "vpcId": None},
    }
    cloud = {
        "custom_runtime_config": {"command": ["run"], "health_check_config": {"http_get_url": "/"}},
        "environment_variables": {"camelCase": "stays", "snake_case": "too"},
        "vpc_config": {"vswitch_ids": ["vsw-1"]},
    }
    assert contract.to_snake(pulumi) == cloud
    del pulumi["vpcConfig"]["vpcId"]
    assert contract.to_camel(cloud) == pulumi


def test_lists_of_objects_are_translated_too() -> None:
    contract = contract_of(API)
    pulumi = {"systemParameters": [{"name": "CaClientIp", "in": "HEAD", "nameService": "ip"}]}
    cloud = {"system_parameters": [{"name": "CaClientIp", "in": "HEAD", "name_service": "ip"}]}
    assert contract.to_snake(pulumi) == cloud
    assert contract.to_camel(cloud) == pulumi


def test_the_cloud_gets_its_own_names(lab: Front) -> None:
    identity, outputs = lab.create(API, lab.inputs())
    (made,) = lab.store.all("api_gateway_api")
    assert identity == f"{lab.cloud.group.id}:{made.id}"
    assert outputs["apiId"] == made.id
    assert made["request_parameters"][0]["name_service"] == "id"
    assert outputs["requestParameters"][0]["nameService"] == "id"
    assert outputs["httpVpcServiceConfig"]["contentTypeCategory"] == "DEFAULT"


def test_what_the_cloud_fills_in_inside_makes_no_difference(lab: Front) -> None:
    _, outputs = lab.create(API, lab.inputs())
    assert lab.differing(API, outputs, lab.inputs()) == set()


def test_the_order_of_a_set_of_objects_makes_no_difference(lab: Front) -> None:
    _, outputs = lab.create(API, lab.inputs())
    turned = lab.inputs()
    turned["constantParameters"].reverse()
    assert lab.differing(API, outputs, turned) == set()
    turned["constantParameters"].pop()
    assert lab.differing(API, outputs, turned) == {"constantParameters"}


def test_the_order_of_a_list_of_objects_does(lab: Front) -> None:
    options = [{"name": "ndots", "value": "1"}, {"name": "timeout", "value": "2"}]
    code = {"zipFile": "UEsDBAoAAAAA"}
    inputs: dict[str, Any] = {"handler": "h", "runtime": "python3.10", "code": code}
    dns = {"customDns": {"dnsOptions": options}}
    _, outputs = lab.create(FUNCTION, {**inputs, **dns})
    assert lab.differing(FUNCTION, outputs, {**inputs, **dns}) == set()
    turned = {"customDns": {"dnsOptions": options[::-1]}}
    assert lab.differing(FUNCTION, outputs, {**inputs, **turned}) == {"customDns"}


@pytest.mark.parametrize(
    ("outer", "inner", "value"),
    [
        ("requestConfig", "mode", "PASSTHROUGH"),
        ("requestConfig", "bodyFormat", "STREAM"),
        ("httpVpcServiceConfig", "timeout", 20_000),
    ],
)
def test_a_change_inside_is_one_update(lab: Front, outer: str, inner: str, value: object) -> None:
    inputs = lab.inputs()
    identity, outputs = lab.create(API, inputs)
    changed = {**inputs, outer: {**inputs[outer], inner: value}}
    found = lab.diff(API, outputs, changed)
    assert (list(found.diffs), list(found.replaces)) == ([outer], [])
    after = lab.update(API, identity, outputs, changed)
    assert after[outer][inner] == value
    assert lab.differing(API, after, changed) == set()
    assert len(lab.store.calls("update", "api_gateway_api")) == 1


def test_what_is_no_longer_stated_inside_goes(lab: Front) -> None:
    inputs = lab.inputs()
    stated = {**inputs, "requestConfig": {**inputs["requestConfig"], "bodyFormat": "STREAM"}}
    identity, outputs = lab.create(API, stated)
    assert lab.differing(API, outputs, inputs) == {"requestConfig"}
    assert "bodyFormat" not in lab.update(API, identity, outputs, inputs)["requestConfig"]


def test_another_kind_of_backend_takes_the_place_of_the_first(lab: Front) -> None:
    inputs = lab.inputs()
    identity, outputs = lab.create(API, inputs)
    del inputs["httpVpcServiceConfig"]
    mock = {**inputs, "serviceType": "MOCK", "mockServiceConfig": {"result": "{}"}}
    after = lab.update(API, identity, outputs, mock)
    assert "httpVpcServiceConfig" not in after
    assert lab.differing(API, after, mock) == set()


def test_a_refresh_finds_what_was_stated(lab: Front) -> None:
    checked = plain(lab.check(API, lab.inputs()).inputs)
    identity, outputs = lab.create(API, checked)
    found = lab.read(API, identity, outputs, checked)
    assert plain(found.inputs) == checked
    assert plain(found.properties) == outputs


def test_drift_inside_is_found(lab: Front) -> None:
    checked = plain(lab.check(API, lab.inputs()).inputs)
    identity, outputs = lab.create(API, checked)
    (made,) = lab.store.all("api_gateway_api")
    lab.store.change_behind(made.id, request_config={**made["request_config"], "mode": "OTHER"})
    found = lab.read(API, identity, outputs, checked)
    assert plain(found.inputs)["requestConfig"]["mode"] == "OTHER"
    assert lab.differing(API, plain(found.properties), checked) == {"requestConfig"}


def test_defaults_are_filled_in_inside(lab: Front) -> None:
    backend = {"arnRole": "acs:ram::1:role/r", "region": "cn-shanghai", "timeout": 1000}
    checked = plain(lab.check(API, lab.inputs(fcServiceConfig=backend)).inputs)
    assert checked["fcServiceConfig"]["functionVersion"] == "2.0"
    stated = {**backend, "functionVersion": "3.0"}
    checked = plain(lab.check(API, lab.inputs(fcServiceConfig=stated)).inputs)
    assert checked["fcServiceConfig"]["functionVersion"] == "3.0"


@pytest.mark.parametrize(
    ("kind", "inputs", "problem"),
    [
        (API, {"requestConfig": {"path": "/"}}, "is required"),
        (API, {"httpVpcServiceConfig": {"timeOut": 1}}, "is not known"),
        (API, {"requestParameters": [{"in": 1}]}, "must be a string"),
        ("alicloud:apigateway/plugin:Plugin", {"pluginName": "my-plugin"}, "must match"),
        (FUNCTION, {"cpu": 17}, "must be 0.05 to 16"),
    ],
)
def test_a_preview_finds_mistakes_inside(
    lab: Front, kind: str, inputs: dict[str, Any], problem: str
) -> None:
    failures = lab.failures(kind, inputs)
    assert problem in failures[next(iter(inputs))]


def test_a_preview_takes_what_is_not_known_yet_inside(lab: Front) -> None:
    service = {
        **lab.inputs()["httpVpcServiceConfig"],
        "name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    }
    asked = lab.inputs(httpVpcServiceConfig=service)
    assert lab.failures(API, asked) == {}
    _, planned = lab.create(API, asked, preview=True)
    assert planned["httpVpcServiceConfig"]["name"] == service["name"]
