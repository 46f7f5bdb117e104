"""Where adoption goes on: in the sandbox, or in an account. All else is the same in both."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from judging.account.reading import Reader
from tools.adopt.reading import Cloud, Wanted
from tools.pipeline.holders import Holders

if TYPE_CHECKING:
    from tools.adopt.adopting import Adoption


class Place(Protocol):
    """What asks, reads and takes over."""

    def reader(self) -> AbstractContextManager[Reader]:
        """What asks the account."""
        ...

    def holders(self) -> Holders:
        """Which other stack holds what."""
        ...

    def read(self, needed: list[Wanted], region: str) -> tuple[Cloud, list[Wanted]]:
        """What the provider reads of what is needed, and what the cloud doesn't have.

        Raises:
            NotDoneError: the engine failed otherwise; says how.
        """
        ...

    def take(self, adoption: "Adoption") -> None:
        """Take what exists into the new stack's state.

        Raises:
            NotDoneError: it failed; says how to go on.
        """
        ...
