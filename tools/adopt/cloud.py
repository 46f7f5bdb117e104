"""What was read of the cloud: the resources of an exported scratch stack, by their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stack.problems import Problem
from tools.adopt.listing import Listing
from tools.adopt.reading import wanted


@dataclass(frozen=True)
class Found:
    """One resource as the provider read it."""

    type: str
    id: str
    outputs: Mapping[str, Any]

    def text(self, key: str) -> str:
        """A property as text; empty where there is none."""
        value = self.outputs.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A property as a number, which the provider writes as text; 0 where there is none."""
        text = self.text(key)
        return int(text) if text.isdigit() else 0

    @property
    def tags(self) -> Mapping[str, str]:
        """Its tags."""
        return self.outputs.get("tags") or {}


class Cloud:
    """The resources that were read."""

    def __init__(self, found: Iterable[Found]) -> None:
        """Keep them by type and id."""
        self._found = {(one.type, one.id): one for one in found}

    @classmethod
    def of_deployment(cls, deployment: Mapping[str, Any]) -> "Cloud":
        """Those of the `deployment` of an exported stack."""
        return cls(
            Found(str(one["type"]), str(one["id"]), one.get("outputs") or {})
            for one in deployment.get("resources") or ()
            if one.get("custom") and one.get("id")
        )

    def __getitem__(self, key: tuple[str, str]) -> Found:
        """One resource by type and id; `unread` says which aren't there."""
        return self._found[key]

    def unread(self, listing: Listing) -> list[Problem]:
        """What the list needs and the state doesn't have."""
        rule = "the state that was given doesn't have it"
        remedy = "read it: write the list's import file anew, import it, and export that stack"
        return [
            Problem(one.path, one.id, rule, remedy)
            for one in wanted(listing)
            if (one.type, one.id) not in self._found
        ]
