"""What an API may not say: paths and parameters, backends, who may call, and plugins."""

from typing import Any

import pytest

from tests.mocked_cloud import run
from tests.stackfiles import problems_of, settings_of, warnings_of, where
from tests.topologies.api_stacks import G, api_stack, bound, limits_elsewhere, mock_api
from tests.topologies.unified import gone, only, only_warning, places, put
from topologies.builder import build

APIS = f"{G}.apis"
ORDER = f"{APIS}.order"
IN_PATH = {"in": "path", "required": True}


def with_api(**changes: object) -> str:
    """The stack with one more API, `more`."""
    return api_stack(put(APIS, more=mock_api(**changes)))


# What it names.


@pytest.mark.parametrize(
    ("edit", "place", "value", "rule", "remedy"),
    [
        (
            put(ORDER, group="shops"),
            "group",
            "shops",
            "this must name a group of apiGateway.groups",
            "did you mean shop?",
        ),
        (
            put(ORDER, apps=["caller", "nobody"]),
            "apps.1",
            "nobody",
            "this must name an app of apiGateway.apps",
            "use an app that is defined: caller",
        ),
        (
            put(ORDER, plugins=["limits", "cors"]),
            "plugins.1",
            "cors",
            "this must name a plugin of apiGateway.plugins",
            "use a plugin that is defined: limits",
        ),
        (
            put(ORDER, backend={"vpc": {"access": "egress", "path": "/[id]"}}),
            "backend.vpc.access",
            "egress",
            "a backend in a VPC goes through an authorization of apiGateway.vpcAccess",
            "did you mean ingress?",
        ),
    ],
)
def test_an_api_names_what_the_stack_has(
    edit: Any, place: str, value: str, rule: str, remedy: str
) -> None:
    problem = only(api_stack(edit))
    assert (where(problem), problem.value) == (f"{ORDER}.{place}", value)
    assert (problem.rule, problem.remedy) == (rule, remedy)


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("groups.shop", {"bogus": 1}),
        ("apps.caller", {"bogus": 1}),
        ("vpcAccess.ingress", {"instanceId": "lb-1", "port": "eighty"}),
        ("plugins.limits", {"trafficControl": {"unit": "FORTNIGHT", "apiDefault": 1}}),
    ],
)
def test_an_entry_that_cant_be_read_is_no_missing_one(place: str, entry: dict[str, Any]) -> None:
    owner, _, key = place.rpartition(".")
    problem = only(api_stack(put(f"{G}.{owner}", **{key: entry})))
    assert where(problem).startswith(f"{G}.{place}")


def test_an_api_for_everybody_has_no_apps() -> None:
    problem = only(with_api(apps=["caller"]))
    assert (where(problem), problem.value) == (f"{APIS}.more.apps", "caller")
    assert problem.rule == "an API that everybody may call needs no app"
    assert problem.remedy == "say auth: app, or remove apps"
    assert problems_of(with_api(apps=["caller"], auth="app")) == ()
    assert problems_of(with_api()) == ()


# Paths and parameters.


@pytest.mark.parametrize("path", ["orders", "/or ders", "/orders?x=1", "/orders#1"])
def test_a_path_begins_with_a_slash_and_has_no_query(path: str) -> None:
    problem = only(with_api(path=path))
    assert (where(problem), problem.value) == (f"{APIS}.more.path", path)
    assert problem.rule == "a path begins with / and has its parameters in brackets"
    assert problem.remedy == "write it as /users/[id]"


@pytest.mark.parametrize("path", ["/", "/a-b_c.d/~e", "/files/*"])
def test_ordinary_paths_are_accepted(path: str) -> None:
    assert problems_of(with_api(path=path)) == ()


def test_a_parameter_stands_in_a_path_once() -> None:
    problem = only(with_api(path="/a/[id]/[id]", parameters={"id": IN_PATH}))
    assert (where(problem), problem.value) == (f"{APIS}.more.path", "/a/[id]/[id]")
    assert (problem.rule, problem.remedy) == ("a path has [id] once", "rename one of the two")


@pytest.mark.parametrize("mode", ["mapping", "passthrough"])
def test_a_paths_parameter_is_declared(mode: str) -> None:
    problem = only(with_api(path="/a/[id]", mode=mode))
    assert (where(problem), problem.value) == (f"{APIS}.more.path", "/a/[id]")
    assert problem.rule == "the path has [id], and no parameter of this name is in: path"
    assert problem.remedy == "add parameters: {id: {in: path, required: true}}"
    assert problems_of(with_api(path="/a/[id]", parameters={"id": IN_PATH})) == ()


