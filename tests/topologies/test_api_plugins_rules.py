"""What any plugin, its routes and its bindings may not say, one rule a test."""

import json
from typing import Any

import pytest

from stack.problems import Problem
from tests.topologies.api_plugins import (
    PATH,
    found,
    found_of,
    only,
    only_warning,
    plugins_of,
    warned,
)
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.plugins.base import BoundApi
from topologies.api_gateway.plugins.rules import binding_problems, binding_warnings

HTTP = {"http": {"address": "http://backend1.example.com:8080", "path": "/business1"}}
LIMITS = "trafficControl: {unit: SECOND, apiDefault: 1}"


def routing(*routes: dict[str, Any], **parameters: str) -> str:
    return json.dumps({"routing": {"parameters": parameters, "routes": list(routes)}})


def route(condition: str = "$CaAppId = 1", name: str = "a", **more: object) -> dict[str, Any]:
    return {"name": name, "condition": condition, "backend": HTTP, **more}


def backend(**kinds: object) -> str:
    return routing(route(backend=kinds))


# Any plugin.


def test_a_plugin_has_a_kind() -> None:
    where, _, rule, remedy = only("description: nothing else")
    assert (where, rule) == ("", "a plugin has a kind")
    assert "routing, backendSignature, basicAuth" in remedy


def test_a_plugin_has_one_kind() -> None:
    where, value, rule, remedy = only(f"{LIMITS}\ncors: {{allowMethods: [GET]}}")
    assert (where, value, rule) == ("", "trafficControl, cors", "a plugin has one kind")
    assert remedy == "make a plugin of each: trafficControl and cors"


def test_a_kind_that_isnt_known_is_refused_with_the_nearest() -> None:
    problem = next(p for p in found("traficControl: {}") if p.path[-1] == "traficControl")
    assert problem.remedy == "did you mean trafficControl?"


def test_a_plugin_is_refused_where_its_name_is_too_long_for_the_cloud() -> None:
    key = "k" * 47
    assert found_of(f"{key[:-1]}: {{{LIMITS}}}") == []
    (problem,) = found_of(f"{key}: {{{LIMITS}}}")
    assert (problem.path, problem.value) == ((*PATH, key), f"dev_{key}")
    assert "4 to 50 characters" in problem.rule
    assert problem.remedy.startswith("give it a shorter name: name: kkkk")
    assert found_of(f"{key}: {{name: shop, {LIMITS}}}") == []


@pytest.mark.parametrize(("name", "better"), [("dev-limits", "dev_limits"), ("a b.c", "a_b_c")])
def test_a_name_of_its_own_has_letters_digits_and_underscores(name: str, better: str) -> None:
    where, value, _, remedy = only(f"name: {name}\n{LIMITS}")
    assert (where, value, remedy) == ("name", name, f"write {better}")


def test_a_name_of_its_own_may_be_chinese() -> None:
    assert found(f"name: 流量控制\n{LIMITS}") == []


def test_two_plugins_dont_share_a_name_in_the_cloud() -> None:
    (problem,) = found_of(f"a-b: {{{LIMITS}}}\na.b: {{{LIMITS}}}")
    assert (problem.path, problem.value) == ((*PATH, "a.b"), "dev_a_b")
    assert "a-b is called dev_a_b too" in problem.rule


def test_a_renamed_plugin_names_one_that_is_gone() -> None:
    (problem,) = found_of(f"new: {{was: old, {LIMITS}}}\nold: {{{LIMITS}}}")
    assert problem.path == (*PATH, "new", "was")


def test_a_description_has_at_most_200_characters() -> None:
    assert found(f"description: {'d' * 200}\n{LIMITS}") == []
    assert only(f"description: {'d' * 201}\n{LIMITS}")[0] == "description"


def test_a_plugins_data_has_at_most_50_kilobytes() -> None:
    body = {"mock": {"status": 400, "body": "网" * 17_050}}
    where, value, rule, _ = only(routing(route(backend=body)))
    assert (where, rule) == ("", "a plugin's data has at most 51200 bytes")
    assert str(value).startswith("512")
    body["mock"]["body"] = "网" * 17_000
    assert found(routing(route(backend=body))) == []


