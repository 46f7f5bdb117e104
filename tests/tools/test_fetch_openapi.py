"""A service's own document is kept in a file, and only changes are written."""

import contextlib
import http.client
import io
import json
import re
import socket
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack.command_line import DONE, FAILED
from tests.loopback import QuietHandler, serving
from tools import fetch_openapi
from tools.fetch_openapi import FetchError, fetched, main, rendered
from topologies.api_gateway.openapi.document import Document

Tree = dict[str, Any]


@dataclass
class Service:
    """A service on this machine that answers what the test wants."""

    url: str = ""
    content: bytes = b""
    status: int = 200
    location: str = ""
    paths: list[str] = field(default_factory=list[str])

    def says(self, document: Tree) -> None:
        self.content = json.dumps(document).encode()


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            state.paths.append(self.path)
            self.send_response(state.status if self.path == "/v2/api-docs" else 200)
            if state.location:
                self.send_header("Location", state.location)
            self.end_headers()
            self.wfile.write(state.content)

    with serving(Handler) as address:
        state.url = f"{address}/v2/api-docs"
        yield state


@pytest.fixture(autouse=True)
def without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def document(**paths: Tree) -> Tree:
    return {
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1.0"},
        "paths": {f"/{name}": item for name, item in paths.items()},
    }


def operation(summary: str = "") -> Tree:
    return {"get": {"summary": summary, "responses": {"200": {"description": "OK"}}}}


def fetch(service: Service, file: Path) -> int:
    return main(["--url", service.url, "--file", str(file)])


