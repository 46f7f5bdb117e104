"""ECS's actions on the simulated cloud, in the order in which the real provider calls them."""

import base64
import json
from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.api import ecs
from sandbox.api.actions import Action
from sandbox.cloud import Resource
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import REGION, Api, lab_api, served
from tests.sandbox.api.official import models_of
from tests.sandbox.api.world_ecs import of_ecs


def ecs_lab() -> tuple[Any, Api]:
    """A network in a cloud, and ECS over it."""
    lab, api = lab_api()
    return lab, api.of(ecs.PRODUCT)


def listed(name: str, *values: str) -> dict[str, str]:
    """`Name.1`, `Name.2` …"""
    return {f"{name}.{number}": value for number, value in enumerate(values, 1)}


def as_json(*ids: str) -> str:
    return json.dumps(ids)


# What the account of these tests is in no state for, each with the cloud's word for why.
_NOT_NOW = {
    "AttachNetworkInterface": "EniPerInstanceLimitExceeded",
    "DeleteInstance": "DependencyViolation.Eip",
    "DeleteSecurityGroup": "DependencyViolation",
    "ModifyInstanceSpec": "IncorrectInstanceStatus",
    "ModifyInstanceVpcAttribute": "IncorrectInstanceStatus",
    "ReplaceSystemDisk": "IncorrectInstanceStatus",
    "StartInstance": "IncorrectInstanceStatus",
}


@pytest.mark.parametrize("action", ecs.PRODUCT.table, ids=lambda action: action.name)
def test_each_action_does_what_is_rightly_asked(action: Action) -> None:
    world = of_ecs()
    if code := _NOT_NOW.get(action.name):
        assert world.api.refused(action.name, **world.said(action))[1] == code
    else:
        world.api.call(action.name, **world.said(action))


# --- security groups ------------------------------------------------------------------------------


def test_a_security_group_lives_as_the_provider_leads_it() -> None:
    lab, api = ecs_lab()
    asked = {"VpcId": lab.vpc.id, "SecurityGroupName": "shop", "Tag.1.Key": "team"}
    made = {"SecurityGroupId": api.call("CreateSecurityGroup", **asked)["SecurityGroupId"]}
    attribute = api.call("DescribeSecurityGroupAttribute", **made)
    assert (attribute["VpcId"], attribute["InnerAccessPolicy"]) == (lab.vpc.id, "Accept")
    assert attribute["Permissions"] == {"Permission": []}
    api.call("ModifySecurityGroupAttribute", **made, Description="the shop's")
    api.call("ModifySecurityGroupPolicy", **made, InnerAccessPolicy="drop")
    tagged = {"ResourceType": "securitygroup", "ResourceId.1": made["SecurityGroupId"]}
    api.call("TagResources", **tagged, **{"Tag.1.Key": "env", "Tag.1.Value": "dev"})
    api.call("UntagResources", **tagged, **{"TagKey.1": "team"})
    to = {"ResourceType": "securitygroup", "ResourceId": made["SecurityGroupId"]}
    api.call("JoinResourceGroup", **to, ResourceGroupId="rg-another")
    (row,) = api.call("DescribeSecurityGroups", **made)["SecurityGroups"]["SecurityGroup"]
    assert (row["SecurityGroupName"], row["Description"]) == ("shop", "the shop's")
    assert (row["SecurityGroupType"], row["ResourceGroupId"]) == ("normal", "rg-another")
    assert row["Tags"] == {"Tag": [{"TagKey": "env", "TagValue": "dev"}]}
    kept = lab.store.look("security_group", made["SecurityGroupId"])
    assert (kept["inner_access_policy"], kept["inner_access"]) == ("Drop", False)
    api.call("DeleteSecurityGroup", **made)
    assert api.call("DescribeSecurityGroups", **made)["SecurityGroups"]["SecurityGroup"] == []
    refused = api.refused("DescribeSecurityGroupAttribute", **made)
    assert refused[:2] == (404, "InvalidSecurityGroupId.NotFound")


def permissions(api: Api, group: Resource, **more: str) -> list[dict[str, str]]:
    answer = api.call("DescribeSecurityGroupAttribute", SecurityGroupId=group.id, **more)
    return answer["Permissions"]["Permission"]


@pytest.mark.parametrize(
    ("way", "end", "end_of_action"), [("ingress", "Source", ""), ("egress", "Dest", "Egress")]
)
def test_a_rule_lives_as_the_provider_leads_it(way: str, end: str, end_of_action: str) -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    said = {
        "IpProtocol": "tcp",
        "PortRange": "22/22",
        "Policy": "accept",
        "Priority": "1",
        f"{end}CidrIp": "10.0.0.0/8",
    }
    inside = {f"Permissions.1.{name}": value for name, value in said.items()}
    api.call(f"AuthorizeSecurityGroup{end_of_action}", SecurityGroupId=group.id, **inside)
    # The provider's id of it, by which `make up` finds it.
    identity = f"{group.id}:{way}:tcp:22/22:intranet:10.0.0.0/8:accept:1"
    assert lab.store.look("security_group_rule", identity)
    (row,) = permissions(api, group, Direction=way, NicType="<nil>")
    assert (row["IpProtocol"], row["PortRange"], row["Policy"]) == ("TCP", "22/22", "Accept")
    assert (row["Direction"], row["NicType"], row["Priority"]) == (way, "intranet", "1")
    assert row[f"{end}CidrIp"] == "10.0.0.0/8"
    other = {"ingress": "DestCidrIp", "egress": "SourceCidrIp"}[way]
    assert row[other] == row["DestGroupId"] == row["SourceGroupId"] == ""

    change = {"SecurityGroupId": group.id, **said, "NicType": "intranet", "Description": "ssh"}
    for _ in range(2):
        api.call(f"ModifySecurity{(end_of_action and 'GroupEgress') or 'Group'}Rule", **change)
    assert permissions(api, group)[0]["Description"] == "ssh"

    api.call(f"RevokeSecurityGroup{end_of_action}", **change)
    assert permissions(api, group) == []
    api.call(f"RevokeSecurityGroup{end_of_action}", **change)


