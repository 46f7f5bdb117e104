"""The rules of the `crossRegion` section. Pure functions from settings to problems.

What a CEN joins, networks and leased lines, shares no address; cloud services, API Gateway's range
above all, are reached through a network. Links and data centres have rules of their own beside.

Source: Cloud Enterprise Network, "What is CEN", "How transit routers work", "Use Enterprise Edition
transit routers to enable ECS instances to access OSS across regions" and
"ResolveAndRouteServiceInCen".
"""

from collections.abc import Iterator

from facts.zones import takes_router
from stack.naming import REGION_KEY, name_problems, rename_problems
from stack.network_rules import CLOUD_RANGE, cidr_problem, parse_cidr, place_of_network
from stack.problems import KeyPath, Problem, choose_from
from stack.secrets import plain_secret_problems
from stack.settings import StackSettings
from topologies.cross_region.attachments import Joined, Range, joined, overlaps, vswitches_by_zone
from topologies.cross_region.data_center_rules import data_center_problems, data_center_warnings
from topologies.cross_region.link_rules import link_problems, link_warnings, package_problems
from topologies.cross_region.settings import (
    SECTION,
    AttachmentSettings,
    CrossRegionSettings,
    Edition,
)

ATTACHMENTS: KeyPath = (SECTION, "attachments")


