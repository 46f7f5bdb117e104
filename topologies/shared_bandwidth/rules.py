"""The rules of the `sharedBandwidth` section: pure functions from settings to problems.

What port mappings may do is in `mapping_rules`; what any gateway may do is in `topologies.nat`.
"""

from collections.abc import Iterator

from stack.naming import rename_problems
from stack.problems import Problem
from stack.quotas import over_quota
from stack.settings import CommonSettings, StackSettings
from topologies.nat.egress_rules import (
    egress_problems,
    equal_source_problems,
    nested_source_warnings,
    placed_egress,
)
from topologies.nat.gateway_rules import (
    address_problems,
    capacity_problems,
    gateway_problems,
    package_problems,
    public_ip_problems,
)
from topologies.shared_bandwidth.mapping_rules import mapping_problems, risky_port_warnings
from topologies.shared_bandwidth.settings import SECTION, SharedBandwidthSettings


def shared_bandwidth_problems(
    settings: StackSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """Everything that the section may not say."""
    common = settings.common
    gateway, addresses = section.nat_gateway, section.public_ips
    yield from package_problems(common, (SECTION,), section.bandwidth, section.bandwidth_package)
    yield from gateway_problems(
        common, (SECTION, "natGateway"), gateway, dnat=True, snat=bool(section.egress)
    )
    if gateway.id is None and gateway.vswitch is not None:
        path, bound = (SECTION, "natGateway", "vswitch"), len(section.bound)
        yield from capacity_problems(common, path, gateway.vswitch, bound=bound)
    yield from public_ip_problems((SECTION, "publicIps"), addresses)
    yield from _bound_problems(section)
    yield from mapping_problems(common, section)
    entries = placed_egress(SECTION, section.egress)
    yield from egress_problems(
        common,
        entries,
        lambda name, path: address_problems(addresses, (SECTION,), name, path),
        section.mapped_whole,
    )
    yield from equal_source_problems(common, entries)
    for key, renamed in (
        ("publicIps", addresses),
        ("portMappings", section.port_mappings),
        ("egress", section.egress),
    ):
        yield from rename_problems((SECTION, key), renamed)
    yield from _quota_problems(common, section)


def shared_bandwidth_warnings(
    settings: StackSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    common = settings.common
    yield from risky_port_warnings(section)
    yield from nested_source_warnings(common, placed_egress(SECTION, section.egress))
    used = {mapping.public_ip for mapping in section.port_mappings.values()}
    used |= {name for egress in section.egress.values() for name in egress.public_ips}
    for name in section.bound:
        if name not in used and not section.public_ips[name].acknowledged:
            yield Problem(
                (SECTION, "publicIps", name),
                None,
                f"{name} is bound to the gateway and used by nothing",
                "map a port of it, use it for egress, say spare: true, or, where other stacks use "
                "it, acknowledged: true",
            )


def _bound_problems(section: SharedBandwidthSettings) -> Iterator[Problem]:
    """Addresses that another stack has bound."""
    for name, address in section.public_ips.items():
        if not address.bound:
            continue
        path = (SECTION, "publicIps", name, "bound")
        if address.id is None:
            rule = "an address that is bound already is one that exists"
            yield Problem(path, "true", rule, "add its id and its address, or remove bound")
        if address.spare:
            rule = "an address that is bound already isn't spare"
            yield Problem(path, "true", rule, "remove one of the two")
        if section.nat_gateway.id is None:
            rule = "nothing is bound already to a gateway that is created here"
            yield Problem(path, "true", rule, "remove bound, or give the gateway's id")


def _quota_problems(common: CommonSettings, section: SharedBandwidthSettings) -> Iterator[Problem]:
    created = [name for name, address in section.public_ips.items() if address.id is None]
    for field, used, key in (
        ("dnat_entries_per_gateway", section.port_mappings, "portMappings"),
        ("snat_entries_per_gateway", section.egress, "egress"),
        ("eips_per_bandwidth_package", section.public_ips, "publicIps"),
        ("eips_per_gateway", section.bound, "publicIps"),
        ("eips_per_account", created, "publicIps"),
    ):
        yield from over_quota(common.quotas, field, used, (SECTION, key))
