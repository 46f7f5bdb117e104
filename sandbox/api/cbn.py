"""Cloud Enterprise Network, version 2017-09-12: CENs, what they join, and their transit routers.

One endpoint serves every region: what a call is about says which, where the call doesn't.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from typing_extensions import override

from facts.contract import contract_of_kind
from facts.zones import ROUTER_ZONES, takes_router
from sandbox.api.actions import (
    ID,
    Action,
    Call,
    Create,
    Delete,
    Describe,
    Field,
    Get,
    Joined,
    Modify,
    Own,
    Product,
    Subject,
    flag,
    number,
    tags,
    tags_of,
)
from sandbox.api.places import zones_of
from sandbox.api.refusals import invalid, missing
from sandbox.api.requests import Said
from sandbox.api.structures import Structure
from sandbox.api.tagging import tag_actions
from sandbox.cloud import ACCOUNT_ID, KINDS, Attributes, CloudError, Resource
from sandbox.cloud.cen.transit_router import attachment_of
from sandbox.cloud.core import Session

__all__ = ["PRODUCT"]

_CEN = Subject("cen_instance", ("CenId",), {"Name": "cen_instance_name"})
_MOVED = Subject("cen_instance", ("ResourceId",), {"NewResourceGroupId": "resource_group_id"})
_CHILD = Subject(
    "cen_instance_attachment",
    ("CenId", "ChildInstanceId", "ChildInstanceType", "ChildInstanceRegionId"),
    {"CenId": "instance_id"},
)
_PACKAGE = Subject(
    "cen_bandwidth_package",
    ("CenBandwidthPackageId",),
    {
        "GeographicRegionAId": "geographic_region_a_id",
        "GeographicRegionBId": "geographic_region_b_id",
        "Name": "cen_bandwidth_package_name",
    },
)
_GIVEN = Subject(
    "cen_bandwidth_package_attachment",
    ("CenBandwidthPackageId",),
    {"CenBandwidthPackageId": "bandwidth_package_id", "CenId": "instance_id"},
)
_LIMIT = Subject("cen_bandwidth_limit", ())
_SERVICE = Subject("cen_route_service", ("CenId", "HostRegionId", "Host", "AccessRegionId"))
_PUBLISHED = Subject("cen_route_entry", ("CenId", "ChildInstanceRouteTableId"))
_ROUTER = Subject("cen_transit_router", ("TransitRouterId",))
_TABLE = Subject("cen_transit_router_route_table", ("TransitRouterRouteTableId",))
_TABLES = Subject(_TABLE.kind, ("TransitRouterRouteTableIds",))
_VPC = Subject(
    "cen_transit_router_vpc_attachment",
    ("TransitRouterAttachmentId",),
    {"TransitRouterAttachmentName": "transit_router_vpc_attachment_name"},
)
_VBR = Subject("cen_transit_router_vbr_attachment", ("TransitRouterAttachmentId",))
_PEER = Subject(
    "cen_transit_router_peer_attachment",
    ("TransitRouterAttachmentId",),
    {"TransitRouterAttachmentName": "transit_router_peer_attachment_name"},
)
_TIE: Final = ("TransitRouterAttachmentId", "TransitRouterRouteTableId")
_ROUTE = Subject("cen_transit_router_route_entry", ("TransitRouterRouteEntryId",))
_ROUTES = Subject(_ROUTE.kind, ("TransitRouterRouteEntryIds",))
_MOST = 100


def _owner(_: Resource) -> object:
    return int(ACCOUNT_ID)


def _tags(resource: Resource) -> object:
    """Tags as the transit routers' actions have them: a plain list."""
    return [{"Key": name, "Value": it} for name, it in tags_of(resource).items()]


# --- filters --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Filtered(Describe):
    """Takes filters as a list: a field's name, and the values of which it has to have one."""

    @override
    def found(self, session: Session, said: Said) -> list[Resource]:
        found = super().found(session, said)
        for wanted in said.listed("Filter"):
            key = wanted.get("Key", "")
            what = self.fields.get(key)
            if not isinstance(what, str) and what is not ID:
                raise invalid("Filter", f"{key!r} is no field of text")
            values = {value for name, value in wanted.items() if name.startswith("Value")}
            found = [
                one for one in found if (one.id if what is ID else one.text(str(what))) in values
            ]
        return found


# --- basic edition --------------------------------------------------------------------------------


def _block(session: Session, child: Resource) -> object:
    """The network of what is attached, where it is a VPC."""
    there = session.in_region(child.text("child_instance_region_id"))
    vpc = there.get("vpc", child["child_instance_id"])
    return {"CidrBlock": vpc.text("cidr_block") if vpc else ""}


_PAYMENTS: Final[Mapping[str, str]] = {"POSTPAY": "PostPaid", "PREPAY": "PrePaid"}
_MONTHS: Final[Mapping[str, int]] = {"Month": 1, "Year": 12}


