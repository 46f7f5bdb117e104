"""Rules of a NAT gateway, its addresses, their package and egress, whichever section has them.

Each function takes the path of what it judges, so that a report names the right place.

A source of egress (SNAT) is compared by the range that it covers, so that a vSwitch and its CIDR
are the same. Of two that overlap the cloud takes the narrower (NAT Gateway, "NAT gateway FAQ": the
longest prefix wins), and two that are equal it refuses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from stack.ids import is_unknown
from stack.naming import chosen_name_problems, description_problems, name_problems
from stack.network_rules import (
    RESERVED_FIRST,
    RESERVED_LAST,
    cidr_problem,
    parse_address,
    parse_cidr,
)
from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.quotas import over_quota
from stack.settings import CommonSettings
from topologies.nat.settings import (
    EgressSettings,
    NatGatewaySettings,
    PackageSettings,
    PublicIpSettings,
)

LEAST_BANDWIDTH = 1  # Mbit/s

_LINE = "BGP"  # of addresses and packages that don't say theirs
_TOLD = 5  # names of one report

PlacedEgress = tuple[KeyPath, EgressSettings]
"""An egress entry and its place in the stack file."""

AddressProblems = Callable[[str, KeyPath], Iterator[Problem]]
"""Why an address, by its name and where it is named, can't be left by."""


def package_problems(
    common: CommonSettings, section: KeyPath, bandwidth: int | None, package: PackageSettings
) -> Iterator[Problem]:
    """Rules of a bandwidth package: created with a bandwidth, or one that exists."""
    path, most = (*section, "bandwidthPackage"), common.quotas.bandwidth_per_package
    if bandwidth is None and package.id is None:
        yield Problem(
            (*section, "bandwidth"),
            None,
            "a new bandwidth package needs its bandwidth in Mbit/s",
            "add bandwidth: 150, or bandwidthPackage: {id: cbwp-…} to use one that exists",
        )
    elif bandwidth is not None and package.id is not None:
        yield Problem(
            (*section, "bandwidth"),
            bandwidth,
            f"the package {package.id} exists and has its bandwidth already",
            "remove bandwidth, or bandwidthPackage.id",
        )
    elif bandwidth is not None and not LEAST_BANDWIDTH <= bandwidth <= most:
        yield Problem(
            (*section, "bandwidth"),
            bandwidth,
            f"a bandwidth package has {LEAST_BANDWIDTH} to {most} Mbit/s",
            f"choose a value up to {most}, or raise quotas.bandwidthPerPackage "
            "if the account's quota was raised",
        )
    yield from name_problems((*path, "name"), package.name)
    yield from description_problems((*path, "description"), package.description)


def line_problems(
    owner: str, package: PackageSettings, section: str, addresses: Mapping[str, PublicIpSettings]
) -> Iterator[Problem]:
    """A package takes addresses of its own line alone, and refuses others once they are made.

    Internet Shared Bandwidth, "AddCommonBandwidthPackageIp". Nobody here knows the line of what
    exists.

    Args:
        owner: the section that the package is in.
        package: the package.
        section: the section that has the addresses.
        addresses: those in the package.
    """
    line = package.arguments.get("isp", _LINE)
    others = [
        name
        for name, address in addresses.items()
        if address.id is None and address.arguments.get("isp", _LINE) != line
    ]
    if others and package.id is None:
        said = others[0] if "isp" in addresses[others[0]].arguments else None
        home = (owner, "bandwidthPackage") if said is None else (section, "publicIps", said)
        value = addresses[said].arguments["isp"] if said is not None else line
        more = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
        rule = (
            f"a bandwidth package takes addresses of its own line alone, here {line}, and not "
            f"those of {', '.join(others[:_TOLD])}{more}"
        )
        remedy = "say the same isp of the package and of each of its addresses, or of none"
        yield Problem((*home, "arguments", "isp"), str(value), rule, remedy)


