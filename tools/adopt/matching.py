"""Which resource of the program is which thing that exists, and what `up` would make of it.

The program is run, without an engine, on settings in which each thing is called by its id in the
cloud. What it registers with that name is that thing. What only ties two things together has no
name; it is known by the ids of the two. So no component's naming is written down a second time.

What exists is then compared with what the program would say of it, by the provider's own rules:
what is stated counts, what the cloud fills in doesn't, and some properties can't be changed without
a new resource. `facts.contract` has them from the real provider.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from facts.contract import contract_of
from sandbox.provider.checks import check_inputs
from sandbox.provider.diffs import differences
from sandbox.provider.values import UNKNOWN
from tools.adopt.drafting import marker
from tools.adopt.listing import LINK_PARTS, Entry
from tools.adopt.reading import Cloud
from topologies.recorder import KNOWN_LATER, RecordedComponent, RecordedResource

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


@dataclass(frozen=True)
class Change:
    """One property of something that exists, and what the program would make of it."""

    type: str
    name: str
    id: str
    property: str
    before: object
    after: object
    replaces: bool
    """It can't be changed: a new resource would be made, and the old one deleted."""


def changes(
    recorded: Iterable[RecordedResource], ids: Mapping[Key, str], cloud: Cloud
) -> Iterator[Change]:
    """Every property of what exists that the program says otherwise."""
    mine = [one for one in recorded if (one.type, one.name) in ids]
    facts: dict[str, Mapping[str, Any]] = {}
    for one in mine:
        identity = ids[one.type, one.name]
        facts[one.name] = {**cloud[one.type, identity].outputs, "id": identity}
    for one in mine:
        contract = contract_of(one.type)
        stated = {
            name: UNKNOWN if value == KNOWN_LATER else resolved(value, facts, UNKNOWN)
            for name, value in one.inputs.items()
            if value is not None and name not in one.ignore_changes
        }
        old = {k: v for k, v in facts[one.name].items() if k not in one.ignore_changes}
        new = check_inputs(contract, stated).inputs
        for change in differences(contract, old, new):
            name = change.field.camel
            yield Change(
                one.type,
                one.name,
                ids[one.type, one.name],
                name,
                old.get(name),
                new.get(name),
                change.field.replaces,
            )


def created(recorded: Iterable[RecordedResource], ids: Mapping[Key, str]) -> list[RecordedResource]:
    """What the program has beside what exists."""
    return [one for one in recorded if (one.type, one.name) not in ids]


def import_file(
    resources: Iterable[RecordedResource],
    ids: Mapping[tuple[str, str], str],
    components: Iterable[RecordedComponent] = (),
) -> dict[str, Any]:
    """What Pulumi has to know to take resources over under the program's names.

    Args:
        resources: as the program registers them.
        ids: the ids of those that exist, by type and name.
        components: the program's, so that those without such a resource are taken over as well;
            unless given, those that have one.
    """
    mine = [one for one in resources if (one.type, one.name) in ids]
    types = {one.parent: one.parent_type for one in mine if one.parent is not None}
    types |= {one.name: one.type for one in components}
    return {
        "resources": [
            {"type": type_, "name": name, "component": True} for name, type_ in types.items()
        ]
        + [
            {
                "type": one.type,
                "name": one.name,
                "id": ids[one.type, one.name],
                **({"parent": one.parent} if one.parent is not None else {}),
                "version": version("pulumi-alicloud"),
            }
            for one in mine
        ]
    }
