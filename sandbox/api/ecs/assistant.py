"""Cloud Assistant: commands, and their runs in servers."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sandbox.api.actions import (
    ID,
    Action,
    Call,
    Create,
    Delete,
    Field,
    Joined,
    Own,
    Subject,
    flag,
    number,
)
from sandbox.api.ecs.lists import Lets, Listed, holds, is_one_of, like
from sandbox.api.refusals import invalid
from sandbox.api.requests import Said
from sandbox.cloud import Attributes, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.ecs.instance import parameters_of

__all__ = ["TABLE"]

_COMMAND = Subject("ecs_command", ("CommandId",))
_RUN = Subject("ecs_invocation", ("InvokeId",))

_COMMAND_FIELDS: Mapping[str, Field] = {
    "CommandId": ID,
    "CommandContent": "command_content",
    "Description": "description",
    "EnableParameter": flag("enable_parameter"),
    "InvokeTimes": Joined(lambda session, one: session.count("ecs_invocation", command_id=one.id)),
    "Name": "name",
    "ParameterNames": lambda one: {"ParameterName": sorted(parameters_of(one))},
    "Timeout": number("timeout"),
    "Type": "type",
    "WorkingDir": "working_dir",
}


def _of_command(attribute: str) -> Joined:
    """What a run's command says; nothing once that is gone."""

    def tell(session: Session, run: Resource) -> object:
        command = session.get("ecs_command", run["command_id"])
        return command.text(attribute) if command else ""

    return Joined(tell)


def _in_servers(run: Resource) -> dict[str, Any]:
    each: list[str] = run["instance_id"]
    return {
        "InvokeInstance": [
            {"InstanceId": one, "InvocationStatus": run["status"], "Output": ""} for one in each
        ]
    }


_RUN_FIELDS: Mapping[str, Field] = {
    "InvokeId": ID,
    "CommandContent": _of_command("command_content"),
    "CommandDescription": _of_command("description"),
    "CommandId": "command_id",
    "CommandName": _of_command("name"),
    "CommandType": _of_command("type"),
    "Frequency": "frequency",
    "InvocationStatus": "status",
    "InvokeInstances": _in_servers,
    "Parameters": lambda run: json.dumps(run["parameters"] or {}),
    "RepeatMode": "repeat_mode",
    "Timed": flag("timed"),
    "Username": "username",
}


def _content(said: Said) -> Attributes:
    """The script as the cloud keeps it: in Base64, whichever way it is said."""
    content = said.text("CommandContent")
    if said.text("ContentEncoding") == "PlainText":
        return {"command_content": base64.b64encode(content.encode()).decode()}
    return {"command_content": content}


def _of_run(said: Said) -> Attributes:
    text = said.text("Parameters")
    return {"parameters": _parameters(text)} if text else {}


def _parameters(text: str) -> dict[str, str]:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise invalid("Parameters", "no object in JSON")
    return {name: str(value) for name, value in cast("dict[str, object]", found).items()}


def _stop(call: Call) -> dict[str, Any]:
    """End a run, or a part of it. The cloud keeps its record for weeks; here it goes."""
    identity, gone = call.said.text("InvokeId"), {*call.said.values("InstanceId")}
    run = call.store.read(_RUN.kind, identity, region=call.region)
    if run is None or not gone or gone >= {*run["instance_id"]}:
        call.store.delete(_RUN.kind, identity, region=call.region)
    else:
        left = [one for one in run["instance_id"] if one not in gone]
        call.store.update(_RUN.kind, identity, {"instance_id": left}, region=call.region)
    return {}


def _is_of(attribute: str) -> Lets:
    """Whether the command of a run is what is said."""
    told = _of_command(attribute)
    return lambda session, run, values: told.tell(session, run) in values


def _is_timed(_session: Session, run: Resource, values: Sequence[str]) -> bool:
    return str(run["repeat_mode"] != "Once").lower() == values[0].lower()


_MOST_RESULTS: Final = 50


def _results(call: Call) -> dict[str, Any]:
    """How runs went, server by server."""
    said = call.said
    number = said.number("PageNumber", 1, 10**8)
    size = said.number("PageSize", 10, _MOST_RESULTS)
    wanted = {"command_id": said.text("CommandId")} if said.text("CommandId") else {}
    runs = call.store.ask(
        _RUN.kind, lambda session: session.find(_RUN.kind, **wanted), region=call.region
    )
    rows = [
        {
            "CommandId": run["command_id"],
            "ExitCode": 1 if run["status"] == "Failed" else 0,
            "InstanceId": server,
            "InvocationStatus": run["status"],
            "InvokeId": run.id,
            "Output": "",
            "Username": run["username"],
        }
        for run in runs
        for server in run["instance_id"]
        if said.text("InvokeId") in {"", run.id} and said.text("InstanceId") in {"", server}
    ]
    page = rows[(number - 1) * size : number * size]
    found = {"InvocationResults": {"InvocationResult": page}}
    of = {"TotalCount": len(rows), "PageNumber": number, "PageSize": size}
    return {"Invocation": {**found, **of}}


TABLE: Final[tuple[Action, ...]] = (
    Create(
        name="CreateCommand",
        subject=_COMMAND,
        needs=("CommandContent", "Name", "Type"),
        takes=("Description", "EnableParameter", "Timeout", "WorkingDir"),
        reads=_content,
        also=("CommandContent", "ContentEncoding"),
        tells={"CommandId": ID},
    ),
    Listed(
        name="DescribeCommands",
        subject=_COMMAND,
        fields=_COMMAND_FIELDS,
        inside=("Commands", "Command"),
        filters={"Type": "Type"},
        lets={"Description": like("description"), "Name": like("name")},
        most=50,
        longest=50,
    ),
    Delete(name="DeleteCommand", subject=_COMMAND, needs=("CommandId",)),
    Create(
        name="InvokeCommand",
        subject=_RUN,
        needs=("CommandId", "InstanceId"),
        takes=("Frequency", "RepeatMode", "Timed", "Username", "WindowsPasswordName"),
        reads=_of_run,
        also=("Parameters",),
        tells={"InvokeId": ID},
    ),
    Listed(
        name="DescribeInvocations",
        subject=_RUN,
        fields=_RUN_FIELDS,
        inside=("Invocations", "Invocation"),
        filters={"CommandId": "CommandId", "RepeatMode": "RepeatMode"},
        lets={
            "CommandName": _is_of("name"),
            "CommandType": _is_of("type"),
            "InstanceId": holds("instance_id"),
            "InvokeStatus": is_one_of("status"),
            "Timed": _is_timed,
        },
        most=50,
        longest=50,
    ),
    Own(
        name="DescribeInvocationResults",
        subject=_RUN,
        takes=("CommandId", "InstanceId", "InvokeId", "PageNumber", "PageSize"),
        do=_results,
    ),
    Own(
        name="StopInvocation",
        subject=_RUN,
        needs=("InvokeId",),
        takes=("InstanceId",),
        do=_stop,
    ),
)
