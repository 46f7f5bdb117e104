"""NAT gateways. Their entries are in `forward` and `snat`."""

from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.addresses import free_private_address
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind, refuse_protected
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import VSwitch

__all__ = ["ENTRY_KINDS", "NatGateway", "check_idle", "gateway_of"]

ENTRY_KINDS = ("forward_entry", "snat_entry")


class NatGateway(Kind):
    name = "nat_gateway"
    prefix = "ngw-"
    not_found = "InvalidNatGatewayId.NotFound"
    twins: ClassVar = {"nat_gateway_name": "name"}
    unknowable: ClassVar = {"private_ip": "which address of its vSwitch it has"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        vpc = session.need("vpc", wanted.get("vpc_id"), "InvalidVpcId.NotFound")
        if wanted.get("nat_type") != "Enhanced":
            raise CloudError(
                "InvalidParameter.NatType",
                f"NAT type {wanted.get('nat_type')!r} isn't sold any more; ask for Enhanced.",
            )
        if not wanted.get("vswitch_id"):
            raise CloudError("MissingParameter", "An Enhanced NAT gateway needs a vSwitch.")
        vswitch = session.need("vswitch", wanted["vswitch_id"], VSwitch.not_found)
        if vswitch["vpc_id"] != vpc.id:
            raise CloudError(
                VSwitch.not_found,
                f"The vSwitch {vswitch.id} is in {vswitch['vpc_id']}, not in {vpc.id}.",
            )
        check_name(wanted.get("nat_gateway_name") or wanted.get("name"))
        check_description(wanted.get("description"))
        used = session.count(self.name, vpc_id=vpc.id)
        session.check_quota("nat_gateways_per_vpc", used, "QuotaExceeded.NatGateway")
        return {"private_ip": free_private_address(session, vswitch)}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "deletion_protection": False,
            "eip_bind_mode": "MULTI_BINDED",
            "forward_table_ids": making.new_id("ftb-"),
            "icmp_reply_enabled": True,
            "instance_charge_type": "PostPaid",
            "internet_charge_type": "PayByLcu",
            "nat_gateway_name": "",
            "nat_type": "Enhanced",
            "network_type": "internet",
            "payment_type": "PayAsYouGo",
            "snat_table_ids": making.new_id("stb-"),
            "specification": "",
            "status": "Available",
            **wanted,
            **making.found,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_name(changes.get("nat_gateway_name") or changes.get("name"))
        check_description(changes.get("description"))
        if changes.get("eip_bind_mode") == "NAT":
            raise CloudError(  # The code is ours; the rule is documented.
                "OperationUnsupported.EipBindMode",
                "The bind mode changes from NAT to MULTI_BINDED, never back.",
            )
        if {"vswitch_id", "nat_type", "network_type"} & changes.keys():
            raise CloudError(  # The code is ours; the rule is documented.
                "OperationUnsupported.Modify",
                f"vSwitch, NAT type and network type of {resource.id} can't be changed; "
                "make a new gateway.",
            )

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        refuse_protected(resource)
        for word, found in _holding(session, resource).items():
            if found and not force:
                raise CloudError(
                    f"DependencyViolation.{word}",
                    f"The NAT gateway {resource.id} still has {found[0].id}.",
                )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        # Forced, the cloud deletes the entries and unbinds the addresses itself.
        holding = _holding(session, resource)
        for one in (entry for found in holding.values() for entry in found):
            session.remove(one)
        for one in holding["EIPS"]:
            if eip := session.get("eip_address", one["allocation_id"]):
                session.change(eip, {"status": "Available"})


def _holding(session: Session, gateway: Resource) -> Mapping[str, list[Resource]]:
    """What keeps a gateway from being deleted, by the cloud's word for it."""
    return {
        "ForwardEntry": session.find(
            "forward_entry", forward_table_id=gateway["forward_table_ids"]
        ),
        "SnatEntry": session.find("snat_entry", snat_table_id=gateway["snat_table_ids"]),
        "EIPS": session.find("eip_association", instance_id=gateway.id),
    }


def gateway_of(session: Session, table: str, tables: str, code: str) -> Resource:
    """The gateway that a forward or SNAT table belongs to.

    Args:
        session: the call's session.
        table: the table's id.
        tables: the gateway's attribute with it.
        code: the error code when there is none.
    """
    found = session.find("nat_gateway", **{tables: table})
    if not found:
        raise CloudError(code, f"The table {table} doesn't exist in {session.region}.")
    return found[0]


def check_idle(session: Session, gateway: Resource) -> None:
    """Refuse while an entry of the gateway is still being made, changed or deleted.

    Both tables count together: the gateway configures one entry at a time.
    """
    busy = session.busy(ENTRY_KINDS, "nat_gateway_id", gateway.id)
    if busy:
        raise CloudError(
            "OperationConflict",
            f"{gateway.id} is still busy with the entry {busy.id}; one entry at a time.",
        )
