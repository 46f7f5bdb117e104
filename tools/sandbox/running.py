"""What stops a command of the sandbox before the engine is asked, and how it ends if it isn't.

What is refused here, the engine would find out only half-way.
"""

from collections.abc import Callable
from contextlib import closing
from typing import Final

import pulumi.automation as auto

from sandbox.accounts import (
    EngineRefusedError,
    Held,
    dependents,
    held_by_others,
    resources_of,
    said_beside,
)
from sandbox.cloud import Store
from sandbox.driver import Driver, is_locked
from sandbox.engine import EngineMissing
from sandbox.paths import Paths
from sandbox.provider.quirks import pulumi_id
from sandbox.recovery import at_work
from sandbox.rehearsal.unmaking import copy_of
from stack.command_line import FAILED, REFUSED, tell
from stack.problems import NotDoneError, StackFileError
from stack.pulumi_wire import name_of
from stack.stack_file import StackFile
from stack.whole_state import is_doubled
from tools.pipeline.holders import UNMANAGED
from tools.pipeline.strangers import of_others
from topologies import change_problems, losses, protected_problems

PREVIEW: Final = "preview"
RECOVER: Final = "recover"
SPOILT: Final = "snapshot integrity"
"""What the engine says of a state that it has written and will not load."""


class CannotRunError(NotDoneError):
    """Why nothing was run; `str()` says so and what to do."""


class ChangeRefusedError(NotDoneError):
    """Why a change wasn't begun that would end badly; `str()` says so and what to do instead."""


def run(command: str, work: Callable[[], int], paths: Paths) -> int:
    """Do a command's work; what keeps it from being done is told, and becomes the exit code."""
    try:
        return work()
    except (StackFileError, ChangeRefusedError) as refusal:
        tell(str(refusal))
        return REFUSED
    except (EngineMissing, NotDoneError) as reason:
        tell(str(reason))
    except EngineRefusedError as refusal:
        tell(_unreadable(command, paths, str(refusal)))
    except auto.CommandError as error:
        # Unless it was locked out, the engine has said what and why, line by line, as it happened.
        tell(_locked(paths) if is_locked(error) else _stopped(command, paths, str(error)))
    except KeyboardInterrupt:
        tell(f"Interrupted. If the next command says so, run make recover {paths.said}")
    return FAILED


def _stopped(command: str, paths: Paths, said: str) -> str:
    if command == PREVIEW:
        return "preview failed; nothing was changed."
    if SPOILT in said:
        return (
            f"{command} failed, and the engine has spoilt the stack's state; what was done is in "
            f"it all the same.\nRun make recover {paths.said}, then make {command} "
            f"{paths.said}: it goes on from there."
        )
    return (
        f"{command} failed; what was done is kept, "
        f"and make {command} {paths.said} goes on from there once the cause is gone."
    )


def _unreadable(command: str, paths: Paths, said: str) -> str:
    back = f"make recover {paths.said} goes back to the latest readable one; "
    what_helps = "" if command == RECOVER else back
    return (
        "The engine can't work with this stack's state, and nothing was changed:\n\n"
        f"{said}\n\n"
        f"The state is in {paths.state}; {what_helps}"
        'docs/state.md says what helps, under "Back to an earlier state".'
    )


def _locked(paths: Paths) -> str:
    killed = (
        "An earlier run was killed and left the state locked.\n"
        f"Run this first: make recover {paths.said}"
    )
    return at_work(paths) or killed


def refuse_pending(running: Held) -> None:
    """What a run left behind that didn't come to its end: calls without an answer, or its lock.

    A preview would pass over the lock, and show a state that is no longer true.
    """
    deployment = running.deployment()
    if is_doubled(deployment):
        message = (
            "The engine has spoilt this stack's state, and can't load it: a resource stands in it "
            f"twice.\nRun make recover {running.paths.said} first: it mends the state, and says "
            "what becomes of each."
        )
        raise CannotRunError(message)
    if busy := at_work(running.paths):
        raise CannotRunError(busy)
    pending = deployment.get("pending_operations")
    if pending:
        names = ", ".join(name_of(o["resource"]["urn"]) for o in pending)
        message = (
            f"A run was interrupted while it changed {names}; whether the cloud did it isn't known."
            f"\nRun make recover {running.paths.said} first: it looks, and settles it."
        )
        raise CannotRunError(message)
    if any(running.paths.locks.rglob("*.json")):
        raise CannotRunError(_locked(running.paths))


def refuse_protected(running: Driver) -> None:
    """The engine would find out only after it had deleted what stands on the protected ones."""
    protected = running.state().protected
    if protected:
        message = (
            f"Deletion protection is on for {', '.join(one.name for one in protected)}; nothing "
            "was deleted.\n"
            "If this stack is really to go: take tier: production out of the stack file, "
            f"run make up {running.paths.said}, then make destroy {running.paths.said}"
        )
        raise CannotRunError(message)


def refuse_others(running: Driver, region: str) -> None:
    """The cloud would find out only after it had deleted what isn't in anybody's way."""
    paths = running.paths
    held = held_by_others(paths)
    with closing(Store(paths.cloud)) as cloud, closing(copy_of(cloud)) as copy:
        found = of_others(
            copy, running.deployment(), region, lambda one: held.get(pulumi_id(one), UNMANAGED)
        )
    stopping = [one for one in found if one.stops]
    if not stopping:
        return
    lines = [
        "This would stop half-way, and nothing was deleted: the cloud keeps what others stand on.",
        *(f"  {one.what}, held by {one.held}: {one.then}" for one in stopping),
    ]
    if anothers := sorted({one.held for one in stopping if one.is_anothers}):
        commands = ", ".join(f"make destroy {said_beside(paths, name)}" for name in anothers)
        lines.append(f"Destroy first what other stacks have there: {commands}")
    if not all(one.is_anothers for one in stopping):
        lines.append(
            f"What is {UNMANAGED}, delete where it was made: make cloud serves this account."
        )
    raise CannotRunError("\n".join(lines))


def refuse_needed(paths: Paths) -> None:
    """The cloud would find out only after it had deleted what nothing stands on."""
    standing = [name for name in dependents(paths.target) if resources_of(paths, name)]
    if standing:
        commands = ", ".join(f"make destroy {said_beside(paths, name)}" for name in standing)
        message = (
            f"{', '.join(standing)} {'stands' if len(standing) == 1 else 'stand'} on what "
            f"{paths.target.stack} puts out; nothing was deleted.\n"
            f"Destroy {'it' if len(standing) == 1 else 'them'} first: {commands}"
        )
        raise CannotRunError(message)


def refuse_impossible(
    running: Held, file: StackFile, *, whatever_is_protected: bool = False
) -> None:
    state = running.state()
    problems = list(change_problems(file.settings, state))
    if not whatever_is_protected:
        problems += protected_problems(file.settings, state)
    if problems:
        raise file.refused(problems)


def tell_losses(running: Held, file: StackFile) -> None:
    """What goes for good, apart from all else that changes."""
    for line in losses(file.settings, running.state()):
        tell(line)
