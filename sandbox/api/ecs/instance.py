"""Servers, and what stands behind each: its system disk, its role, its user data.

A disk isn't a resource of its own here: it is what its server says of it. What the cloud does only
with a server that is stopped is refused of one that runs.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sandbox.api.actions import (
    ID,
    REGION,
    Action,
    Call,
    Field,
    Get,
    Joined,
    Modify,
    Own,
    Subject,
    flag,
    if_set,
    listed,
    number,
    tags,
)
from sandbox.api.ecs.lists import Listed, holds, is_one_of, like, several
from sandbox.api.refusals import missing
from sandbox.cloud import KINDS, Attributes, CloudError, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.ecs.instance import check_status
from sandbox.cloud.eip.association import eip_of

__all__ = ["INSTANCE", "TABLE"]

_KIND: Final = "instance"
_RUNNING, _STOPPED = "Running", "Stopped"
_DISK: Final[Mapping[str, str]] = {
    "AutoSnapshotPolicyId": "system_disk_auto_snapshot_policy_id",
    "BurstingEnabled": "system_disk_bursting_enabled",
    "Category": "system_disk_category",
    "Description": "system_disk_description",
    "DiskName": "system_disk_name",
    "EncryptAlgorithm": "system_disk_encrypt_algorithm",
    "Encrypted": "system_disk_encrypted",
    "KMSKeyId": "system_disk_kms_key_id",
    "PerformanceLevel": "system_disk_performance_level",
    "ProvisionedIops": "system_disk_provisioned_iops",
    "Size": "system_disk_size",
    "StorageClusterId": "system_disk_storage_cluster_id",
}
"""What a system disk is, by what the API calls it and what its server does."""

INSTANCE = Subject(
    _KIND,
    ("InstanceId",),
    {
        "ActionOnMaintenance": "maintenance_action",
        "KeyPairName": "key_name",
        "NotifyOnMaintenance": "maintenance_notify",
        "NetworkOptions.EnableJumboFrame": "enable_jumbo_frame",
        "PrivateIpAddress": "private_ip",
        "PrivatePoolOptions.Id": "private_pool_options_id",
        "PrivatePoolOptions.MatchCriteria": "private_pool_options_match_criteria",
        "RamRoleName": "role_name",
        "SecurityGroupId": "security_groups",
        "SecurityGroupIds": "security_groups",
        "ZoneId": "availability_zone",
        **{f"SystemDisk.{name}": attribute for name, attribute in _DISK.items()},
        # As another disk is asked for.
        **{name: _DISK[name] for name in ("Encrypted", "EncryptAlgorithm", "KMSKeyId")},
    },
)
_EACH = Subject(_KIND, ("InstanceIds",))
"""As lists ask for servers."""

_ITS_DISK = Subject(_KIND, ("DiskId",), {**_DISK, "NewSize": _DISK["Size"]}, own="system_disk_id")


# --- what a server tells, and others of it --------------------------------------------------------


def _eip(session: Session, one: Resource) -> dict[str, Any]:
    eip = eip_of(session, one.id)
    if eip is None:
        return {"AllocationId": "", "InternetChargeType": "", "IpAddress": ""}
    return {
        "AllocationId": eip.id,
        "Bandwidth": int(eip["bandwidth"]),
        "InternetChargeType": eip["internet_charge_type"],
        "IpAddress": eip["ip_address"],
    }


def _cards(session: Session, one: Resource) -> dict[str, Any]:
    """The first card and the further ones."""
    attached = session.find("ecs_network_interface_attachment", instance_id=one.id)
    cards = [session.get("ecs_network_interface", it["network_interface_id"]) for it in attached]
    primary = {
        "NetworkInterfaceId": one["network_interface_id"],
        "PrimaryIpAddress": one.text("private_ip"),
        "Type": "Primary",
    }
    further = [
        {
            "MacAddress": card["mac"],
            "NetworkInterfaceId": card.id,
            "PrimaryIpAddress": card["primary_ip_address"],
            "Type": card["instance_type"],
        }
        for card in cards
        if card
    ]
    return {"NetworkInterface": [primary, *further]}


def _vpc(one: Resource) -> dict[str, Any]:
    return {
        "NatIpAddress": "",
        "PrivateIpAddress": {"IpAddress": [one.text("private_ip")]},
        "VSwitchId": one.text("vswitch_id"),
        "VpcId": one.text("vpc_id"),
    }


def _metadata(one: Resource) -> dict[str, Any]:
    hops = one["http_put_response_hop_limit"]
    return {
        "HttpEndpoint": one["http_endpoint"],
        "HttpTokens": one["http_tokens"],
        **({"HttpPutResponseHopLimit": hops} if hops else {}),
    }


def _public(one: Resource) -> dict[str, Any]:
    return {"IpAddress": [one["public_ip"]] if one["public_ip"] else []}


def _disk_tags(one: Resource) -> dict[str, Any]:
    held: Mapping[str, str] = one["volume_tags"] or {}
    return {"Tag": [{"TagKey": name, "TagValue": it} for name, it in held.items()]}


def _user_data(one: Resource) -> object:
    """As the cloud keeps it: in Base64, whichever way it was stated."""
    text = one.text("user_data")
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return base64.b64encode(text.encode()).decode()
    return text


_SHARED: Mapping[str, Field] = {
    "InstanceId": ID,
    "InstanceName": "instance_name",
    "CreationTime": "create_time",
    "CreditSpecification": "credit_specification",
    "Description": "description",
    "EipAddress": Joined(_eip),
    "ExpiredTime": "expired_time",
    "HostName": "host_name",
    "ImageId": "image_id",
    "InnerIpAddress": lambda _: {"IpAddress": []},
    "InstanceChargeType": "instance_charge_type",
    "InstanceNetworkType": lambda _: "vpc",
    "InstanceType": "instance_type",
    "InternetChargeType": "internet_charge_type",
    "InternetMaxBandwidthIn": number("internet_max_bandwidth_in"),
    "InternetMaxBandwidthOut": number("internet_max_bandwidth_out"),
    "OperationLocks": lambda _: {"LockReason": []},
    "PublicIpAddress": _public,
    "RegionId": REGION,
    "SecurityGroupIds": listed("SecurityGroupId", "security_groups"),
    "Status": "status",
    "StoppedMode": "stopped_mode",
    "VpcAttributes": _vpc,
    "ZoneId": "availability_zone",
}
"""What a server's own page and a list of them have alike."""

