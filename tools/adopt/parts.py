"""All that adopts, and what it comes to together: what is read, and the settings of a stack."""

from collections.abc import Iterator
from typing import Final

from facts import kinds
from stack.tiers import Tier
from tools.adopt.apis import APIS
from tools.adopt.drafting import Base, Draft, same_tags
from tools.adopt.functions import FUNCTIONS
from tools.adopt.gateways import GATEWAYS
from tools.adopt.listing import Listing, entries
from tools.adopt.part import Part
from tools.adopt.reading import Cloud, Wanted

PARTS: Final[tuple[Part, ...]] = (GATEWAYS, FUNCTIONS, APIS)


STARTS: Final = {key: form for part in PARTS for key, form in part.starts.items()}
"""What adoption may start from in an account."""


def wanted(listing: Listing) -> list[Wanted]:
    """Everything to read: what is listed, and what the list says hangs together."""
    found: dict[tuple[str, str], Wanted] = {}
    links = (one for part in PARTS for one in part.links(listing))
    for one in (*_things(listing), *links):
        found.setdefault((one.type, one.id), one)
    return list(found.values())


def _things(listing: Listing) -> Iterator[Wanted]:
    for entry in entries(listing):
        rule = f"{listing.region} has no such thing: {entry.kind.what} with this id"
        remedy = (
            "check the id, the region, and whose credentials these are; or take it off the list"
        )
        yield Wanted(entry.kind.type, entry.id, entry.path, rule, remedy)


_TAGGED = {
    kinds.VPC,
    kinds.VSWITCH,
    kinds.NAT_GATEWAY,
    kinds.BANDWIDTH_PACKAGE,
    kinds.EIP,
    kinds.ENI,
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
