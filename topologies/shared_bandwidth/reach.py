"""What shared bandwidth opens: its addresses, the ways in and the ways out."""

from stack.outputs import Egress, Exposure, PublicIp, Reach
from stack.settings import CommonSettings, StackSettings
from topologies.nat.settings import Protocol
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
    """One mapping as the provider takes it: protocol and ports as strings."""
    port, host_port = mapping.port, mapping.effective_host_port
    return Exposure(
        mapping=name,
        public_ip=mapping.public_ip,
        protocol=mapping.effective_protocol.value,
        port=port.text if port is not None else Protocol.ANY.value,
        host=mapping.host,
        host_ip=common.network.hosts[mapping.host].ip,
        host_port=host_port.text if host_port is not None else Protocol.ANY.value,
    )
