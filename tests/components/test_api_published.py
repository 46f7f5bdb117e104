"""An API: what the provider is told, in which order, and what is bound to it."""

from typing import Any, cast

import pulumi
import pytest

import components as c
from tests.components.api_builds import api_to, function_api, http_api, mock_api, vpc_api
from tests.components.test_every_component import built
from tests.mocked_cloud import run, value_of

MOCK: c.ApiBackendArgs = {"mock": {"result": "ok"}}
CONFIGS = {"httpServiceConfig", "httpVpcServiceConfig", "fcServiceConfig", "mockServiceConfig"}


def test_an_api_is_published_in_one_stage() -> None:
    assert built(http_api)["orders-api"].inputs["stageNames"] == ["RELEASE"]
    assert built(mock_api)["later-api"].inputs["stageNames"] == ["TEST"]


def test_a_backend_in_a_vpc_is_http_and_has_ten_seconds_unless_told_otherwise() -> None:
    inputs = built(vpc_api)["tomcat-api"].inputs
    assert inputs["serviceType"] == "HTTP-VPC"
    assert inputs["httpVpcServiceConfig"] == {
        "name": "ingress",
        "path": "/tomcat",
        "method": "GET",
        "vpcScheme": "HTTP",
        "timeout": 10_000,
    }
    assert CONFIGS & set(inputs) == {"httpVpcServiceConfig"}


def test_a_backend_that_is_a_function_is_one_of_function_compute_3() -> None:
    inputs = built(function_api)["lookup-api"].inputs
    assert inputs["serviceType"] == "FunctionCompute"
    assert inputs["fcServiceConfig"] == {
        "functionVersion": "3.0",
        "functionType": "FCEvent",
        "functionName": "phone-lookup",
        "region": "cn-shanghai",
        "arnRole": "acs:ram::123456789012:role/shop-invoker",
        "qualifier": "LATEST",
        "timeout": 60_000,
    }
    assert CONFIGS & set(inputs) == {"fcServiceConfig"}


@pytest.mark.parametrize(
    ("backend", "given"),
    [
        ({}, "has none"),
        ({"mock": {"result": ""}, "http": {}}, "has http, mock"),
        ({"websocket": {}}, "no backend of the kind websocket"),
    ],
)
def test_an_api_has_exactly_one_backend(backend: dict[str, Any], given: str) -> None:
    args = api_to(cast("c.ApiBackendArgs", backend))
    with pytest.raises(ValueError, match=given):
        run(lambda: c.Api("plain", args))


def test_parameters_keep_name_and_place_towards_the_backend_unless_told_otherwise() -> None:
    moved, kept = built(http_api)["orders-api"].inputs["requestParameters"]
    assert moved == {
        "name": "id",
        "in": "PATH",
        "type": "STRING",
        "required": "REQUIRED",
        "description": "whose",
        "nameService": "user",
        "inService": "HEAD",
    }
    assert kept == {
        "name": "page",
        "in": "QUERY",
        "type": "INT",
        "required": "OPTIONAL",
        "defaultValue": "1",
        "nameService": "page",
        "inService": "QUERY",
    }


def test_the_order_of_parameters_in_a_map_changes_nothing() -> None:
    parameters: dict[str, c.ApiRequestParameterArgs] = {
        name: {"location": "QUERY"} for name in ("b", "a", "c")
    }

    def inputs(names: list[str]) -> object:
        args = api_to(MOCK)
        args["request_parameters"] = {name: parameters[name] for name in names}
        return run(lambda: c.Api("plain", args))["plain-api"].inputs

    assert inputs(["b", "a", "c"]) == inputs(["c", "b", "a"])


def test_apps_and_plugins_are_bound_once_the_api_is_published() -> None:
    made = built(http_api)
    assert made.names("AppAttachment") == ["orders-app-batch", "orders-app-web"]
    web, limits = made["orders-app-web"], made["orders-plugin-trafficControl"]
    shared = {"groupId": "group-1", "stageName": "RELEASE"}
    api_id = web.inputs["apiId"]
    assert api_id
    assert web.inputs == {**shared, "apiId": api_id, "appId": "1234"}
    assert limits.inputs == {**shared, "apiId": api_id, "pluginId": "plugin-1"}
    assert "orders-api" in web.after
    assert "orders-api" in limits.after


def test_bindings_are_undone_before_they_are_made_anew_and_kept_over_a_rename() -> None:
    made = built(http_api)
    for name in ("orders-app-web", "orders-app-batch", "orders-plugin-trafficControl"):
        assert made[name].request.deleteBeforeReplace, name
    assert made["orders-app-web"].aliases == {"orders-app-site"}
    assert made["orders-plugin-trafficControl"].aliases == {"orders-plugin-limits"}
    assert made["orders-app-batch"].aliases == set()


def test_apis_of_a_group_are_chained_without_their_bindings() -> None:
    """The group waits for one API at a time, and a lost binding must not hold up the others."""

    def program() -> None:
        first = c.Api("first", {**api_to(MOCK), "apps": {"web": {"id": "1"}}})
        options = pulumi.ResourceOptions(depends_on=[c.resource_at(first.api_urn)])
        c.Api("second", api_to(MOCK), options)

    made = run(program)
    assert made["second-api"].after == {"first-api"}


def test_an_api_gives_out_the_id_that_the_cloud_knows_it_by() -> None:
    made: list[c.Api] = []
    run(lambda: made.append(c.Api("plain", api_to(MOCK))))
    api_id = value_of(made[0].api_id)
    assert api_id
    assert ":" not in api_id  # the resource's own id has the group in front