def _package_paid(said: Said) -> Attributes:
    found: Attributes = {}
    if said.text("BandwidthPackageChargeType"):
        found["payment_type"] = said.choice("BandwidthPackageChargeType", _PAYMENTS)
    if said.text("Period"):
        unit = said.choice("PricingCycle", _MONTHS) if said.text("PricingCycle") else 1
        found["period"] = said.number("Period", 1, 12) * unit
    return found


def _package_charge(package: Resource) -> object:
    return "POSTPAY" if package["payment_type"] == "PostPaid" else "PREPAY"


def _area(attribute: str) -> Callable[[Resource], object]:
    """An area as answers have it, in small letters."""
    return lambda package: package.text(attribute).lower()


def _limit(call: Call) -> dict[str, Any]:
    """Give two regions bandwidth, or take it back by giving none."""
    said = call.said
    cen = said.text("CenId")
    regions = sorted(said.text(name) for name in ("LocalRegionId", "OppositeRegionId"))
    given = said.text("BandwidthLimit")
    if given == "0":
        identity = ":".join([cen, *regions])
        if call.store.ask(_LIMIT.kind, lambda it: it.get(_LIMIT.kind, identity)):
            call.store.delete(_LIMIT.kind, identity, region=call.region)
        return {}
    bandwidth = said.number("BandwidthLimit", 1, 10**6)
    wanted = {"instance_id": cen, "region_ids": regions, "bandwidth_limit": bandwidth}
    call.store.create(_LIMIT.kind, wanted, region=call.region)
    return {}


def _resolve(call: Call) -> dict[str, Any]:
    """Route a service to each of the regions that ask for it."""
    regions = call.said.values("AccessRegionIds")
    if not regions:
        raise missing("AccessRegionIds.1")
    stated = _SERVICE.stated(
        call.said, ("CenId", "Description", "Host", "HostRegionId", "HostVpcId")
    )
    for region in regions:
        wanted = {**stated, "access_region_id": region}
        call.store.create(_SERVICE.kind, wanted, region=call.region)
    return {}


_WHOSE: Final = (
    *("CenId", "ChildInstanceId", "ChildInstanceRegionId"),
    *("ChildInstanceRouteTableId", "ChildInstanceType"),
)


def _child_table(session: Session, said: Said) -> Resource:
    """The network whose table a call names."""
    vpc = session.need("vpc", said.text("ChildInstanceId"), "Instance.NotExist")
    if vpc["route_table_id"] != said.text("ChildInstanceRouteTableId"):
        raise CloudError(
            "Instance.NotExist",
            f"{vpc.id} has no route table {said.text('ChildInstanceRouteTableId')}.",
        )
    return vpc


def _published(call: Call, do: Callable[[Call, str], object]) -> dict[str, Any]:
    there = replace(call, region=call.said.text("ChildInstanceRegionId"))
    there.store.ask("vpc", lambda it: _child_table(it, call.said), region=there.region)
    parts = ("CenId", "ChildInstanceRouteTableId", "DestinationCidrBlock")
    do(there, ":".join(map(call.said.text, parts)))
    return {}


def _publish(call: Call) -> dict[str, Any]:
    cen, table, block = map(
        call.said.text, ("CenId", "ChildInstanceRouteTableId", "DestinationCidrBlock")
    )
    wanted = {"instance_id": cen, "route_table_id": table, "cidr_block": block}
    return _published(
        call, lambda there, _: there.store.create(_PUBLISHED.kind, wanted, region=there.region)
    )


def _withdraw(call: Call) -> dict[str, Any]:
    return _published(
        call,
        lambda there, identity: there.store.delete(_PUBLISHED.kind, identity, region=there.region),
    )


def _list_published(call: Call) -> dict[str, Any]:
    said = call.said
    page, size = said.number("PageNumber", 1, 10**8), said.number("PageSize", 10, 50)

    def look(session: Session) -> list[dict[str, Any]]:
        cen, table = session.need("cen_instance", said.text("CenId")), _child_table(session, said)
        known = {
            one["cidr_block"]
            for one in session.find(
                _PUBLISHED.kind, instance_id=cen.id, route_table_id=table["route_table_id"]
            )
        }
        return [
            {
                "ChildInstanceRouteTableId": one["route_table_id"],
                "DestinationCidrBlock": one["destination_cidrblock"],
                "NextHopId": one["nexthop_id"],
                "NextHopType": one["nexthop_type"],
                "PublishStatus": "Published"
                if one["destination_cidrblock"] in known
                else "NonPublished",
                "RouteType": "Custom",
                "Conflicts": {"Conflict": []},
            }
            for one in session.find("route_entry", route_table_id=table["route_table_id"])
            if said.text("DestinationCidrBlock") in {"", one["destination_cidrblock"]}
        ]

    rows = call.store.ask(
        _PUBLISHED.kind, look, region=said.text("ChildInstanceRegionId") or call.region
    )
    first = (page - 1) * size
    return {
        "PublishedRouteEntries": {"PublishedRouteEntry": rows[first : first + size]},
        "TotalCount": len(rows),
        "PageNumber": page,
        "PageSize": size,
    }


