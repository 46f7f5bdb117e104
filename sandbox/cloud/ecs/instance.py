"""Instances: servers in a vSwitch, and what is run inside them by Cloud Assistant.

Their further network cards are in `eni`. A run of a command succeeds unless the fault plan says
otherwise; what the script does is nobody's concern here. Deleting a run stops it where it still
runs; what it did inside stays done.
"""

import base64
import binascii
import re
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent, Quota
from sandbox.cloud.core.name_checks import check_description, check_name
from sandbox.cloud.ecs.eni import release_cards
from sandbox.cloud.ecs.security import check_groups
from sandbox.cloud.vpc.network import check_private_address, free_private_address
from sandbox.cloud.vpc.route_entry import ROUTED

__all__ = ["Command", "Instance", "Invocation", "check_status", "parameters_of"]


class Instance(Kind):
    name = "instance"
    prefix = "i-"
    not_found = "InvalidInstanceId.NotFound"
    twins: ClassVar = {"private_ip": "primary_ip_address"}
    texts: ClassVar = {"instance_name": check_name, "description": check_description}
    indexed = ("vpc_id", "vswitch_id", "private_ip")
    parents = (Parent("vswitch", "vswitch_id"),)
    dependents = (
        Dependent(
            "eip_association",
            "instance_id",
            # The code is ours; the cloud unbinds it, and then leaves it idle.
            "DependencyViolation.Eip",
            "{it.id} still has {user[allocation_id]}; unbind it first.",
        ),
        ROUTED,
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        vswitch = self.parent(session, wanted, "vswitch_id")
        _check_groups(session, vswitch.text("vpc_id"), wanted)
        address = wanted.get("private_ip")
        if address:
            check_private_address(session, vswitch, address)
        return {
            "private_ip": address or free_private_address(session, vswitch),
            "vpc_id": vswitch.text("vpc_id"),
            "availability_zone": vswitch.text("zone_id"),
        }

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        address = making.found.get("private_ip") or wanted.get("private_ip", "")
        return {
            "availability_zone": f"{making.region}-a",
            "cpu": 2,
            "create_time": making.time,
            "credit_specification": "",
            "deployment_set_group_no": "",
            "description": "",
            "enable_jumbo_frame": False,
            "expired_time": "2099-12-31T15:59Z",
            "host_name": making.id.replace("-", "") + "Z",
            "http_endpoint": "enabled",
            "http_tokens": "optional",
            "image_id": "",
            "instance_charge_type": "PostPaid",
            "instance_name": "",
            "instance_type": "",
            "internet_charge_type": "PayByTraffic",
            "internet_max_bandwidth_in": -1,
            "internet_max_bandwidth_out": 0,
            "ipv6_addresses": [],
            "key_name": "",
            "maintenance_action": "AutoRecover",
            "memory": 4096,
            "network_interface_id": making.new_id("eni-"),
            "network_interface_traffic_mode": "Standard",
            "os_name": "Alibaba Cloud Linux 3",
            "os_type": "linux",
            "private_ip": address,
            "private_pool_options_match_criteria": "Open",
            "public_ip": self._public_address(wanted, making),
            "queue_pair_number": 1,
            "resource_group_id": "",
            "role_name": "",
            "secondary_private_ips": [],
            "spot_strategy": "NoSpot",
            "start_time": making.time,
            "status": "Running",
            "stopped_mode": "Not-applicable",
            "system_disk_category": "cloud_essd",
            "system_disk_id": making.new_id("d-"),
            "system_disk_performance_level": "PL1",
            "system_disk_size": 40,
            "vpc_id": "",
            **wanted,
            **making.found,
        }

    def _public_address(self, wanted: Attributes, making: Making) -> str:
        return making.new_public_address() if wanted.get("internet_max_bandwidth_out") else ""

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if "security_groups" in changes:
            _check_groups(session, resource.text("vpc_id"), changes)
        _check_move(session, resource, changes)
        _check_disk(resource, changes)

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if changes.get("vswitch_id", resource["vswitch_id"]) != resource["vswitch_id"] and not (
            changes.get("private_ip")
        ):
            vswitch = session.need("vswitch", changes["vswitch_id"])
            address = {"private_ip": free_private_address(session, vswitch)}
            session.change(resource, self.derive(address))
        if changes.get("image_id", resource["image_id"]) != resource["image_id"]:
            session.change(resource, {"system_disk_id": session.new_id("d-")})

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        release_cards(session, resource)
        super().deleted(session, resource)


def check_status(instance: Resource, *allowed: str) -> None:
    """Refuse what an instance can't do as it is."""
    if instance["status"] not in allowed:
        raise CloudError(
            "IncorrectInstanceStatus",
            f"{instance.id} is {instance['status']}; it must be {' or '.join(allowed)}.",
        )


def _check_move(session: Session, instance: Resource, changes: Attributes) -> None:
    """A server keeps its zone and its VPC (ModifyInstanceVpcAttribute).

    In another vSwitch it gets an address, where none is stated.
    """
    before = instance["vswitch_id"], instance["private_ip"]
    after = changes.get("vswitch_id", before[0]), changes.get("private_ip") or None
    if after[0] == before[0] and after[1] in {None, before[1]}:
        return
    vswitch = session.need("vswitch", after[0])
    if vswitch["vpc_id"] != instance["vpc_id"]:
        raise CloudError(  # The code is ours.
            "InvalidVSwitchId.VpcMismatch", f"{vswitch.id} isn't in the VPC {instance['vpc_id']}."
        )
    zone = instance["availability_zone"]
    if vswitch["zone_id"] != zone:
        raise CloudError(
            "InvalidVSwitchId.Mismatch",
            f"{instance.id} is in {zone}, and {vswitch.id} in {vswitch['zone_id']}.",
        )
    if after[1]:
        check_private_address(session, vswitch, after[1])


def _check_disk(instance: Resource, changes: Attributes) -> None:
    """A disk grows; only one that is made anew of another image may be smaller."""
    before = instance["system_disk_size"]
    size = changes.get("system_disk_size") or before
    image = changes.get("image_id", instance["image_id"])
    if before and size < before and image == instance["image_id"]:
        raise CloudError(
            "InvalidDiskSize.TooSmall",
            f"The system disk of {instance.id} has {before} GB; it can't become {size} GB.",
        )


def _check_groups(session: Session, vpc: str, wanted: Attributes) -> None:
    groups: list[str] = wanted.get("security_groups") or []
    # The code is ours.
    check_groups(session, vpc, groups, mismatch="InvalidSecurityGroupId.VpcMismatch")


_TYPES = {"RunBatScript", "RunPowerShellScript", "RunShellScript"}
# Bytes, after encoding.
_LONGEST_CONTENT = 24 * 1024
# Attribute: most characters, code.
_LENGTHS = {
    "name": (128, "CmdName.ExceedLimit"),
    "description": (512, "CmdDesc.ExceedLimit"),
    "working_dir": (200, "InvalidParameter.WorkingDir"),
}
# Seconds.
_SHORTEST_TIMEOUT = 10
_LONGEST_TIMEOUT = 86_400
_MOST_INSTANCES = 100
_FAILED = {"Failed", "PartialFailed", "Stopped"}
_MOST_PARAMETERS = 10
# {{name}}; those that start with ACS:: are the cloud's own.
_PARAMETER = re.compile(r"\{\{\s*([A-Za-z0-9_-]+)\s*\}\}")


class Command(Kind):
    name = "ecs_command"
    prefix = "c-"
    not_found = "InvalidCmdId.NotFound"
    quotas = (Quota("commands_per_region", "CmdCount.ExceedQuota"),)
    fills: ClassVar = {"enable_parameter": False, "timeout": 60}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        if wanted.get("type") not in _TYPES:
            raise CloudError(
                "InvalidCmdType.NotFound",
                f"There is no command type {wanted.get('type')!r}; "
                f"there are {', '.join(sorted(_TYPES))}.",
            )
        for name, (most, code) in _LENGTHS.items():
            length = len(str(wanted.get(name) or ""))
            if length > most:
                raise CloudError(code, f"{name} has {length} characters; at most {most} fit.")
        content = str(wanted.get("command_content") or "")
        if len(content) > _LONGEST_CONTENT:
            raise CloudError(
                "CmdContent.ExceedLimit",
                f"The script has {len(content)} bytes in Base64; at most {_LONGEST_CONTENT} fit.",
            )
        _decoded(content)
        _check_timeout(wanted.get("timeout"))


def _decoded(content: str) -> bytes:
    try:
        script = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        script = b""
    if not script:
        raise CloudError("CmdContent.DecodeError", "The script isn't there, or not in Base64.")
    return script


def _check_timeout(seconds: int | None) -> None:
    if seconds is None:
        return
    if seconds > _LONGEST_TIMEOUT:
        raise CloudError(
            "InvalidTimeout.ExceedLimit",
            f"A timeout of {seconds} s is too long; at most {_LONGEST_TIMEOUT} s.",
        )
    if seconds < _SHORTEST_TIMEOUT:
        raise CloudError(  # The code is ours; the rule is documented.
            "InvalidParameter.Timeout",
            f"A timeout of {seconds} s is too short; at least {_SHORTEST_TIMEOUT} s.",
        )


class Invocation(Kind):
    """A run of a command. The cloud keeps its record for weeks; the sandbox lets it go."""

    name = "ecs_invocation"
    prefix = "t-"
    not_found = "InvalidInvokeId.NotFound"
    parents = (Parent("ecs_command", "command_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        command = self.parent(session, wanted, "command_id")
        instances: list[str] = wanted.get("instance_id") or []
        if not instances:
            raise CloudError("MissingParam.InstanceId", "A run needs an instance.")
        if len(instances) > _MOST_INSTANCES:
            raise CloudError(
                "InstanceIds.ExceedLimit",
                f"A run takes {_MOST_INSTANCES} instances, not {len(instances)}.",
            )
        for identity in instances:
            instance = session.need("instance", identity, "InvalidInstance.NotFound")
            if instance["status"] != "Running":
                # Published as the result on the one instance; refused here as a whole.
                raise CloudError(
                    "InstanceNotRunning", f"{identity} is {instance['status']}, not Running."
                )
        _check_parameters(command, wanted.get("parameters") or {})
        if wanted.get("repeat_mode") == "Period" and not wanted.get("frequency"):
            raise CloudError("MissingParam.Frequency", "A run that repeats needs a frequency.")
        return {"status": "Failed"} if session.script_fails else {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        # A frequency makes it a Period, whatever else was asked for.
        mode = "Period" if wanted.get("frequency") else wanted.get("repeat_mode", "Once")
        return {
            "timed": False,
            "username": "root",
            **wanted,
            "repeat_mode": mode,
            "status": "Success" if mode == "Once" else "Scheduled",
            **making.found,
        }

    @override
    def failure(self, resource: Resource) -> str:
        if resource["status"] not in _FAILED:
            return ""
        where = ", ".join(resource["instance_id"])
        return (
            f"{resource.id} is {resource['status']}: the script of {resource['command_id']} failed "
            f"in {where}. A run is never repeated by itself: correct the cause, then replace this "
            "resource (a changed script does that too)."
        )


def parameters_of(command: Resource) -> set[str]:
    """The names of what a command's script takes a value for; none unless it may."""
    if not command["enable_parameter"]:
        return set()
    script = _decoded(command.text("command_content")).decode(errors="replace")
    return set(_PARAMETER.findall(script))


def _check_parameters(command: Resource, given: Attributes) -> None:
    if given and not command["enable_parameter"]:
        raise CloudError(
            "Parameter.Disabled", f"{command.id} takes no parameters: enable_parameter is off."
        )
    if len(given) > _MOST_PARAMETERS:
        raise CloudError(
            "ParameterCount.ExceedLimit",
            f"A run takes {_MOST_PARAMETERS} parameters, not {len(given)}.",
        )
    if not command["enable_parameter"]:
        return
    wanted = parameters_of(command)
    if missing := sorted(wanted - given.keys()):
        raise CloudError(
            "Parameter.MissingValue", f"The script needs a value for {', '.join(missing)}."
        )
    if strange := sorted(given.keys() - wanted):
        raise CloudError(
            "Parameter.NotMatched", f"The script has no parameter {', '.join(strange)}."
        )
