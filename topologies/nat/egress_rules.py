"""Rules of egress (SNAT): sources, and the addresses that they leave by.

A source is compared by the range that it covers, so that a vSwitch and its CIDR are the same. Of
two that overlap the cloud takes the narrower (NAT Gateway, "NAT gateway FAQ": the longest prefix
wins), and two that are equal it refuses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from stack.naming import name_problems
from stack.network_rules import cidr_problem, parse_cidr
from stack.problems import KeyPath, Problem, dotted
from stack.quotas import over_quota
from stack.settings import CommonSettings
from topologies.nat.gateway_rules import vswitch_problems
from topologies.nat.settings import EgressSettings

PlacedEgress = tuple[KeyPath, EgressSettings]
"""An egress entry and its place in the stack file."""

AddressProblems = Callable[[str, KeyPath], Iterator[Problem]]
"""Why an address, by its name and where it is named, can't be left by."""


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
