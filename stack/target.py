"""Which stack a command is about: its name, its file, and the folder its state is kept under.

`--stack dev` means Pulumi.dev.yaml beside the program, unless `tiers.yaml` has it in a folder;
`--config anything.yaml` takes any file, and names the stack as that list does, or after the file.
Owns only this naming; whether the file is any good is for `stack.stack_file` to say.
"""

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stack.files import is_file
from stack.naming import LONGEST_STACK_NAME, stack_name_problems
from stack.problems import NotDoneError, did_you_mean

if TYPE_CHECKING:
    from stack.listing import Listed

DEFAULT_STACK = "dev"

_STACK_FILE = re.compile(r"^Pulumi\.(?P<stack>.+)\.ya?ml$")
_SHOWN_FILES = 12


class TargetError(NotDoneError):
    """There is no such stack file; `str()` says which there are."""


@dataclass(frozen=True)
class Target:
    """One stack and its file."""

    stack: str
    file: Path
    key: str
    """The name of its state's folder: another file never has the same one."""


def target(stack: str | None, config: str | None, root: Path) -> Target:
    """The stack that `--stack` and `--config` mean.

    Args:
        stack: the stack's name; `dev` unless given, or unless the file says otherwise.
        config: any stack file, relative to the current folder.
        root: the folder of the program and its stack files.

    Raises:
        TargetError: the file doesn't exist, or the name can't be a folder's.
    """
    _check_name(stack)
    if config is None:
        name = stack or DEFAULT_STACK
        file = place_of(name, root)
        if not file.is_file():
            raise TargetError(_no_stack(name, file, root))
        return Target(name, file, name)
    file = Path(config)
    if not file.exists():
        raise TargetError(_no_file(file))
    return _target_of(file, stack, root)


def new_target(stack: str | None, config: str | None, root: Path) -> Target:
    """The stack that `--stack` and `--config` mean, whose file is yet to be written.

    Raises:
        TargetError: the file exists, or the name can't be a folder's.
    """
    _check_name(stack)
    file = Path(config) if config else place_of(stack or DEFAULT_STACK, root)
    if file.exists():
        message = (
            f"{shown_path(file)} exists, and isn't overwritten.\n"
            "Choose another stack's name, or move that file away if it is out of date."
        )
        raise TargetError(message)
    if not file.parent.is_dir():
        raise TargetError(f"There is no folder {file.parent}: check the path.")
    return _target_of(file, stack, root)


def _check_name(stack: str | None) -> None:
    """A name becomes folders and files, which are made and removed: it is judged before."""
    for problem in stack_name_problems(stack) if stack is not None else ():
        raise TargetError(f"A stack can't be called {stack!r}: {problem.rule}.")


def _target_of(file: Path, stack: str | None, root: Path) -> Target:
    name = stack or stack_of(file)
    plain = stack is not None or file.resolve() == (root / f"Pulumi.{name}.yaml").resolve()
    for one in _in_folders(root):
        own = file.resolve() == (root / one.file).resolve()
        if own and stack in {None, one.stack}:
            return Target(one.stack, file, one.stack)
        if own or (plain and name == one.stack):
            message = (
                f"{one.file} is the stack {one.stack}, as tiers.yaml has it: two files or two "
                f"names never share a state.\nSay STACK={one.stack}, and no CONFIG."
            )
            raise TargetError(message)
    return Target(name, file, name if plain else _key(name, file))


def place_of(stack: str, root: Path) -> Path:
    """Where a stack's file is, or would be: in the folder that the list has it in, or at the root.

    Raises:
        TierTableError: the list isn't one.
    """
    folders = (root / one.file for one in _in_folders(root) if one.stack == stack)
    return next(folders, root / f"Pulumi.{stack}.yaml")


def known_stacks(root: Path) -> list[str]:
    """The names of the stacks that have a file, as `--stack` takes them.

    Raises:
        TierTableError: the list isn't one.
    """
    at_root = (path.name for path in root.glob("Pulumi.*.yaml"))
    found = {name.removeprefix("Pulumi.").removesuffix(".yaml") for name in at_root}
    return sorted(found | {one.stack for one in _in_folders(root) if is_file(root / one.file)})


def _in_folders(root: Path) -> Sequence["Listed"]:
    """The stacks of the list that aren't at the root."""
    try:
        # What names no stack, as what tells of reviews does, needs no YAML.
        from stack.listing import listed  # noqa: PLC0415 - as above
    except ModuleNotFoundError:
        return []  # only the doctor goes on without packages, and says which are missing

    return [one for one in listed(root) if not one.at_root]


def said_to_make(one: Target, root: Path) -> str:
    """What make is told to mean this stack again, as a shell takes it: STACK=prod."""
    if one.file.resolve() == place_of(one.stack, root).resolve():
        return shlex.quote(f"STACK={one.stack}")
    named = [f"STACK={one.stack}"] if one.stack != stack_of(one.file) else []
    return shlex.join([*named, f"CONFIG={shown_path(one.file)}"])


def key_beside(one: Target, stack: str) -> str:
    """The key of the stack with the file Pulumi.<stack>.yaml beside `one`'s, named as that one."""
    if one.key == one.stack:
        return stack
    return _key(stack, one.file.parent / f"Pulumi.{stack}.yaml")


def _key(stack: str, file: Path) -> str:
    digest = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:8]
    return f"{stack}-{digest}"


def stack_of(file: Path) -> str:
    """A stack's name made of a file's: `Pulumi.prod.yaml` is prod, `shop.yaml` is shop.

    What a stack's name can't hold becomes a dash.
    """
    match = _STACK_FILE.match(file.name)
    name = match["stack"] if match else file.name.removesuffix(file.suffix)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")
    if not name[:1].isalpha():
        name = f"stack-{name}".rstrip("-")
    return name[:LONGEST_STACK_NAME]


def shown_path(file: Path) -> Path:
    """A path as people write it: relative to where they are, if it is below."""
    try:
        return file.resolve().relative_to(Path.cwd())
    except ValueError:
        return file


def _no_stack(stack: str, file: Path, root: Path) -> str:
    known = known_stacks(root)
    where = "beside the program" if file.parent == root else f"in {file.parent.relative_to(root)}"
    lines = [f"There is no stack {stack}: no file {file.name} {where}."]
    near = did_you_mean(stack, known)
    if near is not None:
        lines.append(f"Did you mean {near}?")
    if known:
        lines.append(f"Stacks with a file: {', '.join(known)}.")
    return "\n".join(lines)


def _no_file(file: Path) -> str:
    lines = [f"There is no file {file}."]
    folder = file.parent
    if not folder.is_dir():
        return "\n".join([*lines, f"There is no folder {folder} either: check the path."])
    known = sorted(p.name for p in folder.iterdir() if p.suffix in {".yaml", ".yml"})
    near = did_you_mean(file.name, known)
    if near is not None:
        lines.append(f"Did you mean {folder / near}?")
    elif known:
        more = ", …" if len(known) > _SHOWN_FILES else "."
        lines.append(f"YAML files there: {', '.join(known[:_SHOWN_FILES])}{more}")
    else:
        lines.append("No YAML file is there.")
    return "\n".join(lines)
