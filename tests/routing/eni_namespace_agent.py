"""One network namespace's end of the laboratory: does what it is asked, one JSON line at a time.

It runs inside the namespace, and the namespace lives as long as it does. It answers TCP on port
7007 as a server would. Started by `eni_lab`; owns no opinion about routing.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

PORT = 7007
_ETH_P_ALL = 3
_IPV4 = b"\x08\x00"


def answer_tcp() -> None:
    """Accept whatever comes in: the kernel's SYN-ACK is the reply that counts."""
    listening = socket.create_server(("0.0.0.0", PORT))
    while True:
        connection, _ = listening.accept()
        connection.close()


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """Run a program in the namespace."""
    done = subprocess.run(
        request["args"],
        input=request.get("stdin"),
        env={**os.environ, **request.get("env", {})},
        capture_output=True,
        text=True,
        check=False,
    )
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def send(request: Mapping[str, Any]) -> dict[str, Any]:
    """Send a datagram as any program would, bound to nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"hello", (request["to"], 9))
    return {}


class Listening:
    """Hears which cards the packets from some address come in by."""

    def __init__(self) -> None:
        self.sockets: list[socket.socket] = []

    def start(self, request: Mapping[str, Any]) -> dict[str, Any]:
        for card in request["cards"]:
            heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
            heard.bind((card, _ETH_P_ALL))
            heard.setblocking(False)  # noqa: FBT003 - the standard library's only spelling
            self.sockets.append(heard)
        return {}

    def heard(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """(card, source) of each packet to the address, once one has come or time is up."""
        found: list[tuple[str, str]] = []
        deadline = time.monotonic() + request["seconds"]
        while not found and time.monotonic() < deadline:
            for one in self.sockets:
                found += self._packets(one, request["to"])
            time.sleep(0.005)
        for one in self.sockets:
            one.close()
        self.sockets.clear()
        return {"packets": sorted(set(found))}

    @staticmethod
    def _packets(one: socket.socket, to: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while True:
            try:
                frame, (card, _, direction, *_) = one.recvfrom(2048)
            except BlockingIOError:
                return found
            if direction == socket.PACKET_OUTGOING or frame[12:14] != _IPV4:
                continue
            source, target = struct.unpack("!4s4s", frame[26:34])
            if socket.inet_ntoa(target) == to:
                found.append((card, socket.inet_ntoa(source)))


def knock(request: Mapping[str, Any]) -> dict[str, Any]:
    """Open a connection; whether it was answered."""
    try:
        with socket.create_connection(
            (request["to"], PORT), request["seconds"], source_address=(request["source"], 0)
        ):
            return {"answered": True}
    except OSError:
        return {"answered": False}


def main() -> None:
    """Answer requests until standard input ends."""
    threading.Thread(target=answer_tcp, daemon=True).start()
    listening = Listening()
    verbs = {
        "run": run,
        "send": send,
        "knock": knock,
        "listen": listening.start,
        "heard": listening.heard,
    }
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(verbs[request["do"]](request)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
