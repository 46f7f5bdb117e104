"""What a gateway and an address have once, and may be another's by now: ports, sources, bindings.

Of one stack nothing is asked here: that no two of its own entries want the same thing, and that no
update has two of them hold it for a moment, its rules see to (`stack.claims`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from facts import kinds
from judging.account import holding
from judging.account.reading import text_of
from judging.preflight.asking import ADOPT, Account, Answer, Question, called, fine, refused
from judging.preflight.wanted import Wanted
from judging.preview import State
from stack.ports import EVERY_PORT, PortRange

__all__ = ["LISTINGS", "entry_questions"]

LISTINGS: Final = (holding.DNAT, holding.SNAT, holding.EIPS)


def entry_questions(wanted: Wanted) -> Iterator[Question]:
    """All of them."""
    yield from _ports(wanted)
    yield from _sources(wanted)
    yield from _bindings(wanted)


def _ports(wanted: Wanted) -> Iterator[Question]:
    """A port of an address has one entry, and so has a port of a host."""
    for entry in wanted.changed.get(kinds.FORWARD_ENTRY, ()):
        table = entry.text("forwardTableId")
        if table:
            yield _port(wanted, entry, table)


def _port(wanted: Wanted, entry: State, table: str) -> Question:
    outside = _Side(entry.text("ipProtocol"), entry.text("externalIp"), entry.text("externalPort"))
    inside = _Side(entry.text("ipProtocol"), entry.text("internalIp"), entry.text("internalPort"))
    region = wanted.region_of(entry)

    def ask(account: Account) -> Answer:
        for other in account.listed(holding.DNAT, region, ForwardTableId=table):
            if text_of(other, "ForwardEntryId") in wanted.own:
                continue
            protocol = text_of(other, "IpProtocol").lower()
            there = _Side(protocol, text_of(other, "ExternalIp"), text_of(other, "ExternalPort"))
            behind = _Side(protocol, text_of(other, "InternalIp"), text_of(other, "InternalPort"))
            if outside.meets(there) or inside == behind:
                said = f"{called(other, 'ForwardEntry')} maps {there} to {behind}"
                return refused(said, f"remove that entry, take another port, {ADOPT}")
        return fine("no other entry has it")

    what = f"{entry.name}: {outside} to {inside}, in {table}"
    return Question(what, "no other entry with these ports", ask)


@dataclass(frozen=True)
class _Side:
    """One side of a DNAT entry."""

    protocol: str
    address: str
    """Empty where it isn't known yet: then nobody has it."""

    port: str

    def __str__(self) -> str:
        return f"{self.protocol} {self.port} of {self.address or 'a new address'}"

    def meets(self, other: "_Side") -> bool:
        """Whether both can't be had: an address that is mapped whole has no other entry."""
        mine, theirs = (PortRange.of(one.port) or EVERY_PORT for one in (self, other))
        alike = "any" in {self.protocol, other.protocol} or self.protocol == other.protocol
        return bool(self.address) and self.address == other.address and alike and mine.meets(theirs)


def _sources(wanted: Wanted) -> Iterator[Question]:
    """A source leaves by one entry."""
    for entry in wanted.changed.get(kinds.SNAT_ENTRY, ()):
        table = entry.text("snatTableId")
        if table:
            yield _source(wanted, entry, table)


def _source(wanted: Wanted, entry: State, table: str) -> Question:
    region = wanted.region_of(entry)
    vswitch = wanted.after.get(wanted.target(entry, "sourceVswitchId", kinds.VSWITCH))
    ranges = {entry.text("sourceCidr"), vswitch.text("cidrBlock") if vswitch else ""} - {""}
    names = {entry.text("sourceVswitchId")} - {""}

    def ask(account: Account) -> Answer:
        for other in account.listed(holding.SNAT, region, SnatTableId=table):
            if text_of(other, "SnatEntryId") in wanted.own:
                continue
            if text_of(other, "SourceVSwitchId") in names or text_of(other, "SourceCIDR") in ranges:
                said = f"{called(other, 'SnatEntry')} lets it out by {text_of(other, 'SnatIp')}"
                return refused(said, f"remove that entry, {ADOPT}")
        return fine("no other entry has it")

    source = next(iter(sorted(names | ranges)), "a new vSwitch")
    what = f"{entry.name}: {source} leaves by {table}"
    return Question(what, "no other entry with this source", ask)


def _bindings(wanted: Wanted) -> Iterator[Question]:
    """An EIP is bound to one thing, and is in one package."""
    yield from _bound(wanted, kinds.EIP_ASSOCIATION, ("allocationId", "instanceId"), "InstanceId")
    package = ("instanceId", "bandwidthPackageId")
    yield from _bound(wanted, kinds.PACKAGE_ATTACHMENT, package, "BandwidthPackageId")


def _bound(wanted: Wanted, kind: str, keys: tuple[str, str], field: str) -> Iterator[Question]:
    of, to = keys
    own = {one.text(of) for one in wanted.before.values() if one.type == kind}
    for state in wanted.made.get(kind, ()):
        eip = state.text(of)
        if eip and eip not in own:
            yield _free(state, eip, (field, state.text(to)), wanted.region_of(state))


def _free(state: State, eip: str, bound: tuple[str, str], region: str) -> Question:
    field, wanted_there = bound

    def ask(account: Account) -> Answer:
        for one in account.listed(holding.EIPS, region, AllocationId=eip):
            there = text_of(one, field)
            if there and there != wanted_there:
                said = f"it is {text_of(one, 'IpAddress')}, bound to {there}"
                return refused(said, "unbind it there, or take another EIP")
        return fine("free")

    return Question(f"{state.name}: {eip}", "bound to nothing else", ask)
