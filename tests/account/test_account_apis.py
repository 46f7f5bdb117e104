"""What API Gateway opens becomes a model: who may call what, and what is behind it."""

import json
from typing import Any

import pytest

from judging.account.apis import LISTINGS, Apis, Backend, BackendKind, apis_of, together
from judging.account.reading import Call, RefusedError
from sandbox.api import cloudapi
from tests.account.accounts import REGION, Asked
from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.world_cloudapi import on_list
from tests.sandbox.gateway_lab import GatewayLab, new_gateway_lab

CORS = {"allowOrigins": "*"}


def gateway() -> tuple[GatewayLab, Asked]:
    lab = new_gateway_lab()
    return lab, Asked(Api(cloudapi.PRODUCT, lab.store))


def busy() -> tuple[GatewayLab, Asked, dict[str, Any]]:
    """An API with something of everything on it, and an account of it."""
    lab, asked = gateway()
    instance = lab.new_gateway_instance()
    acl = on_list(lab, "office", "ipv4", instance)
    entry = {"acl_id": acl.id, "entry": "203.0.113.0/24"}
    lab.store.create("api_gateway_acl_entry_attachment", entry)
    group = lab.new_api_group("orders", instance_id=instance.id, base_path="/shop")
    api, app = lab.new_api(group_id=group.id), lab.new_app()
    plugin = lab.new_plugin("cors", "cors", CORS)
    lab.new_access()
    lab.authorize(app, api)
    lab.attach_plugin(plugin, api)
    made = {"group": group, "api": api, "app": app, "plugin": plugin, "instance": instance}
    return lab, asked, {**made, "acl": acl}


def read(asked: Asked, group: str = "") -> Apis:
    return apis_of(asked.reader(), REGION, group)


def test_a_group_has_its_path_its_instance_and_its_domains() -> None:
    lab, asked = gateway()
    lab.store.update(lab.group.kind, lab.group.id, {"vpc_intranet_enable": True})
    plain = lab.new_api_group("orders", base_path="/shop")
    found = {group.name: group for group in read(asked).groups}
    assert (found["orders"].id, found["orders"].base_path) == (plain.id, "/shop")
    assert found["orders"].domains == (plain["sub_domain"],)
    assert not found["orders"].inside
    assert found["shop"].inside.endswith("-vpc.alicloudapi.com")
    assert found["shop"].instance == "api-shared-vpc-001"


@pytest.mark.parametrize(
    ("stated", "backend"),
    [
        ({}, Backend(BackendKind.MOCK)),
        (
            {
                "service_type": "HTTP",
                "http_service_config": {
                    "address": "http://198.51.100.7",
                    "path": "/all",
                    "method": "GET",
                    "timeout": 1000,
                },
            },
            Backend(BackendKind.HTTP, "http://198.51.100.7", "/all"),
        ),
        (
            {
                "service_type": "HTTP-VPC",
                "http_vpc_service_config": {
                    "name": "backend",
                    "path": "/all",
                    "method": "GET",
                    "timeout": 1000,
                },
            },
            Backend(BackendKind.VPC, "backend", "/all"),
        ),
        (
            {
                "service_type": "FunctionCompute",
                "fc_service_config": {
                    "function_version": "3.0",
                    "function_type": "FCEvent",
                    "function_name": "list",
                    "region": REGION,
                    "arn_role": "acs:ram::1000000000000001:role/gateway",
                    "timeout": 1000,
                },
            },
            Backend(BackendKind.FUNCTION, "list"),
        ),
    ],
)
def test_an_api_says_who_may_call_it_how_and_what_is_behind_it(
    stated: dict[str, Any], backend: Backend
) -> None:
    lab, asked = gateway()
    lab.new_access()
    mock = {} if not stated else {"mock_service_config": None}
    made = lab.new_api(auth_type="ANONYMOUS", **mock, **stated)
    (api,) = read(asked).apis
    assert (api.id, api.group, api.name) == (made.id, lab.group.id, "list_users")
    assert (api.protocol, api.method, api.path) == ("http", "GET", "/users")
    assert (api.auth, api.stages, api.backend) == ("anonymous", ("RELEASE",), backend)


def test_an_api_that_is_published_nowhere_has_no_stages() -> None:
    lab, asked = gateway()
    api = lab.new_api()
    asked.api.call("AbolishApi", ApiId=api.id, GroupId=lab.group.id, StageName="RELEASE")
    assert [one.stages for one in read(asked).apis] == [()]


