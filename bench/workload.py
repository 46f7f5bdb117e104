"""Stacks of any number of port mappings, as plain data and as a stack file.

Both programs are made of one `Workload`: the bare one loops over it, ours reads it from the stack
file that is written here. That they register the same resources is for `bench.registered` to show.

Knows neither Pulumi nor this project's models: the bare program is to start with nothing that it
wouldn't have anyway.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

STACK = "bench"
REGION = "cn-shanghai"
NAMESPACE = "alicloud-gateways"

ADDRESSES, HOSTS = 20, 50
FIRST_PORT = 30001
"""Above every port that the rules call risky: nobody's stack has a thousand warnings."""
LARGEST = 65535 - FIRST_PORT + 1

VPC_CIDR, VSWITCH_CIDR, ZONE = "192.168.0.0/16", "192.168.0.0/20", "cn-shanghai-a"
VSWITCH = "apps"
GATEWAY_NAME = "BenchNatGW"
BANDWIDTH = 150  # Mbit/s
TAGS: Mapping[str, str] = {"project": NAMESPACE, "env": STACK}

STACK_FILE, CONFIG_FILE = "stack.yaml", "config.json"
"""A workload's stack file, and its values as Pulumi hands them to a program."""

Config = dict[str, object]


@dataclass(frozen=True)
class Way:
    """One port mapping."""

    key: str
    public_ip: str
    host: str
    protocol: str
    port: int


@dataclass(frozen=True)
class Workload:
    """A stack with shared bandwidth: addresses, hosts, one way out and `len(ways)` ways in."""

    addresses: tuple[str, ...]
    hosts: Mapping[str, str]
    """Private addresses by name."""

    egress: tuple[str, str]
    """The name of the way out, and of the address that it leaves by."""

    ways: tuple[Way, ...]
    """Sorted by key."""


def workload(size: int) -> Workload:
    """A stack with `size` port mappings, spread over all its addresses and hosts.

    Raises:
        ValueError: there aren't so many ports.
    """
    if not 0 <= size <= LARGEST:
        raise ValueError(f"a workload has 0 to {LARGEST} mappings, not {size}")
    addresses = tuple(f"ip{number:02}" for number in range(1, ADDRESSES + 1))
    hosts = {f"ecs{n:02}": f"192.168.{1 + n // 20}.{10 + n % 20}" for n in range(1, HOSTS + 1)}
    names = tuple(hosts)
    ways = tuple(
        Way(
            key=f"app{index:05}",
            public_ip=addresses[index % ADDRESSES],
            host=names[index % HOSTS],
            protocol="udp" if index % 4 == 3 else "tcp",  # noqa: PLR2004 - every fourth
            port=FIRST_PORT + index,
        )
        for index in range(size)
    )
    return Workload(addresses, hosts, ("out", addresses[-1]), ways)


def stack_config(work: Workload) -> Config:
    """The workload as a stack file's `config`, without the namespace."""
    name, address = work.egress
    return {
        "topology": "shared-bandwidth",
        "tags": dict(TAGS),
        "quotas": {"dnatEntriesPerGateway": max(100, len(work.ways))},
        "network": {
            "vpc": {"cidr": VPC_CIDR},
            "vswitches": {VSWITCH: {"cidr": VSWITCH_CIDR, "zone": ZONE}},
            "hosts": {key: {"ip": ip, "vswitch": VSWITCH} for key, ip in work.hosts.items()},
        },
        "sharedBandwidth": {
            "bandwidth": BANDWIDTH,
            # One chain of entries, as in the bare program.
            "natGateway": {"name": GATEWAY_NAME, "vswitch": VSWITCH, "lanes": 1},
            "publicIps": {key: {} for key in work.addresses},
            "portMappings": {
                way.key: {
                    "publicIp": way.public_ip,
                    "port": way.port,
                    "protocol": way.protocol,
                    "host": way.host,
                }
                for way in work.ways
            },
            "egress": {name: {"vswitch": VSWITCH, "publicIps": [address]}},
        },
    }


def stack_file(config: Config) -> str:
    """A `config` as the text of a stack file, laid out as people do: an entry a line."""
    top = {f"{NAMESPACE}:{key}": value for key, value in config.items()}
    return "\n".join(["config:", f"  alicloud:region: {REGION}", *_lines(top, "  "), ""])


def write_workload(work: Workload, folder: Path) -> None:
    """Write what our program reads of a workload into `folder`."""
    config = stack_config(work)
    (folder / STACK_FILE).write_text(stack_file(config), encoding="utf-8")
    values = {
        f"{NAMESPACE}:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
    }
    (folder / CONFIG_FILE).write_text(json.dumps(values), encoding="utf-8")


def _lines(values: Mapping[str, object], indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in values.items():
        entries = cast("Config", value) if isinstance(value, dict) else {}
        if any(isinstance(entry, dict) for entry in entries.values()):
            lines += [f"{indent}{key}:", *_lines(entries, indent + "  ")]
        else:
            lines.append(f"{indent}{key}: {_flow(cast('object', value))}")
    return lines


def _flow(value: object) -> str:
    if isinstance(value, dict):
        entries = cast("Config", value).items()
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, cast("list[object]", value))) + "]"
    return str(value)
