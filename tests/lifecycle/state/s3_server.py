"""A bucket on loopback, by moto: what a state is kept in where it isn't a folder; and its KMS.

Asked in plain HTTP: moto checks no signatures, and AWS's own library has no types.
"""

import json
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

from moto.server import ThreadedMotoServer

BUCKET = "acme-pulumi-state"
"""The bucket's name on the page."""

KMS_REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "LTAI5tExample", "AWS_SECRET_ACCESS_KEY": "not-checked-by-moto"}

_VERSIONS_ON = (
    '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Status>Enabled</Status></VersioningConfiguration>"
)


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket, versions switched on."""

    url: str

    def ask(
        self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> bytes:
        """One request, which has to succeed."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            asked = {"Authorization": _signed("s3"), **(headers or {})}
            connection.request(method, path, body.encode(), asked)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert answer.status < 300, f"{method} {path}: {answer.status} {content!r}"
        return content

    def object_keys(self) -> list[str]:
        """The keys of what is in the bucket now."""
        listed = self.ask("GET", f"/{BUCKET}?list-type=2").decode()
        return re.findall("<Key>(.*?)</Key>", listed)

    def object(self, key: str, version: str = "") -> bytes:
        """What is in an object, or was in one of its versions."""
        query = f"?versionId={version}" if version else ""
        return self.ask("GET", f"/{BUCKET}/{quote(key)}{query}")

    def versions(self) -> list[tuple[str, bytes]]:
        """Everything that was ever in the bucket."""
        listed = self.ask("GET", f"/{BUCKET}?versions").decode()
        assert "<IsTruncated>false" in listed
        found = re.findall("<Version>.*?</Version>", listed, re.DOTALL)
        return [
            (key, self.object(key, _inner(one, "VersionId")))
            for one in found
            if (key := _inner(one, "Key"))
        ]

    def make_key(self, alias: str) -> None:
        """Make a key of KMS that has an alias."""
        made = json.loads(self._kms("CreateKey", {}))
        target = made["KeyMetadata"]["KeyId"]
        self._kms("CreateAlias", {"AliasName": alias, "TargetKeyId": target})

    def _kms(self, operation: str, asked: Mapping[str, str]) -> bytes:
        headers = {
            "Authorization": _signed("kms"),
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"TrentService.{operation}",
        }
        return self.ask("POST", "/", json.dumps(asked), headers)


@contextmanager
def s3_server() -> Generator[S3Server]:
    """Run a server until the block ends."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = S3Server(f"http://{host}:{port}")
        # What an earlier server of this process kept, moto would still have.
        made.ask("POST", "/moto-api/reset")
        made.ask("PUT", f"/{BUCKET}")
        made.ask("PUT", f"/{BUCKET}?versioning", _VERSIONS_ON)
        yield made
    finally:
        server.stop()


def _signed(service: str) -> str:
    credential = f"Credential=x/20260101/{KMS_REGION}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=x"


def _inner(xml: str, name: str) -> str:
    (found,) = re.findall(f"<{name}>(.*?)</{name}>", xml)
    return str(found)
