"""Rules about the stack itself: that it is judged as what it is, who it acts as, who it lets act.

Where a stack may write who may do what, whoever deploys it can become anybody.

Source: Resource Access Management, "CreatePolicyVersion", "UpdateRole" and "AttachPolicyToRole".
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.preview import State
from policy.rule import (
    ADVICE,
    ALWAYS,
    Limit,
    Limits,
    ResourceRule,
    Stack,
    StackRule,
    Violation,
    where,
)
from stack.command_line import ROOT
from stack.listing import TABLE, tier_in_table
from stack.pulumi_wire import stack_of
from stack.tiers import TIER_OUTPUT, Tier, strictest, tier_named

WRITTEN: Final = {
    kinds.ROLE: "a role",
    kinds.ROLE_POLICY: "a policy",
    kinds.ROLE_POLICY_ATTACHMENT: "what a role may",
    "alicloud:ram/roleAttachment:RoleAttachment": "a server's role",
    kinds.USER: "a user",
    kinds.USER_KEY: "a user's key",
    "alicloud:ram/accessKeyPolicy:AccessKeyPolicy": "where a user's key is taken from",
    "alicloud:ram/loginProfile:LoginProfile": "a user's password",
    kinds.USER_POLICY_ATTACHMENT: "what a user may",
    "alicloud:ram/group:Group": "a group of users",
    "alicloud:ram/groupMembership:GroupMembership": "who is in a group",
    "alicloud:ram/userGroupAttachment:UserGroupAttachment": "who is in a group",
    "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment": "what a group may",
    "alicloud:ram/samlProvider:SamlProvider": "whom the account trusts",
    "alicloud:ims/oidcProvider:OidcProvider": "whom the account trusts",
    "alicloud:resourcemanager/role:Role": "a role",
    "alicloud:resourcemanager/policy:Policy": "a policy",
    "alicloud:resourcemanager/policyVersion:PolicyVersion": "a policy",
    "alicloud:resourcemanager/policyAttachment:PolicyAttachment": "what somebody may",
}
"""What each kind writes, as a sentence goes on."""


def _written(state: State, _: Limits) -> Iterator[str]:
    yield f"writes {WRITTEN[state.type]}"


TIER_RULE: Final = "stack-tier"
TIER_LIMIT: Final = "tier"
_KEYS = ("accessKey", "secretKey", "securityToken")


def _judged_as_less(stack: Stack, limits: Limits) -> Iterator[Violation]:
    told = Tier(limits[TIER_LIMIT])
    for root in stack.of(kinds.STACK):
        # A pack that was published without its project has no table beside it.
        listed = tier_in_table(ROOT, stack_of(root.urn))
        for tier, by in ((tier_named(root.text(TIER_OUTPUT)), ""), (listed, f" by {TABLE}")):
            if tier is not None and strictest(tier, told) != told:
                yield Violation(root, f"is a {tier} stack{by}, and was judged as a {told} one")
                break


def _own_keys(state: State, _: Limits) -> Iterator[str]:
    given = [key for key in _KEYS if state.inputs.get(key)]
    if given:
        yield f"is given {', '.join(given)}"


RULES: Final = (
    ResourceRule(
        id="own-roles",
        severity=Severity.HIGH,
        levels=where(lambda tier: not tier.makes_roles),
        kinds=frozenset(WRITTEN),
        judge=_written,
        what="A stack writes roles, policies or users of the account",
        reason="whoever deploys it can so become administrator of the account",
        remedy="make them apart, and hand roles on by their ARN (`role`)",
    ),
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
