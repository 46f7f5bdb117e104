"""Component resources for Alibaba Cloud's public doors, usable from any Pulumi program.

Each takes a name, one `…Args` dictionary and resource options. Children carry the component as
their parent and its name as their prefix; nothing here reads configuration, makes providers or
looks anything up.
"""

from components.ecs_host import EcsHost, EcsHostArgs, IngressRuleArgs
from components.nat_gateway import NatGateway, NatGatewayArgs
from components.network import Network, NetworkArgs, VpcArgs, VSwitchArgs
from components.port_mappings import PortMappingArgs, PortMappings, PortMappingsArgs
from components.shared_bandwidth import PublicIp, PublicIpArgs, SharedBandwidth, SharedBandwidthArgs
from components.snat_egress import SnatEgress, SnatEgressArgs, SnatEntryArgs

__all__ = [
    "EcsHost",
    "EcsHostArgs",
    "IngressRuleArgs",
    "NatGateway",
    "NatGatewayArgs",
    "Network",
    "NetworkArgs",
    "PortMappingArgs",
    "PortMappings",
    "PortMappingsArgs",
    "PublicIp",
    "PublicIpArgs",
    "SharedBandwidth",
    "SharedBandwidthArgs",
    "SnatEgress",
    "SnatEgressArgs",
    "SnatEntryArgs",
    "VSwitchArgs",
    "VpcArgs",
]
