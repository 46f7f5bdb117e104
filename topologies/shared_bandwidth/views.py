"""What shared bandwidth opens, and what it puts out."""

from stack.ids import (
    ADDRESS,
    EIP,
    FORWARD_TABLE,
    NAT_GATEWAY,
    OTHER,
    PACKAGE,
    SNAT_TABLE,
    OutputKinds,
)
from stack.reach import Egress, Exposure, PublicIp, Reach
from stack.settings import CommonSettings, StackSettings
from topologies.nat.settings import NatGatewaySettings
from topologies.shared_bandwidth.settings import (
    SECTION,
    PortMappingSettings,
    SharedBandwidthSettings,
)


def shared_bandwidth_reach(settings: StackSettings, section: SharedBandwidthSettings) -> Reach:
    """Everything that the section opens, sorted by name."""
    common = settings.common
    return Reach(
        public_ips=tuple(
            PublicIp(name, address.spare, address.address)
            for name, address in sorted(section.public_ips.items())
        ),
        exposure=tuple(
            exposure(common, name, mapping)
            for name, mapping in sorted(section.port_mappings.items())
        ),
        egress=tuple(
            Egress(
                name, egress.vswitch or egress.cidr or "", tuple(sorted(egress.public_ips)), SECTION
            )
            for name, egress in sorted(section.egress.items())
        ),
    )


def exposure(common: CommonSettings, name: str, mapping: PortMappingSettings) -> Exposure:
    """One mapping with its defaults, and its host's address."""
    return Exposure(
        mapping=name,
        public_ip=mapping.public_ip,
        protocol=mapping.effective_protocol.value,
        port=mapping.port,
        host=mapping.host,
        host_ip=common.network.hosts[mapping.host].ip,
        host_port=mapping.effective_host_port,
    )


def shared_bandwidth_outputs(
    settings: StackSettings, section: SharedBandwidthSettings
) -> OutputKinds:
    """The outputs that `build` makes."""
    del settings
    return {
        **_gateway_outputs(section.nat_gateway),
        "bandwidthPackageId": PACKAGE,
        "publicIps": dict.fromkeys(section.public_ips, ADDRESS),
        "publicIpIds": dict.fromkeys(section.public_ips, EIP),
        "exposure": OTHER,
        "egress": dict.fromkeys(section.egress, OTHER),
    }


def _gateway_outputs(gateway: NatGatewaySettings) -> OutputKinds:
    found: OutputKinds = {"natGatewayId": NAT_GATEWAY}
    if gateway.id is None or gateway.forward_table_id:
        found["forwardTableId"] = FORWARD_TABLE
    if gateway.id is None or gateway.snat_table_id:
        found["snatTableId"] = SNAT_TABLE
    return found
