"""Which resource of the program is which thing that exists: asked of the program itself.

The program is run, without an engine, on settings in which each thing is called by its id in the
cloud. What it registers with that name is that thing. What only ties two things together has no
name; it is known by the ids of the two. So no component's naming is written down a second time.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tools.adopt.drafting import marker
from tools.adopt.kinds import LINK_PARTS
from tools.adopt.listing import Entry
from topologies.recorder import RecordedResource

_SYMBOL = re.compile(r"\$\{(?P<name>[^{}]+)\.(?P<field>[A-Za-z]+)\}")

Key = tuple[str, str]
"""Type and name of a resource of the program."""


def matched(marked: Iterable[RecordedResource], things: Iterable[Entry]) -> dict[Key, str]:
    """The ids of the program's resources that exist.

    Args:
        marked: what the program registers for settings with ids as names.
        things: what is listed.
    """
    recorded = [*marked]
    by_marker = {(one.kind.type, marker(one.id)): one.id for one in things}
    ids: dict[Key, str] = {}
    for resource in recorded:
        for value in resource.inputs.values():
            identity = by_marker.get((resource.type, value)) if isinstance(value, str) else None
            if identity is not None:
                ids[resource.type, resource.name] = identity
    names = {name: identity for (_, name), identity in ids.items()}
    for resource in recorded:
        parts = LINK_PARTS.get(resource.type)
        if parts is not None:
            ends = [_end(str(resource.inputs[part]), names) for part in parts]
            ids[resource.type, resource.name] = ":".join(ends)
    return ids


def _end(value: str, names: Mapping[str, str]) -> str:
    """The id that a link's end is: written as it is, or by the resource's symbol."""
    found = _SYMBOL.fullmatch(value)
    return names.get(found["name"], value) if found is not None else value


def resolved(value: Any, facts: Mapping[str, Mapping[str, Any]], unknown: object) -> Any:  # noqa: ANN401 - inputs of any shape
    """A recorded input with its symbols replaced by what exists.

    Args:
        value: the input.
        facts: outputs of what exists, by the names of the program's resources.
        unknown: stands for what isn't known before `up`.
    """
    if isinstance(value, list):
        return [resolved(one, facts, unknown) for one in value]  # pyright: ignore[reportUnknownVariableType] - as above
    if not isinstance(value, str):
        return value
    missing = False

    def fact(found: re.Match[str]) -> str:
        nonlocal missing
        answer = facts.get(found["name"], {}).get(found["field"])
        missing = missing or answer is None
        return str(answer)

    text = _SYMBOL.sub(fact, value)
    return unknown if missing else text
