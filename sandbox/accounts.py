"""Which stacks share an account of the sandbox: those that refer to each other.

A stack file has a cloud and a state of its own, so that two never meet. One that uses what another
puts out has to stand in the same cloud, with both states beside each other: in that of the stack
that all of them lead to. That is read from the files that stand beside each other, so that `make up
STACK=shared` and then `make up STACK=shop` need nothing said.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox.paths import Paths, sandbox_folder
from stack.stack_file import StackFile
from stack.target import Target, key_beside
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


def _known(target: Target) -> Mapping[str, set[str]]:
    """The stacks of the folder, each with those of this project that it refers to."""
    file = StackFile(target.file, target.stack, TOPOLOGIES)
    return {
        one.stack: {name for name in one.stacks if "/" not in name}
        for one in (*file.everything_beside(), file)
    }
