"""A door to a bucket that is as narrow as OSS's: for the very login URL that the page tells.

The Pulumi CLI is given the URL as it stands, `https` and host names included, and this as its HTTPS
proxy. So nothing is resolved or reached outside, and what the AWS SDK really sends is seen: over
plain HTTP it would send something else. Objects are kept by moto.

What it refuses is what OSS documents: requests that name the bucket in the path ("S3 API on OSS:
supported operations and limitations"), uploads in chunks whose signature isn't the chunks' own
("Error 0017-00000804"), keys that it doesn't know.
"""

import http.client
import re
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typing_extensions import override

from tests.loopback import QuietHandler, serving

SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Asked:
    """What one request was."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""


@dataclass
class OssDoor:
    """A running door."""

    url: str
    """What `HTTPS_PROXY` has to be."""

    certificates: Path
    """What `AWS_CA_BUNDLE` has to be."""

    asked: list[Asked] = field(default_factory=list[Asked])
    """Every request that came through, in order."""

    refused: list[str] = field(default_factory=list[str])
    """Codes of the refusals."""


@contextmanager
def oss_door(endpoint: str, store: str, folder: Path) -> Generator[OssDoor]:
    """Serve `endpoint` (a host name of OSS) from the S3 server at `store` (a URL)."""
    certificate = _certificate(endpoint, folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    door = OssDoor("", certificate)

    class Bound(_Handler):
        tls = context
        kept = urlsplit(store).netloc
        served = endpoint
        seen = door

    with serving(Bound) as door.url:
        yield door


class _Handler(QuietHandler):
    protocol_version = "HTTP/1.1"
    tls: ssl.SSLContext
    kept: str
    served: str
    seen: OssDoor

    def do_CONNECT(self) -> None:
        """The client asks for a tunnel; its other end is here, with our certificate."""
        self.send_response_only(200)
        self.end_headers()
        self.wfile.flush()
        with suppress(OSError):
            self.request = self.connection = self.tls.wrap_socket(self.connection, server_side=True)
            self.setup()
        self.close_connection = False

    @override
    def finish(self) -> None:
        super().finish()
        if isinstance(self.connection, ssl.SSLSocket):  # the server knows the plain one only
            self.connection.close()

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "").partition(":")[0]
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self.seen.asked.append(Asked(self.command, host, self.path, headers))
        refusal = self._refusal(host, headers)
        if refusal is not None:
            self._refuse(*refusal)
            return
        bucket = host.removesuffix(f".{self.served}")
        headers["host"] = self.kept
        # As moto names it, path style; a source of a copy has its bucket already.
        store = http.client.HTTPConnection(self.kept, timeout=60)
        store.request(self.command, f"/{bucket}{self.path}", body, headers)
        answer = store.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        self.wfile.write(content)
        store.close()

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _serve

    def _refusal(self, host: str, headers: dict[str, str]) -> tuple[int, str, str] | None:
        if host == self.served:
            return 403, "SecondLevelDomainForbidden", "Please use virtual hosted style to access."
        if not host.endswith(f".{self.served}"):
            return 404, "NoSuchBucket", "The specified bucket does not exist."
        chunked = "aws-chunked" in headers.get("content-encoding", "")
        if chunked and headers.get("x-amz-content-sha256") != SIGNED_CHUNKS:
            told = "aws-chunked encoding is not supported with the specified x-amz-content-sha256"
            return 400, "InvalidArgument", f"{told} value."
        if not re.match("AWS4-HMAC-SHA256 Credential=LTAI", headers.get("authorization", "")):
            told = "The OSS Access Key Id you provided does not exist in our records."
            return 403, "InvalidAccessKeyId", told
        return None

    def _refuse(self, status: int, code: str, message: str) -> None:
        self.seen.refused.append(code)
        content = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        ).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _certificate(endpoint: str, folder: Path) -> Path:
    """A certificate for the endpoint and its buckets, its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "oss on loopback")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(endpoint), x509.DNSName(f"*.{endpoint}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "oss.pem"
    file.write_bytes(made.public_bytes(pem) + private)
    return file
