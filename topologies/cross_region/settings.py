"""The `crossRegion` section: what is joined, with how much bandwidth, and what lies beyond."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from facts import kinds
from stack.arguments import TAGS, Made, resource
from stack.ids import BorderRouterId, CenId, CenPackageId, RouterId, VpnGatewayId
from stack.model import Model, Name, NameOf, OrEmpty, VSwitchName
from stack.secrets import EXAMPLE, Secret

CROSS_REGION = "cross-region"
SECTION = "crossRegion"


class Edition(StrEnum):
    """Editions of Cloud Enterprise Network."""

    TRANSIT_ROUTER = "transit-router"
    """A transit router in each region. What new CENs get."""

    BASIC = "basic"
    """The edition before it, for a CEN that has it."""


class ChargeType(StrEnum):
    """How a bandwidth package is paid."""

    PAY_AS_YOU_GO = "PostPaid"
    """By the day. Not every account may buy it."""

    SUBSCRIPTION = "PrePaid"
    """By the month, at once, and not given back."""


class CenSettings(Made):
    """The CEN: created, or one that exists."""

    makes = resource(kinds.CEN, cenInstanceName="name", tags=TAGS)

    id: CenId | None = Field(default=None, examples=["cen-uf6abc"])
    """Use the CEN with this id instead of creating one."""

    name: str | None = Field(default=None, examples=["shop"])
    """Its name in the cloud, and its routers'; `<stack>-cen` unless given."""

    routers: dict[str, RouterId] = Field(
        default_factory=dict[str, str], examples=[{"cn-shanghai": "tr-uf6abc"}]
    )
    """Transit routers that it has already, by region: the ids. The others are created."""


class AttachmentSettings(Made):
    """What is joined: a network of the stack, or a data centre on a leased line."""

    makes = resource(
        kinds.ROUTER_ATTACHMENT,
        "autoPublishRouteEnabled cenId transitRouterId",
        tags=TAGS,
        transitRouterVpcAttachmentName="name",
        vpcId="network",
        zoneMappings="vswitches",
    )

    network: str | None = Field(default=None, examples=["functions"])
    """The name of one of `networks`; the stack's own `network` unless given."""

    data_center: str | None = Field(default=None, examples=["hangzhou"])
    """Or the name of one of `dataCenters`, on a leased line."""

    vswitches: Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None, examples=[["apps"]]
    )
    """Names of the network's vSwitches that the transit router gets addresses in, one a zone; the
    first one of each zone unless given."""

    name: str | None = None
    """On a transit router: its name in the cloud; `<stack>-<name>` unless given."""

    was: Name | None = None
    """What this entry was called before: its resources are kept over the rename."""


class LinkSettings(Made):
    """Bandwidth between two regions."""

    makes = resource(
        kinds.ROUTER_LINK,
        "autoPublishRouteEnabled cenId",
        bandwidth="bandwidth",
        bandwidthType="the section's bandwidthPackage",
        cenBandwidthPackageId="the section's bandwidthPackage",
        peerTransitRouterId="regions",
        peerTransitRouterRegionId="regions",
        transitRouterPeerAttachmentName="name",
        tags=TAGS,
        transitRouterId="regions",
    )

    regions: Annotated[list[str], Field(min_length=2, max_length=2)] = Field(
        examples=[["cn-shanghai", "cn-zhangjiakou"]]
    )
    """The two regions, in any order."""

    bandwidth: Annotated[int, Field(ge=1)] = Field(examples=[2])
    """Mbit/s."""

    name: str | None = None
    """Of transit routers: its name in the cloud; `<stack>-<name>` unless given."""

    was: Name | None = None
    """What this entry was called before: its resource is kept over the rename."""

    @property
    def pair(self) -> frozenset[str]:
        """The regions; one, where it joins none."""
        return frozenset(self.regions)


class BandwidthPackageSettings(Made):
    """Bandwidth that links share: a package to create, or one that exists."""

    makes = resource(
        kinds.CEN_PACKAGE,
        "cenBandwidthPackageName geographicRegionAId geographicRegionBId",
        autoRenew="autoRenew",
        bandwidth="bandwidth",
        paymentType="chargeType",
        period="months",
    )

    bandwidth: Annotated[int, Field(ge=2, le=10_000)] | None = Field(default=None, examples=[2])
    """Mbit/s of a new package. All its links together have no more."""

    charge_type: ChargeType = Field(default=ChargeType.PAY_AS_YOU_GO, strict=False)
    """PostPaid, or PrePaid: a subscription is paid at once, protected, and stays in the cloud when
    the stack goes."""

    months: int | None = Field(default=None, examples=[1])
    """Of a subscription: 1, 2, 3, 6 or 12."""

    auto_renew: bool = False
    """Renew a subscription. Without, its links stop working on its last day."""

    id: CenPackageId | None = Field(default=None, examples=["cenbwp-uf6abc"])
    """Use the package with this id instead of creating one."""

    attached: bool = False
    """The package with this id belongs to the CEN already."""