_FIELDS: Mapping[str, Field] = {
    **_SHARED,
    # What means another server to the provider is empty unless stated.
    "AutoReleaseTime": "auto_release_time",
    "Cpu": number("cpu"),
    "DedicatedHostAttribute": lambda one: {"DedicatedHostId": one.text("dedicated_host_id")},
    "DeletionProtection": flag("deletion_protection"),
    "DeploymentSetId": "deployment_set_id",
    "HpcClusterId": "hpc_cluster_id",
    "ImageOptions": lambda _: {"LoginAsNonRoot": False},
    "IoOptimized": lambda _: True,
    "KeyPairName": "key_name",
    "Memory": number("memory"),
    "MetadataOptions": _metadata,
    "NetworkInterfaces": Joined(_cards),
    "OSName": "os_name",
    "OSType": "os_type",
    "ResourceGroupId": "resource_group_id",
    "SpotInterruptionBehavior": "spot_interruption_behavior",
    "SpotStrategy": "spot_strategy",
    "StartTime": "start_time",
    "Tags": tags("TagKey", "TagValue"),
}
_DISK_FIELDS: Mapping[str, Field] = {
    "DiskId": "system_disk_id",
    **{
        name: _DISK[name]
        for name in (
            *("AutoSnapshotPolicyId", "Category", "Description", "DiskName", "KMSKeyId"),
            *("PerformanceLevel", "StorageClusterId"),
        )
    },
    "BurstingEnabled": if_set(_DISK["BurstingEnabled"], bool),
    "CreationTime": "create_time",
    "DeleteWithInstance": lambda _: True,
    "Device": lambda _: "/dev/xvda",
    "DiskChargeType": "instance_charge_type",
    "Encrypted": flag(_DISK["Encrypted"]),
    "ImageId": "image_id",
    "InstanceId": ID,
    "Portable": lambda _: False,
    "ProvisionedIops": if_set(_DISK["ProvisionedIops"], int),
    "RegionId": REGION,
    "Size": number(_DISK["Size"]),
    "Status": lambda _: "In_use",
    "Tags": _disk_tags,
    "Type": lambda _: "system",
    "ZoneId": "availability_zone",
}


