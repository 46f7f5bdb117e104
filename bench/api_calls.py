"""`python -m bench.api_calls ours|moto READS CREATES FOLDER`: a local cloud, and calls to it.

The server is started for it and ended with it, so that what is measured of this process and its
children is all that the calls cost: ours `make cloud`, moto's its server of another cloud's
networks, the nearest that it has. Eight clients share the calls; each has one connection. Ours
are signed, and signatures checked; moto checks none.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from bench.one_run import write_stack_file
from sandbox.api.signing import rpc_signature, rpc_string
from sandbox.cloud import Store
from sandbox.paths import SANDBOX_VARIABLE
from tools.native_life import exported_by

_READ, _CREATE = "DescribeVpcs", "CreateVpc"
"""Both clouds call them so."""

_STATED: Final = {_CREATE: {"CidrBlock": "10.0.0.0/16"}}
_CLIENTS: Final = 8
_OK: Final = 200
ROOT: Final = Path(__file__).resolve().parent.parent

Call = Callable[[str], tuple[str, str]]
"""An action's path and body."""


def _ours(known: Mapping[str, str], action: str) -> tuple[str, str]:
    said = {
        **_STATED.get(action, {}),
        "Action": action,
        "Version": "2016-04-28",
        "Format": "JSON",
        "RegionId": "cn-shanghai",
        "AccessKeyId": known["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(uuid4()),
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    string = rpc_string("GET", said)
    signed = {**said, "Signature": rpc_signature(known["ALIBABA_CLOUD_ACCESS_KEY_SECRET"], string)}
    return f"/?{urlencode(signed)}", ""


def _motos(action: str) -> tuple[str, str]:
    return "/", urlencode({**_STATED.get(action, {}), "Action": action, "Version": "2016-11-15"})


def main() -> None:
    """Start a server, call it, and print how long the calls took and how much memory it took."""
    what, reads, creates, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    with (_cloud if what == "ours" else _moto)(Path(folder)) as (address, call):
        started = time.perf_counter()
        # Each read answers ten networks: so many are there while reading.
        _spread(address, [call] * 10, _CREATE)
        reading = time.perf_counter()
        _spread(address, [call] * reads, _READ)
        creating = time.perf_counter()
        _spread(address, [call] * (creates - 10), _CREATE)
        ended = time.perf_counter()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    seconds = {
        "reads": creating - reading,
        "creates": ended - creating + reading - started,
    }
    print(json.dumps({**seconds, "megabytes": most}))


def _spread(address: str, calls: list[Call], action: str) -> None:
    with ThreadPoolExecutor(_CLIENTS) as clients:
        shares = [calls[number::_CLIENTS] for number in range(_CLIENTS)]
        list(clients.map(partial(_one_client, address, action), shares))


def _one_client(address: str, action: str, calls: list[Call]) -> None:
    connection = HTTPConnection(address, timeout=60)
    for call in calls:
        path, body = call(action)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request("POST" if body else "GET", path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != _OK:
            sys.exit(text.decode())
    connection.close()


@contextmanager
def _cloud(folder: Path) -> Generator[tuple[str, Call]]:
    environment = {**os.environ, SANDBOX_VARIABLE: str(folder)}
    file = str(write_stack_file(1, folder))
    command = [sys.executable, "-m", "tools", "cloud", "--config", file]
    with _started(command, environment) as process:
        known = exported_by(process)
        (kept,) = folder.rglob("cloud.db")
        with closing(Store(kept)) as store:
            store.set_quota("vpcs_per_region", 10**6)
        yield known["ALIBABA_CLOUD_ENDPOINT_VPC"], partial(_ours, known)


@contextmanager
def _moto(_: Path) -> Generator[tuple[str, Call]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _started([sys.executable, "-m", "moto.server", "--port", str(port)], {**os.environ}):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}", _motos


@contextmanager
def _started(
    command: list[str], environment: Mapping[str, str]
) -> Generator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


if __name__ == "__main__":
    main()
