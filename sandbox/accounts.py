"""Which stacks share an account of the sandbox: those that refer to each other.

A stack file has a cloud and a state of its own, so that two never meet. One that uses what another
puts out has to stand in the same cloud, with both states beside each other: in that of the stack
that all of them lead to. That is read from the files that stand beside each other, so that `make up
STACK=shared` and then `make up STACK=shop` need nothing said.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from stack.beside import file_of, stacks_beside
from stack.filling import stacks_referred_to
from stack.loader import file_values
from stack.target import Target, key_beside
from topologies import TOPOLOGIES


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
    found = {
        name: _referred(path)
        for name in stacks_beside(target.file)
        if (path := file_of(name, target.file)) is not None
    }
    return {**found, target.stack: _referred(target.file)}


def _referred(file: Path) -> set[str]:
    return _read(file, file.stat().st_mtime_ns)


@cache
def _read(file: Path, _written: int) -> set[str]:
    """The stacks of this project that a file refers to."""
    return {name for name in stacks_referred_to(file, TOPOLOGIES, file_values) if "/" not in name}
