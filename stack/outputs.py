"""What a stack puts out, known from its settings: names, and what kind of value each will be.

The program's outputs are a function of its settings, and this is that function without the values.
The names are a promise: other stacks refer to them. A test compares them with what is built.
"""

from collections.abc import Iterable
from typing import Any

from stack.ids import INSTANCE, OTHER, ROUTE_TABLE, SECURITY_GROUP, VPC, VSWITCH, OutputKinds
from stack.settings import CommonSettings, StackSettings
from stack.topology import Topology


def outputs_of_settings(
    settings: StackSettings, topologies: Iterable[Topology[Any]]
) -> OutputKinds:
    """Everything that the stack puts out. Maps of several topologies under one name are joined."""
    found: OutputKinds = {"tier": OTHER, **_network_outputs(settings.common)}
    for topology in topologies:
        if topology.name in settings.sections:
            section = settings.sections[topology.name]
            for name, value in topology.outputs(settings, section).items():
                before = found.get(name)
                if isinstance(before, dict) and isinstance(value, dict):
                    found[name] = {**before, **value}
                else:
                    found[name] = value
    return found


def _network_outputs(common: CommonSettings) -> OutputKinds:
    found: OutputKinds = {}
    if common.network.exists:
        found["vpcId"] = VPC
    if common.networks:
        found["vpcIds"] = dict.fromkeys(common.networks, VPC)
    tables = [
        name
        for name, network in common.every_network.items()
        if network.vpc.id is None or network.vpc.route_table is not None
    ]
    if None in tables:
        found["routeTableId"] = ROUTE_TABLE
    others = [name for name in tables if name is not None]
    if others:
        found["routeTableIds"] = dict.fromkeys(others, ROUTE_TABLE)
    networks = common.every_network.values()
    hosts = {name: host for network in networks for name, host in network.hosts.items()}
    for output, kind, names in (
        ("vswitchIds", VSWITCH, [name for network in networks for name in network.vswitches]),
        ("instanceIds", INSTANCE, [n for n, h in hosts.items() if h.instance or h.instance_id]),
        (
            "hostSecurityGroupIds",
            SECURITY_GROUP,
            [n for n, h in hosts.items() if h.instance and h.instance.security_groups is None],
        ),
    ):
        if names:
            found[output] = dict.fromkeys(names, kind)
    return found
