"""What the stack names and doesn't have itself: is it there, and in a state that works?"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from judging.account import holding, links
from judging.account.reading import Listing, text_of
from judging.preflight.asking import (
    ELSEWHERE,
    Account,
    Answer,
    Question,
    fine,
    names_of,
    refused,
)
from judging.preflight.names import ROLES
from judging.preflight.wanted import Wanted, named_ids
from stack.ids import (
    BALANCER,
    CEN,
    EIP,
    INSTANCE,
    NAT_GATEWAY,
    PACKAGE,
    ROLE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    VPC,
    VPN_GATEWAY,
    VSWITCH,
    IdKind,
)

__all__ = ["LISTINGS", "existing_questions", "listing_of"]

_CARD: Final = IdKind("the id of a network interface", "eni-")


@dataclass(frozen=True)
class _Sort:
    """What exists of one kind, by its id."""

    kind: IdKind
    listing: Listing
    asked: Callable[[str], Mapping[str, str]]
    """The parameters that ask for one."""

    works: frozenset[str] = frozenset()
    """The statuses in which it can be used; any without."""

    status: str = "Status"


def _by(parameter: str) -> Callable[[str], Mapping[str, str]]:
    return lambda identity: {parameter: identity}


_SORTS: Final = (
    _Sort(
        VPC,
        holding.VPCS,
        _by("VpcId"),
        frozenset({"Available"}),
    ),
    _Sort(
        VSWITCH,
        holding.VSWITCHES,
        _by("VSwitchId"),
        frozenset({"Available"}),
    ),
    _Sort(
        ROUTE_TABLE,
        Listing("vpc", "DescribeRouteTableList", ("RouterTableList", "RouterTableListType")),
        _by("RouteTableId"),
        frozenset({"Available"}),
    ),
    _Sort(
        NAT_GATEWAY,
        holding.GATEWAYS,
        _by("NatGatewayId"),
        frozenset({"Available"}),
    ),
    _Sort(
        EIP,
        holding.EIPS,
        _by("AllocationId"),
        frozenset({"Available", "InUse"}),
    ),
    _Sort(
        PACKAGE,
        holding.PACKAGES,
        _by("BandwidthPackageId"),
        frozenset({"Available"}),
    ),
    _Sort(
        VPN_GATEWAY,
        Listing("vpc", "DescribeVpnGateways", ("VpnGateways", "VpnGateway")),
        _by("VpnGatewayId"),
        frozenset({"active"}),
    ),
    _Sort(
        INSTANCE,
        Listing("ecs", "DescribeInstances", ("Instances", "Instance")),
        lambda identity: {"InstanceIds": json.dumps([identity])},
        frozenset({"Running", "Starting", "Stopped"}),
    ),
    _Sort(
        _CARD,
        holding.CARDS,
        _by("NetworkInterfaceId.1"),
        frozenset({"Available", "InUse"}),
    ),
    _Sort(
        SECURITY_GROUP,
        holding.GROUPS,
        _by("SecurityGroupId"),
    ),
    _Sort(
        BALANCER,
        Listing("slb", "DescribeLoadBalancers", ("LoadBalancers", "LoadBalancer")),
        _by("LoadBalancerId"),
        frozenset({"active"}),
        "LoadBalancerStatus",
    ),
    _Sort(
        CEN,
        links.CENS,
        lambda identity: {"Filter.1.Key": "CenId", "Filter.1.Value.1": identity},
        frozenset({"Active"}),
    ),
    _Sort(
        ROLE,
        ROLES,
        lambda identity: {"RoleName": identity.rpartition("/")[2]},
    ),
)
LISTINGS: Final = tuple(one.listing for one in _SORTS)


def listing_of(identity: str) -> Listing | None:
    """The list that has what an id names; None where that isn't asked for."""
    return next((one.listing for one in _SORTS if one.kind.fits(identity)), None)


def existing_questions(wanted: Wanted) -> Iterator[Question]:
    """One for each id that what is made or changed names, and that the stack doesn't have."""
    users: dict[tuple[str, str], list[str]] = {}
    for states in wanted.changed.values():
        for state in states:
            for identity in dict.fromkeys(named_ids(state.inputs)):
                if identity not in wanted.own:
                    place = (identity, wanted.region_of(state))
                    users.setdefault(place, []).append(state.name)
    for (identity, region), names in users.items():
        for sort in _SORTS:
            if sort.kind.fits(identity):
                yield _question(sort, identity, region, names)


def _question(sort: _Sort, identity: str, region: str, names: list[str]) -> Question:
    def ask(account: Account) -> Answer:
        found = account.listed(sort.listing, region, **sort.asked(identity))
        if not found:
            return refused("not there", ELSEWHERE)
        status = text_of(found[0], sort.status)
        if sort.works and status not in sort.works:
            return refused(status, f"wait until it is {_either(sort.works)}, or take another")
        return fine(status or "there")

    needed = f"there, and {_either(sort.works)}" if sort.works else "there"
    what = f"{identity} in {region}, for {names_of(names)}"
    return Question(what, needed, ask)


def _either(statuses: frozenset[str]) -> str:
    return " or ".join(sorted(statuses))
