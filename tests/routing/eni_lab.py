"""A server with two network cards, its VPC and a client in the internet, in network namespaces.

The VPC's router is 192.168.3.253 (and 192.168.4.253 where the second card lies in another vSwitch);
behind it is the client 198.51.100.7. As in a VPC, the router knows each address's card without
asking, and the server sees the client's own address: a NAT-mode EIP changes only the server's.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.eni.routing import gateway_of, routing_script

FIRST_MAC, SECOND_MAC = "00:16:3e:00:00:10", "00:16:3e:00:00:11"
FIRST, CLIENT, TABLE = "192.168.3.10", "198.51.100.7", 101
STUBS = ("systemctl", "udevadm", "sleep")
AGENT = Path(__file__).with_name("eni_namespace_agent.py")


class NoNamespacesError(Exception):
    """This machine doesn't let us make network namespaces."""


class Namespace:
    """A network namespace with an agent in it."""

    def __init__(self, prefix: list[str]) -> None:
        self._agent = subprocess.Popen(
            [*prefix, sys.executable, "-I", "-S", str(AGENT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._agent.pid

    def ask(self, do: str, **request: Any) -> dict[str, Any]:
        assert self._agent.stdin
        assert self._agent.stdout
        try:
            self._agent.stdin.write(json.dumps({"do": do, **request}) + "\n")
            self._agent.stdin.flush()
            line = self._agent.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            _, why = self._agent.communicate()
            raise NoNamespacesError(why.strip().splitlines()[-1] if why.strip() else "no answer")
        return json.loads(line)

    def sh(self, commands: str) -> str:
        """Run shell commands that have to succeed."""
        done = self.ask("run", args=["sh", "-euc", commands])
        assert done["code"] == 0, done["err"]
        return done["out"]

    def close(self) -> None:
        self._agent.kill()
        self._agent.communicate()


@dataclass(frozen=True)
class Done:
    """How a run of the script ended."""

    code: int
    out: str
    err: str


@dataclass
class Lab:
    """The server, the VPC around it, and where the script's files go."""

    server: Namespace
    vpc: Namespace
    root: Path
    second: str
    network: str
    card: str

    def script(self, *, table: int = TABLE, addresses: tuple[str, ...] = ()) -> str:
        return routing_script(SECOND_MAC, addresses or (self.second,), self.network, table)

    def run(self, command: str = "install", script: str | None = None, *, wait: int = 0) -> Done:
        """Run the script in the server, as Cloud Assistant does or as systemd does."""
        file = self.root / "script"
        file.write_text(script or self.script())
        return self.sh(str(file), command, wait=wait)

    def sh(self, *args: str, wait: int = 0, env: Mapping[str, str] | None = None) -> Done:
        stubs = f"{self.root / 'stubs'}:{os.environ['PATH']}:/usr/sbin:/sbin"
        known = {"ENI_ROUTING_ROOT": str(self.root), "ENI_ROUTING_WAIT": str(wait), "PATH": stubs}
        done = self.server.ask("run", args=["sh", *args], env={**known, **(env or {})})
        return Done(done["code"], done["out"], done["err"])

    def installed(self) -> Done:
        done = self.run()
        assert (done.code, done.err) == (0, "")
        return done

    def state(self) -> str:
        """All that routing consists of. Neighbours and counters aren't among it."""
        return self.server.sh("ip -4 rule; ip -4 route show table all; ip -4 addr")

    def rules(self) -> str:
        return self.server.sh("ip -4 rule")

    def calls(self) -> list[str]:
        """What the stubs were asked."""
        log = self.root / "calls"
        return log.read_text().splitlines() if log.exists() else []

    def notes(self) -> str:
        """What the script noted of its changes, to undo them."""
        return (self.root / "run/alicloud-gateways-eni-00163e000011").read_text()

    def files(self) -> list[str]:
        """What the script installed, without the laboratory's own."""
        own = {"script", "calls", "stubs", "lib", "var"}
        found = [one.relative_to(self.root) for one in self.root.rglob("*") if one.is_file()]
        return sorted(str(one) for one in found if one.parts[0] not in own)

    def reply_leaves_by(self, address: str) -> set[str]:
        """The cards by which a client's connection to an address of the server is answered."""
        self.vpc.ask("listen", cards=["to-first", "to-second"])
        self.vpc.ask("knock", to=address, source=CLIENT, seconds=0.3)
        heard = self.vpc.ask("heard", to=CLIENT, seconds=0.1)
        return {card for card, source in heard["packets"] if source == address}

    def datagram_leaves_by(self, to: str) -> list[tuple[str, str]]:
        """(card, source address) of what the server sends of its own accord."""
        self.vpc.ask("listen", cards=["to-first", "to-second"])
        self.server.ask("send", to=to)
        return [
            (card, source) for card, source in self.vpc.ask("heard", to=to, seconds=1)["packets"]
        ]


ROUTER_OF_ONE_VSWITCH = """
ip link add vswitch type bridge
ip link set vswitch up
ip link set to-first master vswitch
ip link set to-second master vswitch
ip addr add 192.168.3.253/24 dev vswitch
ip addr add 192.168.3.20/24 dev vswitch
ip neigh replace 192.168.3.10 lladdr 00:16:3e:00:00:10 dev vswitch
ip neigh replace 192.168.3.11 lladdr 00:16:3e:00:00:11 dev vswitch
"""
ROUTER_OF_TWO_VSWITCHES = """
ip addr add 192.168.3.253/24 dev to-first
ip addr add 192.168.4.253/24 dev to-second
ip addr add 192.168.4.20/24 dev to-second
ip neigh replace 192.168.3.10 lladdr 00:16:3e:00:00:10 dev to-first
ip neigh replace 192.168.4.11 lladdr 00:16:3e:00:00:11 dev to-second
"""


@contextmanager
def lab(
    root: Path, *, one_vswitch: bool = True, card: str = "eth1", second_first: bool = False
) -> Generator[Lab]:
    """The server with its first card configured and its second one bare, as it is just plugged in.

    Args:
        root: where the script's files go.
        one_vswitch: both cards lie in 192.168.3.0/24; otherwise the second in 192.168.4.0/24.
        card: what the system calls the second card.
        second_first: the second card has the lower index.
    """
    prepare(root)
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    spaces: list[Namespace] = []
    try:
        spaces.append(Namespace(["unshare", *user, "--net"]))
        vpc = spaces[0]
        vpc.sh("ip link set lo up")
        enter = ["--user", "--preserve-credentials"] if user else []
        spaces.append(Namespace(["nsenter", f"--target={vpc.pid}", *enter, "unshare", "--net"]))
        server = spaces[1]
        server.sh("ip link set lo up")
        cards = [("eth0", "to-first", FIRST_MAC), (card, "to-second", SECOND_MAC)]
        for name, far_end, mac in reversed(cards) if second_first else cards:
            there = f"type veth peer name {name} address {mac} netns {server.pid}"
            vpc.sh(f"ip link add {far_end} {there}; ip link set {far_end} up")
        vpc.sh(f"ip addr add {CLIENT}/32 dev lo; echo 1 >/proc/sys/net/ipv4/ip_forward")
        vpc.sh(ROUTER_OF_ONE_VSWITCH if one_vswitch else ROUTER_OF_TWO_VSWITCHES)
        server.sh(f"ip addr add {FIRST}/24 dev eth0; ip link set eth0 up")
        server.sh("ip route add default via 192.168.3.253 dev eth0 metric 100")
        network = "192.168.3.0/24" if one_vswitch else "192.168.4.0/24"
        second = "192.168.3.11" if one_vswitch else "192.168.4.11"
        yield Lab(server, vpc, root, second, network, card)
    finally:
        for space in reversed(spaces):
            space.close()


def prepare(root: Path) -> None:
    """A system that runs systemd, whose tools, and `sleep`, only write down what they are asked."""
    for folder in ("stubs", "run/systemd/system", "lib/systemd"):
        (root / folder).mkdir(parents=True)
    networkd = root / "lib/systemd/systemd-networkd"
    stub = f'#!/bin/sh\necho "${{0##*/}} $*" >>"{root}/calls"\n'
    for file in (*(root / "stubs" / one for one in STUBS), networkd):
        file.write_text(stub)
        file.chmod(0o755)


def dhcp(one: Lab, metric: int | str | None = None) -> None:
    """What a DHCP client makes of the second card: an address, and routes in the main table.

    Args:
        one: where.
        metric: of its routes; any text for no DHCP at all.
    """
    if isinstance(metric, str):
        return
    with_metric = f"metric {metric}" if metric is not None else ""
    gateway = gateway_of(one.network)
    flag = "noprefixroute" if metric is not None else ""
    one.server.sh(f"ip link set {one.card} up; ip addr add {one.second}/24 dev {one.card} {flag}")
    if metric is not None:
        one.server.sh(
            f"ip route add {one.network} dev {one.card} proto kernel scope link"
            f" src {one.second} {with_metric}"
        )
    one.server.sh(f"ip route append default via {gateway} dev {one.card} proto dhcp {with_metric}")