def test_rules_are_all_made_or_none() -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    rules = {
        "Permissions.1.IpProtocol": "ALL",
        "Permissions.1.PortRange": "-1/-1",
        "Permissions.1.SourceGroupId": lab.new_group().id,
        "Permissions.2.IpProtocol": "TCP",
        "Permissions.2.PortRange": "80",
        "Permissions.2.SourceCidrIp": "0.0.0.0/0",
    }
    refused = api.refused("AuthorizeSecurityGroup", SecurityGroupId=group.id, **rules)
    assert refused[1] == "InvalidParam.PortRange"
    assert permissions(api, group) == []
    right = {**rules, "Permissions.2.PortRange": "80/80"}
    dry = api.refused("AuthorizeSecurityGroup", SecurityGroupId=group.id, **right, DryRun="true")
    assert dry[1] == "UnsupportedParameter"
    api.call("AuthorizeSecurityGroup", SecurityGroupId=group.id, **right)
    assert [row["IpProtocol"] for row in permissions(api, group)] == ["ALL", "TCP"]
    assert permissions(api, group, Direction="egress") == []


def test_a_rule_that_is_changed_by_its_id_keeps_it() -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    where = {"SecurityGroupId": group.id}
    said = {"IpProtocol": "tcp", "PortRange": "22/22", "SourceCidrIp": "10.0.0.0/8"}
    api.call("AuthorizeSecurityGroup", **where, **said, Description="ssh")
    (before,) = permissions(api, group)
    which = {**where, "SecurityGroupRuleId": before["SecurityGroupRuleId"]}
    api.call("ModifySecurityGroupRule", **which, SourceGroupId=group.id, Priority="7")
    (after,) = permissions(api, group)
    assert after == {**before, "SourceCidrIp": "", "SourceGroupId": group.id, "Priority": "7"}
    other = {**which, "SecurityGroupId": lab.new_group().id}
    for action in ("ModifySecurityGroupRule", "RevokeSecurityGroup"):
        ids = {"SecurityGroupRuleId.1": other["SecurityGroupRuleId"]}
        refused = api.refused(action, **({**other, **ids} if action.startswith("R") else other))
        assert refused[:2] == (404, "InvalidSecurityGroupRuleId.NotFound")
    api.call(
        "RevokeSecurityGroup",
        **where,
        **listed("SecurityGroupRuleId", which["SecurityGroupRuleId"]),
    )
    assert permissions(api, group) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"Priority": "101"}, "InvalidPriority.ValueNotSupported"),
        ({"Policy": "perhaps"}, "InvalidParameter"),
        ({"SourcePortRange": "1/2"}, "UnsupportedParameter"),
        ({"SourceCidrIp": ""}, "MissingParameter.Source"),
        ({"SourceCidrIp": "", "SourceGroupId": "sg-x"}, "InvalidSourceGroupId.NotFound"),
    ],
)
def test_a_rule_that_the_cloud_does_not_take_is_refused(more: dict[str, str], code: str) -> None:
    lab, api = ecs_lab()
    said = {"IpProtocol": "tcp", "PortRange": "22/22", "SourceCidrIp": "10.0.0.0/8", **more}
    inside = {f"Permissions.1.{name}": value for name, value in said.items() if value}
    refused = api.refused("AuthorizeSecurityGroup", SecurityGroupId=lab.new_group().id, **inside)
    assert refused[1] == code


def test_rules_come_in_pages() -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    for port in range(1, 26):
        inside = {"IpProtocol": "tcp", "PortRange": f"{port}/{port}", "SourceCidrIp": "10.0.0.0/8"}
        api.call("AuthorizeSecurityGroup", SecurityGroupId=group.id, **inside)
    which, found = {"SecurityGroupId": group.id, "MaxResults": "10"}, list[str]()
    answer = api.call("DescribeSecurityGroupAttribute", **which)
    while answer["NextToken"]:
        found += [row["PortRange"] for row in answer["Permissions"]["Permission"]]
        answer = api.call("DescribeSecurityGroupAttribute", **which, NextToken=answer["NextToken"])
    found += [row["PortRange"] for row in answer["Permissions"]["Permission"]]
    assert found == [f"{port}/{port}" for port in range(1, 26)]


# --- network cards --------------------------------------------------------------------------------


def cards(api: Api, *ids: str, **more: str) -> list[dict[str, Any]]:
    answer = api.call("DescribeNetworkInterfaces", **listed("NetworkInterfaceId", *ids), **more)
    return answer["NetworkInterfaceSets"]["NetworkInterfaceSet"]


