"""The rules of `network` and of `networks`: of each by itself, and of all of them together.

A vSwitch's and a host's name is one in the stack, so that whatever stands on one names it alone,
and its network and region follow.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from stack.naming import chosen_name_problems, name_problems, rename_problems
from stack.network import NetworkSettings
from stack.problems import ANY_NETWORK, KeyPath, Problem, choose_from, dotted
from stack.quotas import Quotas, over_quota
from stack.settings import CommonSettings

# Virtual Private Cloud, "VPC and vSwitch" (limits of the two masks).
VPC_MASKS = range(8, 29)
VSWITCH_MASKS = range(16, 30)
# The first address names the network; the last three are the gateway, the DNS and the broadcast.
RESERVED_FIRST, RESERVED_LAST = 1, 3

# IPv4Network takes netmasks too (192.168.1.0/255.255.255.0); the cloud doesn't.
_CIDR = re.compile(r"[0-9.]+/(?:0|[1-9][0-9]?)")
CLOUD_RANGE = IPv4Network("100.64.0.0/10")
"""Where the cloud has services of its own: no network's and no data centre's addresses."""

# Virtual Private Cloud, "VPC and vSwitch": ranges that a VPC can't have.
_NOT_FOR_VPCS = (
    CLOUD_RANGE,
    *(IPv4Network(text) for text in ("127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")),
)

NETWORKS: KeyPath = ("networks",)
_ANOTHER_NAME = "give one of the two another name"
_REGION = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def network_problems(
    network: NetworkSettings,
    quotas: Quotas,
    region: str | None,
    path: KeyPath = ("network",),
) -> Iterator[Problem]:
    """Everything that is wrong with the network at `path`, which lies in `region`."""
    cidrs = {name: parse_cidr(v.cidr) for name, v in network.vswitches.items()}
    yield from _vpc_problems(network, path)
    yield from _vswitch_problems(network, cidrs, region, path)
    yield from _host_problems(network, cidrs, path)
    yield from rename_problems((*path, "vswitches"), network.vswitches)
    yield from rename_problems((*path, "hosts"), network.hosts)
    yield from over_quota(quotas, "vswitches_per_vpc", network.vswitches, (*path, "vswitches"))


def parse_cidr(text: str) -> IPv4Network | None:
    """The range that `text` writes, or None where it writes none."""
    try:
        return IPv4Network(text) if _CIDR.fullmatch(text) else None
    except ValueError:
        return None


def parse_address(text: str) -> IPv4Address | None:
    """The address that `text` writes, or None where it writes none."""
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def cidr_problem(path: KeyPath, text: str, masks: range) -> Problem | None:
    """Why `text` isn't a range with one of the masks."""
    allowed = f"/{masks[0]} to /{masks[-1]}"
    try:
        cidr = IPv4Network(text, strict=False) if _CIDR.fullmatch(text) else None
    except ValueError:
        cidr = None
    if cidr is None:
        rule = "an IPv4 range in CIDR notation is needed here"
        return Problem(path, text, rule, f"write it as 192.168.1.0/24, with a mask of {allowed}")
    if cidr.prefixlen not in masks:
        rule = f"the mask must be {allowed}; this one is /{cidr.prefixlen}"
        return Problem(path, text, rule, f"choose a mask of {allowed}")
    if parse_cidr(text) is None:
        rule = "a range is written with its first address"
        return Problem(path, text, rule, f"write {cidr}")
    return None


def is_reserved(address: IPv4Address, cidr: IPv4Network) -> bool:
    """Whether the cloud keeps this address of the vSwitch for itself."""
    offset = int(address) - int(cidr.network_address)
    return offset < RESERVED_FIRST or offset >= cidr.num_addresses - RESERVED_LAST


