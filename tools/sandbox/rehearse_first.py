"""The sandbox's own rehearsals: of one of its stacks, before anything is done to it."""

from pathlib import Path

from sandbox.cloud import DEFAULT_REGION, Store
from sandbox.driver import Held
from sandbox.rehearsal.rehearsing import NotRehearsedError, Rehearsed, Subject, rehearsed
from sandbox.rehearsal.telling import told
from stack.command_line import rehearses, tell
from stack.stack_file import StackFile
from tools.sandbox.running import ChangeRefusedError

__all__ = ["rehearsal_of", "rehearse_first"]


def rehearse_first(held: Held, file: StackFile, engine: Path) -> None:
    """Stop what would end badly, unless nobody wants to know.

    Where faults are asked for nothing is rehearsed: they are for seeing failures.

    Raises:
        ChangeRefusedError: it would; with the step, the reason and what to do instead.
    """
    if not rehearses():
        return
    store = Store(held.paths.cloud)
    try:
        is_to_fail = store.faults.are_asked_for
    finally:
        store.close()
    if is_to_fail:
        tell("Not rehearsed: faults are asked for.")
        return
    try:
        found = rehearsal_of(held, file, engine)
    except NotRehearsedError as reason:
        tell(f"Not rehearsed: {reason}.")
        return
    if not found.ends_well:
        raise ChangeRefusedError(told(found))
    if found.steps:
        tell(told(found))


def rehearsal_of(held: Held, file: StackFile, engine: Path) -> Rehearsed:
    """How an update of a stack would end.

    Raises:
        NotRehearsedError: it can't be rehearsed.
    """
    paths = held.paths
    store = Store(paths.cloud)
    try:
        quotas = store.quotas
    finally:
        store.close()
    subject = Subject(
        paths,
        file.settings,
        held.deployment(),
        region=file.settings.region or DEFAULT_REGION,
        outputs=file.outputs,
        quotas=quotas,
    )
    return rehearsed(subject, engine)
