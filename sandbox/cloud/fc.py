"""Functions of Function Compute 3.0. Their code is kept and never run.

In a VPC the service needs a role that lets it put network cards there. It looks at the role when it
first makes such a card, which in the cloud may be as late as the first call. No function is called
here, so the sandbox looks at once: what a function stands on is there before the function.
"""

import base64
import binascii
import hashlib
from typing import ClassVar

from fastcrc import crc64
from typing_extensions import override

from facts.zones import lacks_functions
from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP, function_arn, role_of
from sandbox.cloud.core.kind import Provider
from sandbox.cloud.core.name_checks import matching
from sandbox.cloud.ram import NETWORK_ACTIONS, forbidden, is_trusted

__all__ = ["KINDS", "Function"]

# Every refusal of a value has this one code, and what is in no VPC or zone of its own.
_INVALID = "InvalidArgument"
_DENIED = "AccessDenied"
_SERVICE = "fc.aliyuncs.com"
# Megabytes.
_MEMORY_STEP, _LEAST_MEMORY = 64, 128
_MEGABYTES = 1024
_CPU_STEPS_PER_CORE = 20
# Gigabytes of memory for each core.
_LEAST_PER_CORE, _MOST_PER_CORE = 1, 4
_DISKS = (512, 10_240)
_MOST_CALLS = 200  # of one instance at a time
_LEAST_TIMEOUT, _TIMEOUT = 1, 3  # seconds
_CONTAINER = "custom-container"


