"""The gateway's extensions are read as documented, and their mistakes told precisely."""

from typing import Any

import pytest

from tests.topologies.api_openapi import (
    ENTRY,
    of_tree,
    only,
    query,
    told,
    tree,
    with_operation,
    with_paths,
)

PREFIX = "x-aliyun-apigateway-"
OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}


@pytest.mark.parametrize(
    "name", ["x-apigateway-backend-info", "x-apigateway-backend-in", "x-aliyun-apigateway-backnd"]
)
def test_a_misspelled_backend_is_refused_with_the_right_spelling(name: str) -> None:
    value = {"type": "HTTP", "address": "http://www.aliyun.com"}
    for result in (with_operation({name: value}), of_tree({**tree("springfox.json"), name: value})):
        problem = only(result)
        assert problem.path[-1] == name
        assert problem.rule == "the gateway has no such extension"
        assert problem.remedy == f"did you mean {PREFIX}backend?"


def test_extensions_of_other_tools_are_left_alone() -> None:
    others: dict[str, Any] = {
        "x-amazon-apigateway-integration": {},
        "x-order": 1,
        "x-openapi-router": "a.b",
    }
    assert not with_operation(others).problems


def test_an_extension_in_a_place_where_it_means_nothing_is_refused() -> None:
    backend: dict[str, Any] = {f"{PREFIX}backend": {"type": "MOCK", "mockResult": "up"}}
    problem = only(of_tree(with_paths({"/a": {**backend, "get": OK}})))
    assert told(problem)[0] == f"paths./a.{PREFIX}backend"
    assert problem.remedy == "put it at an operation, or the document's root"
    problem = only(with_operation({"parameters": [query(**backend)]}))
    assert problem.rule == "the extension means nothing here"
    assert only(with_operation({f"{PREFIX}any-method": {}})).remedy == "put it at a path"


def test_the_old_misspelling_of_parameter_handling_is_read_with_a_warning() -> None:
    result = with_operation({"operationId": "a", f"{PREFIX}paramater-handling": "MAPPING"})
    assert result.apis["a"].mode == "mapping"
    assert any("an old misspelling" in warning.rule for warning in result.warnings)


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("auth-type", "ANONYMUS", "did you mean ANONYMOUS?"),
        ("auth-type", "OPENID", "use a value that is defined: ANONYMOUS, APP"),
        ("parameter-handling", "mapping", "did you mean MAPPING?"),
        ("api-force-nonce-check", "yes", "use a value that is defined: false, true"),
        ("api-market-enable", True, f"remove {PREFIX}api-market-enable"),
    ],
)
def test_an_extension_takes_the_values_that_the_gateway_knows(
    key: str, value: object, remedy: str
) -> None:
    problem = only(with_operation({PREFIX + key: value}))
    assert told(problem)[0] == f"paths./orders.get.{PREFIX}{key}"
    assert problem.remedy == remedy


@pytest.mark.parametrize(
    ("backend", "place", "rule"),
    [
        ({"type": "HTP", "address": "http://a"}, ".type", "a backend has a type"),
        ({"address": "http://a"}, ".type", "a backend has a type"),
        ({"type": "OSS", "bucketName": "b"}, ".type", "a backend has a type"),
        ({"type": "HTTP"}, "", "a backend of the type HTTP needs address"),
        ({"type": "HTTP-VPC"}, "", "a backend of the type HTTP-VPC needs vpcAccessName"),
        ({"type": "HTTP", "address": "a.com"}, ".address", "an address is http:// or https://"),
        ({"type": "HTTP", "address": "http://a/b"}, ".address", "an address is http://"),
        ({"type": "HTTP", "address": "ftp://a"}, ".address", "an address is http://"),
        ({"type": "HTTP", "address": "http://u:p@a"}, ".address", "an address is http://"),
        ({"type": "HTTP", "address": "http://a:99999"}, ".address", "an address's port is"),
        ({"type": "HTTP", "address": "http://a b"}, ".address", "an address is http://"),
        ({"type": "HTTP", "address": "http://a", "path": "b"}, ".path", "a path begins with /"),
        ({"type": "HTTP", "address": "http://a", "method": "gett"}, ".method", "the gateway has"),
        ({"type": "HTTP", "address": "http://a", "timeout": 0}, ".timeout", "a timeout is 1 to"),
        ({"type": "HTTP", "address": "http://a", "adress": ""}, ".adress", "a backend of the type"),
        ({"type": "FC", "functionName": "f", "serviceName": "s"}, ".serviceName", "functions here"),
        ({"type": "MOCK", "mockResult": "a", "mockStatusCode": 404}, ".mockStatusCode", "a mock"),
        ({"type": "MOCK", "mockResult": {"a": 1}}, ".mockResult", "a mock's result is text"),
        ({"type": "“HTTP”", "address": "http://a"}, ".type", "typographic quotes mean nothing"),
        ("{“type”: “HTTP”}", "", "typographic quotes mean nothing"),
    ],
)
def test_a_backend_that_cannot_be_is_refused(backend: object, place: str, rule: str) -> None:
    result = with_operation({f"{PREFIX}backend": backend})
    problem = result.problems[0]
    assert told(problem)[0] == f"paths./orders.get.{PREFIX}backend{place}"
    assert problem.rule.startswith(rule)
    assert problem.line is not None
    assert not result.apis


