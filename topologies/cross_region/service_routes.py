"""What the basic edition needs a request for: a cloud service that other regions reach.

With transit routers these are routes like any other. The basic edition's operation for it answers
only whom support has let in, so what it takes is put out, filled in, for the ticket.

Source: Cloud Enterprise Network, "ResolveAndRouteServiceInCen"; the seed document on calling API
Gateway from functions, scenario 2, step 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from topologies.cross_region.joined import Joined
from topologies.cross_region.settings import CrossRegionSettings, Edition


@dataclass(frozen=True)
class ServiceRequest:
    """One service, and the regions that are to reach it."""

    host: str
    host_region: str
    network: str | None
    """The network that it is reached through."""

    access_regions: tuple[str, ...]

    def command(self, cen: str, vpc: str) -> str:
        """The call, as the cloud's command line takes it; its arguments are the ticket's text."""
        regions = " ".join(
            f"--AccessRegionIds.{number} {region}"
            for number, region in enumerate(self.access_regions, 1)
        )
        return (
            f"aliyun cbn ResolveAndRouteServiceInCen --CenId {cen} --Host {self.host} "
            f"--HostRegionId {self.host_region} --HostVpcId {vpc} {regions}"
        )


def service_requests(
    section: CrossRegionSettings, places: Mapping[str, Joined]
) -> dict[str, ServiceRequest]:
    """The requests that have to be made, by the service's name."""
    if section.edition is not Edition.BASIC:
        return {}
    found: dict[str, ServiceRequest] = {}
    for key, service in section.services.items():
        place = places.get(service.attachment)
        if place is None:
            continue
        regions = {other.region for other in places.values()}
        if regions - {place.region}:
            found[key] = ServiceRequest(
                service.range, place.region, place.network, tuple(sorted(regions))
            )
    return found
