"""Who reaches which API inside, without the internet, over which hops, and what breaks a path.

A pure function of the settings. Who asks: functions that name APIs in `calls`; and everything in
the networks and data centres that are joined with the VPC that the gateway's instance is entered
by.
The way ends at the API's backend.

Source: the seed documents on calling API Gateway from functions, and on API Gateway best practices,
chapter 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stack.network_rules import parse_address, place_of_network
from stack.problems import dotted
from stack.reach import Hop, PrivatePath
from stack.settings import StackSettings
from stack.words import Words
from topologies.api_gateway.apis.settings import ApiSettings
from topologies.api_gateway.backends.rules import network_of_access
from topologies.api_gateway.backends.settings import VpcAccessSettings
from topologies.api_gateway.settings import ApiGatewaySettings
from topologies.cross_region.attachments import Joined, are_linked, joined, ranges_of_data_center
from topologies.cross_region.settings import (
    CROSS_REGION,
    CrossRegionSettings,
    Edition,
)
from topologies.functions.rules import network_of
from topologies.functions.settings import FUNCTIONS, FunctionsSettings


@dataclass(frozen=True)
class Way:
    """A part of a path: the hops as far as they go, and what is in the way after them."""

    hops: tuple[Hop, ...] = ()
    broken: str | None = None
    for_now: bool = False
    """What is in the way can't be known before a first run: the range of a new instance."""

    def then(self, more: "Way") -> "Way":
        """Both, one after the other; what is broken ends it."""
        if self.broken is not None:
            return self
        return Way(self.hops + more.hops, more.broken, more.for_now)


def _hop(text: str, region: str | None = None) -> Way:
    return Way((Hop(text, region),))


def private_paths(settings: StackSettings, section: ApiGatewaySettings) -> list[PrivatePath]:
    """Every path to an API inside, by who asks and by API."""
    found: list[PrivatePath] = []
    functions = settings.sections.get(FUNCTIONS)
    if isinstance(functions, FunctionsSettings):
        for key, function in sorted(functions.root.items()):
            if function.network is None:
                continue  # and so it calls none
            network, vswitches = network_of(settings.common, function), function.network.vswitches
            start = _hop(Words("vSwitch {}", ", ".join(vswitches)), settings.region_of(network))
            for name in sorted(set(function.calls.values())):
                way = start.then(way_of_call(settings, section, network, name))
                found.append(PrivatePath(Words("function {}", key), name, way.hops, way.broken))
    inside = [
        name for name, api in sorted(section.apis.items()) if section.groups[api.group].intranet
    ]
    for source, way in _askers(settings, section):
        for name in inside:
            whole = way.then(_to_api(settings, section, name))
            found.append(PrivatePath(source, name, whole.hops, whole.broken))
    return found


def way_of_call(
    settings: StackSettings, section: ApiGatewaySettings, network: str | None, api: str
) -> Way:
    """The way from a network to an API."""
    entrance = _to_entrance(settings, section, network)
    return entrance.then(_to_api(settings, section, api))


