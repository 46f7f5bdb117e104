"""Names: what the cloud accepts, and how a stack's resources are called there.

A resource's name in the cloud is `<stack>-<key>`, both from the stack file: nothing random, so that
it is found in the console and stays the same from one deployment to the next.

`was: old-name` is for an entry that carries its resources over a rename. Pulumi knows a resource by
its name: without `was`, renaming an entry means a new resource and the end of the old one, which
for a public address or a taken port can't be undone or can't be done.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from stack.problems import KeyPath, Problem

NAMESPACE: Final = "alicloud-gateways"
"""The project's name, and the namespace of its settings."""

REGION_KEY: Final = "alicloud:region"

# The strictest of the cloud's forms, so that one check fits gateways, addresses and packages: a
# letter (Chinese ones too, but no other script), then letters, digits, '.', '_' and '-'.
_RESOURCE_NAME = re.compile(r"^[A-Za-z\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._-]{1,127}$")
_URL = ("http://", "https://")
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 2, 256

LONGEST_STACK_NAME = 64  # with the longest key (63) and a dash: the cloud's 128
_STACK_NAME = re.compile(rf"^[A-Za-z][A-Za-z0-9._-]{{0,{LONGEST_STACK_NAME - 1}}}$")


def resource_name(stack: str, key: str) -> str:
    """The name in the cloud of the entry `key` of the stack `stack`."""
    return f"{stack}-{key}"


def cloud_name(stack: str, key: str, name: str | None) -> str:
    """What the entry `key` is called in the cloud: as the stack file says, be it nothing at all."""
    return resource_name(stack, key) if name is None else name


def stack_name_problems(stack: str) -> Iterator[Problem]:
    """The stack's name starts every resource's name, so the cloud's rules hold for it."""
    if not _STACK_NAME.fullmatch(stack):
        rule = (
            "a stack's name starts every name in the cloud: a letter, then letters, digits, "
            f"'.', '_' or '-', at most {LONGEST_STACK_NAME}"
        )
        yield Problem((), stack, rule, "rename the stack")


def name_problems(path: KeyPath, name: str | None) -> Iterator[Problem]:
    """Problems of a name given in the stack file for a resource in the cloud; empty is none."""
    if name and not _RESOURCE_NAME.fullmatch(name):
        rule = (
            "a name has 2 to 128 characters: a letter first, then letters, digits, '.', '_' or '-'"
        )
        yield Problem(path, name, rule, "shorten it or replace the other characters by '-'")


def chosen_name_problems(
    path: KeyPath, name: str | None, identity: str | None, what: str
) -> Iterator[Problem]:
    """Problems of the name of something that is created, or exists and is used by its id.

    Args:
        path: where the name stands.
        name: the name.
        identity: the id of what exists.
        what: what it is, with its article.
    """
    if name is not None and identity is not None:
        rule = f"{what} that exists keeps its name"
        yield Problem(path, name, rule, "remove name, or remove id to create one")
    yield from name_problems(path, name)


def description_problems(path: KeyPath, description: str | None) -> Iterator[Problem]:
    """Problems of a description given in the stack file for a resource in the cloud."""
    if description is None:
        return
    if description.startswith(_URL):
        rule = "a description can't start with http:// or https://"
        yield Problem(path, description, rule, "put a word before the address")
    elif not SHORTEST_DESCRIPTION <= (length := len(description)) <= LONGEST_DESCRIPTION:
        rule = (
            f"a description has {SHORTEST_DESCRIPTION} to {LONGEST_DESCRIPTION} characters; "
            f"this one has {length}"
        )
        remedy = "shorten it" if length > LONGEST_DESCRIPTION else "write a little more"
        yield Problem(path, description, rule, remedy)


class Renameable(Protocol):
    """An entry of a map that may say what it was called before."""

    @property
    def was(self) -> str | None: ...


def rename_problems(path: KeyPath, entries: Mapping[str, Renameable]) -> Iterator[Problem]:
    """`was` names an entry that is gone, and no two entries come from the same one."""
    heirs: dict[str, str] = {}
    for key, entry in entries.items():
        if entry.was is None:
            continue
        where = (*path, key, "was")
        if entry.was in entries:
            rule = f"was names what {key} was called before, and {entry.was} is still here"
            yield Problem(where, entry.was, rule, f"remove {entry.was}, or remove this was")
        elif entry.was in heirs:
            rule = f"{heirs[entry.was]} says that it was {entry.was} already"
            remedy = "only one entry can carry on the old one's resources; remove one of the two"
            yield Problem(where, entry.was, rule, remedy)
        heirs.setdefault(entry.was, key)
