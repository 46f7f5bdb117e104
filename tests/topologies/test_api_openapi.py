"""A Swagger or OpenAPI document becomes the APIs that the gateway's own import would make."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack.problems import describe
from tests.topologies.api_openapi import (
    DOCUMENTS,
    entry,
    file,
    of_tree,
    only,
    told,
    tree,
    with_operation,
    with_paths,
)
from topologies.api_gateway.apis.settings import ApiSettings, Location
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.openapi.document import Document, DocumentProblem
from topologies.api_gateway.openapi.imports import apis_of, document_of

SEED = {"x-aliyun-apigateway-backend": {"type": "HTTP", "address": "http://www.aliyun.com"}}


def url(api: ApiSettings) -> str:
    assert api.backend.http is not None
    return api.backend.http.url


def test_a_generated_document_without_a_backend_makes_mocks_and_a_warning() -> None:
    apis, problems, warnings, _ = file("springfox.json")
    assert not problems
    assert sorted(apis) == [
        "createUserUsingPOST", "deleteUserUsingDELETE", "getUserUsingGET", "listUsersUsingGET",
    ]  # fmt: skip
    assert all(api.backend.mock is not None for api in apis.values())
    [mocks] = [w for w in warnings if "answers with a mock" in w.rule]
    assert "(and 3 more like this)" in mocks.rule


def test_a_backend_at_the_root_serves_every_operation_at_its_own_path_and_method() -> None:
    apis, problems, warnings, _ = of_tree({**tree("springfox.json"), **SEED})
    assert not problems
    assert {name: url(api) for name, api in apis.items()} == {
        "createUserUsingPOST": "http://www.aliyun.com/user",
        "deleteUserUsingDELETE": "http://www.aliyun.com/user/[id]",
        "getUserUsingGET": "http://www.aliyun.com/user/[id]",
        "listUsersUsingGET": "http://www.aliyun.com/user",
    }
    assert all(api.backend.http and api.backend.http.method is None for api in apis.values())
    assert all(api.backend.timeout == 10_000 for api in apis.values())
    assert not any("mock" in warning.rule for warning in warnings)


def test_a_backend_may_be_the_json_text_that_the_gateways_own_api_takes() -> None:
    text = {"x-aliyun-apigateway-backend": json.dumps(SEED["x-aliyun-apigateway-backend"])}
    assert of_tree({**tree("springfox.json"), **text}) == of_tree(
        {**tree("springfox.json"), **SEED}
    )


def test_the_stack_files_backend_goes_before_the_documents_and_precedes_its_paths() -> None:
    backend = {"http": {"url": "https://dev.example.com/v2/"}, "timeout": 500}
    apis, problems, _, _ = of_tree({**tree("springfox.json"), **SEED}, backend=backend)
    assert not problems
    assert url(apis["getUserUsingGET"]) == "https://dev.example.com/v2/user/[id]"
    assert apis["getUserUsingGET"].backend.timeout == 500


def test_the_stack_files_backend_may_be_in_a_vpc_a_function_or_a_mock() -> None:
    vpc = file("springfox.json", backend={"vpc": {"access": "ingress", "path": "/shop"}})
    inside = vpc.apis["getUserUsingGET"].backend.vpc
    assert inside is not None
    assert (inside.access, inside.path) == ("ingress", "/shop/user/[id]")
    function = file("springfox.json", backend={"function": {"function": "users"}})
    assert all(api.backend.function is not None for api in function.apis.values())
    mock = file("springfox.json", backend={"mock": {"body": "soon"}})
    assert not any("answers with a mock" in warning.rule for warning in mock.warnings)


def test_every_documented_extension_has_its_effect() -> None:
    apis, problems, _, _ = file(
        "orders-3.0.yaml", variables={"host": "b.example.com"}, apps=["caller"]
    )
    assert not problems
    api = apis["listOrders"]
    assert (api.auth, api.apps, api.mode) == ("anonymous", [], "mapping")
    assert api.replay_protection
    assert url(api) == "http://b.example.com:8080/internal/orders"
    assert api.backend.http is not None
    assert api.backend.http.method is Method.POST
    assert api.backend.timeout == 3000
    assert api.constants["source"].value == "gateway"
    assert api.system_parameters["CaClientIp"].backend_name == "X-Client-Ip"
    since = api.parameters["since"]
    assert (since.backend_name, since.backend_in) == ("from", Location.HEADER)
    assert since.default == "2026-01-01"
    assert apis["files"].method is Method.ANY
    assert apis["health"].backend.mock is not None
    function = apis["get-orders-orderId"].backend.function
    assert function is not None
    assert function.role == "acs:ram::1:role/gateway"


def test_apps_and_plugins_of_the_entry_go_to_every_api_that_apps_may_call() -> None:
    apis = file("springfox.json", apps=["caller"], plugins=["limits"]).apis
    assert {(tuple(api.apps), tuple(api.plugins)) for api in apis.values()} == {
        (("caller",), ("limits",))
    }


def test_parameters_of_the_path_of_the_operation_and_by_reference_are_all_mapped() -> None:
    apis = file("orders-3.0.yaml", variables={"host": "b"}).apis
    found = {name: (p.location, p.type) for name, p in apis["listOrders"].parameters.items()}
    assert found == {
        "tenant": (Location.HEADER, "string"),
        "limit": (Location.QUERY, "int"),
        "since": (Location.QUERY, "string"),
    }


def test_the_fields_of_a_form_become_parameters() -> None:
    parameters = file("orders-3.0.yaml", variables={"host": "b"}).apis["createOrder"].parameters
    assert parameters["item"].location is Location.FORM
    assert parameters["item"].required
    assert (parameters["pieces"].type, parameters["pieces"].default) == ("int", "1")


def test_an_operations_parameter_goes_before_its_paths() -> None:
    item = {
        "parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
        "get": {
            "operationId": "a",
            "parameters": [{"name": "a", "in": "query", "schema": {"type": "boolean"}}],
            "responses": {"200": {"description": "OK"}},
        },
    }
    apis = of_tree(with_paths({"/a": item}), mode="mapping").apis
    assert apis["a"].parameters["a"].type == "boolean"


def test_passthrough_lists_the_paths_parameters_alone() -> None:
    apis = file("springfox.json").apis
    assert list(apis["deleteUserUsingDELETE"].parameters) == ["id"]
    assert apis["deleteUserUsingDELETE"].path == "/user/[id]"
    assert apis["deleteUserUsingDELETE"].parameters["id"].required


def test_types_are_the_widest_that_the_document_allows() -> None:
    apis, problems, _, _ = file("orders-3.1.yaml", mode="mapping")
    assert not problems
    found = {name: p.type for name, p in apis["listOrders"].parameters.items()}
    assert found == {
        "page": "int",
        "price": "double",
        "weight": "float",
        "open": "boolean",
        "sort": "string",
    }
    assert apis["listOrders"].parameters["open"].default == "true"
    assert apis["getOrder"].path == "/orders/[orderId]"


def test_headers_that_openapi_3_describes_elsewhere_are_no_parameters() -> None:
    header = {"name": "Accept", "in": "header", "schema": {"type": "string"}}
    apis, problems, _, _ = with_operation(
        {"operationId": "a", "parameters": [header]}, mode="mapping"
    )
    assert not problems
    assert not apis["a"].parameters


@pytest.mark.parametrize(
    ("operation_id", "name"),
    [
        ("getUser", "getUser"),
        ("Users API: get one!", "Users-API-get-one"),
        ("1stOrder", "api-1stOrder"),
        ("a" * 80, "a" * 54 + "-0f45e858"),
    ],
)
def test_an_api_is_called_after_its_operation(operation_id: str, name: str) -> None:
    assert list(with_operation({"operationId": operation_id}).apis) == [name]


def test_an_operation_without_an_id_is_called_after_method_and_path() -> None:
    assert list(with_operation({}, "/v1/orders").apis) == ["get-v1-orders"]


def test_a_name_in_chinese_alone_becomes_one_of_its_own() -> None:
    assert list(with_operation({"operationId": "查询订单"}).apis) != list(
        with_operation({"operationId": "创建订单"}).apis
    )


def test_swaggers_base_path_precedes_every_path() -> None:
    document = {**tree("springfox.json"), **SEED, "basePath": "/shop"}
    api = of_tree(document).apis["getUserUsingGET"]
    assert (api.path, url(api)) == ("/shop/user/[id]", "http://www.aliyun.com/shop/user/[id]")
    other = of_tree(document, basePath="/v2").apis["getUserUsingGET"]
    assert other.path == "/v2/user/[id]"


def test_the_path_of_a_server_is_mentioned_and_not_taken() -> None:
    paths = with_paths({}, servers=[{"url": "https://shop.example.com/v1"}])
    [warning] = of_tree(paths).warnings
    assert told(warning)[0] == "servers[0].url"
    assert warning.remedy.endswith("basePath: /v1 in the stack file")
    assert not of_tree(paths, basePath="/v1").warnings


def test_operations_are_chosen_by_tag_or_id() -> None:
    variables = {"host": "b"}
    assert set(file("orders-3.0.yaml", include=["orders"], variables=variables).apis) == {
        "listOrders", "createOrder", "get-orders-orderId",
    }  # fmt: skip
    left = file("orders-3.0.yaml", exclude=["internal", "listOrders"]).apis
    assert set(left) == {"createOrder", "get-orders-orderId", "files"}


def test_an_api_remembers_what_it_was() -> None:
    apis = file("springfox.json", was={"getUserUsingGET": "getUser"}).apis
    assert apis["getUserUsingGET"].was == "getUser"
    assert apis["listUsersUsingGET"].was is None


OPERATIONS = [
    (path, method) for path, item in tree("springfox.json")["paths"].items() for method in item
]


@given(operation=st.sampled_from(OPERATIONS), summary=st.text("abc ", min_size=9, max_size=20))
@settings(max_examples=25)
def test_one_operation_edited_changes_one_api(operation: tuple[str, str], summary: str) -> None:
    before, document = tree("springfox.json"), tree("springfox.json")
    path, method = operation
    document["paths"][path][method]["summary"] = f"new {summary}"
    old, new = of_tree(before).apis, of_tree(document).apis
    assert old.keys() == new.keys()
    changed = [name for name in old if old[name] != new[name]]
    assert changed == [document["paths"][path][method]["operationId"]]


def test_json_and_yaml_say_the_same_with_lines_of_their_own(tmp_path: Path) -> None:
    document = Document.read(DOCUMENTS / "springfox.json")
    assert document.line(("paths", "/user", "post")) == 24
    values = tree("springfox.json")
    assert values["paths"]["/user/{id}"]["delete"]["summary"] == "deleteUser \U0001f600"
    (tmp_path / "tabs.json").write_text('{\n\t"swagger":\t"2.0",\n\t"paths": {}\n}', "utf-8")
    assert not Document.read(tmp_path / "tabs.json").problems


def test_a_document_is_looked_for_beside_the_stack_file(tmp_path: Path) -> None:
    missing = apis_of(document_of(entry(), tmp_path), entry())
    problem = only(missing)
    assert isinstance(problem, DocumentProblem)
    assert problem.file == tmp_path / "shop.yaml"
    assert problem.rule == "the file can't be read: No such file or directory"
    copy = tmp_path / "shop.yaml"
    copy.write_bytes((DOCUMENTS / "orders-3.1.yaml").read_bytes())
    assert len(apis_of(document_of(entry(), tmp_path), entry()).apis) == 2


def test_a_problem_can_be_told_at_the_documents_place_or_at_the_stack_files() -> None:
    problem = only(with_operation({"x-aliyun-apigateway-auth-type": "APPS"}))
    assert isinstance(problem, DocumentProblem)
    assert describe(problem.file, problem).startswith("shop.yaml:11  paths./orders.get.x-aliyun")
    seen = problem.seen_from(("apiGateway", "openapi", "shop", "file"))
    assert seen.rule.startswith("shop.yaml:11 paths./orders.get.x-aliyun-apigateway-auth-type: ")


def test_the_settings_alone_bring_in_no_validator() -> None:
    code = (
        "import sys, topologies.api_gateway.openapi.settings;"
        "sys.exit('jsonschema_rs' in sys.modules)"
    )
    root = DOCUMENTS.parent.parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
