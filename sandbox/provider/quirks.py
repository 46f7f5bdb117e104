"""What the real provider keeps to itself, or does besides, as each kind's `Provider` says it.

Its ids too: it imports entries by table and entry (`ftb-…:fwd-…`), APIs by group and API, and what
belongs to a CEN or a transit router by both; the cloud knows the last part alone. A VPC
authorization has its name in front of what it is for. All else has the same id on both sides.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.cloud import KINDS, CloudError, Resource

__all__ = [
    "after_update",
    "cloud_id",
    "is_only_forgotten",
    "pulumi_id",
    "refuse_unfound",
    "sent_at_creation",
    "sent_in_update",
]

Values = Mapping[str, Any]


def pulumi_id(resource: Resource) -> str:
    """`ftb-…:fwd-…` for entries and the like, the cloud's id for the rest."""
    front = KINDS[resource.kind].provider.id_front
    return f"{resource.text(front)}:{resource.id}" if front else resource.id


def cloud_id(kind: str, identity: str) -> str:
    """The cloud's id of a resource that Pulumi knows by `identity`."""
    return identity.partition(":")[2] if KINDS[kind].provider.id_front else identity


def sent_at_creation(kind: str, wanted: Values) -> dict[str, Any]:
    """The part of a new resource's inputs that reaches the cloud."""
    unsent = KINDS[kind].provider.unsent
    return {name: value for name, value in wanted.items() if name not in unsent}


def sent_in_update(kind: str, before: Values, changes: Values) -> dict[str, Any]:
    """The part of an update's changes that reaches the cloud.

    Args:
        kind: the cloud's word for the resource.
        before: its attributes so far.
        changes: what the program wants changed.
    """
    ways = KINDS[kind].provider
    for name, part in ways.judged_by.items():
        if [*changes] == [name] and _part(before, name, part) == _part(changes, name, part):
            return {}
    if not ways.carriers.isdisjoint(changes):
        return dict(changes)
    return sent_at_creation(kind, changes)


def _part(values: Values, name: str, part: str) -> object:
    whole: Values = values.get(name) or {}
    return whole.get(part)


def refuse_unfound(kind: str, identity: str, urn: str) -> None:
    """Fail where the provider doesn't find out that something is gone.

    Raises:
        CloudError: in the provider's words.
    """
    if KINDS[kind].provider.fails_when_gone:
        raise CloudError(
            f"refreshing {urn}",
            f"[ERROR] ResourceNotfound!!! The specified {kind} {identity} is not found.",
        )


def is_only_forgotten(kind: str, stated: Values) -> bool:
    """Whether the provider deletes nothing: what is paid for in advance stays in the cloud."""
    paid = KINDS[kind].provider.kept_while_paid
    return bool(paid) and stated.get("paymentType") == paid


def after_update(changed: Resource, changes: Values) -> None:
    """What the provider waits for after an update, and gives up on.

    Raises:
        CloudError: the cloud did what it was asked; the provider doesn't believe it.
    """
    for name, status in KINDS[changed.kind].provider.awaited.items():
        if name in changes and changed["status"] != status:
            raise CloudError(
                "Timeout",
                f"{changed.id}: Got: {changed['status']} Expected: {status}. The {name} is changed "
                "all the same; refresh, and it is in the state.",
            )