# Routes.


def test_a_plugin_has_a_route() -> None:
    assert only("routing: {routes: []}")[0] == "routing.routes"


@pytest.mark.parametrize(
    ("name", "better"), [("grey-1", "grey1"), ("", "backend1"), ("新", "backend1")]
)
def test_a_routes_name_has_letters_and_digits(name: str, better: str) -> None:
    where, value, _, remedy = only(routing(route(name=name)))
    assert (where, value, remedy) == ("routing.routes.0.name", name, f"write {better}")


def test_two_routes_dont_share_a_name() -> None:
    where, value, *_ = only(routing(route("$CaAppId = 1"), route("$CaAppId = 2")))
    assert (where, value) == ("routing.routes.1.name", "a")


def test_a_condition_that_cant_be_read_is_shown_with_the_place() -> None:
    where, value, rule, _ = only(routing(route("$CaAppId = 'x")))
    assert (where, value) == ("routing.routes.0.condition", "$CaAppId = 'x")
    assert rule.endswith("(at character 12)")


def test_a_conditions_parameters_are_declared_or_the_apis_own() -> None:
    where, _, rule, remedy = only(routing(route("$targt = 'x'"), target="Query:target"))
    assert where == "routing.routes.0.condition"
    assert "$targt is declared nowhere" in rule
    assert remedy.startswith("did you mean $target?")
    assert found(routing(route("$query1 = 'x'"))) == []


def test_a_parameters_source_is_known() -> None:
    where, value, _, remedy = only(routing(route("$target = 'x'"), target="Quary:target"))
    assert (where, value) == ("routing.parameters.target", "Quary:target")
    assert remedy == "did you mean Query?"


def test_a_condition_has_at_most_512_characters() -> None:
    assert found(routing(route(f"$CaStage = '{'x' * 498}'"))) == []
    where, _, rule, _ = only(routing(route(f"$CaStage = '{'x' * 500}'")))
    assert (where, "512 characters, not 513" in rule) == ("routing.routes.0.condition", True)


@pytest.mark.parametrize("second", ["$CaAppId = 1", "  $CaAppId=1 ", "($CaAppId = 1)"])
def test_a_route_with_the_condition_of_an_earlier_one_is_never_taken(second: str) -> None:
    where, _, rule, _ = only(routing(route(), route(second, "b")))
    assert where == "routing.routes.1.condition"
    assert rule == "this route is never taken: a before it has the same condition"


def weighted(condition: str, name: str, weight: int | None) -> dict[str, Any]:
    return {**route(condition, name), **({"weight": weight} if weight is not None else {})}


def test_routes_of_one_condition_share_its_requests_by_weights() -> None:
    blue, green = weighted("1 = 1", "blue", 80), weighted("1 = 1", "green", 20)
    assert found(routing(blue, green)) == warned(routing(blue, green)) == []
    late = weighted("1 = 1", "late", None)
    where, _, rule, _ = only(routing(blue, green, late))
    assert where == "routing.routes.2.condition"
    assert rule == "this route is never taken: blue before it takes every request"
    other = weighted("$CaAppId = 1", "other", 20)
    assert only(routing(blue, other))[0] == "routing.routes.1.condition"
    assert only(routing(late, green))[0] == "routing.routes.1.condition"


def test_a_weight_without_another_route_is_mentioned() -> None:
    where, value, rule, _ = only_warning(routing(weighted("$CaAppId = 1", "a", 20)))
    assert (where, value) == ("routing.routes.0.weight", 20)
    assert rule == "a shares with no route: none beside it has its condition"


def test_a_route_after_one_that_takes_everything_is_never_taken() -> None:
    routes = [route(), route("1 = 1", "rest"), route("$CaAppId = 2", "late")]
    where, _, rule, remedy = only(routing(*routes))
    assert where == "routing.routes.2.condition"
    assert rule == "this route is never taken: rest before it takes every request"
    assert remedy == "move it before rest, or remove it"


