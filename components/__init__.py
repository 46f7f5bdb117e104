"""Component resources for Alibaba Cloud's public doors, usable from any Pulumi program.

Each takes a name, one `…Args` dictionary and resource options. Children carry the component as
their parent and its name as their prefix; nothing here reads configuration, makes providers or
looks anything up.

An optional argument that takes None takes it for not given.

Types of the provider's larger modules stand in quotes: evaluated, they would load those modules
into every program, a tenth of a second and more each.
"""

# First: how all others load the provider.
from . import _by_resource as _by_resource
from ._options import resource_at as resource_at
from .apigateway._definition import ApiBackendArgs as ApiBackendArgs
from .apigateway._definition import ApiConstantParameterArgs as ApiConstantParameterArgs
from .apigateway._definition import ApiFunctionBackendArgs as ApiFunctionBackendArgs
from .apigateway._definition import ApiHttpBackendArgs as ApiHttpBackendArgs
from .apigateway._definition import ApiMockBackendArgs as ApiMockBackendArgs
from .apigateway._definition import ApiRequestArgs as ApiRequestArgs
from .apigateway._definition import ApiRequestParameterArgs as ApiRequestParameterArgs
from .apigateway._definition import ApiSystemParameterArgs as ApiSystemParameterArgs
from .apigateway._definition import ApiVpcBackendArgs as ApiVpcBackendArgs
from .apigateway.access_control import ApiAccessControl as ApiAccessControl
from .apigateway.access_control import ApiAccessControlArgs as ApiAccessControlArgs
from .apigateway.access_control import ApiAccessEntryArgs as ApiAccessEntryArgs
from .apigateway.access_log import ApiAccessLog as ApiAccessLog
from .apigateway.access_log import ApiAccessLogArgs as ApiAccessLogArgs
from .apigateway.api import Api as Api
from .apigateway.api import ApiArgs as ApiArgs
from .apigateway.api import ApiBindingArgs as ApiBindingArgs
from .apigateway.app import ApiApp as ApiApp
from .apigateway.app import ApiAppArgs as ApiAppArgs
from .apigateway.group import ApiGroup as ApiGroup
from .apigateway.group import ApiGroupArgs as ApiGroupArgs
from .apigateway.instance import ApiGatewayInstance as ApiGatewayInstance
from .apigateway.instance import ApiGatewayInstanceArgs as ApiGatewayInstanceArgs
from .apigateway.instance import ApiIngressArgs as ApiIngressArgs
from .apigateway.plugin import ApiPlugin as ApiPlugin
from .apigateway.plugin import ApiPluginArgs as ApiPluginArgs
from .apigateway.vpc_access import ApiVpcAccess as ApiVpcAccess
from .apigateway.vpc_access import ApiVpcAccessArgs as ApiVpcAccessArgs
from .cen._cen import CenArgs as CenArgs
from .cen._cen import CenAttachmentArgs as CenAttachmentArgs
from .cen._cen import CenBandwidthPackageArgs as CenBandwidthPackageArgs
from .cen._cen import CenLinkArgs as CenLinkArgs
from .cen._router_services import RouterServiceArgs as RouterServiceArgs
from .cen.basic_cen import BasicCen as BasicCen
from .cen.basic_cen import BasicCenArgs as BasicCenArgs
from .cen.basic_cen import CenServiceArgs as CenServiceArgs
from .cen.transit_routers import RouterAttachmentArgs as RouterAttachmentArgs
from .cen.transit_routers import RouterLinkArgs as RouterLinkArgs
from .cen.transit_routers import TransitRouters as TransitRouters
from .cen.transit_routers import TransitRoutersArgs as TransitRoutersArgs
from .eip._public_ip import EipArgs as EipArgs
from .eip.addresses import EipAddresses as EipAddresses
from .eip.addresses import EipAddressesArgs as EipAddressesArgs
from .eip.addresses import GatewayEipArgs as GatewayEipArgs
from .eip.shared_bandwidth import PublicIpArgs as PublicIpArgs
from .eip.shared_bandwidth import SharedBandwidth as SharedBandwidth
from .eip.shared_bandwidth import SharedBandwidthArgs as SharedBandwidthArgs
from .eni.attachment import EniAttachment as EniAttachment
from .eni.attachment import EniAttachmentArgs as EniAttachmentArgs
from .eni.public_ips import EniPublicIpArgs as EniPublicIpArgs
from .eni.public_ips import EniPublicIps as EniPublicIps
from .eni.public_ips import EniPublicIpsArgs as EniPublicIpsArgs
from .eni.routing import EniRouting as EniRouting
from .eni.routing import EniRoutingArgs as EniRoutingArgs
from .function.function import Function as Function
from .function.function import FunctionArgs as FunctionArgs
from .function.function import FunctionLogArgs as FunctionLogArgs
from .function.function import FunctionVpcArgs as FunctionVpcArgs
from .function.invoker import FunctionInvoker as FunctionInvoker
from .function.invoker import FunctionInvokerArgs as FunctionInvokerArgs
from .function.network_role import FunctionNetworkPolicyArgs as FunctionNetworkPolicyArgs
from .function.network_role import FunctionNetworkRole as FunctionNetworkRole
from .function.network_role import FunctionNetworkRoleArgs as FunctionNetworkRoleArgs
from .nat.gateway import NatGateway as NatGateway
from .nat.gateway import NatGatewayArgs as NatGatewayArgs
from .nat.port_mappings import PortMappingArgs as PortMappingArgs
from .nat.port_mappings import PortMappings as PortMappings
from .nat.port_mappings import PortMappingsArgs as PortMappingsArgs
from .nat.snat_egress import SnatEgress as SnatEgress
from .nat.snat_egress import SnatEgressArgs as SnatEgressArgs
from .nat.snat_egress import SnatEntryArgs as SnatEntryArgs
from .network._security_group import IngressRuleArgs as IngressRuleArgs
from .network.ecs_host import EcsHost as EcsHost
from .network.ecs_host import EcsHostArgs as EcsHostArgs
from .network.intranet_load_balancer import IntranetLoadBalancer as IntranetLoadBalancer
from .network.intranet_load_balancer import IntranetLoadBalancerArgs as IntranetLoadBalancerArgs
from .network.intranet_load_balancer import LoadBalancerListenerArgs as LoadBalancerListenerArgs
from .network.intranet_load_balancer import LoadBalancerServerArgs as LoadBalancerServerArgs
from .network.network import Network as Network
from .network.network import NetworkArgs as NetworkArgs
from .network.network import VpcArgs as VpcArgs
from .network.network import VSwitchArgs as VSwitchArgs
from .vpn.data_center_vpn import DataCenterRouteArgs as DataCenterRouteArgs
from .vpn.data_center_vpn import DataCenterVpn as DataCenterVpn
from .vpn.data_center_vpn import DataCenterVpnArgs as DataCenterVpnArgs
from .vpn.data_center_vpn import VpnGatewayArgs as VpnGatewayArgs
from .watching.alarm import Alarm as Alarm
from .watching.alarm import AlarmArgs as AlarmArgs
from .watching.flow_log import FlowLog as FlowLog
from .watching.flow_log import FlowLogArgs as FlowLogArgs
