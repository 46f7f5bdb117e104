"""VPC's route tables, the routes in them, and the logs of what passes.

A network has one table, of the same name as its router; what is told of it are attributes of the
network. The store holds the routes that somebody added; those that the cloud keeps itself are told
beside them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.api.actions import (
    ID,
    REGION,
    Action,
    Call,
    Create,
    Delete,
    Describe,
    Field,
    Joined,
    Modify,
    Own,
    Subject,
    flag,
    listed,
    number,
    tags,
)
from sandbox.api.refusals import missing
from sandbox.cloud import ACCOUNT_ID, KINDS, CloudError, Resource
from sandbox.cloud.core import Session

__all__ = ["FLOW_LOG", "ROUTES"]

_TABLE: Final = Subject(
    "vpc",
    ("RouteTableId",),
    {
        "RouteTableName": "system_route_table_name",
        "Description": "system_route_table_description",
        "RoutePropagationEnable": "system_route_table_route_propagation_enable",
    },
    own="route_table_id",
)
_ROUTE: Final = Subject(
    "route_entry",
    ("RouteEntryId",),
    {
        "DestinationCidrBlock": "destination_cidrblock",
        "NextHopId": "nexthop_id",
        "NextHopType": "nexthop_type",
        "RouteEntryName": "name",
    },
)
FLOW_LOG: Final = Subject("vpc_flow_log", ("FlowLogId",))
_MOST = 500


def _system(_: Resource) -> object:
    return "System"


def _available(_: Resource) -> object:
    return "Available"


def _vswitches(session: Session, vpc: Resource) -> object:
    return {"VSwitchId": [one.id for one in session.find("vswitch", vpc_id=vpc.id)]}


# --- routes ---------------------------------------------------------------------------------------


def _entry_id(table: str, block: str, hop: str) -> str:
    """The cloud's own id of a route, which the store doesn't keep: the same for the same route."""
    return f"rte-{hashlib.sha256(f'{table} {block} {hop}'.encode()).hexdigest()[:20]}"


def _id_of(route: Resource) -> str:
    parts = ("route_table_id", "destination_cidrblock", "nexthop_id")
    return _entry_id(*map(route.text, parts))


def _entries(session: Session, vpc: Resource) -> list[dict[str, Any]]:
    """Every route of a table: those somebody added, a NAT gateway's, and the cloud's own."""
    custom = [
        _entry(
            vpc,
            "Custom",
            one.text("destination_cidrblock"),
            (one.text("nexthop_type"), one.text("nexthop_id")),
            Status=one.text("status") or "Available",
            RouteEntryName=one.text("name"),
            Description=one.text("description"),
        )
        for one in session.find("route_entry", route_table_id=vpc["route_table_id"])
    ]
    ways_out = [
        _entry(vpc, "Custom", "0.0.0.0/0", ("NatGateway", one.id))
        for one in session.find("nat_gateway", vpc_id=vpc.id)
        if one["network_type"] != "intranet"
    ]
    own = [
        *(one.text("cidr_block") for one in session.find("vswitch", vpc_id=vpc.id)),
        "100.64.0.0/10",
    ]
    return [*custom, *ways_out, *(_entry(vpc, "System", block, ("local", "")) for block in own)]


def _entry(
    vpc: Resource, kind: str, block: str, hop: tuple[str, str], **more: str
) -> dict[str, Any]:
    table = vpc.text("route_table_id")
    kind_of_hop, hop_id = hop
    return {
        "RouteTableId": table,
        "RouteEntryId": _entry_id(table, block, hop_id),
        "RouteEntryName": "",
        "Description": "",
        "DestinationCidrBlock": block,
        "Type": kind,
        "Status": "Available",
        "NextHops": {
            "NextHop": [
                {"NextHopId": hop_id, "NextHopType": kind_of_hop, "Enabled": 1, "Weight": 100}
            ]
        },
        **more,
    }


def _with_hop(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The same as tables have it: the next hop beside the list of them."""
    (hop,) = entry["NextHops"]["NextHop"]
    return {**entry, "NextHopType": hop["NextHopType"], "InstanceId": hop["NextHopId"]}