def _askers(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[tuple[str, Way]]:
    """Networks with servers and data centres that are joined, and their way to the entrance."""
    entered = _entrance(settings, section)
    cross = _cross(settings)
    if entered is None or cross is None:
        return
    for _, place in sorted(joined(settings, cross).items()):
        if place.data_center is not None:
            source = Words("data centre {}", place.data_center)
            yield source, _over_cen(settings, cross, place, entered[0])
        elif place.network != entered[0] and _has_hosts(settings, place.network):
            source = dotted(place_of_network(place.network))
            yield source, _over_cen(settings, cross, place, entered[0])
    for name, center in sorted(cross.data_centers.items()):
        if center.vpn is not None:
            found = settings.common.network_of_vswitch(center.vpn.vswitch)
            way = _hop(Words("VPN"), settings.region_of(found[0]) if found is not None else None)
            if found is None or found[0] != entered[0]:
                reason = "its VPN ends in another network than the gateway's entrance"
                way = way.then(Way(broken=reason))
            yield Words("data centre {}", name), way


def _has_hosts(settings: StackSettings, network: str | None) -> bool:
    found = settings.common.every_network.get(network)
    return found is not None and bool(found.hosts)


def _cross(settings: StackSettings) -> CrossRegionSettings | None:
    section = settings.sections.get(CROSS_REGION)
    return section if isinstance(section, CrossRegionSettings) else None


def _entrance(settings: StackSettings, section: ApiGatewaySettings) -> tuple[str | None] | None:
    """The network that the instance is entered by, in a tuple: None is a network's name too."""
    ingress = section.instance.ingress if section.instance is not None else None
    found = settings.common.network_of_vswitch(ingress.vswitch) if ingress is not None else None
    return None if found is None else (found[0],)


def _to_entrance(settings: StackSettings, section: ApiGatewaySettings, network: str | None) -> Way:
    if section.instance is None:
        if settings.region_of(network) == settings.region:
            return _hop(Words("the shared instance's range (100.64.0.0/10)"), settings.region)
        reason = "the shared instance is called inside from its own region alone: add instance"
        return Way(broken=reason)
    if section.instance.id is not None:
        return _hop(Words("entrance of the instance that exists"), settings.region)
    entered = _entrance(settings, section)
    if entered is None:
        return Way(broken="no network is let in: add instance.ingress")
    if network == entered[0]:
        return Way()
    return _by_cen(settings, network, entered[0])


def _by_cen(settings: StackSettings, network: str | None, entered: str | None) -> Way:
    """From one network to the other, where the gateway is entered."""
    cross = _cross(settings)
    place = dotted(place_of_network(network))
    other = dotted(place_of_network(entered))
    if cross is None:
        return Way(broken=f"nothing joins {place} with {other}, where the gateway is entered")
    here = next((p for p in joined(settings, cross).values() if _is_of(p, network)), None)
    if here is None:
        return Way(broken=f"{place} isn't attached to the CEN: name it in crossRegion.attachments")
    return _over_cen(settings, cross, here, entered)


def _is_of(place: Joined, network: str | None) -> bool:
    return place.data_center is None and place.network == network


def _over_cen(
    settings: StackSettings, cross: CrossRegionSettings, here: Joined, entered: str | None
) -> Way:
    """From an attachment to the network of the gateway's entrance, and to the gateway's range."""
    there = next((p for p in joined(settings, cross).values() if _is_of(p, entered)), None)
    if there is None:
        place = dotted(place_of_network(entered))
        return Way(broken=f"{place}, where the gateway is entered, isn't attached to the CEN")
    way = _across(cross, here, there)
    services = sorted(key for key, one in cross.services.items() if one.attachment == there.key)
    if not services:
        reason = f"no service leads to the gateway's range behind {there.key}"
        return way.then(Way(broken=reason, for_now=True))
    return way.then(_hop(Words("gateway's range ({})", services[0]), there.region))


def _across(cross: CrossRegionSettings, here: Joined, there: Joined) -> Way:
    """Between two attachments."""
    way = _hop(Words("attachment {}", here.key), here.region)
    if not are_linked(cross, here.region, there.region):
        return way.then(Way(broken=f"no link joins {here.region} and {there.region}"))
    kind = "CEN {}" if cross.edition is Edition.BASIC else "transit router {}"
    way = way.then(_hop(Words(kind, here.region), here.region))
    if here.region != there.region:
        pair = frozenset({here.region, there.region})
        key, link = next((key, link) for key, link in cross.links.items() if link.pair == pair)
        way = way.then(_hop(Words("link {} ({} Mbit/s)", key, link.bandwidth)))
    return way.then(_hop(Words("attachment {}", there.key), there.region))


def _to_api(settings: StackSettings, section: ApiGatewaySettings, name: str) -> Way:
    api = section.apis[name]
    domain = _hop(Words("domain of {} ({})", api.group, api.scheme_inside), settings.region)
    way = domain.then(_hop(Words("API {}", name), settings.region))
    return way.then(_to_backend(settings, section, api))


def _to_backend(settings: StackSettings, section: ApiGatewaySettings, api: ApiSettings) -> Way:
    backend = api.backend
    if backend.function is not None:
        return _hop(Words("function {}", backend.function.function))
    if backend.http is not None:
        return _hop(backend.http.url)
    if backend.vpc is None:
        return _hop(Words("mock"))
    access = section.vpc_access.get(backend.vpc.access)
    way = _hop(Words("authorization {}", backend.vpc.access))
    return way.then(_to_target(settings, section, access)) if access is not None else way


def _to_target(
    settings: StackSettings, section: ApiGatewaySettings, access: VpcAccessSettings
) -> Way:
    network = network_of_access(settings, section, access)
    if access.host is not None:
        return _hop(Words("host {}:{}", access.host, access.port))
    if access.load_balancer is not None:
        return _hop(Words("load balancer {}:{}", access.load_balancer, access.port))
    target = f"{access.instance_id}:{access.port}"
    address = parse_address(access.instance_id or "")
    cross = _cross(settings)
    if address is None or cross is None or access.vpc is not None:
        return _hop(target)
    for name in cross.data_centers:
        if any(address in range_ for range_ in ranges_of_data_center(cross, name)):
            return _to_center(settings, cross, network, name).then(_hop(target))
    return _hop(target)


def _to_center(
    settings: StackSettings, cross: CrossRegionSettings, network: str | None, name: str
) -> Way:
    """From a network to a data centre."""
    center = cross.data_centers[name]
    if center.vpn is not None:
        found = settings.common.network_of_vswitch(center.vpn.vswitch)
        if found is None or found[0] != network:
            place = dotted(place_of_network(network))
            return Way(broken=f"the VPN of {name} doesn't end in {place}")
        return _hop(Words("VPN {}", name))
    places = joined(settings, cross).values()
    here = next((p for p in places if _is_of(p, network)), None)
    there = next((p for p in places if p.data_center == name), None)
    if here is None:
        place = dotted(place_of_network(network))
        return Way(broken=f"{place} isn't attached to the CEN, and {name} is behind it")
    if there is None:
        return Way(broken=f"no attachment leads to {name}")
    return _across(cross, here, there)
