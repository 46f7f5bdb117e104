"""What a CEN joins by transit routers, in the section `crossRegion`.

The networks that it joins are used by their ids: each has a stack of its own, or nobody's.
"""

from collections.abc import Iterator
from typing import Any, Final

from facts import kinds
from tools.adopt.cens_found import cen_found
from tools.adopt.drafting import Base, Draft, Namer, dashed
from tools.adopt.listing import Entry, JoinedListing, Listing, entries
from tools.adopt.part import Part
from tools.adopt.reading import Wanted
from topologies.cross_region.settings import CROSS_REGION, SECTION

_NETWORKS: Final = "networks"


def _compose(draft: Draft, _base: Base) -> list[str]:
    """Write the CEN, the networks that it joins, and what joins them."""
    listing = draft.listing
    if listing.cen is None:
        return []
    listed = {entry.path: entry for entry in entries(listing)}
    vswitches = Namer(draft.stack, ())
    names: dict[str, list[str]] = {}
    for name, one in listing.attachments.items():
        names[name] = _network(draft, name, one, listed, vswitches)
    cen = listed["cen",]
    draft.put(
        (SECTION, "cen"), draft.named(cen, "cen", draft.found(cen).text("cenInstanceName")), cen
    )
    for name in listing.attachments:
        entry = listed["attachments", name, "attachment"]
        called = draft.found(entry).text("transitRouterVpcAttachmentName")
        value = {"network": name, "vswitches": names[name], **draft.named(entry, name, called)}
        draft.put((SECTION, "attachments", name), value, entry)
    packages: set[str] = set()
    for name, link in listing.links.items():
        entry = listed["links", name, "link"]
        found = draft.found(entry)
        packages |= {found.text("cenBandwidthPackageId")} - {""}
        value: dict[str, Any] = {
            "regions": link.regions,
            "bandwidth": int(found.outputs.get("bandwidth") or 0),
            **draft.named(entry, name, found.text("transitRouterPeerAttachmentName")),
        }
        draft.put((SECTION, "links", name), value, entry)
    if packages:
        package = {"id": min(packages), "attached": True}
        draft.put((SECTION, "bandwidthPackage"), package)
    return [CROSS_REGION]


def _network(
    draft: Draft,
    name: str,
    one: JoinedListing,
    listed: dict[Any, Entry],
    names: Namer,
) -> list[str]:
    """Write a network that is joined; returns the names of its vSwitches."""
    vpc = listed["attachments", name, "vpc"]
    elsewhere = {"region": one.region} if one.region != draft.listing.region else {}
    draft.settings.setdefault(_NETWORKS, {}).setdefault(name, {}).update(elsewhere)
    cidr = draft.found(vpc).text("cidrBlock")
    draft.put((_NETWORKS, name, "vpc"), {"id": vpc.id, "cidr": cidr}, vpc)
    own: list[str] = []
    for key in one.vswitches:
        entry = listed["attachments", name, "vswitches", key]
        found = draft.found(entry)
        cidr = found.text("cidrBlock")
        otherwise = f"vswitch-{dashed(cidr.partition('/')[0])}"
        own.append(names.name(entry.name, found.text("vswitchName"), otherwise))
        place = {"id": entry.id, "cidr": cidr, "zone": found.text("zoneId")}
        draft.put((_NETWORKS, name, "vswitches", own[-1]), place, entry)
    return own


def _links(listing: Listing) -> Iterator[Wanted]:
    """What a router's table carries and learns."""
    for entry in entries(listing):
        match entry.path:
            case ("attachments", name, "attachment"):
                yield from _served(listing, entry, listing.attachments[str(name)].region)
            case ("links", name, "link"):
                for region in listing.links[str(name)].regions:
                    yield from _served(listing, entry, region)
            case _:
                pass


def _served(listing: Listing, entry: Entry, region: str) -> Iterator[Wanted]:
    if region not in listing.routers:
        return
    table = listing.routers[region].table.rpartition(":")[2]
    rule = f"{entry.own_id} doesn't go by {table}"
    for kind in (kinds.ROUTER_ASSOCIATION, kinds.ROUTER_PROPAGATION):
        identity, remedy = f"{entry.own_id}:{table}", "list the table that it goes by"
        yield Wanted(kind, identity, entry.path, rule, remedy, region)


CENS: Final = Part(
    starts={"cen": "cen-…"},
    find=cen_found,
    links=_links,
    compose=_compose,
)