_TOLD_BY: Final = ("DestinationCidrBlock", "RouteEntryId", "RouteEntryName")
_TOLD_OF_HOP: Final = ("NextHopId", "NextHopType")


def _list_entries(call: Call) -> dict[str, Any]:
    said = call.said
    part = said.part("MaxResult", 50, _MOST)

    def look(session: Session) -> Iterator[dict[str, Any]]:
        vpc = _table_of(session, said.text("RouteTableId"))
        for entry in _entries(session, vpc):
            (hop,) = entry["NextHops"]["NextHop"]
            told = {**{n: entry[n] for n in _TOLD_BY}, **{n: hop[n] for n in _TOLD_OF_HOP}}
            told["RouteEntryType"] = entry["Type"]
            if all(said.text(name) in {"", it} for name, it in told.items()):
                yield {**entry, "IpVersion": "IPv4"}

    found = call.store.ask("vpc", lambda session: list(look(session)), region=call.region)
    told, more = part.of(found)
    return {"RouteEntrys": {"RouteEntry": told}, "TotalCount": len(found), **more}


def _table_of(session: Session, identity: str) -> Resource:
    if found := _TABLE.found(session, identity):
        return found
    raise CloudError("InvalidRouteTableId.NotFound", f"There is no route table {identity}.")


def _delete_entry(call: Call) -> dict[str, Any]:
    """Delete a route, which is said by its id or by its table and destination."""
    said = call.said
    identity, block = said.text("RouteEntryId"), said.text("DestinationCidrBlock")
    if not identity:
        for name in ("RouteTableId", "DestinationCidrBlock"):
            if not said.text(name):
                raise missing(name)

    def look(session: Session) -> str:
        for one in session.find("route_entry"):
            if identity:
                if _id_of(one) == identity:
                    return one.id
            elif (
                one["route_table_id"] == said.text("RouteTableId")
                and one["destination_cidrblock"] == block
                and said.text("NextHopId") in {"", one["nexthop_id"]}
            ):
                return one.id
        words = f"There is no route {identity or block} that somebody added."
        raise CloudError(KINDS["route_entry"].not_found, words)

    found = call.store.ask("route_entry", look, region=call.region)
    call.store.delete("route_entry", found, region=call.region)
    return {}


# --- rows -----------------------------------------------------------------------------------------

_TABLE_FIELDS: Mapping[str, Field] = {
    "RouteTableId": "route_table_id",
    "RouteTableName": "system_route_table_name",
    "RouteTableType": _system,
    "AssociateType": lambda _: "VSwitch",
    "CreationTime": "create_time",
    "Description": "system_route_table_description",
    "OwnerId": lambda _: int(ACCOUNT_ID),
    "ResourceGroupId": "resource_group_id",
    "RoutePropagationEnable": flag("system_route_table_route_propagation_enable"),
    "RouterId": "router_id",
    "RouterType": lambda _: "VRouter",
    "Status": _available,
    "VSwitchIds": Joined(_vswitches),
    "VpcId": ID,
}
_FLOW_LOG_FIELDS: Mapping[str, Field] = {
    "FlowLogId": ID,
    "FlowLogName": "flow_log_name",
    "AggregationInterval": number("aggregation_interval"),
    "BusinessStatus": "business_status",
    "CreationTime": "create_time",
    "Description": "description",
    "IpVersion": "ip_version",
    "LogStoreName": "log_store_name",
    "ProjectName": "project_name",
    "RegionId": REGION,
    "ResourceGroupId": "resource_group_id",
    "ResourceId": "resource_id",
    "ResourceType": "resource_type",
    "Status": "status",
    "Tags": tags("Key", "Value"),
    "TrafficPath": listed("TrafficPathList", "traffic_path"),
    "TrafficType": "traffic_type",
}

