"""One preview of a stack, as the engine tells it twice at once.

The document of `pulumi preview --json` is what the guard judges and what is approved. The log of
events, of the same run, alone has what the policies say and which outputs of the stack change.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

from stack.pulumi_wire import name_of
from tools.pipeline.sameness import steps_of
from tools.pipeline.shell import Ended

_STACK: Final = "pulumi:pulumi:Stack"
_MANDATORY: Final = "mandatory"
_BARE_END: Final = "preview failed"
"""How a preview ends that failed, whatever the reason; where policies did it, all that it says."""

_GONE: Final = {"delete", "delete-replaced", "replace"}
_OF_A_REPLACEMENT: Final = {"create-replacement", "delete-replaced"}
_MARKS: Final = {"create": "+", "delete": "-", "update": "~", "replace": "+-", "import": "="}


@dataclass(frozen=True)
class Previewed:
    """What `pulumi up` would do, and what the policies say of it."""

    ended: Ended
    log: str = ""
    """The engine's events, a JSON object a line."""

    @cached_property
    def document(self) -> dict[str, Any] | None:
        """What the engine would do, where it came to its end; policies that stop it don't end it.

        Protection doesn't either: whoever reads it judges what is touched.
        """
        try:
            found: object = json.loads(self.ended.out)
        except ValueError:
            return None
        if not isinstance(found, dict):
            return None
        document = cast("dict[str, Any]", found)
        if self.ended.code == 0:
            return document
        if self.errors or not self._stopped:
            return None
        diagnostics: Iterable[Mapping[str, Any]] = document.get("diagnostics") or ()
        left = [
            diagnostic
            for diagnostic in diagnostics
            if _BARE_END not in str(diagnostic.get("message"))
        ]
        return {**document, "diagnostics": left}

    @cached_property
    def errors(self) -> list[str]:
        """What went wrong, but for policies."""
        messages = (
            str(event.get("message", "")).strip()
            for event in self._events("diagnosticEvent")
            if event.get("severity") == "error"
        )
        return [message for message in messages if message != _BARE_END]

    @property
    def policies(self) -> tuple[bool, str]:
        """Whether the policies let it pass, and what they say, the worst first."""
        said = sorted(
            (event["enforcementLevel"] != _MANDATORY, event["policyName"], _said(event))
            for event in self._events("policyEvent")
        )
        return not self._stopped, "\n".join(text for *_, text in said)

    @property
    def gone(self) -> frozenset[str]:
        """The URNs of what the cloud is to lose: deleted, or replaced."""
        told: Iterable[Mapping[str, Any]] = (self.document or {}).get("steps") or ()
        return frozenset(
            str(one["urn"])
            for one in told
            if one["op"] in _GONE and not one["oldState"].get("retainOnDelete")
        )

    @property
    def protected(self) -> list[str]:
        """The names of what would go, and that the state protects: there the update would fail."""
        told: Iterable[Mapping[str, Any]] = (self.document or {}).get("steps") or ()
        gone = (one for one in told if one["op"] in _GONE and one["oldState"].get("protect"))
        return sorted({name_of(one["urn"]) for one in gone})

    @cached_property
    def outputs(self) -> list[str]:
        """The outputs of the stack that would change: the document has only the old ones."""
        changed: list[str] = []
        for event in self._events("resOutputsEvent"):
            told: dict[str, Any] = event["metadata"]
            # Once as it was registered, and once as it put out; all of a new stack's are new.
            if told["type"] == _STACK and told["old"] is not None:
                old: dict[str, Any] = told["old"].get("outputs") or {}
                new: dict[str, Any] = told["new"].get("outputs") or {}
                changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        return changed

    @cached_property
    def steps(self) -> list[Mapping[str, Any]]:
        """Those of the document that change something."""
        return steps_of(self.document or {})

    @property
    def text(self) -> str:
        """What it would do, for people."""
        if self.document is None:
            return ""
        lines = [_line(step) for step in self.steps if step["op"] not in _OF_A_REPLACEMENT]
        counts = cast("dict[str, int]", self.document.get("changeSummary") or {})
        told = [f"{number} {what}" for what, number in sorted(counts.items())]
        outputs = [f"Outputs that change: {', '.join(self.outputs)}"] if self.outputs else []
        return "\n".join([*lines, *outputs, f"Resources: {', '.join(told)}"]) + "\n"

    @property
    def _stopped(self) -> bool:
        """Whether a policy stops it."""
        levels = (event["enforcementLevel"] for event in self._events("policyEvent"))
        return _MANDATORY in levels

    def _events(self, kind: str) -> Iterator[dict[str, Any]]:
        return (event[kind] for event in self._read if kind in event)

    @cached_property
    def _read(self) -> list[dict[str, Any]]:
        """The log, read once: with the states in it, it is as long as the document.

        A line without its end is of an engine that was killed over it.
        """
        lines = self.log.splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


def _said(violation: Mapping[str, Any]) -> str:
    level, severity = violation["enforcementLevel"], violation.get("severity")
    marks = f"[{level}]" + (f" [severity: {severity}]" if severity else "")
    urn = violation.get("resourceUrn")
    lines = str(violation["message"]).strip().splitlines()
    head = f"{marks}  {violation['policyName']}" + (f"  ({name_of(urn)})" if urn else "")
    return "\n".join([head, *(f"    {line}" for line in lines)])


def _line(step: Mapping[str, Any]) -> str:
    op, urn = step["op"], step["urn"]
    token = (step.get("newState") or step["oldState"])["type"]
    changed = sorted(step.get("detailedDiff") or step.get("diffReasons") or ())
    told = f"  [{', '.join(changed)}]" if changed else ""
    return f"{_MARKS.get(op, ' '):>2} {op} {token} {name_of(urn)}{told}"
