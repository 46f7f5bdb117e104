"""All that adopts, and what it comes to together: what is read, and the settings of a stack."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from facts import kinds
from stack.tiers import Tier
from tools.adopt.apis import APIS
from tools.adopt.cens import CENS
from tools.adopt.drafting import Base, Draft, same_tags
from tools.adopt.functions import FUNCTIONS, code_of
from tools.adopt.gateways import GATEWAYS
from tools.adopt.listing import Listing, entries
from tools.adopt.part import Part
from tools.adopt.place import Place
from tools.adopt.reading import Cloud, Wanted

PARTS: Final[tuple[Part, ...]] = (GATEWAYS, CENS, FUNCTIONS, APIS)


STARTS: Final = {key: form for part in PARTS for key, form in part.starts.items()}
"""What adoption may start from in an account."""


def read(place: Place, listing: Listing) -> tuple[Cloud, list[Wanted]]:
    """What the provider reads of all that a list needs, and what the cloud doesn't have.

    Raises:
        NotDoneError: the engine failed otherwise, or code couldn't be had; says how.
    """
    by_region = defaultdict[str, list[Wanted]](list)
    for one in wanted(listing):
        by_region[one.region or listing.region].append(one)
    cloud, gone = Cloud(()), list[Wanted]()
    for region, needed in by_region.items():
        found, missing = place.read(needed, region)
        cloud, gone = cloud | found, gone + missing
    if listing.functions:
        with place.reader() as reader:
            cloud.code = code_of(reader, listing)
    return cloud, gone


def wanted(listing: Listing) -> list[Wanted]:
    """Everything to read: what is listed, and what the list says hangs together."""
    found: dict[tuple[str, str], Wanted] = {}
    links = (one for part in PARTS for one in part.links(listing))
    for one in (*_things(listing), *links):
        found.setdefault((one.type, one.id), one)
    return list(found.values())


def _things(listing: Listing) -> Iterator[Wanted]:
    for entry in entries(listing):
        region = entry.region or listing.region
        rule = f"{region} has no such thing: {entry.kind.what} with this id"
        remedy = (
            "check the id, the region, and whose credentials these are; or take it off the list"
        )
        yield Wanted(entry.kind.type, entry.id, entry.path, rule, remedy, region)


_TAGGED = {
    kinds.VPC,
    kinds.VSWITCH,
    kinds.NAT_GATEWAY,
    kinds.BANDWIDTH_PACKAGE,
    kinds.EIP,
    kinds.ENI,
    kinds.CEN,
    kinds.TRANSIT_ROUTER,
    kinds.ROUTER_TABLE,
    kinds.ROUTER_ATTACHMENT,
    kinds.ROUTER_LINK,
    kinds.API_APP,
    kinds.PLUGIN,
    kinds.FUNCTION,
}
_PROTECTED = {kinds.NAT_GATEWAY, kinds.BANDWIDTH_PACKAGE, kinds.EIP}


def compose(listing: Listing, cloud: Cloud, stack: str, *, marking: bool = False) -> Draft:
    """The settings of a stack that has what the list says.

    Args:
        listing: the list.
        cloud: what was read of it, all there.
        stack: the stack's name.
        marking: for `adopting`: names in the cloud are ids.
    """
    draft = Draft(listing, cloud, stack, marking=marking)
    draft.settings["topology"] = None  # the keys that come first in the file
    _tier(draft)
    _tags(draft)
    base = Base(draft)
    topologies = [name for part in PARTS for name in part.compose(draft, base)]
    draft.settings["topology"] = topologies[0] if len(topologies) == 1 else topologies
    return draft


def _tier(draft: Draft) -> None:
    """The tier that changes least about deletion protection."""
    if draft.listing.tier is not None:
        draft.settings["tier"] = draft.listing.tier.value
        return
    kept = [e for e in entries(draft.listing) if e.kind.type in _PROTECTED]
    protected = [e for e in kept if draft.found(e).outputs.get("deletionProtection")]
    tier = Tier.PRODUCTION if protected else Tier.STAGING
    draft.settings["tier"] = tier.value
    draft.comments["tier",] = (
        f"{protected[0].id} is protected from deletion"
        if protected
        else "nothing is protected from deletion; development would also delete what others add"
    )


def _tags(draft: Draft) -> None:
    tagged = [
        draft.found(entry).tags
        for entry in entries(draft.listing)
        if entry.kind.type in _TAGGED and not draft.uses(entry.id)
    ]
    tags = same_tags(tagged)
    if tags:
        draft.settings["tags"] = tags
        draft.comments["tags",] = "what all of them have"
