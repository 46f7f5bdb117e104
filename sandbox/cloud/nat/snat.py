"""SNAT entries: the public addresses through which a source in the VPC goes out."""

import ipaddress
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Resource, Session
from sandbox.cloud.core.kind import ID, Provider, Quota
from sandbox.cloud.core.name_checks import check_name, parsed
from sandbox.cloud.eip.address import package_of
from sandbox.cloud.eip.association import bound_to
from sandbox.cloud.nat.forward import is_whole, needs_port_break
from sandbox.cloud.nat.gateway import TableEntry, table

__all__ = ["SnatEntry"]


class SnatEntry(TableEntry):
    name = "snat_entry"
    prefix = "snat-"
    not_found = "InvalidSnatEntryId.NotFound"
    texts: ClassVar = {"snat_entry_name": check_name}
    quotas = (
        Quota("snat_entries_per_table", "Forbidden.SnatEntryCountLimited", per="snat_table_id"),
    )
    indexed = ("snat_table_id", "source_vswitch_id")
    parents = (table("snat_table_id", "InvalidSnatTableId.NotFound"),)
    provider = Provider(id_front="snat_table_id")
    fills: ClassVar = {
        "eip_affinity": 0,
        "snat_entry_id": ID,
        "source_cidr": "",
        "source_vswitch_id": "",
        "status": "Available",
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        follows = super().prepare(session, wanted)
        gateway = self.gateway(session, wanted)
        source = self._check_source(session, gateway, wanted)
        _check_pool(session, gateway, str(wanted["snat_ip"]))
        return {**follows, "source_cidr": source}

    def _check_source(self, session: Session, gateway: Resource, wanted: Attributes) -> str:
        vswitch, cidr = wanted.get("source_vswitch_id"), wanted.get("source_cidr")
        if bool(vswitch) == bool(cidr):
            raise CloudError(
                "INVALID_PARAMETER", "A SNAT entry has a source vSwitch or a source CIDR, not both."
            )
        others = session.find(self.name, snat_table_id=wanted["snat_table_id"])
        if vswitch:
            source = session.need("vswitch", vswitch)
            if source["vpc_id"] != gateway["vpc_id"]:
                raise CloudError(
                    "InvalidVSwitchId.NotFound",
                    f"{vswitch} isn't in {gateway['vpc_id']}, as {gateway.id} is.",
                )
            for other in others:
                if other["source_vswitch_id"] == vswitch:
                    raise CloudError(
                        "Forbidden.SourceVSwitchId.Duplicated",
                        f"The vSwitch {vswitch} already goes out through {other.id}.",
                    )
            cidr = source.text("cidr_block")
        return self._check_cidr(str(cidr), others)

    def _check_cidr(self, cidr: str, others: list[Resource]) -> str:
        words = "{text!r}: {problem}."
        block = parsed(ipaddress.IPv4Network, cidr, "InvalidSourceCIDR.Malformed", words)
        for other in others:
            if other["source_cidr"] == str(block):
                raise CloudError(
                    "OperationUnsupported.CidrConflict",
                    f"{block} already goes out through {other.id}.",
                )
        return str(block)

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        super().check_change(session, resource, changes)
        if "snat_ip" in changes:
            gateway = self.gateway(session, resource.attributes)
            _check_pool(session, gateway, str(changes["snat_ip"]))


def _check_pool(session: Session, gateway: Resource, pool: str) -> None:
    packages: dict[str, str | None] = {}
    for address in pool.split(","):
        eips = session.find("eip_address", ip_address=address)
        if not eips or bound_to(session, eips[0].id) != gateway.id:
            raise CloudError(
                "EIP_NOT_IN_GATEWAY", f"{address!r} isn't bound to the gateway {gateway.id}."
            )
        packages[address] = package_of(session, eips[0].id)
        _check_beside_forward(session, gateway, address)
    if len(packages) > 1 and (None in packages.values() or len(set(packages.values())) > 1):
        raise CloudError(  # The code is ours; the rule is documented.
            "OperationUnsupported.EipNotInSamePackage",
            "Addresses that share a SNAT entry must be in one bandwidth package: "
            + ", ".join(f"{address} is in {package}" for address, package in packages.items())
            + ".",
        )


def _check_beside_forward(session: Session, gateway: Resource, address: str) -> None:
    for entry in session.find("forward_entry", external_ip=address):
        if entry["forward_table_id"] != gateway["forward_table_ids"]:
            continue
        if is_whole(entry):
            raise CloudError(
                "Forbidden.IpUsedInForwardTable",
                f"{address} is mapped whole by {entry.id} and can't serve SNAT too.",
            )
        if needs_port_break(entry):
            raise CloudError(  # The code is ours; the rule is documented.
                "OperationUnsupported.PortBreak",
                f"{address} also forwards port {entry['external_port']} ({entry.id}): "
                "above 1024 such an entry needs port_break.",
            )
