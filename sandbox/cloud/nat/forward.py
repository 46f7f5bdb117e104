"""Forward (DNAT) entries: a port of a public address, forwarded to a port of a private one."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Resource, Session
from sandbox.cloud.core.kind import ID, Provider, Quota
from sandbox.cloud.core.name_checks import check_name, is_number, parsed
from sandbox.cloud.eip.association import bound_to
from sandbox.cloud.nat.gateway import TableEntry, table

__all__ = ["ForwardEntry", "is_whole", "needs_port_break"]

ANY = "any"
_FIRST, _LAST = 1, 65535
# SNAT takes its source ports from above this one.
_LAST_FIXED_PORT = 1024


class ForwardEntry(TableEntry):
    name = "forward_entry"
    prefix = "fwd-"
    not_found = "InvalidForwardEntryId.NotFound"
    twins: ClassVar = {"forward_entry_name": "name"}
    texts: ClassVar = {"forward_entry_name": check_name}
    quotas = (Quota("forward_entries_per_table", "QuotaExceeded", per="forward_table_id"),)
    indexed = (
        "forward_table_id",
        "external_ip",
        ("external_ip", "external_port"),
        ("external_ip", "external_span"),
        ("internal_ip", "internal_port"),
    )
    parents = (table("forward_table_id", "InvalidForwardTableId.NotFound"),)
    provider = Provider(id_front="forward_table_id", unread=frozenset({"port_break"}))
    fills: ClassVar = {
        "forward_entry_id": ID,
        "forward_entry_name": "",
        "status": "Available",
    }

    @override
    def derive(self, attributes: Mapping[str, Any]) -> Attributes:
        filled = super().derive(attributes)
        if port := filled.get("external_port"):
            filled["external_span"] = _span(port)
        return filled

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        gateway = self.gateway(session, asked)
        _check_ports(asked)
        _check_public_side(session, gateway, asked)
        _check_private_side(session, gateway, asked)
        rivals = _sharing_public_side(session, asked) + session.find(
            self.name, internal_ip=asked["internal_ip"], internal_port=asked["internal_port"]
        )
        for other in rivals:
            if other["forward_table_id"] == asked["forward_table_id"] and other != own:
                _check_apart_public(asked, other)
                _check_apart_private(asked, other)
        _check_beside_snat(session, gateway, asked)


def _span(port: str) -> str:
    return ANY if port == ANY else "range" if "/" in port else "one"


def _sharing_public_side(session: Session, wanted: Attributes) -> list[Resource]:
    """Entries that may want the same port of the same address; few, even among thousands."""
    kind, address, port = ForwardEntry.name, wanted["external_ip"], wanted["external_port"]
    if _span(port) != "one":
        return session.find(kind, external_ip=address)
    return [
        *session.find(kind, external_ip=address, external_port=port),
        *session.find(kind, external_ip=address, external_span="range"),
        *session.find(kind, external_ip=address, external_span=ANY),
    ]


def is_whole(entry: Attributes | Resource) -> bool:
    """Whether an entry maps a public address whole: every port of every protocol."""
    return entry["ip_protocol"] == ANY


def _check_ports(wanted: Attributes) -> None:
    if wanted["ip_protocol"] not in {ANY, "tcp", "udp"}:
        raise CloudError(
            "InvalidProtocal.ValueNotSupported",
            f"Protocol {wanted['ip_protocol']!r} isn't supported; tcp, udp and any are.",
        )
    outside = read_ports(wanted["external_port"], "InvalidExternalPort.Malformed")
    inside = read_ports(wanted["internal_port"], "InvalidInternalPort.Malformed")
    anys = {wanted[name] == ANY for name in ("ip_protocol", "external_port", "internal_port")}
    if len(anys) != 1:
        raise CloudError(
            "InvalidExternalPort.Malformed",
            "Protocol and both ports must be 'any' together, or none of them.",
        )
    if outside.count != inside.count:
        raise CloudError(
            "InvalidInternalPort.Malformed",
            f"{wanted['external_port']} holds {outside.count} ports and "
            f"{wanted['internal_port']} {inside.count}; both must hold as many.",
        )


def _check_public_side(session: Session, gateway: Resource, wanted: Attributes) -> None:
    address = wanted["external_ip"]
    for eip in session.find("eip_address", ip_address=address):
        if bound_to(session, eip.id) == gateway.id:
            return
    raise CloudError("InvalidIp.NotInNatgw", f"{address} isn't bound to the gateway {gateway.id}.")


def _check_private_side(session: Session, gateway: Resource, wanted: Attributes) -> None:
    address = wanted["internal_ip"]
    words = "{text!r} is not an IPv4 address."
    host = parsed(ipaddress.IPv4Address, address, "InvalidInternalIp.Malformed", words)
    vpc = session.get("vpc", gateway["vpc_id"])
    if vpc and host not in ipaddress.IPv4Network(vpc.text("cidr_block")):
        raise CloudError(
            "Forbidden.DestnationIpOutOfVpcCIDR",
            f"{address} isn't in {vpc['cidr_block']}, the network of {vpc.id}.",
        )
    for instance in session.find("instance", private_ip=address):
        here = instance["vpc_id"] == gateway["vpc_id"]
        if here and session.count("eip_association", instance_id=instance.id):
            raise CloudError(
                "Forbindden",  # The cloud's own spelling.
                f"{instance.id} ({address}) has a public address of its own; "
                "a gateway can't forward to it.",
            )


def _check_apart_public(wanted: Attributes, other: Resource) -> None:
    address = wanted["external_ip"]
    if other["external_ip"] != address:
        return
    if is_whole(wanted) or is_whole(other):
        raise CloudError(  # The code is ours; the rule is documented.
            "Forbidden.ExternalIp.UsedInForwardTable",
            f"An address that is mapped whole has one entry; {address} already has {other.id}.",
        )
    if wanted["ip_protocol"] == other["ip_protocol"]:
        mine = read_ports(wanted["external_port"], "InvalidExternalPort.Malformed")
        theirs = read_ports(other.text("external_port"), "InvalidExternalPort.Malformed")
        if mine.overlaps(theirs):
            raise CloudError(  # The code is ours; the rule is documented.
                "Forbidden.ExternalIp.PortDuplicated",
                f"{wanted['ip_protocol']} {wanted['external_port']} of {address} is taken by "
                f"{other.id} ({other['external_port']}).",
            )


def _check_apart_private(wanted: Attributes, other: Resource) -> None:
    destination = ("ip_protocol", "internal_ip", "internal_port")
    if all(wanted[name] == other[name] for name in destination):
        raise CloudError(
            "OperationUnsupported.ForwardEntry",
            f"{wanted['ip_protocol']} {wanted['internal_port']} of {wanted['internal_ip']} is "
            f"already the destination of {other.id}.",
        )


def _check_beside_snat(session: Session, gateway: Resource, wanted: Attributes) -> None:
    address = wanted["external_ip"]
    entries = session.find("snat_entry", snat_table_id=gateway["snat_table_ids"])
    sharing = [entry for entry in entries if address in entry.text("snat_ip").split(",")]
    if not sharing:
        return
    if is_whole(wanted):
        raise CloudError(
            "Forbidden.ExternalIp.UsedInSnatTable",
            f"{address} is used by the SNAT entry {sharing[0].id}; "
            "an address that is mapped whole can't be.",
        )
    if needs_port_break(wanted):
        raise _port_break_error(wanted, sharing[0].id)


def needs_port_break(entry: Attributes | Resource) -> bool:
    """Whether an entry's port clashes with the ports SNAT takes, unless it may break them."""
    breaks = entry["port_break"] if isinstance(entry, Resource) else entry.get("port_break")
    if is_whole(entry) or breaks:
        return False
    ports = read_ports(str(entry["external_port"]), "InvalidExternalPort.Malformed")
    return ports.high > _LAST_FIXED_PORT


