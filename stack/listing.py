"""The stacks of a repository: `tiers.yaml` lists them, with their tiers and in their order.

A name with a tier is a stack of the root, with the file `Pulumi.<name>.yaml` there. A folder has
stacks of its own below it: `prod` of `stacks/shop` is the stack `shop-prod`, everywhere, since
a name is what a state and everything in the cloud are told apart by. Its file is
`stacks/shop/Pulumi.prod.yaml`.

Changes reach a stack from the one before it in its folder. A stack that matters less than that
one begins anew: nothing comes to development from production.

`docs/adr/0034-one-list-of-stacks.md` says why it is one list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from stack.file.yaml_file import Value, YamlFile
from stack.files import is_file
from stack.naming import stack_name_problems
from stack.problems import KeyPath, Problem, StackFileError
from stack.tiers import Tier, strictest, tier_named

TABLE: Final = "tiers.yaml"
"""Beside the program."""

_START, _END = "Pulumi.", ".yaml"
ADD_A_LINE: Final = "write a line such as prod: production"


class TierTableError(StackFileError):
    """The list can't be read; `str()` says where and why."""


@dataclass(frozen=True)
class Listed:
    """One stack of the list."""

    stack: str
    file: Path
    """From the root."""

    tier: Tier
    after: str = ""
    """The stack that its changes come from; the first one of a sequence has none."""

    @property
    def at_root(self) -> bool:
        """Whether its file stands beside the program, where Pulumi looks for it by itself."""
        return self.file.parent == Path()


def listed(root: Path) -> list[Listed]:
    """The stacks of the repository in `root`, in their order; none where there is no list.

    Raises:
        TierTableError: the list isn't one.
    """
    path = root / TABLE
    if not is_file(path):
        return []
    file = YamlFile.read(path)
    problems = [*file.problems]
    found: list[Listed] = []
    for where, folder, said in _entries(file.values, problems):
        found += _stack(where, folder, said, found, problems)
    if problems:
        placed = [replace(one, line=one.line or file.line(one.path)) for one in problems]
        raise TierTableError(Path(TABLE), placed)
    return found


def sequences(stacks: Sequence[Listed]) -> list[list[Listed]]:
    """The stacks by what changes go through, from the first one to the last."""
    found: list[list[Listed]] = []
    for one in stacks:
        before = next((some for some in found if some[-1].stack == one.after), None)
        if before is None:
            found.append([one])
        else:
            before.append(one)
    return found


def tier_in_table(root: Path, stack: str) -> Tier | None:
    """The tier that the list gives a stack; None where it has none, or there is no list.

    Raises:
        TierTableError: the list isn't one.
    """
    return next((one.tier for one in listed(root) if one.stack == stack), None)


def files_by_stack(root: Path) -> Mapping[str, Path]:
    """Each stack file of the repository by its stack, those that aren't listed as well.

    Raises:
        TierTableError: the list isn't one.
    """
    of_list = {one.stack: root / one.file for one in listed(root)}
    return _files_in(root) | {stack: file for stack, file in of_list.items() if is_file(file)}


def stacks_around(file: Path) -> Mapping[str, Path]:
    """The stack files that stand beside one, by the names that it can refer to them by.

    Those of the root and of the folders of its list stand beside each other. Anywhere else it is
    those of the folder.

    Raises:
        TierTableError: the list isn't one.
    """
    folder = file.parent.resolve()
    root = next((one for one in (folder, *folder.parents) if is_file(one / TABLE)), folder)
    folders = {root, *((root / one.file).parent for one in listed(root))}
    return files_by_stack(root) if folder in folders else _files_in(file.parent)


def _files_in(folder: Path) -> dict[str, Path]:
    files = sorted(folder.glob(f"{_START}*{_END}"))
    return {
        file.name.removeprefix(_START).removesuffix(_END): file for file in files if is_file(file)
    }


def _entries(values: Value, problems: list[Problem]) -> Iterator[tuple[KeyPath, Path, Value]]:
    """Where each stack stands, the folder of its file, and the tier that is said of it."""
    if values is None:
        return
    if not isinstance(values, dict):
        problems.append(Problem((), values, "it gives each stack a tier", ADD_A_LINE))
        return
    for name, said in values.items():
        if not isinstance(said, dict):
            yield (name,), Path(), said
            continue
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or not inside.parts or "\\" in name:
            rule = "a folder with stacks of its own stands in this repository"
            problems.append(Problem((name,), name, rule, "write its path from here: stacks/shop"))
            continue
        for stack, tier in said.items():
            yield (name, stack), Path(inside), tier


def _stack(
    where: KeyPath, folder: Path, said: Value, before: list[Listed], problems: list[Problem]
) -> Iterator[Listed]:
    name = str(where[-1])
    stack = f"{folder.name}-{name}" if folder.name else name
    tier = tier_named(said)
    if tier is None:
        problems.append(Problem(where, said, f"a tier is {', '.join(Tier)}", ADD_A_LINE))
        return
    problems += [Problem(where, stack, p.rule, p.remedy) for p in stack_name_problems(stack)]
    file = folder / f"{_START}{name}{_END}"
    for other in before:
        if other.stack == stack:
            rule = f"{other.file} is the stack {stack} already, and two would share one state"
            problems.append(Problem(where, stack, rule, "rename the file, or its folder"))
    last = next((one for one in reversed(before) if one.file.parent == folder), None)
    follows = last is not None and strictest(last.tier, tier) == tier
    yield Listed(stack, file, tier, last.stack if last is not None and follows else "")
