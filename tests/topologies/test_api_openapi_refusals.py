"""What a document can have wrong is told with its line, the rule and what to do."""

from typing import Any

import pytest

from tests.topologies.api_openapi import (
    imported,
    of_tree,
    only,
    query,
    told,
    tree,
    with_operation,
    with_paths,
)

PREFIX = "x-aliyun-apigateway-"
TEXT: dict[str, Any] = {"type": "string"}
OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("- a", "a Swagger or OpenAPI document is a map, with openapi or swagger at its top", None),
        ("paths: {}", "a Swagger or OpenAPI document names its version", None),
        ("info: {}\nswagger: 2.0", "the version is text, and this is a number", 2),
        ('openapi: "3.2.0"', "the version must be Swagger 2.0, OpenAPI 3.0.x or OpenAPI 3.1.x", 1),
        ('swagger: "1.2"', "the version must be Swagger 2.0, OpenAPI 3.0.x or OpenAPI 3.1.x", 1),
        ("a: b\n“swagger”: “2.0”", "typographic quotes mean nothing in YAML and JSON", 2),
        ("a: [1,", "the file must be valid YAML", 2),
        ('swagger: "2.0"\nswagger: "2.0"', "a key may be given once", 2),
    ],
)
def test_what_is_no_document_is_refused(text: str, rule: str, line: int | None) -> None:
    problem = only(imported(text))
    assert problem.rule.startswith(rule)
    assert line is None or problem.line == line


def test_broken_json_is_called_json() -> None:
    problem = only(imported('{"swagger": "2.0",\n "paths": {"/a": }', "shop.json"))
    assert problem.rule.startswith("the file must be valid JSON")


@pytest.mark.parametrize(
    ("operation", "place", "rule", "remedy"),
    [
        (
            {"parameters": [{"name": "a", "in": "qury", "schema": TEXT}]},
            "paths./orders.get.parameters[0].in",
            "this must be one of path, query, header, formData, body",
            "did you mean query?",
        ),
        (
            {"parameters": [{"in": "query", "schema": TEXT}]},
            "paths./orders.get.parameters[0]",
            "name is required here",
            "add name",
        ),
        (
            {"paramters": []},
            "paths./orders.get.paramters",
            "the specification knows no such key here",
            "did you mean parameters?",
        ),
    ],
)
def test_an_operation_is_what_its_specification_says(
    operation: dict[str, Any], place: str, rule: str, remedy: str
) -> None:
    found = told(only(with_operation(operation)))
    assert (found[0], found[2], found[3]) == (place, rule, remedy)
    assert found[1] is not None


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        ({"in": "qury"}, ".in", "this must be one of path, query, header, formData, body"),
        ({"type": "int"}, ".type", "this must be one of string, number, boolean, integer, array"),
        ({"requird": True}, ".requird", "the specification knows no such key here"),
    ],
)
def test_a_swagger_parameter_is_what_its_specification_says(
    change: dict[str, Any], place: str, rule: str
) -> None:
    document = tree("springfox.json")
    document["paths"]["/user"]["get"]["parameters"][0].update(change)
    problem = of_tree(document).problems[0]
    assert told(problem)[0] == f"paths./user.get.parameters[0]{place}"
    assert problem.rule == rule


def test_a_path_begins_with_a_slash() -> None:
    problem = only(of_tree(with_paths({"orders": {"get": OK}})))
    assert (problem.rule, problem.remedy) == ("a path begins with /", "write /orders")


def test_mistakes_in_models_and_answers_are_one_warning() -> None:
    document = tree("springfox.json")
    document["definitions"]["User"]["type"] = "objekt"
    result = of_tree(document, backend={"mock": {"body": ""}})
    assert not result.problems
    assert ["departs from its specification" in w.rule for w in result.warnings] == [True]


def test_an_operation_id_is_given_once() -> None:
    paths = {path: {"get": {"operationId": "a", **OK}} for path in ("/a", "/b")}
    problem = only(of_tree(with_paths(paths)))
    assert told(problem)[:2] == ("paths./b.get.operationId", 14)
    assert problem.rule == "an operationId is given once; it is given on line 7 already"


def test_two_operations_never_share_an_apis_name() -> None:
    ids = {"/a": "get a", "/b": "get-a"}
    paths = {path: {"get": {"operationId": name, **OK}} for path, name in ids.items()}
    problem = only(of_tree(with_paths(paths)))
    assert problem.rule.startswith("an operation becomes an API called get-a, and so does the one")


