"""What the section opens: nothing to the world. Who reaches whom inside is `reachability`'s."""

from stack.outputs import Reach, SupportRequest
from stack.settings import StackSettings
from topologies.cross_region.joined import joined, network_at
from topologies.cross_region.service_routes import service_requests
from topologies.cross_region.settings import CrossRegionSettings


def cross_region_reach(settings: StackSettings, section: CrossRegionSettings) -> Reach:
    """No door: a CEN and a VPN lead to no server from the internet. What support has to do."""
    found: list[SupportRequest] = []
    for name, request in service_requests(section, joined(settings, section)).items():
        network = network_at(settings.common, request.network)
        vpc = network.vpc.id if network is not None else None
        command = request.command(section.cen.id or "cen-…", vpc or "vpc-…")
        found.append(SupportRequest(name, command))
    return Reach(requests=tuple(found))
