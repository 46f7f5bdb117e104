"""Preflights for tests: of made-up previews and of whole stack files, on a simulated account."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from judging.preflight.asking import Row, Verdict
from judging.preflight.flight import rows_of
from judging.preflight.wanted import Wanted
from judging.preview import Preview
from judging.reading import preview_of
from stack.pulumi_wire import UNKNOWN
from stack.stack_file import StackFile
from tests.account.accounts import REGION, Asked
from tests.guard.previews import Step, created, document, urn
from topologies import TOPOLOGIES
from topologies.recorder import PROVIDER_TYPES, record

__all__ = ["document_of", "flown", "of_preview", "of_stack", "refusals", "unknowns"]

_SYMBOL = re.compile(r"\$\{([^.}]+)\.[^}]*\}")


def flown(asked: Asked, *steps: Step, **more: Any) -> list[Row]:
    """A preflight of a preview of these steps, by who deploys."""
    return of_preview(asked, preview_of(document(*steps, **more)))


def of_preview(asked: Asked, preview: Preview, *, deploys: bool = True) -> list[Row]:
    return rows_of(Wanted(preview, REGION), asked.reader(), deploys=deploys)


def refusals(rows: list[Row]) -> list[str]:
    """What was found, each as what it is about and what is there."""
    return [f"{one.what}: {one.there}" for one in rows if one.verdict is Verdict.REFUSED]


def unknowns(rows: list[Row]) -> list[str]:
    return [f"{one.what}: {one.there}" for one in rows if one.verdict is Verdict.UNKNOWN]


def of_stack(file: Path) -> Preview:
    """The preview of a stack file's stack where nothing of it is there, as the engine has it."""
    return preview_of(document_of(file))


def document_of(file: Path) -> str:
    """The same, as `pulumi preview --json` prints it."""
    settings = StackFile(file, "shop", TOPOLOGIES).settings
    recorded = record(settings)
    types = {one.name: one.type for one in recorded}
    steps: list[Step] = []
    for one in recorded:
        sources = {
            key: [urn(types[name], name) for name in _named(value) if name in types]
            for key, value in one.inputs.items()
        }
        state = created(one.type, one.name, _plain(one.inputs), propertyDependencies=sources)
        # The engine has no id for a provider before it is made; what refers to it has its URN.
        if one.provider.startswith("urn:"):
            name = one.provider.rpartition("::")[0].rpartition("::")[2]
            state["newState"]["provider"] = f"{urn(types[name], name)}::{UNKNOWN}"
        assert one.type.startswith(PROVIDER_TYPES) or one.inputs
        steps.append(state)
    return document(*steps, config={"alicloud:region": settings.region})


def _named(value: object) -> list[str]:
    return _SYMBOL.findall(json.dumps(value))


def _plain(value: object) -> Any:
    """What is a symbol isn't known yet."""
    if isinstance(value, str):
        return UNKNOWN if _SYMBOL.search(value) else value
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[object]", value)]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in cast("Mapping[str, object]", value).items()}
    return value
