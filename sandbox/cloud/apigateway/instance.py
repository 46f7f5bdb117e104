"""Dedicated instances of API Gateway, and the VPC from which one can be called."""

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.core.kind import Provider

__all__ = ["SHARED_INSTANCE", "GatewayInstance"]

# The instance of whoever has none: shared with other accounts, and nobody's to change.
SHARED_INSTANCE = "api-shared-vpc-001"

_INGRESS_VPC = "ingress_vpc_id"
_INGRESS_VSWITCH = "ingress_vswitch_id"
_INGRESS_OWNER = "ingress_vpc_owner_id"
_NEEDED_IN_A_VPC = ("user_vpc_id", "instance_cidr", "zone_vswitch_security_group")


class GatewayInstance(Kind):
    name = "api_gateway_instance"
    prefix = "apigateway-"
    not_found = "NotFoundInstance"
    # Minutes in the cloud.
    duration = "instance_seconds"
    dependents = (
        Dependent(
            "api_gateway_group",
            "instance_id",
            "DependencyViolationInstance",
            "{it.id} still has the group {user[name]}.",
        ),
    )
    provider = Provider(
        unsent=frozenset({"egress_ipv6_enable", "ipv6_enabled", "vpc_slb_intranet_enable"}),
        carriers=frozenset({"instance_name", "https_policy"}),
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        if wanted.get("payment_type") == "Subscription":
            _need(wanted, "pricing_cycle", "duration")
        if wanted.get("instance_type") == "vpc_connect":
            _need(wanted, *_NEEDED_IN_A_VPC)
            session.need("vpc", wanted["user_vpc_id"], "NotFoundVpc")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "connect_cidr_blocks": "",
            "create_time": making.time,
            "instance_cidr": "",
            "instance_type": "normal",
            "status": "RUNNING",
            "support_ipv6": False,
            "zone_id": f"{making.region}-MAZ1(a,b)",
            **wanted,
            **_owner(wanted),
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        vpc, vswitch = asked.get(_INGRESS_VPC), asked.get(_INGRESS_VSWITCH)
        if bool(vpc) != bool(vswitch):
            missing = "IngressVswitchId" if vpc else "IngressVpcId"
            raise CloudError(
                f"Missing{missing}", "An ingress VPC and one of its vSwitches belong together."
            )
        if not vpc:
            return
        session.need("vpc", vpc, "NotFoundVpc")
        found = session.need("vswitch", vswitch)
        if found["vpc_id"] != vpc:
            raise CloudError("InvalidIngressVswitchId", f"{found.id} is in {found['vpc_id']}.")

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if now := session.get(self.name, resource.id):
            owner = {_INGRESS_OWNER: None, **_owner(now.attributes)}
            session.change(now, owner, now.until)


def _need(wanted: Attributes, *names: str) -> None:
    for name in names:
        if not wanted.get(name):
            word = name.replace("_", " ").title().replace(" ", "")
            raise CloudError(f"Missing{word}", f"An instance of this kind needs {name}.")


def _owner(attributes: Mapping[str, Any]) -> Attributes:
    """Whose the VPC is: the cloud says so whether or not it was asked for."""
    return {_INGRESS_OWNER: ACCOUNT_ID} if attributes.get(_INGRESS_VPC) else {}