def test_a_document_is_written_as_its_files_name_says(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.says(document(users=operation(), orders=operation()))
    for name in ("openapi/shop.yaml", "openapi/shop.json"):
        file = tmp_path / name
        assert fetch(service, file) == DONE
        assert Document.read(file).values == document(users=operation(), orders=operation())
        assert capsys.readouterr().out == f"{file}: written, 2 operations.\n"
    assert (tmp_path / "openapi/shop.yaml").read_text().startswith('swagger: "2.0"\n')
    assert (tmp_path / "openapi/shop.json").read_text().startswith("{\n")
    assert sorted(p.name for p in (tmp_path / "openapi").iterdir()) == ["shop.json", "shop.yaml"]


def test_a_document_that_says_the_same_is_not_written_again(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.yaml"
    service.says(document(users=operation(), orders=operation()))
    fetch(service, file)
    written = file.stat().st_mtime_ns
    service.says(document(orders=operation(), users=operation()))  # order means nothing
    capsys.readouterr()
    assert fetch(service, file) == DONE
    assert file.stat().st_mtime_ns == written
    assert capsys.readouterr().out == f"{file}: up to date, 2 operations.\n"


def test_what_changed_is_said(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.yaml"
    service.says(document(users=operation(), orders=operation(), bills=operation()))
    fetch(service, file)
    service.says({**document(users=operation(), orders=operation("new"), carts=operation()),
                  "host": "localhost"})  # fmt: skip
    capsys.readouterr()
    assert fetch(service, file) == DONE
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: written.",
        "  added: GET /carts",
        "  removed: GET /bills",
        "  changed: GET /orders",
        "  changed beside the operations: host",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>Sign in</html>", "is a map, with openapi or swagger at its top"),
        (b'{"status": "UP"}', "names its version at the top, and this one doesn't"),
        (b'{"swagger": "2.0"}', "it has no paths"),
        (b'{"swagger": "2.0", "paths": {', "must be valid JSON"),
        (b"\xff\xfe\x00", "its answer isn't UTF-8 text"),
        (b"", "is a map"),
    ],
)
def test_an_answer_that_is_no_document_leaves_the_file_as_it_was(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("as it was")
    service.content = content
    assert fetch(service, file) == FAILED
    assert file.read_text() == "as it was"
    captured = capsys.readouterr()
    assert said in captured.err
    assert not captured.out


def test_a_refusal_of_the_service_is_told(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.status = 503
    assert fetch(service, tmp_path / "shop.yaml") == FAILED
    assert "it answered 503 Service Unavailable" in capsys.readouterr().err


def test_a_service_that_isnt_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--url", "http://127.0.0.1:1/a", "--file", str(tmp_path / "a.yaml")]) == FAILED
    assert "can't be fetched" in capsys.readouterr().err


def test_an_answer_may_not_be_endless(service: Service) -> None:
    service.content = b" " * 200_000
    with pytest.raises(FetchError, match="larger than 100000 bytes"):
        fetched(service.url, largest=100_000)


def test_a_redirect_within_http_is_followed(service: Service, tmp_path: Path) -> None:
    service.says(document(users=operation()))
    service.status, service.location = 302, service.url.replace("v2/api-docs", "elsewhere")
    assert fetch(service, tmp_path / "shop.yaml") == DONE
    assert service.paths == ["/v2/api-docs", "/elsewhere"]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/a", "data:,a"])
def test_a_redirect_elsewhere_is_refused(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], location: str
) -> None:
    service.status, service.location = 302, location
    assert fetch(service, tmp_path / "shop.yaml") == FAILED
    told = capsys.readouterr().err
    assert "isn't followed" in told or "is not allowed" in told
    assert service.paths == ["/v2/api-docs"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_trickles_is_given_up(begun: bytes) -> None:
    """It sends a byte now and then, and never ends: no wait for a single byte is long."""
    over = threading.Event()

    def trickle(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(4096)
            connection.sendall(begun)
            while not over.wait(0.02):
                connection.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=trickle, args=(listener,))
        server.start()
        try:
            with pytest.raises(FetchError, match=r"longer than 0\.5 seconds"):
                fetched(f"http://127.0.0.1:{listener.getsockname()[1]}/a", timeout=0.5)
        finally:
            over.set()
            server.join()


def test_what_a_server_answers_gives_the_terminal_no_orders(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.status, service.location = 302, "ftp://a/\x1b[2J\x1b]0;owned\x07"
    assert fetch(service, tmp_path / "shop.yaml") == FAILED
    service.status, service.location = 200, ""
    service.content = b"swagger: '2.0'\ninfo: {title: a, version: b}\npaths: {/a: {get: {}}}"
    assert fetch(service, tmp_path / "shop.yaml") == DONE
    service.says(document(**{"a\x1b[31m\u202e": operation()}))
    assert fetch(service, tmp_path / "shop.yaml") == DONE
    said = capsys.readouterr()
    assert "isn't followed" in said.err
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said.out + said.err)


def test_a_redirect_never_gives_up_https() -> None:
    handler = fetch_openapi.CautiousRedirects()
    request = urllib.request.Request("https://shop.example.com/a")
    answer = io.BytesIO(), 302, "Found", http.client.HTTPMessage()
    with pytest.raises(FetchError, match="isn't followed"):
        handler.redirect_request(request, *answer, "http://shop.example.com/a")
    assert handler.redirect_request(request, *answer, "https://shop.example.com/b") is not None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "An address begins with http:// or https://"),
        ("localhost:8080/v2/api-docs", "An address begins with http:// or https://"),
        ("http://user:word@localhost/a", "holds no user name and password"),
        ("http://localhost:99999/a", "is no address"),
    ],
)
def test_an_address_is_http_or_https(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, said: str
) -> None:
    assert main(["--url", url, "--file", str(tmp_path / "a.yaml")]) == FAILED
    assert said in capsys.readouterr().err


def test_a_wrong_call_exits_with_1(tmp_path: Path) -> None:
    for arguments in ([], ["--url", "http://a", "--file", str(tmp_path / "shop.txt")]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == FAILED


def test_a_folder_that_cannot_be_written_is_told(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "openapi").write_text("a file")
    service.says(document(users=operation()))
    assert fetch(service, tmp_path / "openapi" / "shop.yaml") == FAILED
    assert "can't be written" in capsys.readouterr().err


words = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(["on", "2026-01-01", "1e3", "0o17", "22:30", "null", "a\nb\n", " a", "~", "#"]),
)
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), words),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@given(values=st.dictionaries(words, trees, max_size=4), suffix=st.sampled_from([".yaml", ".json"]))
@settings(max_examples=150)
def test_what_is_written_reads_as_what_was_fetched(values: Tree, suffix: str) -> None:
    values.pop("<<", None)
    file = Document(Path(f"shop{suffix}"), rendered(values, suffix))
    assert not file.problems
    assert file.values == values
