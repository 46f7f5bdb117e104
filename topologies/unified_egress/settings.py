"""The `unifiedEgress` section: servers that leave by one address and are reached on their own."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from facts import kinds
from stack.arguments import TAGS, Made, resource
from stack.ids import SecurityGroupId
from stack.model import Model, Name, OrEmpty
from stack.ports import Ports
from stack.problems import KeyPath
from topologies.nat.settings import (
    EgressSettings,
    NatGatewaySettings,
    PackageSettings,
    Protocol,
    PublicIpSettings,
)

SECTION = "unifiedEgress"
EVERYONE = "0.0.0.0/0"
SSH_PORT = 22
# 253 to 255 are Linux' own tables: default, main and local.
RESERVED_TABLES = range(253, 256)
PRIMARY = "primary"
SHOW_EGRESS = "curl https://myip.ipip.net"
"""Asks a public service which address the server leaves by (seed document, step 7)."""


class EipMode(StrEnum):
    """How an EIP is bound to a network interface (Elastic IP Address, "Associate an EIP")."""

    NAT = "NAT"
    """Normal mode: the interface keeps its private address and the cloud translates."""

    MULTI_BINDED = "MULTI_BINDED"
    """Multi-EIP mode: several EIPs, each visible on the interface. Closed to new users."""

    # Cut-through mode (BINDED) isn't offered: the cloud sets it only on an interface that isn't
    # attached, and here an address comes last, so that it works where it was until then.


class AddressSettings(PublicIpSettings):
    """A public address (EIP), bound to what uses it.

    That is the gateway where egress leaves by it, and a second network interface where a server is
    reached on it.
    """

    bandwidth: Annotated[int, Field(ge=1, le=200)] | None = Field(default=None, examples=[20])
    """Mbit/s of its own, where there is no bandwidth package; the cloud's default is 5. Billed by
    traffic."""


class EniSettings(Made):
    """A server's second network interface (ENI), created for it."""

    makes = resource(
        kinds.ENI,
        networkInterfaceName="name",
        primaryIpAddress="ip",
        privateIpAddresses="secondaryIps",
        securityGroupIds="securityGroups",
        tags=TAGS,
        vswitchId="vswitch",
    )

    vswitch: str = Field(examples=["apps"])
    """The name of its vSwitch, in the host's zone."""

    ip: str | None = Field(default=None, examples=["192.168.3.11"])
    """Its primary private address; the cloud picks a free one of the vSwitch unless given."""

    secondary_ips: Annotated[list[str], Field(max_length=10)] = Field(
        default_factory=list[str], examples=[["192.168.3.12"]]
    )
    """More private addresses of it, at most 10."""

    security_groups: Annotated[list[SecurityGroupId], Field(min_length=1, max_length=5)] | None = (
        None
    )
    """Ids of security groups that exist. Without them one is created, which lets in what
    `reachable` says and nothing else."""

    mode: EipMode = Field(default=EipMode.NAT, strict=False)
    """How public addresses are bound to it; NAT is what the cloud calls normal mode."""

    name: str | None = None
    """Its name in the cloud, and that of a security group created for it; `<stack>-<name>` of the
    server unless given."""

    @property
    def places(self) -> list[tuple[str, KeyPath]]:
        """Its private addresses, and where each stands in it."""
        secondary = enumerate(self.secondary_ips)
        primary: list[tuple[str, KeyPath]] = [(self.ip, ("ip",))] if self.ip is not None else []
        return [*primary, *((ip, ("secondaryIps", n)) for n, ip in secondary)]


class ReachableSettings(Model):
    """A port that the server is reached on."""

    port: Ports
    """The port, or a range (`9000-9010`)."""

    protocol: Protocol = Field(default=Protocol.TCP, strict=False, examples=["tcp"])
    """tcp or udp; tcp unless given."""

    source: str = Field(default=EVERYONE, examples=["203.0.113.0/24"])
    """The range that may come in; everyone unless given."""

    acknowledged: bool = False
    """This risky port is open to the world on purpose: no warning."""


class SshSettings(Model):
    """How somebody logs in, for the command that the stack puts out."""

    user: str = Field(default="root", pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,31}$")
    """The user; root unless given."""

    port: Annotated[int, Field(ge=1, le=65535)] = SSH_PORT
    """The port that SSH listens on; 22 unless given."""

    closed: bool = False
    """SSH stays closed to the internet on purpose: no warning, and no command."""


