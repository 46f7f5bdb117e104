"""APIs in every form of the plan: who may call what, and where it goes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from stack.reach import Reach
from stack.target import target
from tests.stackfiles import Edit, settings_of
from tests.tools.flowcharts import Chart, parsed
from tests.tools.plans import chart
from tests.topologies.api_stacks import (
    SHARED_ROUTES,
    G,
    api_stack,
    bound,
    limits_elsewhere,
    mock_api,
    network,
)
from tests.topologies.unified import gone, put, unified_stack
from tools.plan.__main__ import rendered
from tools.plan.parts import HEADERS, api_facts, api_rows, branch_rows
from tools.plan.plan import Plan, make_plan, plan_document
from tools.plan.tables import plan_tables, reach_tables
from topologies import reach
from topologies.api_gateway.conditions.evaluation import percentage_condition

EXAMPLES = ("kubernetes", "self-call", "grey-release")


def example(root: Path, name: str) -> Plan:
    file = root / "examples" / "api-gateway" / name / f"Pulumi.{name}.yaml"
    return make_plan(target(None, str(file), root))


def plan(*edits: Edit) -> Plan:
    settings = settings_of(api_stack(*edits))
    return Plan("trial", Path("trial.yaml"), settings, reach=reach(settings))


def page(*edits: Edit) -> str:
    made = plan(*edits)
    assert made.settings is not None
    return reach_tables(made, made.settings)


def rows(*edits: Edit) -> list[str]:
    """The lines of the page, with a single space between words."""
    return [" ".join(line.split()) for line in page(*edits).splitlines()]


def routes(*edits: Edit) -> dict[str, Any]:
    return {route["name"]: route for route in plan_document(plan(*edits))["apis"]}


# Examples


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_tables(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    made = example(root, name)
    assert made.settings is not None
    assert reach_tables(made, made.settings) == snapshot


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_json(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    """All but its resources, which are the components' to say."""
    found = json.loads(rendered(example(root, name), "json"))
    assert len(found.pop("resources")) > 7
    assert json.dumps(found, indent=2) == snapshot


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_a_chart(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    assert rendered(example(root, name), "mermaid") == snapshot


# Tables


def test_an_api_has_who_may_call_it_and_where_it_goes_in_one_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    found = rows()
    assert "API Who Method Path Plugins Backend" in found
    assert (
        "order caller GET shop: /shop/orders/[id] limits http://backend1.example.com:8080/orders/[id]"
        in found
    )
    assert "pay caller POST shop: /shop/pay vpc:ingress:/pay" in found
    assert "Published on RELEASE, reached over https." in found


def test_long_paths_go_on_in_the_next_line_where_a_table_would_be_too_wide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = page().splitlines()
    assert max(len(line) for line in lines) <= 80
    [order] = [at for at, line in enumerate(lines) if line.startswith("order ")]
    assert lines[order].endswith("http://backend1.example.com:8080/")
    assert lines[order + 1].split() == ["orders/[id]", "orders/[id]"]


def test_everybody_nobody_and_several_apps_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    edits = [
        put(f"{G}.apps", second={}),
        put(f"{G}.apis.order", apps=["second", "caller"], plugins=[]),
        put(f"{G}.apis.pay", apps=[]),
        put(f"{G}.apis", open=mock_api()),
    ]
    found = rows(*edits)
    assert "open everybody GET shop: /shop/mock mock" in found
    assert "pay nobody POST shop: /shop/pay vpc:ingress:/pay" in found
    first = next(i for i, line in enumerate(found) if line.startswith("order caller GET"))
    assert found[first + 1] == "second"


def test_protocols_and_the_stage_are_told_once() -> None:
    found = rows(put(G, stage="PRE"), put(f"{G}.apis.pay", protocol="http"))
    assert "Published on PRE, reached over http, https." in found


def test_a_path_with_parameters_is_never_cut() -> None:
    """Brackets are no markup, neither where the page is printed nor where it is measured."""
    assert "…" not in "".join(rows())


def test_a_protocol_isnt_told_twice() -> None:
    """One API takes both, another one of them."""
    both = put(f"{G}.apis.pay", protocol="http,https")
    assert "Published on RELEASE, reached over http, https." in rows(both)


def test_a_stack_with_apis_alone_says_nothing_of_addresses_and_egress() -> None:
    page = "\n".join(rows())
    for word in ("Nothing is reachable", "egress", "leaves", "Mapping", "Spare"):
        assert word not in page


def test_a_gateway_without_apis_lets_nobody_in() -> None:
    found = rows(gone(f"{G}.apis"))
    assert "Nothing is reachable from the internet." in found
    assert "No source leaves by egress entries." in found
    assert "APIs" not in found


def test_apis_beside_servers_are_both_there() -> None:
    apis = settings_of(api_stack())
    settings = settings_of(unified_stack())
    both = Plan("trial", Path("trial.yaml"), settings, reach=reach(settings) + reach(apis))
    page = plan_tables(both, settings)
    for title in ("Servers reached on their own", "APIs", "Who leaves by which address"):
        assert title in page


def test_no_api_makes_no_row() -> None:
    assert list(api_rows(())) == []
    assert len(HEADERS) == 6


def test_facts_are_those_of_every_api() -> None:
    (route,) = reach(settings_of(api_stack(gone(f"{G}.apis.pay")))).apis
    other = replace(route, stage="PRE")
    assert api_facts((route, other)) == "Published on PRE, RELEASE, reached over https."


# JSON


def test_json_has_the_api_as_the_stack_file_has_it() -> None:
    expected = {
        "name": "order",
        "group": "shop",
        "domain": "public",
        "protocol": "https",
        "method": "GET",
        "path": "/shop/orders/[id]",
        "auth": "app",
        "apps": ["caller"],
        "plugins": ["limits"],
        "backend": "http://backend1.example.com:8080/orders/[id]",
        "stage": "RELEASE",
    }
    found = routes()["order"]
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("backend", "text"),
    [
        ({"mock": {"body": "ok"}}, "mock"),
        ({"vpc": {"access": "ingress", "path": "/[id]"}}, "vpc:ingress:/[id]"),
        ({"function": {"function": "lookup", "role": "acs:ram::1:role/g"}}, "function:lookup"),
    ],
)
def test_json_says_where_requests_go(backend: dict[str, Any], text: str) -> None:
    assert routes(put(f"{G}.apis.order", backend=backend))["order"]["backend"] == text


