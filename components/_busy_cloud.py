"""Trying again what the cloud refuses because it is busy. No component.

A gateway, a group of APIs or a load balancer takes one change at a time, whoever makes it, and an
account has a limit of calls. The provider tries some of that again, creates more than updates; what
it gives up on, the program tries again here, by an error hook of the engine. Anything else that the
cloud says fails at once.

The engine keeps the hook's name in the state, and looks it up when it deletes what the program has
no more. It finds none without a program: `pulumi destroy --run-program` tries again, `pulumi
destroy` doesn't.

Source: NAT Gateway, Virtual Private Cloud, API Gateway, Cloud Enterprise Network, VPN Gateway and
Classic Load Balancer, their error codes.
"""

import asyncio
import re
from collections import Counter
from contextvars import ContextVar
from time import monotonic
from typing import Final

import pulumi
from pulumi import ErrorHook, ErrorHookArgs, ResourceHookBinding

NAME: Final = "busy-cloud"
"""Part of every state: a later release calls it so, too."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds; each wait is twice the one before
PATIENCE: Final = 300.0
"""For how many seconds after the first refusal something is tried again; as the provider, which
waits that long for an entry by itself. So a call that it has given up on so late is tried once
more, not for hours."""

_BUSY: Final = re.compile(
    r"""\b(?:
        OperationConflict | TaskConflict | LastTokenProcessing     # another change is under way
      | (?:BandwidthPackageOperation | VpnTask)\.(?:conflict | CONFLICT)
      | Incorret(?:Forward | Snat)EntryStatus                      # the cloud's own spelling
      | IncorrectStatus (?:\.\w+)?
      | ConcurrencyLockTimeout                                     # API Gateway, of a group
      | ServiceIsConfiguring | VServerGroupProcessing | BackendServer\.configuring
      | (?:VpnGateway | VpnConnection | Appliance)\.Configuring
      | Operation\.Blocking | (?:Operation | System)Busy
      | (?:\w+\.)? Throttling (?:\.\w+)* | EipOperation\.TooFrequently  # too many calls
    )\b""",
    re.VERBOSE,
)
_HALF_MADE: Final = "creating urn:pulumi:"
"""By this the provider says that a create has failed, and that what it was to make is there. Older
engines (3.256.0) would make another one; the next update sees to it."""


def busy_code(error: str) -> str | None:
    """The code by which the cloud says that it is busy, in the provider's words; None otherwise."""
    match = _BUSY.search(error)
    return match[0] if match is not None else None


def wait_before(attempt: int) -> float:
    """Seconds before a call is tried again, after that many attempts."""
    return min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)


class Patience:
    """What becomes of the failed calls of one run."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._ends: dict[str, float] = {}

    async def try_again(self, args: ErrorHookArgs) -> bool:
        """Wait, and try again; not where the cloud says anything else, or says it for too long."""
        error, attempts = args.errors[0], len(args.errors)
        code = busy_code(error)
        if code is None or (args.failed_operation == "create" and _HALF_MADE in error):
            return False
        if attempts == 1:
            self._ends[args.urn] = monotonic() + PATIENCE
        wait = wait_before(attempts)
        if monotonic() + wait > self._ends[args.urn]:
            return False
        pulumi.log.info(
            f"{args.name}: the cloud is busy ({code}); {args.failed_operation} is tried again in "
            f"{wait:g} s"
        )
        try:
            await asyncio.sleep(wait)
        except asyncio.CancelledError:
            return False  # so is the run; the cloud's own words are what is told of the call
        return True


# The engine takes a hook's name once in a run. A run has a context of its own; in a plugin each
# component has, so that hooks are called by the component there.
_hook: ContextVar[ErrorHook | None] = ContextVar(NAME, default=None)
_in_plugin: Counter[str] | None = None


def serve_components() -> None:
    """From now on, every component is made on its own, for programs in other languages."""
    global _in_plugin  # noqa: PLW0603 - as is the process, from its start
    _in_plugin = Counter()


def when_busy(component: pulumi.ComponentResource) -> ResourceHookBinding | None:
    """The hook for the options of a child; none in a preview, which calls nothing."""
    if pulumi.runtime.is_dry_run():
        return None
    hook = _hook.get()
    if hook is None:
        hook = ErrorHook(_name(component), Patience().try_again)
        _hook.set(hook)
    return ResourceHookBinding(on_error=[hook])


def _name(component: pulumi.ComponentResource) -> str:
    if _in_plugin is None:
        return NAME
    name = f"{NAME}:{component.pulumi_resource_type}:{component.pulumi_resource_name}"
    _in_plugin[name] += 1  # two of one name, in two parents
    return name if _in_plugin[name] == 1 else f"{name}:{_in_plugin[name]}"
