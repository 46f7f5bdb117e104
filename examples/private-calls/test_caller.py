"""The function that calls an API inside, against a server of its own."""

import json
import runpy
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

INDEX = runpy.run_path(str(Path(__file__).parent / "caller" / "index.py"))
handler: Callable[[bytes, object], str] = INDEX["handler"]


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/web/cloudapi" else 404)
        self.end_headers()
        self.wfile.write(b"ok" if self.path == "/web/cloudapi" else b"no such API")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def called(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.setenv("API_URL", url)
    return json.loads(handler(b"{}", None))


def test_it_tells_what_the_api_answered(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    told = called(monkeypatch, f"{address}/web/cloudapi")
    assert told == {"status": 200, "body": "ok"}


def test_it_tells_a_refusal_with_its_status(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    told = called(monkeypatch, f"{address}/elsewhere")
    assert told == {"status": 404, "body": "no such API"}


def test_it_tells_that_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    told = called(monkeypatch, "http://127.0.0.1:1/")
    assert told["status"] is None
    assert told["body"]
