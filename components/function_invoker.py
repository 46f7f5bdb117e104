"""A RAM role by which API Gateway may invoke one function, as children of a component.

`Function` makes one where it is asked to. The role allows the one action on the one function: the
cloud's ready-made role allows it on every function of the account.

Source: Resource Access Management, "Policy structure and syntax"; Function Compute 3.0, "RAM
authorization".
"""

import json
from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ram

from components.options import child


class FunctionInvokerArgs(TypedDict):
    """The role by which API Gateway invokes a function; RAM names hold for the whole account."""

    role_name: pulumi.Input[str]
    """The role's name, 1 to 64 characters. Another one means another role."""

    policy_name: NotRequired[pulumi.Input[str]]
    """The name of its policy, 1 to 128 characters; the role's unless given."""


def trust_policy() -> str:
    """Lets API Gateway, and nobody else, take the role."""
    return _document(
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": ["apigateway.aliyuncs.com"]},
        }
    )


def invoke_policy(function_arn: str) -> str:
    """Allows to invoke this function, and nothing else."""
    return _document(
        {"Action": ["fc:InvokeFunction"], "Effect": "Allow", "Resource": [function_arn]}
    )


def _document(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "1", "Statement": [statement]}, separators=(",", ":"))


def invoker(
    component: pulumi.ComponentResource,
    name: str,
    args: FunctionInvokerArgs,
    function_arn: pulumi.Output[str],
    tags: Mapping[str, pulumi.Input[str]] | None,
) -> pulumi.Output[str]:
    """Register `<name>-invoker`, `…-policy` and `…-attachment`.

    Returns:
        The role's ARN, known once the role allows what it is for.
    """
    role = ram.Role(
        f"{name}-invoker",
        ram.RoleArgs(
            role_name=args["role_name"],
            description="Lets API Gateway invoke one function",
            assume_role_policy_document=trust_policy(),
            tags=tags,
        ),
        opts=child(component),
    )
    policy = ram.Policy(
        f"{name}-invoker-policy",
        ram.PolicyArgs(
            policy_name=args.get("policy_name", args["role_name"]),
            description="Invoke one function",
            policy_document=function_arn.apply(invoke_policy),
            # A policy keeps five versions, and can't be deleted while it has more than one.
            rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
            force=True,
            tags=tags,
        ),
        opts=child(component),
    )
    attachment = ram.RolePolicyAttachment(
        f"{name}-invoker-attachment",
        ram.RolePolicyAttachmentArgs(
            role_name=role.role_name,
            policy_name=policy.policy_name,
            policy_type="Custom",
        ),
        opts=child(component),
    )
    return pulumi.Output.all(role.arn, attachment.id).apply(lambda both: str(both[0]))