class Function(Kind):
    name = "fcv3_function"
    prefix = "func-"
    not_found = "FunctionNotFound"
    id_parts = ("function_name",)
    texts: ClassVar = {
        "function_name": matching(
            "[A-Za-z_][A-Za-z0-9_-]{0,63}",
            _INVALID,
            "can't be a function: it starts with a letter",
        )
    }
    taken = ("FunctionAlreadyExists", "There is a function {same.id} already.")
    # New code goes along with a new checksum, or with anything else that changes. It is never asked
    # for (resourceAliCloudFcv3FunctionRead).
    provider = Provider(judged_by={"code": "checksum"}, unread=frozenset({"code"}))

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        name = str(wanted.get("function_name") or making.id)
        return {
            "cpu": 0.35,
            "create_time": making.time,
            "disk_size": _DISKS[0],
            "function_arn": function_arn(making.region, name),
            "function_id": hashlib.sha256(making.id.encode()).hexdigest()[:32],
            "function_name": name,
            "instance_concurrency": 1,
            "instance_isolation_mode": "SHARE",
            "internet_access": True,
            "last_modified_time": making.time,
            "last_update_status": "Successful",
            "last_update_status_reason": "",
            "last_update_status_reason_code": "",
            "memory_size": 512,
            "nas_config": {"group_id": -1, "user_id": -1, "mount_points": []},
            "oss_mount_config": {"mount_points": []},
            "resource_group_id": RESOURCE_GROUP,
            "session_affinity": "NONE",
            "state": "Active",
            "state_reason": "",
            "state_reason_code": "",
            "timeout": _TIMEOUT,
            "tracing_config": {"type": "", "params": {}},
            "vpc_config": {"vpc_id": "", "vswitch_ids": [], "security_group_id": ""},
            **wanted,
            "code_size": _size(wanted),
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        _check_code(asked)
        _check_size(asked)
        _check_hooks(asked)
        # Of another account, or given as a mere name, nothing is known.
        name = role_of(str(asked.get("role") or ""))
        roles = {one.id.lower(): one for one in session.find("ram_role")}
        if name and name not in roles:
            raise CloudError(_INVALID, f"The role {asked['role']} doesn't exist.")
        _check_network(session, asked)
        place: Attributes = asked.get("vpc_config") or {}
        if place.get("vpc_id"):
            _check_permissions(session, asked.get("role"), roles.get(name or ""))

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if "code" in changes:
            session.change(resource, {"code_size": _size(changes)})


def _size(asked: Attributes) -> int:
    code: Attributes = asked.get("code") or {}
    return len(str(code.get("zip_file") or "")) * 3 // 4


def _check_code(asked: Attributes) -> None:
    code: Attributes = asked.get("code") or {}
    if asked.get("runtime") == _CONTAINER:
        container: Attributes = asked.get("custom_container_config") or {}
        if not container.get("image"):
            raise CloudError(_INVALID, f"The runtime {_CONTAINER} needs an image.")
        return
    archived = bool(code.get("zip_file"))
    stored = bool(code.get("oss_bucket_name") and code.get("oss_object_name"))
    if archived == stored:
        raise CloudError(
            _INVALID, "The code is either an archive (zip_file) or an object in an OSS bucket."
        )
    if archived:
        try:
            archive = base64.b64decode(str(code["zip_file"]), validate=True)
        except (binascii.Error, ValueError):
            raise CloudError(_INVALID, "The archive isn't in Base64.") from None
        checksum = str(crc64.xz(archive))
        if code.get("checksum") and code["checksum"] != checksum:
            raise CloudError(
                _INVALID, f"The archive's checksum is {checksum}, and not {code['checksum']}."
            )


def _check_size(asked: Attributes) -> None:
    memory, cores = asked.get("memory_size"), asked.get("cpu")
    if memory is not None and (memory % _MEMORY_STEP or memory < _LEAST_MEMORY):
        raise CloudError(_INVALID, f"{memory} MB isn't 128 or more in steps of 64.")
    if cores is not None and abs(cores * 20 - round(cores * _CPU_STEPS_PER_CORE)) > 1e-6:  # noqa: PLR2004 - rounding
        raise CloudError(_INVALID, f"{cores} vCPU isn't a multiple of 0.05.")
    if memory is not None and cores is not None:
        ratio = memory / _MEGABYTES / cores
        if not _LEAST_PER_CORE <= round(ratio, 6) <= _MOST_PER_CORE:
            raise CloudError(
                _INVALID, f"{memory} MB with {cores} vCPU: it takes 1 to 4 GB for each vCPU."
            )
    if asked.get("disk_size", _DISKS[0]) not in _DISKS:
        raise CloudError(_INVALID, f"A disk has {_DISKS[0]} or {_DISKS[1]} MB.")
    if not 1 <= asked.get("instance_concurrency", 1) <= _MOST_CALLS:
        raise CloudError(_INVALID, f"An instance takes 1 to {_MOST_CALLS} calls at a time.")
    logs: Attributes = asked.get("log_config") or {}
    if bool(logs.get("project")) != bool(logs.get("logstore")):
        raise CloudError(_INVALID, "Logs go to a project and a Logstore of it.")
    if asked.get("timeout", _LEAST_TIMEOUT) < _LEAST_TIMEOUT:
        raise CloudError(_INVALID, "A function runs for a second at least.")


def _check_hooks(asked: Attributes) -> None:
    hooks: Attributes = asked.get("instance_lifecycle_config") or {}
    first: Attributes = hooks.get("initializer") or {}
    if first.get("handler") and first.get("command"):
        raise CloudError(_INVALID, "A hook has a handler or a command, and not both.")


def _check_network(session: Session, asked: Attributes) -> None:
    place: Attributes = asked.get("vpc_config") or {}
    if not place.get("vpc_id"):
        return
    if not place.get("vswitch_ids") or not place.get("security_group_id"):
        raise CloudError(_INVALID, "In a VPC, a function needs vSwitches and a security group.")
    vpc = session.need("vpc", place["vpc_id"], _INVALID)
    inside: list[Resource] = [
        session.need("security_group", place["security_group_id"], _INVALID),
        *(session.need("vswitch", vswitch_id, _INVALID) for vswitch_id in place["vswitch_ids"]),
    ]
    for one in inside:
        if one["vpc_id"] != vpc.id:
            raise CloudError(_INVALID, f"{one.id} isn't in {vpc.id}.")
        if one.kind == "vswitch" and lacks_functions(one.text("zone_id")):
            raise CloudError(
                _INVALID, f"{one.id}: vSwitch is in unsupported zone {one['zone_id']}."
            )


def _check_permissions(session: Session, arn: object, role: Resource | None) -> None:
    if not arn:
        raise CloudError(_DENIED, "In a VPC, a function needs a role.")
    if role is None:
        return  # of another account
    if not is_trusted(role, "Service", [_SERVICE]):
        raise CloudError(_DENIED, f"{role.id} can't be taken by {_SERVICE}.")
    if missing := forbidden(session, role, NETWORK_ACTIONS):
        raise CloudError(_DENIED, f"{role.id} doesn't allow {', '.join(missing)}.")


KINDS = (Function(),)
