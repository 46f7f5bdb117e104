"""What the engine tells of a run: which steps it took, and what failed, why."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pulumi.automation as auto

from stack.pulumi_wire import name_of, type_of

__all__ = ["Failure", "Log", "Step", "gist"]

_NOTHING: Final = {"same", "read", "refresh"}
_CLOUD: Final = "alicloud:"
# Beside its errors in a line, the engine has a long form for a state that it can't read.
_READ_ERROR = re.compile(r"^Read Error: +(.+)$", re.MULTILINE)
_ERROR = re.compile(r"error: (.+)$", re.MULTILINE)
_COLORS = re.compile(r"<\{%[^%]*%\}>")


@dataclass(frozen=True)
class Step:
    """Something that the engine does to a resource."""

    operation: str
    """The engine's word."""

    urn: str

    @property
    def name(self) -> str:
        """The resource's name."""
        return name_of(self.urn)

    @property
    def in_cloud(self) -> bool:
        """Whether the resource is one of the cloud's, no component and no provider."""
        return type_of(self.urn).startswith(_CLOUD)

    @property
    def type(self) -> str:
        """The last word of the resource's type: Switch."""
        return type_of(self.urn).rpartition(":")[2]


def gist(said: str) -> str:
    """What went wrong, of all that the engine says where it tells no events."""
    found: list[str] = _READ_ERROR.findall(said) or _ERROR.findall(said)
    return "; ".join(dict.fromkeys(found)) or said.strip()


@dataclass(frozen=True)
class Failure:
    """What failed, and why."""

    step: Step | None
    """None where no resource is to blame."""

    reason: str


@dataclass
class Log:
    """What was told of one run; give `heard` to the engine, and `more` whoever else is to hear."""

    more: Callable[[auto.EngineEvent], object] | None = None
    steps: list[Step] = field(default_factory=list[Step])
    """Those that change something."""

    _reasons: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def heard(self, event: auto.EngineEvent) -> None:
        """Take one event."""
        if self.more is not None:
            self.more(event)
        if event.resource_pre_event is not None:
            step = event.resource_pre_event.metadata
            if step.op.value not in _NOTHING:
                self.steps.append(Step(step.op.value, step.urn))
        told = event.diagnostic_event
        if told is not None and told.severity == "error":
            self.failed(_COLORS.sub("", told.message).strip(), told.urn or "")

    def failed(self, reason: str, urn: str = "") -> None:
        """Something failed."""
        self._reasons.append((urn, reason))

    @property
    def failures(self) -> list[Failure]:
        """What failed; that the run as a whole did only where nothing else is said."""
        last = {step.urn: step for step in self.steps}
        found = [Failure(last.get(urn), reason) for urn, reason in self._reasons]
        return [one for one in found if one.step is not None] or found