def _port_break_error(wanted: Attributes, snat: str) -> CloudError:
    return CloudError(  # The code is ours; the rule is documented.
        "OperationUnsupported.PortBreak",
        f"Port {wanted['external_port']} is above {_LAST_FIXED_PORT} and {wanted['external_ip']} "
        f"also serves the SNAT entry {snat}: such an entry needs port_break.",
    )


# --- ports: `any`, `80`, or a range `9000/9010` ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ports:
    """An inclusive range of ports."""

    low: int
    high: int

    @property
    def count(self) -> int:
        return self.high - self.low + 1

    def overlaps(self, other: "Ports") -> bool:
        return self.low <= other.high and other.low <= self.high


def read_ports(text: str, code: str) -> Ports:
    """The range that `text` names; `any` is all of them.

    Args:
        text: as the API takes it.
        code: the error code when it isn't a port or a range.
    """
    if text == ANY:
        return Ports(_FIRST, _LAST)
    parts = text.split("/")
    if all(map(is_number, parts)) and len(parts) in {1, 2}:
        low, high = int(parts[0]), int(parts[-1])
        if _FIRST <= low <= high <= _LAST and (len(parts) == 1 or low < high):
            return Ports(low, high)
    raise CloudError(
        code,
        f"{text!r} is not a port. Allowed are 1 to 65535, a rising range such as 9000/9010, "
        f"or {ANY!r} together with protocol {ANY!r}.",
    )