def test_random_routes_may_be_alike() -> None:
    assert found(routing(route("Random() < 0.05"), route("Random() < 0.05", "b"))) == []


def test_what_a_condition_likely_doesnt_mean_is_a_warning() -> None:
    where, _, rule, _ = only_warning(routing(route("Random() < 0.05")))
    assert where == "routing.routes.0.condition"
    assert "Random()" in rule


def test_a_constants_name_is_a_headers() -> None:
    constants = {"x route": {"in": "header", "value": "1"}}
    where, value, *_ = only(routing(route(constantParameters=constants)))
    assert (where, value) == ("routing.routes.0.constantParameters.x route", "x route")


# Backends of routes.


@pytest.mark.parametrize("kinds", [{}, {"mock": {"status": 400}, **HTTP}])
def test_a_backend_is_one_of_its_kinds(kinds: dict[str, object]) -> None:
    where, _, rule, _ = only(backend(**kinds))
    assert where == "routing.routes.0.backend"
    assert rule == "a backend is exactly one of http, vpc, selfCall and mock"


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("a.example.com", "write http://a.example.com or https://a.example.com"),
        ("http://a.example.com/", "write http://a.example.com"),
        ("http://a.example.com:80/x/y", "write http://a.example.com:80, and path: /x/y"),
        ("http://a.example.com:99999", "write it as http://backend1.example.com:8080"),
        ("ftp://a.example.com", "write it as http://backend1.example.com:8080"),
        ("http://", "write it as http://backend1.example.com:8080"),
        ("http://a b", "write it as http://backend1.example.com:8080"),
    ],
)
def test_an_address_has_a_protocol_and_a_host(address: str, remedy: str) -> None:
    where, value, _, said = only(backend(http={"address": address}))
    assert (where, value, said) == ("routing.routes.0.backend.http.address", address, remedy)


@pytest.mark.parametrize("address", ["https://10.0.0.1:8080", "http://#host#:80", "http://a"])
def test_an_address_may_be_a_hosts_or_one_of_the_gateways_variables(address: str) -> None:
    assert found(backend(http={"address": address})) == []


def test_a_path_starts_with_a_slash() -> None:
    for kind, reached in (("http", {"address": "http://a"}), ("vpc", {"access": "ingress"})):
        where, _, _, remedy = only(backend(**{kind: {**reached, "path": "x"}}))
        assert (where, remedy) == (f"routing.routes.0.backend.{kind}.path", "write /x")


@pytest.mark.parametrize("timeout", [0, 600_001, "7s"])
def test_a_timeout_is_in_milliseconds(timeout: object) -> None:
    text = backend(http={"address": "http://a", "timeout": timeout})
    assert "routing.routes.0.backend.http.timeout" in [
        ".".join(map(str, problem.path[3:])) for problem in found(text)
    ]


def test_an_authorization_is_defined() -> None:
    (problem,) = found(backend(vpc={"access": "ingres"}))
    assert problem.path[3:] == ("routing", "routes", 0, "backend", "vpc", "access")
    assert problem.remedy == "did you mean ingress?"
    assert problem.missing == ("apiGateway", "vpcAccess", "ingres")


# Bindings.

PLUGINS = f"""
limits: {{{LIMITS}}}
more: {{{LIMITS}}}
grey: {routing(route("$userId like '%0'"), userId="Token:userId")}
open: {backend(http={"address": "http://a.example.com"})}
vpc: {backend(vpc={"access": "ingress", "method": "GET"})}
jwt: {{jwtAuth: {{parameter: X-Token, parameterLocation: header}}}}
placeless: {{jwtAuth: {{parameter: X-Token}}}}
mapped: {{jwtAuth: {{parameter: q}}}}
mask: {{logMask: {{rules: [{{name: a, location: REQUEST_BODY, matchMode: EMAIL, policy: ALL}}]}}}}
changed: {{transformer: {{removeResponseHeader: [{{name: phone}}]}}}}
kept: {{caching: {{duration: 1}}}}
breaker: {{circuitBreaker: {{timeoutThreshold: 1, windowInSeconds: 30, openTimeoutSeconds: 15}}}}
"""
AT = ("apiGateway", "apis", "distribute", "plugins")


