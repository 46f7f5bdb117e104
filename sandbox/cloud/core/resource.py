"""One resource as the cloud keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Attributes", "Resource"]

Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: what it is, where it is, and everything the cloud would answer about it."""

    id: str
    kind: str
    region: str
    attributes: Mapping[str, Any]
    # Seconds since the epoch; until then an asynchronous change is under way.
    until: float = 0.0
    # Its deletion was accepted and ends at `until`.
    leaving: bool = False

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - attributes are JSON values
        return self.attributes.get(name)

    def text(self, name: str) -> str:
        """A string attribute; empty when it isn't set."""
        return str(self.attributes.get(name) or "")
