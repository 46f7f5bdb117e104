"""What a state remembers of the cloud: its resources, under the cloud's own names.

The way back from what the provider puts into a state. A value that the state encrypts isn't looked
at: the engine hands it over in the rehearsal itself, when it asks what has changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facts.contract import TOKENS
from facts.kinds import PROVIDER
from sandbox.cloud import Attributes
from sandbox.provider.quirks import cloud_id
from stack.pulumi_wire import is_secret

__all__ = ["Remembered", "remembered"]

_PULUMI: Final = "pulumi:"


@dataclass(frozen=True)
class Remembered:
    """One resource of the cloud, as far as it is told."""

    urn: str
    """Empty of what the state doesn't have."""

    kind: str
    id: str
    """The cloud's."""

    region: str
    attributes: Attributes
    """Without those that the state encrypts."""

    is_whole: bool = True
    """Whether the state encrypts none."""


def remembered(deployment: Mapping[str, Any], region: str) -> Iterator[Remembered]:
    """The cloud's resources in a state, in the state's order.

    Args:
        deployment: the state, as `pulumi stack export` has it.
        region: that of providers whose region the state doesn't say.

    Raises:
        LookupError: the sandbox doesn't know a type of resource; the text says which.
    """
    resources: list[Mapping[str, Any]] = list(deployment.get("resources") or ())
    regions = {
        f"{one['urn']}::{one.get('id', '')}": _region_of(one) or region
        for one in resources
        if one["type"] == PROVIDER
    }
    for one in resources:
        is_there = one.get("custom") and not one.get("pendingReplacement")
        if is_there and not one["type"].startswith(_PULUMI):
            yield _resource(one, regions.get(str(one.get("provider")), region))


def _region_of(provider: Mapping[str, Any]) -> str:
    values: Mapping[str, Any] = {
        **(provider.get("inputs") or {}),
        **(provider.get("outputs") or {}),
    }
    region = values.get("region")
    return region if isinstance(region, str) else ""


def _resource(resource: Mapping[str, Any], region: str) -> Remembered:
    token = str(resource["type"])
    contract = TOKENS.get(token)
    if contract is None:
        raise LookupError(token)
    # Where an operation hasn't ended well, there may be no more than what was asked for.
    known: Mapping[str, Any] = resource.get("outputs") or resource.get("inputs") or {}
    told = {name: value for name, value in known.items() if not is_secret(value)}
    attributes = contract.to_snake(told)
    return Remembered(
        urn=str(resource["urn"]),
        kind=contract.kind,
        id=cloud_id(contract.kind, str(resource["id"])),
        region=region,
        attributes={name: one for name, one in attributes.items() if one is not None},
        is_whole=len(told) == len(known),
    )
