"""Component resources for Alibaba Cloud's public doors, usable from any Pulumi program.

Each takes a name, one `…Args` dictionary and resource options. Children carry the component as
their parent and its name as their prefix; nothing here reads configuration, makes providers or
looks anything up.
"""

from components.ecs_host import EcsHost, EcsHostArgs
from components.eip import EipArgs, PublicIp
from components.eip_addresses import EipAddresses, EipAddressesArgs, GatewayEipArgs
from components.eni_attachment import EniAttachment, EniAttachmentArgs
from components.eni_public_ips import EniPublicIpArgs, EniPublicIps, EniPublicIpsArgs
from components.eni_routing import EniRouting, EniRoutingArgs
from components.nat_gateway import NatGateway, NatGatewayArgs
from components.network import Network, NetworkArgs, VpcArgs, VSwitchArgs
from components.port_mappings import PortMappingArgs, PortMappings, PortMappingsArgs
from components.security_group import IngressRuleArgs
from components.shared_bandwidth import PublicIpArgs, SharedBandwidth, SharedBandwidthArgs
from components.snat_egress import SnatEgress, SnatEgressArgs, SnatEntryArgs

__all__ = [
    "EcsHost",
    "EcsHostArgs",
    "EipAddresses",
    "EipAddressesArgs",
    "EipArgs",
    "EniAttachment",
    "EniAttachmentArgs",
    "EniPublicIpArgs",
    "EniPublicIps",
    "EniPublicIpsArgs",
    "EniRouting",
    "EniRoutingArgs",
    "GatewayEipArgs",
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
