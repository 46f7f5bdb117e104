"""`ApiGroup`: APIs that share a domain, a base path and an instance.

Owns the group. Doesn't own its APIs (`Api`), its own domains or their certificates: the provider
has no resource for these. Its public subdomain is meant for tests, with a limit on calls a day.

Source: API Gateway, "API groups" and "Intranet access"; the seed document on calling API Gateway
from functions, step 1.4.
"""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child


class ApiGroupArgs(TypedDict):
    """Arguments of `ApiGroup`."""

    group_name: pulumi.Input[str]
    """Its name: 4 to 50 letters, digits and underscores, the first of them a letter."""

    description: NotRequired[pulumi.Input[str] | None]
    """Up to 180 characters."""

    instance_id: NotRequired[pulumi.Input[str] | None]
    """The dedicated instance; the region's shared one unless given. Another instance means another
    group, with other domains and all its APIs made anew."""

    base_path: NotRequired[pulumi.Input[str] | None]
    """What every path of it starts with; / unless given."""

    intranet: NotRequired[bool]
    """Give it a domain that VPCs can call, over http. Off unless given."""


class ApiGroup(Component):
    """A group of APIs. Child: `<name>-group`."""

    group_id: pulumi.Output[str]
    """Its id, for APIs."""

    sub_domain: pulumi.Output[str]
    """Its public subdomain."""

    vpc_domain: pulumi.Output[str]
    """Its domain for VPCs; empty without `intranet`."""

    def __init__(
        self, name: str, args: ApiGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the group."""
        super().__init__(name, opts)
        group = apigateway.Group(
            f"{name}-group",
            apigateway.GroupArgs(
                name=args["group_name"],
                description=args.get("description"),
                instance_id=args.get("instance_id"),
                base_path=args.get("base_path"),
                # Said even where it is off: left out, the domain of a group that had one stays.
                vpc_intranet_enable=args.get("intranet", False),
            ),
            opts=child(self, delete_before_replace=True),  # a name has one group at a time
        )
        self.group_id = group.id
        self.sub_domain = group.sub_domain
        self.vpc_domain = group.vpc_domain
        self.register_outputs(
            {
                "groupId": self.group_id,
                "subDomain": self.sub_domain,
                "vpcDomain": self.vpc_domain,
            }
        )