class ServerSettings(Model):
    """A server: it leaves by the egress of its host's vSwitch, and is reached on its own EIP."""

    host: str = Field(examples=["ecs1"])
    """The name of the host; it needs its `instanceId`, or an `instance` to create."""

    public_ip: str = Field(examples=["web1"])
    """The name of the public address that it is reached on."""

    secondary_public_ips: dict[Name, str | None] = Field(
        default_factory=dict[Name, str | None], examples=[{"web2": "192.168.3.12"}]
    )
    """More public addresses by name, each with the secondary address of the network interface that
    it goes to; with none in the mode MULTI_BINDED."""

    eni: EniSettings = Field(examples=[{"vswitch": "apps", "ip": "192.168.3.11"}])
    """The second network interface."""

    reachable: dict[Name, ReachableSettings] = Field(
        default_factory=dict[Name, ReachableSettings], examples=[{"https": {"port": 443}}]
    )
    """What may come in, by name."""

    ssh: SshSettings = SshSettings()
    """How somebody logs in, where root and port 22 don't fit."""

    route_table: Annotated[int, Field(ge=1, le=2_147_483_647, examples=[101])] = 101
    """The number of the routing table inside the server that replies go by. Two entries for one
    host need two."""

    was: Name | None = None
    """What this entry was called before: its network interface is kept over the rename."""

    @property
    def places(self) -> dict[str, str]:
        """The network interface's places for public addresses, each with the one that it has.

        A place is the primary address, a secondary one, or in the mode MULTI_BINDED whatever an
        address makes for itself (`own_place`).
        """
        secondary = self.secondary_public_ips.items()
        return {PRIMARY: self.public_ip} | {(ip or own_place(name)): name for name, ip in secondary}

    @property
    def named_ips(self) -> list[tuple[str, KeyPath]]:
        """Names of all its public addresses, and where each stands in it."""
        secondary = ((name, ("secondaryPublicIps", name)) for name in self.secondary_public_ips)
        return [(self.public_ip, ("publicIp",)), *secondary]

    @property
    def all_public_ips(self) -> tuple[str, ...]:
        """Names of all its public addresses, the primary one's first."""
        return (self.public_ip, *sorted(self.secondary_public_ips))


class UnifiedEgressSettings(Model):
    """Servers that leave by one address and are each reached on an EIP of their own."""

    nat_gateway: NatGatewaySettings | None = Field(default=None, examples=[{"vswitch": "apps"}])
    """A NAT gateway of its own. Without it, that of `sharedBandwidth` is used, and its package."""

    bandwidth: int | None = Field(default=None, examples=[100])
    """With a gateway of its own: Mbit/s of a bandwidth package for every address below. Without
    one, each has a bandwidth of its own."""

    bandwidth_package: PackageSettings = PackageSettings()
    """That package, where its defaults don't fit."""

    public_ips: dict[Name, Annotated[AddressSettings, OrEmpty]] = Field(
        min_length=1, examples=[{"egress": {}, "web1": {}}]
    )
    """Public addresses by name: those that servers leave by, and those that they are reached on."""

    egress: dict[Name, EgressSettings] = Field(
        default_factory=dict[Name, EgressSettings],
        examples=[{"apps": {"vswitch": "apps", "publicIps": ["egress"]}}],
    )
    """Ways out (SNAT), by name. On a shared gateway, `sharedBandwidth.egress` counts too."""

    servers: dict[Name, ServerSettings] = Field(
        default_factory=dict[Name, ServerSettings],
        examples=[
            {
                "web1": {
                    "host": "ecs1",
                    "publicIp": "web1",
                    "eni": {"vswitch": "apps", "ip": "192.168.3.11"},
                    "reachable": {"https": {"port": 443}},
                }
            }
        ],
    )
    """Servers by name."""

    @property
    def packed(self) -> bool:
        """Whether the section has a bandwidth package of its own."""
        return self.bandwidth is not None or self.bandwidth_package.id is not None

    @property
    def server_ips(self) -> dict[str, str]:
        """Names of the addresses that servers are reached on, each with its first server's."""
        users: dict[str, str] = {}
        for name, server in self.servers.items():
            for address in server.all_public_ips:
                users.setdefault(address, name)
        return users

    @property
    def egress_ips(self) -> dict[str, str]:
        """Names of the addresses that egress uses, each with its first egress's."""
        users: dict[str, str] = {}
        for name, egress in self.egress.items():
            for address in egress.public_ips:
                users.setdefault(address, name)
        return users


def own_place(address: str) -> str:
    """The place that an address makes for itself, by its name, which could be `primary`."""
    return f"eip-{address}"


def ssh_command(user: str, port: int, address: str) -> str:
    """What somebody types to log in (seed document, step 7)."""
    option = "" if port == SSH_PORT else f"-p {port} "
    return f"ssh {option}{user}@{address}"
