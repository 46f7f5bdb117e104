"""The stacks that share an account of the sandbox, and their states as the file backend keeps them.

A stack file has a cloud and a state of its own, so that two never meet. One that uses what another
puts out has to stand in the same cloud, with both states beside each other: in that of the stack
that all of them lead to. That is read from the files that stand beside each other, so that `make up
STACK=shared` and then `make up STACK=shop` need nothing said.

States are read without the engine, so that what a stack refers to is known before anything is
started.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sandbox.paths import Paths, sandbox_folder
from stack.file.references import Outputs
from stack.listing import stacks_around
from stack.naming import NAMESPACE
from stack.pulumi_wire import is_secret
from stack.stack_file import StackFile
from stack.state import StackState, outputs_in
from stack.target import Target, key_beside, said_to_make
from stack.whole_state import whole_in_file
from topologies import TOPOLOGIES


def paths_of(root: Path, target: Target) -> Paths:
    """Where the sandbox keeps things of a stack file of the project in `root`."""
    return Paths(root, target, sandbox_folder(root) / account_of(target))


def account_of(target: Target) -> str:
    """The folder's name of the account that a stack's file belongs to."""
    group = stacks_of_account(target)
    if len(group) == 1:
        return target.key
    # The stacks that refer to none of the others; of several, the first.
    roots = [name for name in group if not group[name] & group.keys()] or [*group]
    root = min(roots)
    return target.key if root == target.stack else key_beside(target, root)


def stacks_of_account(target: Target) -> dict[str, set[str]]:
    """The stacks that stand in one account with `target`'s, each with those that it refers to."""
    known = _known(target)
    group, waiting = set[str](), [target.stack]
    while waiting:
        name = waiting.pop()
        if name not in group and name in known:
            group.add(name)
            waiting += [*known[name], *(n for n, others in known.items() if name in others)]
    return {name: known[name] for name in sorted(group)}


def dependents(target: Target) -> Iterator[str]:
    """The stacks beside that refer to `target`'s."""
    for name, others in stacks_of_account(target).items():
        if name != target.stack and target.stack in others:
            yield name


def said_beside(paths: Paths, stack: str) -> str:
    """What make is told to mean another stack of the account."""
    beside = paths.target.file.parent / f"Pulumi.{stack}.yaml"
    file = stacks_around(paths.target.file).get(stack, beside)
    return said_to_make(Target(stack, file, stack), paths.root)


def _known(target: Target) -> Mapping[str, set[str]]:
    """The stacks of the folder, each with those of this project that it refers to."""
    file = StackFile(target.file, target.stack, TOPOLOGIES)
    return {
        one.stack: {name for name in one.stacks if "/" not in name}
        for one in (*file.everything_beside(), file)
    }


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
    return [
        resource
        for resource in _resources(paths, stack)
        if not resource["type"].startswith(_OF_PULUMI)
    ]


def held_by_others(paths: Paths) -> dict[str, str]:
    """By the ids of what the account's other stacks have in their states: which stack."""
    others = (file.stem for file in paths.stacks.glob("*.json") if file != paths.checkpoint)
    return {
        str(resource["id"]): name
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
        return Outputs(
            missing=f"the stack {stack} isn't up yet, so it puts nothing out",
            remedy=f"build it first: make up {said_beside(paths, stack)}",
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


class EngineRefusedError(Exception):
    """The engine failed at what it doesn't tell of as it goes; `str()` is what it said."""


class Held:
    """What one stack of the sandbox has before anything is done: read without an engine, once."""

    def __init__(self, paths: Paths) -> None:
        """Look where the stack's files are."""
        self.paths = paths
        self._read: dict[str, Any] | None = None

    def state(self) -> StackState:
        """What the state holds."""
        return StackState(self.deployment())

    def outputs(self) -> Mapping[str, Any]:
        """What the stack puts out; secrets as the state has them, encrypted."""
        return outputs_in(self.deployment())

    def deployment(self) -> dict[str, Any]:
        """The state itself, as `pulumi stack export` has it; not to be changed."""
        if self._read is None:
            self._read = self._now()
        return self._read

    def _now(self) -> dict[str, Any]:
        try:
            return deployment_of(self.paths.checkpoint)
        except ValueError as error:
            message = f"{self.paths.checkpoint} isn't whole: {error}"
            raise EngineRefusedError(message) from None
