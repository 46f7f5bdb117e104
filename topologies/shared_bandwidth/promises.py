"""What the section puts out, by name."""

from stack.ids import (
    ADDRESS,
    EIP,
    FORWARD_TABLE,
    NAT_GATEWAY,
    OTHER,
    PACKAGE,
    SNAT_TABLE,
    Promises,
)
from stack.settings import StackSettings
from topologies.nat.settings import NatGatewaySettings
from topologies.shared_bandwidth.settings import SharedBandwidthSettings


def shared_bandwidth_promises(
    settings: StackSettings, section: SharedBandwidthSettings
) -> Promises:
    """The outputs that `build` makes."""
    del settings
    return {
        **_gateway_promises(section.nat_gateway),
        "bandwidthPackageId": PACKAGE,
        "publicIps": dict.fromkeys(section.public_ips, ADDRESS),
        "publicIpIds": dict.fromkeys(section.public_ips, EIP),
        "exposure": OTHER,
        "egress": dict.fromkeys(section.egress, OTHER),
    }


def _gateway_promises(gateway: NatGatewaySettings) -> Promises:
    found: Promises = {"natGatewayId": NAT_GATEWAY}
    if gateway.id is None or gateway.forward_table_id:
        found["forwardTableId"] = FORWARD_TABLE
    if gateway.id is None or gateway.snat_table_id:
        found["snatTableId"] = SNAT_TABLE
    return found
