"""Rules about what can't be had back: protection from deletion, and what is billed in advance.

Which tiers protect is said once, in `stack.tiers`, for the resources and for these rules alike.

Source: NAT Gateway, "ModifyNatGatewayAttribute"; Internet Shared Bandwidth,
"ModifyCommonBandwidthPackageAttribute"; Elastic IP Address, "Enable or disable deletion
protection"; Classic Load Balancer, "SetLoadBalancerDeleteProtection"; Cloud Enterprise Network,
"CreateCenBandwidthPackage".
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.preview import State
from policy.rule import ALWAYS, Limits, ResourceRule, known, where

PROTECTED: Final = frozenset(
    {*kinds.EIPS, kinds.NAT_GATEWAY, kinds.BANDWIDTH_PACKAGE, *kinds.LOAD_BALANCERS}
)
"""What the cloud can refuse to delete, if it is told to."""

KEPT: Final = PROTECTED | {kinds.API_INSTANCE, kinds.VPN_GATEWAY}
"""What Pulumi had better refuse to delete: others know it by its address or its domain."""

_BY_LCU = "PayByLcu"
_ENHANCED = "Enhanced"
_IN_ADVANCE = {"PrePaid", "Subscription"}


def _deletable(state: State, _: Limits) -> Iterator[str]:
    balancer = state.type in kinds.LOAD_BALANCERS
    key, on = ("deleteProtection", "on") if balancer else ("deletionProtection", True)
    known(state, key)
    if state.inputs.get(key) != on:
        yield "has no deletion protection in the cloud"


def _unprotected(state: State, _: Limits) -> Iterator[str]:
    if not state.protect:
        yield "isn't protected in Pulumi"


def _not_enhanced(state: State, _: Limits) -> Iterator[str]:
    known(state, "natType")
    kind = state.text("natType")
    if kind != _ENHANCED:
        yield f"is of the type {kind}" if kind else "doesn't say its type"


def _subscribed(state: State, _: Limits) -> Iterator[str]:
    keys = ("paymentType", "instanceChargeType", "internetChargeType")
    known(state, *keys)
    for key in keys[:2]:
        if state.text(key) in _IN_ADVANCE:
            yield f"is paid in advance ({key}: {state.text(key)})"
    if state.text(keys[2]) not in {"", _BY_LCU}:
        yield f"is paid by its size ({keys[2]}: {state.text(keys[2])})"


def _forgotten_package(state: State, _: Limits) -> Iterator[str]:
    keys = ("paymentType", "chargeType")
    known(state, *keys)
    # The provider's own default is the subscription.
    payment = next((state.text(key) for key in keys if state.text(key)), "PrePaid")
    if payment in _IN_ADVANCE and not state.protect:
        yield "is paid in advance, and isn't protected in Pulumi"


RULES: Final = (
    ResourceRule(
        id="deletion-protection",
        severity=Severity.HIGH,
        levels=where(lambda tier: tier.deletion_protection),
        kinds=PROTECTED,
        judge=_deletable,
        what="A gateway, an address, a package or a load balancer can be deleted by anybody",
        reason="others know it by its address, which nobody can have back",
        remedy="switch its deletion protection on (tier: production does)",
        counterparts=("natgateway-delete-protection-enabled", "eip-delete-protection-enabled"),
    ),
    ResourceRule(
        id="pulumi-protect",
        severity=Severity.HIGH,
        levels=where(lambda tier: tier.protect),
        kinds=KEPT,
        judge=_unprotected,
        what="What can't be had back isn't protected in Pulumi",
        reason="a run that replaces it, or a destroy, gets as far as the cloud lets it",
        remedy="give it protect=True (tier: production does)",
    ),
    ResourceRule(
        id="nat-enhanced",
        severity=Severity.MEDIUM,
        levels=ALWAYS,
        kinds=frozenset({kinds.NAT_GATEWAY}),
        judge=_not_enhanced,
        what="A NAT gateway isn't an Enhanced one",
        reason="no other kind can be bought, and the provider's default drops the vSwitch",
        remedy="set natType: Enhanced and a vSwitch",
        counterparts=("natgateway-eip-used-check",),
    ),
    ResourceRule(
        id="nat-pay-as-you-go",
        severity=Severity.MEDIUM,
        levels=ALWAYS,
        kinds=frozenset({kinds.NAT_GATEWAY}),
        judge=_subscribed,
        what="A NAT gateway isn't billed as it goes",
        reason="deleting a subscription only forgets it: it stays in the cloud, and is paid for",
        remedy="set paymentType: PayAsYouGo and internetChargeType: PayByLcu",
    ),
    ResourceRule(
        id="prepaid-package-protected",
        severity=Severity.HIGH,
        levels=ALWAYS,
        kinds=frozenset({kinds.CEN_PACKAGE}),
        judge=_forgotten_package,
        what="A bandwidth package of a CEN is paid in advance and can be lost",
        reason="deleting it only forgets it, and links go down when nobody renews it",
        remedy="give it protect and retainOnDelete, or pay as you go (paymentType: PostPaid)",
    ),
)
