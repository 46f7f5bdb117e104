"""The `sharedBandwidth` section: one package and one NAT gateway for many applications."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from stack.model import Model, Name, OrEmpty
from topologies.shared_bandwidth.ports import PortRange, Ports


class Protocol(StrEnum):
    """Protocols of a port mapping, spelled as the provider takes them."""

    ANY = "any"
    TCP = "tcp"
    UDP = "udp"


class PackageChargeType(StrEnum):
    """How the bandwidth package is billed."""

    PAY_BY_BANDWIDTH = "PayByBandwidth"
    PAY_BY_TRAFFIC = "PayByTraffic"
    PAY_BY_DOMINANT_TRAFFIC = "PayByDominantTraffic"
    PAY_BY_95 = "PayBy95"


class PackageSettings(Model):
    """The bandwidth package, where its defaults don't fit."""

    id: str | None = Field(default=None, examples=["cbwp-uf6abc"])
    """Use the package with this id instead of creating one; leave out `bandwidth` then."""

    name: str | None = None
    """Its name in the cloud; `<stack>-bandwidth` unless given."""

    description: str | None = None
    """A sentence about it."""

    charge_type: PackageChargeType = Field(default=PackageChargeType.PAY_BY_BANDWIDTH, strict=False)
    """How it is billed. It can't be changed later without a new package."""


class NatGatewaySettings(Model):
    """The NAT gateway: created, or one that exists with the ids of its two tables."""

    name: str | None = Field(default=None, examples=["MyNatGW"])
    """Its name in the cloud; `<stack>-gateway` unless given."""

    description: str | None = Field(default=None, examples=["My first NAT Gateway"])
    """A sentence about it."""

    vswitch: str | None = Field(default=None, examples=["apps"])
    """The vSwitch that it lies in. It can't be moved later."""

    id: str | None = Field(default=None, examples=["ngw-uf6abc"])
    """Use the gateway with this id instead of creating one."""

    forward_table_id: str | None = Field(default=None, examples=["ftb-uf6abc"])
    """With `id`: the id of its DNAT table."""

    snat_table_id: str | None = Field(default=None, examples=["stb-uf6abc"])
    """With `id`, where `egress` is used: the id of its SNAT table."""

    lanes: Annotated[int, Field(ge=1, le=5, examples=[1])] = 1
    """How many entries are added to the gateway side by side. 1 is safe; 2 or 3 make a large first
    deployment faster and destroying slower. It changes order only, so it can be changed freely."""


class PublicIpSettings(Model):
    """A public address (EIP) in the package: created, or one that exists."""

    spare: bool = False
    """Hold the address in the package and bind it to nothing."""

    id: str | None = Field(default=None, examples=["eip-uf6abc"])
    """Use the EIP with this allocation id instead of creating one; needs `address`."""

    address: str | None = Field(default=None, examples=["203.0.113.10"])
    """With `id`: the address itself."""

    description: str | None = None
    """A sentence about it."""

    was: Name | None = None
    """What this entry was called before: the address is kept over the rename."""


class PortMappingSettings(Model):
    """What arrives at a public address, and the host that it goes to."""

    public_ip: str = Field(examples=["ip1"])
    """The name of the public address."""

    host: str = Field(examples=["ecs1"])
    """The name of the host."""

    port: Ports | None = None
    """The public port, or a range. Without it every port of every protocol is mapped."""

    protocol: Protocol | None = Field(default=None, strict=False, examples=["tcp"])
    """tcp or udp; tcp unless given."""

    host_port: Ports | None = None
    """The host's port, or a range as long as the public one; the same as `port` unless given."""

    acknowledged: bool = False
    """This risky port is open to the world on purpose: no warning."""

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


class EgressSettings(Model):
    """A source inside the VPC and the public addresses that it leaves by (SNAT)."""

    vswitch: str | None = Field(default=None, examples=["apps"])
    """The vSwitch whose hosts leave; give this or `cidr`."""

    cidr: str | None = Field(default=None, examples=["192.168.1.0/24"])
    """The range that leaves; give this or `vswitch`."""

    public_ips: list[str] = Field(min_length=1, examples=[["ip6"]])
    """The names of the public addresses."""

    was: Name | None = None
    """What this entry was called before: the entry is updated in place."""


class SharedBandwidthSettings(Model):
    """Many applications behind one NAT gateway, sharing the bandwidth of one package."""

    bandwidth: int | None = Field(default=None, examples=[150])
    """Mbit/s, shared by every public address below. Needed unless the package exists."""

    bandwidth_package: PackageSettings = PackageSettings()
    """The package, where its defaults don't fit."""

    nat_gateway: NatGatewaySettings = Field(examples=[{"vswitch": "apps"}])
    """The NAT gateway."""

    public_ips: dict[Name, Annotated[PublicIpSettings, OrEmpty]] = Field(
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
