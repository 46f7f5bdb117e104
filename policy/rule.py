"""A rule of the pack: what it finds, how bad that is in each tier, and who judges it.

A rule is a pure function over resources, testable without an engine. `pack` makes CrossGuard's
policies of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_policy import EnforcementLevel, Severity

from judging.preview import State
from policy.resources import Stack
from stack.tiers import TIERS, Tier, TierDefaults

Levels = Mapping[Tier, EnforcementLevel]
Limits = Mapping[str, Any]
"""A rule's limits, by name, as configured."""

_OFF, _ADVICE, _MUST = (
    EnforcementLevel.DISABLED,
    EnforcementLevel.ADVISORY,
    EnforcementLevel.MANDATORY,
)


def _levels(
    development: EnforcementLevel, staging: EnforcementLevel, production: EnforcementLevel
) -> Levels:
    return {Tier.DEVELOPMENT: development, Tier.STAGING: staging, Tier.PRODUCTION: production}


ALWAYS: Final = _levels(_MUST, _MUST, _MUST)
FROM_STAGING: Final = _levels(_ADVICE, _MUST, _MUST)
IN_PRODUCTION: Final = _levels(_ADVICE, _ADVICE, _MUST)
ADVICE: Final = _levels(_ADVICE, _ADVICE, _ADVICE)
ADVICE_FROM_STAGING: Final = _levels(_OFF, _ADVICE, _ADVICE)


def where(decided: Callable[[TierDefaults], bool]) -> Levels:
    """Mandatory in the tiers that decide so for our own resources; off in the others."""
    return {tier: _MUST if decided(defaults) else _OFF for tier, defaults in TIERS.items()}


@dataclass(frozen=True)
class Limit:
    """Something about a rule that a user may set, in the pack's configuration."""

    schema: Mapping[str, Any]
    """Its JSON schema."""

    default: object
    what: str


EXEMPT: Final = "exempt"
_EXEMPTIONS: Final = Limit(
    {"type": "array", "items": {"type": "string"}},
    [],
    "names of resources that the rule leaves alone; `*` stands for anything",
)
PORT_EXEMPTION: Final = r"^(.+): (any|(tcp|udp) (any|([0-9]{1,5})(-([0-9]{1,5}))?))$"
"""Its groups: a resource's name, …, a protocol, …, the first and, after a dash, the last port."""

_PORT_EXEMPTIONS: Final = Limit(
    {
        "type": "array",
        "items": {
            "type": "string",
            "pattern": PORT_EXEMPTION,
        },
    },
    [],
    "resources with the ports that the rule leaves alone there: `name: tcp 22`, `name: any`",
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What all rules have."""

    id: str
    """Its name as a policy, which configuration and messages call it by."""

    severity: Severity
    levels: Levels
    """What it does in each tier."""

    what: str
    """What it finds."""

    reason: str
    """Why that matters."""

    remedy: str
    """What to do about it."""

    counterparts: tuple[str, ...] = ()
    """Rules of others that ask the same: Cloud Config and InfraGuard, or Checkov (CKV_…)."""

    own_limits: Mapping[str, Limit] = field(default_factory=dict[str, Limit])
    about_ports: bool = False
    """Whether what is exempt from it names ports besides a resource: the rule itself sees to that,
    or an exemption of one port would let another one pass."""

    @property
    def limits(self) -> Mapping[str, Limit]:
        """Everything that can be set about it, but its level."""
        return {**self.own_limits, EXEMPT: _PORT_EXEMPTIONS if self.about_ports else _EXEMPTIONS}

    def configured(self, values: Mapping[str, Any]) -> Limits:
        """Its limits, with what a user has set."""
        return {name: values.get(name, limit.default) for name, limit in self.limits.items()}


@dataclass(frozen=True, kw_only=True)
class ResourceRule(Rule):
    """A rule over one resource, by its inputs: the engine asks before it makes the resource."""

    kinds: frozenset[str]
    """The types that it is about."""

    judge: Callable[[State, Limits], Iterable[str]]
    """Yields what is wrong with a resource of these types.

    Raises UnknownValueError where that hangs on a value that isn't known before the run.
    """


@dataclass(frozen=True)
class Violation:
    """What is wrong with one resource of a stack."""

    resource: State
    what: str


@dataclass(frozen=True, kw_only=True)
class StackRule(Rule):
    """A rule over all resources together: the engine asks at the end of a preview or a run."""

    judge: Callable[[Stack, Limits], Iterable[Violation]]