def gateway_problems(
    common: CommonSettings, path: KeyPath, gateway: NatGatewaySettings, *, dnat: bool, snat: bool
) -> Iterator[Problem]:
    """Rules of a gateway; `dnat` and `snat` say which of its tables are used."""
    yield from name_problems((*path, "name"), gateway.name)
    yield from description_problems((*path, "description"), gateway.description)
    if gateway.id is not None:
        yield from _existing_gateway_problems(path, gateway, dnat=dnat, snat=snat)
        return
    vswitches = common.network.vswitches
    if gateway.vswitch is None:
        rule = "a new NAT gateway lies in a vSwitch"
        first = next(iter(vswitches), "apps")  # none where the network couldn't be read
        remedy = f"add vswitch: {first}, or the id of a gateway that exists"
        yield Problem((*path, "vswitch"), None, rule, remedy)
    else:
        yield from vswitch_problems(common, gateway.vswitch, (*path, "vswitch"))
    for key, value in (
        ("forwardTableId", gateway.forward_table_id),
        ("snatTableId", gateway.snat_table_id),
    ):
        if value is not None:
            rule = "a new NAT gateway brings its own tables"
            yield Problem((*path, key), value, rule, f"remove {key}, or add the gateway's id")


def _existing_gateway_problems(
    path: KeyPath, gateway: NatGatewaySettings, *, dnat: bool, snat: bool
) -> Iterator[Problem]:
    if dnat and gateway.forward_table_id is None:
        rule = "a gateway that exists is used through its DNAT table"
        yield Problem((*path, "forwardTableId"), None, rule, "add forwardTableId: ftb-…")
    if snat and gateway.snat_table_id is None:
        rule = "egress on a gateway that exists goes through its SNAT table"
        yield Problem((*path, "snatTableId"), None, rule, "add snatTableId: stb-…")
    for key, value in (
        ("name", gateway.name),
        ("description", gateway.description),
        ("vswitch", gateway.vswitch),
    ):
        if value is not None:
            rule = f"a gateway that exists keeps its {key}"
            yield Problem((*path, key), value, rule, f"remove {key}, or id to create a gateway")


