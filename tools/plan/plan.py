"""What a stack would be: the facts that every form of the plan is printed from, and their JSON.

The document is for pipelines, and its keys are a promise: add, never rename. The stack file
is judged first, and the program imported only when it is sound, so that bad config answers at once.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic.alias_generators import to_camel

from judging.billing import Billed
from judging.prices import Prices
from stack.ports import PortRange
from stack.problems import Problem, StackFileError, dotted
from stack.reach import OpenPort, Reach, Server
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.target import Target, shown_path
from stack.words import Words
from tools.plan.billing import billed_of, billing_document
from topologies import TOPOLOGIES, reach
from topologies.neighbours import neighbour_warnings
from topologies.unified_egress.settings import EVERYONE

if TYPE_CHECKING:  # so that Pulumi isn't imported with this module
    from topologies.recorder import RecordedResource


@dataclass(frozen=True)
class Plan:
    """One stack, judged and, where it passed, built in the mind."""

    stack: str
    file: Path
    """The stack file, as people write its path."""

    settings: StackSettings | None = None
    """None where the stack file was refused; everything below but the problems is empty then."""

    reach: Reach = field(default_factory=Reach)
    resources: "tuple[RecordedResource, ...]" = ()
    """What the provider would create, sorted by name."""

    billed: tuple[Billed, ...] = ()
    prices: Prices | None = None
    """What a month is summed up by; None where nobody said any."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    report: str = ""
    """The problems, ready to print."""

    @property
    def topologies(self) -> tuple[str, ...]:
        """The chosen topologies."""
        return tuple(self.settings.common.topology) if self.settings is not None else ()


def make_plan(wanted: Target, prices: Prices | None = None) -> Plan:
    """The plan of a stack; one with problems where its file was refused."""
    return plan_of(StackFile(shown_path(wanted.file), wanted.stack, TOPOLOGIES), prices)


def plan_of(file: StackFile, prices: Prices | None = None) -> Plan:
    """The plan of a stack whose file is at hand."""
    try:
        settings = file.settings
    except StackFileError as error:
        return Plan(
            file.stack,
            file.path,
            problems=error.problems,
            warnings=error.warnings,
            report=str(error),
        )
    from topologies.recorder import PROVIDER_TYPES, record  # noqa: PLC0415 - brings in Pulumi

    recorded = record(settings)
    return Plan(
        file.stack,
        file.path,
        settings,
        reach=reach(settings),
        resources=tuple(r for r in recorded if not r.type.startswith(PROVIDER_TYPES)),
        billed=tuple(billed_of(recorded, settings)),
        prices=prices,
        warnings=(*settings.warnings, *neighbour_warnings(file)),
    )


_UNTOLD: Final = {"address", "ssh_user", "ssh_port"}
"""What the tables and the flowchart show of an address or a server, and the document doesn't."""


def open_ports(server: Server, before_source: str = " ") -> list[str]:
    """What a server lets in, an entry each: `tcp 443`, `tcp 22 from 203.0.113.0/24`.

    Args:
        server: the server.
        before_source: what stands between `from` and the range, such as a line break.
    """
    if server.security_groups:
        *others, last = server.security_groups
        if not others:
            return [Words("as {} says", last)]
        return [f"as {others[0]}", *others[1:], f"and {last} say"]
    return [_open_port(port, before_source) for port in server.open_ports] or [Words("none")]


def lets_in(server: Server) -> bool:
    """Whether anything may come in; security groups that exist can't be looked into here."""
    return bool(server.open_ports or server.security_groups)


def _open_port(port: OpenPort, before_source: str) -> str:
    what = f"{port.protocol} {port.port}"
    return what if port.source == EVERYONE else f"{what} from{before_source}{port.source}"


def plan_json(plan: Plan) -> str:
    """The whole document, indented, ending in a new line."""
    return json.dumps(plan_document(plan), indent=2, allow_nan=False) + "\n"


def plan_document(plan: Plan) -> dict[str, Any]:
    """The document as data."""
    reach = asdict(plan.reach)
    del reach["inside"], reach["authorizations"]
    return {
        "stack": plan.stack,
        "topologies": list(plan.topologies),
        **_camel(reach),
        "exposure": [way.document for way in plan.reach.exposure],
        "paths": [path.document for path in plan.reach.paths],
        "resources": [
            {
                "type": resource.type,
                "name": resource.name,
                "parent": resource.parent,
                "inputs": dict(resource.inputs),
            }
            for resource in plan.resources
        ],
        "billing": billing_document(plan.billed, plan.prices),
        "problems": [problem_document(problem) for problem in plan.problems],
        "warnings": [problem_document(warning) for warning in plan.warnings],
    }


def _camel(value: object) -> Any:  # noqa: ANN401 - JSON
    """What a topology opens, by the stack file's kind of keys."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {to_camel(key): _camel(one) for key, one in items if key not in _UNTOLD}
    if isinstance(value, PortRange):
        return value.text
    if isinstance(value, tuple):
        return [_camel(one) for one in cast("tuple[object, ...]", value)]
    return value


def problem_document(problem: Problem) -> dict[str, Any]:
    """One problem or warning as data."""
    return {
        "path": dotted(problem.path),
        "line": problem.line,
        "value": _plain(problem.value),
        "rule": problem.rule,
        "remedy": problem.remedy,
    }


def _plain(value: object) -> object:
    """A value from a stack file as JSON can hold it."""
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {str(key): _plain(item) for key, item in items}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