def _vpc_problems(network: NetworkSettings, at: KeyPath) -> Iterator[Problem]:
    vpc, path = network.vpc, (*at, "vpc")
    if vpc.id is None and vpc.cidr is None:
        rule = "a VPC is created (cidr) or exists (id)"
        yield Problem(
            path, None, rule, "add cidr: 192.168.0.0/16, or the id of a VPC that you have"
        )
    if vpc.cidr is not None:
        cidr = parse_cidr(vpc.cidr)
        if (problem := cidr_problem((*path, "cidr"), vpc.cidr, VPC_MASKS)) is not None:
            yield problem
        elif cidr is not None and any(cidr.overlaps(taken) for taken in _NOT_FOR_VPCS):
            taken = ", ".join(str(range_) for range_ in _NOT_FOR_VPCS)
            rule = f"a VPC can't have addresses of {taken}"
            remedy = "use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
            yield Problem((*path, "cidr"), vpc.cidr, rule, remedy)
    if vpc.id is not None and vpc.name is not None:
        rule, remedy = (
            "a VPC that exists keeps its name",
            "remove name, or remove id to create a VPC",
        )
        yield Problem((*path, "name"), vpc.name, rule, remedy)
    if vpc.id is None and vpc.route_table is not None:
        rule = "a VPC that is created brings its own route table"
        yield Problem((*path, "routeTable"), vpc.route_table, rule, "remove routeTable")
    yield from name_problems((*path, "name"), vpc.name)


def _vswitch_problems(
    network: NetworkSettings,
    cidrs: dict[str, IPv4Network | None],
    region: str | None,
    at: KeyPath,
) -> Iterator[Problem]:
    vpc = parse_cidr(network.vpc.cidr) if network.vpc.cidr is not None else None
    for name, vswitch in network.vswitches.items():
        path, cidr = (*at, "vswitches", name), cidrs[name]
        problem = cidr_problem((*path, "cidr"), vswitch.cidr, VSWITCH_MASKS)
        if problem is not None:
            yield problem
        elif cidr is not None and vpc is not None and not cidr.subnet_of(vpc):
            rule = f"a vSwitch lies inside its VPC, which is {vpc}"
            remedy = f"choose a part of {vpc}, or widen {dotted(at)}.vpc.cidr"
            yield Problem((*path, "cidr"), vswitch.cidr, rule, remedy)
        yield from chosen_name_problems((*path, "name"), vswitch.name, vswitch.id, "a vSwitch")
        if vswitch.id is not None and network.vpc.id is None:
            rule = "a vSwitch that exists can't lie in a VPC that is created here"
            remedy = f"give {dotted(at)}.vpc the id of this vSwitch's VPC, or remove this id"
            yield Problem((*path, "id"), vswitch.id, rule, remedy)
        if region is not None and not _zone_of(region).fullmatch(vswitch.zone):
            rule = f"the zone must be one of the network's region, {region}"
            first = f"{region}a" if region[-1:].isdigit() else f"{region}-a"
            remedy = f"use a zone such as {first}, or change the region"
            yield Problem((*path, "zone"), vswitch.zone, rule, remedy)


def _zone_of(region: str) -> re.Pattern[str]:
    """Zones are cn-shanghai-a, ap-southeast-1a, cn-hangzhou-MAZ1(b,c): never one dash more."""
    return re.compile(re.escape(region) + r"-?[^-]+")


def _host_problems(
    network: NetworkSettings, cidrs: dict[str, IPv4Network | None], at: KeyPath
) -> Iterator[Problem]:
    for name, host in network.hosts.items():
        path = (*at, "hosts", name)
        if host.vswitch not in network.vswitches:
            yield Problem(
                (*path, "vswitch"),
                host.vswitch,
                "a host lies in a vSwitch of this network",
                choose_from(host.vswitch, network.vswitches, "vSwitch"),
                missing=(*at, "vswitches", host.vswitch),
            )
        address = parse_address(host.ip)
        if address is None:
            rule = "an IPv4 address is needed here"
            yield Problem((*path, "ip"), host.ip, rule, "write it as 192.168.1.1")
        else:
            cidr = cidrs.get(host.vswitch)
            yield from placing_problems((*path, "ip"), address, host.vswitch, cidr, "a host")
        if host.instance is not None and host.instance_id is not None:
            rule = "a host is created (instance) or exists (instanceId)"
            yield Problem((*path, "instance"), None, rule, "keep one of the two")


