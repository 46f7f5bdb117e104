"""A security token service on loopback: keys for a token, or a refusal."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.loopback import QuietHandler, serving
from tests.pipelines.machine import keys_of


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

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            query = parse_qs(urlsplit(self.path).query)
            held.asked.append({key: values[0] for key, values in {**query, **body}.items()})
            names = ("AccessKeyId", "AccessKeySecret", "SecurityToken")
            values = keys_of(body["RoleArn"][0]).values()
            keys = {**dict(zip(names, values, strict=True)), "Expiration": "2026-11-22T20:00:00Z"}
            data = json.dumps(held.refusal or {"Credentials": keys}).encode()
            self.send_response(400 if held.refusal else 200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with serving(Handler) as held.url:
        yield held
