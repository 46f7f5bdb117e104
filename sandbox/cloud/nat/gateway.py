"""NAT gateways, and what their entries have in common; the entries are in `forward` and `snat`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.kind import Parent, Quota, drawn
from sandbox.cloud.core.name_checks import check_description, check_name
from sandbox.cloud.eip.association import unbind_all
from sandbox.cloud.vpc.network import free_private_address

__all__ = ["NatGateway", "TableEntry", "table"]

_ENTRIES = ("forward_entry", "snat_entry")
_HOLDS = "The NAT gateway {it.id} still has {user.id}."


class NatGateway(Kind):
    name = "nat_gateway"
    prefix = "ngw-"
    not_found = "InvalidNatGatewayId.NotFound"
    twins: ClassVar = {"nat_gateway_name": "name"}
    texts: ClassVar = {"nat_gateway_name": check_name, "description": check_description}
    quotas = (Quota("nat_gateways_per_vpc", "QuotaExceeded.NatGateway", per="vpc_id"),)
    indexed = ("vpc_id", "vswitch_id", "private_ip", "forward_table_ids", "snat_table_ids")
    parents = (Parent("vpc", "vpc_id"),)
    dependents = (
        Dependent(
            "forward_entry",
            "forward_table_id",
            "DependencyViolation.ForwardEntry",
            _HOLDS,
            goes=True,
            own="forward_table_ids",
        ),
        Dependent(
            "snat_entry",
            "snat_table_id",
            "DependencyViolation.SnatEntry",
            _HOLDS,
            goes=True,
            own="snat_table_ids",
        ),
        Dependent("eip_association", "instance_id", "DependencyViolation.EIPS", _HOLDS, goes=True),
    )
    unknowable: ClassVar = {"private_ip": "which address of its vSwitch it has"}
    fills: ClassVar = {
        "deletion_protection": False,
        "eip_bind_mode": "MULTI_BINDED",
        "forward_table_ids": drawn("ftb-"),
        "icmp_reply_enabled": True,
        "instance_charge_type": "PostPaid",
        "internet_charge_type": "PayByLcu",
        "nat_gateway_name": "",
        "nat_type": "Enhanced",
        "network_type": "internet",
        "payment_type": "PayAsYouGo",
        "snat_table_ids": drawn("stb-"),
        "specification": "",
        "status": "Available",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        if wanted.get("nat_type") != "Enhanced":
            raise CloudError(
                "InvalidParameter.NatType",
                f"NAT type {wanted.get('nat_type')!r} isn't sold any more; ask for Enhanced.",
            )
        if not wanted.get("vswitch_id"):
            raise CloudError("MissingParameter", "An Enhanced NAT gateway needs a vSwitch.")
        vswitch = session.need("vswitch", wanted["vswitch_id"])
        if vswitch["vpc_id"] != wanted["vpc_id"]:
            raise CloudError(
                "InvalidVSwitchId.NotFound",
                f"The vSwitch {vswitch.id} is in {vswitch['vpc_id']}, not in {wanted['vpc_id']}.",
            )
        return {"private_ip": free_private_address(session, vswitch)}

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
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
    def deleted(self, session: Session, resource: Resource) -> None:
        # Forced, the cloud unbinds the addresses itself, and at once.
        unbind_all(session, resource.id)
        super().deleted(session, resource)


class TableEntry(Kind):
    """An entry in one of a gateway's tables, which is the first of its parents.

    One at a time is made, changed or deleted in a gateway, in both tables together.
    """

    duration = "entry_seconds"

    def gateway(self, session: Session, attributes: Mapping[str, Any]) -> Resource:
        return self.parents[0].need(session, attributes)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        gateway = self.gateway(session, wanted)
        _check_idle(session, gateway)
        return {"nat_gateway_id": gateway.id}

    @override
    def surroundings(self, session: Session, known: Attributes) -> Attributes:
        return {"nat_gateway_id": self.gateway(session, known).id}

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_idle(session, self.gateway(session, resource.attributes))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        _check_idle(session, self.gateway(session, resource.attributes))


def table(by: str, code: str) -> Parent:
    """The gateway with a table, as the table's entries name it."""
    words = "The table {name} doesn't exist in {region}."
    return Parent("nat_gateway", by, code, own=f"{by}s", words=words)


def _check_idle(session: Session, gateway: Resource) -> None:
    if busy := session.busy(_ENTRIES, "nat_gateway_id", gateway.id):
        raise CloudError(
            "OperationConflict",
            f"{gateway.id} is still busy with the entry {busy.id}; one entry at a time.",
        )
