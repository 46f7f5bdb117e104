"""Elastic public addresses (EIPs) and what they are bound to."""

import ipaddress
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind, refuse_protected
from sandbox.cloud.making import PUBLIC_RANGES, Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import RESOURCE_GROUP

__all__ = ["PAY_AS_YOU_GO", "EipAddress", "EipAssociation", "entries_using"]

PAY_AS_YOU_GO = ("PayAsYouGo", "PostPaid")
# Mbit/s, by how the address is billed.
_MOST_BANDWIDTH = {"PayByTraffic": 200, "PayByBandwidth": 500}


class EipAddress(Kind):
    name = "eip_address"
    prefix = "eip-"
    not_found = "InvalidAllocationId.NotFound"
    twins: ClassVar = {"address_name": "name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        self._check(wanted, str(wanted.get("internet_charge_type", "PayByTraffic")))
        used = session.count(self.name)
        session.check_quota("eips_per_region", used, "QuotaExceeded.Eip")
        if address := wanted.get("ip_address"):
            known = any(ipaddress.IPv4Address(address) in block for block in PUBLIC_RANGES)
            if not known or session.holder(address):
                raise CloudError(  # The code is ours.
                    "InvalidIpAddress.NotAvailable",
                    f"{address} can't be had: it is taken or not one of the sandbox's.",
                )
        return {}

    def _check(self, attributes: Attributes, charge: str) -> None:
        check_name(attributes.get("address_name") or attributes.get("name"), shortest=1)
        check_description(attributes.get("description"))
        bandwidth = str(attributes.get("bandwidth") or "5")
        most = _MOST_BANDWIDTH[charge]
        if not bandwidth.isdigit() or not 1 <= int(bandwidth) <= most:
            raise CloudError(
                "InvalidParameter",
                f"A bandwidth of {bandwidth!r} isn't allowed: 1 to {most} Mbit/s with {charge}.",
            )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        payment = wanted.get("payment_type") or wanted.get("instance_charge_type")
        later = payment is None or payment in PAY_AS_YOU_GO
        address = wanted.get("ip_address") or making.new_public_address()
        return {
            "address_name": "",
            "allocation_id": making.id,
            "bandwidth": "5",
            "create_time": making.time,
            "deletion_protection": False,
            "description": "",
            "high_definition_monitor_log_status": "OFF",
            "instance_charge_type": "PostPaid" if later else "PrePaid",
            "internet_charge_type": "PayByTraffic",
            "ip_address": address,
            "isp": "BGP",
            "mode": "",
            "netmode": "public",
            "payment_type": "PayAsYouGo" if later else "Subscription",
            "resource_group_id": RESOURCE_GROUP,
            "status": "Available",
            "zone": "",
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        self._check({**resource.attributes, **changes}, resource.text("internet_charge_type"))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        refuse_protected(resource)
        if bound := session.find("eip_association", allocation_id=resource.id):
            raise CloudError(
                "IncorrectEipStatus",
                f"{resource.id} is bound to {bound[0]['instance_id']}; unbind it first.",
            )
        if packed := session.find("common_bandwidth_package_attachment", instance_id=resource.id):
            raise CloudError(  # The code is ours.
                "OperationDenied.EipInBandwidthPackage",
                f"{resource.id} is in the bandwidth package {packed[0]['bandwidth_package_id']}; "
                "take it out first.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        # Nothing in an orderly release; an address that someone else took away leaves these.
        for binding in session.find("eip_association", allocation_id=resource.id):
            session.remove(binding)
        for packing in session.find("common_bandwidth_package_attachment", instance_id=resource.id):
            session.remove(packing)


class EipAssociation(Kind):
    """An EIP bound to a NAT gateway or to an instance; its id is made of both."""

    name = "eip_association"
    not_found = "InvalidAssociation.NotFound"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return f"{wanted['allocation_id']}:{wanted['instance_id']}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        eip = session.need("eip_address", wanted.get("allocation_id"), EipAddress.not_found)
        target = str(wanted.get("instance_id"))
        kind = str(wanted.get("instance_type") or _instance_type(target))
        if kind == "Nat":
            self._check_gateway(session, target)
        elif kind == "EcsInstance":
            self._check_instance(session, target)
        else:
            raise CloudError(
                "InvalidInstanceType.ValueNotSupported",
                f"The sandbox can't bind an address to {target} ({kind}) yet.",
            )
        if bound := session.find(self.name, allocation_id=eip.id):
            raise CloudError(
                "IncorrectEipStatus",
                f"{eip.id} is already bound to {bound[0]['instance_id']}; "
                "an EIP is bound to one thing at a time.",
            )
        return {}

    def _check_gateway(self, session: Session, target: str) -> None:
        gateway = session.need("nat_gateway", target, "InvalidInstanceId.NotFound")
        if gateway["status"] != "Available":
            raise CloudError(
                "IncorrectInstanceStatus", f"{target} is {gateway['status']}, not Available."
            )
        used = session.count(self.name, instance_id=target)
        session.check_quota("eips_per_nat_gateway", used, "QuotaExceeded.Eip")

    def _check_instance(self, session: Session, target: str) -> None:
        instance = session.need("instance", target, "InvalidInstanceId.NotFound")
        if instance["status"] not in {"Running", "Stopped"}:
            raise CloudError(
                "IncorrectInstanceStatus",
                f"{target} is {instance['status']}; it must be Running or Stopped.",
            )
        if session.count(self.name, instance_id=target) or instance["public_ip"]:
            raise CloudError(
                "InvalidAssociation.Duplicated", f"{target} already has a public address."
            )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        kind = _instance_type(str(wanted.get("instance_id")))
        return {"instance_type": kind, "mode": "NAT", **wanted}

    @override
    def created(self, session: Session, resource: Resource) -> None:
        _set_status(session, resource, "InUse")

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        eip = session.get("eip_address", resource["allocation_id"])
        if eip is None or force:
            return
        words = {"forward_entry": "ForwardEntry", "snat_entry": "SnatTable"}
        users = entries_using(session, eip.text("ip_address"), resource.text("instance_id"))
        if users:
            raise CloudError(
                f"InvalidIpStatus.HasBeenUsedBy{words[users[0].kind]}",
                f"{eip['ip_address']} is used by {users[0].id}; delete the entry first.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        _set_status(session, resource, "Available")


def _instance_type(target: str) -> str:
    kinds = {"ngw-": "Nat", "i-": "EcsInstance", "lb-": "SlbInstance", "eni-": "NetworkInterface"}
    return next((kind for prefix, kind in kinds.items() if target.startswith(prefix)), "Unknown")


def _set_status(session: Session, association: Resource, status: str) -> None:
    if eip := session.get("eip_address", association["allocation_id"]):
        session.change(eip, {"status": status})


def entries_using(session: Session, address: str, gateway: str) -> list[Resource]:
    """Forward and SNAT entries of a gateway that use a public address."""
    found = session.get("nat_gateway", gateway)
    if found is None:
        return []
    forward = [
        one
        for one in session.find("forward_entry", external_ip=address)
        if one["forward_table_id"] == found["forward_table_ids"]
    ]
    snat = session.find("snat_entry", snat_table_id=found["snat_table_ids"])
    return forward + [one for one in snat if address in one.text("snat_ip").split(",")]
