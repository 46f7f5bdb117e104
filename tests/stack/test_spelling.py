"""Other spellings are taken, mentioned, and mean what the documented ones do."""

import pytest

from tests.stackfiles import problems_of, settings_of, warnings_of, where

FILE = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: api-gateway
  alicloud-gateways:apiGateway:
    groups: {shop: {}}
    apps: {site: {}}
    apis:
      order:
        group: shop
        method: GET
        path: /orders/[id]
        apps: [site]
        parameters: {id: {in: path, required: true}}
        backend: {http: {url: "http://b.example.com/orders/[id]"}}
        plugins: [route]
      later:
        group: shop
        method: GET
        path: /later
        apps: [site]
        backend: {mock: {body: "{}"}}
    plugins:
      route:
        routing:
          routes:
            - name: old
              condition: "$CaAppId = 1"
              backend: {mock: {status: 400, body: "{id}"}}
            - name: new
              condition: "$CaAppId = 2"
              backend: {http: {address: "http://n.example.com", path: "/orders/[id]"}}
"""
ROUTES = "apiGateway.plugins.route.routing.routes"


@pytest.mark.parametrize(
    ("written", "other", "place", "remedy"),
    [
        (
            'mock: {body: "{}"}',
            'mock: {result: "{}"}',
            "apiGateway.apis.later.backend.mock.result",
            "write body",
        ),
        (
            "status: 400, body:",
            "status: 400, result:",
            f"{ROUTES}.0.backend.mock.result",
            "write body",
        ),
        ("path: /orders/[id]", "path: /orders/{id}", "apiGateway.apis.order.path", "/orders/[id]"),
        (
            'url: "http://b.example.com/orders/[id]"',
            'url: "http://b.example.com/orders/{id}"',
            "apiGateway.apis.order.backend.http.url",
            "write http://b.example.com/orders/[id]",
        ),
        (
            'path: "/orders/[id]"',
            'path: "/orders/{id}"',
            f"{ROUTES}.1.backend.http.path",
            "write /orders/[id]",
        ),
    ],
)
def test_another_spelling_is_taken_and_mentioned(
    written: str, other: str, place: str, remedy: str
) -> None:
    assert written in FILE
    text = FILE.replace(written, other)
    (warning,) = warnings_of(text)
    assert where(warning) == place
    assert warning.line == next(
        number for number, line in enumerate(text.splitlines(), 1) if other in line
    )
    assert warning.remedy.endswith(remedy)
    assert settings_of(text).sections == settings_of(FILE).sections


def test_the_documented_spelling_is_mentioned_nowhere() -> None:
    assert warnings_of(FILE) == ()


def test_both_at_once_are_one_too_many() -> None:
    (problem,) = problems_of(FILE.replace('mock: {body: "{}"}', 'mock: {body: "{}", result: ""}'))
    assert where(problem) == "apiGateway.apis.later.backend.mock.result"
    assert problem.rule == "this key isn't known here"


def test_a_key_of_that_name_elsewhere_is_no_other_spelling() -> None:
    (problem,) = problems_of(FILE.replace("{site: {}}", "{site: {result: x}}"))
    assert problem.rule == "this key isn't known here"