ROUTES: Final[tuple[Action, ...]] = (
    Describe(
        name="DescribeRouteTableList",
        subject=_TABLE,
        fields=_TABLE_FIELDS,
        inside=("RouterTableList", "RouterTableListType"),
        filters={
            name: name
            for name in (
                *("ResourceGroupId", "RouteTableName", "RouteTableType"),
                *("RouterId", "RouterType", "VpcId"),
            )
        },
    ),
    Modify(
        name="ModifyRouteTableAttributes",
        subject=_TABLE,
        needs=("RouteTableId",),
        takes=("Description", "RoutePropagationEnable", "RouteTableName"),
    ),
    Describe(
        name="DescribeRouteTables",
        subject=_TABLE,
        fields={
            "RouteTableId": "route_table_id",
            "RouteTableType": _system,
            "CreationTime": "create_time",
            "ResourceGroupId": "resource_group_id",
            "RouteEntrys": Joined(
                lambda session, vpc: {"RouteEntry": [*map(_with_hop, _entries(session, vpc))]}
            ),
            "Status": _available,
            "VRouterId": "router_id",
            "VSwitchIds": Joined(_vswitches),
        },
        inside=("RouteTables", "RouteTable"),
        filters={"ResourceGroupId": "ResourceGroupId", "VRouterId": "VRouterId"},
    ),
    Own(
        name="DescribeRouteEntryList",
        subject=_ROUTE,
        needs=("RouteTableId",),
        takes=(*_TOLD_BY, *_TOLD_OF_HOP, "MaxResult", "NextToken", "RouteEntryType"),
        do=_list_entries,
    ),
    Create(
        name="CreateRouteEntry",
        subject=_ROUTE,
        needs=("DestinationCidrBlock", "RouteTableId"),
        takes=("Description", "NextHopId", "NextHopType", "RouteEntryName"),
        unless_stated={"nexthop_type": "Instance"},
        tells={"RouteEntryId": _id_of},
    ),
    Own(
        name="DeleteRouteEntry",
        subject=_ROUTE,
        takes=("DestinationCidrBlock", "NextHopId", "RouteEntryId", "RouteTableId"),
        do=_delete_entry,
    ),
    Create(
        name="CreateFlowLog",
        subject=FLOW_LOG,
        needs=("LogStoreName", "ProjectName", "ResourceId", "ResourceType", "TrafficType"),
        takes=(
            *("AggregationInterval", "Description", "FlowLogName", "IpVersion"),
            *("ResourceGroupId", "Tag", "TrafficPath"),
        ),
        tells={"FlowLogId": ID, "ResourceGroupId": "resource_group_id"},
    ),
    Describe(
        name="DescribeFlowLogs",
        subject=FLOW_LOG,
        fields=_FLOW_LOG_FIELDS,
        inside=("FlowLogs", "FlowLog"),
        filters={
            name: name
            for name in (
                *("Description", "FlowLogName", "LogStoreName", "ProjectName"),
                *("ResourceGroupId", "ResourceId", "ResourceType", "Status", "TrafficType"),
            )
        },
        counts=str,
    ),
    Modify(
        name="ModifyFlowLogAttribute",
        subject=FLOW_LOG,
        needs=("FlowLogId",),
        takes=("AggregationInterval", "Description", "FlowLogName", "IpVersion"),
    ),
    *(
        Modify(
            name=f"{verb}FlowLog",
            subject=FLOW_LOG,
            needs=("FlowLogId",),
            reads=lambda _, status=status: {"status": status},
        )
        for verb, status in (("Active", "Active"), ("Deactive", "Inactive"))
    ),
    Delete(name="DeleteFlowLog", subject=FLOW_LOG, needs=("FlowLogId",)),
)
