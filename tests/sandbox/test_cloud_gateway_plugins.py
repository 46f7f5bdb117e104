"""Plugins: what one may say, and where it may be attached."""

import json
from typing import Any

import pytest
from cloud_lab import refused
from gateway_lab import ROUTING, GatewayLab, new_gateway_lab

from tests.topologies.api_plugins import plugin_of, whole_plugin
from topologies.api_gateway.plugins.base import text_of
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS


@pytest.fixture
def lab() -> GatewayLab:
    return new_gateway_lab()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("routing", "{"),
        ("routing", "routes"),
        ("routing", ""),
        ("routing", {"parameters": {}}),
        ("routing", {**ROUTING, "route": []}),
        ("cors", {"allowOrigin": "*"}),
        ("trafficControl", {"apiDefault": 100}),
        ("backendSignature", {"type": "APIGW_BACKEND", "key": "k"}),
        ("ipControl", {"type": "ALLOW"}),
        ("accessControl", {"parameters": {}}),
        ("remoteAuth", {"authUriType": "HTTP", "successCondition": "${statusCode} = 200"}),
    ],
)
def test_a_definition_has_the_keys_of_its_type(lab: GatewayLab, kind: str, data: object) -> None:
    with refused("InvalidPluginData"):
        lab.new_plugin(kind=kind, data=data)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("routing", "---\nroutes:\n- name: a\n  condition: \"$x = '1'\"\n  backend: {}\n"),
        ("cors", {"allowOrigins": "*", "allowMethods": "GET"}),
        ("trafficControl", {"unit": "MINUTE", "apiDefault": 1000}),
        ("backendSignature", {"type": "APIGW_FRONTEND", "key": "k", "secret": "s"}),
        ("newKind", {"whatever": "its keys aren't looked at"}),
    ],
)
def test_a_definition_is_yaml_or_json(lab: GatewayLab, kind: str, data: object) -> None:
    assert lab.new_plugin(kind=kind, data=data)["create_time"]


@pytest.mark.parametrize("kind", [kind for kind in PLUGIN_KINDS if kind != "other"])
def test_every_kind_of_the_stack_file_is_known_with_all_its_keys(
    lab: GatewayLab, kind: str
) -> None:
    plugin = plugin_of(json.dumps(whole_plugin(kind)))
    data = json.loads(text_of(plugin.written()))
    lab.new_plugin(kind=plugin.type, data=data)
    with refused("InvalidPluginData"):
        lab.new_plugin("other", kind=plugin.type, data={**data, "strange": 1})


def test_a_definition_has_fifty_kilobytes(lab: GatewayLab) -> None:
    text = json.dumps(ROUTING)
    lab.new_plugin("fits", data=text + " " * (50 * 1024 - len(text)))
    with refused("InvalidPluginData"):
        lab.new_plugin("larger", data=text + " " * (50 * 1024 - len(text) + 1))


@pytest.mark.parametrize("name", ["abc", "a" * 51, "_cors", "my-cors"])
def test_a_name_has_four_to_fifty_letters_digits_and_underscores(
    lab: GatewayLab, name: str
) -> None:
    with refused("InvalidPluginName"):
        lab.new_plugin(name)


def test_a_description_has_two_hundred(lab: GatewayLab) -> None:
    plugin = lab.new_plugin()
    with refused("InvalidDescription"):
        lab.store.update(plugin.kind, plugin.id, {"description": "d" * 201})
    lab.store.update(plugin.kind, plugin.id, {"description": "d" * 200})


def test_there_are_so_many_plugins(lab: GatewayLab) -> None:
    lab.store.set_quota("api_plugins_per_region", 1)
    lab.new_plugin()
    with refused("ExceedLimitPlugin"):
        lab.new_plugin("second")


def test_a_route_into_a_vpc_needs_its_authorization(lab: GatewayLab) -> None:
    backend = {"type": "HTTP-VPC", "vpcAccessName": "backend"}
    data: dict[str, Any] = {"routes": [{"name": "a", "condition": "1 = 1", "backend": backend}]}
    with refused("NotFoundVpc"):
        lab.new_plugin(data=data)
    plain = lab.new_plugin()
    with refused("NotFoundVpc"):
        lab.store.update(plain.kind, plain.id, {"plugin_data": json.dumps(data)})
    lab.new_access("backend")
    lab.new_plugin("into_vpc", data=data)


def test_a_plugin_is_attached_where_the_api_is_published(lab: GatewayLab) -> None:
    api, plugin = lab.new_api(), lab.new_plugin()
    with refused("NotFoundStage"):
        lab.attach_plugin(plugin, api, "TEST")
    made = lab.attach_plugin(plugin, api)
    assert made.id == f"{lab.group.id}:{api.id}:{plugin.id}:RELEASE"
    lab.store.delete_behind(made.id)
    lab.delete(plugin)
    with refused("NotFoundPlugin"):
        lab.attach_plugin(plugin, api)


def test_an_api_has_one_plugin_of_a_type_on_a_stage(lab: GatewayLab) -> None:
    api = lab.new_api(stage_names=["RELEASE", "TEST"])
    first, second = lab.new_plugin("first"), lab.new_plugin("second")
    made = lab.attach_plugin(first, api)
    for plugin in (first, second):
        with refused("RepeatedPlugin"):
            lab.attach_plugin(plugin, api)
    lab.attach_plugin(second, api, "TEST")
    lab.attach_plugin(lab.new_plugin("cors", "cors", {"allowOrigins": "*"}), api)
    lab.delete(made)
    lab.attach_plugin(second, api)


def test_a_plugin_that_an_api_has_stays(lab: GatewayLab) -> None:
    api, plugin = lab.new_api(), lab.new_plugin()
    made = lab.attach_plugin(plugin, api)
    with refused("DependencyViolationPlugin"):
        lab.delete(plugin)
    lab.delete(made)
    lab.delete(plugin)
