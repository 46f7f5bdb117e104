"""Public addresses (EIPs), and the bandwidth packages that they share.

What they are bound to is in `association`.
"""

import ipaddress
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import PUBLIC_RANGES, RESOURCE_GROUP
from sandbox.cloud.core.kind import REGION, TIME, Parent, Provider, Quota
from sandbox.cloud.core.name_checks import check_any_name, check_description, is_number, parsed

__all__ = [
    "PAY_AS_YOU_GO",
    "BandwidthPackage",
    "BandwidthPackageAttachment",
    "EipAddress",
    "check_settled",
    "package_of",
]

PAY_AS_YOU_GO = ("PayAsYouGo", "PostPaid")
# Mbit/s, by how the address is billed.
_DEFAULT_CHARGE = "PayByBandwidth"
_MOST_BY_CHARGE = {"PayByTraffic": 200, "PayByBandwidth": 500}


class EipAddress(Kind):
    name = "eip_address"
    prefix = "eip-"
    not_found = "InvalidAllocationId.NotFound"
    twins: ClassVar = {"address_name": "name"}
    texts: ClassVar = {
        "address_name": check_any_name,
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
    def prepare(self, session: Session, wanted: Attributes) -> None:
        if address := wanted.get("ip_address"):
            words = "{text!r} is not an IPv4 address."
            host = parsed(ipaddress.IPv4Address, address, "InvalidIpAddress.Malformed", words)
            if not any(host in block for block in PUBLIC_RANGES) or session.holder(address):
                raise CloudError(  # The code is ours.
                    "InvalidIpAddress.NotAvailable",
                    f"{address} can't be had: it is taken or not one of the sandbox's.",
                )

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        charge = str(asked.get("internet_charge_type", _DEFAULT_CHARGE))
        bandwidth = str(asked.get("bandwidth") or "5")
        most = _MOST_BY_CHARGE[charge]
        if not is_number(bandwidth) or not 1 <= int(bandwidth) <= most:
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
            "internet_charge_type": _DEFAULT_CHARGE,
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


# Mbit/s.
_MOST_BANDWIDTH = 1000


class BandwidthPackage(Kind):
    name = "common_bandwidth_package"
    prefix = "cbwp-"
    not_found = "InvalidBandwidthPackageId.NotFound"
    twins: ClassVar = {"bandwidth_package_name": "name"}
    texts: ClassVar = {"bandwidth_package_name": check_any_name, "description": check_description}
    quotas = (Quota("bandwidth_packages_per_region", "QuotaExceeded.BandwidthPackage"),)
    dependents = (
        Dependent(
            "common_bandwidth_package_attachment",
            "bandwidth_package_id",
            "DependencyViolation.Eip",
            "The bandwidth package {it.id} still holds {user[instance_id]}.",
            goes=True,
        ),
    )
    fills: ClassVar = {
        "bandwidth_package_name": "",
        "create_time": TIME,
        "deletion_protection": False,
        "internet_charge_type": _DEFAULT_CHARGE,
        "isp": "BGP",
        "payment_type": "PayAsYouGo",
        "ratio": 100,
        "region_id": REGION,
        "resource_group_id": RESOURCE_GROUP,
        "status": "Available",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        if wanted.get("internet_charge_type") == "PayBy95" and wanted.get("ratio") is None:
            raise CloudError("MissingParameter.Ratio", "PayBy95 needs a ratio; the cloud takes 20.")

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        bandwidth = str(asked["bandwidth"])
        if not is_number(bandwidth) or not 1 <= int(bandwidth) <= _MOST_BANDWIDTH:
            raise CloudError(
                "InvalidBandwidth.Malformed",
                f"A bandwidth of {bandwidth!r} isn't allowed: 1 to {_MOST_BANDWIDTH} Mbit/s.",
            )


class BandwidthPackageAttachment(Kind):
    """A public address in a package; its id is made of both."""

    name = "common_bandwidth_package_attachment"
    not_found = "OperationUnsupported.IpNotInCbwp"
    id_parts = ("bandwidth_package_id", "instance_id")
    quotas = (
        Quota(
            "eips_per_bandwidth_package", "IpInstanceId.QuotaExceeded", per="bandwidth_package_id"
        ),
    )
    indexed = ("bandwidth_package_id", "instance_id")
    parents = (
        Parent("common_bandwidth_package", "bandwidth_package_id"),
        Parent("eip_address", "instance_id", "InvalidIpInstanceId.NotFound"),
    )
    provider = Provider(unread=frozenset({"ip_type"}))
    # "Cancelled" is how the provider reads "no cap of its own".
    fills: ClassVar = {"bandwidth_package_bandwidth": "Cancelled", "status": "Available"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        eip = self.parent(session, wanted, "instance_id")
        check_settled(session, eip)
        if eip["payment_type"] not in PAY_AS_YOU_GO:
            raise CloudError(
                "IpInstanceId.ChargeType.NotSupport",
                f"{eip.id} is a subscription; only pay-as-you-go addresses join a package.",
            )
        package = self.parent(session, wanted, "bandwidth_package_id")
        if eip["isp"] != package["isp"]:
            # The documentation has the rule, and no code of its own for it.
            raise CloudError(
                "OperationUnsupported.EipIsp",
                f"{eip.id} is of the line {eip['isp']}, and {package.id} takes addresses of "
                f"{package['isp']} alone.",
            )
        if packed := session.find(self.name, instance_id=eip.id):
            raise CloudError(
                "IpInstanceId.AlreadyInBandwidthPackage",
                f"{eip.id} is already in {packed[0]['bandwidth_package_id']}.",
            )

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        eip = session.get("eip_address", resource["instance_id"])
        bound = session.find("eip_association", allocation_id=resource["instance_id"])
        gateway = session.get("nat_gateway", bound[0]["instance_id"]) if bound else None
        if eip is None or gateway is None:
            return
        for entry in session.find("snat_entry", snat_table_id=gateway["snat_table_ids"]):
            pool = entry.text("snat_ip").split(",")
            if len(pool) > 1 and eip["ip_address"] in pool:
                raise CloudError(
                    "InvalidIP.IpInSnatPool",
                    f"{eip['ip_address']} shares the SNAT entry {entry.id} with other addresses, "
                    "which must stay in one package; delete the entry first.",
                )


def package_of(session: Session, eip: str) -> str | None:
    """The id of the package that an EIP is in."""
    found = session.find("common_bandwidth_package_attachment", instance_id=eip)
    return found[0].text("bandwidth_package_id") if found else None
