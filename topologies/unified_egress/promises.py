"""What the section puts out, by name."""

from stack.ids import (
    ADDRESS,
    EIP,
    NAT_GATEWAY,
    OTHER,
    PACKAGE,
    SECURITY_GROUP,
    SNAT_TABLE,
    Promises,
)
from stack.settings import StackSettings
from topologies.unified_egress.settings import UnifiedEgressSettings


def unified_egress_promises(settings: StackSettings, section: UnifiedEgressSettings) -> Promises:
    """The outputs that `build` makes."""
    del settings
    found: Promises = {
        "publicIps": dict.fromkeys(section.public_ips, ADDRESS),
        "publicIpIds": dict.fromkeys(section.public_ips, EIP),
        "egress": dict.fromkeys(section.egress, OTHER),
        "servers": dict.fromkeys(section.servers, OTHER),
    }
    groups = [name for name, one in section.servers.items() if one.eni.security_groups is None]
    if groups:
        found["serverSecurityGroupIds"] = dict.fromkeys(groups, SECURITY_GROUP)
    gateway = section.nat_gateway
    if gateway is not None:
        found["unifiedEgressNatGatewayId"] = NAT_GATEWAY
        if gateway.id is None or gateway.snat_table_id:
            found["unifiedEgressSnatTableId"] = SNAT_TABLE
        if section.packed:
            found["unifiedEgressBandwidthPackageId"] = PACKAGE
    return found
