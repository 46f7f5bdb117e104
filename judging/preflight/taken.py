"""What is wanted and may be somebody else's by now: ports, sources, ranges, addresses, names.

Of one stack nothing is asked here: that no two of its own entries want the same thing, and that no
update has two of them hold it for a moment, its rules see to (`stack.claims`).
"""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facts import kinds
from judging.account.reading import Listing, Pages, text_of
from judging.preflight.asking import Account, Answer, Question, UnansweredError, fine, refused
from judging.preflight.wanted import Wanted
from judging.preview import State, entries_of, items_of
from stack.ports import EVERY_PORT, PortRange

__all__ = ["LISTINGS", "ROLES", "taken_questions"]

_DNAT: Final = Listing(
    "vpc", "DescribeForwardTableEntries", ("ForwardTableEntries", "ForwardTableEntry")
)
_SNAT: Final = Listing("vpc", "DescribeSnatTableEntries", ("SnatTableEntries", "SnatTableEntry"))
_VPCS: Final = Listing("vpc", "DescribeVpcs", ("Vpcs", "Vpc"))
_VSWITCHES: Final = Listing("vpc", "DescribeVSwitches", ("VSwitches", "VSwitch"))
_ROUTES: Final = Listing("vpc", "DescribeRouteEntryList", ("RouteEntrys", "RouteEntry"), Pages.ONE)
_EIPS: Final = Listing("vpc", "DescribeEipAddresses", ("EipAddresses", "EipAddress"))
_CARDS: Final = Listing(
    "ecs",
    "DescribeNetworkInterfaces",
    ("NetworkInterfaceSets", "NetworkInterfaceSet"),
    Pages.CHAINED,
)
_GROUPS: Final = Listing(
    "cloudapi", "DescribeApiGroups", ("ApiGroupAttributes", "ApiGroupAttribute")
)
_FUNCTIONS: Final = Listing(
    "fc", "ListFunctions", ("functions",), Pages.CHAINED, "/2023-03-30/functions"
)
ROLES: Final = Listing("ram", "GetRole", (), Pages.ONE)
_CHILDREN: Final = Listing(
    "cbn", "DescribeCenAttachedChildInstances", ("ChildInstances", "ChildInstance")
)
_ATTACHED: Final = Listing(
    "cbn", "ListTransitRouterVpcAttachments", ("TransitRouterAttachments",), Pages.CHAINED
)
LISTINGS: Final = (
    *(_DNAT, _SNAT, _VPCS, _VSWITCHES, _ROUTES, _EIPS, _CARDS, _GROUPS),
    *(_FUNCTIONS, ROLES, _CHILDREN, _ATTACHED),
)

_ADOPT: Final = "or take over what is there: docs/adopt.md"


def taken_questions(wanted: Wanted) -> Iterator[Question]:
    """All of them."""
    yield from _ports(wanted)
    yield from _sources(wanted)
    yield from _ranges(wanted)
    yield from _private_addresses(wanted)
    yield from _routes(wanted)
    yield from _joined(wanted)
    yield from _bindings(wanted)
    yield from _names(wanted)


# --- entries of a gateway's tables ----------------------------------------------------------------


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
        for other in account.listed(_DNAT, region, ForwardTableId=table):
            if text_of(other, "ForwardEntryId") in wanted.own:
                continue
            protocol = text_of(other, "IpProtocol").lower()
            there = _Side(protocol, text_of(other, "ExternalIp"), text_of(other, "ExternalPort"))
            behind = _Side(protocol, text_of(other, "InternalIp"), text_of(other, "InternalPort"))
            if outside.meets(there) or inside == behind:
                said = f"{_named(other, 'ForwardEntry')} maps {there} to {behind}"
                return refused(said, f"remove that entry, take another port, {_ADOPT}")
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
        for other in account.listed(_SNAT, region, SnatTableId=table):
            if text_of(other, "SnatEntryId") in wanted.own:
                continue
            if text_of(other, "SourceVSwitchId") in names or text_of(other, "SourceCIDR") in ranges:
                said = f"{_named(other, 'SnatEntry')} lets it out by {text_of(other, 'SnatIp')}"
                return refused(said, f"remove that entry, {_ADOPT}")
        return fine("no other entry has it")

    source = next(iter(sorted(names | ranges)), "a new vSwitch")
    what = f"{entry.name}: {source} leaves by {table}"
    return Question(what, "no other entry with this source", ask)


def _named(answer: Mapping[str, Any], what: str) -> str:
    name, identity = text_of(answer, f"{what}Name"), text_of(answer, f"{what}Id")
    return f"{name} ({identity})" if name else identity


# --- ranges and addresses of a network ------------------------------------------------------------


