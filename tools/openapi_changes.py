"""What differs between two editions of a Swagger or OpenAPI document, in words."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from stack.file.yaml_file import Value
from topologies.api_gateway.openapi.document import table
from topologies.api_gateway.openapi.extensions import ANY_METHOD

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", ANY_METHOD)
_MOST_LISTED = 20  # operations of a kind; a whole new edition needn't fill the screen

Operations: TypeAlias = dict[str, Value]


def operations(values: Mapping[str, Value]) -> Operations:
    """Each operation by its method and path, with what its path says for all of them."""
    found: Operations = {}
    for path, item in table(values.get("paths")).items():
        shared = {key: value for key, value in table(item).items() if key not in _METHODS}
        for method in _METHODS:
            if method in table(item):
                word = "ANY" if method == ANY_METHOD else method.upper()
                found[f"{word} {path}"] = [table(item)[method], shared]
    return found


def changes(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    """A line for each change, operations first."""
    before, after = operations(old), operations(new)
    lines = _listed("added", [key for key in after if key not in before])
    lines += _listed("removed", [key for key in before if key not in after])
    lines += _listed("changed", [k for k in after if k in before and after[k] != before[k]])
    elsewhere = sorted(key for key in {*old, *new} - {"paths"} if old.get(key) != new.get(key))
    if elsewhere:
        lines.append(f"changed beside the operations: {', '.join(elsewhere)}")
    return lines


def _listed(what: str, keys: Sequence[str]) -> list[str]:
    lines = [f"{what}: {key}" for key in keys[:_MOST_LISTED]]
    if len(keys) > _MOST_LISTED:
        lines.append(f"{what}: and {len(keys) - _MOST_LISTED} more")
    return lines
