"""The rules of the `sharedBandwidth` section that concern its gateway, addresses and egress.

Pure functions from settings to problems. What port mappings may do is in `mapping_rules`.
"""

from collections.abc import Iterator

from stack.naming import description_problems, name_problems
from stack.network_rules import (
    RESERVED_FIRST,
    RESERVED_LAST,
    cidr_problem,
    parse_address,
    parse_cidr,
)
from stack.problems import KeyPath, Problem, choose_from
from stack.quotas import over_quota
from stack.renames import rename_problems
from stack.settings import CommonSettings
from topologies.shared_bandwidth.mapping_rules import mapping_problems, risky_port_warnings
from topologies.shared_bandwidth.references import SECTION, address_problems
from topologies.shared_bandwidth.settings import EgressSettings, SharedBandwidthSettings

LEAST_BANDWIDTH = 1  # Mbit/s


def shared_bandwidth_problems(
    common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """Everything that the section may not say."""
    yield from _package_problems(common, section)
    yield from _gateway_problems(common, section)
    yield from _public_ip_problems(section)
    yield from mapping_problems(common, section)
    yield from _egress_problems(common, section)
    for key, entries in (
        ("publicIps", section.public_ips),
        ("portMappings", section.port_mappings),
        ("egress", section.egress),
    ):
        yield from rename_problems((SECTION, key), entries)
    yield from _quota_problems(common, section)


def shared_bandwidth_warnings(
    _common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    yield from risky_port_warnings(section)
    used = used_addresses(section)
    for name, address in section.public_ips.items():
        if not address.spare and name not in used:
            yield Problem(
                (SECTION, "publicIps", name),
                None,
                f"{name} is bound to the gateway and used by nothing",
                "map a port of it, use it for egress, or say spare: true",
            )


def used_addresses(section: SharedBandwidthSettings) -> set[str]:
    """Names of the addresses that a mapping or an egress uses."""
    mapped = {mapping.public_ip for mapping in section.port_mappings.values()}
    return mapped | egress_addresses(section)


def egress_addresses(section: SharedBandwidthSettings) -> set[str]:
    """Names of the addresses that something leaves by."""
    return {name for egress in section.egress.values() for name in egress.public_ips}


def _package_problems(
    common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    package, path = section.bandwidth_package, (SECTION, "bandwidthPackage")
    most = common.quotas.bandwidth_per_package
    if section.bandwidth is None and package.id is None:
        yield Problem(
            (SECTION, "bandwidth"),
            None,
            "a new bandwidth package needs its bandwidth in Mbit/s",
            "add bandwidth: 150, or bandwidthPackage: {id: cbwp-…} to use one that exists",
        )
    elif section.bandwidth is not None and package.id is not None:
        yield Problem(
            (SECTION, "bandwidth"),
            section.bandwidth,
            f"the package {package.id} exists and has its bandwidth already",
            "remove bandwidth, or bandwidthPackage.id",
        )
    elif section.bandwidth is not None and not LEAST_BANDWIDTH <= section.bandwidth <= most:
        yield Problem(
            (SECTION, "bandwidth"),
            section.bandwidth,
            f"a bandwidth package has {LEAST_BANDWIDTH} to {most} Mbit/s",
            f"choose a value up to {most}, or raise quotas.bandwidthPerPackage "
            "if the account's quota was raised",
        )
    yield from name_problems((*path, "name"), package.name)
    yield from description_problems((*path, "description"), package.description)


def _gateway_problems(
    common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    gateway, path = section.nat_gateway, (SECTION, "natGateway")
    yield from name_problems((*path, "name"), gateway.name)
    yield from description_problems((*path, "description"), gateway.description)
    if gateway.id is not None:
        yield from _existing_gateway_problems(section)
        return
    vswitches = common.network.vswitches
    if gateway.vswitch is None:
        rule = "a new NAT gateway lies in a vSwitch"
        remedy = f"add vswitch: {next(iter(vswitches))}, or the id of a gateway that exists"
        yield Problem((*path, "vswitch"), None, rule, remedy)
    elif gateway.vswitch not in vswitches:
        yield Problem(
            (*path, "vswitch"),
            gateway.vswitch,
            "this must name a vSwitch of network.vswitches",
            choose_from(gateway.vswitch, vswitches, "vSwitch"),
            missing=("network", "vswitches", gateway.vswitch),
        )
    else:
        yield from _capacity_problems(common, section, gateway.vswitch)
    for key, value in (
        ("forwardTableId", gateway.forward_table_id),
        ("snatTableId", gateway.snat_table_id),
    ):
        if value is not None:
            rule = "a new NAT gateway brings its own tables"
            yield Problem((*path, key), value, rule, f"remove {key}, or add the gateway's id")


def _existing_gateway_problems(section: SharedBandwidthSettings) -> Iterator[Problem]:
    gateway, path = section.nat_gateway, (SECTION, "natGateway")
    if gateway.forward_table_id is None:
        rule = "a gateway that exists is used through its DNAT table"
        yield Problem((*path, "forwardTableId"), None, rule, "add forwardTableId: ftb-…")
    if section.egress and gateway.snat_table_id is None:
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


def _capacity_problems(
    common: CommonSettings, section: SharedBandwidthSettings, vswitch: str
) -> Iterator[Problem]:
    """The gateway and each of its addresses take a private address of its vSwitch.

    Elastic IP Address, "Limits": since 2022-09-19 each EIP of a NAT gateway takes one.
    """
    cidr = parse_cidr(common.network.vswitches[vswitch].cidr)
    if cidr is None:
        return
    hosts = sum(host.vswitch == vswitch for host in common.network.hosts.values())
    bound = sum(not address.spare for address in section.public_ips.values())
    free = cidr.num_addresses - RESERVED_FIRST - RESERVED_LAST - hosts
    if free < bound + 1:
        yield Problem(
            (SECTION, "natGateway", "vswitch"),
            vswitch,
            f"the gateway and its {bound} public addresses take {bound + 1} private addresses of "
            f"its vSwitch, and {vswitch} ({cidr}) has {max(free, 0)} left beside its hosts",
            "give the gateway a larger vSwitch, or one of its own",
        )


def _public_ip_problems(section: SharedBandwidthSettings) -> Iterator[Problem]:
    ids: dict[str, str] = {}
    for name, address in section.public_ips.items():
        path = (SECTION, "publicIps", name)
        yield from description_problems((*path, "description"), address.description)
        if (address.id is None) != (address.address is None):
            key = "address" if address.address is None else "id"
            rule = "an EIP that exists is named by its id and its address together"
            yield Problem((*path, key), None, rule, f"add {key}, or remove the other to create one")
        if address.address is not None and parse_address(address.address) is None:
            rule = "an IPv4 address is needed here"
            yield Problem((*path, "address"), address.address, rule, "write it as 203.0.113.10")
        if address.id is not None:
            if address.id in ids:
                rule = f"an EIP is listed once; {ids[address.id]} is {address.id} already"
                yield Problem((*path, "id"), address.id, rule, "remove one of the two")
            ids.setdefault(address.id, name)


def _egress_problems(common: CommonSettings, section: SharedBandwidthSettings) -> Iterator[Problem]:
    whole = {m.public_ip: name for name, m in section.port_mappings.items() if m.whole}
    sources: dict[str, str] = {}
    for name, egress in section.egress.items():
        path = (SECTION, "egress", name)
        yield from _source_problems(common, egress, path)
        source = _source_of(common, egress)
        if source is not None and source in sources:
            rule = f"a source leaves by one egress entry; {sources[source]} has {source} already"
            remedy = "remove one of the two, or put all addresses into one entry"
            yield Problem(path, source, rule, remedy)
        elif source is not None:
            sources[source] = name
        yield from _egress_address_problems(section, egress, path, whole)
        if len(egress.public_ips) > common.quotas.eips_per_snat_entry:
            yield from over_quota(
                common.quotas, "eips_per_snat_entry", egress.public_ips, (*path, "publicIps")
            )


def _source_problems(
    common: CommonSettings, egress: EgressSettings, path: KeyPath
) -> Iterator[Problem]:
    if (egress.vswitch is None) == (egress.cidr is None):
        rule = "an egress has one source: a vswitch or a cidr"
        yield Problem(path, None, rule, "give one of the two")
    if egress.vswitch is not None and egress.vswitch not in common.network.vswitches:
        yield Problem(
            (*path, "vswitch"),
            egress.vswitch,
            "this must name a vSwitch of network.vswitches",
            choose_from(egress.vswitch, common.network.vswitches, "vSwitch"),
            missing=("network", "vswitches", egress.vswitch),
        )
    if egress.cidr is not None:
        problem = cidr_problem((*path, "cidr"), egress.cidr, range(8, 33))
        if problem is not None:
            yield problem


def _source_of(common: CommonSettings, egress: EgressSettings) -> str | None:
    """The range that an egress covers, as text, so that a vSwitch and its CIDR compare equal."""
    if egress.vswitch is not None:
        vswitch = common.network.vswitches.get(egress.vswitch)
        return vswitch.cidr if vswitch is not None else None
    return egress.cidr


def _egress_address_problems(
    section: SharedBandwidthSettings,
    egress: EgressSettings,
    path: KeyPath,
    whole: dict[str, str],
) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, name in enumerate(egress.public_ips):
        where = (*path, "publicIps", index)
        yield from address_problems(section, name, where)
        if name in whole:
            yield Problem(
                where,
                name,
                f"an address that is mapped whole can't be used for egress; "
                f"{whole[name]} maps all of {name}",
                f"use another address here, or give {whole[name]} a port",
            )
        if name in seen:
            yield Problem(where, name, "an address is listed once", "remove one of the two")
        seen.add(name)


def _quota_problems(common: CommonSettings, section: SharedBandwidthSettings) -> Iterator[Problem]:
    bound = [name for name, address in section.public_ips.items() if not address.spare]
    created = [name for name, address in section.public_ips.items() if address.id is None]
    for field, used, key in (
        ("dnat_entries_per_gateway", section.port_mappings, "portMappings"),
        ("snat_entries_per_gateway", section.egress, "egress"),
        ("eips_per_bandwidth_package", section.public_ips, "publicIps"),
        ("eips_per_gateway", bound, "publicIps"),
        ("eips_per_account", created, "publicIps"),
    ):
        yield from over_quota(common.quotas, field, used, (SECTION, key))
