"""Load balancers: an address, in a vSwitch or on the Internet."""

import re
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.addresses import check_private_address, free_private_address
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.vpc import RESOURCE_GROUP, VSwitch

__all__ = ["BALANCER", "BALANCER_MISSING", "LoadBalancer"]

BALANCER = "slb_load_balancer"
BALANCER_MISSING = "InvalidLoadBalancerId.NotFound"
_NAME = re.compile(r"[A-Za-z\u4e00-\u9fa5][A-Za-z0-9\u4e00-\u9fa5_./-]{0,79}")


class LoadBalancer(Kind):
    name = BALANCER
    prefix = "lb-"
    not_found = BALANCER_MISSING
    twins: ClassVar = {"load_balancer_name": "name", "load_balancer_spec": "specification"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        _check_name(self.derive(wanted))
        if not _is_private(wanted):
            return {}
        if wanted.get("address_type") == "internet":
            raise CloudError(  # The code is ours.
                "InvalidParameter.AddressType", "A load balancer in a vSwitch is intranet."
            )
        vswitch = session.need("vswitch", wanted.get("vswitch_id"), VSwitch.not_found)
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
        vswitch = session.need("vswitch", known.get("vswitch_id"), VSwitch.not_found)
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
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_name(changes)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["delete_protection"] == "on":
            raise CloudError(  # The code is ours.
                "OperationDenied.DeleteProtectionIsOn",
                f"{resource.id} has deletion protection on; turn it off and apply that first.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for kind in ("slb_listener", "slb_server_group"):
            for one in session.sift(kind, load_balancer_id=resource.id):
                session.remove(one)


def _is_private(wanted: Attributes) -> bool:
    return bool(wanted.get("vswitch_id")) or wanted.get("address_type") == "intranet"


def _check_name(asked: Attributes) -> None:
    name = asked.get("load_balancer_name")
    if name and not _NAME.fullmatch(name):
        raise CloudError("InvalidParameter", f"{name!r} can't be a load balancer's name.")
