"""The rules of data centres: their ranges, and the leased line or the VPN to each.

Source: VPN Gateway, "CreateVpnGateway" and "CreateVpnConnection"; Cloud Enterprise Network, "How
transit routers work".
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, product
from typing import Final

from stack.network_rules import (
    CLOUD_RANGE,
    cidr_problem,
    is_region,
    parse_address,
    parse_cidr,
    region_problem,
    vswitch_problems,
)
from stack.problems import KeyPath, Problem
from stack.settings import StackSettings
from topologies.cross_region.attachments import Range, overlaps, ranges_of_network
from topologies.cross_region.settings import (
    SECTION,
    CrossRegionSettings,
    DataCenterSettings,
    VpnSettings,
)

_BANDWIDTHS: Final = (5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_RANGES: Final = 10  # of a VPN connection


def data_center_problems(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """What data centres may not say."""
    attached = {attachment.data_center for attachment in section.attachments.values()}
    for name, center in section.data_centers.items():
        path: KeyPath = (SECTION, "dataCenters", name)
        if (center.vbr is None) == (center.vpn is None):
            rule = "a data centre is reached by a leased line (vbr) or by VPN (vpn)"
            yield Problem(path, center.vbr, rule, "give one of the two")
        yield from _range_problems(name, center)
        if center.vbr is not None and name not in attached:
            rule = "nothing leads to this data centre: no attachment names it"
            remedy = f"add to attachments: {{dataCenter: {name}}}"
            yield Problem((*path, "vbr"), center.vbr, rule, remedy)
        if center.vpn is None and center.region is not None and not is_region(center.region):
            yield region_problem((*path, "region"), center.region)
        if center.vpn is not None:
            if center.region is not None:
                rule = "a VPN is in its vSwitch's region"
                yield Problem((*path, "region"), center.region, rule, "remove region")
            yield from _vpn_problems(settings, path, center, center.vpn)
    yield from _way_problems(settings, section)


def _ranges(name: str, center: DataCenterSettings) -> list[Range]:
    place: KeyPath = (SECTION, "dataCenters", name, "ranges")
    ranges = [(key, text, parse_cidr(text)) for key, text in center.ranges.items()]
    return [Range(name, (*place, key), text, known) for key, text, known in ranges if known]


def _way_problems(settings: StackSettings, section: CrossRegionSettings) -> Iterator[Problem]:
    """A route table has one way to an address: VPNs of one network lead to different ones."""
    ways: dict[str | None, list[Range]] = defaultdict(list)
    for name, center in section.data_centers.items():
        network = center.vpn and settings.common.network_of_vswitch(center.vpn.vswitch)
        if network:
            ways[network[0]] += _ranges(name, center)
    for one, other in chain.from_iterable(map(overlaps, ways.values())):
        rule = f"a network has one way to an address; {other.owner} has {other.addresses} already"
        yield Problem(one.place, one.text, rule, "renumber one of the two")


def data_center_warnings(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """What data centres may say, and probably don't mean."""
    for name, center in section.data_centers.items():
        vpn = center.vpn
        found = settings.common.network_of_vswitch(vpn.vswitch) if vpn is not None else None
        if vpn is None or found is None or vpn.gateway is not None:
            continue
        backup = found[1].vswitches.get(vpn.backup_vswitch)
        zone = found[1].vswitches[vpn.vswitch].zone
        if backup is not None and backup.zone == zone:
            rule = f"both tunnels end in {zone}, whose failure takes both"
            where = (SECTION, "dataCenters", name, "vpn", "backupVswitch")
            yield Problem(where, vpn.backup_vswitch, rule, "name a vSwitch in another zone")


def _range_problems(name: str, center: DataCenterSettings) -> Iterator[Problem]:
    for key, text in center.ranges.items():
        problem = cidr_problem((SECTION, "dataCenters", name, "ranges", key), text, range(8, 33))
        if problem is not None:
            yield problem
    ranges = _ranges(name, center)
    for one in ranges:
        if one.addresses.overlaps(CLOUD_RANGE):
            rule = f"{CLOUD_RANGE} is the cloud's own; a data centre can't be reached there"
            yield Problem(one.place, one.text, rule, "use other addresses towards the cloud")
    for one, other in overlaps(range_._replace(owner=str(range_.place[-1])) for range_ in ranges):
        rule = f"a data centre's ranges don't overlap; {other.owner} is {other.addresses}"
        yield Problem(one.place, one.text, rule, f"remove {one.owner} or {other.owner}")


def _vpn_problems(
    settings: StackSettings, path: KeyPath, center: DataCenterSettings, vpn: VpnSettings
) -> Iterator[Problem]:
    where = (*path, "vpn")
    if parse_address(vpn.device) is None:
        rule = "an IPv4 address is needed here"
        yield Problem((*where, "device"), vpn.device, rule, "write it as 203.0.113.10")
    if vpn.bandwidth not in _BANDWIDTHS:
        rule = f"a VPN gateway has {', '.join(map(str, _BANDWIDTHS))} Mbit/s"
        yield Problem((*where, "bandwidth"), vpn.bandwidth, rule, "write one of them")
    if len(center.ranges) > _MOST_RANGES:
        rule = f"a VPN connection has at most {_MOST_RANGES} ranges"
        shown = f"{len(center.ranges)} ranges"
        yield Problem((*path, "ranges"), shown, rule, "join neighbours to wider ranges")
    yield from _place_problems(settings, where, vpn)
    found = settings.common.network_of_vswitch(vpn.vswitch)
    if found is None:
        return
    if found[1].vpc.id is not None and found[1].vpc.route_table is None:
        rule = "routes to the data centre are added to the VPC's route table, which isn't known"
        yield Problem((*where, "vswitch"), vpn.vswitch, rule, "add routeTable: vtb-… to its vpc")
    for one, own in product(_ranges(str(path[-1]), center), ranges_of_network(found[1])):
        if one.addresses.overlaps(own):
            rule = f"ranges that are joined can't overlap; the network has {own}"
            yield Problem(one.place, one.text, rule, "renumber one of the two")


def _place_problems(settings: StackSettings, where: KeyPath, vpn: VpnSettings) -> Iterator[Problem]:
    yield from vswitch_problems(settings.common, vpn.vswitch, (*where, "vswitch"))
    backup = (*where, "backupVswitch")
    yield from vswitch_problems(settings.common, vpn.backup_vswitch, backup)
    found = settings.common.network_of_vswitch(vpn.vswitch)
    other = settings.common.network_of_vswitch(vpn.backup_vswitch)
    if found is not None and other is not None and found[0] != other[0]:
        rule = "a VPN gateway's vSwitches are of one network"
        yield Problem(backup, vpn.backup_vswitch, rule, "use one of the same")
    elif vpn.vswitch == vpn.backup_vswitch and vpn.gateway is None:
        rule = "a VPN's tunnels end in two vSwitches"
        yield Problem(backup, vpn.backup_vswitch, rule, "name another vSwitch")