# --- transit routers ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _ModifyThere(Modify):
    """Where the resource is: these calls don't say."""

    @override
    def act(self, call: Call) -> dict[str, Any]:
        return super().act(_there(call, self.subject, self.identity(call.said)))


@dataclass(frozen=True, kw_only=True)
class _DeleteThere(Delete):
    """The same of a deletion."""

    @override
    def act(self, call: Call) -> dict[str, Any]:
        return super().act(_there(call, self.subject, self.identity(call.said)))


def _there(call: Call, subject: Subject, identity: str) -> Call:
    found = call.store.look(subject.kind, identity)
    return replace(call, region=found.text("region_id")) if found else call


_ZONE: Final = Structure({"ZoneId": "zone_id", "VSwitchId": "vswitch_id"})
_AUTO: Final = ("RouteTableAssociationEnabled", "RouteTablePropagationEnabled")
_SENT_TOO: Final = frozenset({"ResourceType", *_AUTO})
"""What the provider sends with each attachment, and the official SDK doesn't know."""


def _zones(said: Said, parameter: str) -> list[Attributes]:
    known = contract_of_kind(_VPC.kind).fields["zone_mappings"]
    return _ZONE.of_numbered(said, parameter, known)


def _enabled(said: Said) -> Attributes:
    return {_VPC.attribute(name): said.flag(name) for name in _AUTO if said.text(name)}


def _owned(attribute: str, parameter: str) -> Callable[[Said], Attributes]:
    def read(said: Said) -> Attributes:
        owner = said.text(parameter)
        if owner and not re.fullmatch(r"[0-9]{1,19}", owner):
            raise invalid(parameter, f"{owner!r} is no account")
        return {**({attribute: owner} if owner else {}), **_enabled(said)}

    return read


def _joined(said: Said) -> Attributes:
    """What an attachment of a VPC states beside plain texts."""
    found = _owned("vpc_owner_id", "VpcOwnerId")(said) | _options(said)
    if said.text("ChargeType"):
        found["payment_type"] = said.choice("ChargeType", {"POSTPAY": "PayAsYouGo"})
    if zones := _zones(said, "ZoneMappings"):
        found["zone_mappings"] = zones
    return found


def _options(said: Said) -> Attributes:
    """Texts by their names, as a text of JSON."""
    parameter = "TransitRouterVPCAttachmentOptions"
    if not said.text(parameter):
        return {}
    try:
        read: object = json.loads(said.text(parameter))
    except (ValueError, RecursionError):
        read = None
    values = cast("dict[str, object]", read).values() if isinstance(read, dict) else [None]
    if not all(isinstance(one, str) for one in values):
        raise invalid(parameter, "it isn't texts by their names")
    return {"transit_router_vpc_attachment_options": read}


def _rezone(call: Call) -> dict[str, Any]:
    """Add zones to an attachment, and take others from it."""
    gone = [one["vswitch_id"] for one in _zones(call.said, "RemoveZoneMappings")]
    new = _zones(call.said, "AddZoneMappings")
    identity = call.said.text("TransitRouterAttachmentId")
    there = _there(call, _VPC, identity)

    def changes(one: Resource) -> Attributes:
        held: Iterable[Attributes] = one["zone_mappings"] or ()
        return {"zone_mappings": [*(it for it in held if it["vswitch_id"] not in gone), *new]}

    there.store.update(_VPC.kind, identity, changes, region=there.region)
    return {}


def _attached(attribute: str, by: str) -> Joined:
    """What is behind the connection that something names."""

    def tell(session: Session, one: Resource) -> object:
        found = attachment_of(session, one[by])
        if found is None:
            return ""
        if attribute == "resource_type":
            return found.text(attribute)
        return next((found.text(it) for it in _BEHIND if found[it]), "")

    return Joined(tell)


_BEHIND: Final = ("vpc_id", "vbr_id", "peer_transit_router_id")


def _delete_route(call: Call) -> dict[str, Any]:
    """Delete a route, which is said by its id or by its table and destination."""
    said, front = call.said, "TransitRouterRouteEntry"
    by = {
        _ROUTE.attribute(name): said.text(name)
        for name in (
            *(f"{front}DestinationCidrBlock", f"{front}NextHopId", f"{front}NextHopType"),
            "TransitRouterRouteTableId",
        )
        if said.text(name)
    }
    identity = said.text(f"{front}Id")
    if not identity and not said.text("TransitRouterRouteTableId"):
        raise missing(f"{front}Id")

    def look(session: Session) -> str:
        for one in session.find(_ROUTE.kind, **by):
            if identity in {"", one.id}:
                return one.id
        raise CloudError(KINDS[_ROUTE.kind].not_found, f"There is no route {identity}.")

    found = call.store.ask(_ROUTE.kind, look, region=call.region)
    call.store.delete(_ROUTE.kind, found, region=call.region)
    return {}


