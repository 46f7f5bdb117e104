"""The rules of port mappings: which may stand side by side on one gateway.

The cloud holds one entry for an (address, protocol, port), one for a (protocol, host, host port),
and nothing else on an address that is mapped whole. It says so only when the second entry is
created; these functions say it before, for any number of mappings in n log n steps.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from stack.naming import name_problems
from stack.ports import HIGHEST_PORT, FreePorts, PortRange
from stack.problems import Problem, choose_from
from stack.settings import CommonSettings
from topologies.nat.gateway_rules import address_problems
from topologies.nat.risky_ports import risky
from topologies.nat.settings import Protocol
from topologies.shared_bandwidth.settings import (
    SECTION,
    PortMappingSettings,
    SharedBandwidthSettings,
)

MAPPINGS = (SECTION, "portMappings")

Key = TypeVar("Key")
Named = tuple[str, PortMappingSettings]


def mapping_problems(common: CommonSettings, section: SharedBandwidthSettings) -> Iterator[Problem]:
    """Everything that the port mappings may not say."""
    for name, mapping in section.port_mappings.items():
        yield from _reference_problems(common, section, name, mapping)
        yield from _port_problems(name, mapping)
        yield from name_problems((*MAPPINGS, name, "name"), mapping.name)
    yield from _public_conflicts(section)
    yield from _host_conflicts(common, section)
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


def _public_conflicts(section: SharedBandwidthSettings) -> Iterator[Problem]:
    """Two mappings that meet on (address, protocol, port), or one beside a whole address."""
    by_address = _grouped(section.port_mappings.items(), lambda m: m.public_ip)
    for address, mappings in by_address.items():
        whole = next((name for name, mapping in mappings if mapping.whole), None)
        if whole is not None:
            for name, _ in mappings:
                if name != whole:
                    yield Problem(
                        (*MAPPINGS, name, "publicIp"),
                        address,
                        f"{whole} maps all of {address}: every port and protocol; "
                        "nothing else fits on it",
                        f"give {whole} a port, or use another address for {name}",
                    )
            continue
        for protocol, group in _grouped(mappings, lambda m: m.effective_protocol).items():
            yield from _port_conflicts(address, protocol, group)


def _port_conflicts(address: str, protocol: Protocol, group: list[Named]) -> Iterator[Problem]:
    ports = {name: mapping.port for name, mapping in group}
    gaps = FreePorts(port for port in ports.values() if port is not None)
    for first, (name, mapping) in _meetings(group, lambda m: m.port):
        free = gaps.after(mapping.port) if mapping.port is not None else None
        another = f"another port ({free} is free), " if free is not None else ""
        yield Problem(
            (*MAPPINGS, name, "port"),
            str(mapping.port),
            f"two mappings can't meet on one address and port; {first} has "
            f"{address} {protocol.value} {ports[first]} already",
            f"use {another}another address, or remove one of the two",
        )


def _host_conflicts(common: CommonSettings, section: SharedBandwidthSettings) -> Iterator[Problem]:
    """Two mappings with the same (protocol, host, host port) on one gateway."""
    known = [
        (name, mapping)
        for name, mapping in section.port_mappings.items()
        if mapping.host in common.network.hosts
    ]
    groups = _grouped(known, lambda m: (m.host, m.effective_protocol))
    for (host, protocol), group in groups.items():
        for first, (name, mapping) in _meetings(group, lambda m: m.effective_host_port):
            port = mapping.effective_host_port
            yield Problem(
                (*MAPPINGS, name, "hostPort" if mapping.host_port else "host"),
                str(port) if port is not None else host,
                f"on one gateway a host's port is mapped once; {first} goes to "
                f"{host} {protocol.value} {port if port is not None else '(all)'} already",
                "let the host listen on a second port or address for this mapping, "
                "or remove one of the two",
            )


def _security_group_problems(
    common: CommonSettings, section: SharedBandwidthSettings
) -> Iterator[Problem]:
    """A created host's own security group has a rule for each thing that is mapped to it."""
    limit = common.quotas.rules_per_security_group
    for host, mappings in _grouped(section.port_mappings.items(), lambda m: m.host).items():
        settings = common.network.hosts.get(host)
        if settings is None or settings.instance is None or settings.instance.security_groups:
            continue
        rules = {(m.effective_protocol, m.effective_host_port) for _, m in mappings}
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


def _grouped(
    mappings: Iterable[Named], key: Callable[[PortMappingSettings], Key]
) -> dict[Key, list[Named]]:
    groups: dict[Key, list[Named]] = defaultdict(list)
    for name, mapping in mappings:
        groups[key(mapping)].append((name, mapping))
    return groups


def _meetings(
    group: list[Named], ports: Callable[[PortMappingSettings], PortRange | None]
) -> Iterator[tuple[str, Named]]:
    """Each mapping whose ports meet an earlier one's, with that one's name.

    In order of first port, whoever meets anyone meets the one that reaches furthest so far.
    """
    every_port = PortRange(0, HIGHEST_PORT)
    ordered = sorted(
        ((ports(mapping) or every_port, name, mapping) for name, mapping in group),
        key=lambda item: (item[0], item[1]),
    )
    furthest: tuple[PortRange, str] | None = None
    for range_, name, mapping in ordered:
        if furthest is not None and range_.meets(furthest[0]):
            yield furthest[1], (name, mapping)
        if furthest is None or range_.last > furthest[0].last:
            furthest = (range_, name)
