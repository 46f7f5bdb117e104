"""`FunctionInvoker`: the RAM role by which API Gateway may invoke one function.

Owns the role, its policy and what binds them. Doesn't own the function, nor the role that the
function itself acts under. The role allows one action on one function; the cloud's ready-made role
allows it on every function of the account.

Source: Resource Access Management, "Policy structure and syntax"; Function Compute 3.0, "RAM
authorization".
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ram

from .._component import Component
from ._service_role import document, service_role, trust


class FunctionInvokerArgs(TypedDict):
    """Arguments of `FunctionInvoker`; RAM names hold for the whole account."""

    function_arn: pulumi.Input[str]
    """The function: `Function.function_arn`."""

    role_name: pulumi.Input[str]
    """The role's name: letters, digits, '.' and '-', 1 to 64 characters. Another one means another
    role."""

    policy_name: NotRequired[pulumi.Input[str]]
    """The name of its policy, 1 to 128 characters; the role's unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the role and its policy."""


def trust_policy() -> str:
    """Lets API Gateway, and nobody else, take the role."""
    return trust("apigateway.aliyuncs.com")


def invoke_policy(function_arn: str) -> str:
    """Allows to invoke this function, and nothing else."""
    return document(
        {"Action": ["fc:InvokeFunction"], "Effect": "Allow", "Resource": [function_arn]}
    )


class FunctionInvoker(Component):
    """A role for API Gateway and one function.

    Children: `<name>-role`, `<name>-policy` and `<name>-attachment`.
    """

    role_arn: pulumi.Output[str]
    """The role's ARN, known once the role allows what it is for."""

    def __init__(
        self, name: str, args: FunctionInvokerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register role, policy and what binds them."""
        super().__init__(name, opts)
        tags = args.get("tags")
        _, self.role_arn = service_role(
            self,
            name,
            ram.RoleArgs(
                role_name=args["role_name"],
                description="Lets API Gateway invoke one function",
                assume_role_policy_document=trust_policy(),
                tags=tags,
            ),
            ram.PolicyArgs(
                policy_name=args.get("policy_name", args["role_name"]),
                description="Invoke one function",
                policy_document=pulumi.Output.from_input(args["function_arn"]).apply(invoke_policy),
                tags=tags,
            ),
        )
        self.register_outputs({"roleArn": self.role_arn})
