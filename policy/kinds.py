"""The provider's resource types that rules ask about, beside those that the guard knows."""

from typing import Final

from tools.guarding import kinds as guarded

SNAT: Final = "alicloud:vpc/snatEntry:SnatEntry"
PACKAGE: Final = "alicloud:vpc/commonBandwithPackage:CommonBandwithPackage"
PLACE: Final = "alicloud:vpc/commonBandwithPackageAttachment:CommonBandwithPackageAttachment"
"""An address's place in a package."""

API_INSTANCE: Final = "alicloud:apigateway/instance:Instance"
API_LOG: Final = "alicloud:apigateway/logConfig:LogConfig"
VPN_GATEWAY: Final = "alicloud:vpn/gateway:Gateway"
CEN: Final = "alicloud:cen/instance:Instance"
CEN_ATTACHMENT: Final = "alicloud:cen/instanceAttachment:InstanceAttachment"
CEN_LINK: Final = "alicloud:cen/bandwidthLimit:BandwidthLimit"
CEN_PLACE: Final = "alicloud:cen/bandwidthPackageAttachment:BandwidthPackageAttachment"
"""A package's place on a CEN."""

CEN_PACKAGE: Final = "alicloud:cen/bandwidthPackage:BandwidthPackage"
ROUTER_LINK: Final = "alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment"
ROUTER_ATTACHMENT: Final = "alicloud:cen/transitRouterVpcAttachment:TransitRouterVpcAttachment"
PROVIDER: Final = "pulumi:providers:alicloud"
STACK: Final = "pulumi:pulumi:Stack"

PROTECTED: Final = frozenset({*guarded.EIPS, guarded.NAT_GATEWAY, PACKAGE, *guarded.LOAD_BALANCERS})
"""What the cloud can refuse to delete, if it is told to."""

KEPT: Final = PROTECTED | {API_INSTANCE, VPN_GATEWAY}
"""What Pulumi had better refuse to delete: others know it by its address or its domain."""
