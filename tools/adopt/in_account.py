"""Adoption in an account: the `pulumi` on the PATH reads and takes over, the account is asked.

What is to be read is imported into a scratch stack, its state says what was read, and it is
forgotten again. Nothing of the cloud is changed.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from judging.account.reading import Reader
from judging.account.transport import official
from stack.command_line import ROOT, tell
from stack.naming import NAMESPACE, REGION_KEY
from stack.problems import NotDoneError
from stack.target import Target, place_of
from tools.adopt.adopting import Adoption, assume
from tools.adopt.place import refuse_a_stack_that_holds_something
from tools.adopt.reading import SCRATCH_STACK, Cloud, Wanted, read_all
from tools.pipeline.engine import Engine
from tools.pipeline.holders import Holders, holders_in_backend


class InAccount:
    """The account that the environment's credentials are of, and the backend that it names."""

    def __init__(self, new: Target) -> None:
        """Adopt into a stack whose file isn't there yet.

        Raises:
            NotDoneError: Pulumi wouldn't find its file.
        """
        if new.file.resolve() != place_of(new.stack, ROOT).resolve():
            raise NotDoneError(
                "Pulumi finds a stack's file by the stack's name: say STACK=shop, and no CONFIG."
            )
        self._stack = new.stack

    @contextmanager
    def reader(self) -> Generator[Reader]:
        """What asks the account."""
        yield Reader(official(os.environ))

    def holders(self) -> Holders:
        """Which stack of the backend holds what."""
        return holders_in_backend()

    def read(self, needed: list[Wanted], region: str) -> tuple[Cloud, list[Wanted]]:
        """What the provider reads of what is needed, and what the cloud doesn't have.

        Raises:
            NotDoneError: Pulumi failed otherwise, and has said why; or the stack isn't new.
        """
        own = Engine(self._stack).state() or {}
        refuse_a_stack_that_holds_something(self._stack, own.get("resources") or ())
        scratch = Engine(SCRATCH_STACK)
        forgetting = f"pulumi stack rm {SCRATCH_STACK} --force --yes"
        if not scratch.begin():
            raise NotDoneError(
                f"The scratch stack {SCRATCH_STACK} can't be made, by which things are read. If an "
                "earlier run left it, this forgets it, and deletes nothing in the cloud:\n"
                f"{forgetting}"
            )
        try:
            scratch.configure({REGION_KEY: region, f"{NAMESPACE}:topology": "none"})
            gone = read_all(needed, lambda listed: _imported(scratch, listed))
            state = scratch.state()
        finally:
            scratch.forget()
        if state is None:
            raise NotDoneError(f"The state of {SCRATCH_STACK} couldn't be had.")
        return Cloud.of_deployment(state), gone

    def take(self, adoption: Adoption) -> None:
        """Take what exists into the stack's state.

        Raises:
            NotDoneError: it failed; says how to go on.
        """
        engine = Engine(self._stack)
        is_there = engine.state() is not None or engine.begin()
        is_ready = is_there and engine.make_alone(adoption.providers)
        if not is_ready or engine.take(adoption.import_file).code != 0:
            raise NotDoneError(
                "The files are written, and the import failed: what it did is kept.\n"
                f"Once the cause is gone, this goes on from there: pulumi import --stack "
                f"{self._stack} --file adopt.json --generate-code=false --protect=false --yes"
            )
        state = engine.state() if adoption.assumed else None
        if state is not None:
            engine.replace_state(assume(state, adoption.assumed))
        tell(f"Look: pulumi preview --stack {self._stack}")


def _imported(scratch: Engine, listed: Mapping[str, Any]) -> str | None:
    """What Pulumi says of an import that fails."""
    ended = scratch.take(listed)
    return ended.out if ended.code != 0 else None
