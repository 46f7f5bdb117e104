"""The provider's resource types that the program tells apart, by Pulumi's type tokens."""

from typing import Final

VPC: Final = "alicloud:vpc/network:Network"
VSWITCH: Final = "alicloud:vpc/switch:Switch"
INSTANCE: Final = "alicloud:ecs/instance:Instance"
ENI: Final = "alicloud:ecs/ecsNetworkInterface:EcsNetworkInterface"
ENI_ATTACHMENT: Final = "alicloud:ecs/ecsNetworkInterfaceAttachment:EcsNetworkInterfaceAttachment"
COMMAND: Final = "alicloud:ecs/command:Command"
INVOCATION: Final = "alicloud:ecs/ecsInvocation:EcsInvocation"
SECURITY_GROUP: Final = "alicloud:ecs/securityGroup:SecurityGroup"
SECURITY_GROUP_RULE: Final = "alicloud:ecs/securityGroupRule:SecurityGroupRule"

EIP: Final = "alicloud:ecs/eipAddress:EipAddress"
OLDER_EIP: Final = "alicloud:ecs/eip:Eip"
EIP_ASSOCIATION: Final = "alicloud:ecs/eipAssociation:EipAssociation"
BANDWIDTH_PACKAGE: Final = "alicloud:vpc/commonBandwithPackage:CommonBandwithPackage"
PACKAGE_ATTACHMENT: Final = (
    "alicloud:vpc/commonBandwithPackageAttachment:CommonBandwithPackageAttachment"
)
"""An address's place in a package."""

NAT_GATEWAY: Final = "alicloud:vpc/natGateway:NatGateway"
ROUTE: Final = "alicloud:vpc/routeEntry:RouteEntry"
FORWARD_ENTRY: Final = "alicloud:vpc/forwardEntry:ForwardEntry"
SNAT_ENTRY: Final = "alicloud:vpc/snatEntry:SnatEntry"
LOAD_BALANCER: Final = "alicloud:slb/applicationLoadBalancer:ApplicationLoadBalancer"
OLDER_LOAD_BALANCER: Final = "alicloud:slb/loadBalancer:LoadBalancer"
"""Classic load balancers both."""

EIPS: Final = frozenset({EIP, OLDER_EIP})
LOAD_BALANCERS: Final = frozenset({LOAD_BALANCER, OLDER_LOAD_BALANCER})

LISTENER: Final = "alicloud:slb/listener:Listener"
SERVER_GROUP: Final = "alicloud:slb/serverGroup:ServerGroup"
SERVER_GROUP_SERVER: Final = "alicloud:slb/serverGroupServerAttachment:ServerGroupServerAttachment"

FUNCTION: Final = "alicloud:fc/v3Function:V3Function"

ROLE: Final = "alicloud:ram/role:Role"
ROLE_POLICY: Final = "alicloud:ram/policy:Policy"
ROLE_POLICY_ATTACHMENT: Final = "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment"
USER: Final = "alicloud:ram/user:User"
USER_KEY: Final = "alicloud:ram/accessKey:AccessKey"
USER_POLICY_ATTACHMENT: Final = "alicloud:ram/userPolicyAttachment:UserPolicyAttachment"

API: Final = "alicloud:apigateway/api:Api"
API_APP: Final = "alicloud:apigateway/app:App"
APP_ATTACHMENT: Final = "alicloud:apigateway/appAttachment:AppAttachment"
"""An app's authorization to call an API."""

PLUGIN: Final = "alicloud:apigateway/plugin:Plugin"
PLUGIN_ATTACHMENT: Final = "alicloud:apigateway/pluginAttachment:PluginAttachment"
API_GROUP: Final = "alicloud:apigateway/group:Group"
API_INSTANCE: Final = "alicloud:apigateway/instance:Instance"
API_LOG: Final = "alicloud:apigateway/logConfig:LogConfig"
VPC_ACCESS: Final = "alicloud:apigateway/vpcAccess:VpcAccess"
ACCESS_LIST: Final = "alicloud:apigateway/accessControlList:AccessControlList"
ACCESS_LIST_BINDING: Final = "alicloud:apigateway/instanceAclAttachment:InstanceAclAttachment"
ACCESS_LIST_RANGE: Final = "alicloud:apigateway/aclEntryAttachment:AclEntryAttachment"

ALARM: Final = "alicloud:cms/alarm:Alarm"
FLOW_LOG: Final = "alicloud:vpc/flowLog:FlowLog"

VPN_GATEWAY: Final = "alicloud:vpn/gateway:Gateway"
CUSTOMER_GATEWAY: Final = "alicloud:vpn/customerGateway:CustomerGateway"
VPN_CONNECTION: Final = "alicloud:vpn/connection:Connection"
CEN: Final = "alicloud:cen/instance:Instance"
CEN_ATTACHMENT: Final = "alicloud:cen/instanceAttachment:InstanceAttachment"
CEN_LINK: Final = "alicloud:cen/bandwidthLimit:BandwidthLimit"
CEN_PACKAGE: Final = "alicloud:cen/bandwidthPackage:BandwidthPackage"
CEN_PACKAGE_ATTACHMENT: Final = "alicloud:cen/bandwidthPackageAttachment:BandwidthPackageAttachment"
TRANSIT_ROUTER: Final = "alicloud:cen/transitRouter:TransitRouter"
ROUTER_ATTACHMENT: Final = "alicloud:cen/transitRouterVpcAttachment:TransitRouterVpcAttachment"
ROUTER_LINE_ATTACHMENT: Final = "alicloud:cen/transitRouterVbrAttachment:TransitRouterVbrAttachment"
ROUTER_LINK: Final = "alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment"
ROUTER_ROUTE: Final = "alicloud:cen/transitRouterRouteEntry:TransitRouterRouteEntry"
ROUTER_TABLE: Final = "alicloud:cen/transitRouterRouteTable:TransitRouterRouteTable"
ROUTER_ASSOCIATION: Final = (
    "alicloud:cen/transitRouterRouteTableAssociation:TransitRouterRouteTableAssociation"
)
ROUTER_PROPAGATION: Final = (
    "alicloud:cen/transitRouterRouteTablePropagation:TransitRouterRouteTablePropagation"
)
CEN_ROUTE: Final = "alicloud:cen/routeEntry:RouteEntry"
CEN_SERVICE: Final = "alicloud:cen/routeService:RouteService"

PROVIDER: Final = "pulumi:providers:alicloud"
STACK: Final = "pulumi:pulumi:Stack"
