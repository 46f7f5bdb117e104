"""Elastic public addresses (EIPs). What they are bound to is in `eip_association`."""

import ipaddress
from functools import partial
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import PUBLIC_RANGES, RESOURCE_GROUP
from sandbox.cloud.core.kind import Quota
from sandbox.cloud.core.name_checks import check_description, check_name

__all__ = ["PAY_AS_YOU_GO", "EipAddress", "check_settled"]

PAY_AS_YOU_GO = ("PayAsYouGo", "PostPaid")
# Mbit/s, by how the address is billed.
_MOST_BANDWIDTH = {"PayByTraffic": 200, "PayByBandwidth": 500}


class EipAddress(Kind):
    name = "eip_address"
    prefix = "eip-"
    not_found = "InvalidAllocationId.NotFound"
    twins: ClassVar = {"address_name": "name"}
    texts: ClassVar = {
        "address_name": partial(check_name, shortest=1),
        "description": check_description,
    }
    quotas = (Quota("eips_per_region", "QuotaExceeded.Eip"),)
    indexed = ("ip_address",)
    dependents = (
        Dependent(
            "eip_association",
            "allocation_id",
            "IncorrectEipStatus",
            "{it.id} is bound to {user[instance_id]}; unbind it first.",
            goes=True,
        ),
        Dependent(
            "common_bandwidth_package_attachment",
            "instance_id",
            "OperationDenied.EipInBandwidthPackage",  # The code is ours.
            "{it.id} is in the bandwidth package {user[bandwidth_package_id]}; take it out first.",
            goes=True,
        ),
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        if address := wanted.get("ip_address"):
            known = any(ipaddress.IPv4Address(address) in block for block in PUBLIC_RANGES)
            if not known or session.holder(address):
                raise CloudError(  # The code is ours.
                    "InvalidIpAddress.NotAvailable",
                    f"{address} can't be had: it is taken or not one of the sandbox's.",
                )
        return {}

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        charge = str(asked.get("internet_charge_type", "PayByTraffic"))
        bandwidth = str(asked.get("bandwidth") or "5")
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
        check_settled(session, resource)


def check_settled(session: Session, eip: Resource) -> None:
    """Refuse while an EIP is being bound or unbound: the cloud then answers questions alone."""
    if session.is_under_way(eip):
        raise CloudError(
            "IncorrectEipStatus",
            f"{eip.id} is still {eip['status']}; until that is over it can't be changed.",
        )
