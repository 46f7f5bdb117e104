"""What a preview would open, close, replace and delete, told from the engine's own steps.

Compared with the state, not with the file as it was: a target that was promoted to and never
brought up opens everything at once. Owns no verdict: it tells, and people (or the guard) decide.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from pulumi.automation.events import EngineEvent, StepEventMetadata

from facts import kinds
from stack.pulumi_wire import UNKNOWN, name_of

# What the engine shows for a value that only the cloud can tell (sdk, plugin.UnknownStringValue).
_LATER: Final = "(known later)"
_EVERYONE: Final = "0.0.0.0/0"

Inputs = Mapping[str, Any]


def _forward_entry(inputs: Inputs) -> str:
    protocol, port = _text(inputs, "ipProtocol"), _text(inputs, "externalPort")
    way = "every port and protocol" if protocol == "any" else f"{protocol} {port}"
    inside = _text(inputs, "internalPort")
    host = _text(inputs, "internalIp") + ("" if inside == "any" else f":{inside}")
    return f"{way} of a public address, to {host}"


def _security_rule(inputs: Inputs) -> str | None:
    if inputs.get("type") != "ingress":
        return None
    ports = _text(inputs, "portRange").replace("/", "-")
    first, _, last = ports.partition("-")
    source = _text(inputs, "cidrIp")
    who = "everyone" if source == _EVERYONE else source
    return f"{_text(inputs, 'ipProtocol')} {first if first == last else ports}, for {who}"


def _api(inputs: Inputs) -> str:
    request: object = inputs.get("requestConfig")
    if isinstance(request, str):  # the engine's events have nested values as JSON
        request = json.loads(request)
    asked: Inputs = cast("Inputs", request) if isinstance(request, dict) else {}
    who = "everybody" if inputs.get("authType") == "ANONYMOUS" else "its apps"
    return f"{_text(asked, 'method')} {_text(asked, 'path')}, for {who}"


def _gateway_door(inputs: Inputs) -> str | None:
    where = _text(inputs, "ingressVpcId")
    return f"calls from the VPC {where}" if inputs.get("ingressVpcId") else None


# Resources that let somebody in, each with what it lets in. Addresses by themselves let in nothing.
_WAYS: Final[Mapping[str, Callable[[Inputs], str | None]]] = {
    kinds.FORWARD_ENTRY: _forward_entry,
    kinds.SECURITY_GROUP_RULE: _security_rule,
    kinds.API: _api,
    kinds.API_INSTANCE: _gateway_door,
}


@dataclass(frozen=True)
class Line:
    """One resource, and what is said of it."""

    name: str
    type: str
    what: str


@dataclass
class Effects:
    """What a preview would do."""

    opens: list[Line] = field(default_factory=list[Line])
    closes: list[Line] = field(default_factory=list[Line])
    replaces: list[Line] = field(default_factory=list[Line])
    deletes: list[Line] = field(default_factory=list[Line])
    steps: dict[str, int] = field(default_factory=dict[str, int])
    """How many resources are created, updated, deleted, replaced, the same."""

    def hear(self, event: EngineEvent) -> None:
        """Take note of one of the engine's events."""
        if event.resource_pre_event is not None:
            self.note(event.resource_pre_event.metadata)

    def note(self, step: StepEventMetadata) -> None:
        """Take note of one step."""
        if not step.type.startswith("alicloud:"):
            return  # components and the stack itself are nothing in the cloud
        name = name_of(step.urn)
        word = step.type.rsplit(":", 1)[-1]
        before = _way(step.type, step.old.inputs if step.old is not None else None)
        after = _way(step.type, step.new.inputs if step.new is not None else None)
        match step.op.value:
            case "create" | "import":
                before = None
            case "delete":
                after = None
                self.deletes.append(Line(name, word, ""))
            case "replace":
                keys = ", ".join(step.diffs or step.keys or ())
                self.replaces.append(Line(name, word, f"because of {keys}" if keys else ""))
            case "update" | "same":
                pass
            case _:
                return  # a half of a replacement, which is told as a whole
        self.steps[step.op.value] = self.steps.get(step.op.value, 0) + 1
        if before is not None and before != after:
            self.closes.append(Line(name, word, before))
        if after is not None and before != after:
            self.opens.append(Line(name, word, after))


def _way(type_: str, inputs: object) -> str | None:
    describe = _WAYS.get(type_)
    if describe is None or not isinstance(inputs, Mapping):
        return None
    return describe(cast("Inputs", inputs))


def _text(inputs: Inputs, key: str) -> str:
    value = inputs.get(key)
    return _LATER if value in {None, UNKNOWN} else str(value)