def test_a_timeout_may_be_text_as_generators_write_it() -> None:
    backend = {"type": "HTTP", "address": "http://a.com", "timeout": "3000"}
    assert (
        with_operation({"operationId": "a", f"{PREFIX}backend": backend}).apis["a"].backend.timeout
        == 3000
    )


def test_a_region_of_a_function_is_mentioned() -> None:
    backend = {"type": "FC", "functionName": "f", "fcRegion": "cn-beijing"}
    result = with_operation({f"{PREFIX}backend": backend})
    assert not result.problems
    assert any("fcRegion" in warning.rule for warning in result.warnings)


def test_a_variable_without_a_value_is_refused_where_it_is_used() -> None:
    backend = {"type": "HTTP", "address": "http://#hots#"}
    result = with_operation({f"{PREFIX}backend": backend}, variables={"host": "a.com"})
    place, line, rule, remedy = told(result.problems[0])
    assert place == f"paths./orders.get.{PREFIX}backend.address"
    assert line is not None
    assert rule.startswith("#hots# stands for a variable")
    assert remedy == "did you mean host?"


def test_mistakes_of_the_entry_stand_in_the_stack_file() -> None:
    result = with_operation(
        {"operationId": "list", "tags": ["orders"]},
        variables={"host": "a"}, include=["order"], exclude=["lst"], was={"get": "old"},
        basePath="v1", backend={"http": {"url": "a"}},
    )  # fmt: skip
    assert {told(problem)[0] for problem in result.problems} == {
        f"{'.'.join(ENTRY)}.{place}"
        for place in (
            "include[0]", "exclude[0]", "was.get", "variables.host", "basePath", "backend.http.url",
        )
    }  # fmt: skip


@pytest.mark.parametrize("backend", [{}, {"mock": {"body": ""}, "function": {"function": "f"}}])
def test_a_default_backend_is_one_of_its_kinds(backend: object) -> None:
    problem = only(with_operation({}, backend=backend))
    assert problem.rule == "a backend is exactly one of http, vpc, function and mock"


def test_passthrough_refuses_mappings_that_would_be_ignored() -> None:
    problem = only(with_operation({"parameters": [query(**{f"{PREFIX}backend-name": "b"})]}))
    assert "means something only where parameters are mapped" in problem.rule


@pytest.mark.parametrize(
    ("key", "entry", "rule"),
    [
        (
            "constant-parameters",
            {"backendName": "a", "location": "header"},
            "value is required here",
        ),
        (
            "constant-parameters",
            {"backendName": "a", "value": "b", "location": "path"},
            "what the gateway adds stands in header or query",
        ),
        (
            "system-parameters",
            {"systemName": "CaDomain", "backendNam": "a", "location": "query"},
            "backendName is required here",
        ),
    ],
)
def test_what_the_gateway_adds_is_whole(key: str, entry: dict[str, str], rule: str) -> None:
    result = with_operation({PREFIX + key: [entry]})
    assert result.problems[0].rule == rule


def test_what_the_gateway_adds_is_a_list_without_repetitions() -> None:
    problem = only(with_operation({f"{PREFIX}system-parameters": {"a": "b"}}))
    assert problem.rule == f"{PREFIX}system-parameters is a list"
    entry = {"backendName": "a", "value": "b", "location": "header"}
    other = {**entry, "value": "c"}
    problem = only(with_operation({f"{PREFIX}constant-parameters": [entry, entry, other]}))
    assert problem.path[-2:] == (2, "backendName")