def _on_maintenance(one: Resource) -> dict[str, Any]:
    return {
        "DefaultValue": "AutoRecover",
        "SupportedValues": {"SupportedValue": ["Stop", "AutoRecover", "AutoRedeploy"]},
        "Value": one["maintenance_action"],
    }


def _windows(one: Resource) -> dict[str, Any]:
    each: list[Mapping[str, str]] = one["maintenance_time"] or []
    return {
        "MaintenanceWindow": [
            {"StartTime": it["start_time"], "EndTime": it["end_time"]} for it in each
        ]
    }


# --- filters --------------------------------------------------------------------------------------


def _has_eip(session: Session, one: Resource, values: Sequence[str]) -> bool:
    return _eip(session, one)["IpAddress"] in values


def _is_system(_session: Session, _one: Resource, values: Sequence[str]) -> bool:
    """Every disk here is a system disk."""
    return values[0] in {"all", "system"}


# --- actions with a way of their own --------------------------------------------------------------

_MOST_AT_ONCE: Final = 100


def _run(call: Call) -> dict[str, Any]:
    """Make servers: all that are asked for, or none."""
    said = call.said
    amount = said.number("Amount", 1, _MOST_AT_ONCE)
    wanted = INSTANCE.stated(said, (*_RUN_NEEDS, *_RUN_STATES))
    if not wanted.get("security_groups"):
        raise missing("SecurityGroupId")
    token = said.text("ClientToken")

    def act(session: Session) -> list[Resource]:
        return [
            call.store.made(session, _KIND, wanted, f"{token}:{number}" if token else "")
            for number in range(amount)
        ]

    made = call.store.together("create", _KIND, act, region=call.region)
    return {"InstanceIdSets": {"InstanceIdSet": [one.id for one in made]}}


def _changed(call: Call, change: Callable[[Resource], Attributes]) -> Resource:
    identity = call.said.text("InstanceId")
    return call.store.update(_KIND, identity, change, region=call.region)


def _start(call: Call) -> dict[str, Any]:
    def change(one: Resource) -> Attributes:
        check_status(one, _STOPPED)
        return {"status": _RUNNING, "stopped_mode": "Not-applicable"}

    _changed(call, change)
    return {}


def _stop(call: Call) -> dict[str, Any]:
    mode = {"StoppedMode": call.said.text("StoppedMode") or "KeepCharging"}
    stated = INSTANCE.stated(call.said.with_(mode), mode)

    def change(one: Resource) -> Attributes:
        check_status(one, _RUNNING)
        return {"status": _STOPPED, **stated}

    _changed(call, change)
    return {}


def _reboot(call: Call) -> dict[str, Any]:
    def change(one: Resource) -> Attributes:
        check_status(one, _RUNNING)
        return {}

    _changed(call, change)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    """Release a server. One that runs has to be forced."""
    identity, force = call.said.text("InstanceId"), call.said.flag("Force")

    def look(session: Session) -> None:
        one = session.need(_KIND, identity)
        if not force:
            check_status(one, _STOPPED)

    call.store.ask(_KIND, look, region=call.region)
    call.store.delete(_KIND, identity, region=call.region, force=force)
    return {}


def _while_stopped(*parameters: str) -> Callable[[Call], dict[str, Any]]:
    """Change what parameters say of a server that is stopped."""

    def do(call: Call) -> dict[str, Any]:
        stated = INSTANCE.stated(call.said, parameters)

        def change(one: Resource) -> Attributes:
            check_status(one, _STOPPED)
            return stated

        _changed(call, change)
        return {}

    return do


def _replace_disk(call: Call) -> dict[str, Any]:
    """Start a server from an image: its former system disk goes."""
    _while_stopped("ImageId", "Encrypted", "EncryptAlgorithm", "KMSKeyId", "SystemDisk.Size")(call)
    one = call.store.read(_KIND, call.said.text("InstanceId"), region=call.region)
    return {"DiskId": one["system_disk_id"] if one else ""}


