"""How a command of the sandbox ends whose work the engine does."""

from collections.abc import Callable
from typing import Final

import pulumi.automation as auto

from sandbox.driver import EngineRefusedError, is_locked
from sandbox.engine import EngineMissing
from sandbox.paths import Paths
from sandbox.recovery import at_work
from stack.command_line import FAILED, REFUSED, tell
from stack.problems import NotDoneError, StackFileError

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
        tell(_locked(paths) if is_locked(error) else _stopped(command, str(error)))
    except KeyboardInterrupt:
        tell("Interrupted. If the next command says so, run make recover.")
    return FAILED


def _stopped(command: str, said: str) -> str:
    if command == PREVIEW:
        return "preview failed; nothing was changed."
    if SPOILT in said:
        return (
            f"{command} failed, and the engine has spoilt the stack's state; what was done is in "
            f"it all the same.\nRun make recover, then make {command}: it goes on from there."
        )
    return (
        f"{command} failed; what was done is kept, "
        f"and make {command} goes on from there once the cause is gone."
    )


def _unreadable(command: str, paths: Paths, said: str) -> str:
    what_helps = "" if command == RECOVER else "make recover goes back to the latest readable one; "
    return (
        "The engine can't work with this stack's state, and nothing was changed:\n\n"
        f"{said}\n\n"
        f"The state is in {paths.state}; {what_helps}"
        'docs/state.md says what helps, under "Back to an earlier state".'
    )


def _locked(paths: Paths) -> str:
    killed = "An earlier run was killed and left the state locked.\nRun make recover first."
    return at_work(paths) or killed
