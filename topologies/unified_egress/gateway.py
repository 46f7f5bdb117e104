"""Whose NAT gateway, package and addresses the section uses: its own, or sharedBandwidth's."""

from collections.abc import Mapping

from stack.settings import Sections
from topologies.nat.rules import PlacedEgress, placed_egress
from topologies.nat.settings import PublicIpSettings
from topologies.shared_bandwidth.settings import SECTION as SHARED_SECTION
from topologies.shared_bandwidth.settings import SHARED_BANDWIDTH, SharedBandwidthSettings
from topologies.unified_egress.settings import SECTION, UnifiedEgressSettings


def shared_section(sections: Sections) -> SharedBandwidthSettings | None:
    """The `sharedBandwidth` section, where that topology is chosen too."""
    section = sections.get(SHARED_BANDWIDTH)
    return section if isinstance(section, SharedBandwidthSettings) else None


def shared_gateway(
    section: UnifiedEgressSettings, sections: Sections
) -> SharedBandwidthSettings | None:
    """The section whose gateway is shared; None with a gateway of its own."""
    return shared_section(sections) if section.nat_gateway is None else None


def gateway_section(section: UnifiedEgressSettings) -> str:
    """The key of the section that has the gateway."""
    return SHARED_SECTION if section.nat_gateway is None else SECTION


def gateway_egress(section: UnifiedEgressSettings, sections: Sections) -> list[PlacedEgress]:
    """Every egress entry of the gateway that servers leave by."""
    shared = shared_gateway(section, sections)
    theirs = placed_egress(SHARED_SECTION, shared.egress) if shared is not None else []
    return theirs + placed_egress(SECTION, section.egress)


def egress_addresses(
    section: UnifiedEgressSettings, sections: Sections
) -> Mapping[str, PublicIpSettings]:
    """The addresses that egress may leave by: its own, and those of a shared gateway."""
    shared = shared_gateway(section, sections)
    return {**(shared.public_ips if shared is not None else {}), **section.public_ips}
