"""The rules of the `sharedBandwidth` section: pure functions from settings to problems.

What any gateway may do is in `topologies.nat`; what only one entry can have, in `claims`.
"""

from collections import defaultdict
from collections.abc import Iterator

from stack.naming import name_problems, rename_problems
from stack.ports import HIGHEST_PORT, PortRange
from stack.problems import Problem, choose_from
from stack.quotas import over_quota
from stack.settings import CommonSettings, StackSettings
from topologies.nat.risky_ports import risky
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
from topologies.nat.settings import Protocol
from topologies.shared_bandwidth.settings import (
    MAPPINGS,
    SECTION,
    PortMappingSettings,
    SharedBandwidthSettings,
)

_TOLD = 5  # names of one report


def shared_bandwidth_problems(
    settings: StackSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """Everything that the section may not say."""
    common = settings.common
    gateway, addresses = section.nat_gateway, section.public_ips
    yield from package_problems(common, (SECTION,), section.bandwidth, section.bandwidth_package)
    yield from line_problems(SECTION, section.bandwidth_package, SECTION, addresses)
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
    yield from _absent_server_warnings(common, section)
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


def _absent_server_warnings(
    common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """Servers that ports are mapped to and that can't be there yet, in one report."""
    network = common.network
    if network.vpc.id is not None:
        return
    absent = [
        name
        for name in sorted({mapping.host for mapping in section.port_mappings.values()})
        if (host := network.hosts.get(name)) is not None
        and host.instance is None
        and host.instance_id is None
    ]
    if absent:
        rule = "ports are mapped to servers that nothing creates, in a VPC that is created here"
        remedy = (
            "add instance to have them created, or instanceId once they are there; a VPC that "
            "exists is named by its id"
        )
        more = f" and {len(absent) - _TOLD} more" if len(absent) > _TOLD else ""
        yield Problem(("network", "hosts"), ", ".join(absent[:_TOLD]) + more, rule, remedy)


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


def mapping_problems(common: CommonSettings, section: SharedBandwidthSettings) -> Iterator[Problem]:
    """Everything that the port mappings may not say."""
    for name, mapping in section.port_mappings.items():
        yield from _reference_problems(common, section, name, mapping)
        yield from _port_problems(name, mapping)
        yield from name_problems((*MAPPINGS, name, "name"), mapping.name)
    yield from _security_group_problems(common, section)


def risky_port_warnings(section: SharedBandwidthSettings) -> Iterator[Problem]:
    """Risky ports that are open to the world without a word."""
    for name, mapping in section.port_mappings.items():
        if mapping.acknowledged:
            continue
        remedy = f"narrow it down, or say acknowledged: true in {name}"
        if mapping.port is None:
            rule = f"{name} opens every port of {mapping.host} to the internet, SSH included"
            yield Problem((*MAPPINGS, name), mapping.public_ip, rule, remedy)
            continue
        found = list(risky(mapping.effective_protocol, mapping.port))
        if found:
            rule = f"{name} opens {', '.join(found)} of {mapping.host} to the internet"
            yield Problem((*MAPPINGS, name, "port"), str(mapping.port), rule, remedy)


def _reference_problems(
    common: CommonSettings,
    section: SharedBandwidthSettings,
    name: str,
    mapping: PortMappingSettings,
) -> Iterator[Problem]:
    path = (*MAPPINGS, name)
    where = (*path, "publicIp")
    yield from address_problems(section.public_ips, (SECTION,), mapping.public_ip, where)
    if mapping.host not in common.network.hosts:
        yield Problem(
            (*path, "host"),
            mapping.host,
            "this must name a host of network.hosts",
            choose_from(mapping.host, common.network.hosts, "host"),
            missing=("network", "hosts", mapping.host),
        )


def _port_problems(name: str, mapping: PortMappingSettings) -> Iterator[Problem]:
    path = (*MAPPINGS, name)
    if mapping.port is None:
        if mapping.protocol is not None and mapping.protocol is not Protocol.ANY:
            rule = "without a port the whole address is mapped, whatever the protocol"
            remedy = f"add a port (1-65535 for all of {mapping.protocol.value}), or remove protocol"
            yield Problem((*path, "protocol"), mapping.protocol.value, rule, remedy)
        if mapping.host_port is not None:
            rule = "a hostPort needs a port"
            yield Problem((*path, "hostPort"), str(mapping.host_port), rule, "add the public port")
        return
    if mapping.protocol is Protocol.ANY:
        rule = "a port belongs to one protocol; any is for whole addresses"
        remedy = "write tcp or udp; for both, make two mappings"
        yield Problem((*path, "protocol"), "any", rule, remedy)
    if mapping.host_port is not None and mapping.host_port.size != mapping.port.size:
        last = mapping.host_port.first + mapping.port.size - 1
        rule = (
            f"the two ranges are equally long; port has {mapping.port.size} "
            f"and hostPort {mapping.host_port.size}"
        )
        remedy = "make them equally long"
        if last <= HIGHEST_PORT:
            remedy = f"write hostPort: {PortRange(mapping.host_port.first, last)}"
        yield Problem((*path, "hostPort"), str(mapping.host_port), rule, remedy)


def _security_group_problems(
    common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """A created host's own security group has a rule for each thing that is mapped to it."""
    limit = common.quotas.rules_per_security_group
    by_host = defaultdict[str, list[PortMappingSettings]](list)
    for mapping in section.port_mappings.values():
        by_host[mapping.host].append(mapping)
    for host, mappings in by_host.items():
        settings = common.network.hosts.get(host)
        if settings is None or settings.instance is None or settings.instance.security_groups:
            continue
        rules = {(m.effective_protocol, m.effective_host_port) for m in mappings}
        if len(rules) > limit:
            yield Problem(
                MAPPINGS,
                f"{len(rules)} mappings to {host}",
                f"the quota rulesPerSecurityGroup allows {limit}, and {host}'s own security group "
                f"needs {len(rules)} rules for what is mapped to it",
                f"join ports into ranges, give {host} securityGroups of its own, or have the quota "
                "raised in the Quota Center and say so: "
                f"quotas: {{rulesPerSecurityGroup: {len(rules)}}}",
            )
