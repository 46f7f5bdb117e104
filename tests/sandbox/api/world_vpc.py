"""VPC's account: a network with each kind in it."""

from typing import Any

from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.world import World
from tests.sandbox.vpn_lab import new_vpn_lab


def of_vpc() -> World:
    lab = new_vpn_lab()
    api = Api(store=lab.store)
    tagged: dict[str, Any] = {"tags": {"team": "shop"}}
    eip, package = lab.new_eip(**tagged), lab.new_package(**tagged)
    lab.bind(eip)
    lab.pack(eip, package)
    forward, snat = lab.forward(eip["ip_address"], "22"), lab.snat(eip["ip_address"])
    for one in (lab.vpc, lab.vswitch, lab.gateway):
        lab.store.update(one.kind, one.id, tagged)
    lab.store.update("vpc", lab.vpc.id, {"secondary_cidr_blocks": ["10.9.0.0/16"]})
    table, card = lab.vpc["route_table_id"], lab.new_card(lab.new_group())
    hop = {"nexthop_type": "NetworkInterface", "nexthop_id": card.id}
    lab.store.create(
        "route_entry", {"route_table_id": table, "destination_cidrblock": "10.1.0.0/16", **hop}
    )
    logged = {"log_store_name": "flow", "project_name": "shop", "traffic_type": "All"}
    flow_log = lab.store.create(
        "vpc_flow_log", {**logged, "resource_type": "VPC", "resource_id": lab.vpc.id, **tagged}
    )
    vpn, other_vpn = lab.vpn, lab.new_old_vpn()
    connection = lab.connect()
    for one in (vpn, lab.customer, connection):
        lab.store.update(one.kind, one.id, tagged)
    lab.store.change_behind(lab.customer.id, asn="65001")
    return World(
        api,
        {
            "VpcId": lab.vpc.id,
            "VSwitchId": lab.vswitch.id,
            "SourceVSwitchId": lab.vswitch.id,
            "NatGatewayId": lab.gateway.id,
            "ForwardTableId": lab.gateway["forward_table_ids"],
            "SnatTableId": lab.gateway["snat_table_ids"],
            "AllocationId": eip.id,
            "IpInstanceId": eip.id,
            "BandwidthPackageId": package.id,
            "InstanceId": lab.gateway.id,
            "ExternalIp": eip["ip_address"],
            "SnatIp": eip["ip_address"],
            "InternalIp": "192.168.1.1",
            "ExternalPort": "80",
            "InternalPort": "80",
            "IpProtocol": "tcp",
            "Bandwidth": "10",
            "CreateVSwitch CidrBlock": "192.168.7.0/24",
            "ZoneId": "cn-shanghai-a",
            "ForwardEntryId": forward.id,
            "SnatEntryId": snat.id,
            "ResourceType": "VPC",
            "ResourceId.1": lab.vpc.id,
            "Tag.1.Key": "a",
            "SecondaryCidrBlock": "10.9.0.0/16",
            "AssociateVpcCidrBlock SecondaryCidrBlock": "10.8.0.0/16",
            "Spec": "Large",
            "NatType": "Enhanced",
            "ModifyEipForwardMode InstanceId": eip.id,
            "Mode": "NAT",
            "SetHighDefinitionMonitorLogStatus InstanceId": eip.id,
            "DescribeHighDefinitionMonitorLogAttribute InstanceId": eip.id,
            "InstanceType": "EIP",
            "LogProject": "shop",
            "LogStore": "eips",
            "Status": "ON",
            "EipId": eip.id,
            "DeletionProtection InstanceId": lab.gateway.id,
            "ProtectionEnable": "false",
            "Type": "NATGW",
            "NewResourceGroupId": "rg-other",
            "ResourceId": lab.vpc.id,
            "RouteTableId": table,
            "DestinationCidrBlock": "10.2.0.0/16",
            "CreateRouteEntry NextHopType": "NetworkInterface",
            "CreateRouteEntry NextHopId": card.id,
            "DeleteRouteEntry RouteTableId": table,
            "DeleteRouteEntry DestinationCidrBlock": "10.1.0.0/16",
            "FlowLogId": flow_log.id,
            "LogStoreName": "flow",
            "ProjectName": "shop",
            "CreateFlowLog ResourceType": "VSwitch",
            "CreateFlowLog ResourceId": lab.vswitch.id,
            "TrafficType": "All",
            "VpnGatewayId": vpn.id,
            "CreateVpnConnection VpnGatewayId": other_vpn.id,
            "CustomerGatewayId": lab.customer.id,
            "CreateVpnConnection CustomerGatewayId": lab.customer.id,
            "VpnConnectionId": connection.id,
            "IpAddress": "203.0.113.201",
            "LocalSubnet": "192.168.0.0/16",
            "RemoteSubnet": "10.3.0.0/16",
            "MoveVpnResourceGroup InstanceId": vpn.id,
        },
    )
