"""Which stack a command is about: its name, its file, and the folder its state is kept under.

`--stack dev` means Pulumi.dev.yaml beside the program; `--config anything.yaml` takes any file,
and names the stack after it. Owns only this naming; whether the file is any good is for
`stack.stack_file` to say.
"""

import hashlib
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from stack.naming import LONGEST_STACK_NAME, stack_name_problems
from stack.problems import NotDoneError, did_you_mean

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
        file = root / f"Pulumi.{name}.yaml"
        if not file.is_file():
            raise TargetError(_no_stack(name, root))
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
    file = Path(config) if config else root / f"Pulumi.{stack or DEFAULT_STACK}.yaml"
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
    at_root = file.resolve() == (root / f"Pulumi.{name}.yaml").resolve()
    if stack is not None or at_root:
        return Target(name, file, name)
    return Target(name, file, _key(name, file))


def said_to_make(one: Target, root: Path) -> str:
    """What make is told to mean this stack again, as a shell takes it: STACK=prod."""
    if one.file.resolve() == (root / f"Pulumi.{one.stack}.yaml").resolve():
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


def _no_stack(stack: str, root: Path) -> str:
    known = sorted(
        path.name.removeprefix("Pulumi.").removesuffix(".yaml")
        for path in root.glob("Pulumi.*.yaml")
    )
    lines = [f"There is no stack {stack}: no file Pulumi.{stack}.yaml beside the program."]
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
