"""`EniRouting`: the routing inside a server that has a second network card with an EIP.

Owns a Cloud Assistant command and its run, which set the routing and keep it over reboots: replies
to what came in by the card leave by it, everything else leaves by the first card. What that takes
stands in `routing.sh`. Doesn't own the server, the card, its attachment or the EIP. Pulumi
can't run anything in the server when a resource is deleted, so the server itself undoes the routing
once the card is gone.

Source: Elastic Compute Service, "Configure routes for a network interface" and "Cloud Assistant".
"""

import base64
import functools
import ipaddress
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs

from .._component import Component
from .._options import child

DEFAULT_TABLE = 101
"""Clear of the kernel's tables, and the number that the cloud's own instructions use."""

RESERVED_TABLES = frozenset({0, 253, 254, 255})
"""The kernel's: unspecified, default, main and local."""

HIGHEST_TABLE = 2**31 - 1

_SCRIPT = Path(__file__).with_suffix(".sh")
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", re.IGNORECASE)
# A vSwitch has 8 addresses at least; four of them are the cloud's.
_LONGEST_PREFIX = 29
# The script waits up to 30 seconds for the card. The provider's default is 60.
_COMMAND_SECONDS = 120
# The provider gives up after a minute, less than the agent of a server takes that is starting.
_INVOCATION_TIMEOUTS = pulumi.CustomTimeouts(create="10m")
_END = "END-OF-ENI-ROUTING"


class EniRoutingArgs(TypedDict):
    """Arguments of `EniRouting`."""

    instance_id: pulumi.Input[str]
    """The server. It has to run, with Cloud Assistant, as the cloud's own images have it."""

    mac_address: pulumi.Input[str]
    """The card's MAC address: the system may call the card anything."""

    addresses: Sequence[pulumi.Input[str]]
    """What replies come from: the card's private addresses, the primary one first; where the server
    sees its EIPs itself (modes other than NAT), those as well."""

    vswitch_cidr: str
    """The range of the vSwitch that the card lies in."""

    route_table: NotRequired[int]
    """The number of the card's routing table, one for each card of a server; 101 unless given."""

    command_name: NotRequired[pulumi.Input[str]]
    """The command's name in Cloud Assistant, up to 128 characters."""


class EniRouting(Component):
    """One run of the routing script in one server.

    Children: `<name>-command` and `<name>-invocation`.
    """

    command_id: pulumi.Output[str]
    """The command's id in Cloud Assistant."""

    invocation_id: pulumi.Output[str]
    """The id of its run, under which Cloud Assistant keeps what the script said."""

    def __init__(
        self, name: str, args: EniRoutingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the command and its run.

        Raises:
            ValueError: no address, a range that isn't a vSwitch's, or a table that can't be used.
        """
        super().__init__(name, opts)
        command = ecs.Command(
            f"{name}-command",
            ecs.CommandArgs(
                name=args.get("command_name", f"{name}-command"),
                description="Replies of a second network card leave by it",
                type="RunShellScript",
                command_content=_content(args),
                timeout=_COMMAND_SECONDS,
            ),
            opts=child(self, after=(), delete_before_replace=True),
        )
        run = child(self, delete_before_replace=True)
        run.custom_timeouts = _INVOCATION_TIMEOUTS
        invocation = ecs.EcsInvocation(
            f"{name}-invocation",
            # It runs once unless told else. Every other field is filled in by the cloud, and a
            # difference in any of them would mean another run.
            ecs.EcsInvocationArgs(command_id=command.id, instance_ids=[args["instance_id"]]),
            opts=run,
        )
        self.command_id = command.id
        self.invocation_id = invocation.id
        self.register_outputs({"commandId": self.command_id, "invocationId": self.invocation_id})


def gateway_of(vswitch_cidr: str) -> str:
    """The address of a vSwitch's router: the third from last, 192.168.3.253 of 192.168.3.0/24.

    Raises:
        ValueError: the range isn't one that a vSwitch can have.
    """
    return str(_network(vswitch_cidr)[-3])


def routing_script(mac: str, addresses: Sequence[str], vswitch_cidr: str, table: int) -> str:
    """The script for one card, as it lies in the server.

    Args:
        mac: the card's MAC address.
        addresses: what replies come from, the card's primary private address first.
        vswitch_cidr: the range of the card's vSwitch.
        table: the number of the card's routing table.

    Raises:
        ValueError: one of them can't be right; the message says which and why.
    """
    network = _network(vswitch_cidr)
    _check(table, addresses)
    if not _MAC.fullmatch(mac):
        raise ValueError(f"mac_address {mac!r} isn't a MAC address such as 00:16:3e:12:34:56")
    variables = {
        "MAC": mac.lower(),
        "ADDRESSES": " ".join(_with_prefix_length(address, network) for address in addresses),
        "NETWORK": str(network),
        "GATEWAY": gateway_of(vswitch_cidr),
        "TABLE": str(table),
    }
    assignments = "".join(f"{key}={shlex.quote(value)}\n" for key, value in variables.items())
    return f"#!/bin/sh\n{assignments}{_static_text()}"


def install_command(script: str) -> str:
    """What Cloud Assistant runs: writes the script into a file and lets it install itself."""
    return (
        "#!/bin/sh\n"
        "file=$(mktemp) || exit 1\n"
        """trap 'rm -f "$file"' EXIT\n"""
        f"cat >\"$file\" <<'{_END}' || exit 1\n"
        f"{script}{_END}\n"
        'sh "$file" install\n'
    )


def _content(args: EniRoutingArgs) -> pulumi.Output[str]:
    """The command in base64, as soon as the cloud has given the card its MAC and addresses."""
    cidr, table = args["vswitch_cidr"], args.get("route_table", DEFAULT_TABLE)
    # Said here rather than in `apply`, so that a preview says it too.
    _network(cidr)
    _check(table, args["addresses"])

    def content(known: Sequence[str]) -> str:
        mac, *addresses = known
        command = install_command(routing_script(mac, addresses, cidr, table))
        return base64.b64encode(command.encode()).decode()

    return pulumi.Output.all(args["mac_address"], *args["addresses"]).apply(content)


def _network(cidr: str) -> ipaddress.IPv4Network:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(
            f"vswitch_cidr {cidr!r} isn't a range such as 192.168.3.0/24: {error}"
        ) from None
    if network.prefixlen > _LONGEST_PREFIX:
        raise ValueError(f"vswitch_cidr {cidr!r} is too small: a vSwitch has 8 addresses at least")
    return network


def _check(table: int, addresses: Sequence[object]) -> None:
    if table in RESERVED_TABLES:
        raise ValueError(
            f"route_table {table} is the kernel's own: choose another, such as {DEFAULT_TABLE}"
        )
    if not 1 <= table <= HIGHEST_TABLE:
        raise ValueError(f"route_table {table} isn't between 1 and {HIGHEST_TABLE}")
    if not addresses:
        raise ValueError("addresses is empty: give the card's private address, at least")


def _with_prefix_length(address: str, network: ipaddress.IPv4Network) -> str:
    """192.168.3.11/24 inside the vSwitch; 203.0.113.1/32 for a public address."""
    try:
        found = ipaddress.IPv4Address(address)
    except ValueError:
        raise ValueError(f"address {address!r} isn't an IPv4 address") from None
    return f"{found}/{network.prefixlen if found in network else 32}"


@functools.cache
def _static_text() -> str:
    return _SCRIPT.read_text(encoding="utf-8")
