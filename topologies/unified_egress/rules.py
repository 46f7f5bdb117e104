"""The rules of the `unifiedEgress` section that concern its gateway, addresses and egress.

Pure functions from settings to problems. What a server may be is in `server_rules`.
"""

from collections.abc import Iterable, Iterator, Mapping

from stack.naming import rename_problems
from stack.problems import KeyPath, Problem
from stack.quotas import over_quota
from stack.settings import CommonSettings, Sections, StackSettings
from topologies.nat.rules import (
    address_problems,
    capacity_problems,
    egress_problems,
    gateway_problems,
    line_problems,
    nested_source_warnings,
    package_problems,
    placed_egress,
    public_ip_problems,
)
from topologies.nat.settings import PackageSettings
from topologies.shared_bandwidth.settings import SECTION as SHARED_SECTION
from topologies.shared_bandwidth.settings import SHARED_BANDWIDTH, SharedBandwidthSettings
from topologies.unified_egress.gateway import (
    egress_addresses,
    gateway_egress,
    shared_gateway,
    shared_section,
)
from topologies.unified_egress.server_rules import server_problems, server_warnings
from topologies.unified_egress.settings import SECTION, UnifiedEgressSettings


def unified_egress_problems(
    settings: StackSettings, section: UnifiedEgressSettings
) -> Iterator[Problem]:
    """Everything that the section may not say."""
    common, sections = settings.common, settings.sections
    yield from _gateway_problems(common, section, sections)
    yield from _package_problems(common, section, sections)
    yield from public_ip_problems((SECTION, "publicIps"), section.public_ips)
    yield from _egress_problems(common, section, sections)
    yield from server_problems(common, section, sections)
    for key, renamed in (
        ("publicIps", section.public_ips),
        ("egress", section.egress),
        ("servers", section.servers),
    ):
        yield from rename_problems((SECTION, key), renamed)
    yield from _quota_problems(common, section, sections)


def unified_egress_warnings(
    settings: StackSettings, section: UnifiedEgressSettings
) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    common, sections = settings.common, settings.sections
    if section.nat_gateway is not None and shared_section(sections) is not None:
        yield Problem(
            (SECTION, "natGateway"),
            None,
            "this VPC gets two NAT gateways, and its default route leads to one of them: what is "
            "to leave by the other needs a route table of its own, which isn't built here",
            f"remove natGateway: the gateway of {SHARED_SECTION} is used then",
        )
    for warning in nested_source_warnings(common, gateway_egress(section, sections)):
        if warning.path[0] == SECTION:
            yield warning
    used = {**section.server_ips, **section.egress_ips}
    for name, address in section.public_ips.items():
        if not address.spare and name not in used:
            yield Problem(
                (SECTION, "publicIps", name),
                None,
                f"{name} is used by nothing",
                "give it to a server, use it for egress, or say spare: true",
            )
    yield from server_warnings(common, section)


def _gateway_problems(
    common: CommonSettings, section: UnifiedEgressSettings, sections: Sections
) -> Iterator[Problem]:
    path: KeyPath = (SECTION, "natGateway")
    if section.nat_gateway is None:
        yield from _shared_gateway_problems(common, section, sections)
        return
    yield from gateway_problems(
        common, path, section.nat_gateway, dnat=False, snat=bool(section.egress)
    )
    if section.nat_gateway.id is None and section.nat_gateway.vswitch is not None:
        yield from capacity_problems(
            common,
            (*path, "vswitch"),
            section.nat_gateway.vswitch,
            bound=len(section.egress_ips),
            others=_eni_addresses(section, section.nat_gateway.vswitch),
        )


def _shared_gateway_problems(
    common: CommonSettings, section: UnifiedEgressSettings, sections: Sections
) -> Iterator[Problem]:
    shared = shared_section(sections)
    if shared is None:
        chosen = SHARED_BANDWIDTH in common.topology  # what it lacks then is reported as such
        vswitch = next(iter(common.network.vswitches), "apps")
        yield Problem(
            (SECTION, "natGateway"),
            None,
            "servers leave by a NAT gateway: one of this section, or sharedBandwidth's",
            f"add natGateway: {{vswitch: {vswitch}}}, or {SHARED_BANDWIDTH} to topology",
            missing=(SHARED_SECTION,) if chosen else None,
        )
        return
    gateway = shared.nat_gateway
    if section.egress and gateway.id is not None and gateway.snat_table_id is None:
        yield Problem(
            (SECTION, "egress"),
            None,
            "egress on a gateway that exists goes through its SNAT table",
            f"add snatTableId: stb-… to {SHARED_SECTION}.natGateway",
        )
    if gateway.id is None and gateway.vswitch is not None:
        yield from capacity_problems(
            common,
            (SECTION, "publicIps"),
            gateway.vswitch,
            bound=len(_bound_to_shared(section, shared)),
            others=_eni_addresses(section, gateway.vswitch),
        )


