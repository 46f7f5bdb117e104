"""What an inventory shows of APIs, functions and CENs: tables, findings and the diagram."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from judging.account.holding import account_of
from sandbox.api import cloudapi
from tests.account.accounts import REGION, Asked, refusing_to
from tests.account.test_account_functions import FUNCTION
from tests.account.test_account_links import joined
from tests.sandbox.api.api_lab import Api
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from tests.sandbox.gateway_lab import GatewayLab, new_gateway_lab
from tests.tools.flowcharts import Chart, parsed
from tools.inventory.findings import findings
from tools.inventory.showing import FORMS
from tools.inventory.tables import Inventory, Table, tables_of

CALLS = {"path": "/all", "method": "GET", "timeout": 1000}
INTO: Any = {"service_type": "HTTP-VPC", "http_vpc_service_config": {"name": "backend", **CALLS}}
FUNCTION_CALLED: Any = {
    "service_type": "FunctionCompute",
    "fc_service_config": {
        "region": REGION,
        "function_version": "3.0",
        "function_type": "FCEvent",
        "function_name": "shop",
        "arn_role": "acs:ram::1000000000000001:role/gateway",
        "timeout": 1000,
    },
}
JWT: Mapping[str, Any] = {"jwk": {"kty": "oct", "k": "aaaa", "kid": "a"}, "parameter": "Token"}


def gateway() -> tuple[GatewayLab, Asked]:
    lab = new_gateway_lab()
    return lab, Asked(Api(store=lab.store))


def inventory(asked: Asked, regions: Sequence[str] = (REGION,)) -> Inventory:
    account = account_of(asked.reader(), regions)
    return Inventory(account, findings=findings(account))


def table(asked: Asked, title: str, regions: Sequence[str] = (REGION,)) -> list[dict[str, str]]:
    """The rows of one table, by the headers."""
    found: Mapping[str, Table] = {one.title: one for one in tables_of(inventory(asked, regions))}
    return [dict(zip(found[title].headers, row, strict=True)) for row in found[title].rows]


def drawn(asked: Asked) -> Chart:
    return parsed(FORMS["mermaid"](inventory(asked, ())))


def rules(asked: Asked) -> set[str]:
    return {one.split(":")[0] for one in inventory(asked).findings}


# --- APIs -----------------------------------------------------------------------------------------


def test_an_api_says_who_may_call_it_and_which_server_answers() -> None:
    lab, asked = gateway()
    lab.new_access(port=8080)
    api = lab.new_api("/orders", name="orders", mock_service_config=None, **INTO)
    lab.authorize(lab.new_app("mobile"), api)
    (row,) = table(asked, "APIs")
    assert row == {
        "API": "orders",
        "Who": "mobile",
        "Method": "GET",
        "Path": "shop: /orders",
        "Plugins": "",
        "Backend": "vpc:backend:/all",
        "Behind it": f"{lab.server.id} port 8080",
        "Held by": "unmanaged",
    }
    (way,) = table(asked, "Authorizations into networks")
    assert (way["What"], way["Port"], way["APIs"]) == (lab.server.id, "8080", "1")


@pytest.mark.parametrize(
    ("auth", "who"),
    [("ANONYMOUS", "everybody"), ("APP", "nobody"), ("APPOPENID", "appopenid")],
)
def test_who_may_call_an_api_is_said_in_words(auth: str, who: str) -> None:
    lab, asked = gateway()
    lab.new_api(auth_type=auth)
    assert [row["Who"] for row in table(asked, "APIs")] == [who]


def test_nobody_may_call_an_api_that_is_not_published() -> None:
    lab, asked = gateway()
    api = lab.new_api(auth_type="ANONYMOUS")
    what = {"ApiId": api.id, "GroupId": lab.group.id, "StageName": "RELEASE"}
    asked.api.of(cloudapi.PRODUCT).call("AbolishApi", **what)
    assert [row["Who"] for row in table(asked, "APIs")] == ["nobody, it isn't published"]


def test_paths_begin_with_what_their_group_says() -> None:
    lab, asked = gateway()
    group = lab.new_api_group("orders", base_path="/v1/")
    lab.new_api("/all", group_id=group.id)
    assert [row["Path"] for row in table(asked, "APIs")] == ["orders: /v1/all"]


@pytest.mark.parametrize(("there", "behind"), [([FUNCTION], "shop"), ([], "nobody")])
def test_a_function_behind_an_api_is_named_where_it_is_there(
    there: Sequence[dict[str, Any]], behind: str
) -> None:
    lab, asked = gateway()
    for function in there:
        lab.store.create("fcv3_function", function)
    lab.new_api(mock_service_config=None, **FUNCTION_CALLED)
    (row,) = table(asked, "APIs")
    assert (row["Backend"], row["Behind it"]) == ("function:shop", behind)
    if there:
        assert [row["APIs"] for row in table(asked, "Functions")] == ["1"]


@pytest.mark.parametrize(
    ("action", "column"),
    [
        ("DescribeVpcAccesses", "Behind it"),
        ("DescribeAuthorizedApis", "Who"),
        ("DescribeAppAttributes", "Who"),
        ("DescribeApi", "Who"),
        ("DescribeApi", "Backend"),
    ],
)
def test_what_may_not_be_seen_of_an_api_is_unknown_and_not_nothing(
    action: str, column: str
) -> None:
    lab, asked = gateway()
    lab.new_access()
    api = lab.new_api(mock_service_config=None, **INTO)
    lab.authorize(lab.new_app(), api)
    asked.before = refusing_to(action, "NoPermission")
    assert [row[column] for row in table(asked, "APIs")] == ["unknown"]
    assert f"apigateway:{action} in {REGION}: NoPermission" in FORMS["table"](inventory(asked))


def test_a_function_that_may_not_be_seen_is_not_missed() -> None:
    lab, asked = gateway()
    lab.new_api(mock_service_config=None, **FUNCTION_CALLED)
    asked.before = refusing_to("ListFunctions", "AccessDenied")
    assert [row["Behind it"] for row in table(asked, "APIs")] == ["unknown"]


# --- CENs -----------------------------------------------------------------------------------------


def test_a_cen_says_what_it_joins_and_how_wide() -> None:
    lab = CenLab()
    joined(lab)
    asked = Asked(Api(store=lab.store))
    (cen,) = table(asked, "CENs")
    assert (cen["Transit routers"], cen["Attachments"], cen["Links"]) == ("2", "3", "1")
    attached = {row["Id"]: row["Region"] for row in table(asked, "What CENs join")}
    assert attached[lab.vpcs[ZHANGJIAKOU].id] == ZHANGJIAKOU
    (link,) = table(asked, "Links between regions")
    assert (link["CEN"], link["Mbit/s"]) == ("joined", "20")
    assert {link["From"], link["To"]} == {SHANGHAI, ZHANGJIAKOU}


# --- what is wrong --------------------------------------------------------------------------------


def test_an_api_that_asks_nobody_is_found_by_the_packs_own_rule() -> None:
    lab, asked = gateway()
    api = lab.new_api(name="open", auth_type="ANONYMOUS")
    said = next(one for one in inventory(asked).findings if one.startswith("api-auth:"))
    assert f"open ({api.id})" in said
    lab.attach_plugin(lab.new_plugin("tokens", "jwtAuth", JWT), api)
    assert "api-auth" not in rules(asked)


def test_an_api_whose_definition_may_not_be_seen_is_not_judged() -> None:
    lab, asked = gateway()
    lab.new_api(auth_type="ANONYMOUS")
    asked.before = refusing_to("DescribeApi")
    assert rules(asked) == set()


def test_plain_http_old_encryption_and_one_zone_are_found() -> None:
    lab, asked = gateway()
    lab.new_gateway_instance(zone_id="cn-shanghai-a")
    lab.new_api()
    assert rules(asked) == {"api-https", "api-instance-tls", "api-instance-zones"}


def test_a_domain_inside_is_why_an_api_may_take_http() -> None:
    lab, asked = gateway()
    lab.store.update(lab.group.kind, lab.group.id, {"vpc_intranet_enable": True})
    lab.new_api()
    assert rules(asked) == set()


def _attached(lab: CenLab) -> object:
    return lab.attach(SHANGHAI), lab.attach(ZHANGJIAKOU)


@pytest.mark.parametrize(
    ("made", "found"),
    [(_attached, {"regions-linked"}), (joined, set[str]())],
)
def test_regions_that_are_joined_without_bandwidth_are_found(
    made: Callable[[CenLab], object], found: set[str]
) -> None:
    lab = CenLab()
    made(lab)
    assert rules(Asked(Api(store=lab.store))) == found


def test_an_address_on_a_gateway_that_no_entry_uses_is_found_where_all_may_be_seen() -> None:
    lab, asked = gateway()
    idle, used = lab.new_eip(), lab.bound_ip()
    lab.bind(idle)
    lab.forward(used, "443", lab.server["private_ip"])
    (said,) = inventory(asked).findings
    assert said.startswith(f"eip-idle: {idle.id} ({idle['ip_address']}) is on {lab.gateway.id}")
    asked.before = refusing_to("DescribeSnatTableEntries")
    assert rules(asked) == set()


def test_an_address_that_is_tagged_spare_may_wait_on_its_gateway() -> None:
    lab, asked = gateway()
    lab.bind(lab.new_eip(tags={"spare": "true"}))
    assert rules(asked) == set()


# --- drawn ----------------------------------------------------------------------------------------


def test_a_host_is_drawn_once_with_its_ports_behind_each_address() -> None:
    lab, asked = gateway()
    host = lab.server["private_ip"]
    first, second = lab.bound_ip(), lab.bound_ip()
    for port in ("22", "80"):
        lab.forward(first, port, host)
    lab.forward(second, "443", host)
    lab.snat(lab.bound_ip())
    chart = drawn(asked)
    (node,) = [name for name, lines in chart.nodes.items() if lab.server.id in lines]
    assert chart.nodes[node][1:] == [host, f"{first}: tcp 22, 80", f"{second}: tcp 443"]
    assert chart.titles(node)[-1] == f"VPC shop {lab.vpc.id}, 192.168.0.0/16"
    into = {start for start, end in chart.ways("-->") if end == node}
    assert {chart.nodes[one][0] for one in into} == {first, second}
    assert chart.boxes["graph_2"] == "Egress"
    assert chart.ways("==>")


def test_an_address_that_does_nothing_is_drawn_apart() -> None:
    lab, asked = gateway()
    lab.new_eip()
    assert [start for start, _ in drawn(asked).ways("-.-")] == ["internet"]


def test_an_entry_is_drawn_though_its_address_may_not_be_seen() -> None:
    lab, asked = gateway()
    ip = lab.bound_ip()
    lab.forward(ip, "80", lab.server["private_ip"])
    lab.snat(ip)
    asked.before = refusing_to("DescribeEipAddresses")
    assert [ip] in drawn(asked).nodes.values()


def test_apis_are_drawn_with_what_answers_them() -> None:
    lab, asked = gateway()
    lab.new_access()
    lab.new_api("/orders", name="orders", mock_service_config=None, **INTO)
    lab.new_api("/open", name="open")
    chart = drawn(asked)
    by_text = {lines[0]: name for name, lines in chart.nodes.items()}
    assert (by_text["orders: GET /orders"], by_text["authorization backend"]) in chart.ways()
    assert (by_text["authorization backend"], by_text[lab.server.id]) in chart.ways()
    assert (by_text["open: GET /open"], by_text["mock"]) in chart.ways()


def test_many_apis_that_go_to_one_place_are_one_node() -> None:
    lab, asked = gateway()
    for number in range(30):
        lab.new_api(f"/{number}", name=f"api_{number}")
    chart = drawn(asked)
    assert max(len(lines) for lines in chart.nodes.values()) == 30


def test_cens_are_drawn_with_links_as_wide_as_they_are() -> None:
    lab = CenLab()
    joined(lab)
    chart = drawn(Asked(Api(store=lab.store)))
    says = [says for _, how, says, _ in chart.arrows if how == "---" and says]
    assert says == ["20 Mbit/s"]
    assert len(chart.ways("---")) == 4


def test_the_basic_edition_is_drawn_by_its_regions() -> None:
    lab = CenLab()
    lab.new_package(20)
    lab.attach(SHANGHAI)
    lab.attach(ZHANGJIAKOU)
    lab.limit(5)
    chart = drawn(Asked(Api(store=lab.store)))
    assert [says for *_, says, _ in chart.arrows if says] == ["5 Mbit/s"]
    assert len(chart.ways("---")) == 3


def test_an_account_with_nothing_is_a_diagram_all_the_same() -> None:
    assert drawn(Asked(Api())).nodes == {"internet": ["Internet"]}
