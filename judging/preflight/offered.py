"""What the cloud offers: services in zones, instance types, and what was never activated.

Function Compute isn't asked for its zones: version 3 of its API tells none. The rules of a stack
file know those that are published (`facts.zones`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from facts import kinds
from facts.endpoints import is_in
from judging.account import apis, functions, holding, links
from judging.account.reading import Listing, Pages, text_of
from judging.preflight.asking import Account, Answer, Question, fine, names_of, refused
from judging.preflight.wanted import Wanted, is_id
from judging.preview import State, entries_of, items_of
from stack.pulumi_wire import UNKNOWN

__all__ = ["LISTINGS", "offered_questions"]

_ZONES: Final = Listing("vpc", "DescribeZones", ("Zones", "Zone"), Pages.ONE)
_NAT_ZONES: Final = Listing("vpc", "ListEnhanhcedNatGatewayAvailableZones", ("Zones",), Pages.ONE)
_ROUTER_ZONES: Final = Listing("cbn", "ListTransitRouterAvailableResource", (), Pages.ONE)
_TYPES: Final = Listing(
    "ecs", "DescribeAvailableResource", ("AvailableZones", "AvailableZone"), Pages.ONE
)
_ACTIVATED: Final[Mapping[str, Listing]] = {
    "apigateway": apis.GROUPS,
    "cen": links.CENS,
    "fc": functions.FUNCTIONS,
}
"""What shows whether a product is activated, by the part of a resource's type that names it."""

LISTINGS: Final = (
    _ZONES,
    _NAT_ZONES,
    _ROUTER_ZONES,
    _TYPES,
    holding.VSWITCHES,
    *_ACTIVATED.values(),
)


def offered_questions(wanted: Wanted) -> Iterator[Question]:
    """All of them."""
    yield from _activated(wanted)
    for vswitch in wanted.made.get(kinds.VSWITCH, ()):
        if zone := vswitch.text("zoneId"):
            yield _zone(wanted, vswitch, zone)
    for gateway in wanted.made.get(kinds.NAT_GATEWAY, ()):
        if vswitch := wanted.target(gateway, "vswitchId", kinds.VSWITCH):
            yield _nat_zone(wanted, gateway, vswitch)
    yield from _router_zones(wanted)
    yield from _types(wanted)


def _activated(wanted: Wanted) -> Iterator[Question]:
    for product, listing in _ACTIVATED.items():
        front = f"alicloud:{product}/"
        made = [one for kind in wanted.made if kind.startswith(front) for one in wanted.made[kind]]
        regions = dict.fromkeys(map(wanted.region_of, made))
        for region in regions:
            names = [one.name for one in made if wanted.region_of(one) == region]

            def ask(account: Account, listing: Listing = listing, region: str = region) -> Answer:
                if not is_in(listing.product, region):
                    return refused(f"it isn't in {region}", "take a region that has it")
                account.listed(listing, region)
                return fine("activated")

            what = f"{listing.right.partition(':')[0]} in {region}, for {names_of(names)}"
            yield Question(what, "activated", ask)


def _zone(wanted: Wanted, vswitch: State, zone: str) -> Question:
    region = wanted.region_of(vswitch)

    def ask(account: Account) -> Answer:
        there = [text_of(one, "ZoneId") for one in account.listed(_ZONES, region)]
        return _among(zone, there)

    return Question(f"{vswitch.name}: {zone}", f"a zone of {region}", ask)


def _nat_zone(wanted: Wanted, gateway: State, vswitch: str) -> Question:
    region = wanted.region_of(gateway)

    def ask(account: Account) -> Answer:
        zone = _zone_of(wanted, account, vswitch, region)
        there = [text_of(one, "ZoneId") for one in account.listed(_NAT_ZONES, region)]
        return _among(zone, there)

    what = f"{gateway.name} in {vswitch.rpartition('::')[2]}"
    return Question(what, "a zone that has NAT gateways", ask)


def _router_zones(wanted: Wanted) -> Iterator[Question]:
    for attachment in wanted.made.get(kinds.ROUTER_ATTACHMENT, ()):
        for one in map(entries_of, attachment.items("zoneMappings")):
            zone = str(one.get("zoneId") or "")
            if zone and zone != UNKNOWN:
                yield _router_zone(wanted, attachment, zone)


def _router_zone(wanted: Wanted, attachment: State, zone: str) -> Question:
    region = wanted.region_of(attachment)

    def ask(account: Account) -> Answer:
        (told,) = account.listed(_ROUTER_ZONES, region)
        return _among(zone, [str(one) for one in items_of(told.get("AvailableZones"))])

    what = f"{attachment.name}: {zone}"
    return Question(what, "a zone that has transit routers", ask)


def _types(wanted: Wanted) -> Iterator[Question]:
    for server in wanted.made.get(kinds.INSTANCE, ()):
        vswitch = wanted.target(server, "vswitchId", kinds.VSWITCH)
        if (wanted_type := server.text("instanceType")) and vswitch:
            yield _type(wanted, server, wanted_type, vswitch)


def _type(wanted: Wanted, server: State, wanted_type: str, vswitch: str) -> Question:
    region = wanted.region_of(server)
    charge = server.text("instanceChargeType") or "PostPaid"

    def ask(account: Account) -> Answer:
        zone = _zone_of(wanted, account, vswitch, region)
        asked = {"DestinationResource": "InstanceType", "InstanceType": wanted_type}
        found = account.listed(_TYPES, region, **asked, InstanceChargeType=charge)
        there = sorted(text_of(one, "ZoneId") for one in found if _has_stock(one, wanted_type))
        return _among(zone, there)

    what = f"{server.name}: {wanted_type}, {charge}"
    return Question(what, "in stock in its vSwitch's zone", ask)


def _has_stock(zone: Mapping[str, Any], wanted_type: str) -> bool:
    """Whether a zone has an instance type to give."""
    return any(
        text_of(one, "Value") == wanted_type and text_of(one, "Status") == "Available"
        for resource in items_of(_inside(zone, "AvailableResources", "AvailableResource"))
        for one in map(
            entries_of,
            items_of(_inside(entries_of(resource), "SupportedResources", "SupportedResource")),
        )
    )


def _inside(answer: Mapping[str, Any], outer: str, inner: str) -> object:
    return entries_of(answer.get(outer)).get(inner)


def _zone_of(wanted: Wanted, account: Account, vswitch: str, region: str) -> str:
    """The zone of a vSwitch that is there, or that this run makes."""
    if is_id(vswitch):
        found = account.listed(holding.VSWITCHES, region, VSwitchId=vswitch)
        return text_of(found[0], "ZoneId") if found else ""
    made = wanted.after.get(vswitch)
    return made.text("zoneId") if made else ""


def _among(zone: str, there: list[str]) -> Answer:
    if zone in there:
        return fine(zone)
    offered = ", ".join(there) or "no zone has it"
    return refused(f"{zone or 'its zone'} isn't among them: {offered}", "take another zone")