def test_json_says_which_groups_are_called_from_inside_the_vpc() -> None:
    edits = [put(f"{G}.groups.shop", intranet=True), put(G, instance={"id": "apigateway-1"})]
    assert routes(*edits)["order"]["domain"] == "public, intranet"


@pytest.mark.parametrize(
    ("base", "path"), [(None, "/pay"), ("/", "/pay"), ("/v1", "/v1/pay"), ("/v1/", "/v1/pay")]
)
def test_a_groups_base_path_precedes_its_apis_paths(base: str | None, path: str) -> None:
    assert routes(put(f"{G}.groups", shop={"basePath": base}))["pay"]["path"] == path


def test_json_of_a_stack_without_apis_has_an_empty_list() -> None:
    assert plan_document(plan(gone(f"{G}.apis")))["apis"] == []
    assert Reach().apis == ()


# Charts


def test_a_chart_has_groups_with_their_apis_and_each_backend_once() -> None:
    more = {"one": mock_api(path="/one"), "two": mock_api(path="/two", group="other")}
    drawn = chart(api_stack(put(f"{G}.groups", other={}), put(f"{G}.apis", **more)))
    assert drawn.titles("apis_api_order") == ["cn-shanghai", "API group shop"]
    assert drawn.titles("apis_api_two") == ["cn-shanghai", "API group other"]
    assert drawn.nodes["apis_api_order"] == [
        "order",
        "GET /shop/orders/[id]",
        "→ /orders/[id]",
        "limits",
    ]
    for name in ("one", "two"):
        way = [("apis_internet", f"apis_api_{name}"), (f"apis_api_{name}", "apis_backend_mock")]
        assert set(way) <= drawn.ways("-->")


def test_apis_that_call_one_address_on_two_paths_lead_to_one_node() -> None:
    paths = {"one": "/first", "two": "/second"}
    more = {
        name: mock_api(path=f"/{name}", backend={"http": {"url": f"http://b.example.com:80{path}"}})
        for name, path in paths.items()
    }
    drawn = chart(api_stack(put(f"{G}.apis", **more)))
    (node,) = [node for node, lines in drawn.nodes.items() if lines == ["http://b.example.com:80"]]
    assert {("apis_api_one", node), ("apis_api_two", node)} <= drawn.ways()
    assert drawn.nodes["apis_api_one"][2] == "→ /first"


