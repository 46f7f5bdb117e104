"""`FunctionNetworkRole`: the RAM role that a function in a VPC acts under.

Function Compute takes the role to put network cards of its own into the function's vSwitches. Owns
the role, what it allows and, where asked for, a policy of the account's own. Doesn't own the
function, or what its code may do besides: attach more policies to the role by its name.

Source: Function Compute, "Configure network settings"; Elastic Compute Service, "Sample system
policies"; Resource Access Management, "Policy structure and syntax"; the seed document on calling
API Gateway from functions, step 6.
"""

import re
from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ram

from components.options import child
from components.ram_documents import document, trust

# The cloud's own policy for this, and what it allows.
NETWORK_POLICY: Final = "AliyunECSNetworkInterfaceManagementAccess"
_LOOK: Final = ("vpc:DescribeVSwitchAttributes",)
_MANAGE: Final = (
    "ecs:CreateNetworkInterface",
    "ecs:DeleteNetworkInterface",
    "ecs:DescribeNetworkInterfaces",
    "ecs:CreateNetworkInterfacePermission",
    "ecs:DescribeNetworkInterfacePermissions",
    "ecs:DeleteNetworkInterfacePermission",
)
_ROLE_NAME: Final = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_POLICY_NAME: Final = re.compile(r"[A-Za-z0-9\-]{1,128}")


class FunctionNetworkPolicyArgs(TypedDict):
    """A policy of the account's own, with what the cloud's allows today."""

    policy_name: str
    """Its name: 1 to 128 letters, digits and hyphens. Another one means another policy."""


class FunctionNetworkRoleArgs(TypedDict):
    """Arguments of `FunctionNetworkRole`."""

    role_name: str
    """Its name in the account: 1 to 64 letters, digits, periods and hyphens. Another one means
    another role."""

    policy: NotRequired[FunctionNetworkPolicyArgs]
    """A policy of the account's own; the cloud's AliyunECSNetworkInterfaceManagementAccess unless
    given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the role and its own policy."""


def function_trust_policy() -> str:
    """Lets Function Compute, and nobody else, take the role."""
    return trust("fc.aliyuncs.com")


def network_policy() -> str:
    """Allows to look at vSwitches, and to make, find and delete network cards and permissions.

    Neither is bound to one VPC: a card has no name before it is made, and the permissions that the
    service gives itself are on cards.
    """
    return document(
        {"Action": [*_LOOK], "Effect": "Allow", "Resource": ["*"]},
        {"Action": [*_MANAGE], "Effect": "Allow", "Resource": ["*"]},
    )


class FunctionNetworkRole(pulumi.ComponentResource):
    """The role of functions in a VPC.

    Children: `<name>-role`, `<name>-attachment`; with `policy` also `<name>-policy`.
    """

    role_name: pulumi.Output[str]
    """Its name, for attaching more policies."""

    role_arn: pulumi.Output[str]
    """Its ARN, known once the role allows what it is for: `FunctionArgs.role_arn`."""

    def __init__(
        self, name: str, args: FunctionNetworkRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the role and what it allows."""
        super().__init__("alicloud-gateways:index:FunctionNetworkRole", name, {}, opts)
        self._name = name
        self._tags = args.get("tags")
        _check_name(name, "role_name", args["role_name"], _ROLE_NAME)
        role = ram.Role(
            f"{name}-role",
            ram.RoleArgs(
                role_name=args["role_name"],
                description="Lets Function Compute put functions into a VPC",
                assume_role_policy_document=function_trust_policy(),
                tags=self._tags,
            ),
            opts=child(self),
        )
        own = self._policy(args["policy"]) if "policy" in args else None
        attachment = ram.RolePolicyAttachment(
            f"{name}-attachment",
            ram.RolePolicyAttachmentArgs(
                role_name=role.role_name,
                policy_name=NETWORK_POLICY if own is None else own.policy_name,
                policy_type="System" if own is None else "Custom",
            ),
            opts=child(self),
        )
        self.role_name = role.role_name
        self.role_arn = pulumi.Output.all(role.arn, attachment.id).apply(lambda both: str(both[0]))
        self.register_outputs({"roleName": self.role_name, "roleArn": self.role_arn})

    def _policy(self, args: FunctionNetworkPolicyArgs) -> "ram.Policy":
        _check_name(self._name, "policy_name", args["policy_name"], _POLICY_NAME)
        return ram.Policy(
            f"{self._name}-policy",
            ram.PolicyArgs(
                policy_name=args["policy_name"],
                description="Manage network interfaces",
                policy_document=network_policy(),
                # A policy keeps five versions, and can't be deleted while it has more than one.
                rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
                force=True,
                tags=self._tags,
            ),
            opts=child(self),
        )


def _check_name(component: str, argument: str, value: str, allowed: re.Pattern[str]) -> None:
    """The cloud would say so in the middle of an update; the provider says nothing."""
    if not allowed.fullmatch(value):
        message = (
            f"FunctionNetworkRole {component}: {argument} {value!r} doesn't match {allowed.pattern}"
        )
        raise ValueError(message)
