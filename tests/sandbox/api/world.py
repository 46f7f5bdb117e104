"""What an account for tests of a product's actions is."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.api.actions import Action
from tests.sandbox.api.api_lab import Api


@dataclass(frozen=True)
class World:
    """An account, and what may be said to a product about it."""

    api: Api
    right: Mapping[str, str]
    """By their names; a name may say for which action alone it is: `Create… Name`."""

    def said(self, action: Action) -> dict[str, str]:
        """What an action can't do without."""
        wanted = {*action.needs, *getattr(action, "one_of", ())[:1]}
        found = {k: v for k, v in self.right.items() if {k, k.partition(".")[0]} & wanted}
        own = {k.split()[1]: v for k, v in self.right.items() if k.startswith(f"{action.name} ")}
        return {**found, **own}
