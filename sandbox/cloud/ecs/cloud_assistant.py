"""Cloud Assistant: commands, and their runs inside instances.

A run succeeds unless the fault plan says otherwise; what the script does is nobody's concern
here. Deleting a run stops it where it still runs; what it did inside stays done.
"""

import base64
import binascii
import re

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Parent, Resource, Session
from sandbox.cloud.core.kind import Quota

__all__ = ["Command", "Invocation"]

_TYPES = {"RunBatScript", "RunPowerShellScript", "RunShellScript"}
# Bytes, after encoding.
_LONGEST_CONTENT = 18 * 1024
# Attribute: most characters, code.
_LENGTHS = {
    "name": (128, "CmdName.ExceedLimit"),
    "description": (512, "CmdDesc.ExceedLimit"),
    "working_dir": (200, "InvalidParameter.WorkingDir"),
}
# Seconds.
_SHORTEST_TIMEOUT = 10
_LONGEST_TIMEOUT = 86_400
_MOST_INSTANCES = 50
_FAILED = {"Failed", "PartialFailed", "Stopped"}
_MOST_PARAMETERS = 10
# {{name}}; those that start with ACS:: are the cloud's own.
_PARAMETER = re.compile(r"\{\{\s*([A-Za-z0-9_-]+)\s*\}\}")


class Command(Kind):
    name = "ecs_command"
    prefix = "c-"
    not_found = "InvalidCmdId.NotFound"
    quotas = (Quota("commands_per_region", "CmdCount.ExceedQuota"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
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
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"enable_parameter": False, "timeout": 60, **wanted}


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
    script = _decoded(command.text("command_content")).decode(errors="replace")
    wanted = set(_PARAMETER.findall(script))
    if missing := sorted(wanted - given.keys()):
        raise CloudError(
            "Parameter.MissingValue", f"The script needs a value for {', '.join(missing)}."
        )
    if strange := sorted(given.keys() - wanted):
        raise CloudError(
            "Parameter.NotMatched", f"The script has no parameter {', '.join(strange)}."
        )
