"""VPC authorizations: the gateway may call one port of one server or load balancer of a VPC.

The cloud knows an authorization by what it is for, and APIs know it by its name. Setting another
name for the same port renames it; removing it asks for the port alone. So whoever replaces one by a
second with another name must remove the first before, or removes the second. Removing one that
APIs name is allowed: they answer with an error from then on.
"""

import ipaddress

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Provider

__all__ = ["VpcAccess"]

_TARGETS = ("instance", "slb_load_balancer")
_PORTS = range(1, 65536)


def _is_address(text: str) -> bool:
    """Whether it is an address that the VPC leads to, of a data centre: nobody looks for it."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


class VpcAccess(Kind):
    name = "api_gateway_vpc_access"
    not_found = "NotFoundVpcAccess"
    same_is_one = True
    id_parts = ("vpc_id", "instance_id", "port")
    indexed = ("name",)
    provider = Provider(id_front="name")

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        self._check_name_free(session, wanted)
        vpc = session.need("vpc", wanted["vpc_id"], "NotFoundVpc")
        targets = (session.get(kind, wanted["instance_id"]) for kind in _TARGETS)
        target = next((one for one in targets if one), None)
        if target is None and not _is_address(wanted["instance_id"]):
            raise CloudError(
                "NotFoundInstanceId",
                f"There is neither a server nor a load balancer {wanted['instance_id']}.",
            )
        if target is not None and target["vpc_id"] != vpc.id:
            raise CloudError("InvalidInstanceId", f"{target.id} isn't in {vpc.id}.")
        if wanted["port"] not in _PORTS:
            raise CloudError("InvalidPort", f"{wanted['port']} isn't a port.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"vpc_access_id": making.new_id("vpc-access-"), **wanted}

    @override
    def asked_again(self, session: Session, same: Resource, wanted: Attributes) -> None:
        self._check_name_free(session, wanted)
        host = wanted.get("vpc_target_host_name")
        session.change(same, {"name": wanted["name"], "vpc_target_host_name": host})

    def _check_name_free(self, session: Session, wanted: Attributes) -> None:
        for other in session.find(self.name, name=wanted["name"]):
            if other.id != self.identity(session, wanted):
                raise CloudError(
                    "RepeatedName",
                    f"{wanted['name']!r} is the authorization for {other.id} already.",
                )
