"""The rules of data centres: their ranges, and the leased line or the VPN to each.

Source: VPN Gateway, "CreateVpnGateway" and "CreateVpnConnection"; Cloud Enterprise Network, "How
transit routers work".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

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
from topologies.cross_region.joined import ranges_of_network
from topologies.cross_region.settings import (
    SECTION,
    CrossRegionSettings,
    DataCenterSettings,
    VpnSettings,
)

if TYPE_CHECKING:
    from ipaddress import IPv4Network

_BANDWIDTHS: Final = (5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_RANGES: Final = 10  # of a VPN connection


def data_center_problems(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """What data centres may not say."""
    attached = {one.data_center for one in section.attachments.values()}
    for name, center in section.data_centers.items():
        path: KeyPath = (SECTION, "dataCenters", name)
        if (center.vbr is None) == (center.vpn is None):
            rule = "a data centre is reached by a leased line (vbr) or by VPN (vpn)"
            yield Problem(path, center.vbr, rule, "give one of the two")
        yield from _range_problems(path, center)
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


def _way_problems(settings: StackSettings, section: CrossRegionSettings) -> Iterator[Problem]:
    """A route table has one way to an address: VPNs of one network lead to different ones."""
    taken: dict[str | None, list[tuple[IPv4Network, str]]] = {}
    for name, center in section.data_centers.items():
        found = center.vpn and settings.common.network_of_vswitch(center.vpn.vswitch)
        if not found:
            continue
        ways = taken.setdefault(found[0], [])
        for key, text in center.ranges.items():
            range_ = parse_cidr(text)
            if range_ is None:
                continue
            for other, owner in ways:
                if owner != name and range_.overlaps(other):
                    rule = f"a network has one way to an address; {owner} has {other} already"
                    where = (SECTION, "dataCenters", name, "ranges", key)
                    yield Problem(where, text, rule, "renumber one of the two")
            ways.append((range_, name))


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


def _range_problems(path: KeyPath, center: DataCenterSettings) -> Iterator[Problem]:
    seen: list[tuple[IPv4Network, str]] = []
    for key, text in center.ranges.items():
        where = (*path, "ranges", key)
        problem = cidr_problem(where, text, range(8, 33))
        range_ = parse_cidr(text)
        if problem is not None:
            yield problem
        if range_ is None:
            continue
        if range_.overlaps(CLOUD_RANGE):
            rule = f"{CLOUD_RANGE} is the cloud's own; a data centre can't be reached there"
            yield Problem(where, text, rule, "use other addresses towards the cloud")
        for other, owner in seen:
            if range_.overlaps(other):
                rule = f"a data centre's ranges don't overlap; {owner} is {other}"
                yield Problem(where, text, rule, f"remove {key} or {owner}")
        seen.append((range_, key))


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
    for key, text in center.ranges.items():
        range_ = parse_cidr(text)
        for own in ranges_of_network(found[1]):
            if range_ is not None and range_.overlaps(own):
                rule = f"ranges that are joined can't overlap; the network has {own}"
                yield Problem((*path, "ranges", key), text, rule, "renumber one of the two")


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