def test_a_card_lives_as_the_provider_leads_it() -> None:
    lab, api = ecs_lab()
    group, other = lab.new_group(), lab.new_group()
    server = lab.new_instance(group)
    made = api.call(
        "CreateNetworkInterface",
        VSwitchId=lab.vswitch.id,
        NetworkInterfaceName="second",
        PrimaryIpAddress="192.168.1.9",
        **listed("SecurityGroupIds", group.id),
        **listed("PrivateIpAddress", "192.168.1.10", "192.168.1.11"),
    )
    identity = made["NetworkInterfaceId"]
    assert lab.store.look("ecs_network_interface", identity)["mac"] == made["MacAddress"]
    (row,) = cards(api, identity)
    assert (row["Status"], row["Type"], row["PrivateIpAddress"]) == (
        "Available",
        "Secondary",
        "192.168.1.9",
    )
    assert [
        (one["PrivateIpAddress"], one["Primary"]) for one in row["PrivateIpSets"]["PrivateIpSet"]
    ] == [
        ("192.168.1.9", True),
        ("192.168.1.10", False),
        ("192.168.1.11", False),
    ]
    # What means another card to the provider where it is stated.
    assert (row["ResourceGroupId"], row["SourceDestCheck"]) == ("", False)
    assert row["Ipv6Sets"] == {"Ipv6Set": []}
    assert row["Ipv4PrefixSets"] == {"Ipv4PrefixSet": []}
    assert (row["InstanceId"], row["Attachment"]) == ("", {})
    tagged = {"ResourceType": "eni", "ResourceId.1": identity}
    assert api.call("ListTagResources", **tagged)["TagResources"]["TagResource"] == []

    which = {"NetworkInterfaceId": identity}
    api.call("ModifyNetworkInterfaceAttribute", **which, **listed("SecurityGroupId", other.id))
    api.call("ModifyNetworkInterfaceAttribute", **which, Description="of the shop")
    api.call("UnassignPrivateIpAddresses", **which, **listed("PrivateIpAddress", "192.168.1.10"))
    assigned = api.call("AssignPrivateIpAddresses", **which, SecondaryPrivateIpAddressCount="1")
    (free,) = assigned["AssignedPrivateIpAddressesSet"]["PrivateIpSet"]["PrivateIpAddress"]
    api.call("AssignPrivateIpAddresses", **which, **listed("PrivateIpAddress", "192.168.1.12"))
    kept = lab.store.look("ecs_network_interface", identity)
    assert kept["private_ips"] == ["192.168.1.11", free, "192.168.1.12"]
    assert kept["security_groups"] == [other.id]
    assert kept["description"] == "of the shop"

    both = {**which, "InstanceId": server.id}
    api.call("AttachNetworkInterface", **both)
    (row,) = cards(api, identity, MaxResults="100")
    assert (row["Status"], row["InstanceId"]) == ("InUse", server.id)
    assert lab.store.look("ecs_network_interface_attachment", f"{identity}:{server.id}")
    assert api.refused("DeleteNetworkInterface", **which)[1] == "InvalidOperation.InvalidEniState"
    api.call("DetachNetworkInterface", **both)
    assert api.refused("DetachNetworkInterface", **both)[0] == 404
    (row,) = cards(api, identity)
    assert (row["Status"], row["InstanceId"]) == ("Available", "")
    api.call("DeleteNetworkInterface", **which)
    assert cards(api, identity) == []


def test_a_servers_first_card_is_told_of_and_left_alone() -> None:
    lab, api = ecs_lab()
    server = lab.new_instance(lab.new_group(), private_ip="192.168.1.1")
    eip = lab.new_eip()
    lab.bind(eip, server)
    primary = server["network_interface_id"]
    (row,) = cards(api, primary)
    assert (row["Type"], row["Status"], row["InstanceId"]) == ("Primary", "InUse", server.id)
    assert (row["PrivateIpAddress"], row["VpcId"]) == ("192.168.1.1", lab.vpc.id)
    public = {"AllocationId": eip.id, "PublicIpAddress": eip["ip_address"]}
    assert row["AssociatedPublicIp"] == public
    assert row["PrivateIpSets"]["PrivateIpSet"][0]["AssociatedPublicIp"] == public
    for action, more in {
        "DeleteNetworkInterface": {},
        "DetachNetworkInterface": {"InstanceId": server.id},
        "ModifyNetworkInterfaceAttribute": {"Description": "mine"},
        "AssignPrivateIpAddresses": {"SecondaryPrivateIpAddressCount": "1"},
    }.items():
        refused = api.refused(action, NetworkInterfaceId=primary, **more)
        assert refused[1] == "InvalidOperation.InvalidEniType"


def test_an_address_of_a_card_tells_which_eip_stands_for_it() -> None:
    lab, api = ecs_lab()
    card = lab.new_card(lab.new_group(), private_ip_addresses=["192.168.1.30"])
    bound = lab.bind_card(card, private_ip_address="192.168.1.30")
    (row,) = cards(api, card.id)
    first, second = row["PrivateIpSets"]["PrivateIpSet"]
    assert first["AssociatedPublicIp"] == row["AssociatedPublicIp"] == {}
    assert second["AssociatedPublicIp"]["AllocationId"] == bound["allocation_id"]


