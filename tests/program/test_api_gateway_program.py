"""What a stack with an API gateway registers, under mocks."""

import json
from typing import Any

import pytest

from tests.mocked_cloud import Registered
from tests.program.unified_programs import created, outputs, program
from tests.stackfiles import Edit
from tests.topologies.api_stacks import (
    G,
    api_stack,
    bound,
    limits_elsewhere,
    mock_api,
    network,
)
from tests.topologies.unified import put


def gateway(*edits: Edit) -> Registered:
    return program(api_stack(*edits))


# Order.


def test_the_apis_of_one_group_are_made_one_after_the_other_by_name() -> None:
    more = {"cart": mock_api(path="/cart"), "zoo": mock_api(path="/zoo", group="other")}
    made = gateway(put(f"{G}.groups", other={}), put(f"{G}.apis", **more))
    assert "api-cart-api" in made["api-order-api"].after
    assert "api-order-api" in made["api-pay-api"].after
    assert not [name for name in made["api-cart-api"].after if name.startswith("api-")]
    assert not [name for name in made["api-zoo-api"].after if name.startswith("api-")]


def test_a_chain_doesnt_wait_for_bindings() -> None:
    made = gateway()
    assert "api-order-app-caller" not in made["api-pay-api"].after


def test_bindings_are_by_the_id_that_the_api_has_once_it_is_published() -> None:
    """The API's own id has the group before it; authorizing takes the id alone."""
    made = gateway()
    for name in ("api-order-app-caller", "api-order-plugin-trafficControl"):
        assert "api-order-api" in made[name].after
        assert made[name].inputs["apiId"] != "api-order-api-id", name
        assert made[name].inputs["groupId"] == "group-shop-group-id"
        assert made[name].inputs["stageName"] == "RELEASE"
    assert made["api-order-app-caller"].inputs["appId"] == "app-caller-app-id"
    assert made["api-order-plugin-trafficControl"].inputs["pluginId"] == "plugin-limits-plugin-id"


def test_a_plugin_comes_after_the_authorizations_that_its_routes_name() -> None:
    route: dict[str, Any] = {
        "name": "inside",
        "condition": "$CaClientIp in_cidr '203.0.113.0/24'",
        "backend": {"vpc": {"access": "other"}},
    }
    other = put(f"{G}.vpcAccess", other={"vpc": "vpc-1", "instanceId": "lb-2", "port": 80})
    made = gateway(other, *bound("routes", {"routing": {"routes": [route]}}), limits_elsewhere())
    assert made["plugin-routes-plugin"].after == {"vpc-access-other-access"}
    data = json.loads(made["plugin-routes-plugin"].inputs["pluginData"])
    assert data["routes"][0]["backend"]["vpcAccessName"] == "dev-other"
    assert made["vpc-access-other-access"].inputs["name"] == "dev-other"


def test_an_api_in_a_vpc_comes_after_its_authorization() -> None:
    made = gateway()
    assert "vpc-access-ingress-access" in made["api-pay-api"].after
    assert made["api-pay-api"].inputs["httpVpcServiceConfig"]["name"] == "dev-ingress"


# What there is.


def test_the_whole_stack_is_what_the_section_names_and_nothing_else() -> None:
    made = gateway()
    assert sorted(one.name for one in made.resources) == [
        "api-order-api",
        "api-order-app-caller",
        "api-order-plugin-trafficControl",
        "api-pay-api",
        "api-pay-app-caller",
        "app-caller-app",
        "group-shop-group",
        "plugin-limits-plugin",
        "vpc-access-ingress-access",
    ]


def test_without_a_network_no_vpc_is_registered_and_none_put_out() -> None:
    made = gateway()
    assert created(made, "Network") == created(made, "Switch") == []
    assert made.names("Network") == []
    assert "vpcId" not in outputs(api_stack())


def test_a_network_beside_it_is_registered_and_put_out() -> None:
    assert created(gateway(network()), "Network") == ["network-vpc"]
    assert outputs(api_stack(network()))["vpcId"] == "network-vpc-id"


def test_names_in_the_cloud_have_neither_hyphens_nor_dots() -> None:
    """Of groups, apps, APIs and plugins; the product refuses both."""
    empty: dict[str, object] = {}
    edits = [
        put(f"{G}.groups", **{"my-shop.eu": empty}),
        put(f"{G}.apps", **{"my-app": empty}),
        put(f"{G}.apis", **{"my-api.v1": mock_api(group="my-shop.eu")}),
        put(f"{G}.plugins", **{"my-cors": {"cors": {"allowMethods": ["GET"]}}}),
    ]
    made = gateway(*edits)
    assert made["group-my-shop.eu-group"].inputs["name"] == "dev_my_shop_eu"
    assert made["app-my-app-app"].inputs["name"] == "dev_my_app"
    assert made["api-my-api.v1-api"].inputs["name"] == "dev_my_api_v1"
    assert made["plugin-my-cors-plugin"].inputs["pluginName"] == "dev_my_cors"