def _told_zones(call: Call) -> dict[str, Any]:
    """The zones in which a region's transit router takes vSwitches."""
    known = [f"{call.region}-{letter}" for letter in ROUTER_ZONES.get(call.region, "")]
    zones = [one for one in zones_of(call.region) if takes_router(call.region, one)] or known
    return {
        "AvailableZones": zones,
        "MasterZones": zones,
        "SlaveZones": zones,
        "SupportMulticast": False,
    }


def _no_vpns(_: Call) -> dict[str, Any]:
    """The VPN connections of a transit router: none, since nothing here makes any."""
    return {"TransitRouterAttachments": [], "TotalCount": 0}


def _is_cen(said: Said) -> Attributes:
    said.choice("ResourceType", {"cen": "cen"})
    return {}


# --- rows -----------------------------------------------------------------------------------------

_CEN_FIELDS: Mapping[str, Field] = {
    "CenId": ID,
    "Name": "cen_instance_name",
    "CenBandwidthPackageIds": Joined(
        lambda session, cen: {
            "CenBandwidthPackageId": [
                one["bandwidth_package_id"] for one in session.find(_GIVEN.kind, instance_id=cen.id)
            ]
        }
    ),
    "CreationTime": "create_time",
    "Description": "description",
    "ProtectionLevel": "protection_level",
    "ResourceGroupId": "resource_group_id",
    "Status": "status",
    "Tags": tags("Key", "Value"),
}
_CHILD_FIELDS: Mapping[str, Field] = {
    "CenId": "instance_id",
    "ChildInstanceId": "child_instance_id",
    "ChildInstanceOwnerId": number("child_instance_owner_id"),
    "ChildInstanceRegionId": "child_instance_region_id",
    "ChildInstanceType": "child_instance_type",
    "Status": "status",
}
_PACKAGE_FIELDS: Mapping[str, Field] = {
    "CenBandwidthPackageId": ID,
    "Name": "cen_bandwidth_package_name",
    "Bandwidth": number("bandwidth"),
    "BandwidthPackageChargeType": _package_charge,
    "BusinessStatus": lambda _: "Normal",
    "CenIds": Joined(
        lambda session, package: {
            "CenId": [
                one["instance_id"]
                for one in session.find(_GIVEN.kind, bandwidth_package_id=package.id)
            ]
        }
    ),
    "Description": "description",
    "ExpiredTime": "expired_time",
    "GeographicRegionAId": _area("geographic_region_a_id"),
    "GeographicRegionBId": _area("geographic_region_b_id"),
    "Status": "status",
}
_LIMIT_FIELDS: Mapping[str, Field] = {
    "CenId": "instance_id",
    "BandwidthLimit": number("bandwidth_limit"),
    "LocalRegionId": lambda limit: limit["region_ids"][0],
    "OppositeRegionId": lambda limit: limit["region_ids"][-1],
    "Status": lambda _: "Active",
}
_SERVICE_FIELDS: Mapping[str, Field] = {
    name: _SERVICE.attribute(name)
    for name in (
        *("AccessRegionId", "CenId", "Description", "Host"),
        *("HostRegionId", "HostVpcId", "Status"),
    )
}
_ROUTER_FIELDS: Mapping[str, Field] = {
    "TransitRouterId": ID,
    "TransitRouterName": "transit_router_name",
    "AliUid": _owner,
    "CenId": "cen_id",
    "CreationTime": "create_time",
    "RegionId": "region_id",
    "Status": "status",
    "SupportMulticast": flag("support_multicast"),
    "Tags": _tags,
    "TransitRouterDescription": "transit_router_description",
    "Type": "type",
}
_TABLE_FIELDS: Mapping[str, Field] = {
    "TransitRouterRouteTableId": ID,
    "TransitRouterRouteTableName": "transit_router_route_table_name",
    "RegionId": Joined(
        lambda session, table: session.need("cen_transit_router", table["transit_router_id"]).text(
            "region_id"
        )
    ),
    "Tags": _tags,
    "TransitRouterId": "transit_router_id",
    "TransitRouterRouteTableDescription": "transit_router_route_table_description",
    "TransitRouterRouteTableStatus": "status",
    "TransitRouterRouteTableType": "transit_router_route_table_type",
}
_ATTACHMENT_FIELDS: Mapping[str, Field] = {
    "TransitRouterAttachmentId": ID,
    "AutoPublishRouteEnabled": flag("auto_publish_route_enabled"),
    "CenId": "cen_id",
    "CreationTime": "create_time",
    "ResourceType": "resource_type",
    "Status": "status",
    "Tags": _tags,
    "TransitRouterAttachmentDescription": "transit_router_attachment_description",
    "TransitRouterAttachmentName": "transit_router_attachment_name",
    "TransitRouterId": "transit_router_id",
}
_VPC_FIELDS: Mapping[str, Field] = {
    **_ATTACHMENT_FIELDS,
    "ChargeType": lambda _: "POSTPAY",
    "OrderType": "order_type",
    "TransitRouterAttachmentName": "transit_router_vpc_attachment_name",
    "TransitRouterVPCAttachmentOptions": (
        lambda one: one["transit_router_vpc_attachment_options"] or {}
    ),
    "VpcId": "vpc_id",
    "VpcOwnerId": number("vpc_owner_id"),
    "VpcRegionId": "region_id",
    "ZoneMappings": lambda one: [_ZONE.told(it) for it in one["zone_mappings"] or ()],
}
_VBR_FIELDS: Mapping[str, Field] = {
    **_ATTACHMENT_FIELDS,
    "OrderType": "order_type",
    "VbrId": "vbr_id",
    "VbrOwnerId": number("vbr_owner_id"),
    "VbrRegionId": "region_id",
}
_PEER_FIELDS: Mapping[str, Field] = {
    **_ATTACHMENT_FIELDS,
    "Bandwidth": number("bandwidth"),
    "BandwidthType": "bandwidth_type",
    "CenBandwidthPackageId": "cen_bandwidth_package_id",
    "DefaultLinkType": "default_link_type",
    "PeerTransitRouterId": "peer_transit_router_id",
    "PeerTransitRouterOwnerId": _owner,
    "PeerTransitRouterRegionId": "peer_transit_router_region_id",
    "RegionId": "region_id",
    "TransitRouterAttachmentName": "transit_router_peer_attachment_name",
}
_TIE_FIELDS: Mapping[str, Field] = {
    "TransitRouterAttachmentId": "transit_router_attachment_id",
    "TransitRouterRouteTableId": "transit_router_route_table_id",
    "ResourceId": _attached("id", "transit_router_attachment_id"),
    "ResourceType": _attached("resource_type", "transit_router_attachment_id"),
    "Status": "status",
}
_HOP = "transit_router_route_entry_next_hop_id"
_ROUTE_FIELDS: Mapping[str, Field] = {
    "TransitRouterRouteEntryId": ID,
    "TransitRouterRouteEntryDescription": "transit_router_route_entry_description",
    "TransitRouterRouteEntryDestinationCidrBlock": _ROUTE.attribute(
        "TransitRouterRouteEntryDestinationCidrBlock"
    ),
    "TransitRouterRouteEntryName": "transit_router_route_entry_name",
    "TransitRouterRouteEntryNextHopId": _HOP,
    "TransitRouterRouteEntryNextHopResourceId": _attached("id", _HOP),
    "TransitRouterRouteEntryNextHopResourceType": _attached("resource_type", _HOP),
    "TransitRouterRouteEntryNextHopType": "transit_router_route_entry_next_hop_type",
    "TransitRouterRouteEntryStatus": "status",
    "TransitRouterRouteEntryType": lambda _: "Static",
}
_DESCRIBED: Final = (
    *("AutoPublishRouteEnabled", "TransitRouterAttachmentDescription"),
    "TransitRouterAttachmentName",
)
_LINK: Final = ("Bandwidth", "BandwidthType", "CenBandwidthPackageId", "DefaultLinkType")