def test_a_declared_parameter_of_the_path_is_in_it() -> None:
    problem = only(with_api(parameters={"id": IN_PATH}))
    assert where(problem) == f"{APIS}.more.parameters.id"
    assert problem.rule == "this parameter is in the path, and the path has no [id]"
    assert problem.remedy == "write [id] in the path, or another in"
    assert problems_of(with_api(parameters={"id": {"in": "query"}})) == ()


@pytest.mark.parametrize(
    ("backend", "place"),
    [
        ({"http": {"url": "http://b.example.com/[number]"}}, "http.url"),
        ({"vpc": {"access": "ingress", "path": "/[number]"}}, "vpc.path"),
    ],
)
def test_what_the_backends_path_takes_is_sent_there(backend: dict[str, Any], place: str) -> None:
    problem = only(with_api(backend=backend))
    assert where(problem) == f"{APIS}.more.backend.{place}"
    assert problem.rule == "the backend's path takes [number], and no parameter goes there"
    renamed = {"id": {**IN_PATH, "backendName": "number"}}
    assert problems_of(with_api(path="/a/[id]", parameters=renamed, backend=backend)) == ()
    moved = {"id": {"in": "query", "backendIn": "path", "backendName": "number"}}
    assert problems_of(with_api(parameters=moved, backend=backend)) == ()


def test_paths_and_a_parameter_that_disagree_are_told_once() -> None:
    backend = {"http": {"url": "http://b.example.com/a"}}
    problem = only(with_api(backend=backend, parameters={"id": IN_PATH}))
    assert problem.rule == "this parameter is in the path, and the path has no [id]"
    backend = {"http": {"url": "http://b.example.com/[id]"}}
    problem = only(with_api(backend=backend, path="/a/[id]"))
    assert problem.rule == "the path has [id], and no parameter of this name is in: path"


def test_what_is_sent_into_the_backends_path_is_taken_there() -> None:
    backend = {"http": {"url": "http://b.example.com/a"}}
    whole: dict[str, Any] = {"path": "/a/[id]", "backend": backend}
    problem = only(with_api(parameters={"id": IN_PATH}, **whole))
    assert (where(problem), problem.value) == (
        f"{APIS}.more.parameters.id",
        "http://b.example.com/a",
    )
    assert problem.rule == "this parameter goes into the backend's path, which has no [id]"
    assert problem.remedy == "write [id] there, or say backendIn: query"
    assert (
        problems_of(with_api(parameters={"id": {**IN_PATH, "backendIn": "query"}}, **whole)) == ()
    )


def test_a_parameter_in_the_path_is_always_there() -> None:
    problem = only(with_api(path="/a/[id]", parameters={"id": {"in": "path"}}))
    assert (where(problem), problem.value) == (f"{APIS}.more.parameters.id.required", False)
    assert problem.remedy == "say required: true"


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_request_without_a_body_has_no_form(method: str) -> None:
    form: dict[str, Any] = {"parameters": {"item": {"in": "form"}}}
    problem = only(with_api(method=method, **form))
    assert (where(problem), problem.value) == (f"{APIS}.more.parameters.item.in", "form")
    assert problem.rule == f"{method} requests have no form"
    assert problem.remedy == "write query, or use POST"
    assert problems_of(with_api(method="POST", **form)) == ()


@pytest.mark.parametrize("location", ["path", "form"])
@pytest.mark.parametrize(
    ("key", "entry"), [("constants", {"value": "1"}), ("systemParameters", {"backendName": "ip"})]
)
def test_what_the_gateway_adds_stands_in_header_or_query(
    key: str, entry: dict[str, Any], location: str
) -> None:
    problem = only(with_api(**{key: {"one": {"in": location, **entry}}}))
    assert (where(problem), problem.value) == (f"{APIS}.more.{key}.one.in", location)
    assert problem.remedy == "write header or query"
    assert problems_of(with_api(**{key: {"one": {"in": "query", **entry}}})) == ()


def test_clients_cant_send_a_constant() -> None:
    constants = {"host": {"in": "header", "value": "shop.example.com"}}
    problem = only(with_api(constants=constants, parameters={"host": {"in": "header"}}))
    assert (where(problem), problem.value) == (f"{APIS}.more.parameters.host", "host")
    assert problem.rule == "host is a constant already: clients can't send it"


