"""The provider's resource types that the guard knows, by Pulumi's tokens."""

from typing import Final

API: Final = "alicloud:apigateway/api:Api"
API_GROUP: Final = "alicloud:apigateway/group:Group"
ENTRY: Final = "alicloud:vpc/forwardEntry:ForwardEntry"
RULE: Final = "alicloud:ecs/securityGroupRule:SecurityGroupRule"
SECURITY_GROUP: Final = "alicloud:ecs/securityGroup:SecurityGroup"
BINDING: Final = "alicloud:ecs/eipAssociation:EipAssociation"
SERVER: Final = "alicloud:ecs/instance:Instance"
LOAD_BALANCERS: Final = frozenset(
    {
        "alicloud:slb/applicationLoadBalancer:ApplicationLoadBalancer",
        "alicloud:slb/loadBalancer:LoadBalancer",
    }
)
"""Classic load balancers both: the second name is the older one."""

NAT_GATEWAY: Final = "alicloud:vpc/natGateway:NatGateway"
EIPS: Final = frozenset({"alicloud:ecs/eipAddress:EipAddress", "alicloud:ecs/eip:Eip"})

LASTING: Final = {
    **dict.fromkeys(sorted(EIPS), "address"),
    NAT_GATEWAY: "nat-gateway",
    "alicloud:vpc/commonBandwithPackage:CommonBandwithPackage": "bandwidth-package",
    API_GROUP: "api-group",
    "alicloud:apigateway/instance:Instance": "api-instance",
    "alicloud:vpn/gateway:Gateway": "vpn-gateway",
    "alicloud:cen/instance:Instance": "cen",
    "alicloud:cen/transitRouter:TransitRouter": "cen",
    "alicloud:cen/transitRouterVpcAttachment:TransitRouterVpcAttachment": "cen",
    "alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment": "cen",
    "alicloud:cen/instanceAttachment:InstanceAttachment": "cen",
    "alicloud:cen/bandwidthPackage:BandwidthPackage": "cen",
}
"""What others know by its address, its domain or its place: lost, it can't be made again."""

FOUNDATIONS: Final = frozenset(
    {
        *LASTING,
        SECURITY_GROUP,
        SERVER,
        *LOAD_BALANCERS,
        BINDING,
        "alicloud:vpc/network:Network",
        "alicloud:vpc/switch:Switch",
        "alicloud:ecs/ecsNetworkInterface:EcsNetworkInterface",
        "alicloud:ecs/ecsNetworkInterfaceAttachment:EcsNetworkInterfaceAttachment",
    }
)
"""What ways in depend on: replaced, it takes them along."""
