"""The outputs of other stacks, asked of Pulumi while the program runs, or known beforehand.

By a function call, not by a `StackReference`: that one is a resource, which the engine registers
before anything is judged, and whose failure comes as a traceback of its own. The call registers
nothing, and a stack that can't be read becomes one problem of the report.
"""

import re
import shlex
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

import pulumi
from pulumi.runtime import invoke_async

from stack.file.references import Outputs

READ_OUTPUTS: Final = "pulumi:pulumi:readStackOutputs"

_known: dict[str, Outputs] = {}

_UNKNOWN = re.compile(r"unknown stack\b")
_CAUSE = re.compile(r"returned an error: (?P<cause>.+)", re.DOTALL)


@contextmanager
def known_outputs(outputs: Mapping[str, Outputs]) -> Generator[None]:
    """Ask Pulumi for no outputs of these stacks: where the program runs apart from them."""
    _known.update(outputs)
    try:
        yield
    finally:
        _known.clear()


async def outputs_of(names: Iterable[str]) -> dict[str, Outputs]:
    """The outputs of stacks by the names that the stack file calls them by."""
    return {
        name: _known.get(name) or await _outputs(name, full_name(name)) for name in sorted(names)
    }


def full_name(name: str) -> str:
    """A stack's whole name; of one of this project, its organization's and the project's first."""
    if "/" in name:
        return name
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{name}"


async def _outputs(name: str, full: str) -> Outputs:
    try:
        answer: Mapping[str, Any] = await invoke_async(READ_OUTPUTS, {"name": full})
    except Exception as error:  # noqa: BLE001 - the SDK raises nothing narrower
        return _unread(name, full, str(error))
    values: Mapping[str, Any] = answer.get("outputs") or {}
    if not values:
        return Outputs(
            missing=f"the stack {full} has no outputs yet",
            remedy=f"build it first: pulumi up --stack {shlex.quote(name)}",
        )
    secret = cast("Iterable[str]", answer.get("secretOutputNames") or ())
    return Outputs(values, frozenset(secret))


def _unread(name: str, full: str, message: str) -> Outputs:
    if _UNKNOWN.search(message):
        return Outputs(
            missing=f"there is no stack {full}",
            remedy=f"build it first (pulumi up --stack {shlex.quote(name)}), or correct the name",
        )
    match = _CAUSE.search(message)
    return Outputs(
        missing=f"the outputs of the stack {full} can't be read",
        remedy=f"Pulumi says: {match['cause'] if match else message}",
    )