# Two APIs.


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/orders/[id]"), ("GET", "/orders/[number]"), ("ANY", "/orders/[id]")],
)
def test_a_group_has_one_api_for_a_method_and_a_path(method: str, path: str) -> None:
    parameters = {path.split("[")[1].rstrip("]"): IN_PATH}
    changes: dict[str, Any] = {"method": method, "path": path, "parameters": parameters}
    problem = only(with_api(**changes))
    assert (where(problem), problem.value) == (f"{APIS}.more.path", path)
    assert f"order takes GET {path} already" in problem.rule
    assert problem.remedy == "use another path or method"
    assert problems_of(with_api(**changes | {"method": "PUT"})) == ()
    other = [put(f"{G}.groups", other={}), put(APIS, more=mock_api(**changes, group="other"))]
    assert problems_of(api_stack(*other)) == ()


# Backends.


@pytest.mark.parametrize(
    ("backend", "value", "remedy"),
    [
        ({}, None, "add one, such as mock: {result: ok}"),
        (
            {"mock": {"result": "ok"}, "http": {"url": "http://b.example.com"}},
            "http, mock",
            "keep one of http, mock",
        ),
    ],
)
def test_a_backend_is_exactly_one(backend: dict[str, Any], value: str | None, remedy: str) -> None:
    problem = only(with_api(backend=backend))
    assert (where(problem), problem.value) == (f"{APIS}.more.backend", value)
    assert problem.rule == "a backend is exactly one of http, vpc, function and mock"
    assert problem.remedy == remedy


@pytest.mark.parametrize(
    "url",
    [
        "backend1.example.com",
        "ftp://backend1.example.com/",
        "http:///business1",
        "http://backend1.example.com:0/",
        "http://backend1.example.com:99999/",
        "http://backend1.example.com/?a=1",
        "http://me:secret@backend1.example.com/",
    ],
)
def test_an_address_is_one_that_can_be_called(url: str) -> None:
    problem = only(with_api(backend={"http": {"url": url}}))
    assert (where(problem), problem.value) == (f"{APIS}.more.backend.http.url", url)
    assert problem.rule.startswith("an address is http:// or https://, a host")
    address = problem.remedy.removeprefix("write it as ")
    assert problems_of(with_api(backend={"http": {"url": address}})) == ()


def test_a_path_towards_a_backend_in_a_vpc_begins_with_a_slash() -> None:
    problem = only(with_api(backend={"vpc": {"access": "ingress", "path": "pay"}}))
    assert (where(problem), problem.value) == (f"{APIS}.more.backend.vpc.path", "pay")
    assert problem.remedy == "write /pay"


@pytest.mark.parametrize("timeout", [0, 600_001])
def test_a_backend_may_take_up_to_ten_minutes(timeout: int) -> None:
    backend = {"mock": {"result": "ok"}, "timeout": timeout}
    assert places(with_api(backend=backend)) == [(f"{APIS}.more.backend.timeout", timeout)]


# Plugins; the rules of each kind have tests of their own.


def test_an_api_has_one_plugin_of_a_kind() -> None:
    second = put(f"{G}.plugins", more={"trafficControl": {"unit": "DAY", "apiDefault": 5}})
    problem = only(api_stack(second, put(ORDER, plugins=["limits", "more"])))
    assert (where(problem), problem.value) == (f"{ORDER}.plugins.1", "more")
    assert "limits is trafficControl already" in problem.rule


def test_a_plugins_own_mistake_is_told_at_its_place() -> None:
    wrong = {"trafficControl": {"unit": "DAY", "apiDefault": 0}}
    assert [place for place, _ in places(api_stack(put(f"{G}.plugins", limits=wrong)))] == [
        f"{G}.plugins.limits.trafficControl.apiDefault"
    ]


def test_routes_know_the_parameters_of_the_apis_that_name_them() -> None:
    route: dict[str, Any] = {
        "name": "old",
        "condition": "$id = '1'",
        "backend": {"mock": {"status": 410, "body": "gone"}},
    }
    routes = bound("routes", {"routing": {"routes": [route]}})
    assert problems_of(api_stack(*routes, limits_elsewhere())) == ()
    elsewhere = bound("routes", {"routing": {"routes": [route]}}, "pay")
    found = problems_of(api_stack(*elsewhere))
    assert [where(p).startswith(f"{G}.plugins.routes.routing") for p in found] == [True]


# Warnings.


