"""Whether two previews would do the same: what was approved is what is applied.

A preview is boiled down to a digest. It covers all that was looked at, and all that looked:

- every resource: what happens to it, from which inputs, options, outputs and id to which inputs and
  options, and by which provider;
- the stack's configuration, which the default provider is made of as well;
- the tier whose levels the policies had, and the files of `judges`.

Secrets are in it as the stack file has them, encrypted: previews don't show them.

What differs from run to run without meaning anything isn't in it: the order, times, where in the
program a resource was registered, and what providers fill in or foresee anew for each preview.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from stack.command_line import ROOT
from stack.listing import listed

_SAME = "same"
_OPTIONS = ("protect", "retainOnDelete")
"""What a state keeps of a resource so that it isn't lost."""

_NOTHING = {_SAME, "read", "refresh"}
_DEFAULTS = "__defaults"
_PASSING = {"created", "modified", "sequenceNumber", "sourcePosition", "stackTrace"}
"""What a state says of how it came about."""

_FORESEEN = {"outputs"}
"""What a preview makes up of a state that is to be; the inputs and the files decide it."""

_BESIDE: Final = ("*.py", "*.yaml", "Makefile", "requirements.txt")
"""Stack files, the table of tiers, what is moved by a promotion, and what is installed."""


def steps_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps of `pulumi preview --json` that change something, be it protection alone."""
    return [
        step
        for step in document.get("steps") or ()
        if step["op"] not in _NOTHING or (step["op"] == _SAME and _with_other_options(step))
    ]


def _with_other_options(step: Mapping[str, Any]) -> bool:
    """Whether a resource that stays as it is gets other options: these are the state's alone.

    A state that isn't shown, or is shown in part, tells nothing.
    """
    old, new = step.get("oldState"), step.get("newState")
    if not old or not new:
        return False
    return any(bool(old.get(key)) != bool(new.get(key)) for key in _OPTIONS)


def digest(document: Mapping[str, Any], judged_by: Mapping[str, str]) -> str:
    """The digest of a preview and of what judges it: 64 hexadecimal digits, as people compare it.

    Args:
        document: what `pulumi preview --json` printed.
        judged_by: the tier, and the digest of the files.
    """
    steps = [
        [
            step["op"],
            step["urn"],
            step.get("provider"),
            _side(step.get("oldState"), _PASSING),
            _side(step.get("newState"), _PASSING | _FORESEEN),
        ]
        for step in document.get("steps") or ()
    ]
    covered = {
        "steps": sorted(map(_text, steps)),
        "config": document.get("config"),
        "judges": dict(judged_by),
    }
    return hashlib.sha256(_text(covered).encode("utf-8")).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _side(state: Mapping[str, Any] | None, without: set[str]) -> object:
    """A resource before or after: what it is, and what it was asked to be."""
    if state is None:
        return None
    return {key: _told(key, value) for key, value in state.items() if key not in without}


def _told(key: str, value: object) -> object:
    """What a state tells, without what means nothing."""
    if key == "inputs":
        return _meant(value)
    # Outputs are of a state that is: nothing in them is made up, and lists may have an order.
    return value if key == "outputs" else _in_order(value)


def _in_order(option: object) -> object:
    """An option whose lists are sets: what a resource depends on arrives in any order."""
    if isinstance(option, dict):
        return {key: _in_order(one) for key, one in cast("dict[str, object]", option).items()}
    if isinstance(option, list):
        return sorted(map(_text, cast("list[object]", option)))
    return option


def _meant(value: object) -> object:
    """A value without what the provider filled in by itself, which may be made up."""
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        filled = cast("list[str]", given.get(_DEFAULTS) or [])
        return {
            key: _meant(one) for key, one in given.items() if key != _DEFAULTS and key not in filled
        }
    if isinstance(value, list):
        return [_meant(one) for one in cast("list[object]", value)]
    return value


def judges(root: Path = ROOT) -> str:
    """A digest of the program: its packages, and the files beside them that it reads."""
    total = hashlib.sha256()
    for file in sorted(_files(root)):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{content} {file.relative_to(root).as_posix()}\n".encode())
    return total.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for form in _BESIDE:
        # Hidden ones are for editors and hooks, and judge nothing.
        yield from (file for file in root.glob(form) if not file.name.startswith("."))
    for folder in {(root / one.file).parent for one in listed(root) if not one.at_root}:
        yield from folder.glob("*.yaml")
    for package in root.glob("*/__init__.py"):
        for file in package.parent.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file
