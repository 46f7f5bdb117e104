"""Quotas: how many more there may be, by the account's own figures.

The Quota Center says how many are allowed, and the account's lists how many there are. Of what
isn't published there, all that is known is what the stack file says or a new account has: what is
beyond that may be refused, and can't be told.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facts import kinds
from facts.quotas import PUBLISHED, PublishedQuota
from judging.account import apis, holding
from judging.account.reading import Listing, Pages, number_of, text_of
from judging.preflight.asking import (
    Account,
    Answer,
    Question,
    UnansweredError,
    fine,
    refused,
    unknown,
)
from judging.preflight.wanted import Wanted, is_id
from judging.preview import entries_of
from stack.naming import NAMESPACE
from stack.quotas import Quotas

__all__ = ["LISTINGS", "quota_questions"]

_CENTER: Final = Listing("quotas", "ListProductQuotas", ("Quotas",), Pages.CHAINED)


@dataclass(frozen=True)
class _Counted:
    """A quota, and how many there are of what it counts."""

    name: str
    """As `facts.quotas` and the simulated cloud have it."""

    kind: str
    """What counts, by its type."""

    what: str
    """What it is called."""

    listing: Listing
    """All there are; within a parent, those that `asked` asks for."""

    key: str = ""
    """The input that names the parent; empty where the region has the quota."""

    parent: str = ""
    """The parent's type."""

    asked: Callable[[str], Mapping[str, str]] = lambda _: {}
    believed: str = ""
    """What of the stack file's `quotas` it is."""


def _by(parameter: str) -> Callable[[str], Mapping[str, str]]:
    return lambda identity: {parameter: identity}


_COUNTED: Final = (
    _Counted("vpcs_per_region", kinds.VPC, "VPCs", holding.VPCS),
    _Counted(
        "vswitches_per_vpc",
        kinds.VSWITCH,
        "vSwitches",
        holding.VSWITCHES,
        "vpcId",
        kinds.VPC,
        _by("VpcId"),
        "vswitches_per_vpc",
    ),
    _Counted(
        "nat_gateways_per_vpc",
        kinds.NAT_GATEWAY,
        "NAT gateways",
        holding.GATEWAYS,
        "vpcId",
        kinds.VPC,
        _by("VpcId"),
    ),
    _Counted("eips_per_region", kinds.EIP, "EIPs", holding.EIPS, believed="eips_per_account"),
    _Counted(
        "eips_per_nat_gateway",
        kinds.EIP_ASSOCIATION,
        "EIPs",
        holding.EIPS,
        "instanceId",
        kinds.NAT_GATEWAY,
        lambda identity: {"AssociatedInstanceId": identity, "AssociatedInstanceType": "Nat"},
        "eips_per_gateway",
    ),
    _Counted(
        "forward_entries_per_table",
        kinds.FORWARD_ENTRY,
        "DNAT entries",
        holding.DNAT,
        "forwardTableId",
        kinds.NAT_GATEWAY,
        _by("ForwardTableId"),
        "dnat_entries_per_gateway",
    ),
    _Counted(
        "snat_entries_per_table",
        kinds.SNAT_ENTRY,
        "SNAT entries",
        holding.SNAT,
        "snatTableId",
        kinds.NAT_GATEWAY,
        _by("SnatTableId"),
        "snat_entries_per_gateway",
    ),
    _Counted(
        "bandwidth_packages_per_region", kinds.BANDWIDTH_PACKAGE, "packages", holding.PACKAGES
    ),
    _Counted(
        "security_groups_per_region",
        kinds.SECURITY_GROUP,
        "security groups",
        holding.GROUPS,
    ),
    _Counted(
        "api_groups_per_region",
        kinds.API_GROUP,
        "API groups",
        apis.GROUPS,
        believed="api_groups_per_region",
    ),
)
LISTINGS: Final = (_CENTER, *(one.listing for one in _COUNTED))
_USUAL: Final[Mapping[str, int]] = {
    "bandwidth_packages_per_region": 5,
    "nat_gateways_per_vpc": 5,
    "vpcs_per_region": 10,
}
"""What a new account may have, of what the stack file has no key for."""


def quota_questions(wanted: Wanted) -> Iterator[Question]:
    """One for each quota that the update needs more of, in each place that has it."""
    for counted in _COUNTED:
        places: dict[tuple[str, str], int] = {}
        for state in wanted.more.get(counted.kind, ()):
            parent = wanted.target(state, counted.key, counted.parent) if counted.key else ""
            if counted.key and not _is_of(counted, parent):
                continue
            place = (wanted.region_of(state), parent)
            places[place] = places.get(place, 0) + 1
        for (region, parent), more in places.items():
            yield _question(wanted, counted, (region, parent), more)


def _is_of(counted: _Counted, parent: str) -> bool:
    """Whether a parent has the quota: EIPs are bound to servers as well."""
    bound = counted.kind == kinds.EIP_ASSOCIATION
    return bool(parent) and (not bound or not is_id(parent) or parent.startswith("ngw-"))


def _question(wanted: Wanted, counted: _Counted, place: tuple[str, str], more: int) -> Question:
    region, parent = place
    published = PUBLISHED.get(counted.name)

    def ask(account: Account) -> Answer:
        asked: Mapping[str, str] = counted.asked(parent) if parent else {}
        new = bool(parent) and not is_id(parent)
        there = 0 if new else len(account.listed(counted.listing, region, **asked))
        told = _told(account, published, region) if published else None
        if told is not None:
            # Of what the account has as a whole, other regions have some too.
            there = there if parent else max(there, int(number_of(told, "TotalUsage")))
            allowed = number_of(told, "TotalQuota")
            said = f"{there} of {allowed:g}"
            if there + more <= allowed:
                return fine(said)
            called = published.name if published and published.name else counted.what
            return refused(said, f"have {called} raised in the Quota Center, or remove some")
        believed = _believed(wanted.preview.config, counted)
        said = f"{there}; how many are allowed isn't known"
        if there + more <= believed:
            return fine(f"{said}, {believed} of a new account")
        return unknown(said, f"look it up in the Quota Center: {there + more} are needed")

    where = f"in {region}" if not parent else f"of {parent.rpartition('::')[2]}"
    return Question(f"{counted.what} {where}", f"{more} more", ask)


def _told(account: Account, published: PublishedQuota, region: str) -> Mapping[str, Any] | None:
    """What the Quota Center tells of a quota; None where it has none of that name."""
    asked = {"ProductCode": published.product}
    if not published.name:
        asked |= {"Dimensions.1.Key": "regionId", "Dimensions.1.Value": region}
        asked |= {"QuotaActionCode": published.id}
    name = published.name.format(region=region)
    try:
        found = account.listed(_CENTER, region, **asked)
    except UnansweredError as reason:
        if reason.refusal.is_of_rights:
            raise
        return None
    for one in found:
        where = entries_of(one.get("Dimensions")).get("regionId", region)
        names = {text_of(one, "QuotaName"), text_of(one, "QuotaActionCode")}
        if where == region and names & ({name, published.id} - {""}):
            return one
    return None


def _believed(config: Mapping[str, Any], counted: _Counted) -> int:
    """What the stack file says that there may be, or else what a new account may have."""
    if not counted.believed:
        return _USUAL.get(counted.name, 0)
    said: object = config.get(f"{NAMESPACE}:quotas") or {}
    settings = Quotas.model_validate(json.loads(said) if isinstance(said, str) else said)
    believed: int = getattr(settings, counted.believed)
    return believed
