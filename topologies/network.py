"""The stack's networks and created hosts: what every topology's resources stand on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from components import (
    EcsHost,
    EcsHostArgs,
    IngressRuleArgs,
    Network,
    NetworkArgs,
    VpcArgs,
    VSwitchArgs,
)
from stack.naming import cloud_name, resource_name
from stack.network import HostSettings, InstanceSettings, VpcSettings, VSwitchSettings
from stack.network_claims import component_of_network
from stack.reach import Exposure, InsideWay, Reach
from stack.settings import StackSettings
from topologies.regions import Regions
from topologies.renames import renamed


@dataclass(frozen=True)
class BuiltNetworks:
    """The networks as topologies use them: ids and addresses by the stack file's names."""

    vpc_ids: Mapping[str | None, pulumi.Output[str]]
    """By the network's name; None is the name of the stack's own."""

    route_table_ids: Mapping[str | None, pulumi.Output[str]]
    """System route tables, of the networks whose is known."""

    vswitch_ids: Mapping[str, pulumi.Output[str]]
    vswitch_urns: Mapping[str, pulumi.Output[str]]
    """URNs of the vSwitches that are created."""

    networks: Sequence[pulumi.Resource]
    """What may stand in any of them is registered after all of them (docs/adr/0020)."""

    hosts: Sequence[pulumi.Resource]
    """Created hosts: what may be moved between them is registered after all of them."""

    host_ips: Mapping[str, pulumi.Input[str]]
    """Private addresses; of a created host, known once its instance has it."""

    instance_ids: Mapping[str, pulumi.Input[str]]
    """ECS instance ids, of the hosts whose instance is known."""

    security_group_ids: Mapping[str, pulumi.Output[str]]
    """Of created hosts: the security groups that were created for them, by host."""

    def outputs(self) -> dict[str, Any]:
        """What other stacks, and people, ask for: ids by name."""
        named = {name: one for name, one in self.vpc_ids.items() if name is not None}
        tables = {name: one for name, one in self.route_table_ids.items() if name is not None}
        found: dict[str, Any] = {
            "vpcId": self.vpc_ids.get(None),
            "vpcIds": named,
            "routeTableId": self.route_table_ids.get(None),
            "routeTableIds": tables,
            "vswitchIds": self.vswitch_ids,
            "instanceIds": self.instance_ids,
            "hostSecurityGroupIds": self.security_group_ids,
        }
        return {
            name: value
            for name, value in found.items()
            if (value if isinstance(value, Mapping) else value is not None)
        }

    def created(self, vswitches: Iterable[str]) -> list[pulumi.Output[str]]:
        """URNs of those of these vSwitches that are created."""
        return [self.vswitch_urns[name] for name in vswitches if name in self.vswitch_urns]

    @property
    def vpc_id(self) -> pulumi.Output[str]:
        """The id of the stack's own VPC."""
        return self.vpc_ids[None]


def build_networks(settings: StackSettings, regions: Regions, opened: Reach) -> BuiltNetworks:
    """Register the networks, and the hosts that the stack file asks for.

    Args:
        settings: the whole stack's.
        regions: the providers.
        opened: every way in; a created host's security group lets in what leads to it.
    """
    networks = {name: _network(settings, regions, name) for name in settings.common.every_network}
    built = BuiltNetworks(
        vpc_ids={name: one.vpc_id for name, one in networks.items()},
        route_table_ids={
            name: one.route_table_id
            for name, one in networks.items()
            if one.route_table_id is not None
        },
        vswitch_ids={
            key: id_ for network in networks.values() for key, id_ in network.vswitch_ids.items()
        },
        vswitch_urns={
            key: urn for network in networks.values() for key, urn in network.vswitch_urns.items()
        },
        networks=[*networks.values()],
        hosts=[],
        host_ips={},
        instance_ids={},
        security_group_ids={},
    )
    return _with_hosts(settings, regions, opened, built)


def _network(settings: StackSettings, regions: Regions, name: str | None) -> Network:
    section, stack = settings.common.every_network[name], settings.stack
    vpc_name = cloud_name(stack, "vpc" if name is None else name, section.vpc.name)
    return Network(
        component_of_network(name),
        NetworkArgs(
            vpc=_vpc(vpc_name, section.vpc),
            vswitches={key: _vswitch(stack, key, v) for key, v in section.vswitches.items()},
            tags=settings.common.tags,
        ),
        regions.options(settings.region_of(name), _renamed(settings, name)),
    )


