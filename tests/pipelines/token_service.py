"""A security token service on loopback: keys for a token, or a refusal."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

_KEYS = {"AccessKeyId": "STS.key", "AccessKeySecret": "se cret", "SecurityToken": "token"}


@dataclass
class TokenService:
    """Where it is, what it was asked, and what it answers."""

    url: str = ""
    asked: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    refusal: Mapping[str, str] | None = None


@contextmanager
def token_service() -> Generator[TokenService]:
    """Serve it."""
    held = TokenService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            query = parse_qs(urlsplit(self.path).query)
            held.asked.append({key: values[0] for key, values in {**query, **body}.items()})
            keys = {"Credentials": {**_KEYS, "Expiration": "2026-11-22T20:00:00Z"}}
            data = json.dumps(held.refusal or keys).encode()
            self.send_response(400 if held.refusal else 200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    held.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
