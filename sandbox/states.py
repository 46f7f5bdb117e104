"""The states that share an account of the sandbox, as Pulumi's file backend keeps them.

Read without the engine, so that what a stack refers to is known before anything is started.
"""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sandbox.paths import Paths
from stack.file.references import Outputs
from stack.naming import NAMESPACE
from stack.pulumi_wire import is_secret
from stack.state import outputs_in
from stack.whole_state import whole_in_file

_OF_PULUMI: Final = "pulumi:"
_ORGANIZATION: Final = "organization"


def outputs_in_account(paths: Paths, names: Iterable[str]) -> dict[str, Outputs]:
    """The outputs of the stacks that a stack file calls by these names."""
    return {name: _outputs(paths, name) for name in names}


def deployment_of(checkpoint: Path) -> dict[str, Any]:
    """A state, in the form of `pulumi stack export`; an empty one where there is none yet.

    Raises:
        ValueError: it is none that the engine would load; says why.
    """
    try:
        text = checkpoint.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return whole_in_file(json.loads(text))


def resources_of(paths: Paths, stack: str) -> list[Mapping[str, Any]]:
    """The cloud's resources in a stack's state; none where there is no state."""
    return [one for one in _resources(paths, stack) if not one["type"].startswith(_OF_PULUMI)]


def held_by_others(paths: Paths) -> set[str]:
    """The ids of what the account's other stacks have in their states."""
    others = (file.stem for file in paths.stacks.glob("*.json") if file != paths.checkpoint)
    return {
        str(resource["id"])
        for name in others
        for resource in resources_of(paths, name)
        if resource.get("id")
    }


def is_readable(file: Path) -> bool:
    """Whether a file of the backend holds a state that the engine would load."""
    try:
        deployment_of(file)
    except (OSError, ValueError):
        return False
    return True


def _outputs(paths: Paths, name: str) -> Outputs:
    stack = _short(name)
    if stack is None:
        return Outputs(
            missing=f"the sandbox has no stack {name}: only those of this project",
            remedy="try it out with an id in the reference's place",
        )
    values = outputs_in({"resources": list(_resources(paths, stack))})
    if not values:
        file = paths.target.file.parent / f"Pulumi.{stack}.yaml"
        which = f"STACK={stack}" if file.parent == paths.root else f"CONFIG={file}"
        return Outputs(
            missing=f"the stack {stack} isn't up yet, so it puts nothing out",
            remedy=f"build it first: make up {shlex.quote(which)}",
        )
    return Outputs(values, frozenset(key for key, value in values.items() if is_secret(value)))


def _short(name: str) -> str | None:
    """A stack's name alone; None of one that the sandbox can't have."""
    *front, stack = name.split("/")
    return stack if front in ([], [_ORGANIZATION, NAMESPACE]) else None


def _resources(paths: Paths, stack: str) -> Iterator[dict[str, Any]]:
    try:
        yield from deployment_of(paths.stacks / f"{stack}.json").get("resources") or ()
    except ValueError:
        return  # a killed run left it half-written; its own commands say so
