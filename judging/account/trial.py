"""A dry run: what the cloud itself says to a call that changes something, without doing it.

That is the one way to learn whether an identity may do a thing before it is done. A trial says
DryRun by construction, whatever it is told, and there is one for the actions alone whose pages say
that nothing is made then.

Source: the official SDKs' models, `DryRun` of the requests of the actions below.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from typing_extensions import override

from facts.calls import ram_action
from judging.account.reading import Call, Reader, RefusedError, UnreadError

TRIALS: Final = frozenset(
    {
        ("vpc", "CreateForwardEntry"),
        ("vpc", "CreateSnatEntry"),
        ("vpc", "CreateVpc"),
        ("ecs", "RunInstances"),
        ("cbn", "CreateTransitRouter"),
    }
)
"""Others take the parameter too; of those it isn't published that nothing is made, or not plainly
(a peering's page has both values begin with a check)."""

_DRY_RUN: Final = "DryRun"
_PASSED: Final = "DryRunOperation"


@dataclass(frozen=True)
class Trial(Call):
    """A dry run of an action that changes something."""

    @override
    def __post_init__(self) -> None:
        """Say that it is one.

        Raises:
            ValueError: the action isn't one of which that is known to do nothing.
        """
        if (self.product, self.action) not in TRIALS:
            raise ValueError(f"{self.action} of {self.product} isn't known to do nothing when dry")
        # Names of parameters are the same there with small letters.
        said = {key: it for key, it in self.parameters.items() if key.lower() != _DRY_RUN.lower()}
        dry = MappingProxyType({**said, _DRY_RUN: "true"})
        object.__setattr__(self, "parameters", dry)

    @property
    def right(self) -> str:
        """What RAM calls the right to do it."""
        return ram_action(self.product, self.action)


def refusal_of(reader: Reader, trial: Trial) -> RefusedError | None:
    """What the cloud would refuse the call with; None where it would take it.

    Raises:
        UnreadError: it wasn't reached, or has answered as if it had done it.
    """
    try:
        reader.sent(trial)
    except RefusedError as refusal:
        return None if refusal.code == _PASSED else refusal
    raise UnreadError(
        f"{trial.action} in {trial.region} took a dry run for the call itself: it may have made "
        "something. Look for that, and say so in an issue."
    )
