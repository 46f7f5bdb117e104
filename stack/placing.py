"""Problems in their places: lines from the file, in its order, each once, no secret shown."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from stack.problems import ANY_NETWORK, KeyPath, Problem
from stack.secrets import HIDDEN, secret_paths, touches
from stack.yaml_file import YamlFile

NAMESPACE = "alicloud-gateways"
REGION_KEY = "alicloud:region"


def placed(problems: Sequence[Problem], file: YamlFile, values: Mapping[str, Any]) -> list[Problem]:
    """Problems with their lines, in the file's order, without those that only follow from others.

    A reference to an entry that the file has, but that couldn't be read, isn't a second mistake.
    """
    secrets = frozenset(secret_paths(file.values)) if problems else frozenset[KeyPath]()
    around = frozenset(path[:end] for path in secrets for end in range(1, len(path)))
    found: dict[tuple[KeyPath, str, str], tuple[tuple[int, int], Problem]] = {}
    for problem in problems:
        if any(_exists(values, place) for place in places_looked_at(problem, values)):
            continue
        path = _file_path(problem.path, file)
        line, column = file.place(path) or (0, 0)
        line = problem.line or line
        value: object = problem.value
        if touches(path, secrets) or (isinstance(value, dict | list) and path in around):
            value = HIDDEN
        key = (problem.path, str(problem.value), problem.rule)
        whole = dataclasses.replace(problem, line=line or None, value=value)
        found.setdefault(key, ((line, column), whole))
    return [problem for _, problem in sorted(found.values(), key=lambda item: item[0])]


def places_looked_at(problem: Problem, values: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Where a name was looked for that isn't there; nothing for other problems."""
    missing = problem.missing
    if missing is None:
        return
    if missing[0] != ANY_NETWORK:
        yield missing
        return
    yield ("network", *missing[1:])
    networks = values.get("networks")
    # Networks that can't be read at all may have any name.
    names = cast("dict[str, object]", networks) if isinstance(networks, dict) else ("",)
    for name in names:
        yield ("networks", name, *missing[1:])


def _exists(values: Mapping[str, Any], path: KeyPath) -> bool:
    found: Any = values
    for part in path:
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]  # pyright: ignore[reportUnknownVariableType] - plain values
    return True


def _file_path(path: KeyPath, file: YamlFile) -> KeyPath:
    """Where a path below the namespace stands in the file itself."""
    if not path:
        return ("config",)
    key = str(path[0])
    for spelled in (f"{NAMESPACE}:{key}", key):
        if file.has(("config", spelled)):
            return ("config", spelled, *path[1:])
    return ("config",)
