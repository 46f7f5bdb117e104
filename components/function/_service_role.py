"""A role of Resource Access Management that a service takes, as children of a component.

`FunctionInvoker` and `FunctionNetworkRole` are made of it.

Source: Resource Access Management, "Policy structure and syntax".
"""

import json
from collections.abc import Mapping

import pulumi
from pulumi_alicloud import ram

from .._component import Component
from .._options import child, once


def document(*statements: Mapping[str, object]) -> str:
    """A policy with these statements, as text."""
    return json.dumps({"Version": "1", "Statement": statements}, separators=(",", ":"))


def trust(service: str) -> str:
    """Lets a service of the cloud, and nobody else, take a role: "fc.aliyuncs.com"."""
    return document(
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": [service]}}
    )


def service_role(
    component: Component,
    name: str,
    args: "ram.RoleArgs",
    policy: "ram.PolicyArgs | str",
) -> tuple["ram.Role", pulumi.Output[str]]:
    """Register a role and what it may do; returns it, and its ARN, known once it may.

    Args:
        component: what they belong to.
        name: what their names start with: `<name>-role`, `<name>-attachment`, `<name>-policy`.
        args: the role.
        policy: the account's own, which is made; or the name of one of the cloud's.
    """
    role = ram.Role(f"{name}-role", args, opts=child(component))
    policy_name: pulumi.Input[str]
    if isinstance(policy, str):
        policy_name, policy_type = policy, "System"
    else:
        # A policy keeps five versions, and can't be deleted while it has more than one.
        policy.rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
        policy.force = True
        own = ram.Policy(f"{name}-policy", policy, opts=child(component))
        policy_name, policy_type = own.policy_name, "Custom"
    attachment = ram.RolePolicyAttachment(
        f"{name}-attachment",
        ram.RolePolicyAttachmentArgs(
            role_name=role.role_name, policy_name=policy_name, policy_type=policy_type
        ),
        opts=child(component),
    )
    return role, once(attachment, role.arn)
