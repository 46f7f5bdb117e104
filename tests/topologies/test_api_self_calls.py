"""The gateway calling itself: each call meets an API of the group, by a protocol that it takes."""

import json
from typing import Any

import pytest

from tests.program.unified_programs import program
from tests.stackfiles import Edit, problems_of, where
from tests.topologies.api_stacks import G, api_stack, mock_api
from tests.topologies.unified import only, put

DOMAIN = "17ff4c9189004a1d-cn-huhehaote-intranet.alicloudapi.com"
IN_PATH = {"in": "path", "required": True}
PLUGIN = f"{G}.plugins.distribution"
TO = f"{PLUGIN}.routing.routes.0.backend"


def calling(backend: dict[str, Any], *edits: Edit) -> str:
    """A stack whose API `entrance` sends some requests on to the group `business`."""
    route = {"name": "backend1", "condition": "1 = 1", "backend": backend}
    business = mock_api(group="business", path="/orders/[id]", protocol="http,https")
    return api_stack(
        put(G, instance={"spec": "api.s1.small", "selfCall": True}),
        put(f"{G}.groups", business={"selfCallDomain": DOMAIN, "basePath": "/v1"}),
        put(
            f"{G}.apis",
            business={**business, "parameters": {"id": {"in": "path", "required": True}}},
        ),
        put(f"{G}.apis", entrance=mock_api(path="/entrance", plugins=["distribution"])),
        put(f"{G}.plugins", distribution={"routing": {"routes": [route]}}),
        put(f"{G}.apis.order", protocol="http,https"),
        *edits,
    )


def by_group(**more: object) -> dict[str, Any]:
    return {"selfCall": {"group": "business", "path": "/v1/orders/7", **more}}


def by_address(address: str = f"http://{DOMAIN}", path: str = "/v1/orders/7") -> dict[str, Any]:
    return {"http": {"address": address, "path": path}}


def test_a_route_names_the_group_and_the_domain_is_written_once() -> None:
    made = program(calling(by_group()))
    (route,) = json.loads(made["plugin-distribution-plugin"].inputs["pluginData"])["routes"]
    assert route["backend"] == {
        "type": "HTTP",
        "address": f"http://{DOMAIN}",
        "path": "/v1/orders/7",
    }


@pytest.mark.parametrize(("backend", "kind"), [(by_group(), "selfCall"), (by_address(), "http")])
def test_a_call_meets_an_api_of_the_group(backend: dict[str, Any], kind: str) -> None:
    assert problems_of(calling(backend)) == ()
    backend = {kind: {**backend[kind], "path": "/v1/order/7"}}
    problem = only(calling(backend))
    assert (where(problem), problem.value) == (f"{TO}.{kind}.path", "GET /v1/order/7")
    assert problem.rule == "the gateway calls itself here, and business has no such API"
    assert problem.remedy == "did you mean GET /v1/orders/[id]?"


@pytest.mark.parametrize("kind", ["selfCall", "http"])
def test_a_route_without_a_path_calls_by_that_of_the_apis_own_backend(kind: str) -> None:
    backend = {**by_group(), **by_address()}[kind]
    del backend["path"]

    def own(path: str) -> Edit:
        http = {"url": f"http://other.example.com{path}"}
        return put(f"{G}.apis.entrance", backend={"http": http})

    assert problems_of(calling({kind: backend}, own("/v1/orders/7"))) == ()
    problem = only(calling({kind: backend}, own("/elsewhere")))
    assert (where(problem), problem.value) == (f"{TO}.{kind}.path", "GET /elsewhere")


def test_a_call_comes_by_the_apis_method() -> None:
    problem = only(calling(by_group(method="POST")))
    assert problem.value == "POST /v1/orders/7"
    anything = put(f"{G}.apis.business", method="ANY")
    assert problems_of(calling(by_group(method="POST"), anything)) == ()


@pytest.mark.parametrize(
    ("backend", "protocol", "scheme"),
    [
        (by_group(), "https", "http"),
        (by_address(), "https", "http"),
        (by_address(f"https://{DOMAIN}"), "http", "https"),
    ],
)
def test_a_call_comes_by_a_protocol_that_the_api_takes(
    backend: dict[str, Any], protocol: str, scheme: str
) -> None:
    problem = only(calling(backend, put(f"{G}.apis.business", protocol=protocol)))
    assert (problem.value, problem.rule) == (
        scheme,
        f"this call comes by {scheme}, and business takes {protocol} alone",
    )
    assert problem.remedy == "say protocol: http,https in business"


def test_an_apis_own_backend_is_such_a_call_too() -> None:
    own = put(f"{G}.apis.entrance", backend={"http": {"url": f"http://{DOMAIN}/v1/nothing"}})
    problem = only(calling(by_group(), own))
    assert (where(problem), problem.value) == (
        f"{G}.apis.entrance.backend.http.url",
        "GET /v1/nothing",
    )


def test_a_group_is_called_by_a_domain_that_is_made_once() -> None:
    problem = only(calling({"selfCall": {"group": "shop", "path": "/shop/orders/1"}}))
    assert (where(problem), problem.value) == (f"{TO}.selfCall.group", "shop")
    assert problem.rule == "shop has no domain by which the gateway calls itself"
    assert "aliyun cloudapi CreateIntranetDomain" in problem.remedy
    problem = only(calling({"selfCall": {"group": "busines", "path": "/orders/1"}}))
    assert problem.remedy == "did you mean business?"


def test_what_lies_elsewhere_is_called_by_its_address_and_nothing_is_known_of_it() -> None:
    elsewhere = by_address("https://c52a3d7e90f14b6a8d-cn-beijing.alicloudapi.com", "/any")
    assert problems_of(calling(elsewhere)) == ()
