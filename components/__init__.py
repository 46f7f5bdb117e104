"""Component resources for Alibaba Cloud's public doors, usable from any Pulumi program.

Each takes a name, one `…Args` dictionary and resource options. Children carry the component as
their parent and its name as their prefix; nothing here reads configuration, makes providers or
looks anything up.

An optional argument that takes None takes it for not given.

Types of the provider's larger modules stand in quotes: evaluated, they would load those modules
into every program, a tenth of a second and more each.
"""

# First: how all others load the provider.
import components.by_resource  # noqa: F401  # pyright: ignore[reportUnusedImport]
from components.api import Api, ApiArgs, ApiBindingArgs
from components.api_access_control import (
    ApiAccessControl,
    ApiAccessControlArgs,
    ApiAccessEntryArgs,
)
from components.api_access_log import ApiAccessLog, ApiAccessLogArgs
from components.api_app import ApiApp, ApiAppArgs
from components.api_definition import (
    ApiBackendArgs,
    ApiConstantParameterArgs,
    ApiFunctionBackendArgs,
    ApiHttpBackendArgs,
    ApiMockBackendArgs,
    ApiRequestArgs,
    ApiRequestParameterArgs,
    ApiSystemParameterArgs,
    ApiVpcBackendArgs,
)
from components.api_group import ApiGroup, ApiGroupArgs
from components.api_instance import (
    ApiGatewayInstance,
    ApiGatewayInstanceArgs,
    ApiIngressArgs,
)
from components.api_plugin import ApiPlugin, ApiPluginArgs
from components.api_vpc_access import ApiVpcAccess, ApiVpcAccessArgs
from components.basic_cen import BasicCen, BasicCenArgs, CenServiceArgs
from components.cen import CenAttachmentArgs, CenBandwidthPackageArgs, CenLinkArgs
from components.data_center_vpn import (
    DataCenterRouteArgs,
    DataCenterVpn,
    DataCenterVpnArgs,
    VpnGatewayArgs,
)
from components.ecs_host import EcsHost, EcsHostArgs
from components.eip import EipArgs, PublicIp
from components.eip_addresses import EipAddresses, EipAddressesArgs, GatewayEipArgs
from components.eni_attachment import EniAttachment, EniAttachmentArgs
from components.eni_public_ips import EniPublicIpArgs, EniPublicIps, EniPublicIpsArgs
from components.eni_routing import EniRouting, EniRoutingArgs
from components.function import Function, FunctionArgs, FunctionVpcArgs
from components.function_invoker import FunctionInvoker, FunctionInvokerArgs
from components.function_network_role import (
    FunctionNetworkPolicyArgs,
    FunctionNetworkRole,
    FunctionNetworkRoleArgs,
)
from components.intranet_load_balancer import (
    IntranetLoadBalancer,
    IntranetLoadBalancerArgs,
    LoadBalancerListenerArgs,
    LoadBalancerServerArgs,
)
from components.nat_gateway import NatGateway, NatGatewayArgs
from components.network import Network, NetworkArgs, VpcArgs, VSwitchArgs
from components.port_mappings import PortMappingArgs, PortMappings, PortMappingsArgs
from components.router_services import RouterServiceArgs
from components.security_group import IngressRuleArgs
from components.shared_bandwidth import PublicIpArgs, SharedBandwidth, SharedBandwidthArgs
from components.snat_egress import SnatEgress, SnatEgressArgs, SnatEntryArgs
from components.transit_routers import (
    RouterAttachmentArgs,
    RouterLinkArgs,
    TransitRouters,
    TransitRoutersArgs,
)

__all__ = [
    "Api",
    "ApiAccessControl",
    "ApiAccessControlArgs",
    "ApiAccessEntryArgs",
    "ApiAccessLog",
    "ApiAccessLogArgs",
    "ApiApp",
    "ApiAppArgs",
    "ApiArgs",
    "ApiBackendArgs",
    "ApiBindingArgs",
    "ApiConstantParameterArgs",
    "ApiFunctionBackendArgs",
    "ApiGatewayInstance",
    "ApiGatewayInstanceArgs",
    "ApiGroup",
    "ApiGroupArgs",
    "ApiHttpBackendArgs",
    "ApiIngressArgs",
    "ApiMockBackendArgs",
    "ApiPlugin",
    "ApiPluginArgs",
    "ApiRequestArgs",
    "ApiRequestParameterArgs",
    "ApiSystemParameterArgs",
    "ApiVpcAccess",
    "ApiVpcAccessArgs",
    "ApiVpcBackendArgs",
    "BasicCen",
    "BasicCenArgs",
    "CenAttachmentArgs",
    "CenBandwidthPackageArgs",
    "CenLinkArgs",
    "CenServiceArgs",
    "DataCenterRouteArgs",
    "DataCenterVpn",
    "DataCenterVpnArgs",
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
    "Function",
    "FunctionArgs",
    "FunctionInvoker",
    "FunctionInvokerArgs",
    "FunctionNetworkPolicyArgs",
    "FunctionNetworkRole",
    "FunctionNetworkRoleArgs",
    "FunctionVpcArgs",
    "GatewayEipArgs",
    "IngressRuleArgs",
    "IntranetLoadBalancer",
    "IntranetLoadBalancerArgs",
    "LoadBalancerListenerArgs",
    "LoadBalancerServerArgs",
    "NatGateway",
    "NatGatewayArgs",
    "Network",
    "NetworkArgs",
    "PortMappingArgs",
    "PortMappings",
    "PortMappingsArgs",
    "PublicIp",
    "PublicIpArgs",
    "RouterAttachmentArgs",
    "RouterLinkArgs",
    "RouterServiceArgs",
    "SharedBandwidth",
    "SharedBandwidthArgs",
    "SnatEgress",
    "SnatEgressArgs",
    "SnatEntryArgs",
    "TransitRouters",
    "TransitRoutersArgs",
    "VSwitchArgs",
    "VpcArgs",
    "VpnGatewayArgs",
]
