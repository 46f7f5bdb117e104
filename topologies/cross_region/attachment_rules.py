"""The rules of what a CEN joins: networks and leased lines, and that they share no address.

Source: Cloud Enterprise Network, "How transit routers work" and "What is CEN".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from facts.zones import takes_router
from stack.network_rules import CLOUD_RANGE, place_of_network
from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.cross_region.attachments import (
    Joined,
    is_known_whole,
    network_at,
    vswitches_by_zone,
)
from topologies.cross_region.settings import (
    SECTION,
    AttachmentSettings,
    CrossRegionSettings,
    Edition,
)

if TYPE_CHECKING:
    from ipaddress import IPv4Network

ATTACHMENTS: KeyPath = (SECTION, "attachments")


def attachment_problems(settings: StackSettings, section: CrossRegionSettings) -> Iterator[Problem]:
    for key, attachment in section.attachments.items():
        where = (*ATTACHMENTS, key)
        if attachment.data_center is not None:
            yield from _center_reference_problems(section, where, attachment)
        else:
            yield from _network_reference_problems(settings, where, attachment)


def cen_problems(section: CrossRegionSettings, places: dict[str, Joined]) -> Iterator[Problem]:
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


def zone_warnings(
    settings: StackSettings, section: CrossRegionSettings, key: str, place: Joined
) -> Iterator[Problem]:
    network = network_at(settings.common, place.network)
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
    network = network_at(settings.common, attachment.network)
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


def overlap_problems(settings: StackSettings, places: dict[str, Joined]) -> Iterator[Problem]:
    """Ranges that are joined share no address, and none with the cloud's own."""
    taken: list[tuple[IPv4Network, str]] = []
    seen: set[tuple[str | None, str | None]] = set()
    for key, place in places.items():
        target = (place.network, place.data_center)
        if target in seen:
            continue  # attached twice, which has been told
        seen.add(target)
        network = network_at(settings.common, place.network)
        vswitches_alone = network is not None and not is_known_whole(network)
        for range_ in place.ranges:
            path = (*ATTACHMENTS, key)
            # Of a data centre and of a VPC as a whole their own rules tell it.
            if place.data_center is None and vswitches_alone and range_.overlaps(CLOUD_RANGE):
                rule = f"{CLOUD_RANGE} is the cloud's own; {range_} overlaps it"
                yield Problem(path, str(range_), rule, "use another range")
            for other, owner in taken:
                if range_.overlaps(other) and owner != key:
                    rule = f"ranges that are joined can't overlap; {owner} has {other}"
                    yield Problem(path, str(range_), rule, "renumber one of the two")
            taken.append((range_, key))
