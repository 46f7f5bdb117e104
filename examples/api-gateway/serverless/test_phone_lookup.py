"""The phone look-up, called as the gateway calls it, against a service of its own."""

import json
import logging
import runpy
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

INDEX = runpy.run_path(str(Path(__file__).parent / "phone-lookup" / "index.py"))
handler: Callable[[bytes, object], str] = INDEX["handler"]

CODE = "0123456789abcdef0123456789abcdef"
FOUND = '{"status": "0", "msg": "ok", "result": {"province": "浙江", "city": "杭州"}}'


class Service(HTTPServer):
    """A stand-in for the market's service: what it was asked, and what it shall answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[tuple[str, str | None]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/shouji/query"


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        service = self.server
        assert isinstance(service, Service)
        service.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(service.status)
        self.send_header("X-Ca-Error-Message", "Unauthorized")
        self.end_headers()
        self.wfile.write(FOUND.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with Service() as made:
        monkeypatch.setenv("SERVICE", made.url)
        monkeypatch.setenv("APP_CODE", CODE)
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def call(**query: str) -> dict[str, Any]:
    event: dict[str, Any] = {
        "body": "",
        "headers": {"X-Ca-Api-Gateway": "48351B11-52DB-44EE-8051-CE22A2F69A1C"},
        "httpMethod": "GET",
        "isBase64Encoded": False,
        "path": "/getinfo",
        "pathParameters": {},
        "queryParameters": query,
    }
    return json.loads(handler(json.dumps(event).encode(), None))


def test_a_number_is_looked_up_with_the_app_code(service: Service) -> None:
    assert call(mob="13622430000") == {
        "isBase64Encoded": False,
        "statusCode": 200,
        "headers": {"Content-Type": "application/json; charset=utf-8"},
        "body": FOUND,
    }
    assert service.asked == [("/shouji/query?shouji=13622430000", f"APPCODE {CODE}")]


@pytest.mark.parametrize("number", ["", "1362243", "136 2243 0000", "13622430000&x=1", "110"])
def test_what_is_no_number_is_refused_without_asking(service: Service, number: str) -> None:
    answer = call(mob=number)
    assert answer["statusCode"] == 400
    assert "11 digits" in json.loads(answer["body"])["message"]
    assert service.asked == []


def test_a_request_without_the_parameter_is_refused(service: Service) -> None:
    assert call()["statusCode"] == 400
    assert service.asked == []


def test_a_refused_app_code_is_logged_and_not_told(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.status = 403
    with caplog.at_level(logging.WARNING):
        answer = call(mob="13622430000")
    assert answer["statusCode"] == 502
    assert "403: Unauthorized" in caplog.text
    assert CODE not in caplog.text + json.dumps(answer)
    assert "Unauthorized" not in answer["body"]


def test_a_service_that_cant_be_reached_is_the_gateways_error(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE", "http://127.0.0.1:1/shouji/query")
    assert call(mob="13622430000")["statusCode"] == 502