def _package_problems(
    common: CommonSettings, section: UnifiedEgressSettings, sections: Sections
) -> Iterator[Problem]:
    shared = shared_gateway(section, sections)
    package = section.bandwidth_package
    described = package != PackageSettings()
    if shared is not None:
        yield from line_problems(
            SHARED_SECTION, shared.bandwidth_package, SECTION, section.public_ips
        )
        for key, value, said in (
            ("bandwidth", section.bandwidth, section.bandwidth is not None),
            ("bandwidthPackage", package.id, described),
        ):
            if said:
                rule = f"addresses on the gateway of {SHARED_SECTION} are in its bandwidth package"
                yield Problem((SECTION, key), value, rule, f"remove {key}, or add a natGateway")
    elif section.packed or described:
        yield from package_problems(common, (SECTION,), section.bandwidth, package)
        yield from line_problems(SECTION, package, SECTION, section.public_ips)
    if shared is not None or section.packed:
        rule = "an address in a bandwidth package shares its bandwidth"
        yield from _bandwidth_problems(section, rule, section.public_ips)
        return
    existing = [name for name, address in section.public_ips.items() if address.id is not None]
    yield from _bandwidth_problems(section, "an EIP that exists keeps its bandwidth", existing)
    for path, egress in placed_egress(SECTION, section.egress):
        if len(egress.public_ips) > 1:
            yield Problem(
                (*path, "publicIps"),
                ", ".join(egress.public_ips),
                "several addresses of one egress share a bandwidth package",
                f"add bandwidth (Mbit/s) to {SECTION}, or leave by one address",
            )


def _bandwidth_problems(
    section: UnifiedEgressSettings, rule: str, names: Iterable[str]
) -> Iterator[Problem]:
    for name in names:
        bandwidth = section.public_ips[name].bandwidth
        if bandwidth is not None:
            path = (SECTION, "publicIps", name, "bandwidth")
            yield Problem(path, bandwidth, rule, "remove bandwidth")


def _egress_problems(
    common: CommonSettings, section: UnifiedEgressSettings, sections: Sections
) -> Iterator[Problem]:
    addresses, shared = egress_addresses(section, sections), shared_gateway(section, sections)
    entries = placed_egress(SECTION, section.egress)
    yield from egress_problems(
        common,
        entries,
        lambda name, path: address_problems(addresses, (_owner(section, name),), name, path),
        shared.mapped_whole if shared is not None else {},
    )


def _owner(section: UnifiedEgressSettings, address: str) -> str:
    known = address in section.public_ips or section.nat_gateway is not None
    return SECTION if known else SHARED_SECTION


def _bound_to_shared(
    section: UnifiedEgressSettings, shared: SharedBandwidthSettings
) -> Mapping[str, None]:
    """Names of every address that is bound to the shared gateway."""
    return dict.fromkeys([*shared.bound, *section.egress_ips])


def _eni_addresses(section: UnifiedEgressSettings, vswitch: str) -> int:
    """How many addresses of a vSwitch network interfaces take."""
    return sum(
        1 + len(server.eni.secondary_ips)
        for server in section.servers.values()
        if server.eni.vswitch == vswitch
    )


def _quota_problems(
    common: CommonSettings, section: UnifiedEgressSettings, sections: Sections
) -> Iterator[Problem]:
    """What is over a quota, alone or with the section that shares it, which tells of itself."""
    addresses, shared = section.public_ips, shared_section(sections)
    created = [name for name, address in addresses.items() if address.id is None]
    bound = list(section.egress_ips)
    packed = list(addresses) if section.packed else []
    entries = list(section.egress)
    if shared is not None:
        created += [name for name, address in shared.public_ips.items() if address.id is None]
    if (on := shared_gateway(section, sections)) is not None:
        bound = list(_bound_to_shared(section, on))
        packed = [*addresses, *on.public_ips]
        entries += on.egress
    for field, own, used, key in (
        ("snat_entries_per_gateway", section.egress, entries, "egress"),
        ("eips_per_bandwidth_package", addresses, packed, "publicIps"),
        ("eips_per_gateway", section.egress_ips, bound, "publicIps"),
        ("eips_per_account", addresses, created, "publicIps"),
    ):
        if own:
            yield from over_quota(common.quotas, field, used, (SECTION, key))
