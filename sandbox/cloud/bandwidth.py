"""Shared bandwidth: packages, and the public addresses in them."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.eip import PAY_AS_YOU_GO, EipAddress, check_settled
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind, refuse_protected
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import RESOURCE_GROUP

__all__ = ["BandwidthPackage", "BandwidthPackageAttachment", "package_of"]

_ATTACHMENT = "common_bandwidth_package_attachment"
# Mbit/s.
_MOST_BANDWIDTH = 1000


class BandwidthPackage(Kind):
    name = "common_bandwidth_package"
    prefix = "cbwp-"
    not_found = "InvalidBandwidthPackageId.NotFound"
    twins: ClassVar = {"bandwidth_package_name": "name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        self._check(wanted)
        if wanted.get("internet_charge_type") == "PayBy95" and wanted.get("ratio") is None:
            raise CloudError("MissingParameter.Ratio", "PayBy95 needs a ratio; the cloud takes 20.")
        used = session.count(self.name)
        session.check_quota("bandwidth_packages_per_region", used, "QuotaExceeded.BandwidthPackage")
        return {}

    def _check(self, attributes: Attributes) -> None:
        check_name(attributes.get("bandwidth_package_name") or attributes.get("name"))
        check_description(attributes.get("description"))
        bandwidth = str(attributes["bandwidth"])
        if not bandwidth.isdigit() or not 1 <= int(bandwidth) <= _MOST_BANDWIDTH:
            raise CloudError(
                "InvalidBandwidth.Malformed",
                f"A bandwidth of {bandwidth!r} isn't allowed: 1 to {_MOST_BANDWIDTH} Mbit/s.",
            )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "bandwidth_package_name": "",
            "create_time": making.time,
            "deletion_protection": False,
            "internet_charge_type": "PayByTraffic",
            "isp": "BGP",
            "payment_type": "PayAsYouGo",
            "ratio": 100,
            "region_id": making.region,
            "resource_group_id": RESOURCE_GROUP,
            "status": "Available",
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        self._check({**resource.attributes, **changes})

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        refuse_protected(resource)
        inside = session.find(_ATTACHMENT, bandwidth_package_id=resource.id)
        if inside and not force:
            raise CloudError(
                "DependencyViolation.Eip",
                f"The bandwidth package {resource.id} still holds {inside[0]['instance_id']}.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        # Forced, the cloud takes the addresses out itself.
        for attachment in session.find(_ATTACHMENT, bandwidth_package_id=resource.id):
            session.remove(attachment)


class BandwidthPackageAttachment(Kind):
    """A public address in a package; its id is made of both."""

    name = _ATTACHMENT
    not_found = "OperationUnsupported.IpNotInCbwp"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return f"{wanted['bandwidth_package_id']}:{wanted['instance_id']}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        package = session.need(
            "common_bandwidth_package",
            wanted.get("bandwidth_package_id"),
            BandwidthPackage.not_found,
        )
        eip = session.need(
            EipAddress.name, wanted.get("instance_id"), "InvalidIpInstanceId.NotFound"
        )
        check_settled(session, eip)
        if eip["payment_type"] not in PAY_AS_YOU_GO:
            raise CloudError(
                "IpInstanceId.ChargeType.NotSupport",
                f"{eip.id} is a subscription; only pay-as-you-go addresses join a package.",
            )
        if packed := session.find(self.name, instance_id=eip.id):
            raise CloudError(
                "IpInstanceId.AlreadyInBandwidthPackage",
                f"{eip.id} is already in {packed[0]['bandwidth_package_id']}.",
            )
        used = session.count(self.name, bandwidth_package_id=package.id)
        session.check_quota("eips_per_bandwidth_package", used, "IpInstanceId.QuotaExceeded")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        # "Cancelled" is how the provider reads "no cap of its own".
        return {"bandwidth_package_bandwidth": "Cancelled", "status": "Available", **wanted}

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
    found = session.find(_ATTACHMENT, instance_id=eip)
    return found[0].text("bandwidth_package_id") if found else None
