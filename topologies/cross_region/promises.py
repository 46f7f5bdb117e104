"""What the section puts out, by name."""

from stack.ids import CEN, CEN_PACKAGE, OTHER, ROUTER, VPN_GATEWAY, Promises
from stack.settings import StackSettings
from topologies.cross_region.joined import joined
from topologies.cross_region.service_routes import service_requests
from topologies.cross_region.settings import CrossRegionSettings, Edition


def cross_region_promises(settings: StackSettings, section: CrossRegionSettings) -> Promises:
    """The outputs that `build` makes."""
    found: Promises = {}
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
