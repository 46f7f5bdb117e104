"""Where adoption goes on: in the sandbox, or in an account. All else is the same in both."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from judging.account.reading import Reader
from stack.problems import NotDoneError
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


def refuse_a_stack_that_holds_something(stack: str, resources: Iterable[Mapping[str, Any]]) -> None:
    """The new stack file has only what is found now: the first `up` would delete all else.

    Raises:
        NotDoneError: the stack's state has something of the cloud.
    """
    held = [one for one in resources if one.get("custom") and not _is_pulumis(one)]
    if held:
        names = ", ".join(str(one["urn"]).rpartition("::")[2] for one in held[:3])
        more = f" and {len(held) - 3} more" if len(held) > 3 else ""  # noqa: PLR2004 - the names shown
        raise NotDoneError(
            f"The state of {stack} has {names}{more} already, which the new stack file wouldn't "
            "have: the first up would delete them. Choose another stack's name."
        )


def _is_pulumis(resource: Mapping[str, Any]) -> bool:
    return str(resource["type"]).startswith("pulumi:")
