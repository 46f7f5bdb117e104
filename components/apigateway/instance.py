"""`ApiGatewayInstance`: a dedicated API Gateway instance, with a door into one VPC.

Owns the instance alone. Doesn't own the groups and APIs on it (`ApiGroup`, `Api`), who may connect
to it (`ApiAccessControl`), or the VPC that calls it from inside. The segment from which it reaches
backends is shown in the console only: the provider doesn't give it out.

Source: API Gateway, "Dedicated instances"; the seed document on API Gateway best practices,
chapters 1 and 6.
"""

from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child

# Building an instance takes the cloud up to 25 minutes, which is where the provider gives up.
INSTANCE_TIMEOUTS: Final = pulumi.CustomTimeouts(create="30m", update="30m", delete="30m")


class ApiIngressArgs(TypedDict):
    """The VPC that may call the instance from inside: one for each instance, of its region.

    All three, or the provider finds a difference at every preview.
    """

    vpc_id: pulumi.Input[str]
    """The VPC."""

    vswitch_id: pulumi.Input[str]
    """A vSwitch of it, where the instance puts its address."""

    vpc_owner_id: pulumi.Input[str]
    """The account that the VPC belongs to."""


class ApiGatewayInstanceArgs(TypedDict):
    """Arguments of `ApiGatewayInstance`."""

    instance_name: pulumi.Input[str]
    """Its name: letters, digits, hyphens and underscores."""

    instance_spec: pulumi.Input[str]
    """Such as api.s1.small. Billed by the hour, calls or none."""

    https_policy: pulumi.Input[str]
    """The TLS versions that it takes, such as HTTPS2_TLS1_2."""

    zone_id: NotRequired[pulumi.Input[str] | None]
    """Such as cn-shanghai-MAZ1(b,e); the cloud's choice unless given. Another zone means another
    instance."""

    ingress: NotRequired[ApiIngressArgs | None]
    """The VPC that may call it from inside."""

    self_call: NotRequired[bool]
    """Let its APIs call each other on the intranet. Switch it on by hand, too: the provider doesn't
    send it at creation or when it alone changes."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete or replace it, in Pulumi: the cloud has no such switch for it."""


class ApiGatewayInstance(Component):
    """A pay-as-you-go dedicated instance. Child: `<name>-instance`."""

    instance_id: pulumi.Output[str]
    """Its id, for groups and access control."""

    def __init__(
        self, name: str, args: ApiGatewayInstanceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the instance."""
        super().__init__(name, opts)
        options = child(self, protect=args.get("deletion_protection", False))
        options.custom_timeouts = INSTANCE_TIMEOUTS
        # The provider leaves it out when it creates, and doesn't act when it alone changes: stated,
        # it would differ at every preview and never be applied. Stated and ignored, it still goes
        # along when name or HTTPS policy change, rather than being switched off by that.
        options.ignore_changes = ["vpc_slb_intranet_enable"]
        ingress = args.get("ingress")
        instance = apigateway.Instance(
            f"{name}-instance",
            apigateway.InstanceArgs(
                instance_name=args["instance_name"],
                instance_spec=args["instance_spec"],
                https_policy=args["https_policy"],
                payment_type="PayAsYouGo",  # a subscription can't be given back
                zone_id=args.get("zone_id"),
                ingress_vpc_id=None if ingress is None else ingress["vpc_id"],
                ingress_vswitch_id=None if ingress is None else ingress["vswitch_id"],
                ingress_vpc_owner_id=None if ingress is None else ingress["vpc_owner_id"],
                vpc_slb_intranet_enable=True if args.get("self_call") else None,
            ),
            opts=options,
        )
        self.instance_id = instance.id
        self.register_outputs({"instanceId": self.instance_id})
