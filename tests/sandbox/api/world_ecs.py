"""ECS's account: a server with a further card, in a security group with a rule, and a run in it."""

import base64
from typing import Any

from sandbox.api import ecs
from tests.sandbox.api.api_lab import lab_api
from tests.sandbox.api.world import World


def of_ecs() -> World:
    lab, api = lab_api()
    tagged: dict[str, Any] = {"tags": {"team": "shop"}}
    group, second, other = lab.new_group(**tagged), lab.new_group(), lab.new_group()
    said = {"ip_protocol": "tcp", "port_range": "22/22", "cidr_ip": "10.0.0.0/8"}
    rule, way_out = (
        lab.store.create(
            "security_group_rule", {"security_group_id": group.id, "type": way, **said}
        )
        for way in ("ingress", "egress")
    )
    server = lab.new_instance(
        group,
        security_groups=[group.id, second.id],
        key_name="ops",
        role_name="shop",
        system_disk_bursting_enabled=True,
        system_disk_provisioned_iops=100,
        **tagged,
    )
    lab.bind(lab.new_eip(), server)
    card, spare = lab.new_card(group, **tagged), lab.new_card(group)
    lab.attach(card, server)
    lab.bind_card(card)
    script = base64.b64encode(b"ip route").decode()
    command = lab.store.create(
        "ecs_command", {"name": "routes", "type": "RunShellScript", "command_content": script}
    )
    run = lab.store.create("ecs_invocation", {"command_id": command.id, "instance_id": [server.id]})
    return World(
        api.of(ecs.PRODUCT),
        {
            "VpcId": lab.vpc.id,
            "VSwitchId": lab.vswitch.id,
            "SecurityGroupId": group.id,
            "RunInstances SecurityGroupIds.1": group.id,
            "CreateNetworkInterface SecurityGroupIds.1": group.id,
            "InnerAccessPolicy": "drop",
            **_of_rules("AuthorizeSecurityGroup", "Source"),
            **_of_rules("AuthorizeSecurityGroupEgress", "Dest"),
            **_of_rules("RevokeSecurityGroup", "Source"),
            **_of_rules("RevokeSecurityGroupEgress", "Dest"),
            "ModifySecurityGroupRule SecurityGroupRuleId": rule["security_group_rule_id"],
            "ModifySecurityGroupEgressRule SecurityGroupRuleId": way_out["security_group_rule_id"],
            "NetworkInterfaceId": spare.id,
            "DescribeNetworkInterfaces NetworkInterfaceId.1": card.id,
            "DetachNetworkInterface NetworkInterfaceId": card.id,
            "AssignPrivateIpAddresses PrivateIpAddress.1": "192.168.1.77",
            "UnassignPrivateIpAddresses PrivateIpAddress.1": "192.168.1.77",
            "InstanceId": server.id,
            "InvokeCommand InstanceId.1": server.id,
            "DeleteInstance Force": "true",
            "JoinSecurityGroup InstanceId": server.id,
            "JoinSecurityGroup SecurityGroupId": other.id,
            "LeaveSecurityGroup InstanceId": server.id,
            "InstanceIds": f'["{server.id}"]',
            "InstanceType": "ecs.g7.large",
            "ImageId": "aliyun_3_x64",
            "HttpEndpoint": "enabled",
            "KeyPairName": "ops",
            "RamRoleName": "shop",
            "ModifyInstanceMaintenanceAttributes InstanceId.1": server.id,
            "DiskId": server["system_disk_id"],
            "NewSize": "80",
            "PrivatePoolOptions.MatchCriteria": "Open",
            "CommandId": command.id,
            "CommandContent": script,
            "Name": "routes",
            "Type": "RunShellScript",
            "InvokeId": run.id,
            "DestinationResource": "InstanceType",
            "ResourceGroupId": "rg-another",
            "ResourceType": "instance",
            "ResourceId": server.id,
            "ResourceId.1": server.id,
            "ListTagResources ResourceId.1": server.id,
            "Tag.1.Key": "a",
            "UntagResources TagKey.1": "team",
        },
    )


def _of_rules(action: str, end: str) -> dict[str, str]:
    """A rule as one of a list."""
    said = {"IpProtocol": "TCP", "PortRange": "80/80", f"{end}CidrIp": "0.0.0.0/0"}
    return {f"{action} Permissions.1.{name}": value for name, value in said.items()}
