"""What the first `up` would do to what was taken over, told before anything is taken over.

What exists is compared with what the program would say of it, by the provider's own rules: what is
stated counts, what the cloud fills in doesn't, and some properties can't be changed without a new
resource. `facts.contract` has them from the real provider.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from facts.contract import contract_of
from sandbox.provider.checks import check_inputs
from sandbox.provider.diffs import differences
from stack.pulumi_wire import UNKNOWN
from tools.adopt.cloud import Cloud
from tools.adopt.matching import Key, resolved
from topologies.recorder import KNOWN_LATER, RecordedResource


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
