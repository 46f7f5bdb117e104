"""What the provider answers about a resource: outputs, and the inputs that they amount to."""

from collections.abc import Mapping
from typing import Any

from facts.contract import Contract, Field, camel
from sandbox.cloud import Resource
from sandbox.provider.diffs import is_empty, is_same
from stack.pulumi_wire import UNKNOWN

__all__ = ["inputs_of", "outputs_of", "planned_outputs", "secrets_of"]

Values = Mapping[str, Any]


def outputs_of(contract: Contract, resource: Resource, stated: Values) -> dict[str, Any]:
    """All that the cloud answers, and what it never does: a password, as it was stated."""
    kept = {
        known.camel: stated[known.camel]
        for known in contract.inputs.values()
        if known.sensitive and known.camel in stated
    }
    return {**kept, **contract.to_camel(resource.attributes)}


def planned_outputs(contract: Contract, stated: Values) -> dict[str, Any]:
    """A resource that a preview would create: what the cloud will fill in isn't known."""
    unknown = {known.camel: UNKNOWN for known in contract.computed.values()}
    return {**unknown, **stated}


def inputs_of(
    contract: Contract, outputs: Values, stated: Values, *, importing: bool
) -> dict[str, Any]:
    """The inputs that would make a resource as it is now.

    Args:
        contract: the resource's type.
        outputs: as the cloud answers now.
        stated: the inputs so far.
        importing: there are none yet, and what the cloud filled in counts as stated.
    """
    inputs: dict[str, Any] = {}
    for known in contract.inputs.values():
        name = known.camel
        value = outputs.get(name)
        if name in stated:
            if is_same(known, value, stated[name]):
                inputs[name] = stated[name]
            elif value is not None:
                inputs[name] = value
        elif _belongs(known, value, importing=importing) and not any(
            # Of inputs that exclude each other, what is stated, else the first.
            other in inputs or other in stated
            for other in map(camel, known.conflicts_with)
        ):
            inputs[name] = value
    return inputs


def _belongs(known: Field, value: object, *, importing: bool) -> bool:
    """Whether what the cloud answers makes an input that isn't stated."""
    return not is_empty(value) and not known.deprecated and (importing or not known.computed)


def secrets_of(contract: Contract, stated: frozenset[str]) -> set[str]:
    """Names of properties that go out as secrets."""
    return set(stated) | {one.camel for one in contract.inputs.values() if one.sensitive}
