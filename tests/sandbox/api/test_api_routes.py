"""Route tables, routes and flow logs by the cloud's API, as the real provider goes about them."""

from typing import Any

import pytest

from tests.sandbox.api.api_lab import Api, lab_api


def table_of(api: Api, vpc: str) -> dict[str, Any]:
    (row,) = api.call("DescribeRouteTableList", VpcId=vpc)["RouterTableList"]["RouterTableListType"]
    return row


def routes_of(api: Api, table: str) -> list[dict[str, Any]]:
    (row,) = api.call("DescribeRouteTables", RouteTableId=table)["RouteTables"]["RouteTable"]
    assert row["RouteTableId"] == table
    return row["RouteEntrys"]["RouteEntry"]


def test_a_network_comes_with_the_systems_route_table() -> None:
    _, api = lab_api()
    made = api.call("CreateVpc", VpcName="shop", CidrBlock="10.0.0.0/8")
    row = table_of(api, made["VpcId"])
    assert (row["RouteTableType"], row["RouteTableId"]) == ("System", made["RouteTableId"])
    assert (row["RouterId"], row["VpcId"]) == (made["VRouterId"], made["VpcId"])
    # What nobody has named the provider has to read as unnamed.
    assert (row["RouteTableName"], row["Description"]) == ("", "")
    assert row["RoutePropagationEnable"] is True


def test_a_tables_name_and_propagation_are_changed_by_the_tables_own_id() -> None:
    lab, api = lab_api()
    table = lab.vpc["route_table_id"]
    api.call(
        "ModifyRouteTableAttributes",
        RouteTableId=table,
        RouteTableName="main",
        Description="the shop's",
        RoutePropagationEnable="false",
    )
    row = table_of(api, lab.vpc.id)
    assert (row["RouteTableName"], row["Description"]) == ("main", "the shop's")
    assert row["RoutePropagationEnable"] is False
    assert lab.now(lab.vpc)["system_route_table_name"] == "main"
    refused = api.refused("ModifyRouteTableAttributes", RouteTableId="vtb-x", RouteTableName="x")
    assert refused[0] == 404


def test_a_route_lives_as_the_provider_leads_it() -> None:
    lab, api = lab_api()
    table, card = lab.vpc["route_table_id"], lab.new_card(lab.new_group())
    asked = {"DestinationCidrBlock": "10.1.0.0/16", "NextHopId": card.id}
    kind = {
        "NextHopType": "NetworkInterface",
        "RouteEntryName": "office",
        "RegionId": "cn-shanghai",
    }
    made = api.call("CreateRouteEntry", RouteTableId=table, **asked, **kind)
    (found,) = lab.store.all("route_entry")
    assert (found["nexthop_id"], found["name"]) == (card.id, "office")
    (row,) = [one for one in routes_of(api, table) if one["RouteEntryName"]]
    assert row["RouteEntryId"] == made["RouteEntryId"]
    assert (row["DestinationCidrBlock"], row["InstanceId"]) == ("10.1.0.0/16", card.id)
    assert (row["NextHopType"], row["Status"], row["Type"]) == (
        "NetworkInterface",
        "Available",
        "Custom",
    )
    assert api.refused("CreateRouteEntry", RouteTableId=table, **asked, **kind)[1] == (
        "InvalidCIDRBlock.Duplicate"
    )
    api.call("DeleteRouteEntry", RouteTableId=table, **asked)
    assert not [one for one in routes_of(api, table) if one["RouteEntryName"]]
    assert api.refused("DeleteRouteEntry", RouteTableId=table, **asked)[:2] == (
        404,
        "InvalidRouteEntry.NotFound",
    )


def test_a_route_goes_by_its_own_id_too() -> None:
    lab, api = lab_api()
    table, card = lab.vpc["route_table_id"], lab.new_card(lab.new_group())
    hop = {"NextHopId": card.id, "NextHopType": "NetworkInterface"}
    made = api.call(
        "CreateRouteEntry", RouteTableId=table, DestinationCidrBlock="10.1.0.0/16", **hop
    )
    api.call("DeleteRouteEntry", RouteEntryId=made["RouteEntryId"])
    assert not lab.store.all("route_entry")