class ServiceSettings(Model):
    """A range of the cloud's own, as API Gateway's: the others reach it through a network."""

    range: str = Field(examples=["100.104.255.128/26"])
    """The range, a part of 100.64.0.0/10. API Gateway's console shows the instance's."""

    attachment: Annotated[str, NameOf("attachments")] = Field(examples=["gateway"])
    """The name of the attachment whose network it is reached through."""

    was: Name | None = None
    """What this entry was called before: its routes are kept over the rename."""


class VpnSettings(Made):
    """A VPN between a network and a data centre."""

    makes = resource(
        kinds.VPN_GATEWAY,
        "enableIpsec enableSsl paymentType period vpcId vpnGatewayName",
        bandwidth="bandwidth",
        disasterRecoveryVswitchId="backupVswitch",
        tags=TAGS,
        vswitchId="vswitch",
    )
    existing = "gateway"

    vswitch: VSwitchName = Field(examples=["apps"])
    """The vSwitch that the first tunnel ends in."""

    backup_vswitch: VSwitchName = Field(examples=["apps-2"])
    """The vSwitch that the second tunnel ends in, in another zone."""

    device: str = Field(examples=["203.0.113.10"])
    """The public address of the data centre's device."""

    pre_shared_key: Secret = Field(examples=[EXAMPLE])
    """What both ends know."""

    bandwidth: Annotated[int, Field(ge=5, le=1000)] = 10
    """Mbit/s: 5, 10, 20, 50, 100, 200, 500 or 1000."""

    gateway: VpnGatewayId | None = Field(default=None, examples=["vpn-uf6abc"])
    """Use the VPN gateway with this id instead of creating one."""


class DataCenterSettings(Model):
    """A data centre: its ranges, and the leased line or the VPN to it."""

    ranges: Annotated[dict[Name, str], Field(min_length=1)] = Field(
        examples=[{"servers": "10.10.0.0/16"}]
    )
    """Its IPv4 ranges, by name."""

    region: str | None = Field(default=None, examples=["cn-hangzhou"])
    """The region that its leased line ends in; the stack's unless given."""

    vbr: BorderRouterId | None = Field(default=None, examples=["vbr-uf6abc"])
    """The id of its leased line's border router. Attach it to reach it."""

    vpn: VpnSettings | None = None
    """Or a VPN."""

    was: Name | None = None
    """What this entry was called before: its resources are kept over the rename."""


class CrossRegionSettings(Model):
    """Networks and data centres that reach each other, by a CEN and by VPN."""

    edition: Edition = Field(default=Edition.TRANSIT_ROUTER, strict=False)
    """transit-router, or basic for a CEN that has it."""

    cen: Annotated[CenSettings, OrEmpty] = Field(default_factory=CenSettings)
    """The CEN."""

    attachments: dict[Name, Annotated[AttachmentSettings, OrEmpty]] = Field(
        default_factory=dict[Name, AttachmentSettings],
        examples=[{"gateway": {}, "functions": {"network": "functions"}}],
    )
    """What the CEN joins, by name."""

    links: dict[Name, LinkSettings] = Field(
        default_factory=dict[Name, LinkSettings],
        examples=[{"calls": {"regions": ["cn-shanghai", "cn-zhangjiakou"], "bandwidth": 2}}],
    )
    """Bandwidth between regions, by name."""

    bandwidth_package: BandwidthPackageSettings | None = Field(
        default=None, examples=[{"bandwidth": 2}]
    )
    """Where links have their bandwidth from. Without one, links of transit routers are paid by
    traffic."""

    services: dict[Name, ServiceSettings] = Field(
        default_factory=dict[Name, ServiceSettings],
        examples=[{"gateway": {"range": "100.104.255.128/26", "attachment": "gateway"}}],
    )
    """Ranges of the cloud's own that the others reach, by name."""

    data_centers: dict[Name, DataCenterSettings] = Field(
        default_factory=dict[Name, DataCenterSettings],
        examples=[{"hangzhou": {"ranges": {"servers": "10.10.0.0/16"}, "vbr": "vbr-uf6abc"}}],
    )
    """Data centres, by name."""
