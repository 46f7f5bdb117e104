"""What a stack's state holds, as far as rules about changes need it.

No Pulumi here: plain values, read from the JSON that `pulumi stack export` prints.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from facts import kinds
from stack.pulumi_wire import name_of


@dataclass(frozen=True)
class StateResource:
    """One resource of the state."""

    type: str
    name: str
    id: str
    urn: str
    parent: str
    """The name of its component; empty where that isn't known."""

    outputs: Mapping[str, Any]

    def text(self, key: str) -> str:
        """An output as text; empty where there is none."""
        value = self.outputs.get(key)
        return value if isinstance(value, str) else ""


def outputs_in(deployment: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the stack of a state puts out; secrets as the state has them."""
    resources: Iterable[Mapping[str, Any]] = deployment.get("resources") or ()
    for resource in resources:
        if resource["type"] == kinds.STACK:
            return resource.get("outputs") or {}
    return {}


class StackState:
    """The resources of a stack's state by type and name."""

    def __init__(self, deployment: Mapping[str, Any]) -> None:
        """Read the `deployment` of an exported stack; an empty one holds nothing."""
        resources: list[Mapping[str, Any]] = list(deployment.get("resources") or ())
        self.protected: list[StateResource] = []
        """What may not be deleted."""
        self._by_type: dict[str, dict[str, StateResource]] = {}
        for resource in resources:
            if not resource.get("custom") or resource.get("delete"):
                continue  # a component, or the old half of an unfinished replacement
            held = StateResource(
                type=resource["type"],
                name=name_of(resource["urn"]),
                id=str(resource.get("id", "")),
                urn=str(resource["urn"]),
                parent=name_of(resource.get("parent", "")),
                outputs=resource.get("outputs") or {},
            )
            self._by_type.setdefault(held.type, {})[held.name] = held
            if resource.get("protect"):
                self.protected.append(held)

    def find(self, type_: str, *names: str | None) -> StateResource | None:
        """The first resource of this type that has one of the names."""
        held = self._by_type.get(type_, {})
        return next((held[name] for name in names if name is not None and name in held), None)

    def id_of(self, type_: str, *names: str | None) -> str | None:
        """The id of what `find` finds."""
        held = self.find(type_, *names)
        return held.id if held is not None else None

    def every(self, type_: str) -> Iterator[StateResource]:
        """Every resource of this type."""
        yield from self._by_type.get(type_, {}).values()

    def all(self, type_: str, prefix: str) -> Iterator[tuple[str, StateResource]]:
        """Every resource of this type whose name starts with `prefix-`, by the rest of its name."""
        for name, resource in self._by_type.get(type_, {}).items():
            if name.startswith(f"{prefix}-"):
                yield name.removeprefix(f"{prefix}-"), resource
