"""What a document says and the gateway doesn't take is told with its cause, never dropped."""

from typing import Any

import pytest

from tests.stackfiles import dumped
from tests.topologies.api_openapi import Tree, imported, of_tree, only, with_operation, with_paths
from topologies.api_gateway.openapi.imports import Imported

MAPPED: Tree = {"x-aliyun-apigateway-parameter-handling": "MAPPING"}
EXTENSION = "x-aliyun-apigateway-"
JSON_BODY: Tree = {"content": {"application/json": {"schema": {"type": "object"}}}}
FORM_BODY: Tree = {
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": {"name": {"type": "string"}}}
        }
    }
}


def rules(result: Imported) -> list[str]:
    assert not result.problems
    return [warning.rule for warning in result.warnings]


# Words that aren't text.


def constant(written: str) -> Imported:
    operation: Tree = {
        "operationId": "orders",
        **MAPPED,
        f"{EXTENSION}constant-parameters": [
            {"backendName": "x", "value": "WRITTEN", "location": "header"}
        ],
        "responses": {"200": {"description": "OK"}},
    }
    text = dumped(with_paths({"/orders": {"get": operation}}))
    return imported(text.replace("WRITTEN", written))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("true", "true"),
        ("false", "false"),
        ("2", "2"),
        ("1.5", "1.5"),
        ("2026-11-22", "2026-11-22"),
        ("NO", "NO"),
        ("'007'", "007"),
    ],
)
def test_a_constant_is_sent_as_json_would_write_it(written: str, sent: str) -> None:
    result = constant(written)
    assert not result.problems
    assert result.apis["orders"].constants["x"].value == sent


@pytest.mark.parametrize(
    ("written", "read"),
    [("007", "7"), ("1.50", "1.5"), ("1e5", "100000"), ("True", "true"), ("0x1F", "31")],
)
def test_a_constant_that_json_would_write_otherwise_is_to_be_put_in_quotes(
    written: str, read: str
) -> None:
    problem = only(constant(written))
    assert problem.value == written
    assert problem.rule == f"without quotes, this is read as {read}"
    assert problem.remedy == f'write it in quotes: "{written}"'


def test_a_constant_that_is_no_word_is_refused() -> None:
    assert only(constant("[a]")).rule == "text is needed here"


@pytest.mark.parametrize("written", ["0123", "true", "1.0"])
def test_a_name_that_is_no_text_is_to_be_put_in_quotes(written: str) -> None:
    text = dumped(with_paths({"/a": {"get": {"operationId": "WRITTEN", "responses": {}}}}))
    problem = only(imported(text.replace("WRITTEN", written)))
    assert (problem.path[-1], problem.value) == ("operationId", written)
    assert problem.remedy == f'write it in quotes: "{written}"'


@pytest.mark.parametrize(
    ("schema", "default"),
    [
        ({"type": "boolean", "default": True}, "true"),
        ({"type": "integer", "default": 20}, "20"),
        ({"type": "string", "default": "007"}, "007"),
        ({"type": "string", "default": 7}, "7"),
        ({"type": "array", "default": ["a"]}, None),
    ],
)
def test_a_default_is_sent_as_json_would_write_it(schema: Tree, default: str | None) -> None:
    parameter: Tree = {"name": "a", "in": "query", "schema": schema}
    result = with_operation({"operationId": "orders", **MAPPED, "parameters": [parameter]})
    assert result.apis["orders"].parameters["a"].default == default


# What vanishes.


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("enum", ["open", "done"]),
        ("minimum", 1),
        ("maximum", 100),
        ("minLength", 1),
        ("maxLength", 20),
        ("pattern", "^[a-z]+$"),
        ("multipleOf", 5),
    ],
)
def test_a_limit_that_the_gateway_doesnt_check_is_a_warning(key: str, value: object) -> None:
    kind = "integer" if isinstance(value, int) else "string"
    parameter: Tree = {"name": "a", "in": "query", "schema": {"type": kind, key: value}}
    operation: Tree = {"operationId": "orders", "parameters": [parameter]}
    told = f"the gateway doesn't check {key}: the provider has no field for it"
    assert rules(with_operation({**operation, **MAPPED})) == [told, NO_BACKEND]
    assert rules(with_operation(operation)) == [NO_BACKEND]  # all of the query passes through


NO_BACKEND = (
    "the operation has no backend and answers with a mock; "
    "the document's own host or servers aren't taken for one"
)


@pytest.mark.parametrize("name", ["Accept", "Content-Type", "authorization"])
def test_a_header_that_openapi_ignores_is_a_warning(name: str) -> None:
    header: Tree = {"name": name, "in": "header", "schema": {"type": "string"}}
    result = with_operation({"operationId": "orders", **MAPPED, "parameters": [header]})
    told = "OpenAPI 3 ignores header parameters called Accept, Content-Type or Authorization"
    assert rules(result) == [told, NO_BACKEND]
    assert result.warnings[0].value == name
    assert result.apis["orders"].parameters == {}


def test_swagger_takes_the_same_headers() -> None:
    header = {"name": "Authorization", "in": "header", "type": "string"}
    responses = {"200": {"description": "OK"}}
    operation = {"operationId": "orders", **MAPPED, "parameters": [header], "responses": responses}
    document: Tree = {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/orders": {"get": operation}},
    }
    result = of_tree(document)
    assert rules(result) == [NO_BACKEND]
    assert list(result.apis["orders"].parameters) == ["Authorization"]


# Bodies.


