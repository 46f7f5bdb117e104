"""A rule of the pack: what it sees and finds, how bad that is in each tier, and who judges it.

A rule is a pure function over resources, testable without an engine. `pack` makes CrossGuard's
policies of them. Resources are the guard's own `State`, made of what CrossGuard hands over.

CrossGuard raises where a value is touched that nobody knows before the run. Here such values are
kept as `UNKNOWN`, so that a rule can judge all the others; a rule that needs one says so with
`known`, or with `Stack.cannot_know`. Secrets arrive as plain values: CrossGuard doesn't tell a
policy which ones they were, so no rule can ask, and none shows a value that could be one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from judging.preview import State
from judging.ways import Place, by_source
from stack.pulumi_wire import UNKNOWN
from stack.tiers import TIERS, Tier, TierDefaults

NAMED = by_source()
"""How a rule names an address or an id: by its value, and by the resource that it comes from."""


def state_of(resource: PolicyResource | ResourceValidationArgs) -> State:
    """A resource: its inputs before it is made, its outputs at the end of a run."""
    told = resource.property_dependencies if isinstance(resource, PolicyResource) else {}
    return State(
        urn=resource.urn,
        type=resource.resource_type,
        inputs={key: _value(resource.props, key) for key in resource.props},
        protect=resource.opts.protect,
        dependencies={
            key: tuple(source.urn for source in sources) for key, sources in told.items()
        },
    )


def known(state: State, *keys: str) -> None:
    """Insist on inputs: whether a resource is as it should be hangs on them.

    Raises:
        UnknownValueError: one of them isn't known before the run. CrossGuard tells that as advice:
            the rule is asked again while the run makes the resource.
    """
    for key in keys:
        if state.inputs.get(key) == UNKNOWN:
            raise UnknownValueError(UNKNOWN_STRING_VALUE, [key])


class Stack:
    """All resources of a stack."""

    def __init__(self, states: Sequence[State]) -> None:
        """Keep them in their order."""
        self.states = states
        self.unknown: list[tuple[State, str]] = []
        """What rules couldn't know, to be told when they are through with the rest."""

    def of(self, *kinds: str) -> Iterator[State]:
        """The resources of some types."""
        return (state for state in self.states if state.type in kinds)

    def named(self, state: State, key: str, kinds: frozenset[str]) -> Place | None:
        """What an input names; None, and told, where neither its value nor its source is known."""
        place = NAMED(state, key, kinds)
        if state.inputs.get(key) == UNKNOWN and not place.names & set(state.comes_from(key)):
            self.cannot_know(state, key)
            return None
        return place

    def cannot_know(self, state: State, key: str) -> None:
        """Say that a judgement hangs on an input that isn't known before the run."""
        self.unknown.append((state, key))

    def tell_unknown(self) -> None:
        """Tell what couldn't be known, in CrossGuard's own way.

        Raises:
            UnknownValueError: something couldn't.
        """
        if self.unknown:
            state, key = self.unknown[0]
            raise UnknownValueError(UNKNOWN_STRING_VALUE, [state.name, key])


def _value(holder: Any, key: str | int) -> object:  # noqa: ANN401 - a mapping or a sequence
    try:
        value: object = holder[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _value(value, key) for key in cast("Mapping[str, Any]", value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        found = cast("Sequence[Any]", value)
        return [_value(found, index) for index in range(len(found))]
    # JSON has one kind of number, and the engine's protocol makes a float of each.
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
