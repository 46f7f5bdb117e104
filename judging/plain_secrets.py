"""Secrets that a preview turns into plain values.

The engine shows a secret as `[secret]`, before and after, so a value that isn't one any more shows.
It doesn't show: outputs of the stack, values that nobody knows before the run, and a secret within
a value that another secret keeps hidden as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from judging.findings import PLAIN_SECRET, Finding, found
from judging.preview import SECRET, Change, Op, Preview
from stack.pulumi_wire import UNKNOWN


def secret_findings(preview: Preview) -> Iterator[Finding]:
    """Each resource with an input that was secret and isn't any more. Values are never shown."""
    for change in preview.changes:
        paths = sorted(set(_paths(change)))
        if paths:
            yield found(PLAIN_SECRET, change, f"turns {', '.join(paths)} from secret into plain")


def _paths(change: Change) -> Iterator[str]:
    lasts = change.op in {Op.UPDATE, Op.REPLACE, Op.SAME}
    if not lasts or change.old is None or change.new is None:
        return
    yield from _turned(change.old.inputs, change.new.inputs, "")
    for key in set(change.old.secret_outputs) - set(change.new.secret_outputs):
        if change.new.inputs.get(key) != SECRET:
            yield key


def _turned(old: object, new: object, path: str) -> Iterator[str]:
    """The paths at which something secret became readable."""
    if old == SECRET:
        if _readable(new):
            yield path
    elif isinstance(old, Mapping):
        for key, value in cast("Mapping[str, object]", old).items():
            inner = f"{path}.{key}" if path else key
            yield from _turned(value, _at(new, key), inner)
    elif isinstance(old, list):
        others = cast("Sequence[object]", new) if isinstance(new, list) else ()
        for index, value in enumerate(cast("Sequence[object]", old)):
            other = others[index] if index < len(others) else None
            yield from _turned(value, other, f"{path}[{index}]")


def _at(value: object, key: str) -> object:
    """What stands under a key; the value itself, where it is no object any more."""
    return cast("Mapping[str, object]", value).get(key) if isinstance(value, Mapping) else value


def _readable(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_readable(one) for one in cast("Mapping[str, object]", value).values())
    if isinstance(value, list):
        return any(_readable(one) for one in cast("Sequence[object]", value))
    return value is not None and value not in (SECRET, UNKNOWN, "")