def test_an_authorization_is_known_as_the_provider_knows_it() -> None:
    lab, asked = gateway()
    lab.new_access(port=8080)
    (one,) = read(asked).authorizations
    assert one.id == f"backend:{lab.vpc.id}:{lab.server.id}:8080"


def test_apps_and_plugins_know_the_apis_that_they_are_on() -> None:
    _, asked, made = busy()
    (app,), (plugin,) = (found := read(asked)).apps, found.plugins
    assert (app.id, app.name) == (made["app"].id, "mobile")
    assert (plugin.id, plugin.kind, json.loads(plugin.data)) == (made["plugin"].id, "cors", CORS)
    assert app.apis == plugin.apis == ((made["api"].id, "RELEASE"),)


def test_an_instance_says_whom_it_lets_in() -> None:
    _, asked, made = busy()
    (instance,), (acl,) = (found := read(asked)).instances, found.access_lists
    assert (instance.id, instance.spec) == (made["instance"].id, "api.s1.small")
    assert instance.https_policy == "HTTPS2_TLS1_0"
    assert instance.access_lists == (acl.id,) == (made["acl"].id,)
    assert acl.ranges == ("203.0.113.0/24",)


def test_one_group_is_read_with_what_is_on_it_alone() -> None:
    lab, asked, made = busy()
    other = lab.new_api("/others")
    lab.authorize(lab.new_app("others"), other)
    lab.new_gateway_instance(instance_name="other")
    found = read(asked, made["group"].id)
    assert [one.id for one in found.groups] == [made["group"].id]
    assert [one.id for one in found.apis] == [made["api"].id]
    assert [one.id for one in found.apps] == [made["app"].id]
    assert [one.id for one in found.plugins] == [made["plugin"].id]
    assert [one.id for one in found.instances] == [made["instance"].id]
    # Of another group, no API is asked for.
    assert {call.parameters["ApiId"] for call in asked.calls if call.action == "DescribeApi"} == {
        made["api"].id
    }


def test_a_group_that_is_not_there_has_nothing() -> None:
    _, asked, _ = busy()
    found = read(asked, "none")
    assert found == Apis(authorizations=found.authorizations)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one.action)
def test_one_right_that_is_missing_leaves_a_gap_and_the_rest(listing: Any) -> None:
    lab, asked, made = busy()
    lab.store.update("api_gateway_group", made["group"].id, {"vpc_intranet_enable": True})
    whole = read(asked)

    def before(_: int, call: Call) -> None:
        if call.action == listing.action:
            raise RefusedError("Forbidden.RAM", "no")

    asked.before = before
    reader = asked.reader()
    found = apis_of(reader, REGION)
    assert {gap.right for gap in reader.gaps} == {listing.right}
    assert listing.right.startswith("apigateway:")
    assert found != whole


def test_an_account_of_three_hundred_apis_is_read_with_one_call_for_each_and_pages() -> None:
    lab, asked = gateway()
    for number in range(300):
        lab.new_api(f"/{number}", name=f"number_{number}")
    assert {one.path for one in read(asked).apis} == {f"/{number}" for number in range(300)}
    assert len(asked.calls) < 320


def test_of_one_network_is_what_leads_into_it() -> None:
    lab, asked, made = busy()
    access = lab.new_access("inside", 8080)
    inside = lab.new_api(
        "/inside",
        name="inside",
        group_id=made["group"].id,
        service_type="HTTP-VPC",
        http_vpc_service_config={
            "name": access["name"],
            "path": "/all",
            "method": "GET",
            "timeout": 1000,
        },
    )
    lab.authorize(made["app"], inside)
    whole = read(asked)
    found = whole.of_network(access["vpc_id"])
    assert [one.name for one in found.apis] == [inside["name"]]
    assert found.authorizations == whole.authorizations
    assert [one.name for one in found.groups] == ["orders"]
    assert found.apps == whole.apps
    assert (found.plugins, found.instances) == ((), whole.instances)
    assert whole.of_network("vpc-other") == Apis()


def test_what_several_regions_have_is_told_as_one() -> None:
    _, asked, _ = busy()
    here = read(asked)
    assert together([here, Apis()]) == here
    assert together([here, here]).apis == (*here.apis, *here.apis)