def test_two_operations_never_share_a_method_and_a_path() -> None:
    def of(name: str) -> dict[str, Any]:
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        return {"get": {"operationId": name, "parameters": [parameter], **OK}}

    problem = only(of_tree(with_paths({"/a/{id}": of("id"), "/a/{name}": of("name")})))
    assert problem.rule.startswith("the gateway tells operations apart by method and path")
    assert problem.path == ("paths", "/a/{name}", "get")


@pytest.mark.parametrize(
    ("path", "names", "rule"),
    [
        ("/a/{id}", [], "every parameter of a path is defined, and {id} isn't"),
        ("/a", ["id"], "a path parameter stands in its path, and /a has no {id}"),
        ("/a/{id}/{id}", ["id"], "a path has a parameter once"),
        ("/a/{id}.json", ["id"], "at the gateway, a parameter is a whole part of a path"),
        ("/a b", [], "a path is made of letters, digits and -_.~!$*+,;=:@%"),
        ("/a/{id", [], "a path is made of letters, digits and -_.~!$*+,;=:@%"),
    ],
)
def test_a_path_and_its_parameters_agree(path: str, names: list[str], rule: str) -> None:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    problem = only(with_operation({"parameters": parameters}, path))
    assert problem.rule.startswith(rule)


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        ({"parameters": [{**query(), "in": "cookie"}]}, "the gateway doesn't map cookies"),
        ({"parameters": [query(), {**query(), "in": "header"}]}, "an API's parameters have names"),
        ({"parameters": [query(schema={"type": "strng"})]}, "a parameter's type is one of"),
        (
            {"parameters": [query(**{f"{PREFIX}backend-location": "body"})]},
            "a parameter's place towards the backend",
        ),
        (
            {"requestBody": {"content": {"multipart/form-data": {"schema": {
                "properties": {"f": {"type": "string", "format": "binary"}}}}}}},
            "the gateway doesn't map files",
        ),
        (
            {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                "oneOf": [{"type": "object"}]}}}}},
            "the fields of a form must be listed",
        ),
    ],
)  # fmt: skip
def test_what_the_gateway_cannot_map_is_refused_in_mapping_mode_alone(
    operation: dict[str, Any], rule: str
) -> None:
    problem = only(with_operation(operation, mode="mapping"))
    assert problem.rule.startswith(rule)
    if "backend-location" not in str(operation):
        assert not with_operation(operation).problems


def test_a_bodys_alternatives_pass_with_a_warning() -> None:
    body = {"content": {"application/json": {"schema": {"oneOf": [{"type": "object"}]}}}}
    result = with_operation({"requestBody": body}, method="post", mode="mapping")
    assert not result.problems
    assert any("doesn't check bodies" in warning.rule for warning in result.warnings)


@pytest.mark.parametrize(
    ("reference", "rule", "remedy"),
    [
        ("#/components/parameters/Limt", "the document has nothing at", "did you mean Limit?"),
        ("other.yaml#/a", "a reference must stay in its document", "bundle the documents"),
        ("#/components/parameters/Loop", "a reference must lead to something", "write out"),
    ],
)
def test_a_reference_leads_somewhere(reference: str, rule: str, remedy: str) -> None:
    components = {"parameters": {
        "Limit": query("limit"), "Loop": {"$ref": "#/components/parameters/Loop"},
    }}  # fmt: skip
    paths = {"/a": {"get": {"parameters": [{"$ref": reference}], **OK}}}
    problem = only(of_tree(with_paths(paths, components=components)))
    assert problem.rule.startswith(rule)
    assert problem.remedy.startswith(remedy)
    assert problem.line is not None


def test_methods_and_sockets_that_the_gateway_lacks_are_refused() -> None:
    assert only(with_operation({}, method="trace")).rule == "the gateway has no such method"
    assert not with_operation({}, method="trace", exclude=["trace-orders"]).problems
    document = tree("springfox.json")
    document["paths"]["/user"]["get"]["schemes"] = ["wss"]
    assert only(of_tree(document)).rule == "the provider has no field for WebSocket APIs"


def test_what_the_gateway_has_nothing_for_is_mentioned() -> None:
    callback = {"done": {"{$request.body#/url}": {"post": OK}}}
    result = with_operation({"callbacks": callback, "security": [{"token": []}]})
    rules = " ".join(warning.rule for warning in result.warnings)
    assert "callbacks are calls to clients" in rules
    assert "doesn't enforce a document's security schemes" in rules
