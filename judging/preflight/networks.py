"""Ranges, private addresses and routes of networks that exist: are they free, and is there room?"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from facts import kinds
from judging.account import holding, links
from judging.account.reading import Listing, Pages, number_of, text_of
from judging.preflight.asking import (
    ELSEWHERE,
    Account,
    Answer,
    Question,
    called,
    fine,
    names_of,
    refused,
)
from judging.preflight.wanted import Wanted
from judging.preview import State, entries_of, items_of
from stack.pulumi_wire import UNKNOWN

__all__ = ["LISTINGS", "network_questions"]

_ROUTES: Final = Listing("vpc", "DescribeRouteEntryList", ("RouteEntrys", "RouteEntry"), Pages.ONE)
LISTINGS: Final = (
    *(holding.VPCS, holding.VSWITCHES, holding.CARDS, links.CHILDREN, links.VPCS),
    _ROUTES,
)


def network_questions(wanted: Wanted) -> Iterator[Question]:
    """All of them."""
    yield from _ranges(wanted)
    yield from _private_addresses(wanted)
    yield from _room(wanted)
    yield from _routes(wanted)
    yield from _joined(wanted)


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
        for one in account.listed(holding.VPCS, region, VpcId=vpc):
            more = entries_of(one.get("SecondaryCidrBlocks")).get("SecondaryCidrBlock")
            told = [text_of(one, "CidrBlock"), *map(str, items_of(more))]
            if any(block.subnet_of(it) for it in map(_network, told) if it is not None):
                return fine(", ".join(told))
            remedy = "take a range within it, or add one to the VPC"
            return refused(f"the VPC has {', '.join(told)}", remedy)
        return refused("the VPC isn't there", ELSEWHERE)

    return Question(f"{name}: {block} in {vpc}", "within the VPC", ask)


def _beside(
    wanted: Wanted, name: str, block: ipaddress.IPv4Network, where: tuple[str, str]
) -> Question:
    vpc, region = where

    def ask(account: Account) -> Answer:
        for other in account.listed(holding.VSWITCHES, region, VpcId=vpc):
            there = _network(text_of(other, "CidrBlock"))
            mine = text_of(other, "VSwitchId") in wanted.own
            if not mine and there is not None and block.overlaps(there):
                said = f"{called(other, 'VSwitch')} has {there}"
                return refused(said, "take another range, or use that vSwitch by its id")
        return fine("free")

    return Question(f"{name}: {block} in {vpc}", "no vSwitch with it", ask)


def _network(text: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


_ADDRESSED: Final = {
    kinds.INSTANCE: ("privateIp", ""),
    kinds.ENI: ("primaryIpAddress", "privateIpAddresses"),
}
"""The inputs that say one private address, and several."""

_IN_A_VSWITCH: Final = (kinds.INSTANCE, kinds.ENI, kinds.NAT_GATEWAY, *kinds.LOAD_BALANCERS)


def _private_addresses(wanted: Wanted) -> Iterator[Question]:
    """An address of a vSwitch that exists may be a server's by now, or a gateway's."""
    for kind, (key, keys) in _ADDRESSED.items():
        for state in wanted.made.get(kind, ()):
            if vswitch := state.text("vswitchId"):
                for address in (state.text(key), *map(str, state.items(keys))):
                    if address not in {"", UNKNOWN}:
                        yield _address(wanted, state, address, vswitch)


def _room(wanted: Wanted) -> Iterator[Question]:
    """What lies in a vSwitch takes an address there."""
    takers: dict[tuple[str, str], list[str]] = {}
    for kind in _IN_A_VSWITCH:
        for state in wanted.more.get(kind, ()):
            if vswitch := state.text("vswitchId"):
                place = (vswitch, wanted.region_of(state))
                takers.setdefault(place, []).append(state.name)
    for (vswitch, region), names in takers.items():
        yield _free_addresses(vswitch, region, names)


def _free_addresses(vswitch: str, region: str, names: list[str]) -> Question:
    def ask(account: Account) -> Answer:
        for one in account.listed(holding.VSWITCHES, region, VSwitchId=vswitch):
            free = int(number_of(one, "AvailableIpAddressCount"))
            if free >= len(names):
                return fine(f"{free} free")
            return refused(f"{free} free", "take another vSwitch, or a wider one")
        return refused("the vSwitch isn't there", ELSEWHERE)

    what = f"addresses of {vswitch}, for {names_of(names)}"
    return Question(what, f"{len(names)} free", ask)


def _address(wanted: Wanted, state: State, address: str, vswitch: str) -> Question:
    region = wanted.region_of(state)

    def ask(account: Account) -> Answer:
        for card in account.listed(holding.CARDS, region, VSwitchId=vswitch):
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
        *(kinds.CEN_ATTACHMENT, "instanceId", "childInstanceId", links.CHILDREN),
        *("ChildInstanceId", "ChildInstanceRegionId"),
    ),
    _Joining(
        *(kinds.ROUTER_ATTACHMENT, "cenId", "vpcId", links.VPCS, "VpcId", "VpcRegionId"),
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
    found = account.listed(holding.VPCS, region, VpcId=vpc)
    return text_of(found[0], "CidrBlock") if found else ""