def test_cards_are_found_by_what_they_are_and_where() -> None:
    lab, api = ecs_lab()
    group, other = lab.new_group(), lab.new_group()
    server = lab.new_instance(group, private_ip="192.168.1.1")
    first, second = server["network_interface_id"], lab.new_card(other, network_interface_name="x1")
    third = lab.new_card(group, private_ip_addresses=["192.168.1.30"], tags={"team": "shop"})
    lab.attach(third, server)

    def found(**said: str) -> set[str]:
        return {row["NetworkInterfaceId"] for row in cards(api, **said)}

    assert found() == {first, second.id, third.id}
    assert found(Type="Primary") == found(PrimaryIpAddress="192.168.1.1") == {first}
    assert found(Status="InUse") == found(InstanceId=server.id) == {first, third.id}
    assert found(NetworkInterfaceName="x1") == found(SecurityGroupId=other.id) == {second.id}
    assert found(**listed("PrivateIpAddress", "192.168.1.30")) == {third.id}
    assert found(**{"Tag.1.Key": "team", "Tag.1.Value": "shop"}) == {third.id}
    assert found(VSwitchId=lab.new_vswitch("192.168.2.0/24").id) == set()


# --- servers --------------------------------------------------------------------------------------


def run(lab: Any, api: Api, **more: str) -> str:
    group = lab.new_group()
    answer = api.call(
        "RunInstances",
        ImageId="aliyun_3_x64",
        InstanceType="ecs.g7.large",
        VSwitchId=lab.vswitch.id,
        **listed("SecurityGroupIds", group.id),
        **more,
    )
    (identity,) = answer["InstanceIdSets"]["InstanceIdSet"]
    return identity


def rows(api: Api, action: str, **said: str) -> list[dict[str, Any]]:
    """The rows of a list, however they are nested."""
    answer = api.call(action, **said)
    (nest,) = [cast("dict[str, Any]", one) for one in answer.values() if isinstance(one, dict)]
    (found,) = nest.values()
    return found


def test_a_server_is_read_as_the_provider_reads_it() -> None:
    lab, api = ecs_lab()
    identity = run(
        lab,
        api,
        PrivateIpAddress="192.168.1.7",
        InstanceName="web",
        KeyPairName="ops",
        InternetMaxBandwidthOut="0",
        Password="Correct-Horse-1",
        UserData=base64.b64encode(b"#!/bin/sh").decode(),
        **{"SystemDisk.Category": "cloud_essd", "SystemDisk.Size": "60", "Tag.1.Key": "team"},
    )
    ids = {"InstanceIds": as_json(identity)}
    kept = lab.store.look("instance", identity)
    assert (kept["private_ip"], kept["key_name"], kept["system_disk_size"]) == (
        "192.168.1.7",
        "ops",
        60,
    )
    assert "Correct-Horse-1" not in str(kept)

    (row,) = rows(api, "DescribeInstances", **ids, **listed("AdditionalAttributes", "META_OPTIONS"))
    assert (row["Status"], row["InstanceName"], row["InstanceType"]) == (
        "Running",
        "web",
        "ecs.g7.large",
    )
    assert row["VpcAttributes"]["PrivateIpAddress"] == {"IpAddress": ["192.168.1.7"]}
    assert row["PublicIpAddress"] == row["InnerIpAddress"] == {"IpAddress": []}
    assert row["Tags"] == {"Tag": [{"TagKey": "team", "TagValue": ""}]}
    # What means another server to the provider where it is stated.
    empty = ("AutoReleaseTime", "DeploymentSetId", "HpcClusterId")
    assert {row[name] for name in empty} == {""}
    (disk,) = rows(api, "DescribeDisks", InstanceId=identity, DiskType="system")
    assert (disk["InstanceId"], disk["Size"], disk["Category"]) == (identity, 60, "cloud_essd")
    assert rows(api, "DescribeDisks", InstanceId=identity, DiskType="data") == []
    assert rows(api, "DescribeDisks", DiskIds=as_json(disk["DiskId"])) == [disk]
    told = api.call("DescribeUserData", InstanceId=identity)
    assert told["UserData"] == base64.b64encode(b"#!/bin/sh").decode()
    assert rows(api, "DescribeInstanceRamRole", **ids) == [
        {"InstanceId": identity, "RamRoleName": ""}
    ]
    (nic,) = row["NetworkInterfaces"]["NetworkInterface"]
    assert (nic["Type"], nic["PrimaryIpAddress"]) == ("Primary", "192.168.1.7")
    assert len(cards(api, nic["NetworkInterfaceId"])) == 1
    (kept_up,) = rows(
        api, "DescribeInstanceMaintenanceAttributes", **listed("InstanceId", identity)
    )
    assert kept_up["ActionOnMaintenance"]["Value"] == "AutoRecover"
    attribute = api.call("DescribeInstanceAttribute", InstanceId=identity)
    assert (attribute["InstanceId"], attribute["EnableJumboFrame"]) == (identity, False)
    (attached,) = rows(api, "DescribeInstanceAttachmentAttributes", **ids)
    assert attached["PrivatePoolOptionsMatchCriteria"] == "Open"


