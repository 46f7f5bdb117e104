"""What the section opens (nothing to the world) and puts out, and what support has to do for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from stack.ids import CEN, CEN_PACKAGE, OTHER, ROUTER, VPN_GATEWAY, OutputKinds
from stack.reach import Reach, SupportRequest
from stack.settings import StackSettings
from topologies.cross_region.attachments import Joined, joined
from topologies.cross_region.settings import CrossRegionSettings, Edition


def cross_region_reach(settings: StackSettings, section: CrossRegionSettings) -> Reach:
    """No door: a CEN and a VPN lead to no server from the internet. What support has to do."""
    support_requests: list[SupportRequest] = []
    for name, request in service_requests(section, joined(settings, section)).items():
        network = settings.common.every_network.get(request.network)
        vpc = network.vpc.id if network is not None else None
        command = request.command(section.cen.id or "cen-…", vpc or "vpc-…")
        support_requests.append(SupportRequest(name, command))
    return Reach(requests=tuple(support_requests))


def cross_region_outputs(settings: StackSettings, section: CrossRegionSettings) -> OutputKinds:
    """The outputs that `build` makes."""
    found: OutputKinds = {}
    vpns = {name: one.vpn for name, one in section.data_centers.items() if one.vpn is not None}
    created = [name for name, vpn in vpns.items() if vpn.gateway is None]
    if created:
        found["vpnAddresses"] = dict.fromkeys(created, OTHER)
    if vpns:
        found["vpnGatewayIds"] = dict.fromkeys(vpns, VPN_GATEWAY)
    if not section.attachments:
        return found
    found["cenId"] = CEN
    places = joined(settings, section)
    if section.edition is Edition.TRANSIT_ROUTER:
        ends = {region for link in section.links.values() for region in link.regions}
        regions = sorted({place.region for place in places.values()} | ends)
        found["transitRouterIds"] = dict.fromkeys(regions, ROUTER)
    if section.bandwidth_package is not None:
        found["cenBandwidthPackageId"] = CEN_PACKAGE
    requests = service_requests(section, places)
    if requests:
        found["serviceRequests"] = dict.fromkeys(requests, OTHER)
    return found


@dataclass(frozen=True)
class ServiceRequest:
    """One service of the basic edition, and the regions that are to reach it.

    With transit routers these are routes like any other. The basic edition's operation for it
    answers only whom support has let in, so what it takes is put out, filled in, for the ticket.

    Source: Cloud Enterprise Network, "ResolveAndRouteServiceInCen"; the seed document on calling
    API Gateway from functions, scenario 2, step 4.
    """

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