def _listed(
    word: str, subject: Subject, fields: Mapping[str, Field], *more: str, region: str
) -> Describe:
    """The list of one sort of attachments."""
    return Describe(
        name=f"ListTransitRouter{word}Attachments",
        subject=subject,
        takes=("Tag",),
        fields=fields,
        inside=("TransitRouterAttachments", ""),
        filters={
            **{name: name for name in ("CenId", "TransitRouterId", *more)},
            "RegionId": region,
        },
        most=_MOST,
        by_token=True,
    )


def _ties(word: str, made: str, ended: str) -> tuple[Action, ...]:
    """What ties an attachment and a table in one way."""
    subject = Subject(f"cen_transit_router_route_table_{word.lower()}", _TIE)
    return (
        Create(name=made, subject=subject, needs=_TIE),
        Describe(
            name=f"ListTransitRouterRouteTable{word}s",
            subject=Subject(subject.kind, ()),
            fields=_TIE_FIELDS,
            inside=(f"TransitRouter{word}s", ""),
            filters={
                **{name: name for name in (*_TIE, "Status")},
                "TransitRouterAttachmentResourceId": "ResourceId",
                "TransitRouterAttachmentResourceType": "ResourceType",
            },
            most=_MOST,
            by_token=True,
        ),
        Delete(name=ended, subject=subject, needs=_TIE),
    )


