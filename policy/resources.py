"""Resources as rules see them: the guard's own `State`, of what CrossGuard hands over.

CrossGuard raises where a value is touched that nobody knows before the run. Here such values are
kept as `UNKNOWN`, so that a rule can judge all the others; a rule that needs one says so with
`known`, or with `Stack.cannot_know`. Secrets arrive as plain values: CrossGuard doesn't tell a
policy which ones they were, so no rule can ask, and none shows a value that could be one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from judging.naming import by_source
from judging.preview import State
from judging.ways import Place
from stack.pulumi_wire import UNKNOWN

NAMED = by_source()
"""How a rule names an address or an id: by its value, and by the resource that it comes from."""


def state_of(resource: PolicyResource | ResourceValidationArgs) -> State:
    """A resource: its inputs before it is made, its outputs at the end of a run."""
    return State(
        urn=resource.urn,
        type=resource.resource_type,
        inputs=_mapping(resource.props),
        protect=resource.opts.protect,
        dependencies=_sources(resource) if isinstance(resource, PolicyResource) else {},
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


def number(state: State, key: str) -> float | None:
    """An input as a number, which the provider takes as text as well; None where there is none."""
    value = state.inputs.get(key)
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


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


def _mapping(props: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(props, key) for key in props}


def _value(holder: Any, key: str | int) -> object:  # noqa: ANN401 - a mapping or a sequence
    try:
        value: object = holder[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        return _mapping(cast("Mapping[str, Any]", value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        found = cast("Sequence[Any]", value)
        return [_value(found, index) for index in range(len(found))]
    # JSON has one kind of number, and the engine's protocol makes a float of each.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _sources(resource: PolicyResource) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(source.urn for source in sources)
        for key, sources in resource.property_dependencies.items()
    }