def _ranges(wanted: Wanted) -> Iterator[Question]:
    """A vSwitch lies within its VPC, and beside all others."""
    for vswitch in wanted.made.get(kinds.VSWITCH, ()):
        vpc, block = vswitch.text("vpcId"), _network(vswitch.text("cidrBlock"))
        if vpc and block is not None:
            region = wanted.region_of(vswitch)
            yield _within(vswitch.name, block, vpc, region)
            yield _beside(wanted, vswitch.name, block, (vpc, region))


def _within(name: str, block: ipaddress.IPv4Network, vpc: str, region: str) -> Question:
    def ask(account: Account) -> Answer:
        for one in account.listed(_VPCS, region, VpcId=vpc):
            more = entries_of(one.get("SecondaryCidrBlocks")).get("SecondaryCidrBlock")
            told = [text_of(one, "CidrBlock"), *map(str, items_of(more))]
            if any(block.subnet_of(it) for it in map(_network, told) if it is not None):
                return fine(", ".join(told))
            remedy = "take a range within it, or add one to the VPC"
            return refused(f"the VPC has {', '.join(told)}", remedy)
        return refused("the VPC isn't there", "correct its id in the stack file")

    return Question(f"{name}: {block} in {vpc}", "within the VPC", ask)


def _beside(
    wanted: Wanted, name: str, block: ipaddress.IPv4Network, where: tuple[str, str]
) -> Question:
    vpc, region = where

    def ask(account: Account) -> Answer:
        for other in account.listed(_VSWITCHES, region, VpcId=vpc):
            there = _network(text_of(other, "CidrBlock"))
            mine = text_of(other, "VSwitchId") in wanted.own
            if not mine and there is not None and block.overlaps(there):
                said = f"{_named(other, 'VSwitch')} has {there}"
                return refused(said, "take another range, or use that vSwitch by its id")
        return fine("free")

    return Question(f"{name}: {block} in {vpc}", "no vSwitch with it", ask)