@pytest.mark.parametrize(
    ("code", "given"), [("header", "HEADER"), ("header-query", "HEADER_QUERY"), (None, None)]
)
def test_an_apps_code_is_enough_where_the_api_says_so(code: str | None, given: str | None) -> None:
    made = gateway(put(f"{G}.apis.order", appCode=code) if code else put(G))
    assert made["api-order-api"].inputs.get("appCodeAuthType") == given


def test_a_release_by_an_app_of_the_stack_asks_for_the_apps_id() -> None:
    release = {
        "traffic": "some",
        "who": {"apps": ["caller"], "appIds": ["4534463"]},
        "to": {"mock": {"status": 200, "body": "new"}},
    }
    made = gateway(put(f"{G}.apis.order", release=release))
    (route,) = json.loads(made["plugin-order-release-plugin"].inputs["pluginData"])["routes"]
    assert route["condition"] == "$CaAppId = app-caller-app-id or $CaAppId = 4534463"


def test_an_api_is_published_as_the_section_says() -> None:
    made = gateway(put(G, stage="PRE"), put(f"{G}.apis.order", replayProtection=True))
    order = made["api-order-api"].inputs
    assert order["stageNames"] == ["PRE"]
    assert order["forceNonceCheck"] is True
    assert order["authType"] == "APP"
    assert order["requestConfig"] == {
        "method": "GET",
        "path": "/orders/[id]",
        "protocol": "HTTPS",
        "mode": "MAPPING",
    }
    http = order["httpServiceConfig"]
    assert (http["address"], http["path"]) == ("http://backend1.example.com:8080", "/orders/[id]")
    assert (http["method"], http["timeout"]) == ("GET", 10_000)


def test_an_authorization_is_for_the_hosts_instance_in_the_stacks_vpc() -> None:
    hosts = {
        "known": {"host": "ecs1", "port": 80},
        "created": {"host": "ecs3", "port": 80},
    }
    made = gateway(network(), put(f"{G}.vpcAccess", **hosts))
    known, fresh = made["vpc-access-known-access"], made["vpc-access-created-access"]
    assert (known.inputs["vpcId"], known.inputs["instanceId"]) == ("network-vpc-id", "i-1")
    assert fresh.inputs["instanceId"] == "host-ecs3-instance-id"
    assert "host-ecs3-instance" in fresh.after


def test_a_new_instance_is_made_before_its_groups_and_lets_the_vpc_in() -> None:
    ingress = {"vswitch": "apps", "ownerId": "123456789012"}
    made = gateway(
        network(), put(G, instance={"spec": "api.s1.small", "selfCall": True, "ingress": ingress})
    )
    instance = made["api-gateway-instance"].inputs
    assert (instance["instanceName"], instance["instanceSpec"]) == ("dev-gateway", "api.s1.small")
    assert "api-gateway-instance" in made["group-shop-group"].after
    assert {"network-vpc", "network-apps"} <= made["api-gateway-instance"].after


def test_an_instance_that_exists_is_used_and_not_registered() -> None:
    text = api_stack(put(G, instance={"id": "apigateway-1"}))
    made = program(text)
    assert created(made, "Instance") == []
    assert made["group-shop-group"].inputs["instanceId"] == "apigateway-1"
    assert outputs(text)["apiGatewayInstanceId"] == "apigateway-1"


@pytest.mark.parametrize(("tier", "protected"), [("production", True), ("development", False)])
def test_an_instance_of_production_is_protected(tier: str, *, protected: bool) -> None:
    made = gateway(put("", tier=tier), put(G, instance={"spec": "api.s1.small"}))
    assert made["api-gateway-instance"].request.protect is protected


def test_calls_are_logged_where_the_section_says() -> None:
    made = gateway(put(G, accessLog={"project": "shop-logs", "store": "calls"}))
    (log,) = created(made, "LogConfig")
    assert made[log].inputs["slsProject"] == "shop-logs"
    assert made[log].inputs["slsLogStore"] == "calls"


def test_outputs_have_ids_and_domains_by_the_stack_files_names() -> None:
    found = outputs(api_stack())
    assert set(found) == {"tier", "apiGroups", "apis", "apiApps"}
    assert set(found["apis"]) == {"order", "pay"}
    assert found["apiApps"] == {"caller": "app-caller-app-id"}
    assert found["apiGroups"]["shop"]["id"] == "group-shop-group-id"
    assert found["apiGroups"]["shop"]["domain"]


@pytest.mark.parametrize(
    ("place", "key", "component"),
    [
        ("groups", "shop", "group-old"),
        ("apps", "caller", "app-old"),
        ("vpcAccess", "ingress", "vpc-access-old"),
        ("apis", "pay", "api-old"),
        ("plugins", "limits", "plugin-old"),
    ],
)
def test_a_renamed_entry_carries_its_resource_on(place: str, key: str, component: str) -> None:
    made = gateway(put(f"{G}.{place}.{key}", was="old"))
    (renamed,) = [one for one in made.components if component in one.aliases]
    assert renamed.name == component.replace("old", key)
