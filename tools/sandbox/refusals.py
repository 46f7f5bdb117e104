"""What stops a command before the engine is asked: it would find out only half-way."""

from sandbox.accounts import dependents
from sandbox.driver import Driver, Held
from sandbox.paths import Paths
from sandbox.recovery import at_work
from sandbox.states import resources_of
from stack.pulumi_wire import name_of
from stack.stack_file import StackFile
from stack.whole_state import is_doubled
from tools.sandbox.running import CannotRunError
from topologies import change_problems, protected_problems


def refuse_pending(running: Held) -> None:
    """What a run left behind that didn't come to its end."""
    deployment = running.deployment()
    if is_doubled(deployment):
        message = (
            "The engine has spoilt this stack's state, and can't load it: a resource stands in it "
            "twice.\nRun make recover first: it mends the state, and says what becomes of each."
        )
        raise CannotRunError(message)
    pending = deployment.get("pending_operations")
    if pending and (busy := at_work(running.paths)):
        raise CannotRunError(busy)
    if pending:
        names = ", ".join(name_of(o["resource"]["urn"]) for o in pending)
        message = (
            f"A run was interrupted while it changed {names}; whether the cloud did it isn't known."
            "\nRun make recover first: it looks, and settles it."
        )
        raise CannotRunError(message)


def refuse_protected(running: Driver) -> None:
    """The engine would find out only after it had deleted what stands on the protected ones."""
    protected = running.state().protected
    if protected:
        message = (
            f"Deletion protection is on for {', '.join(one.name for one in protected)}; nothing "
            "was deleted.\n"
            "If this stack is really to go: take tier: production out of the stack file, "
            "run make up, then make destroy."
        )
        raise CannotRunError(message)


def refuse_needed(paths: Paths) -> None:
    """The cloud would find out only after it had deleted what nothing stands on."""
    standing = [name for name in dependents(paths.target) if resources_of(paths, name)]
    if standing:
        message = (
            f"{', '.join(standing)} {'stands' if len(standing) == 1 else 'stand'} on what "
            f"{paths.target.stack} puts out; nothing was deleted.\n"
            f"Destroy {'it' if len(standing) == 1 else 'them'} first."
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
