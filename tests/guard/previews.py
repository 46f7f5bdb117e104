"""Previews for tests: recorded ones, and made-up ones in the engine's form."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from judging.guard import findings
from judging.preview import Preview
from judging.reading import preview_of
from stack.pulumi_wire import UNKNOWN

FOLDER = Path(__file__).resolve().parents[1] / "data" / "previews"
ENTRY = "alicloud:vpc/forwardEntry:ForwardEntry"
RULE = "alicloud:ecs/securityGroupRule:SecurityGroupRule"
EIP = "alicloud:ecs/eipAddress:EipAddress"
BINDING = "alicloud:ecs/eipAssociation:EipAssociation"
API = "alicloud:apigateway/api:Api"
GROUP = "alicloud:apigateway/group:Group"

Step = dict[str, Any]


def recorded(name: str) -> str:
    """A document that the engine made."""
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:shop::alicloud-gateways::alicloud-gateways:index:Part${type_}::{name}"


def state(type_: str, name: str, inputs: dict[str, Any], **more: Any) -> Step:
    return {"urn": urn(type_, name), "custom": True, "type": type_, "inputs": inputs, **more}


def step(op: str, type_: str, name: str, **states: Step | None) -> Step:
    return {"op": op, "urn": urn(type_, name), **states}


def created(type_: str, name: str, inputs: dict[str, Any], **more: Any) -> Step:
    return step("create", type_, name, newState=state(type_, name, inputs, **more))


def deleted(type_: str, name: str, inputs: dict[str, Any], **more: Any) -> Step:
    return step("delete", type_, name, oldState=state(type_, name, inputs, **more))


def updated(
    type_: str, name: str, old: dict[str, Any], new: dict[str, Any], op: str = "update"
) -> Step:
    before, after = state(type_, name, old), state(type_, name, new)
    return step(op, type_, name, oldState=before, newState=after)


def document(*steps: Step, **more: Any) -> str:
    counts: dict[str, int] = {"same": 1}
    for one in steps:
        counts[one["op"]] = counts.get(one["op"], 0) + 1
    return json.dumps({"steps": list(steps), "changeSummary": counts, **more})


def preview(*steps: Step) -> Preview:
    return preview_of(document(*steps))


def ids(*steps: Step) -> list[str]:
    """The ids of what is found in a preview of these steps."""
    return [one.id for one in findings(preview(*steps))]


def told(*steps: Step) -> list[str]:
    """The same, in words."""
    return [one.what for one in findings(preview(*steps))]


def entry(port: str, host_port: str | None = None, **more: str) -> dict[str, str]:
    """The inputs of a DNAT entry."""
    return {
        "externalIp": "198.51.100.1",
        "externalPort": port,
        "internalIp": "192.168.1.3",
        "internalPort": host_port or port,
        "ipProtocol": "any" if port == "any" else "tcp",
        "forwardTableId": "ftb-1",
        **more,
    }


def rule(ports: str, source: str = "0.0.0.0/0", **more: str) -> dict[str, str]:
    """The inputs of a rule of a security group."""
    key = "ipv6CidrIp" if ":" in source else "cidrIp"
    return {
        "type": "ingress",
        "policy": "accept",
        "ipProtocol": "tcp",
        "portRange": ports,
        "securityGroupId": "sg-1",
        key: source,
        **more,
    }


def api(**more: Any) -> dict[str, Any]:
    """The inputs of an API that apps may call."""
    return {
        "authType": "APP",
        "groupId": "group-1",
        "requestConfig": {"method": "GET", "path": "/page", "protocol": "HTTPS"},
        "stageNames": ["RELEASE"],
        **more,
    }


class Part(NamedTuple):
    """A resource of a made-up stack."""

    type: str
    inputs: dict[str, Any]
    sources: dict[str, str] = {}  # noqa: RUF012 - never written to
    """The resource, by name, that an input's value comes from."""


Parts = dict[str, Part]


def between(before: Parts, after: Parts) -> list[Step]:
    """The steps from one stack to another, with what stays the same."""
    types = {name: part.type for name, part in {**before, **after}.items()}

    def side(parts: Parts, name: str) -> Step | None:
        if name not in parts:
            return None
        part = parts[name]
        depends = {key: [urn(types[one], one)] for key, one in part.sources.items()}
        inputs = {**dict.fromkeys(part.sources, UNKNOWN), **part.inputs}
        return state(part.type, name, inputs, propertyDependencies=depends)

    def op(old: Step | None, new: Step | None) -> str:
        if old is None or new is None:
            return "create" if old is None else "delete"
        return "same" if old == new else "update"

    found: list[Step] = []
    for name, type_ in types.items():
        old, new = side(before, name), side(after, name)
        found.append(step(op(old, new), type_, name, oldState=old, newState=new))
    return found
