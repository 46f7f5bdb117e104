"""The Cloud Enterprise Networks of an account: what each joins, and how wide.

A CEN is of no region. In the basic edition networks are attached to it as they are; in the
enterprise edition to its transit router of their region, and links join transit routers.

Source: Cloud Enterprise Network, the pages of the actions below.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from judging.account.reading import Listing, Pages, Reader, number_of, text_of
from judging.preview import entries_of, items_of

__all__ = [
    "CHILDREN",
    "LINES",
    "LISTINGS",
    "PEERS",
    "TABLE_LISTINGS",
    "VPCS",
    "Attachment",
    "Cen",
    "Link",
    "RouteTable",
    "TransitRouter",
    "cens_of",
    "tables_of",
]

_PRODUCT: Final = "cbn"
CENS: Final = Listing(_PRODUCT, "DescribeCens", ("Cens", "Cen"))
CHILDREN: Final = Listing(
    _PRODUCT, "DescribeCenAttachedChildInstances", ("ChildInstances", "ChildInstance"), of="CenId"
)
_LIMITS: Final = Listing(
    _PRODUCT,
    "DescribeCenInterRegionBandwidthLimits",
    ("CenInterRegionBandwidthLimits", "CenInterRegionBandwidthLimit"),
    of="CenId",
)
_ROUTERS: Final = Listing(_PRODUCT, "ListTransitRouters", ("TransitRouters",))
_TABLES: Final = Listing(
    _PRODUCT,
    "ListTransitRouterRouteTables",
    ("TransitRouterRouteTables",),
    Pages.CHAINED,
    of="TransitRouterId",
)
_CARRIED, _LEARNED = (
    Listing(
        _PRODUCT,
        f"ListTransitRouterRouteTable{kind}s",
        (f"TransitRouter{kind}s",),
        Pages.CHAINED,
        of="TransitRouterRouteTableId",
    )
    for kind in ("Association", "Propagation")
)
VPCS, LINES, _VPNS, PEERS = (
    Listing(
        _PRODUCT,
        f"ListTransitRouter{kind}Attachments",
        ("TransitRouterAttachments",),
        Pages.CHAINED,
        of="TransitRouterId",
    )
    for kind in ("Vpc", "Vbr", "Vpn", "Peer")
)
LISTINGS: Final = (CENS, CHILDREN, _LIMITS, _ROUTERS, VPCS, LINES, _VPNS, PEERS)
"""All that is asked for, but for tables."""

TABLE_LISTINGS: Final = (_TABLES, _CARRIED, _LEARNED)
"""What is asked for where tables are wanted as well."""

_ALL: Final = ""
"""The region of what is of none."""


@dataclass(frozen=True)
class TransitRouter:
    """What joins the networks of one region."""

    id: str
    region: str
    name: str


@dataclass(frozen=True)
class Attachment:
    """What a CEN joins: a VPC, a VPN, a leased line (VBR) or a smart access gateway (CCN)."""

    id: str
    region: str
    kind: str
    attached: str
    """Its id."""

    name: str = ""
    router: str = ""
    """The transit router; empty in the basic edition."""

    zones: tuple[str, ...] = ()
    """Those in which a VPC's vSwitches are on the transit router."""

    vswitches: tuple[str, ...] = ()
    """Those vSwitches."""


@dataclass(frozen=True)
class Link:
    """What joins two regions."""

    id: str
    region: str
    to: str
    """The other region."""

    bandwidth: float
    """In Mbit/s."""

    routers: tuple[str, ...]
    """The two transit routers; none in the basic edition."""

    name: str = ""


@dataclass(frozen=True)
class Cen:
    """A Cloud Enterprise Network."""

    id: str
    name: str
    routers: tuple[TransitRouter, ...]
    attachments: tuple[Attachment, ...]
    links: tuple[Link, ...]

    def reaches(self, regions: Collection[str], vpc: str) -> bool:
        """Whether it has to do with one of some regions, if any, and with a network, if one."""
        there = {one.region for one in (*self.routers, *self.attachments)}
        joined = {one.attached for one in self.attachments}
        return (not regions or not there.isdisjoint(regions)) and vpc in {"", *joined}


@dataclass(frozen=True)
class RouteTable:
    """A route table of a transit router: by which it sends on what comes from an attachment."""

    id: str
    system: bool
    """It is the router's own."""

    carries: frozenset[str]
    """The attachments and links, by id, whose traffic goes by it."""

    learns: frozenset[str]
    """Those whose routes it has."""


