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

from .._component import Component
from ._service_role import document, service_role, trust

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


class FunctionNetworkRole(Component):
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
        super().__init__(name, opts)
        tags = args.get("tags")
        _check_name(name, "role_name", args["role_name"], _ROLE_NAME)
        policy: ram.PolicyArgs | str = NETWORK_POLICY
        if "policy" in args:
            policy_name = args["policy"]["policy_name"]
            _check_name(name, "policy_name", policy_name, _POLICY_NAME)
            policy = ram.PolicyArgs(
                policy_name=policy_name,
                description="Manage network interfaces",
                policy_document=network_policy(),
                tags=tags,
            )
        role, self.role_arn = service_role(
            self,
            name,
            ram.RoleArgs(
                role_name=args["role_name"],
                description="Lets Function Compute put functions into a VPC",
                assume_role_policy_document=function_trust_policy(),
                tags=tags,
            ),
            policy,
        )
        self.role_name = role.role_name
        self.register_outputs({"roleName": self.role_name, "roleArn": self.role_arn})


def _check_name(component: str, argument: str, value: str, allowed: re.Pattern[str]) -> None:
    """The cloud would say so in the middle of an update; the provider says nothing."""
    if not allowed.fullmatch(value):
        message = (
            f"FunctionNetworkRole {component}: {argument} {value!r} doesn't match {allowed.pattern}"
        )
        raise ValueError(message)
