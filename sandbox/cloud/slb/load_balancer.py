"""Load balancers: an address, in a vSwitch or on the Internet."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.name_checks import matching
from sandbox.cloud.vpc.addresses import check_private_address, free_private_address

__all__ = ["LoadBalancer"]


class LoadBalancer(Kind):
    name = "slb_load_balancer"
    prefix = "lb-"
    not_found = "InvalidLoadBalancerId.NotFound"
    texts: ClassVar = {
        "load_balancer_name": matching(
            r"[A-Za-z\u4e00-\u9fa5][A-Za-z0-9\u4e00-\u9fa5_./-]{0,79}",
            "InvalidParameter",
            "can't be a load balancer's name",
        )
    }
    indexed = ("vswitch_id", "private_ip")
    dependents = (
        Dependent("slb_listener", "load_balancer_id", goes=True),
        Dependent("slb_server_group", "load_balancer_id", goes=True),
    )
    twins: ClassVar = {"load_balancer_name": "name", "load_balancer_spec": "specification"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        if not _is_private(wanted):
            return {}
        if wanted.get("address_type") == "internet":
            raise CloudError(  # The code is ours.
                "InvalidParameter.AddressType", "A load balancer in a vSwitch is intranet."
            )
        vswitch = session.need("vswitch", wanted.get("vswitch_id"))
        address = wanted.get("address")
        if address:
            check_private_address(session, vswitch, address)
        else:
            address = free_private_address(session, vswitch)
        return {
            "address": address,
            "master_zone_id": vswitch.text("zone_id"),
            **self.surroundings(session, {**wanted, "address": address}),
        }

    @override
    def surroundings(self, session: Session, known: Attributes) -> Attributes:
        if not _is_private(known):
            return {}
        vswitch = session.need("vswitch", known.get("vswitch_id"))
        return {"private_ip": known["address"], "vpc_id": vswitch.text("vpc_id")}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        address = wanted.get("address") or making.found.get("address")
        if not address:
            address = "" if _is_private(wanted) else making.new_public_address()
        return {
            "address_ip_version": "ipv4",
            "address_type": "intranet" if wanted.get("vswitch_id") else "internet",
            "bandwidth": 1,
            "delete_protection": "off",
            "instance_charge_type": "PayBySpec",
            "internet_charge_type": "PayByTraffic",
            "load_balancer_name": making.id,
            "load_balancer_spec": "slb.s1.small",
            "master_zone_id": f"{making.region}-a",
            "modification_protection_status": "NonProtection",
            "payment_type": "PayAsYouGo",
            "resource_group_id": RESOURCE_GROUP,
            "slave_zone_id": f"{making.region}-b",
            "status": "active",
            "tags": {},
            **wanted,
            **making.found,
            "address": address,
        }

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["delete_protection"] == "on":
            raise CloudError(  # The code is ours.
                "OperationDenied.DeleteProtectionIsOn",
                f"{resource.id} has deletion protection on; turn it off and apply that first.",
            )


def _is_private(wanted: Attributes) -> bool:
    return bool(wanted.get("vswitch_id")) or wanted.get("address_type") == "intranet"