def _network(text: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


_ADDRESSED: Final = {kinds.INSTANCE: "privateIp", kinds.ENI: "primaryIpAddress"}


def _private_addresses(wanted: Wanted) -> Iterator[Question]:
    """An address of a vSwitch that exists may be a server's by now, or a gateway's."""
    for kind, key in _ADDRESSED.items():
        for state in wanted.made.get(kind, ()):
            address, vswitch = state.text(key), state.text("vswitchId")
            if address and vswitch:
                yield _address(wanted, state, address, vswitch)


def _address(wanted: Wanted, state: State, address: str, vswitch: str) -> Question:
    region = wanted.region_of(state)

    def ask(account: Account) -> Answer:
        for card in account.listed(_CARDS, region, VSwitchId=vswitch):
            each = items_of(entries_of(card.get("PrivateIpSets")).get("PrivateIpSet"))
            holder = text_of(card, "InstanceId") or text_of(card, "NetworkInterfaceId")
            if holder not in wanted.own and any(
                text_of(entries_of(one), "PrivateIpAddress") == address for one in each
            ):
                return refused(f"{holder} has it", "take another address in the stack file")
        return fine("free")

    what = f"{state.name}: {address} in {vswitch}"
    return Question(what, "nobody with this address", ask)


def _routes(wanted: Wanted) -> Iterator[Question]:
    """A range has one route in a table."""
    for route in wanted.made.get(kinds.ROUTE, ()):
        table, block = route.text("routeTableId"), route.text("destinationCidrblock")
        if table and block:
            yield _route(wanted, route, table, block)


def _route(wanted: Wanted, route: State, table: str, block: str) -> Question:
    region = wanted.region_of(route)
    own = {
        one.text("destinationCidrblock")
        for one in wanted.before.values()
        if one.type == kinds.ROUTE and one.text("routeTableId") == table
    }

    def ask(account: Account) -> Answer:
        there = {"RouteTableId": table, "DestinationCidrBlock": block}
        for other in account.listed(_ROUTES, region, **there):
            if block not in own:
                hops = items_of(entries_of(other.get("NextHops")).get("NextHop"))
                leads = ", ".join(text_of(entries_of(one), "NextHopId") for one in hops)
                said = f"a route to {block} leads to {leads or 'elsewhere'}"
                return refused(said, "remove that route, or take another table")
        return fine("free")

    what = f"{route.name}: {block} in {table}"
    return Question(what, "no route to this range", ask)


@dataclass(frozen=True)
class _Joining:
    """How a VPC is attached to a CEN: what says so, and what is attached by now."""

    kind: str
    cen: str
    vpc: str
    listing: Listing
    attached: str
    """The field that has the id of what is attached."""

    region: str


_JOINING: Final = (
    _Joining(
        *(kinds.CEN_ATTACHMENT, "instanceId", "childInstanceId", _CHILDREN),
        *("ChildInstanceId", "ChildInstanceRegionId"),
    ),
    _Joining(
        *(kinds.ROUTER_ATTACHMENT, "cenId", "vpcId", _ATTACHED, "VpcId", "VpcRegionId"),
    ),
)


def _joined(wanted: Wanted) -> Iterator[Question]:
    """A CEN joins VPCs whose ranges overlap, and none that are the same."""
    for joining in _JOINING:
        for state in wanted.made.get(joining.kind, ()):
            cen, vpc = state.text(joining.cen), wanted.target(state, joining.vpc, kinds.VPC)
            if cen and vpc:
                yield _join(wanted, joining, state, (cen, vpc))


def _join(wanted: Wanted, joining: _Joining, state: State, ends: tuple[str, str]) -> Question:
    cen, vpc = ends
    region = state.text("childInstanceRegionId") or wanted.region_of(state)

    def ask(account: Account) -> Answer:
        made = wanted.after.get(vpc)
        block = made.text("cidrBlock") if made else _range_of(account, vpc, region)
        for other in account.listed(joining.listing, _EVERY_REGION, CenId=cen):
            there = text_of(other, joining.attached)
            where = text_of(other, joining.region)
            if there.startswith("vpc-") and there != vpc:
                held = _range_of(account, there, where)
                if held and held == block:
                    return refused(f"{there} in {where} has {held}", "join another range")
        return fine(f"{block} is nobody's there")

    what = f"{state.name}: {vpc.rpartition('::')[2]} on {cen}"
    return Question(what, "no VPC with the same range", ask)


_EVERY_REGION: Final = ""


def _range_of(account: Account, vpc: str, region: str) -> str:
    found = account.listed(_VPCS, region, VpcId=vpc)
    return text_of(found[0], "CidrBlock") if found else ""


# --- addresses of the world -----------------------------------------------------------------------


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
        for one in account.listed(_EIPS, region, AllocationId=eip):
            there = text_of(one, field)
            if there and there != wanted_there:
                said = f"it is {text_of(one, 'IpAddress')}, bound to {there}"
                return refused(said, "unbind it there, or take another EIP")
        return fine("free")

    return Question(f"{state.name}: {eip}", "bound to nothing else", ask)


# --- names ----------------------------------------------------------------------------------------


def _names(wanted: Wanted) -> Iterator[Question]:
    for group in wanted.made.get(kinds.API_GROUP, ()):
        if name := group.text("name"):
            yield _group_name(wanted, group, name)
    for function, name in _new_names(wanted, kinds.FUNCTION, "functionName"):
        yield _function_name(wanted, function, name)
    for role, name in _new_names(wanted, kinds.ROLE, "roleName"):
        yield _role_name(wanted, role, name)


def _new_names(wanted: Wanted, kind: str, key: str) -> Iterator[tuple[State, str]]:
    """What is made under a name that the stack doesn't have by now."""
    own = {one.text(key) for one in wanted.before.values() if one.type == kind}
    for state in wanted.made.get(kind, ()):
        if (name := state.text(key)) and name not in own:
            yield state, name


def _group_name(wanted: Wanted, group: State, name: str) -> Question:
    region = wanted.region_of(group)

    def ask(account: Account) -> Answer:
        for other in account.listed(_GROUPS, region, GroupName=name):
            identity = text_of(other, "GroupId")
            # The filter finds names that begin so, too.
            if text_of(other, "GroupName") == name and identity not in wanted.own:
                return refused(f"{identity} is called so", f"take another name, {_ADOPT}")
        return fine("free")

    what = f"{group.name}: the name {name} in {region}"
    return Question(what, "no API group of this name", ask)


def _function_name(wanted: Wanted, function: State, name: str) -> Question:
    region = wanted.region_of(function)

    def ask(account: Account) -> Answer:
        every = account.listed(_FUNCTIONS, region)
        if name in {text_of(one, "functionName") for one in every}:
            return refused("there is one", f"take another name, {_ADOPT}")
        return fine("free")

    what = f"{function.name}: the name {name} in {region}"
    return Question(what, "no function of this name", ask)


def _role_name(wanted: Wanted, role: State, name: str) -> Question:
    def ask(account: Account) -> Answer:
        try:
            account.listed(ROLES, wanted.region, RoleName=name)
        except UnansweredError as reason:
            if reason.refusal.code.startswith("EntityNotExist"):
                return fine("free")
            raise
        return refused("there is one", "take another name, or remove that role")

    return Question(f"{role.name}: the name {name}", "no role of this name", ask)