def tables_of(reader: Reader, router: TransitRouter) -> tuple[RouteTable, ...]:
    """The route tables of a transit router.

    Raises:
        UnreadError: they couldn't be read to their end.
    """

    def tied(listing: Listing, table: str) -> frozenset[str]:
        told = reader.listed(listing, router.region, TransitRouterRouteTableId=table)
        return frozenset(text_of(one, "TransitRouterAttachmentId") for one in told)

    return tuple(
        RouteTable(
            id=(identity := text_of(one, "TransitRouterRouteTableId")),
            system=text_of(one, "TransitRouterRouteTableType") == "System",
            carries=tied(_CARRIED, identity),
            learns=tied(_LEARNED, identity),
        )
        for one in reader.listed(_TABLES, router.region, TransitRouterId=router.id)
    )


def cens_of(
    reader: Reader, regions: Collection[str] = (), vpc: str = "", *, identity: str = ""
) -> tuple[Cen, ...]:
    """The CENs of an account, whole.

    Args:
        reader: asks the account.
        regions: those that have something there; all unless given.
        vpc: those that join this network; all unless given.
        identity: the one that has this id; all unless given.

    Raises:
        UnreadError: they couldn't be read to their end.
    """
    every = (
        _cen(reader, one)
        for one in reader.listed(CENS, _ALL)
        if identity in {"", text_of(one, "CenId")}
    )
    return tuple(one for one in every if one.reaches(regions, vpc))


def _cen(reader: Reader, answer: Mapping[str, Any]) -> Cen:
    identity = text_of(answer, "CenId")
    routers = tuple(map(_router, reader.listed(_ROUTERS, _ALL, CenId=identity)))
    attached = [one for it in routers for one in _attachments(reader, identity, it)]
    links = [one for it in routers for one in _links(reader, identity, it)]
    # What a transit router joins may be told of the CEN too: it is there once.
    joined = {one.attached for one in attached}
    linked = {frozenset((one.region, one.to)) for one in links}
    children = map(_child, reader.listed(CHILDREN, _ALL, CenId=identity))
    limits = map(_limit, reader.listed(_LIMITS, _ALL, CenId=identity))
    return Cen(
        id=identity,
        name=text_of(answer, "Name"),
        routers=routers,
        attachments=(*attached, *(one for one in children if one.attached not in joined)),
        links=(*links, *(one for one in limits if frozenset((one.region, one.to)) not in linked)),
    )


def _router(answer: Mapping[str, Any]) -> TransitRouter:
    return TransitRouter(
        id=text_of(answer, "TransitRouterId"),
        region=text_of(answer, "RegionId"),
        name=text_of(answer, "TransitRouterName"),
    )


def _attachments(reader: Reader, cen: str, router: TransitRouter) -> list[Attachment]:
    """What is attached to one transit router."""
    return [
        Attachment(
            id=text_of(one, "TransitRouterAttachmentId"),
            region=router.region,
            kind=kind.upper(),
            attached=text_of(one, f"{kind}Id"),
            name=text_of(one, "TransitRouterAttachmentName"),
            router=router.id,
            zones=tuple(
                text_of(entries_of(it), "ZoneId") for it in items_of(one.get("ZoneMappings"))
            ),
            vswitches=tuple(
                text_of(entries_of(it), "VSwitchId") for it in items_of(one.get("ZoneMappings"))
            ),
        )
        for kind, listing in (("Vpc", VPCS), ("Vbr", LINES), ("Vpn", _VPNS))
        for one in reader.listed(listing, router.region, CenId=cen, TransitRouterId=router.id)
    ]


def _links(reader: Reader, cen: str, router: TransitRouter) -> list[Link]:
    """The links that begin at one transit router: at the other end they are told too."""
    told = reader.listed(PEERS, router.region, CenId=cen, TransitRouterId=router.id)
    return [
        Link(
            id=text_of(one, "TransitRouterAttachmentId"),
            region=router.region,
            to=text_of(one, "PeerTransitRouterRegionId"),
            bandwidth=number_of(one, "Bandwidth"),
            routers=(router.id, text_of(one, "PeerTransitRouterId")),
            name=text_of(one, "TransitRouterAttachmentName"),
        )
        for one in told
        if text_of(one, "TransitRouterId") == router.id
    ]


def _child(answer: Mapping[str, Any]) -> Attachment:
    region, kind = text_of(answer, "ChildInstanceRegionId"), text_of(answer, "ChildInstanceType")
    attached = text_of(answer, "ChildInstanceId")
    return Attachment(
        id=":".join((text_of(answer, "CenId"), attached, kind, region)),
        region=region,
        kind=kind,
        attached=attached,
    )


def _limit(answer: Mapping[str, Any]) -> Link:
    ends = sorted((text_of(answer, "LocalRegionId"), text_of(answer, "OppositeRegionId")))
    return Link(
        id=":".join((text_of(answer, "CenId"), *ends)),
        region=ends[0],
        to=ends[1],
        bandwidth=number_of(answer, "BandwidthLimit"),
        routers=(),
    )