def vswitch_problems(common: CommonSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    """Why `name` is no vSwitch of the network."""
    if name not in common.network.vswitches:
        yield Problem(
            path,
            name,
            "this must name a vSwitch of network.vswitches",
            choose_from(name, common.network.vswitches, "vSwitch"),
            missing=("network", "vswitches", name),
        )


def capacity_problems(
    common: CommonSettings, path: KeyPath, vswitch: str, *, bound: int, others: int = 0
) -> Iterator[Problem]:
    """The gateway and each of its addresses take a private address of its vSwitch.

    Elastic IP Address, "Limits": since 2022-09-19 each EIP of a NAT gateway takes one.

    Args:
        common: the stack's.
        path: of the vSwitch's name.
        vswitch: the gateway's.
        bound: how many addresses are bound to the gateway.
        others: how many private addresses of the vSwitch are taken beside its hosts'.
    """
    settings = common.network.vswitches.get(vswitch)
    cidr = parse_cidr(settings.cidr) if settings is not None else None
    if cidr is None:
        return
    hosts = sum(host.vswitch == vswitch for host in common.network.hosts.values())
    free = cidr.num_addresses - RESERVED_FIRST - RESERVED_LAST - hosts - others
    if free < bound + 1:
        beside = "its hosts and network interfaces" if others else "its hosts"
        yield Problem(
            path,
            vswitch,
            f"the gateway and its {bound} public addresses take {bound + 1} private addresses of "
            f"its vSwitch, and {vswitch} ({cidr}) has {max(free, 0)} left beside {beside}",
            "give the gateway a larger vSwitch, or one of its own",
        )


def public_ip_problems(
    path: KeyPath, addresses: Mapping[str, PublicIpSettings]
) -> Iterator[Problem]:
    """Rules of the addresses themselves; who may use them is for others to say."""
    for name, address in addresses.items():
        where = (*path, name)
        yield from chosen_name_problems((*where, "name"), address.name, address.id, "an EIP")
        yield from description_problems((*where, "description"), address.description)
        if (address.id is None) != (address.address is None):
            key = "address" if address.address is None else "id"
            rule = "an EIP that exists is named by its id and its address together"
            remedy = f"add {key}, or remove the other to create one"
            yield Problem((*where, key), None, rule, remedy)
        known = address.address is not None and not is_unknown(address.address)
        if known and parse_address(address.address or "") is None:
            rule = "an IPv4 address is needed here"
            yield Problem((*where, "address"), address.address, rule, "write it as 203.0.113.10")


def address_problems(
    addresses: Mapping[str, PublicIpSettings], section: KeyPath, name: str, path: KeyPath
) -> Iterator[Problem]:
    """Why nothing can be bound to the public address `name`.

    Args:
        addresses: those that may be named.
        section: the path of the section that has them under `publicIps`.
        name: the one that is named.
        path: where it is named.
    """
    address = addresses.get(name)
    if address is None:
        yield Problem(
            path,
            name,
            "this must name a public address of publicIps",
            choose_from(name, addresses, "public address"),
            missing=(*section, "publicIps", name),
        )
    elif address.spare:
        rule = f"{name} is spare: nothing is bound to a spare address"
        remedy = (
            f"use another address, or remove spare from {dotted((*section, 'publicIps', name))}"
        )
        yield Problem(path, name, rule, remedy)


def placed_egress(section: str, entries: Mapping[str, EgressSettings]) -> list[PlacedEgress]:
    """The egress entries of a section with their places."""
    return [((section, "egress", name), entry) for name, entry in entries.items()]


def egress_problems(
    common: CommonSettings,
    entries: Iterable[PlacedEgress],
    address_problems: AddressProblems,
    whole: Mapping[str, str],
) -> Iterator[Problem]:
    """Rules of each entry by itself.

    Args:
        common: the stack's.
        entries: the entries.
        address_problems: judges one address.
        whole: names of addresses that are mapped whole, each with the mapping's name.
    """
    for path, egress in entries:
        yield from _source_problems(common, egress, path)
        yield from name_problems((*path, "name"), egress.name)
        seen: set[str] = set()
        for index, name in enumerate(egress.public_ips):
            where = (*path, "publicIps", index)
            yield from address_problems(name, where)
            if name in whole:
                yield Problem(
                    where,
                    name,
                    f"an address that is mapped whole can't be used for egress; "
                    f"{whole[name]} maps all of {name}",
                    f"use another address here, or give {whole[name]} a port",
                )
            if name in seen:
                rule = "an address is listed once"
                yield Problem(where, name, rule, "remove one of the two")
            seen.add(name)
        if len(egress.public_ips) > common.quotas.eips_per_snat_entry:
            yield from over_quota(
                common.quotas, "eips_per_snat_entry", egress.public_ips, (*path, "publicIps")
            )


def nested_source_warnings(
    common: CommonSettings, entries: Iterable[PlacedEgress]
) -> Iterator[Problem]:
    """A source inside another one of the same gateway, reported at the narrower one."""
    placed = [(source_of(common, egress), path, egress) for path, egress in entries]
    known = [(source, path, egress) for source, path, egress in placed if source is not None]
    for inner, path, egress in known:
        for outer, other, wide in known:
            if inner != outer and inner.subnet_of(outer):
                yield Problem(
                    path,
                    str(inner),
                    f"{inner} lies in {outer} of {dotted(other)}: the narrower source wins, so it "
                    f"leaves by {', '.join(egress.public_ips)} and the rest of {outer} by "
                    f"{', '.join(wide.public_ips)}",
                    "if that isn't meant, remove one of the two",
                )


def source_of(common: CommonSettings, egress: EgressSettings) -> IPv4Network | None:
    """The range that an egress covers; None where it can't be read."""
    if egress.vswitch is not None:
        vswitch = common.network.vswitches.get(egress.vswitch)
        return parse_cidr(vswitch.cidr) if vswitch is not None else None
    return parse_cidr(egress.cidr) if egress.cidr is not None else None


def egress_of(
    common: CommonSettings, address: IPv4Address, entries: Iterable[PlacedEgress]
) -> PlacedEgress | None:
    """The entry that a private address leaves by; None where nothing covers it."""
    covering = [
        (source.prefixlen, entry)
        for entry in entries
        if (source := source_of(common, entry[1])) is not None and address in source
    ]
    return max(covering, key=lambda found: found[0])[1] if covering else None


def _source_problems(
    common: CommonSettings, egress: EgressSettings, path: KeyPath
) -> Iterator[Problem]:
    if (egress.vswitch is None) == (egress.cidr is None):
        rule = "an egress has one source: a vswitch or a cidr"
        yield Problem(path, None, rule, "give one of the two")
    if egress.vswitch is not None:
        yield from vswitch_problems(common, egress.vswitch, (*path, "vswitch"))
    if egress.cidr is not None:
        problem = cidr_problem((*path, "cidr"), egress.cidr, range(8, 33))
        if problem is not None:
            yield problem
