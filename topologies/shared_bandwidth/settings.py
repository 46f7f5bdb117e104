"""The `sharedBandwidth` section: one package and one NAT gateway for many applications."""

from typing import Annotated

from pydantic import Field

from stack.model import HostName, Model, Name, NameOf, OrEmpty
from stack.ports import PortRange, Ports
from topologies.nat.settings import (
    EgressSettings,
    NatGatewaySettings,
    PackageSettings,
    Protocol,
    PublicIpSettings,
)

SHARED_BANDWIDTH = "shared-bandwidth"
SECTION = "sharedBandwidth"
MAPPINGS = (SECTION, "portMappings")


class PortMappingSettings(Model):
    """What arrives at a public address, and the host that it goes to."""

    public_ip: Annotated[str, NameOf("publicIps")] = Field(examples=["ip1"])
    """The name of the public address."""

    host: HostName = Field(examples=["ecs1"])
    """The name of the host."""

    port: Ports | None = None
    """The public port, or a range. Without it every port of every protocol is mapped."""

    protocol: Protocol | None = Field(default=None, strict=False, examples=["tcp"])
    """tcp or udp; tcp unless given."""

    host_port: Ports | None = None
    """The host's port, or a range as long as the public one; the same as `port` unless given."""

    acknowledged: bool = False
    """This risky port is open to the world on purpose: no warning."""

    name: str | None = None
    """Its name in the cloud; `<stack>-<name>` unless given."""

    was: Name | None = None
    """What this entry was called before: the mapping is updated in place."""

    @property
    def whole(self) -> bool:
        """Whether the whole address is mapped: every port and protocol."""
        return self.port is None

    @property
    def effective_protocol(self) -> Protocol:
        """The protocol, with its default."""
        if self.port is None:
            return Protocol.ANY
        return self.protocol or Protocol.TCP

    @property
    def effective_host_port(self) -> PortRange | None:
        """The host's ports, with their default."""
        return self.host_port or self.port


class SharedIpSettings(PublicIpSettings):
    """A public address in the package."""

    bound: bool = False
    """With `id`: the address is in its package and on the gateway already, and stays so. Another
    stack has bound it, and takes it back."""

    acknowledged: bool = False
    """That nothing here uses it is meant, since other stacks do: no warning."""


class SharedBandwidthSettings(Model):
    """Many applications behind one NAT gateway, sharing the bandwidth of one package."""

    bandwidth: int | None = Field(default=None, examples=[150])
    """Mbit/s, shared by every public address below. Needed unless the package exists."""

    bandwidth_package: PackageSettings = PackageSettings()
    """The package, where its defaults don't fit."""

    nat_gateway: NatGatewaySettings = Field(examples=[{"vswitch": "apps"}])
    """The NAT gateway."""

    public_ips: dict[Name, Annotated[SharedIpSettings, OrEmpty]] = Field(
        min_length=1, examples=[{"ip1": {}, "ip2": {}}]
    )
    """Public addresses by name."""

    port_mappings: dict[Name, PortMappingSettings] = Field(
        default_factory=dict[Name, PortMappingSettings],
        examples=[{"web": {"publicIp": "ip1", "port": 80, "host": "ecs1"}}],
    )
    """Ways in (DNAT), by name."""

    egress: dict[Name, EgressSettings] = Field(
        default_factory=dict[Name, EgressSettings],
        examples=[{"apps": {"vswitch": "apps", "publicIps": ["ip6"]}}],
    )
    """Ways out (SNAT), by name."""

    @property
    def bound(self) -> list[str]:
        """Names of the addresses that are bound to the gateway here.

        All but the spare ones, and those that another stack has bound.
        """
        return [name for name, one in self.public_ips.items() if not one.spare and not one.bound]

    @property
    def mapped_whole(self) -> dict[str, str]:
        """Names of the addresses that are mapped whole, each with the mapping's name."""
        return {m.public_ip: name for name, m in self.port_mappings.items() if m.whole}
