"""What a promotion did and its preview would do: tables for people, one document for pipelines.

What a preview opens, closes, replaces and deletes is told from the engine's own steps: compared
with the state, not with the file as it was, so that a target that was promoted to and never brought
up opens everything at once. There is no verdict in it: people (or the guard) decide.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from pulumi.automation.events import EngineEvent, StepEventMetadata

from facts import kinds
from stack.file.tree import MISSING
from stack.problems import Problem, dotted, quoted
from stack.pulumi_wire import UNKNOWN, name_of
from stack.secrets import pulumi_path
from tools.plan.plan import problem_document
from tools.plan.tables import page_of, table_of, titled
from tools.promote.comparing import Move, Need, Stay, without_secrets
from tools.promote.promoting import Promotion
from tools.promote.yaml_nodes import rendered

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
    kind: str
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


if TYPE_CHECKING:
    from rich.console import RenderableType


_LONGEST = 28  # characters of a value in a table


def promotion_tables(promotion: Promotion) -> str:
    """What would move, what stays, and what is in the way."""
    found, source, target = promotion.found, promotion.source.stack, promotion.target.stack
    parts: list[RenderableType] = [titled(f"From {source} to {target}: {promotion.target.path}")]
    if found.moves:
        rows = [(m.action.value, dotted(m.path), _cell(m.old), _cell(m.new)) for m in found.moves]
        parts += ["", titled("Moves"), table_of(("", "Setting", target, source), rows)]
    if found.starts:
        parts += ["", titled(f"New in {target}, with {source}'s value to start with")]
        parts += [f"  {dotted(path)}" for path in found.starts]
    if found.only_in_target:
        parts += ["", titled(f"Only in {target}; it stays")]
        parts += [f"  {dotted(path)}" for path in found.only_in_target]
    if found.stays:
        headers = ("Setting", target, source)
        parts += ["", titled("Differs, and stays"), table_of(headers, _stays(found.stays))]
    if not found.drifted:
        parts += ["", f"Nothing to move: {target} has everything of {source}."]
    return page_of(parts)


def _stays(stays: Sequence[Stay]) -> Iterable[tuple[str, str, str]]:
    """Rows, below a line for each reason."""
    by_reason: dict[str, list[Stay]] = {}
    for one in stays:
        by_reason.setdefault(one.why, []).append(one)
    for why, those in by_reason.items():
        yield (f"— {why}", "", "")
        yield from ((dotted(one.path), _cell(one.target), _cell(one.source)) for one in those)


def needs_report(promotion: Promotion) -> str:
    """What stands in the way of new entries, each with what to do."""
    target = promotion.target
    count = len(promotion.found.needs)
    words = "1 value of its own" if count == 1 else f"{count} values of its own"
    first = f"{target.path} needs {words}; nothing was written."
    needs = [
        f"{dotted(one.path)}\n  rule:   {one.why}\n  remedy: {_remedy(one, promotion)}"
        for one in promotion.found.needs
    ]
    return "\n\n".join([first, *needs])


def _remedy(need: Need, promotion: Promotion) -> str:
    target = promotion.target
    if need.secret:
        path = quoted(pulumi_path(need.path))
        return f"pulumi config set --stack {target.stack} --secret --path {path}"
    if need.by_hand:
        return f"write it into {target.path} by hand"
    return f"write the entry into {target.path}, or give the value: SET={'.'.join(need.path)}=…"


def leftover_hint(promotion: Promotion) -> str:
    """What can be done about entries that only the target has."""
    first = dotted(promotion.found.only_in_target[0])
    return (
        f"To take one out of {promotion.target.path}: REMOVE={first}\n"
        f"To say that it is meant to differ: a line in promotion.yaml."
    )


def effects_tables(effects: Effects, stack: str) -> str:
    """What the preview would do, the doors first."""
    parts: list[RenderableType] = [titled(f"What up would do to {stack}")]
    told = asdict(effects)
    steps = told.pop("steps")
    for word, lines in told.items():
        if lines:
            rows = [tuple(line.values()) for line in lines]
            parts += ["", titled(f"It {word}"), table_of(("Resource", "Kind", ""), rows)]
    if not any(told.values()):
        parts += ["", "It opens, closes, replaces and deletes nothing."]
    counts = ", ".join(f"{count} {word}" for word, count in sorted(steps.items()))
    return page_of([*parts, "", f"Steps: {counts or 'none'}"])


def promotion_json(promotion: Promotion, effects: Effects | None, *, written: bool) -> str:
    """The whole document, indented, ending in a new line. Its keys are a promise."""
    found = promotion.found
    document: dict[str, Any] = {
        "from": promotion.source.stack,
        "to": promotion.target.stack,
        "file": str(promotion.target.path),
        "drifted": found.drifted,
        "moves": [_document(one) for one in found.moves],
        "startsWith": [dotted(path) for path in found.starts],
        "needs": [
            {"path": dotted(one.path), "rule": one.why, "remedy": _remedy(one, promotion)}
            for one in found.needs
        ],
        "onlyInTarget": [dotted(path) for path in found.only_in_target],
        "stays": [_document(one) for one in found.stays],
        "problems": [problem_document(one) for one in promotion.problems],
        "warnings": [problem_document(one) for one in promotion.warnings],
        "written": written,
        "preview": None if effects is None else asdict(effects),
    }
    return json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def refusal_json(source: str, target: str, problems: Sequence[Problem]) -> str:
    """The document where one of the files was refused."""
    empty: dict[str, Any] = {"from": source, "to": target, "file": None, "drifted": None}
    empty |= {key: [] for key in ("moves", "startsWith", "needs", "onlyInTarget", "stays")}
    empty |= {"problems": [problem_document(one) for one in problems], "warnings": []}
    return json.dumps({**empty, "written": False, "preview": None}, indent=2) + "\n"


def _document(line: Move | Stay) -> dict[str, Any]:
    """One of a promotion's lines as data, its keys in their order, with no secret in it."""
    return {
        key: dotted(value)
        if key == "path"
        else without_secrets(None if value is MISSING else value)
        for key, value in vars(line).items()
    }


def _cell(value: object) -> str:
    if value is None or value is MISSING:
        return ""
    text = rendered(without_secrets(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
