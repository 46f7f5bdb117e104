"""Whether two previews would do the same: what was approved is what is applied.

A preview is boiled down to a digest of its steps: which resource, what happens to it, from which
inputs to which. What differs from run to run without meaning anything isn't in it: the order,
times, and names that the provider makes up anew for each preview.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

_NOTHING = {"same", "read", "refresh"}
_DEFAULTS = "__defaults"


def steps_of(document: Mapping[str, Any]) -> list[list[Any]]:
    """The steps of `pulumi preview --json` that change something, in an order of their own."""
    found = [
        [step["op"], step["urn"], _side(step.get("oldState")), _side(step.get("newState"))]
        for step in document.get("steps") or ()
        if step["op"] not in _NOTHING
    ]
    return sorted(found, key=lambda step: json.dumps(step, sort_keys=True))


def digest(document: Mapping[str, Any]) -> str:
    """The digest of a preview's steps, as people can compare it: 64 hexadecimal digits."""
    text = json.dumps(steps_of(document), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _side(state: Mapping[str, Any] | None) -> object:
    """A resource before or after: what it is, and what it was asked to be."""
    if state is None:
        return None
    return [state.get("id", ""), bool(state.get("protect")), _meant(state.get("inputs"))]


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
