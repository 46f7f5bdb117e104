"""`ApiVpcAccess`: lets API Gateway reach one port of one server inside a VPC.

Owns the authorization. Doesn't own the server, its security group (which has to let the gateway's
segment in) or the APIs that use the authorization: those take its name from here.

Source: API Gateway, "Use resources in a VPC as a backend service"; the seed document on API Gateway
best practices, chapters 4 and 6.
"""

from typing import TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child


class ApiVpcAccessArgs(TypedDict):
    """Arguments of `ApiVpcAccess`. Another value of any means another authorization."""

    access_name: pulumi.Input[str]
    """Its name, the only one of that name in the region."""

    vpc_id: pulumi.Input[str]
    """The VPC."""

    instance_id: pulumi.Input[str]
    """The server: the id of an ECS instance or a Classic Load Balancer, or the private address of
    one in a data centre that the VPC reaches."""

    port: int
    """Its port."""


class ApiVpcAccess(Component):
    """A VPC authorization. Child: `<name>-access`."""

    name: pulumi.Output[str]
    """Its name, known once it exists. APIs take this one: a name is plain text to the provider, so
    that without it an API could be created first."""

    def __init__(
        self, name: str, args: ApiVpcAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the authorization."""
        super().__init__(name, opts)
        access = apigateway.VpcAccess(
            f"{name}-access",
            apigateway.VpcAccessArgs(
                name=args["access_name"],
                vpc_id=args["vpc_id"],
                instance_id=args["instance_id"],
                port=args["port"],
            ),
            # A second one of the same name overwrites the first, and the first one's deletion then
            # takes away what is left.
            opts=child(self, delete_before_replace=True),
        )
        self.name = access.name
        self.register_outputs({"name": self.name})