def test_a_release_has_its_other_backend_with_its_share_and_a_path_that_differs() -> None:
    routes = [
        {"name": "new", "condition": condition, "backend": backend}
        for condition, backend in {
            percentage_condition("user", 20): {"vpc": {"access": "ingress", "path": "/v2"}},
            "$user = 1": {"http": {"address": "https://test.example.com", "path": "/pay"}},
        }.items()
    ]
    routes[1]["name"] = "testers"
    routing = {"routing": {"parameters": {"user": "Query:user"}, "routes": routes}}
    drawn = chart(api_stack(*bound("release", routing, "pay")))
    ways = {
        says: drawn.nodes[end][0] for start, _, says, end in drawn.arrows if start == "apis_api_pay"
    }
    assert ways == {
        "otherwise": "authorization ingress",
        "new, 1/5 of users, /v2": "authorization ingress",
        "testers": "https://test.example.com",
    }


def test_a_load_balancer_stands_before_its_servers_in_their_vpc(root: Path) -> None:
    drawn = parsed(rendered(example(root, "kubernetes"), "mermaid"))
    access, balancer = (
        "apis_backend_authorization_20orders",
        "apis_target_load_20balancer_20orders",
    )
    assert {("apis_api_orders", access), (access, balancer)} <= drawn.ways()
    behind = {(says, end) for start, _, says, end in drawn.arrows if start == balancer}
    assert behind == {("port 30081", "apis_host_node1"), ("port 30081", "apis_host_node2")}
    assert drawn.titles(balancer)[1:] == ["VPC 192.168.0.0/16"]
    assert drawn.titles("apis_host_node1")[1:] == [
        "VPC 192.168.0.0/16",
        "vSwitch nodes, 192.168.1.0/24",
    ]


def test_an_authorization_leads_to_its_host_or_to_what_the_file_knows_of_its_target() -> None:
    access = {
        "own": {"host": "ecs1", "port": 8080},
        "balancer": {"instanceId": "lb-1", "vpc": "vpc-9", "port": 80},
        "address": {"instanceId": "10.1.2.3", "port": 80},
    }
    apis = {
        name: mock_api(path=f"/{name}", backend={"vpc": {"access": name, "path": "/"}})
        for name in access
    }
    edits = [put(f"{G}.vpcAccess", **access), put(f"{G}.apis", **apis)]
    drawn = chart(api_stack(network(), *edits))
    assert drawn.nodes["apis_backend_authorization_20own"] == ["authorization own", "port 8080"]
    assert ("apis_backend_authorization_20own", "apis_host_ecs1") in drawn.ways()
    assert "VPC vpc-9" in drawn.titles("apis_target_lb_2d1")
    assert drawn.titles("apis_target_10_2e1_2e2_2e3") == []
    assert "apis_host_ecs2" not in drawn.nodes


def test_of_many_apis_those_of_a_group_that_go_to_one_place_are_one_node() -> None:
    def lots(count: int) -> Chart:
        more = {f"more{n}": mock_api(path=f"/more/{n}") for n in range(count - 2)}
        return chart(api_stack(put(f"{G}.apis", **more)))

    assert len([node for node in lots(24).nodes if node.startswith("apis_api_")]) == 24
    drawn = lots(25)
    assert {node for node in drawn.nodes if node.startswith("apis_api_")} == {
        "apis_api_more0",
        "apis_api_order",
        "apis_api_pay",
    }
    lines = drawn.nodes["apis_api_more0"]
    assert len(lines) == 23
    assert "more7: GET /shop/more/7" in lines


def test_names_and_paths_that_mermaid_would_misread_are_escaped() -> None:
    odd = mock_api(backend={"vpc": {"access": "my-in.gress", "path": '/"a<b'}})
    access = {"vpc": "vpc-1", "instanceId": "lb-2", "port": 80}
    edits = [put(f"{G}.vpcAccess", **{"my-in.gress": access}), put(f"{G}.apis", odd=odd)]
    drawn = chart(api_stack(*edits))
    assert drawn.nodes["apis_api_odd"][2] == '→ /"a<b'
    assert drawn.nodes["apis_backend_authorization_20my_2din_2egress"][0] == (
        "authorization my-in.gress"
    )


def test_routes_that_share_requests_have_their_shares() -> None:
    text = api_stack(*bound("routes", SHARED_ROUTES), limits_elsewhere())
    found = reach(settings_of(text)).apis
    assert [branch.share for route in found for branch in route.branches] == ["4/5", "1/5"]
    rows = [" ".join(row) for row in branch_rows(found)]
    assert "order blue 1 = 1 (4/5 of requests) https://blue.example.com" in rows
