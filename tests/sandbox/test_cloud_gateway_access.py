"""Who may call an API (apps), and what the gateway may call (VPC authorizations)."""

from typing import Any

import pytest
from cloud_lab import refused
from gateway_lab import GatewayLab, new_gateway_lab

from sandbox.cloud import CloudError


@pytest.fixture
def lab() -> GatewayLab:
    return new_gateway_lab()


# --- apps -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["app", "a" * 27, "my-app", "1app"])
def test_an_app_has_a_name_that_the_gateway_takes(lab: GatewayLab, name: str) -> None:
    with refused("InvalidAppName"):
        lab.new_app(name)


def test_an_app_is_called_like_no_other_and_has_a_number(lab: GatewayLab) -> None:
    app = lab.new_app("a" * 26)
    assert app.id.isdigit()
    with refused("RepeatedAppName"):
        lab.new_app("a" * 26)
    other = lab.new_app("other")
    with refused("RepeatedAppName"):
        lab.store.update(other.kind, other.id, {"name": "a" * 26})
    lab.store.update(other.kind, other.id, {"description": "still called so"})
    with refused("InvalidDescription"):
        lab.store.update(other.kind, other.id, {"description": "d" * 181})


def test_there_are_so_many_apps(lab: GatewayLab) -> None:
    lab.store.set_quota("api_apps_per_region", 1)
    lab.new_app()
    with refused("ExceedLimitApp"):
        lab.new_app("second")


def test_an_app_is_authorized_where_the_api_is_published(lab: GatewayLab) -> None:
    api, app = lab.new_api(), lab.new_app()
    with refused("NotFoundStage"):
        lab.authorize(app, api, "TEST")
    made = lab.authorize(app, api)
    assert made.id == f"{lab.group.id}:{api.id}:{app.id}:RELEASE"
    assert lab.authorize(app, api).id == made.id
    assert len(lab.store.all(made.kind)) == 1


def test_an_authorization_needs_its_app_and_its_api(lab: GatewayLab) -> None:
    api, app = lab.new_api(), lab.new_app()
    asked = {"group_id": lab.group.id, "api_id": api.id, "app_id": app.id, "stage_name": "RELEASE"}
    other = lab.new_api_group("other")
    for wrong, code in (
        ({"app_id": "110000000"}, "NotFoundApp"),
        ({"api_id": "none"}, "NotFoundApi"),
        ({"group_id": "none"}, "NotFoundApiGroup"),
        ({"group_id": other.id}, "NotFoundApi"),
    ):
        with refused(code):
            lab.store.create("api_gateway_app_attachment", {**asked, **wrong})


def test_authorizations_go_with_the_app(lab: GatewayLab) -> None:
    app = lab.new_app()
    lab.authorize(app, lab.new_api())
    lab.delete(app)
    assert lab.store.all("api_gateway_app_attachment") == []


# --- VPC authorizations -------------------------------------------------------------------------


def test_an_address_behind_a_vpc_is_authorized_without_being_looked_for(lab: GatewayLab) -> None:
    assert lab.new_access(instance_id="10.10.1.20")["instance_id"] == "10.10.1.20"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"vpc_id": "vpc-none"}, "NotFoundVpc"),
        ({"instance_id": "i-none"}, "NotFoundInstanceId"),
        ({"port": 0}, "InvalidPort"),
        ({"port": 65_536}, "InvalidPort"),
    ],
)
def test_an_authorization_is_for_a_port_that_there_is(
    lab: GatewayLab, wrong: dict[str, Any], code: str
) -> None:
    with refused(code):
        lab.new_access(**wrong)


def test_the_server_is_in_the_vpc(lab: GatewayLab) -> None:
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    with refused("InvalidInstanceId"):
        lab.new_access(vpc_id=other.id)


def test_where_a_server_that_exists_stands_may_be_unknown(lab: GatewayLab) -> None:
    lab.store.change_behind(lab.server.id, vpc_id="")
    with pytest.raises(CloudError, match="but in no VPC that is known"):
        lab.new_access()


def test_an_authorization_may_be_for_a_load_balancer(lab: GatewayLab) -> None:
    balancer = lab.store.create("slb_load_balancer", {"vswitch_id": lab.vswitch.id})
    assert lab.new_access(instance_id=balancer.id)["vpc_access_id"]


def test_a_name_is_for_one_port(lab: GatewayLab) -> None:
    lab.new_access("backend", 80)
    with refused("RepeatedName"):
        lab.new_access("backend", 81)
    other = lab.new_access("other", 81)
    with refused("RepeatedName"):
        lab.new_access("backend", 81)
    assert lab.now(other)["name"] == "other"


def test_another_name_for_the_same_port_takes_the_place_of_the_first(lab: GatewayLab) -> None:
    first = lab.new_access("backend")
    second = lab.new_access("renamed")
    assert first.id == second.id
    assert [one["name"] for one in lab.store.all(first.kind)] == ["renamed"]
    lab.delete(first)
    assert lab.store.all(first.kind) == [], "removing asks for the port, not for the name"


def test_an_authorization_that_apis_name_may_go(lab: GatewayLab) -> None:
    access = lab.new_access("backend")
    config = {"name": "backend", "path": "/", "method": "GET", "timeout": 1000}
    api = lab.new_api(service_type="HTTP-VPC", http_vpc_service_config=config)
    lab.delete(access)
    with refused("NotFoundVpc"):
        lab.store.update(api.kind, api.id, {"description": "published anew"})
