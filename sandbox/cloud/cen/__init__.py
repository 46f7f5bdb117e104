"""Cloud Enterprise Network (CEN): VPCs of several regions and leased lines, joined.

Two editions. The basic one attaches networks to the CEN and gives bandwidth to pairs of regions; it
isn't sold any more, but those who have it keep it. The newer one has transit routers, one a region,
with connections, route tables and peers. Everything here belongs to the account rather than to a
region, except what is looked up in a VPC.

Codes are from the error tables of the operations' pages; those that no page has are marked ours.
"""

from sandbox.cloud.cen.attachments import PeerAttachment, VbrAttachment, VpcAttachment
from sandbox.cloud.cen.bandwidth import (
    BandwidthLimit,
    BandwidthPackage,
    BandwidthPackageAttachment,
)
from sandbox.cloud.cen.basic import InstanceAttachment, PublishedRoute, RouteService
from sandbox.cloud.cen.transit_router import (
    CenInstance,
    RouterRouteEntry,
    RouteTable,
    TableAssociation,
    TablePropagation,
    TransitRouter,
)

KINDS = (
    CenInstance(),
    InstanceAttachment(),
    BandwidthPackage(),
    BandwidthPackageAttachment(),
    BandwidthLimit(),
    RouteService(),
    PublishedRoute(),
    TransitRouter(),
    RouteTable(),
    VpcAttachment(),
    PeerAttachment(),
    VbrAttachment(),
    TableAssociation(),
    TablePropagation(),
    RouterRouteEntry(),
)