@pytest.mark.parametrize("said", [{}, {"RouteTableId": "vtb-x"}])
def test_a_route_has_to_be_said(said: dict[str, str]) -> None:
    _, api = lab_api()
    assert api.refused("DeleteRouteEntry", **said)[1].startswith("Missing")


def test_a_route_is_pending_until_it_is_there() -> None:
    lab, api = lab_api()
    table, card = lab.vpc["route_table_id"], lab.new_card(lab.new_group())
    lab.store.entry_seconds = 30
    lab.store.create(
        "route_entry",
        {
            "route_table_id": table,
            "destination_cidrblock": "10.1.0.0/16",
            "nexthop_type": "NetworkInterface",
            "nexthop_id": card.id,
        },
    )
    assert [one["Status"] for one in routes_of(api, table)].count("Pending") == 1


def test_what_the_cloud_routes_by_itself_is_told_beside_it() -> None:
    lab, api = lab_api()
    table = lab.vpc["route_table_id"]
    told = [(one["DestinationCidrBlock"], one["Type"]) for one in routes_of(api, table)]
    assert told == [
        ("0.0.0.0/0", "Custom"),
        ("192.168.1.0/24", "System"),
        ("100.64.0.0/10", "System"),
    ]


def test_routes_are_listed_by_what_they_say_in_pages() -> None:
    lab, api = lab_api()
    what = {"RouteTableId": lab.vpc["route_table_id"]}

    def blocks(**said: str) -> list[str]:
        rows = api.call("DescribeRouteEntryList", **what, **said)["RouteEntrys"]["RouteEntry"]
        return [one["DestinationCidrBlock"] for one in rows]

    assert blocks(RouteEntryType="Custom") == ["0.0.0.0/0"]
    assert blocks(NextHopId=lab.gateway.id) == ["0.0.0.0/0"]
    assert blocks(DestinationCidrBlock="192.168.1.0/24") == ["192.168.1.0/24"]
    first = api.call("DescribeRouteEntryList", **what, MaxResult="2")
    assert first["TotalCount"] == 3
    assert blocks(NextToken=first["NextToken"]) == ["100.64.0.0/10"]
    assert api.refused("DescribeRouteEntryList", RouteTableId="vtb-x")[:2] == (
        404,
        "InvalidRouteTableId.NotFound",
    )


def test_a_flow_log_lives_as_the_provider_leads_it() -> None:
    lab, api = lab_api()
    made = api.call(
        "CreateFlowLog",
        ResourceType="VPC",
        ResourceId=lab.vpc.id,
        ProjectName="shop",
        LogStoreName="flow",
        TrafficType="All",
        AggregationInterval="1",
        **{"TrafficPath.1": "internetGateway", "Tag.1.Key": "team", "Tag.1.Value": "shop"},
    )
    what = {"FlowLogId": made["FlowLogId"]}

    def row() -> dict[str, Any]:
        (found,) = api.call("DescribeFlowLogs", **what)["FlowLogs"]["FlowLog"]
        return found

    assert (row()["Status"], row()["AggregationInterval"]) == ("Active", 1)
    assert row()["TrafficPath"] == {"TrafficPathList": ["internetGateway"]}
    assert row()["Tags"] == {"Tag": [{"Key": "team", "Value": "shop"}]}
    api.call("DeactiveFlowLog", **what)
    assert row()["Status"] == "Inactive"
    api.call("ActiveFlowLog", **what)
    api.call("ModifyFlowLogAttribute", **what, FlowLogName="flows", AggregationInterval="5")
    assert (row()["FlowLogName"], row()["AggregationInterval"]) == ("flows", 5)
    moved = {"ResourceId": made["FlowLogId"], "NewResourceGroupId": "rg-other"}
    api.call("MoveResourceGroup", ResourceType="FLOWLOG", **moved)
    assert row()["ResourceGroupId"] == "rg-other"
    tag = {"ResourceId.1": made["FlowLogId"], "Tag.1.Key": "env", "Tag.1.Value": "dev"}
    api.call("TagResources", ResourceType="FLOWLOG", **tag)
    assert lab.store.look("vpc_flow_log", made["FlowLogId"])["tags"]["env"] == "dev"
    api.call("DeleteFlowLog", **what)
    assert api.call("DescribeFlowLogs", **what)["FlowLogs"]["FlowLog"] == []
    assert api.call("DescribeFlowLogs")["TotalCount"] == "0"