def cross_region_problems(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """Everything that the section may not say."""
    places = joined(settings, section)
    if settings.region is None and section.attachments:
        rule = "what is joined is told apart by regions, and the stack's isn't known"
        remedy = f"add {REGION_KEY}: cn-shanghai"
        yield Problem((SECTION, "attachments"), None, rule, remedy)
    yield from plain_secret_problems(section, (SECTION,))
    yield from name_problems((SECTION, "cen", "name"), section.cen.name)
    yield from _cen_problems(section, places)
    yield from _argument_problems(section)
    yield from _name_problems(section)
    yield from _attachment_problems(settings, section)
    yield from _overlap_problems(settings, places)
    yield from link_problems(section, places)
    if section.bandwidth_package is not None:
        yield from package_problems(section, section.bandwidth_package)
    yield from _service_problems(settings, section, places)
    yield from data_center_problems(settings, section)
    for key, entries in (
        ("attachments", section.attachments),
        ("links", section.links),
        ("services", section.services),
        ("dataCenters", section.data_centers),
    ):
        yield from rename_problems((SECTION, key), entries)


def cross_region_warnings(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    places = joined(settings, section)
    yield from link_warnings(section, places)
    yield from data_center_warnings(settings, section)
    if section.edition is Edition.TRANSIT_ROUTER:
        for key, place in places.items():
            yield from _zone_warnings(settings, section, key, place)


def _attachment_problems(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    for key, attachment in section.attachments.items():
        where = (*ATTACHMENTS, key)
        if attachment.data_center is not None:
            yield from _center_reference_problems(section, where, attachment)
        else:
            yield from _network_reference_problems(settings, where, attachment)


def _cen_problems(section: CrossRegionSettings, places: dict[str, Joined]) -> Iterator[Problem]:
    """What may not be said of a CEN's routers."""
    routers, where = section.cen.routers, (SECTION, "cen", "routers")
    shown = ", ".join(routers.values())
    if routers and section.edition is Edition.BASIC:
        rule = "the basic edition has no transit routers"
        yield Problem(where, shown, rule, "remove routers, or say edition: transit-router")
    elif routers and section.cen.id is None:
        rule = "a CEN that is created here has no routers yet"
        remedy = "add the id of the CEN that has them, or remove routers"
        yield Problem(where, shown, rule, remedy)
    elif len(places) == len(section.attachments):
        regions = {place.region for place in places.values()}
        for region, router in routers.items():
            if region not in regions:
                rule = f"nothing is attached in {region}"
                remedy = choose_from(region, regions, "region")
                yield Problem((*where, region), router, rule, remedy)


def _argument_problems(section: CrossRegionSettings) -> Iterator[Problem]:
    """Arguments that would be laid over nothing, or over another kind of thing."""
    basic = section.edition is Edition.BASIC
    found: list[tuple[KeyPath, object]] = [
        (("attachments", key), attachment.arguments)
        for key, attachment in section.attachments.items()
        if basic or attachment.data_center is not None
    ]
    if basic:
        found += [(("links", key), link.arguments) for key, link in section.links.items()]
    if not section.attachments:
        found.append((("cen",), section.cen.arguments))
    for place, arguments in found:
        if arguments:
            rule = "arguments are for a CEN that joins something, and for what its routers join"
            yield Problem((SECTION, *place, "arguments"), None, rule, "remove them")


def _name_problems(section: CrossRegionSettings) -> Iterator[Problem]:
    """Names of what transit routers join; the basic edition has none for it."""
    for key, entries in (("attachments", section.attachments), ("links", section.links)):
        for name, entry in entries.items():
            path = (SECTION, key, name, "name")
            if entry.name is not None and section.edition is Edition.BASIC:
                rule = "what the basic edition joins has no name in the cloud"
                yield Problem(path, entry.name, rule, "remove name")
            else:
                yield from name_problems(path, entry.name)


def _zone_warnings(
    settings: StackSettings, section: CrossRegionSettings, key: str, place: Joined
) -> Iterator[Problem]:
    network = settings.common.every_network.get(place.network)
    if place.data_center is not None or network is None:
        return
    zones = vswitches_by_zone(section.attachments[key], network)
    where = (*ATTACHMENTS, key)
    for zone, vswitch in zones.items():
        if not takes_router(place.region, zone):
            rule = f"{vswitch} lies in {zone}, where transit routers aren't known to be"
            yield Problem(where, vswitch, rule, "name vswitches in other zones")
    if len(zones) == 1:
        rule = f"{key} is cut off when {next(iter(zones))} fails: one zone leads to the router"
        yield Problem(where, None, rule, "name vswitches in two zones")


def _center_reference_problems(
    section: CrossRegionSettings, where: KeyPath, attachment: AttachmentSettings
) -> Iterator[Problem]:
    name = attachment.data_center or ""
    center = section.data_centers.get(name)
    if center is None:
        yield Problem(
            (*where, "dataCenter"),
            name,
            "this must name a data centre of crossRegion.dataCenters",
            choose_from(name, section.data_centers, "data centre"),
            missing=(SECTION, "dataCenters", name),
        )
    elif center.vbr is None:
        rule = "a CEN attaches leased lines, and this data centre has none"
        remedy = f"remove the attachment, or say vbr in dataCenters.{name}"
        yield Problem((*where, "dataCenter"), name, rule, remedy)
    for key, value in (("network", attachment.network), ("vswitches", attachment.vswitches)):
        if value is not None:
            rule = "an attachment is a network or a data centre"
            yield Problem((*where, key), value, rule, f"remove {key}, or dataCenter")


def _network_reference_problems(
    settings: StackSettings, where: KeyPath, attachment: AttachmentSettings
) -> Iterator[Problem]:
    network = settings.common.every_network.get(attachment.network)
    if network is None:
        if attachment.network is None:
            rule = "without network this is the stack's own, which the stack doesn't have"
            remedy = choose_from("", settings.common.networks, "network")
            yield Problem((*where, "network"), None, rule, remedy)
            return
        rule = "this must name a network of networks"
        remedy = choose_from(attachment.network, settings.common.networks, "network")
        missing = ("networks", attachment.network)
        yield Problem((*where, "network"), attachment.network, rule, remedy, missing=missing)
        return
    zones: dict[str, str] = {}
    for index, name in enumerate(attachment.vswitches or ()):
        vswitch = network.vswitches.get(name)
        at = (*where, "vswitches", index)
        if vswitch is None:
            rule = "this must name a vSwitch of the network that is attached"
            remedy = choose_from(name, network.vswitches, "vSwitch")
            missing = (*place_of_network(attachment.network), "vswitches", name)
            yield Problem(at, name, rule, remedy, missing=missing)
            continue
        owner = zones.setdefault(vswitch.zone, name)
        if owner != name or name in (attachment.vswitches or [])[:index]:
            rule = f"a transit router takes one vSwitch in a zone; {owner} is in {vswitch.zone} too"
            yield Problem(at, name, rule, "keep one of the two")


def _overlap_problems(settings: StackSettings, places: dict[str, Joined]) -> Iterator[Problem]:
    """Ranges that are joined share no address, and none with the cloud's own."""
    # Attached twice, each counts once: that has been told.
    apart = {(place.network, place.data_center): place for place in reversed(places.values())}
    ranges = [
        Range(place.key, (*ATTACHMENTS, place.key), str(range_), range_)
        for place in places.values()
        if apart[place.network, place.data_center] is place
        for range_ in place.ranges
    ]
    for one in ranges:
        place = places[one.owner]
        network = settings.common.every_network.get(place.network)
        # Of a data centre and of a VPC as a whole their own rules tell it.
        vswitches_alone = network is not None and network.vpc.cidr is None
        if place.data_center is None and vswitches_alone and one.addresses.overlaps(CLOUD_RANGE):
            rule = f"{CLOUD_RANGE} is the cloud's own; {one.text} overlaps it"
            yield Problem(one.place, one.text, rule, "use another range")
    for one, other in overlaps(ranges):
        rule = f"ranges that are joined can't overlap; {other.owner} has {other.text}"
        yield Problem(one.place, one.text, rule, "renumber one of the two")


def _service_problems(
    settings: StackSettings, section: CrossRegionSettings, places: dict[str, Joined]
) -> Iterator[Problem]:
    for key, service in section.services.items():
        where = (SECTION, "services", key)
        range_ = parse_cidr(service.range)
        problem = cidr_problem((*where, "range"), service.range, range(11, 33))
        if problem is not None:
            yield problem
        elif range_ is not None and not range_.subnet_of(CLOUD_RANGE):
            rule = f"a cloud service's range is a part of {CLOUD_RANGE}"
            remedy = "look it up: API Gateway's console shows the instance's range"
            yield Problem((*where, "range"), service.range, rule, remedy)
        if service.attachment not in section.attachments:
            yield Problem(
                (*where, "attachment"),
                service.attachment,
                "this must name an attachment of crossRegion.attachments",
                choose_from(service.attachment, section.attachments, "attachment"),
                missing=(*ATTACHMENTS, service.attachment),
            )
        elif section.attachments[service.attachment].data_center is not None:
            rule = "a cloud service is reached through a network, not through a data centre"
            yield Problem((*where, "attachment"), service.attachment, rule, "name a network's")
    if section.services and section.edition is Edition.TRANSIT_ROUTER:
        for key, place in places.items():
            if all(service.attachment == key for service in section.services.values()):
                continue  # what others reach through it, it has a way to
            yield from _route_table_problems(settings, key, place)


def _route_table_problems(settings: StackSettings, key: str, place: Joined) -> Iterator[Problem]:
    network = settings.common.every_network.get(place.network)
    if place.data_center is not None or network is None or network.vpc.id is None:
        return
    if network.vpc.route_table is None:
        rule = "routes to cloud services are added to the VPC's route table, which isn't known"
        remedy = f"add routeTable: vtb-… to the vpc that {key} attaches"
        yield Problem((*ATTACHMENTS, key), network.vpc.id, rule, remedy)
