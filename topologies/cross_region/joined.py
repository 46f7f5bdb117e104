"""What a section joins, as rules, reachability and the build see it. Pure functions of settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from stack.network import NetworkSettings
from stack.network_rules import is_region, parse_cidr
from stack.settings import CommonSettings, StackSettings
from topologies.cross_region.settings import (
    AttachmentSettings,
    CrossRegionSettings,
    LinkSettings,
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


def joined(settings: StackSettings, section: CrossRegionSettings) -> dict[str, Joined]:
    """The attachments that can be made out, by name."""
    found: dict[str, Joined] = {}
    for key, attachment in section.attachments.items():
        one = _joined(settings, section, key, attachment)
        if one is not None:
            found[key] = one
    return found


def is_known_whole(network: NetworkSettings) -> bool:
    """Whether the VPC's own range is known; of one that exists it may not be said."""
    return network.vpc.cidr is not None


def ranges_of_network(network: NetworkSettings) -> tuple[IPv4Network, ...]:
    """The VPC's range; of a VPC that exists and doesn't say it, those of its vSwitches."""
    texts = [network.vpc.cidr] if network.vpc.cidr is not None else []
    texts = texts or [vswitch.cidr for vswitch in network.vswitches.values()]
    return tuple(cidr for text in texts if (cidr := parse_cidr(text)) is not None)


def ranges_of_data_center(section: CrossRegionSettings, name: str) -> tuple[IPv4Network, ...]:
    """The data centre's ranges."""
    texts = section.data_centers[name].ranges.values()
    return tuple(cidr for text in texts if (cidr := parse_cidr(text)) is not None)


def network_at(common: CommonSettings, name: str | None) -> NetworkSettings | None:
    """The network of a name; None is the name of the stack's own."""
    return common.every_network.get(name)


def vswitches_by_zone(attachment: AttachmentSettings, network: NetworkSettings) -> dict[str, str]:
    """The vSwitches that a transit router gets addresses in, by zone."""
    names = attachment.vswitches
    if names is None:
        names = sorted(network.vswitches)
    found: dict[str, str] = {}
    for name in names:
        if name in network.vswitches:
            found.setdefault(network.vswitches[name].zone, name)
    return found


def pair_of(link: LinkSettings) -> frozenset[str]:
    """The regions of a link."""
    return frozenset(link.regions)


def are_linked(section: CrossRegionSettings, one: str, other: str) -> bool:
    """Whether two regions have bandwidth between them, or are one."""
    pair = frozenset({one, other})
    return one == other or any(pair_of(link) == pair for link in section.links.values())


def region_of_data_center(
    settings: StackSettings, section: CrossRegionSettings, name: str
) -> str | None:
    """The region that a data centre is joined in."""
    center = section.data_centers[name]
    if center.vpn is not None:
        found = settings.common.network_of_vswitch(center.vpn.vswitch)
        return settings.region_of(found[0] if found is not None else None)
    return center.region or settings.region


def _joined(
    settings: StackSettings,
    section: CrossRegionSettings,
    key: str,
    attachment: AttachmentSettings,
) -> Joined | None:
    if attachment.data_center is not None:
        if attachment.data_center not in section.data_centers:
            return None
        region = region_of_data_center(settings, section, attachment.data_center)
        if region is None or not is_region(region):
            return None
        ranges = ranges_of_data_center(section, attachment.data_center)
        return Joined(key, region, None, attachment.data_center, ranges)
    network = network_at(settings.common, attachment.network)
    if network is None:
        return None
    region = settings.region_of(attachment.network)
    if region is None or not is_region(region):
        return None
    return Joined(key, region, attachment.network, None, ranges_of_network(network))


def unlinked_pairs(section: CrossRegionSettings, regions: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of regions without bandwidth between them, sorted."""
    ordered = sorted(regions)
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if not are_linked(section, one, other):
                yield one, other
