"""What a section joins, as rules, reachability and the build see it. Pure functions of settings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations
from typing import NamedTuple

from stack.network import NetworkSettings
from stack.network_rules import is_region, parse_cidr
from stack.problems import KeyPath
from stack.settings import StackSettings
from topologies.cross_region.settings import (
    AttachmentSettings,
    CrossRegionSettings,
    DataCenterSettings,
)


@dataclass(frozen=True)
class Joined:
    """An attachment whose network or data centre is known."""

    key: str
    """The attachment's name."""

    region: str
    network: str | None
    """The network's name; None is the name of the stack's own, and what a data centre has."""

    data_center: str | None
    """The data centre's name; None for a network."""

    ranges: tuple[IPv4Network, ...]
    """The addresses that the others reach there."""


class Range(NamedTuple):
    """Addresses of something that is joined, and where the stack file has them."""

    owner: str
    place: KeyPath
    text: str
    addresses: IPv4Network


def joined(settings: StackSettings, section: CrossRegionSettings) -> dict[str, Joined]:
    """The attachments that can be made out, by name."""
    found = (_joined(settings, section, *entry) for entry in section.attachments.items())
    return {place.key: place for place in found if place is not None}


def overlaps(ranges: Iterable[Range]) -> Iterator[tuple[Range, Range]]:
    """Ranges that have addresses of another owner's before them, each with that one."""
    before: list[Range] = []
    for one in ranges:
        for other in before:
            if one.owner != other.owner and one.addresses.overlaps(other.addresses):
                yield one, other
        before.append(one)


def ranges_of_network(network: NetworkSettings) -> tuple[IPv4Network, ...]:
    """The VPC's range; of a VPC that exists and doesn't say it, those of its vSwitches."""
    vswitches = [vswitch.cidr for vswitch in network.vswitches.values()]
    texts = vswitches if network.vpc.cidr is None else [network.vpc.cidr]
    return tuple(cidr for text in texts if (cidr := parse_cidr(text)) is not None)


def ranges_of_data_center(section: CrossRegionSettings, name: str) -> tuple[IPv4Network, ...]:
    """The data centre's ranges."""
    texts = section.data_centers[name].ranges.values()
    return tuple(cidr for text in texts if (cidr := parse_cidr(text)) is not None)


def vswitches_by_zone(attachment: AttachmentSettings, network: NetworkSettings) -> dict[str, str]:
    """The vSwitches that a transit router gets addresses in, by zone."""
    found: dict[str, str] = {}
    for name in attachment.vswitches or sorted(network.vswitches):
        if name in network.vswitches:
            found.setdefault(network.vswitches[name].zone, name)
    return found


def are_linked(section: CrossRegionSettings, one: str, other: str) -> bool:
    """Whether two regions have bandwidth between them, or are one."""
    pair = frozenset({one, other})
    return one == other or any(link.pair == pair for link in section.links.values())


def unlinked_pairs(section: CrossRegionSettings, regions: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of regions without bandwidth between them, sorted."""
    pairs = combinations(sorted(regions), 2)
    return (pair for pair in pairs if not are_linked(section, *pair))


def _joined(
    settings: StackSettings,
    section: CrossRegionSettings,
    key: str,
    attachment: AttachmentSettings,
) -> Joined | None:
    name = attachment.data_center
    if name is not None:
        center = section.data_centers.get(name)
        region = _region_of_data_center(settings, center) if center is not None else None
        ranges = ranges_of_data_center(section, name) if center is not None else ()
    else:
        network = settings.common.every_network.get(attachment.network)
        region = settings.region_of(attachment.network) if network is not None else None
        ranges = ranges_of_network(network) if network is not None else ()
    if region is None or not is_region(region):
        return None
    return Joined(key, region, attachment.network if name is None else None, name, ranges)


def _region_of_data_center(settings: StackSettings, center: DataCenterSettings) -> str | None:
    if center.vpn is not None:
        found = settings.common.network_of_vswitch(center.vpn.vswitch)
        return settings.region_of(found[0] if found is not None else None)
    return center.region or settings.region