@pytest.mark.parametrize(
    ("method", "body", "sent"),
    [
        ("post", JSON_BODY, "stream"),
        ("put", JSON_BODY, "stream"),
        ("patch", JSON_BODY, "stream"),
        ("post", None, "stream"),
        ("patch", None, None),
        ("post", FORM_BODY, None),
        ("get", None, None),
    ],
)
def test_a_body_that_is_no_form_is_sent_as_it_comes(
    method: str, body: Tree | None, sent: str | None
) -> None:
    operation: Tree = {"operationId": "orders", **({"requestBody": body} if body else {})}
    result = with_operation({**operation, **MAPPED}, method=method)
    assert result.apis["orders"].body_format == sent
    assert with_operation(operation, method=method).apis["orders"].body_format is None


@pytest.mark.parametrize("of_the_path", [False, True])
def test_a_body_of_swagger_is_sent_as_it_comes(*, of_the_path: bool) -> None:
    body = {"parameters": [{"name": "order", "in": "body", "schema": {"type": "object"}}]}
    operation: Tree = {"operationId": "orders", **MAPPED, **({} if of_the_path else body)}
    patch: Tree = {**operation, "responses": {"200": {"description": "OK"}}}
    document: Tree = {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/orders": {"patch": patch, **(body if of_the_path else {})}},
    }
    assert of_tree(document).apis["orders"].body_format == "stream"


def test_what_a_form_takes_beside_itself_is_told() -> None:
    content = {**JSON_BODY["content"], **FORM_BODY["content"]}
    operation: Tree = {"operationId": "orders", "requestBody": {"content": content}, **MAPPED}
    told = {one.rule: one.value for one in with_operation(operation, method="post").warnings}
    rule = "of an API that takes a form the gateway sends on the form's fields alone"
    assert told[rule] == "application/json"


def test_a_default_that_vanishes_is_told() -> None:
    listed: Tree = {"type": "array", "items": {"type": "string"}, "default": ["a"]}
    parameter: Tree = {"name": "kinds", "in": "query", "schema": listed}
    operation: Tree = {"operationId": "orders", "parameters": [parameter], **MAPPED}
    assert "the gateway knows no default of a list or an object" in rules(with_operation(operation))


# Causes.


@pytest.mark.parametrize(
    ("end", "value", "remedy"),
    [
        ("api-name", "demoApi", "write operationId: demoApi"),
        (
            "fc",
            {"arn": "acs:fc:::services/demo/functions/hello/", "timeout": 3000},
            f"write {EXTENSION}backend: {{type: FC, functionName: hello, arn: acs:ram::…:role/…}}",
        ),
        ("fc", None, f"write {EXTENSION}backend: {{type: FC, functionName: …, arn: acs:ram::…"),
        (
            "request-parameters",
            [{"apiParameterName": "token", "location": "Query"}],
            "write them as the operation's parameters: {name: …, in: query, …}",
        ),
        (
            "request-config",
            {"requestMode": "PASSTHROUGH", "requestPath": "/orders"},
            "remove it: path and method are the operation's own; for its mode write x-aliyun",
        ),
        ("visibility", "PUBLIC", "remove it: the provider has no field for it"),
    ],
)
def test_an_extension_of_another_tool_is_told_what_to_write_instead(
    end: str, value: object, remedy: str
) -> None:
    problem = only(with_operation({"operationId": "orders", f"{EXTENSION}{end}": value}))
    assert problem.value == f"{EXTENSION}{end}"
    assert problem.rule.startswith(
        "the extension is another tool's (Fun, ROS or the console's API)"
    )
    assert problem.remedy.startswith(remedy)


def test_an_extension_that_is_like_none_is_told_those_that_there_are() -> None:
    problem = only(with_operation({"operationId": "orders", f"{EXTENSION}cache": 1}))
    assert problem.rule == "the gateway has no such extension"
    assert problem.remedy.startswith(f"use one of {EXTENSION}auth-type, ")


def test_a_backend_in_the_words_of_the_api_is_told_in_those_of_documents() -> None:
    backend: dict[str, Any] = {
        "serviceType": "HTTP",
        "serviceAddress": "http://backend.example.com",
        "servicePath": "/internal",
        "serviceMethod": "GET",
    }
    problem = only(with_operation({"operationId": "orders", f"{EXTENSION}backend": backend}))
    assert problem.value == "serviceType, serviceAddress, servicePath, serviceMethod"
    assert problem.remedy == (
        "write type: HTTP, address: http://backend.example.com, path: /internal, method: GET"
    )


LETTERS = "names of APIs have the letters A-Z and a-z, others of an operationId are left out"


def test_letters_that_a_name_cant_have_are_the_cause_that_is_told() -> None:
    result = with_operation({"operationId": "查询订单UsingGET"})
    assert rules(result) == [LETTERS, NO_BACKEND]
    (warning, _) = result.warnings
    assert warning.value == "查询订单UsingGET"
    assert warning.remedy == "this one is called UsingGET; write it in such letters: getOrders"


def test_two_names_that_only_differ_in_such_letters_are_told_so() -> None:
    operation = {"responses": {"200": {"description": "OK"}}}
    paths: Tree = {
        "/orders": {"get": {"operationId": "查询订单UsingGET", **operation}},
        "/carts": {"get": {"operationId": "查询购物车UsingGET", **operation}},
    }
    problem = only(of_tree(with_paths(paths)))
    assert problem.rule == f"{LETTERS}: this one is UsingGET, and so is the one on line 7 already"