def _renamed(settings: StackSettings, name: str | None) -> pulumi.ResourceOptions | None:
    return renamed(settings.common.networks[name].was, "networks") if name is not None else None


def _with_hosts(
    settings: StackSettings, regions: Regions, opened: Reach, built: BuiltNetworks
) -> BuiltNetworks:
    host_ips: dict[str, pulumi.Input[str]] = {}
    instance_ids: dict[str, pulumi.Input[str]] = {}
    groups: dict[str, pulumi.Output[str]] = {}
    made: list[EcsHost] = []
    for key, (name, host) in sorted(settings.common.every_host.items()):
        if host.instance is None:
            host_ips[key] = host.ip
            if host.instance_id is not None:
                instance_ids[key] = host.instance_id
            continue
        arguments = _host(settings, key, host, host.instance, built)
        if host.instance.security_groups is None:
            arguments["ingress"] = {
                **ingress(way for way in opened.exposure if way.host == key),
                **_inside(way for way in opened.inside if way.host == key),
            }
        options = regions.options(settings.region_of(name), renamed(host.was, "host"))
        created = EcsHost(f"host-{key}", arguments, options)
        made.append(created)
        host_ips[key] = created.private_ip
        instance_ids[key] = created.instance_id
        if created.security_group_id is not None:
            groups[key] = created.security_group_id
    return replace(
        built, hosts=made, host_ips=host_ips, instance_ids=instance_ids, security_group_ids=groups
    )


def ingress(ways_in: Iterable[Exposure]) -> dict[str, IngressRuleArgs]:
    """Security group rules for what is mapped to one host.

    Named by what they let in, not by mapping: the cloud takes two equal rules for one, so a rule
    that changed its name with its mapping would be deleted together with its successor.
    """
    rules: dict[str, IngressRuleArgs] = {}
    for way in ways_in:
        if way.host_port is None:
            rules["all"] = IngressRuleArgs(ip_protocol="all", port_range="-1/-1")
        else:
            rules[f"{way.protocol}-{way.host_port}"] = IngressRuleArgs(
                ip_protocol=way.protocol, port_range=way.host_port.ends
            )
    return rules


def _inside(ways: Iterable[InsideWay]) -> dict[str, IngressRuleArgs]:
    return {
        f"{way.protocol}-{way.port}-{way.source.replace('/', '-')}": IngressRuleArgs(
            ip_protocol=way.protocol, port_range=f"{way.port}/{way.port}", cidr_ip=way.source
        )
        for way in ways
    }


def _vpc(name: str, vpc: VpcSettings) -> VpcArgs:
    if vpc.id is not None:
        return VpcArgs(vpc_id=vpc.id, route_table_id=vpc.route_table)
    if vpc.cidr is None:
        message = "the rules let no VPC pass without cidr or id"
        raise AssertionError(message)
    return VpcArgs(vpc_name=name, cidr_block=vpc.cidr)


def _vswitch(stack: str, key: str, vswitch: VSwitchSettings) -> VSwitchArgs:
    return VSwitchArgs(
        vswitch_name=cloud_name(stack, key, vswitch.name),
        cidr_block=vswitch.cidr,
        zone_id=vswitch.zone,
        vswitch_id=vswitch.id,
        was=vswitch.was,
    )


def _host(
    settings: StackSettings,
    key: str,
    host: HostSettings,
    instance: InstanceSettings,
    networks: BuiltNetworks,
) -> EcsHostArgs:
    name, _ = settings.common.network_of_host(key) or (None, None)
    return EcsHostArgs(
        vpc_id=networks.vpc_ids[name],
        vswitch_id=networks.vswitch_ids[host.vswitch],
        private_ip=host.ip,
        instance_type=instance.type,
        image_id=instance.image,
        instance_name=resource_name(settings.stack, key),
        key_pair_name=instance.key_pair,
        system_disk_category=instance.disk.value,
        security_group_ids=instance.security_groups,
        tags=settings.common.tags,
    )