def test_a_server_changes_and_goes_as_the_provider_has_it() -> None:
    lab, api = ecs_lab()
    identity = run(lab, api)
    one = {"InstanceId": identity}
    tagged = {"ResourceType": "instance", "ResourceId.1": identity}
    api.call("TagResources", **tagged, **{"Tag.1.Key": "env", "Tag.1.Value": "dev"})
    first = lab.store.look("instance", identity)["security_groups"]
    other = lab.new_group().id
    api.call("JoinSecurityGroup", **one, SecurityGroupId=other)
    again = api.refused("JoinSecurityGroup", **one, SecurityGroupId=other)
    assert again[1] == "InvalidInstanceId.AlreadyExists"
    api.call("LeaveSecurityGroup", **one, SecurityGroupId=first[0])
    assert lab.store.look("instance", identity)["security_groups"] == [other]
    last = api.refused("LeaveSecurityGroup", **one, SecurityGroupId=other)
    assert last[1] == "MissingParameter"
    api.call("ModifyInstanceAttribute", **one, InstanceName="web", Description="the shop's")
    api.call("ModifyInstanceAttribute", **one, DeletionProtection="true")
    api.call("AttachKeyPair", InstanceIds=as_json(identity), KeyPairName="ops")
    api.call("RebootInstance", **one)

    bigger = {**one, "InstanceType": "ecs.g7.xlarge"}
    assert api.refused("ModifyInstanceSpec", **bigger)[1] == "IncorrectInstanceStatus"
    api.call("StopInstance", **one, ForceStop="false")
    assert api.refused("StopInstance", **one)[1] == "IncorrectInstanceStatus"
    api.call("ModifyInstanceSpec", **bigger)
    vswitch = lab.new_vswitch("192.168.2.0/24")
    api.call(
        "ModifyInstanceVpcAttribute", **one, VSwitchId=vswitch.id, PrivateIpAddress="192.168.2.5"
    )
    (before,) = rows(api, "DescribeDisks", InstanceId=identity)
    replaced = api.call("ReplaceSystemDisk", **one, ImageId="another", **{"SystemDisk.Size": "80"})
    assert replaced["DiskId"] != before["DiskId"]
    (disk,) = rows(api, "DescribeDisks", DiskIds=as_json(replaced["DiskId"]))
    assert (disk["InstanceId"], disk["Size"], disk["ImageId"]) == (identity, 80, "another")
    api.call("StartInstance", **one)
    (row,) = rows(api, "DescribeInstances", InstanceIds=as_json(identity))
    assert (row["Status"], row["InstanceType"], row["ImageId"], row["KeyPairName"]) == (
        "Running",
        "ecs.g7.xlarge",
        "another",
        "ops",
    )
    assert row["VpcAttributes"]["PrivateIpAddress"] == {"IpAddress": ["192.168.2.5"]}

    kept = api.refused("DeleteInstance", **one, Force="true")
    assert kept[1] == "InvalidOperation.DeletionProtection"
    api.call("ModifyInstanceAttribute", **one, DeletionProtection="false")
    assert api.refused("DeleteInstance", **one)[1] == "IncorrectInstanceStatus"
    api.call("DeleteInstance", **one, Force="true")
    assert rows(api, "DescribeInstances", InstanceIds=as_json(identity)) == []
    assert rows(api, "DescribeDisks", InstanceId=identity) == []
    assert cards(api) == []
    assert api.refused("DeleteInstance", **one, Force="true")[:2] == (
        404,
        "InvalidInstanceId.NotFound",
    )


def test_a_servers_disk_role_and_upkeep_are_changed_by_calls_of_their_own() -> None:
    lab, api = ecs_lab()
    identity = run(lab, api, **{"SystemDisk.Size": "40", "SystemDisk.DiskName": "first"})
    ids, one = {"InstanceIds": as_json(identity)}, {"InstanceId": identity}
    (disk,) = rows(api, "DescribeDisks", **one, DiskType="system")
    assert (disk["DiskName"], disk["Encrypted"], disk["PerformanceLevel"]) == (
        "first",
        False,
        "PL1",
    )
    which = {"DiskId": disk["DiskId"]}
    api.call("ResizeDisk", **which, NewSize="80", Type="online")
    assert api.refused("ResizeDisk", **which, NewSize="60")[1] == "InvalidDiskSize.TooSmall"
    assert api.refused("ResizeDisk", DiskId="d-x", NewSize="60")[0] == 404
    api.call("ModifyDiskAttribute", **which, DiskName="system", Description="of web")
    api.call("ModifyDiskSpec", **which, PerformanceLevel="PL2")
    (disk,) = rows(api, "DescribeDisks", **one)
    assert (disk["Size"], disk["DiskName"], disk["Description"], disk["PerformanceLevel"]) == (
        80,
        "system",
        "of web",
        "PL2",
    )

    role = {**ids, "RamRoleName": "shop"}
    done = api.call("AttachInstanceRamRole", **role)["AttachInstanceRamRoleResults"]
    assert [row["Success"] for row in done["AttachInstanceRamRoleResult"]] == [True]
    told = [{"InstanceId": identity, "RamRoleName": "shop"}]
    assert rows(api, "DescribeInstanceRamRole", RamRoleName="shop") == told
    wrong = api.refused("DetachInstanceRamRole", **{**role, "RamRoleName": "another"})
    assert wrong[1] == "InvalidRamRoleName.NotFound"
    api.call("DetachInstanceRamRole", **role)
    assert rows(api, "DescribeInstanceRamRole", **ids)[0]["RamRoleName"] == ""

    night = {"MaintenanceWindow.1.StartTime": "02:00:00", "MaintenanceWindow.1.EndTime": "03:00:00"}
    kept = {"ActionOnMaintenance": "Stop", "NotifyOnMaintenance": "true"}
    changed = listed("InstanceId", identity)
    api.call("ModifyInstanceMaintenanceAttributes", **changed, **kept, **night)
    (row,) = rows(api, "DescribeInstanceMaintenanceAttributes", **changed)
    assert (row["ActionOnMaintenance"]["Value"], row["NotifyOnMaintenance"]) == ("Stop", True)
    assert row["MaintenanceWindows"]["MaintenanceWindow"] == [
        {"StartTime": "02:00:00", "EndTime": "03:00:00"}
    ]


