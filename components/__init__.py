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
from components.alarm import Alarm as Alarm
from components.alarm import AlarmArgs as AlarmArgs
from components.api import Api as Api
from components.api import ApiArgs as ApiArgs
from components.api import ApiBindingArgs as ApiBindingArgs
from components.api_access_control import ApiAccessControl as ApiAccessControl
from components.api_access_control import ApiAccessControlArgs as ApiAccessControlArgs
from components.api_access_control import ApiAccessEntryArgs as ApiAccessEntryArgs
from components.api_access_log import ApiAccessLog as ApiAccessLog
from components.api_access_log import ApiAccessLogArgs as ApiAccessLogArgs
from components.api_app import ApiApp as ApiApp
from components.api_app import ApiAppArgs as ApiAppArgs
from components.api_definition import ApiBackendArgs as ApiBackendArgs
from components.api_definition import ApiConstantParameterArgs as ApiConstantParameterArgs
from components.api_definition import ApiFunctionBackendArgs as ApiFunctionBackendArgs
from components.api_definition import ApiHttpBackendArgs as ApiHttpBackendArgs
from components.api_definition import ApiMockBackendArgs as ApiMockBackendArgs
from components.api_definition import ApiRequestArgs as ApiRequestArgs
from components.api_definition import ApiRequestParameterArgs as ApiRequestParameterArgs
from components.api_definition import ApiSystemParameterArgs as ApiSystemParameterArgs
from components.api_definition import ApiVpcBackendArgs as ApiVpcBackendArgs
from components.api_group import ApiGroup as ApiGroup
from components.api_group import ApiGroupArgs as ApiGroupArgs
from components.api_instance import ApiGatewayInstance as ApiGatewayInstance
from components.api_instance import ApiGatewayInstanceArgs as ApiGatewayInstanceArgs
from components.api_instance import ApiIngressArgs as ApiIngressArgs
from components.api_plugin import ApiPlugin as ApiPlugin
from components.api_plugin import ApiPluginArgs as ApiPluginArgs
from components.api_vpc_access import ApiVpcAccess as ApiVpcAccess
from components.api_vpc_access import ApiVpcAccessArgs as ApiVpcAccessArgs
from components.basic_cen import BasicCen as BasicCen
from components.basic_cen import BasicCenArgs as BasicCenArgs
from components.basic_cen import CenServiceArgs as CenServiceArgs
from components.cen import CenAttachmentArgs as CenAttachmentArgs
from components.cen import CenBandwidthPackageArgs as CenBandwidthPackageArgs
from components.cen import CenLinkArgs as CenLinkArgs
from components.data_center_vpn import DataCenterRouteArgs as DataCenterRouteArgs
from components.data_center_vpn import DataCenterVpn as DataCenterVpn
from components.data_center_vpn import DataCenterVpnArgs as DataCenterVpnArgs
from components.data_center_vpn import VpnGatewayArgs as VpnGatewayArgs
from components.ecs_host import EcsHost as EcsHost
from components.ecs_host import EcsHostArgs as EcsHostArgs
from components.eip import EipArgs as EipArgs
from components.eip import PublicIp as PublicIp
from components.eip_addresses import EipAddresses as EipAddresses
from components.eip_addresses import EipAddressesArgs as EipAddressesArgs
from components.eip_addresses import GatewayEipArgs as GatewayEipArgs
from components.eni_attachment import EniAttachment as EniAttachment
from components.eni_attachment import EniAttachmentArgs as EniAttachmentArgs
from components.eni_public_ips import EniPublicIpArgs as EniPublicIpArgs
from components.eni_public_ips import EniPublicIps as EniPublicIps
from components.eni_public_ips import EniPublicIpsArgs as EniPublicIpsArgs
from components.eni_routing import EniRouting as EniRouting
from components.eni_routing import EniRoutingArgs as EniRoutingArgs
from components.flow_log import FlowLog as FlowLog
from components.flow_log import FlowLogArgs as FlowLogArgs
from components.function import Function as Function
from components.function import FunctionArgs as FunctionArgs
from components.function import FunctionLogArgs as FunctionLogArgs
from components.function import FunctionVpcArgs as FunctionVpcArgs
from components.function_invoker import FunctionInvoker as FunctionInvoker
from components.function_invoker import FunctionInvokerArgs as FunctionInvokerArgs
from components.function_network_role import FunctionNetworkPolicyArgs as FunctionNetworkPolicyArgs
from components.function_network_role import FunctionNetworkRole as FunctionNetworkRole
from components.function_network_role import FunctionNetworkRoleArgs as FunctionNetworkRoleArgs
from components.intranet_load_balancer import IntranetLoadBalancer as IntranetLoadBalancer
from components.intranet_load_balancer import IntranetLoadBalancerArgs as IntranetLoadBalancerArgs
from components.intranet_load_balancer import LoadBalancerListenerArgs as LoadBalancerListenerArgs
from components.intranet_load_balancer import LoadBalancerServerArgs as LoadBalancerServerArgs
from components.nat_gateway import NatGateway as NatGateway
from components.nat_gateway import NatGatewayArgs as NatGatewayArgs
from components.network import Network as Network
from components.network import NetworkArgs as NetworkArgs
from components.network import VpcArgs as VpcArgs
from components.network import VSwitchArgs as VSwitchArgs
from components.port_mappings import PortMappingArgs as PortMappingArgs
from components.port_mappings import PortMappings as PortMappings
from components.port_mappings import PortMappingsArgs as PortMappingsArgs
from components.router_services import RouterServiceArgs as RouterServiceArgs
from components.security_group import IngressRuleArgs as IngressRuleArgs
from components.shared_bandwidth import PublicIpArgs as PublicIpArgs
from components.shared_bandwidth import SharedBandwidth as SharedBandwidth
from components.shared_bandwidth import SharedBandwidthArgs as SharedBandwidthArgs
from components.snat_egress import SnatEgress as SnatEgress
from components.snat_egress import SnatEgressArgs as SnatEgressArgs
from components.snat_egress import SnatEntryArgs as SnatEntryArgs
from components.transit_routers import RouterAttachmentArgs as RouterAttachmentArgs
from components.transit_routers import RouterLinkArgs as RouterLinkArgs
from components.transit_routers import TransitRouters as TransitRouters
from components.transit_routers import TransitRoutersArgs as TransitRoutersArgs