def _groups(change: Callable[[list[str], str], list[str]]) -> Callable[[Call], dict[str, Any]]:
    """Change which groups a server, or a further card, is in."""

    def do(call: Call) -> dict[str, Any]:
        said = call.said
        group, card = said.text("SecurityGroupId"), said.text("NetworkInterfaceId")
        if not card and not said.text("InstanceId"):
            raise missing("InstanceId")
        kind = "ecs_network_interface" if card else _KIND
        name = "security_group_ids" if card else "security_groups"
        call.store.update(
            kind,
            card or said.text("InstanceId"),
            lambda one: {name: change(one[name] or [], group)},
            region=call.region,
        )
        return {}

    return do


def _join(groups: list[str], group: str) -> list[str]:
    if group in groups:
        raise CloudError("InvalidInstanceId.AlreadyExists", f"It is in {group} already.")
    return [*groups, group]


def _leave(groups: list[str], group: str) -> list[str]:
    if group not in groups:
        raise CloudError("InvalidSecurityGroupId.NotFound", f"It isn't in {group}.")
    return [one for one in groups if one != group]


def _given_or_taken(
    parameter: str, *, gone: bool, tell: Callable[[str, Sequence[str]], dict[str, Any]]
) -> Callable[[Call], dict[str, Any]]:
    """Give each of some servers what a parameter names, or take it away from those that have it."""
    attribute = INSTANCE.attribute(parameter)

    def do(call: Call) -> dict[str, Any]:
        what, ids = call.said.text(parameter), several(call.said, "InstanceIds")

        def act(session: Session) -> None:
            for one in [session.need(_KIND, identity) for identity in ids]:
                if gone and one[attribute] != what:
                    raise CloudError(f"Invalid{parameter}.NotFound", f"{one.id} hasn't {what}.")
                KINDS[_KIND].update(session, one, {attribute: "" if gone else what})

        call.store.together("update", _KIND, act, region=call.region)
        return {parameter: what, **tell("Detach" if gone else "Attach", ids)}

    return do


def _keys_told(_: str, ids: Sequence[str]) -> dict[str, Any]:
    done = {"Code": "200", "Message": "successful", "Success": "true"}
    return {
        "FailCount": "0",
        "Results": {"Result": [{"InstanceId": one, **done} for one in ids]},
        "TotalCount": str(len(ids)),
    }


def _roles_told(verb: str, ids: Sequence[str]) -> dict[str, Any]:
    done = {"Code": "200", "Message": "success", "Success": True}
    row = f"{verb}InstanceRamRoleResult"
    return {
        "FailCount": 0,
        f"{row}s": {row: [{"InstanceId": one, **done} for one in ids]},
        "TotalCount": len(ids),
    }


def _maintain(call: Call) -> dict[str, Any]:
    """Say when the cloud may maintain some servers, and what it does with them then."""
    said = call.said
    found = INSTANCE.stated(said, ("ActionOnMaintenance", "NotifyOnMaintenance"))
    windows = [
        {"start_time": one.get("StartTime", ""), "end_time": one.get("EndTime", "")}
        for one in said.listed("MaintenanceWindow")
    ]
    changes = {**found, **({"maintenance_time": windows} if windows else {})}

    def act(session: Session) -> None:
        for one in [session.need(_KIND, identity) for identity in said.values("InstanceId")]:
            KINDS[_KIND].update(session, one, changes)

    call.store.together("update", _KIND, act, region=call.region)
    return {}


# --- the table ------------------------------------------------------------------------------------

_RUN_NEEDS: Final = ("ImageId", "InstanceType", "VSwitchId")
_RUN_STATES: Final = (
    *("AutoReleaseTime", "CreditSpecification", "DedicatedHostId", "DeletionProtection"),
    *("DeploymentSetId", "Description", "HostName", "HpcClusterId", "HttpEndpoint"),
    *("HttpPutResponseHopLimit", "HttpTokens", "InstanceChargeType", "InstanceName"),
    *("InternetChargeType", "InternetMaxBandwidthIn", "InternetMaxBandwidthOut", "KeyPairName"),
    *("NetworkOptions.EnableJumboFrame", "Password", "PasswordInherit", "PrivateIpAddress"),
    *("PrivatePoolOptions.Id", "PrivatePoolOptions.MatchCriteria", "RamRoleName"),
    *("ResourceGroupId", "SecurityEnhancementStrategy", "SecurityGroupId", "SecurityGroupIds"),
    *("SpotInterruptionBehavior", "SpotStrategy", "Tag", "UserData", "ZoneId"),
    *(f"SystemDisk.{name}" for name in _DISK),
)