def test_several_servers_are_made_or_none() -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    said = {
        "ImageId": "aliyun_3_x64",
        "InstanceType": "ecs.g7.large",
        "VSwitchId": lab.vswitch.id,
        "SecurityGroupId": group.id,
        "ClientToken": "once",
        "Amount": "3",
    }
    lab.store.set_quota("instances_per_security_group", 2)
    assert api.refused("RunInstances", **said)[1] == "SecurityGroupInstanceLimitExceed"
    assert not lab.store.all("instance")
    lab.store.set_quota("instances_per_security_group", 9)
    assert api.refused("RunInstances", **said, DryRun="true")[1] == "DryRunOperation"
    made = [api.call("RunInstances", **said)["InstanceIdSets"]["InstanceIdSet"] for _ in range(2)]
    assert made[0] == made[1] == [one.id for one in lab.store.all("instance")]
    assert len(made[0]) == 3


def test_servers_are_found_by_filters_of_every_sort() -> None:
    lab, api = ecs_lab()
    group, other = lab.new_group(), lab.new_group()
    web = lab.new_instance(group, instance_name="web-1", private_ip="192.168.1.1")
    db = lab.new_instance(other, instance_name="db", tags={"team": "shop"})
    eip = lab.new_eip()
    lab.bind(eip, db)
    api.call("StopInstance", InstanceId=db.id)

    def found(**said: str) -> set[str]:
        return {row["InstanceId"] for row in rows(api, "DescribeInstances", **said)}

    assert found() == found(VpcId=lab.vpc.id) == found(VSwitchId=lab.vswitch.id) == {web.id, db.id}
    assert found(InstanceIds=as_json(web.id, "i-x")) == found(InstanceName="web*") == {web.id}
    assert found(InstanceName="WEB*") == found(InstanceName="web") == set()
    assert found(PrivateIpAddresses=as_json("192.168.1.1")) == {web.id}
    assert found(SecurityGroupId=other.id) == found(Status="Stopped") == {db.id}
    assert found(EipAddresses=as_json(eip["ip_address"])) == {db.id}
    assert found(ZoneId="cn-shanghai-b") == found(InstanceNetworkType="classic") == set()
    assert found(**{"Tag.1.Key": "team"}) == {db.id}
    (row,) = rows(api, "DescribeInstances", Status="Stopped")
    assert (row["EipAddress"]["IpAddress"], row["EipAddress"]["AllocationId"]) == (
        eip["ip_address"],
        eip.id,
    )
    statuses = rows(api, "DescribeInstanceStatus", **listed("InstanceId", db.id))
    assert statuses == [{"InstanceId": db.id, "Status": "Stopped"}]


@pytest.mark.parametrize("paged", ["by token", "by number"])
def test_servers_come_in_pages_that_have_each_of_them_once(paged: str) -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    made = [lab.new_instance(group).id for _ in range(25)]
    found, size = list[str](), "MaxResults" if paged == "by token" else "PageSize"
    said = {size: "10"}
    for number in (2, 3, 0):
        answer = api.call("DescribeInstances", **said)
        assert answer["TotalCount"] == 25
        found += [row["InstanceId"] for row in answer["Instances"]["Instance"]]
        if paged == "by token":
            assert bool(answer["NextToken"]) == bool(number)
            said = {size: "10", "NextToken": answer["NextToken"]}
        else:
            assert answer["NextToken"] == ""
            said = {size: "10", "PageNumber": str(number)}
    assert found == made


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("DescribeInstances", {"InstanceIds": "[i-x"}),
        ("DescribeInstances", {"InstanceIds": "[" * 9000}),
        ("DescribeInstances", {"NextToken": "2"}),
        ("DescribeInstances", {"NextToken": "0-10"}),
        ("DescribeInstances", {"NextToken": "2-1000"}),
        ("DescribeInstances", {"PageSize": "101"}),
        ("DescribeInvocations", {"PageSize": "51"}),
        ("DescribeInstances", {"SystemDisk.Size": "40"}),
        ("RunInstances", {"SystemDisk.Colour": "red"}),
    ],
)
def test_what_no_list_and_no_parameter_is_is_refused(action: str, said: dict[str, str]) -> None:
    world = of_ecs()
    right = world.said(world.api.product.actions[action])
    code = world.api.refused(action, **{**right, **said})[1]
    assert code in {"InvalidParameter", "UnsupportedParameter"}


