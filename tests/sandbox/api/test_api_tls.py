"""TLS on the same port: a certificate of this machine, and clients that dawdle or talk nonsense."""

import os
import signal
import socket
import ssl
import stat
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from sandbox.api import server, vpc
from sandbox.api.certificate import certificate
from sandbox.cloud import Store
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import REGION, Served, served
from tests.sandbox.api.official import models_of

MODELS = models_of(vpc.PRODUCT)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("cloud"), ROOT / "Pulumi.dev.yaml") as one:
        yield one


def get(cloud: Served, host: str = "127.0.0.1", authority: Path | None = None) -> bytes:
    port = cloud.address.partition(":")[2]
    trust = ssl.create_default_context(cafile=authority or cloud.authority)
    with urllib.request.urlopen(f"https://{host}:{port}/", timeout=10, context=trust) as answer:
        return answer.read()


def connected(cloud: Served) -> socket.socket:
    host, _, port = cloud.address.partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def test_the_official_sdk_speaks_tls_and_plainly_on_one_port(cloud: Served) -> None:
    asked = MODELS.DescribeVpcsRequest(region_id=REGION)
    for protocol in ("HTTPS", "HTTP"):
        assert cloud.official(protocol=protocol).describe_vpcs(asked).body.total_count == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_certificate_is_for_this_machines_own_names(cloud: Served, host: str) -> None:
    assert get(cloud, host) == b"nothing yet\n"


def test_who_trusts_another_authority_is_not_served(cloud: Served, tmp_path: Path) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        get(cloud, authority=certificate(tmp_path, "127.0.0.1").authority)


def test_half_open_handshakes_and_silence_keep_nobody_waiting(cloud: Served) -> None:
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"  # the beginning of one, and nothing more
    open_ones = [connected(cloud) for _ in range(60)]
    for one in open_ones[:30]:
        one.sendall(hello)
    began = time.monotonic()
    assert get(cloud)
    assert time.monotonic() - began < 5
    for one in open_ones:
        one.close()
    assert get(cloud)


@pytest.mark.parametrize(
    "said", [b"POST / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n"]
)
def test_who_never_ends_a_request_is_let_go(
    said: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_LONGEST", 0.5)
    listener = server.listening("127.0.0.1", 0)
    heard: list[int] = []

    def dawdle() -> None:
        with (
            socket.create_connection(listener.getsockname(), 10) as client,
            suppress(ConnectionError),
        ):
            client.sendall(said)
            for again in range(50):  # a little at a time, as long as somebody listens
                heard.append(again)
                time.sleep(0.1)
                client.sendall(b"x")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=dawdle)
    thread.start()
    nobody = server.application({}, Store(":memory:"))
    server.serve(nobody, [listener], certificate(tmp_path, "127.0.0.1").own)
    thread.join()
    assert 3 < len(heard) < 40


@pytest.mark.parametrize(
    "said", [b"\x16" * 4096, b"\x16\x03\x01\x00\x04\x63\x00\x00\x00", b"\x00" * 4096]
)
def test_nonsense_ends_its_own_connection_alone(cloud: Served, said: bytes) -> None:
    with connected(cloud) as one:
        one.sendall(said)
        answered = one.recv(4096)
        assert not answered.startswith(b"HTTP/1.1 2")
    assert get(cloud)


def test_who_leaves_at_once_is_let_go(cloud: Served) -> None:
    for _ in range(200):
        connected(cloud).close()
    assert get(cloud)


def test_it_ends_at_once_though_clients_keep_their_connections(tmp_path: Path) -> None:
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        kept = ssl.create_default_context(cafile=cloud.authority).wrap_socket(
            connected(cloud), server_hostname="127.0.0.1"
        )
        kept.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        cloud.process.terminate()
        cloud.process.wait(10)
        kept.close()


def test_the_same_certificate_serves_every_account_of_this_machine(tmp_path: Path) -> None:
    first = certificate(tmp_path, "127.0.0.1")
    before = [file.read_bytes() for file in first]
    assert certificate(tmp_path, "127.0.0.1") == first
    assert [file.read_bytes() for file in first] == before


def test_two_that_need_a_certificate_at_once_use_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(partial(certificate, tmp_path), ["127.0.0.1"] * 8))
    assert len(set(made)) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["127.0.0.1"]
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made[0].own)


def test_a_certificate_is_read_by_its_owner_alone_and_its_authority_has_no_key(
    tmp_path: Path,
) -> None:
    made = certificate(tmp_path / "tls", "127.0.0.1")
    assert stat.S_IMODE(made.own.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.own.parent.stat().st_mode) == 0o700
    assert b"PRIVATE KEY" not in made.authority.read_bytes()
