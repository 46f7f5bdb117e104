"""Rules about RAM: where a stack may write who may do what, whoever deploys it can become anybody.

Source: Resource Access Management, "CreatePolicyVersion", "UpdateRole" and "AttachPolicyToRole".
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.preview import State
from policy.rule import Limits, ResourceRule, where

WRITTEN: Final = {
    kinds.ROLE: "a role",
    kinds.ROLE_POLICY: "a policy",
    kinds.ROLE_POLICY_ATTACHMENT: "what a role may",
    "alicloud:ram/roleAttachment:RoleAttachment": "a server's role",
    "alicloud:ram/user:User": "a user",
    "alicloud:ram/accessKey:AccessKey": "a user's key",
    "alicloud:ram/accessKeyPolicy:AccessKeyPolicy": "where a user's key is taken from",
    "alicloud:ram/loginProfile:LoginProfile": "a user's password",
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": "what a user may",
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
)
