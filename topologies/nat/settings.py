"""Settings of a NAT gateway, its public addresses, their package and the ways out."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from facts import kinds
from stack.arguments import TAGS, TIER, Made, resource
from stack.ids import EipId, ForwardTableId, NatGatewayId, PackageId, PublicAddress, SnatTableId
from stack.model import Name


class Protocol(StrEnum):
    """Protocols of ports, spelled as the provider takes them."""

    ANY = "any"
    TCP = "tcp"
    UDP = "udp"


class PackageChargeType(StrEnum):
    """How the bandwidth package is billed."""

    PAY_BY_BANDWIDTH = "PayByBandwidth"
    PAY_BY_TRAFFIC = "PayByTraffic"
    PAY_BY_DOMINANT_TRAFFIC = "PayByDominantTraffic"
    PAY_BY_95 = "PayBy95"


class PackageSettings(Made):
    """The bandwidth package, where its defaults don't fit."""

    makes = resource(
        kinds.BANDWIDTH_PACKAGE,
        bandwidth="the section's bandwidth",
        bandwidthPackageName="name",
        deletionProtection=TIER,
        description="description",
        force=TIER,
        internetChargeType="chargeType",
        tags=TAGS,
    )

    id: PackageId | None = Field(default=None, examples=["cbwp-uf6abc"])
    """Use the package with this id instead of creating one; leave out `bandwidth` then."""

    name: str | None = None
    """Its name in the cloud; `<stack>-bandwidth` unless given, and in `unifiedEgress`
    `<stack>-unified-bandwidth`."""

    description: str | None = None
    """A sentence about it."""

    charge_type: PackageChargeType = Field(default=PackageChargeType.PAY_BY_BANDWIDTH, strict=False)
    """How it is billed. It can't be changed later without a new package."""


class NatGatewaySettings(Made):
    """The NAT gateway: created, or one that exists with the ids of its two tables."""

    makes = resource(
        kinds.NAT_GATEWAY,
        "internetChargeType natType networkType paymentType vpcId",
        deletionProtection=TIER,
        description="description",
        force=TIER,
        natGatewayName="name",
        tags=TAGS,
        vswitchId="vswitch",
    )

    name: str | None = Field(default=None, examples=["MyNatGW"])
    """Its name in the cloud; `<stack>-gateway` unless given, and in `unifiedEgress`
    `<stack>-unified-gateway`."""

    description: str | None = Field(default=None, examples=["My first NAT Gateway"])
    """A sentence about it."""

    vswitch: str | None = Field(default=None, examples=["apps"])
    """The vSwitch that it lies in. It can't be moved later."""

    id: NatGatewayId | None = Field(default=None, examples=["ngw-uf6abc"])
    """Use the gateway with this id instead of creating one."""

    forward_table_id: ForwardTableId | None = Field(default=None, examples=["ftb-uf6abc"])
    """With `id`, where ports are mapped: the id of its DNAT table."""

    snat_table_id: SnatTableId | None = Field(default=None, examples=["stb-uf6abc"])
    """With `id`, where `egress` is used: the id of its SNAT table."""

    lanes: Annotated[int, Field(ge=1, le=5, examples=[1])] = 3
    """In how many chains, side by side, entries of the gateway are added, changed and deleted. It
    changes order only, so it can be changed freely."""


class PublicIpSettings(Made):
    """A public address (EIP): created, or one that exists."""

    makes = resource(
        kinds.EIP,
        "internetChargeType paymentType",
        addressName="name",
        bandwidth="bandwidth, its own or the section's",
        deletionProtection=TIER,
        description="description",
        tags=TAGS,
    )

    spare: bool = False
    """Hold the address and bind it to nothing."""

    id: EipId | None = Field(default=None, examples=["eip-uf6abc"])
    """Use the EIP with this allocation id instead of creating one; needs `address`."""

    address: PublicAddress | None = Field(default=None, examples=["203.0.113.10"])
    """With `id`: the address itself."""

    name: str | None = None
    """Its name in the cloud; `<stack>-<name>` unless given."""

    description: str | None = None
    """A sentence about it."""

    was: Name | None = None
    """What this entry was called before: the address is kept over the rename."""


class EgressSettings(Made):
    """A source inside the VPC and the public addresses that it leaves by (SNAT)."""

    makes = resource(
        kinds.SNAT_ENTRY,
        "snatTableId",
        snatEntryName="name",
        snatIp="publicIps",
        sourceCidr="cidr",
        sourceVswitchId="vswitch",
    )

    vswitch: str | None = Field(default=None, examples=["apps"])
    """The vSwitch whose hosts leave; give this or `cidr`."""

    cidr: str | None = Field(default=None, examples=["192.168.1.0/24"])
    """The range that leaves; give this or `vswitch`."""

    public_ips: list[str] = Field(min_length=1, examples=[["ip6"]])
    """The names of the public addresses."""

    name: str | None = None
    """Its name in the cloud; `<stack>-<name>` unless given."""

    was: Name | None = None
    """What this entry was called before: the entry is updated in place."""