def placing_problems(
    path: KeyPath, address: IPv4Address, vswitch: str, cidr: IPv4Network | None, owner: str
) -> Iterator[Problem]:
    """Why an address can't be had in a vSwitch, whoever has the others."""
    if cidr is None:
        return
    usable = f"{cidr[RESERVED_FIRST]} to {cidr[-RESERVED_LAST - 1]}"
    if address not in cidr:
        rule = f"{owner}'s address lies in its vSwitch; {vswitch} is {cidr}"
        yield Problem(path, str(address), rule, f"use an address from {usable}")
    elif is_reserved(address, cidr):
        rule = "the cloud reserves the first address and the last three of every vSwitch"
        yield Problem(path, str(address), rule, f"use an address from {usable}")


def is_region(text: str) -> bool:
    """Whether a region may be called so."""
    return _REGION.fullmatch(text) is not None


def place_of_network(name: str | None) -> KeyPath:
    """Where a network stands in the stack file; None is the name of the stack's own."""
    return ("network",) if name is None else (*NETWORKS, name)


def region_problem(path: KeyPath, text: str) -> Problem:
    """That this is no region."""
    return Problem(path, text, "a region is written as cn-shanghai", "correct it")


def vswitch_problems(common: CommonSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    """Why `name` is no vSwitch of any network."""
    known = [key for network in common.every_network.values() for key in network.vswitches]
    if name not in known:
        rule = "this must name a vSwitch of network or of one of networks"
        remedy = choose_from(name, known, "vSwitch")
        yield Problem(path, name, rule, remedy, missing=(ANY_NETWORK, "vswitches", name))


def host_problems(common: CommonSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    """Why `name` is no host of any network."""
    known = [key for network in common.every_network.values() for key in network.hosts]
    if name not in known:
        rule = "this must name a host of network or of one of networks"
        remedy = choose_from(name, known, "host")
        yield Problem(path, name, rule, remedy, missing=(ANY_NETWORK, "hosts", name))


def networks_problems(common: CommonSettings, region: str | None) -> Iterator[Problem]:
    """Everything that is wrong with the networks, each by itself and all together."""
    if common.network.exists:
        yield from network_problems(common.network, common.quotas, region)
    for name, network in common.networks.items():
        path = (*NETWORKS, name)
        its_region = network.region if network.region is not None else region
        if network.region is not None and not is_region(network.region):
            yield region_problem((*path, "region"), network.region)
            its_region = None  # then nothing is known of its zones
        yield from network_problems(network, common.quotas, its_region, path)
    yield from rename_problems(NETWORKS, common.networks)
    yield from _shared_names(common)


def _shared_names(common: CommonSettings) -> Iterator[Problem]:
    """Names that two networks give, and names in Pulumi: `a` with `b-c` and `a-b` with `c`."""
    owners: dict[tuple[str, str], KeyPath] = {}
    for network, settings in common.every_network.items():
        for key, what, entries in (
            ("vswitches", "vSwitch", settings.vswitches),
            ("hosts", "host", settings.hosts),
        ):
            place = (*place_of_network(network), key)
            for name in entries:
                owner = owners.setdefault((what, name), place)
                if owner != place:
                    rule = f"a {what}'s name is one in the stack; {dotted(owner)} has {name} too"
                    yield Problem((*place, name), name, rule, _ANOTHER_NAME)
    for network, settings in common.networks.items():
        for name in settings.vswitches:
            place = (*NETWORKS, network, "vswitches", name)
            owner = owners.setdefault(("Pulumi", f"{network}-{name}"), place)
            if owner != place:
                rule = f"{dotted(owner)} and this are both called {network}-{name} in Pulumi"
                yield Problem(place, name, rule, _ANOTHER_NAME)