def bound(*names: str) -> list[Problem]:
    return list(binding_problems(AT, names, plugins_of(PLUGINS)))


def mentioned(
    *names: str, method: Method = Method.GET, has_path: bool = True, dedicated: bool | None = None
) -> list[Problem]:
    api = BoundApi("distribute", method, has_path, dedicated, frozenset({"q"}))
    return list(binding_warnings(AT, names, plugins_of(PLUGINS), api))


def test_a_token_without_a_place_is_a_parameter_that_the_api_maps() -> None:
    assert mentioned("mapped") == mentioned("jwt") == []
    (problem,) = mentioned("placeless")
    assert problem.rule.startswith("without parameterLocation the token is distribute's parameter")
    assert problem.remedy.startswith("say parameterLocation: header in placeless")


@pytest.mark.parametrize("name", ["mask", "changed"])
def test_some_kinds_are_heeded_on_dedicated_instances_alone(name: str) -> None:
    assert mentioned(name, dedicated=True) == []
    (problem,) = mentioned(name, dedicated=False)
    assert problem.rule.endswith("on dedicated instances alone")


def test_an_api_names_plugins_that_are_defined() -> None:
    (problem,) = bound("limit")
    assert (problem.path, problem.value) == ((*AT, 0), "limit")
    assert problem.remedy == "did you mean limits?"
    assert problem.missing == ("apiGateway", "plugins", "limit")


def test_an_api_names_a_plugin_once() -> None:
    (problem,) = bound("limits", "limits")
    assert (problem.path, problem.rule) == ((*AT, 1), "a plugin is listed once")


def test_an_api_has_one_plugin_of_a_kind() -> None:
    (problem,) = bound("limits", "more")
    assert (problem.path, problem.value) == ((*AT, 1), "more")
    assert "limits is trafficControl already" in problem.rule


def test_another_kind_is_one_by_what_the_cloud_calls_it() -> None:
    other = '{other: {type: transformer, data: "{a: b}"}}'
    plugins = plugins_of(
        f"one: {other}\ntwo: {other}\nmask: {other.replace('transformer', 'logMask')}"
    )
    (problem,) = binding_problems(AT, ("one", "two", "mask"), plugins)
    assert "one is transformer already" in problem.rule


def test_what_is_read_from_a_token_needs_a_plugin_that_checks_it() -> None:
    (problem,) = bound("grey", "limits")
    assert (problem.path, problem.value) == ((*AT, 0), "grey")
    assert "grey reads $userId from a token" in problem.rule
    assert bound("grey", "jwt") == []
    assert bound("jwt", "grey") == []


def test_a_route_without_a_path_is_mentioned_where_the_api_has_none_either() -> None:
    assert mentioned("open", "vpc") == []
    (problem,) = mentioned("open", has_path=False)
    backend_place = ("apiGateway", "plugins", "open", "routing", "routes", 0, "backend", "http")
    assert problem.path == backend_place
    assert "the backend of distribute has no path" in problem.rule
    assert "I504RB" in problem.rule
    (problem,) = mentioned("vpc", has_path=False)
    assert problem.path[-1] == "vpc"
    assert mentioned("grey", has_path=False) == []


def test_answers_to_other_methods_than_get_arent_kept() -> None:
    (problem,) = mentioned("kept", method=Method.POST)
    assert (problem.path, problem.value) == ((*AT, 0), "kept")
    assert mentioned("kept") == mentioned("kept", method=Method.ANY) == []


def test_a_circuit_breaker_works_on_dedicated_instances() -> None:
    (problem,) = mentioned("nothing", "breaker", dedicated=False)
    assert (problem.path, problem.value) == ((*AT, 1), "breaker")
    assert mentioned("breaker", dedicated=True) == mentioned("breaker") == []


def test_a_good_plugin_has_no_warnings() -> None:
    assert warned(routing(route())) == []