# --- commands -------------------------------------------------------------------------------------

_SCRIPT = base64.b64encode(b"ip route add {{ network }} dev eth1").decode()


def test_a_command_runs_as_the_provider_has_it() -> None:
    lab, api = ecs_lab()
    server = lab.new_instance(lab.new_group())
    asked = {"Name": "routes", "Type": "RunShellScript", "CommandContent": _SCRIPT}
    made = api.call("CreateCommand", **asked, EnableParameter="true", Timeout="120")
    command = {"CommandId": made["CommandId"]}
    (row,) = rows(api, "DescribeCommands", **command)
    assert (row["CommandContent"], row["Timeout"], row["EnableParameter"]) == (_SCRIPT, 120, True)
    assert (row["WorkingDir"], row["Description"]) == ("", "")
    assert row["ParameterNames"] == {"ParameterName": ["network"]}

    given = {"Parameters": json.dumps({"network": "10.0.0.0/8"})}
    ran = api.call("InvokeCommand", **command, **given, **listed("InstanceId", server.id))
    run_id = {"InvokeId": ran["InvokeId"]}
    assert lab.store.look("ecs_invocation", ran["InvokeId"])["parameters"] == {
        "network": "10.0.0.0/8"
    }
    (row,) = rows(api, "DescribeInvocations", **run_id)
    assert (row["InvocationStatus"], row["CommandName"], row["RepeatMode"]) == (
        "Success",
        "routes",
        "Once",
    )
    assert json.loads(row["Parameters"]) == {"network": "10.0.0.0/8"}
    assert [one["InstanceId"] for one in row["InvokeInstances"]["InvokeInstance"]] == [server.id]
    results = api.call("DescribeInvocationResults", **run_id)["Invocation"]
    (one,) = results["InvocationResults"]["InvocationResult"]
    assert (one["InstanceId"], one["InvocationStatus"], one["ExitCode"]) == (
        server.id,
        "Success",
        0,
    )
    api.call("StopInvocation", **run_id)
    assert rows(api, "DescribeInvocations", **run_id) == []
    api.call("DeleteCommand", **command)
    assert rows(api, "DescribeCommands", **command) == []
    assert api.refused("DeleteCommand", **command)[:2] == (404, "InvalidCmdId.NotFound")


def test_a_script_that_is_said_plainly_is_kept_in_base64() -> None:
    lab, api = ecs_lab()
    asked = {"Name": "x1", "Type": "RunShellScript", "CommandContent": "ip route"}
    made = api.call("CreateCommand", **asked, ContentEncoding="PlainText")
    kept = lab.store.look("ecs_command", made["CommandId"])["command_content"]
    assert base64.b64decode(kept) == b"ip route"


def test_runs_are_found_by_their_command_their_server_and_how_they_went() -> None:
    lab, api = ecs_lab()
    group = lab.new_group()
    servers = [lab.new_instance(group).id for _ in range(2)]
    asked = {"Name": "routes", "Type": "RunShellScript", "CommandContent": _SCRIPT}
    command = {"CommandId": api.call("CreateCommand", **asked)["CommandId"]}
    lab.store.faults.fail_invocation()
    failed = api.call("InvokeCommand", **command, **listed("InstanceId", servers[0]))["InvokeId"]
    daily = api.call(
        "InvokeCommand", **command, **listed("InstanceId", *servers), Frequency="0 0 3 * * ?"
    )["InvokeId"]

    def found(**said: str) -> set[str]:
        return {row["InvokeId"] for row in rows(api, "DescribeInvocations", **said)}

    assert found(**command) == found(CommandName="routes") == {failed, daily}
    assert found(InstanceId=servers[1]) == found(RepeatMode="Period") == {daily}
    assert found(Timed="true") == found(InvokeStatus="Scheduled") == {daily}
    assert found(InvokeStatus="Failed") == {failed}
    assert found(CommandType="RunBatScript") == set()
    api.call("StopInvocation", InvokeId=daily, **listed("InstanceId", servers[1]))
    assert found(InstanceId=servers[1]) == set()
    assert found(InstanceId=servers[0]) == {failed, daily}


# --- places ---------------------------------------------------------------------------------------


def test_zones_tell_what_the_provider_asks_them_for() -> None:
    lab, api = ecs_lab()
    zones = {row["ZoneId"]: row for row in rows(api, "DescribeZones")}
    assert zones.keys() >= {"cn-shanghai-b", lab.vswitch["zone_id"]}
    assert all(zone.startswith("cn-shanghai-") for zone in zones)
    one = zones["cn-shanghai-b"]
    assert "ecs.g7.large" in one["AvailableInstanceTypes"]["InstanceTypes"]
    assert "cloud_essd" in one["AvailableDiskCategories"]["DiskCategories"]
    free = rows(api, "DescribeAvailableResource", DestinationResource="Zone")
    assert {row["ZoneId"] for row in free} == zones.keys()
    assert {row["Status"] for row in free} == {"Available"}
    assert "cn-shanghai" in {row["RegionId"] for row in rows(api, "DescribeRegions")}


