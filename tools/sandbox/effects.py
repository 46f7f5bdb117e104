"""What a run opens, closes, replaces and deletes, and what a refresh finds drifted.

Told from the engine's own steps: compared with the state, not with the file as it was, so that a
stack that was never brought up opens everything at once. There is no verdict in it: people (or the
guard) decide.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from pulumi.automation.events import EngineEvent, StepEventMetadata, StepEventStateMetadata
from rich.table import Table

from facts import kinds
from judging.preview import State
from judging.ways import EVERYONE, ports_text, ways_in
from stack.pulumi_wire import UNKNOWN, name_of
from tools.plan.tables import page_of, titled

if TYPE_CHECKING:
    from rich.console import RenderableType

_LONGEST: Final = 28
"""Characters of a value that drifted."""

# What is shown for a value that only the cloud can tell (sdk, plugin.UnknownStringValue).
_LATER: Final = "(known later)"

Inputs = Mapping[str, Any]


def _forward_entry(inputs: Inputs) -> str:
    protocol, port = _text(inputs, "ipProtocol"), _text(inputs, "externalPort")
    way = "every port and protocol" if protocol == "any" else f"{protocol} {port}"
    inside = _text(inputs, "internalPort")
    host = _text(inputs, "internalIp") + ("" if inside == "any" else f":{inside}")
    address = _text(inputs, "externalIp")
    return f"{way} of {'a public address' if address == _LATER else address}, to {host}"


def _security_rule(inputs: Inputs) -> str | None:
    if inputs.get("type") != "ingress":
        return None
    ports = _text(inputs, "portRange").replace("/", "-")
    first, _, last = ports.partition("-")
    source = _text(inputs, "cidrIp")
    who = "everyone" if source == EVERYONE else source
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


# Resources that let somebody in, with words of their own for what; `judging.ways` knows the others.
# Addresses by themselves let in nothing.
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
    kind: str
    what: str


@dataclass
class Effects:
    """What a run does, or would do."""

    opens: list[Line] = field(default_factory=list[Line])
    closes: list[Line] = field(default_factory=list[Line])
    replaces: list[Line] = field(default_factory=list[Line])
    deletes: list[Line] = field(default_factory=list[Line])
    steps: dict[str, int] = field(default_factory=dict[str, int])
    """How many resources are created, updated, deleted, replaced, the same."""

    @property
    def any(self) -> bool:
        """Whether anything in the cloud changes."""
        return bool(self.steps.keys() - {"same"})

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
        before = _way(step.urn, step.type, step.old.inputs if step.old is not None else None)
        after = _way(step.urn, step.type, step.new.inputs if step.new is not None else None)
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


@dataclass
class Drift:
    """What a refresh finds otherwise in the cloud than in the state."""

    drifted: list[Line] = field(default_factory=list[Line])

    def hear(self, event: EngineEvent) -> None:
        """Take note of one of a refresh's events."""
        if event.res_outputs_event is not None:
            self.note(event.res_outputs_event.metadata)

    def note(self, step: StepEventMetadata) -> None:
        """Take note of what one resource was found to be."""
        word = step.type.rsplit(":", 1)[-1]
        if step.op.value == "delete":
            self.drifted.append(Line(name_of(step.urn), word, "is gone"))
        elif step.op.value == "update":
            before, after = _outputs(step.old), _outputs(step.new)
            keys = dict.fromkeys(path.split(".")[0].split("[")[0] for path in step.diffs or ())
            differences = (f"{key}: {_short(before, key)} → {_short(after, key)}" for key in keys)
            self.drifted.append(Line(name_of(step.urn), word, ", ".join(differences)))


def _outputs(state: StepEventStateMetadata | None) -> Inputs:
    return (state.outputs or {}) if state is not None else {}


def _short(values: Inputs, key: str) -> str:
    text = json.dumps(values.get(key), ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def effects_tables(effects: Effects) -> str:
    """What opens and closes, and what is replaced and deleted."""
    lists = {word: lines for word, lines in vars(effects).items() if word != "steps"}
    if not any(lists.values()):
        return "It opens, closes, replaces and deletes nothing.\n"
    return _lists(lists)


def drift_tables(drift: Drift) -> str:
    """What differs, and from what to what."""
    if not drift.drifted:
        return "Nothing drifted.\n"
    return _lists({"drifted": sorted(drift.drifted, key=lambda line: line.name)})


def _lists(lists: Mapping[str, Sequence[Line]]) -> str:
    parts: list[RenderableType] = []
    for word, lines in lists.items():
        if lines:
            rows = Table.grid(padding=(0, 3, 0, 0))
            for line in lines:
                rows.add_row(f"  {line.name}", line.kind, line.what)
            parts += [titled(f"It {word}"), rows]
    return page_of(parts)


def _way(urn: str, type_: str, inputs: object) -> str | None:
    if not isinstance(inputs, Mapping):
        return None
    known = cast("Inputs", inputs)
    if type_ in _WAYS:
        return _WAYS[type_](known)
    ways = ways_in(State(urn, type_, known))
    return f"{ports_text(ways)}, as far as its security groups let in" if ways else None


def _text(inputs: Inputs, key: str) -> str:
    value = inputs.get(key)
    return _LATER if value in {None, UNKNOWN} else str(value)