_TABLE_OF_ACTIONS: tuple[Action, ...] = (
    Create(
        name="CreateCen",
        subject=_CEN,
        takes=("Description", "Name", "ProtectionLevel", "Tag"),
        tells={"CenId": ID},
    ),
    _Filtered(
        name="DescribeCens",
        subject=Subject(_CEN.kind, ()),
        takes=("Filter", "Tag"),
        fields=_CEN_FIELDS,
        inside=("Cens", "Cen"),
        filters={"ResourceGroupId": "ResourceGroupId"},
    ),
    Modify(
        name="ModifyCenAttribute",
        subject=_CEN,
        needs=("CenId",),
        takes=("Description", "Name", "ProtectionLevel"),
    ),
    Delete(name="DeleteCen", subject=_CEN, needs=("CenId",)),
    Modify(
        name="MoveResourceGroup",
        subject=_MOVED,
        needs=("NewResourceGroupId", "ResourceId", "ResourceType"),
        takes=("NewResourceGroupId",),
        reads=_is_cen,
        also=("ResourceType",),
    ),
    Create(
        name="AttachCenChildInstance",
        subject=_CHILD,
        needs=("CenId", "ChildInstanceId", "ChildInstanceRegionId", "ChildInstanceType"),
        takes=("ChildInstanceOwnerId",),
    ),
    Get(
        name="DescribeCenAttachedChildInstanceAttribute",
        subject=_CHILD,
        needs=("CenId", "ChildInstanceId", "ChildInstanceRegionId", "ChildInstanceType"),
        fields={**_CHILD_FIELDS, "ChildInstanceAttributes": Joined(_block)},
    ),
    Describe(
        name="DescribeCenAttachedChildInstances",
        subject=Subject(_CHILD.kind, ()),
        needs=("CenId",),
        fields=_CHILD_FIELDS,
        inside=("ChildInstances", "ChildInstance"),
        filters={name: name for name in ("CenId", "ChildInstanceRegionId", "ChildInstanceType")},
    ),
    Delete(
        name="DetachCenChildInstance",
        subject=_CHILD,
        needs=("CenId", "ChildInstanceId", "ChildInstanceRegionId", "ChildInstanceType"),
        takes=("CenOwnerId", "ChildInstanceOwnerId"),
    ),
    Create(
        name="CreateCenBandwidthPackage",
        subject=_PACKAGE,
        needs=("Bandwidth", "GeographicRegionAId", "GeographicRegionBId"),
        takes=("AutoRenew", "Description", "Name"),
        reads=_package_paid,
        also=("AutoPay", "BandwidthPackageChargeType", "Period", "PricingCycle"),
        tells={"CenBandwidthPackageId": ID},
    ),
    _Filtered(
        name="DescribeCenBandwidthPackages",
        subject=Subject(_PACKAGE.kind, ()),
        takes=("Filter",),
        fields=_PACKAGE_FIELDS,
        inside=("CenBandwidthPackages", "CenBandwidthPackage"),
        filters={},
    ),
    Modify(
        name="ModifyCenBandwidthPackageSpec",
        subject=_PACKAGE,
        needs=("Bandwidth", "CenBandwidthPackageId"),
        takes=("Bandwidth",),
    ),
    Modify(
        name="ModifyCenBandwidthPackageAttribute",
        subject=_PACKAGE,
        needs=("CenBandwidthPackageId",),
        takes=("Description", "Name"),
    ),
    Delete(name="DeleteCenBandwidthPackage", subject=_PACKAGE, needs=("CenBandwidthPackageId",)),
    Create(
        name="AssociateCenBandwidthPackage",
        subject=_GIVEN,
        needs=("CenBandwidthPackageId", "CenId"),
    ),
    Delete(
        name="UnassociateCenBandwidthPackage",
        subject=_GIVEN,
        needs=("CenBandwidthPackageId", "CenId"),
        within="CenId",
    ),
    Own(
        name="SetCenInterRegionBandwidthLimit",
        subject=_LIMIT,
        needs=("BandwidthLimit", "CenId", "LocalRegionId", "OppositeRegionId"),
        do=_limit,
    ),
    Describe(
        name="DescribeCenInterRegionBandwidthLimits",
        subject=_LIMIT,
        fields=_LIMIT_FIELDS,
        inside=("CenInterRegionBandwidthLimits", "CenInterRegionBandwidthLimit"),
        filters={"CenId": "CenId"},
    ),
    Own(
        name="ResolveAndRouteServiceInCen",
        subject=_SERVICE,
        needs=("AccessRegionIds", "CenId", "Host", "HostRegionId", "HostVpcId"),
        takes=("ClientToken", "Description"),
        do=_resolve,
    ),
    Describe(
        name="DescribeRouteServicesInCen",
        subject=Subject(_SERVICE.kind, ()),
        needs=("CenId",),
        fields=_SERVICE_FIELDS,
        inside=("RouteServiceEntries", "RouteServiceEntry"),
        filters={
            name: name for name in ("AccessRegionId", "CenId", "Host", "HostRegionId", "HostVpcId")
        },
    ),
    Delete(
        name="DeleteRouteServiceInCen",
        subject=_SERVICE,
        needs=("AccessRegionId", "CenId", "Host", "HostRegionId", "HostVpcId"),
        within="HostVpcId",
    ),
    *(
        Own(
            name=f"{verb}RouteEntries",
            subject=_PUBLISHED,
            needs=(*_WHOSE, "DestinationCidrBlock"),
            do=do,
        )
        for verb, do in (("Publish", _publish), ("WithdrawPublished", _withdraw))
    ),
    Own(
        name="DescribePublishedRouteEntries",
        subject=_PUBLISHED,
        needs=_WHOSE,
        takes=("DestinationCidrBlock", "PageNumber", "PageSize"),
        do=_list_published,
    ),
    Create(
        name="CreateTransitRouter",
        subject=_ROUTER,
        needs=("CenId",),
        takes=("SupportMulticast", "Tag", "TransitRouterDescription", "TransitRouterName"),
        tells={"TransitRouterId": ID},
    ),
    Describe(
        name="ListTransitRouters",
        subject=_ROUTER,
        takes=("Tag",),
        fields=_ROUTER_FIELDS,
        inside=("TransitRouters", ""),
        filters={
            name: name for name in ("CenId", "RegionId", "Status", "TransitRouterName", "Type")
        },
        most=_MOST,
    ),
    Modify(
        name="UpdateTransitRouter",
        subject=_ROUTER,
        needs=("TransitRouterId",),
        takes=("TransitRouterDescription", "TransitRouterName"),
    ),
    Delete(name="DeleteTransitRouter", subject=_ROUTER, needs=("TransitRouterId",)),
    Create(
        name="CreateTransitRouterRouteTable",
        subject=_TABLE,
        needs=("TransitRouterId",),
        takes=("Tag", "TransitRouterRouteTableDescription", "TransitRouterRouteTableName"),
        tells={"TransitRouterRouteTableId": ID},
    ),
    Describe(
        name="ListTransitRouterRouteTables",
        subject=_TABLES,
        needs=("TransitRouterId",),
        takes=("Tag",),
        fields=_TABLE_FIELDS,
        inside=("TransitRouterRouteTables", ""),
        filters={
            name: name
            for name in (
                *("TransitRouterId", "TransitRouterRouteTableStatus"),
                "TransitRouterRouteTableType",
            )
        },
        ids=lambda said: said.values("TransitRouterRouteTableIds"),
        most=_MOST,
        by_token=True,
    ),
    Modify(
        name="UpdateTransitRouterRouteTable",
        subject=_TABLE,
        needs=("TransitRouterRouteTableId",),
        takes=("TransitRouterRouteTableDescription", "TransitRouterRouteTableName"),
    ),
    Delete(
        name="DeleteTransitRouterRouteTable",
        subject=_TABLE,
        needs=("TransitRouterRouteTableId",),
    ),
    Create(
        name="CreateTransitRouterVpcAttachment",
        subject=_VPC,
        needs=("VpcId", "ZoneMappings"),
        takes=(*_DESCRIBED, "CenId", "Tag", "TransitRouterId"),
        reads=_joined,
        also=("ChargeType", "TransitRouterVPCAttachmentOptions", "VpcOwnerId", "ZoneMappings"),
        passes_over=_SENT_TOO,
        tells={"TransitRouterAttachmentId": ID},
    ),
    _listed("Vpc", _VPC, _VPC_FIELDS, "OrderType", "Status", "VpcId", region="VpcRegionId"),
    _ModifyThere(
        name="UpdateTransitRouterVpcAttachmentAttribute",
        subject=_VPC,
        needs=("TransitRouterAttachmentId",),
        takes=(*_DESCRIBED, "OrderType"),
        reads=_options,
        also=("TransitRouterVPCAttachmentOptions",),
    ),
    Own(
        name="UpdateTransitRouterVpcAttachmentZones",
        subject=_VPC,
        needs=("TransitRouterAttachmentId",),
        takes=("AddZoneMappings", "ClientToken", "DryRun", "RemoveZoneMappings"),
        do=_rezone,
    ),
    _DeleteThere(
        name="DeleteTransitRouterVpcAttachment",
        subject=_VPC,
        needs=("TransitRouterAttachmentId",),
        takes=("Force",),
    ),
    Create(
        name="CreateTransitRouterVbrAttachment",
        subject=_VBR,
        needs=("VbrId",),
        takes=(*_DESCRIBED, "CenId", "Tag", "TransitRouterId"),
        reads=_owned("vbr_owner_id", "VbrOwnerId"),
        also=("VbrOwnerId",),
        passes_over=_SENT_TOO,
        tells={"TransitRouterAttachmentId": ID},
    ),
    _listed("Vbr", _VBR, _VBR_FIELDS, region="VbrRegionId"),
    Own(
        name="ListTransitRouterVpnAttachments",
        subject=_ROUTER,
        takes=(
            *("CenId", "MaxResults", "NextToken", "Tag"),
            *("TransitRouterAttachmentId", "TransitRouterId"),
        ),
        do=_no_vpns,
    ),
    Modify(
        name="UpdateTransitRouterVbrAttachmentAttribute",
        subject=_VBR,
        needs=("TransitRouterAttachmentId",),
        takes=(*_DESCRIBED, "OrderType"),
    ),
    Delete(
        name="DeleteTransitRouterVbrAttachment",
        subject=_VBR,
        needs=("TransitRouterAttachmentId",),
        takes=("Force",),
    ),
    Create(
        name="CreateTransitRouterPeerAttachment",
        subject=_PEER,
        needs=("PeerTransitRouterId",),
        takes=(
            *(*_DESCRIBED, *_LINK, "CenId", "PeerTransitRouterRegionId", "Tag"),
            "TransitRouterId",
        ),
        passes_over=_SENT_TOO,
        tells={"TransitRouterAttachmentId": ID},
    ),
    _listed("Peer", _PEER, _PEER_FIELDS, region="RegionId"),
    Modify(
        name="UpdateTransitRouterPeerAttachmentAttribute",
        subject=_PEER,
        needs=("TransitRouterAttachmentId",),
        takes=(*_DESCRIBED, *_LINK),
    ),
    Delete(
        name="DeleteTransitRouterPeerAttachment",
        subject=_PEER,
        needs=("TransitRouterAttachmentId",),
        takes=("Force",),
    ),
    *_ties(
        "Association",
        "AssociateTransitRouterAttachmentWithRouteTable",
        "DissociateTransitRouterAttachmentFromRouteTable",
    ),
    *_ties(
        "Propagation",
        "EnableTransitRouterRouteTablePropagation",
        "DisableTransitRouterRouteTablePropagation",
    ),
    Create(
        name="CreateTransitRouterRouteEntry",
        subject=_ROUTE,
        needs=(
            "TransitRouterRouteEntryDestinationCidrBlock",
            "TransitRouterRouteEntryNextHopType",
            "TransitRouterRouteTableId",
        ),
        takes=(
            "TransitRouterRouteEntryDescription",
            "TransitRouterRouteEntryName",
            "TransitRouterRouteEntryNextHopId",
        ),
        tells={"TransitRouterRouteEntryId": ID},
    ),
    Describe(
        name="ListTransitRouterRouteEntries",
        subject=_ROUTES,
        needs=("TransitRouterRouteTableId",),
        fields=_ROUTE_FIELDS,
        inside=("TransitRouterRouteEntries", ""),
        filters={
            name: name
            for name in _ROUTE_FIELDS
            if name
            not in {
                *("TransitRouterRouteEntryId", "TransitRouterRouteEntryDescription"),
                "TransitRouterRouteEntryName",
            }
        },
        by={"TransitRouterRouteTableId": "transit_router_route_table_id"},
        ids=lambda said: said.values("TransitRouterRouteEntryIds"),
        most=_MOST,
        by_token=True,
    ),
    Modify(
        name="UpdateTransitRouterRouteEntry",
        subject=_ROUTE,
        needs=("TransitRouterRouteEntryId",),
        takes=("TransitRouterRouteEntryDescription", "TransitRouterRouteEntryName"),
    ),
    Own(
        name="DeleteTransitRouterRouteEntry",
        subject=_ROUTE,
        takes=(
            *("ClientToken", "DryRun", "TransitRouterRouteEntryDestinationCidrBlock"),
            *("TransitRouterRouteEntryId", "TransitRouterRouteEntryNextHopId"),
            *("TransitRouterRouteEntryNextHopType", "TransitRouterRouteTableId"),
        ),
        do=_delete_route,
    ),
    Own(
        name="ListTransitRouterAvailableResource",
        subject=_ROUTER,
        takes=("SupportMulticast",),
        do=_told_zones,
    ),
    *tag_actions(
        {
            "cen": _CEN,
            "TransitRouter": _ROUTER,
            "TransitRouterRouteTable": _TABLE,
            "TransitRouterPeerAttachment": _PEER,
            "TransitRouterVbrAttachment": _VBR,
            "TransitRouterVpcAttachment": _VPC,
        },
        sized=False,
    ),
)

PRODUCT: Final = Product("cbn", "2017-09-12", _TABLE_OF_ACTIONS)