@pytest.mark.parametrize("code", ["disable", "header", "header-query"])
def test_an_appcode_is_for_apps_alone(code: str) -> None:
    problem = only(with_api(appCode=code))
    assert (where(problem), problem.value) == (f"{APIS}.more.appCode", code)
    assert problem.rule == "an AppCode is an app's, and everybody may call this API without one"
    assert problem.remedy == "say auth: app, or remove appCode"
    assert problems_of(with_api(auth="app", apps=["caller"], appCode=code)) == ()


def test_an_api_that_nobody_can_call_is_a_warning() -> None:
    warning = only_warning(with_api(auth="app"))
    assert where(warning) == f"{APIS}.more.apps"
    assert warning.rule == "nobody can call more: no app is authorized"
    assert warning.remedy == "name an app, or say auth: anonymous"
    assert warnings_of(with_api(auth="app", apps=["caller"])) == ()


@pytest.mark.parametrize(
    ("changes", "key", "value", "rule"),
    [
        ({}, "auth", "anonymous", "everybody on the internet may call more"),
        (
            {"auth": "app", "apps": ["caller"], "protocol": "http,https"},
            "protocol",
            "http,https",
            "more answers over http, where anybody on the way can read along",
        ),
    ],
)
def test_an_open_door_is_a_warning_until_it_is_acknowledged(
    changes: dict[str, Any], key: str, value: str, rule: str
) -> None:
    warning = only_warning(with_api(**changes, acknowledged=False))
    assert (where(warning), warning.value) == (f"{APIS}.more.{key}", value)
    assert warning.rule == rule
    assert warning.remedy.endswith("or acknowledged: true in more")
    assert warnings_of(with_api(**changes, acknowledged=True)) == ()


def test_a_circuit_breaker_on_the_shared_instance_is_a_warning() -> None:
    breaker: dict[str, Any] = {
        "circuitBreaker": {"timeoutThreshold": 5, "windowInSeconds": 30, "openTimeoutSeconds": 15}
    }
    edits = [*bound("breaker", breaker), limits_elsewhere()]
    warning = only_warning(api_stack(*edits))
    assert (where(warning), warning.value) == (f"{ORDER}.plugins.0", "breaker")
    assert warning.rule == "circuit breakers are heeded on dedicated instances alone"
    assert warnings_of(api_stack(*edits, put(G, instance={"id": "apigateway-1"}))) == ()


def test_apis_may_come_later() -> None:
    text = api_stack(gone(APIS))
    assert problems_of(text) == ()
    assert {warning.remedy for warning in warnings_of(text)} == {"use it, or remove it"}


# Bodies.


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "ANY"])
@pytest.mark.parametrize("body_format", ["form", "stream"])
def test_a_body_is_a_form_or_a_stream(method: str, body_format: str) -> None:
    assert problems_of(with_api(method=method, bodyFormat=body_format)) == ()


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_a_request_without_a_body_has_no_format_of_one(method: str) -> None:
    problem = only(with_api(method=method, bodyFormat="stream"))
    assert (where(problem), problem.value) == (f"{APIS}.more.bodyFormat", "stream")
    assert problem.rule == f"{method} requests have no body whose format could be said"
    assert problem.remedy == "remove bodyFormat, or use POST or PUT"


def test_a_body_that_is_passed_through_has_no_format() -> None:
    problem = only(with_api(method="POST", mode="passthrough", bodyFormat="form"))
    assert (where(problem), problem.value) == (f"{APIS}.more.bodyFormat", "form")
    assert problem.rule == "a body's format is heeded in the mode mapping alone"
    assert problem.remedy == "remove bodyFormat, or say mode: mapping"


def test_parameters_of_a_form_arent_read_from_a_stream() -> None:
    form: dict[str, Any] = {"method": "POST", "parameters": {"item": {"in": "form"}}}
    problem = only(with_api(**form, bodyFormat="stream"))
    assert (where(problem), problem.value) == (f"{APIS}.more.bodyFormat", "stream")
    assert problem.rule == "parameters are read from forms alone, and item is in: form"
    assert problems_of(with_api(**form, bodyFormat="form")) == ()


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"bodyFormat": "stream"}, "STREAM"),
        ({"bodyFormat": "form"}, "FORM"),
        ({"parameters": {"item": {"in": "form"}}}, "FORM"),
        ({}, None),
    ],
)
def test_a_bodys_format_reaches_the_cloud(changes: dict[str, Any], sent: str | None) -> None:
    text = with_api(method="POST", **changes)
    made = run(lambda: build(settings_of(text)))
    assert made["api-more-api"].inputs["requestConfig"].get("bodyFormat") == sent
