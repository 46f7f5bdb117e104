"""Which EIP is bound to what: a NAT gateway, an instance, or a network card.

Binding and unbinding take a while. Until that is over the EIP is Associating or Unassociating,
serves no entry, and can't be changed.
"""

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Parent, Resource, Session

__all__ = ["EipAssociation", "bound_to", "eip_of", "mapped_addresses", "unbind_all"]

_CARD = "NetworkInterface"
_INSTANCE = "EcsInstance"
# An attribute that nobody sees: the private address of a card that its EIP stands for.
_MAPPED = "mapped_address"


class EipAssociation(Kind):
    """An EIP bound to something; its id is made of both."""

    name = "eip_association"
    not_found = "InvalidAssociation.NotFound"
    id_parts = ("allocation_id", "instance_id")
    duration = "association_seconds"
    indexed = ("allocation_id", "instance_id")
    parents = (Parent("eip_address", "allocation_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        eip = self.parent(session, wanted, "allocation_id")
        target = str(wanted.get("instance_id"))
        found: dict[str, str] = {}
        match kind := str(wanted.get("instance_type") or _instance_type(target)):
            case "Nat":
                _check_gateway(session, target)
            case "EcsInstance":
                _check_instance(session, target)
            case "NetworkInterface":
                found[_MAPPED] = _check_card(session, target, wanted)
            case _:
                raise CloudError(
                    "InvalidInstanceType.ValueNotSupported",
                    f"The sandbox can't bind an address to {target} ({kind}) yet.",
                )
        if bound := session.find(self.name, allocation_id=eip.id):
            raise CloudError(
                "IncorrectEipStatus",
                f"{eip.id} is {eip['status']} ({bound[0]['instance_id']}); "
                "an EIP is bound to one thing at a time.",
            )
        return found

    @override
    def surroundings(self, session: Session, known: Attributes) -> Attributes:
        if known.get("instance_type") != _CARD:
            return {}
        card = session.need("ecs_network_interface", known["instance_id"], self.not_found)
        return {_MAPPED: _mapped(card, known)}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        kind = _instance_type(str(wanted.get("instance_id")))
        return {"instance_type": kind, "mode": "NAT", **wanted, **making.found}

    @override
    def created(self, session: Session, resource: Resource) -> None:
        self._set_status(session, resource, "InUse", meanwhile="Associating")

    def _set_status(
        self, session: Session, association: Resource, status: str, meanwhile: str
    ) -> None:
        if eip := session.get("eip_address", association["allocation_id"]):
            session.change(eip, {"status": status}, session.ends(self), meanwhile)

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_settled(session, resource)
        self._mapped_after(session, resource, changes)

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        mapped = self._mapped_after(session, resource, changes)
        if mapped is not None:
            session.change(resource, {_MAPPED: mapped}, session.ends(self))

    def _mapped_after(
        self, session: Session, resource: Resource, changes: Attributes
    ) -> str | None:
        if "mode" not in changes or resource["instance_type"] != _CARD:
            return None
        wanted = {**resource.attributes, "mode": changes["mode"]}
        return _check_card(session, resource.text("instance_id"), wanted, own=resource.id)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        _check_settled(session, resource)
        eip = session.get("eip_address", resource["allocation_id"])
        if eip is None or force:
            return
        if resource["mode"] == "BINDED":
            _refuse_attached(session, resource.text("instance_id"))
        words = {"forward_entry": "ForwardEntry", "snat_entry": "SnatTable"}
        users = _entries_using(session, eip.text("ip_address"), resource.text("instance_id"))
        if users:
            raise CloudError(
                f"InvalidIpStatus.HasBeenUsedBy{words[users[0].kind]}",
                f"{eip['ip_address']} is used by {users[0].id}; delete the entry first.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        self._set_status(session, resource, "Available", meanwhile="Unassociating")


def bound_to(session: Session, eip: str) -> str | None:
    """The id of what an EIP is bound to; None while it is Associating or Unassociating."""
    found = session.find("eip_association", allocation_id=eip)
    return found[0].text("instance_id") if found and not session.is_under_way(found[0]) else None


def eip_of(session: Session, target: str, private: str = "") -> Resource | None:
    """The EIP that is bound to something; where one of a card's addresses is given, that one's."""
    for one in session.find("eip_association", instance_id=target):
        if private in {"", one.text(_MAPPED)}:
            return session.get("eip_address", one["allocation_id"])
    return None


def mapped_addresses(session: Session, card: str) -> set[str]:
    """The private addresses of a card that an EIP stands for."""
    return {one.text(_MAPPED) for one in session.find("eip_association", instance_id=card)} - {""}


def unbind_all(session: Session, target: str) -> None:
    """Take every EIP off something that goes away; the addresses stay, idle."""
    for association in session.find("eip_association", instance_id=target):
        session.remove(association)
        if eip := session.get("eip_address", association["allocation_id"]):
            session.change(eip, {"status": "Available"})


def _instance_type(target: str) -> str:
    # The cloud takes an instance unless told otherwise; from the id, its callers tell it of these.
    kinds = {"ngw-": "Nat", "lb-": "SlbInstance"}
    return next((kind for prefix, kind in kinds.items() if target.startswith(prefix)), _INSTANCE)


def _check_settled(session: Session, association: Resource) -> None:
    if session.is_under_way(association):
        # A second request to unbind is told to wait; any other one, that it comes too early.
        code = "TaskConflict" if association.leaving else "IncorrectEipStatus"
        raise CloudError(
            code, f"{association['allocation_id']} is still being bound or unbound; wait for that."
        )


# --- what an EIP may be bound to -------------------------------------------------------------


def _check_gateway(session: Session, target: str) -> None:
    gateway = session.need("nat_gateway", target, "InvalidInstanceId.NotFound")
    if gateway["status"] != "Available":
        raise CloudError(
            "IncorrectInstanceStatus", f"{target} is {gateway['status']}, not Available."
        )
    used = session.count("eip_association", instance_id=target)
    session.check_quota("eips_per_nat_gateway", used, "QuotaExceeded.Eip")


def _check_instance(session: Session, target: str) -> None:
    instance = session.get("instance", target)
    if instance is None:
        hint = f"; a network card needs instance_type {_CARD}" if target.startswith("eni-") else ""
        raise CloudError(
            "InvalidInstanceId.NotFound",
            f"The instance {target} doesn't exist in {session.region}{hint}.",
        )
    if instance["status"] not in {"Running", "Stopped"}:
        raise CloudError(
            "IncorrectInstanceStatus",
            f"{target} is {instance['status']}; it must be Running or Stopped.",
        )
    if session.count("eip_association", instance_id=target) or instance["public_ip"]:
        raise CloudError("InvalidAssociation.Duplicated", f"{target} already has a public address.")


def _check_card(session: Session, target: str, wanted: Attributes, own: str = "") -> str:
    """Refuse what a network card can't take; answer the private address that the EIP maps to."""
    card = session.need("ecs_network_interface", target, "InvalidNicOrVm.NotFound")
    if card["instance_type"] != "Secondary":
        raise CloudError(
            "InvalidParameter.InstanceTypeNotSupport",
            f"{target} is a {card['instance_type']} card; an EIP goes to a Secondary one.",
        )
    if card["status"] not in {"Available", "InUse"}:
        raise CloudError(
            "InvalidStatus.EniStatusNotSupport",
            f"{target} is {card['status']}; it must be Available or InUse.",
        )
    mode = wanted.get("mode") or "NAT"
    others = [one for one in session.find("eip_association", instance_id=target) if one.id != own]
    if strangers := [one for one in others if one["mode"] != mode]:
        raise CloudError(
            "Mode.Conflict",
            f"{target} has {strangers[0]['allocation_id']} in mode {strangers[0]['mode']}; "
            f"a card has all its EIPs in one mode, not in {mode} as well.",
        )
    address = _mapped(card, wanted)
    if mode == "BINDED":
        _check_cut_through(session, card, others)
    elif mode == "MULTI_BINDED":
        session.check_quota("multi_binded_eips_per_eni", len(others), "QuotaExceed.MultiBindedEip")
    else:
        _check_nat(card, others, address)
    return address


def _mapped(card: Resource, association: Attributes) -> str:
    """The private address of a card that its EIP stands for; one in mode MULTI_BINDED for none."""
    primary = card.text("primary_ip_address")
    match association.get("mode") or "NAT":
        case "MULTI_BINDED":
            return ""
        case "BINDED":
            return primary
        case _:
            return association.get("private_ip_address") or primary


def _check_nat(card: Resource, others: list[Resource], address: str) -> None:
    addresses = [card.text("primary_ip_address"), *card["private_ip_addresses"]]
    if len(others) >= len(addresses):
        raise CloudError(
            "InvalidEip.EipQuotaExceeded",
            f"{card.id} has {len(addresses)} private addresses and as many EIPs; each EIP in mode "
            "NAT needs a private address of its own.",
        )
    if address not in addresses:
        raise CloudError("InvalidParameter", f"{address} isn't an address of {card.id}.")
    for other in others:
        if other[_MAPPED] == address:
            raise CloudError(
                "InvalidAssociation.Duplicated",
                f"{address} of {card.id} already has {other['allocation_id']}; name another of its "
                "addresses in private_ip_address.",
            )


def _check_cut_through(session: Session, card: Resource, others: list[Resource]) -> None:
    if others:
        raise CloudError(
            "InvalidAssociation.Duplicated",
            f"{card.id} already has {others[0]['allocation_id']}; in mode BINDED a card has one.",
        )
    if card["private_ip_addresses"]:
        raise CloudError(
            "Eni.HasSubIp", f"{card.id} has secondary addresses; mode BINDED takes none."
        )
    _refuse_attached(session, card.id)


def _refuse_attached(session: Session, target: str) -> None:
    card = session.get("ecs_network_interface", target)
    if card is not None and card["status"] == "InUse":
        raise CloudError(
            "Eni.Attached",
            f"{target} is attached; mode BINDED starts and ends on a card that isn't.",
        )


def _entries_using(session: Session, address: str, gateway: str) -> list[Resource]:
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