def _on_one(
    name: str, do: Callable[[Call], dict[str, Any]], *takes: str, needs: Sequence[str] = ()
) -> Own:
    """Something with one server."""
    return Own(
        name=name,
        subject=INSTANCE,
        needs=("InstanceId", *needs),
        takes=("ClientToken", "DryRun", *takes),
        do=do,
    )


TABLE: Final[tuple[Action, ...]] = (
    Own(
        name="RunInstances",
        subject=INSTANCE,
        needs=_RUN_NEEDS,
        takes=(
            *("Amount", "ClientToken", "DryRun"),
            *_RUN_STATES,
        ),
        do=_run,
    ),
    Listed(
        name="DescribeInstances",
        subject=_EACH,
        # The attributes that a caller may ask for beside are told to everybody.
        takes=("AdditionalAttributes", "Tag"),
        ids=lambda said: several(said, "InstanceIds"),
        fields=_FIELDS,
        inside=("Instances", "Instance"),
        filters={
            name: name
            for name in (
                *("ImageId", "InstanceChargeType", "InstanceType", "InternetChargeType"),
                *("InstanceNetworkType", "KeyPairName", "ResourceGroupId", "Status", "ZoneId"),
            )
        },
        lets={
            "EipAddresses": _has_eip,
            "InstanceName": like("instance_name"),
            "PrivateIpAddresses": is_one_of("private_ip"),
            "PublicIpAddresses": is_one_of("public_ip"),
            "SecurityGroupId": holds("security_groups"),
            "VSwitchId": is_one_of("vswitch_id"),
            "VpcId": is_one_of("vpc_id"),
        },
        longest=100,
    ),
    Listed(
        name="DescribeInstanceStatus",
        subject=INSTANCE,
        ids=lambda said: said.values("InstanceId"),
        fields={"InstanceId": ID, "Status": "status"},
        inside=("InstanceStatuses", "InstanceStatus"),
        filters={},
        lets={"ZoneId": is_one_of("availability_zone")},
        most=50,
    ),
    Get(
        name="DescribeInstanceAttribute",
        subject=INSTANCE,
        needs=("InstanceId",),
        fields={
            **_SHARED,
            "Cpu": number("cpu"),
            "EnableJumboFrame": flag("enable_jumbo_frame"),
            "IoOptimized": lambda _: "optimized",
            "Memory": number("memory"),
        },
    ),
    Get(
        name="DescribeUserData",
        subject=INSTANCE,
        needs=("InstanceId",),
        fields={"InstanceId": ID, "RegionId": REGION, "UserData": _user_data},
    ),
    Listed(
        name="DescribeInstanceRamRole",
        subject=_EACH,
        ids=lambda said: several(said, "InstanceIds"),
        one_of=("InstanceIds", "RamRoleName"),
        fields={"InstanceId": ID, "RamRoleName": "role_name"},
        inside=("InstanceRamRoleSets", "InstanceRamRoleSet"),
        filters={"RamRoleName": "RamRoleName"},
        untold=("PageNumber", "PageSize"),
        most=50,
    ),
    Listed(
        name="DescribeInstanceMaintenanceAttributes",
        subject=INSTANCE,
        ids=lambda said: said.values("InstanceId"),
        fields={
            "InstanceId": ID,
            "ActionOnMaintenance": _on_maintenance,
            "MaintenanceWindows": _windows,
            "NotifyOnMaintenance": flag("maintenance_notify"),
        },
        inside=("MaintenanceAttributes", "MaintenanceAttribute"),
        filters={},
    ),
    Listed(
        name="DescribeInstanceAttachmentAttributes",
        subject=_EACH,
        needs=("InstanceIds",),
        ids=lambda said: several(said, "InstanceIds"),
        fields={
            "InstanceId": ID,
            "PrivatePoolOptionsId": "private_pool_options_id",
            "PrivatePoolOptionsMatchCriteria": "private_pool_options_match_criteria",
        },
        inside=("Instances", "Instance"),
        filters={},
    ),
    Listed(
        name="DescribeDisks",
        subject=INSTANCE,
        fields=_DISK_FIELDS,
        inside=("Disks", "Disk"),
        filters={name: name for name in ("Category", "PerformanceLevel", "Status", "ZoneId")},
        lets={
            "DiskIds": is_one_of("system_disk_id"),
            "DiskName": like("system_disk_name"),
            "DiskType": _is_system,
            "ResourceGroupId": is_one_of("resource_group_id"),
        },
        longest=500,
    ),
    Modify(
        name="ModifyInstanceAttribute",
        subject=INSTANCE,
        needs=("InstanceId",),
        takes=(
            *("CreditSpecification", "DeletionProtection", "Description"),
            *("EnableJumboFrame", "HostName", "InstanceName", "SecurityGroupIds", "UserData"),
        ),
        # The cloud never tells a password, so there is nothing to keep.
        also=("Password",),
    ),
    Modify(
        name="ModifyInstanceMetadataOptions",
        subject=INSTANCE,
        needs=("InstanceId", "HttpEndpoint"),
        takes=("HttpEndpoint", "HttpTokens"),
    ),
    Modify(
        name="ModifyInstanceAttachmentAttributes",
        subject=INSTANCE,
        needs=("InstanceId", "PrivatePoolOptions.MatchCriteria"),
        takes=("PrivatePoolOptions.Id", "PrivatePoolOptions.MatchCriteria"),
    ),
    _on_one("StartInstance", _start),
    _on_one("StopInstance", _stop, "ForceStop", "StoppedMode"),
    _on_one("RebootInstance", _reboot, "ForceStop"),
    _on_one("DeleteInstance", _delete, "Force", "ForceStop", "TerminateSubscription"),
    _on_one("ModifyInstanceSpec", _while_stopped("InstanceType"), needs=("InstanceType",)),
    _on_one(
        "ModifyInstanceVpcAttribute",
        _while_stopped("VSwitchId", "PrivateIpAddress"),
        "PrivateIpAddress",
        needs=("VSwitchId",),
    ),
    _on_one(
        "ReplaceSystemDisk",
        _replace_disk,
        # The cloud never tells a password, so there is nothing to keep.
        *("Encrypted", "EncryptAlgorithm", "KMSKeyId", "Password", "SystemDisk.Size"),
        needs=("ImageId",),
    ),
    Own(
        name="JoinSecurityGroup",
        subject=INSTANCE,
        needs=("SecurityGroupId",),
        takes=("InstanceId", "NetworkInterfaceId"),
        do=_groups(_join),
    ),
    Own(
        name="LeaveSecurityGroup",
        subject=INSTANCE,
        needs=("SecurityGroupId",),
        takes=("InstanceId", "NetworkInterfaceId"),
        do=_groups(_leave),
    ),
    *(
        Own(
            name=name,
            subject=_EACH,
            needs=("InstanceIds", parameter),
            do=_given_or_taken(parameter, gone=name.startswith("Detach"), tell=tell),
        )
        for name, parameter, tell in (
            ("AttachKeyPair", "KeyPairName", _keys_told),
            ("DetachKeyPair", "KeyPairName", _keys_told),
            ("AttachInstanceRamRole", "RamRoleName", _roles_told),
            ("DetachInstanceRamRole", "RamRoleName", _roles_told),
        )
    ),
    Own(
        name="ModifyInstanceMaintenanceAttributes",
        subject=INSTANCE,
        needs=("InstanceId",),
        takes=(
            *("ActionOnMaintenance", "MaintenanceWindow.EndTime", "MaintenanceWindow.StartTime"),
            "NotifyOnMaintenance",
        ),
        do=_maintain,
    ),
    Modify(
        name="ModifyInstanceAutoReleaseTime",
        subject=INSTANCE,
        needs=("InstanceId",),
        takes=("AutoReleaseTime",),
    ),
    Modify(
        name="ResizeDisk",
        subject=_ITS_DISK,
        needs=("DiskId", "NewSize"),
        takes=("NewSize",),
        # Whether the server has to be started again for it: here never.
        also=("Type",),
    ),
    Modify(
        name="ModifyDiskAttribute",
        subject=_ITS_DISK,
        needs=("DiskId",),
        takes=("BurstingEnabled", "Description", "DiskName"),
    ),
    Modify(
        name="ModifyDiskSpec",
        subject=_ITS_DISK,
        needs=("DiskId",),
        takes=("PerformanceLevel", "ProvisionedIops"),
    ),
)
