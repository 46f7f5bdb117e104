"""What the real provider keeps to itself, or does besides: observed, or read in its source.

An input that it never sends makes a difference that each further preview shows again; a test of a
program should see it here, before an account does.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.cloud import CloudError, Resource
from sandbox.provider.client import Client

__all__ = [
    "after_update",
    "before_delete",
    "is_only_forgotten",
    "refuse_unfound",
    "sent_at_creation",
    "sent_in_update",
    "unread",
]

Values = Mapping[str, Any]

# Of a gateway instance: not sent when it is made, and later only beside its name or its policy.
_UNSENT: Mapping[str, frozenset[str]] = {
    "api_gateway_instance": frozenset({
        "egress_ipv6_enable",
        "ipv6_enabled",
        "vpc_slb_intranet_enable",
    })
}  # fmt: skip
_CARRIERS = frozenset({"instance_name", "https_policy"})
# It says so in its log alone, and takes the resource out of the state.
_KEPT_WHILE_PAID: Mapping[str, str] = {
    "vpn_gateway": "Subscription",
    "cen_bandwidth_package": "PrePaid",
}
# What it sends when it creates, and never asks for again: an import doesn't find it.
_UNREAD: Mapping[str, frozenset[str]] = {
    "common_bandwidth_package_attachment": frozenset({"ip_type"}),
    "forward_entry": frozenset({"port_break"}),
}
# It fails to read what is gone, where it should say so; no refresh ends well any more.
_UNFOUND = frozenset({"api_gateway_app", "api_gateway_app_attachment"})
# Of a function: new code goes along with a new checksum or with anything else that changes.
_CODE = "code"


def sent_at_creation(kind: str, wanted: Values) -> dict[str, Any]:
    """The part of a new resource's inputs that reaches the cloud."""
    unsent = _UNSENT.get(kind, frozenset())
    return {name: value for name, value in wanted.items() if name not in unsent}


def sent_in_update(kind: str, before: Values, changes: Values) -> dict[str, Any]:
    """The part of an update's changes that reaches the cloud.

    Args:
        kind: the cloud's word for the resource.
        before: its attributes so far.
        changes: what the program wants changed.
    """
    if kind == "fcv3_function" and [*changes] == [_CODE]:
        return {} if _checksum(before.get(_CODE)) == _checksum(changes[_CODE]) else dict(changes)
    if not _CARRIERS.isdisjoint(changes):
        return dict(changes)
    return sent_at_creation(kind, changes)


def unread(kind: str) -> frozenset[str]:
    """Attributes that the provider doesn't ask the cloud for: the state keeps what it has."""
    return _UNREAD.get(kind, frozenset())


def refuse_unfound(kind: str, identity: str, urn: str) -> None:
    """Fail where the provider doesn't find out that something is gone.

    Raises:
        CloudError: in the provider's words.
    """
    if kind in _UNFOUND:
        raise CloudError(
            f"refreshing {urn}",
            f"[ERROR] ResourceNotfound!!! The specified {kind} {identity} is not found.",
        )


def is_only_forgotten(kind: str, stated: Values) -> bool:
    """Whether the provider deletes nothing: what is paid for in advance stays in the cloud."""
    return kind in _KEPT_WHILE_PAID and stated.get("paymentType") == _KEPT_WHILE_PAID[kind]


def _checksum(code: Values | None) -> object:
    return (code or {}).get("checksum")


def after_update(changed: Resource, changes: Values) -> None:
    """What the provider waits for after an update, and gives up on.

    Raises:
        CloudError: the cloud did what it was asked; the provider doesn't believe it.
    """
    is_resized = changed.kind == "cen_bandwidth_package" and "bandwidth" in changes
    # It waits for a status that a package in a CEN never has.
    if is_resized and changed["status"] != "Idle":
        raise CloudError(
            "Timeout",
            f"{changed.id}: Got: {changed['status']} Expected: Idle. The bandwidth is changed all "
            "the same; refresh, and it is in the state.",
        )


def before_delete(kind: str, identity: str, stated: Values, client: Client, urn: str) -> None:
    """What the provider does before it deletes: it takes an API off its stages."""
    if kind == "api_gateway_api" and stated.get("stageNames") and client.read(kind, identity, urn):
        client.update(kind, identity, {"stage_names": []}, urn)