def test_an_instance_type_is_to_be_had_where_it_is_known() -> None:
    _, api = ecs_lab()
    where = {"DestinationResource": "InstanceType", "ZoneId": "cn-shanghai-b"}
    (zone,) = rows(api, "DescribeAvailableResource", **where, InstanceType="ecs.g7.large")
    (found,) = zone["AvailableResources"]["AvailableResource"]
    assert [one["Value"] for one in found["SupportedResources"]["SupportedResource"]] == [
        "ecs.g7.large"
    ]
    (zone,) = rows(api, "DescribeAvailableResource", **where, InstanceType="ecs.x0.huge")
    assert zone["AvailableResources"] == {"AvailableResource": []}
    (row,) = api.call("DescribeInstanceTypes", **listed("InstanceTypes", "ecs.t6-c1m1.large"))[
        "InstanceTypes"
    ]["InstanceType"]
    assert row == {
        "EniPrivateIpAddressQuantity": 2,
        "EniQuantity": 2,
        "InstanceTypeFamily": "ecs.t6",
        "InstanceTypeId": "ecs.t6-c1m1.large",
    }
    family = api.call("DescribeInstanceTypes", InstanceTypeFamily="ecs.g7", MaxResults="10")
    assert len(family["InstanceTypes"]["InstanceType"]) <= 10


@pytest.mark.parametrize("action", ["DescribeVpcs", "CreateVSwitch", "AllocateEipAddress"])
def test_what_was_ecs_business_once_is_refused_with_todays(action: str) -> None:
    _, api = ecs_lab()
    _, code, words = api.refused(action)
    assert code == "InvalidAction.NotFound"
    assert words.endswith(f"Today's actions are {action}, version 2016-04-28.")


# --- over the network -----------------------------------------------------------------------------


def test_the_official_sdk_leads_a_server_with_a_second_card_through_its_life(
    tmp_path: Path,
) -> None:
    models = models_of(ecs.PRODUCT)

    def ask(name: str, **attributes: Any) -> Any:
        return getattr(models, f"{name}Request")(region_id=REGION, **attributes)

    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        vpc = cloud.store.create("vpc", {"cidr_block": "10.0.0.0/8"}, region=REGION)
        zone = {"zone_id": "cn-shanghai-b", "cidr_block": "10.0.0.0/24"}
        vswitch = cloud.store.create("vswitch", {"vpc_id": vpc.id, **zone}, region=REGION)
        sdk = cloud.official(ecs.PRODUCT)
        group = sdk.create_security_group(
            ask("CreateSecurityGroup", vpc_id=vpc.id)
        ).body.security_group_id
        rule = models.AuthorizeSecurityGroupRequestPermissions(
            ip_protocol="TCP", port_range="443/443", source_cidr_ip="0.0.0.0/0"
        )
        sdk.authorize_security_group(
            ask("AuthorizeSecurityGroup", security_group_id=group, permissions=[rule])
        )
        (server,) = sdk.run_instances(
            ask(
                "RunInstances",
                image_id="aliyun_3_x64",
                instance_type="ecs.g7.large",
                v_switch_id=vswitch.id,
                security_group_ids=[group],
                system_disk=models.RunInstancesRequestSystemDisk(size="60"),
                tag=[models.RunInstancesRequestTag(key="team", value="shop")],
            )
        ).body.instance_id_sets.instance_id_set
        card = sdk.create_network_interface(
            ask("CreateNetworkInterface", v_switch_id=vswitch.id, security_group_ids=[group])
        ).body.network_interface_id
        attached = models.AttachNetworkInterfaceRequest(
            region_id=REGION, network_interface_id=card, instance_id=server
        )
        sdk.attach_network_interface(attached)
        told = sdk.describe_instances(
            ask("DescribeInstances", instance_ids=as_json(server))
        ).body.instances.instance[0]
        assert [one.type for one in told.network_interfaces.network_interface] == [
            "Primary",
            "Secondary",
        ]
        assert [(one.tag_key, one.tag_value) for one in told.tags.tag] == [("team", "shop")]
        listed_cards = sdk.describe_network_interfaces(
            ask("DescribeNetworkInterfaces", network_interface_id=[card])
        ).body.network_interface_sets.network_interface_set
        assert [one.instance_id for one in listed_cards] == [server]
        sdk.tag_resources(
            ask(
                "TagResources",
                resource_type="eni",
                resource_id=[card],
                tag=[models.TagResourcesRequestTag(key="env", value="dev")],
            )
        )
        (kept,) = cloud.store.all("ecs_network_interface")
        assert (kept.id, kept["tags"]) == (card, {"env": "dev"})
        sdk.modify_instance_attribute(
            models.ModifyInstanceAttributeRequest(instance_id=server, instance_name="web")
        )
        assert [one["instance_name"] for one in cloud.store.all("instance")] == ["web"]
        sdk.detach_network_interface(
            ask("DetachNetworkInterface", network_interface_id=card, instance_id=server)
        )
        sdk.delete_network_interface(ask("DeleteNetworkInterface", network_interface_id=card))
        sdk.delete_instance(models.DeleteInstanceRequest(instance_id=server, force=True))
        sdk.delete_security_group(ask("DeleteSecurityGroup", security_group_id=group))
        assert {one.kind for one in cloud.store.all()} == {"vpc", "vswitch"}
