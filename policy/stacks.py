"""Rules about the stack itself: that it is judged as what it is, and who it acts as."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.preview import State
from policy.resources import Stack
from policy.rule import ADVICE, ALWAYS, Limit, Limits, ResourceRule, StackRule, Violation
from stack.command_line import ROOT
from stack.pulumi_wire import stack_of
from stack.tier_table import TABLE, TIER_OUTPUT, tier_in_table
from stack.tiers import Tier, strictest, tier_named

TIER_RULE: Final = "stack-tier"
TIER_LIMIT: Final = "tier"
_KEYS = ("accessKey", "secretKey", "securityToken")


def _judged_as_less(stack: Stack, limits: Limits) -> Iterator[Violation]:
    told = Tier(limits[TIER_LIMIT])
    for root in stack.of(kinds.STACK):
        # A pack that was published without its project has no table beside it.
        listed = tier_in_table(ROOT, stack_of(root.urn))
        for tier, where in ((tier_named(root.text(TIER_OUTPUT)), ""), (listed, f" by {TABLE}")):
            if tier is not None and strictest(tier, told) != told:
                yield Violation(root, f"is a {tier} stack{where}, and was judged as a {told} one")
                break


def _own_keys(state: State, _: Limits) -> Iterator[str]:
    given = [key for key in _KEYS if state.inputs.get(key)]
    if given:
        yield f"is given {', '.join(given)}"


RULES: Final = (
    StackRule(
        id=TIER_RULE,
        severity=Severity.CRITICAL,
        levels=ALWAYS,
        judge=_judged_as_less,
        what="The stack was judged by the rules of a lesser tier",
        reason="what is mandatory for it was taken for advice",
        remedy="pass its own tier's file: --policy-pack-config policy/<tier>.json",
        own_limits={
            TIER_LIMIT: Limit(
                {"type": "string", "enum": [tier.value for tier in Tier]},
                Tier.PRODUCTION.value,
                "the tier whose levels the configuration has",
            )
        },
    ),
    ResourceRule(
        id="provider-keys",
        severity=Severity.MEDIUM,
        levels=ADVICE,
        kinds=frozenset({kinds.PROVIDER}),
        judge=_own_keys,
        what="A provider is given access keys",
        reason="they end up in the state, readable unless each was set as a secret",
        remedy="leave them to the environment, or let the pipeline take a role (OIDC)",
    ),
)
