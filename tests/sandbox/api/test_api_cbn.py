"""Cloud Enterprise Network by the cloud's API, as the real provider and SDKs go about it."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.api import cbn, vpc
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import Api, served
from tests.sandbox.api.official import models_of
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab


@pytest.fixture
def lab() -> CenLab:
    """Two networks in two regions, and a CEN."""
    return CenLab()


@pytest.fixture
def api(lab: CenLab) -> Api:
    return Api(cbn.PRODUCT, lab.store)


def of_id(key: str, identity: str) -> dict[str, str]:
    """The filter that the provider asks with."""
    return {"Filter.1.Key": key, "Filter.1.Value.1": identity}


def test_a_cen_lives_as_the_provider_leads_it(lab: CenLab, api: Api) -> None:
    made = api.call("CreateCen", Name="shop", ProtectionLevel="REDUCED")
    what, asked = {"CenId": made["CenId"]}, of_id("CenId", made["CenId"])

    def row() -> dict[str, Any]:
        (found,) = api.call("DescribeCens", **asked)["Cens"]["Cen"]
        return found

    assert (row()["Name"], row()["Status"], row()["Description"]) == ("shop", "Active", "")
    api.call("ModifyCenAttribute", **what, Name="joined", Description="all of it")
    group = {"ResourceId": made["CenId"], "NewResourceGroupId": "rg-other"}
    api.call("MoveResourceGroup", ResourceType="cen", **group)
    tag = {"ResourceId.1": made["CenId"], "Tag.1.Key": "team", "Tag.1.Value": "shop"}
    api.call("TagResources", ResourceType="cen", **tag)
    assert (row()["Name"], row()["ResourceGroupId"]) == ("joined", "rg-other")
    assert row()["Tags"] == {"Tag": [{"Key": "team", "Value": "shop"}]}
    assert api.refused("MoveResourceGroup", ResourceType="vpc", **group)[1] == "InvalidParameter"
    api.call("DeleteCen", **what)
    assert api.call("DescribeCens", **asked)["Cens"]["Cen"] == []
    assert api.refused("DeleteCen", **what)[:2] == (404, "ParameterCenInstanceId")


def test_cens_are_filtered_by_what_they_say(lab: CenLab, api: Api) -> None:
    other = lab.make("cen_instance", cen_instance_name="other")

    def ids(**said: str) -> list[str]:
        return [one["CenId"] for one in api.call("DescribeCens", **said)["Cens"]["Cen"]]

    assert ids() == [lab.cen.id, other.id]
    assert ids(**of_id("Name", "other")) == [other.id]
    both = {"Filter.1.Value.1": lab.cen.id, "Filter.1.Value.2": other.id}
    assert ids(**{"Filter.1.Key": "CenId"}, **both) == [lab.cen.id, other.id]
    assert not ids(**of_id("Name", "other"), **{"Filter.2.Key": "CenId", "Filter.2.Value.1": "x"})
    assert api.refused("DescribeCens", **of_id("Mood", "good"))[1] == "InvalidParameter"


def test_a_network_is_attached_as_the_provider_does_it(lab: CenLab, api: Api) -> None:
    child = {
        "CenId": lab.cen.id,
        "ChildInstanceId": lab.vpcs[ZHANGJIAKOU].id,
        "ChildInstanceRegionId": ZHANGJIAKOU,
        "ChildInstanceType": "VPC",
    }
    api.call("AttachCenChildInstance", **child)
    told = api.call("DescribeCenAttachedChildInstanceAttribute", **child)
    assert (told["Status"], told["ChildInstanceOwnerId"]) == ("Attached", 1000000000000001)
    assert told["ChildInstanceAttributes"] == {"CidrBlock": "10.2.0.0/16"}
    rows = api.call("DescribeCenAttachedChildInstances", CenId=lab.cen.id)["ChildInstances"]
    assert [one["ChildInstanceId"] for one in rows["ChildInstance"]] == [child["ChildInstanceId"]]
    api.call("DetachCenChildInstance", **child, CenOwnerId="1000000000000001")
    assert api.refused("DescribeCenAttachedChildInstanceAttribute", **child)[:2] == (
        404,
        "ParameterInstanceId",
    )


def test_a_bandwidth_package_lives_as_the_provider_leads_it(lab: CenLab, api: Api) -> None:
    made = api.call(
        "CreateCenBandwidthPackage",
        Bandwidth="5",
        GeographicRegionAId="China",
        GeographicRegionBId="Asia-Pacific",
        BandwidthPackageChargeType="POSTPAY",
        AutoPay="true",
        Name="east",
    )["CenBandwidthPackageId"]

    def row() -> dict[str, Any]:
        asked = of_id("CenBandwidthPackageId", made)
        (found,) = api.call("DescribeCenBandwidthPackages", **asked)["CenBandwidthPackages"][
            "CenBandwidthPackage"
        ]
        return found

    assert (row()["Status"], row()["Bandwidth"], row()["CenIds"]) == ("Idle", 5, {"CenId": []})
    assert (row()["GeographicRegionAId"], row()["GeographicRegionBId"]) == (
        "china",
        "asia-pacific",
    )
    assert row()["BandwidthPackageChargeType"] == "POSTPAY"
    api.call("ModifyCenBandwidthPackageSpec", CenBandwidthPackageId=made, Bandwidth="10")
    api.call("ModifyCenBandwidthPackageAttribute", CenBandwidthPackageId=made, Name="far")
    assert (row()["Bandwidth"], row()["Name"]) == (10, "far")
    pair = {"CenId": lab.cen.id, "CenBandwidthPackageId": made}
    api.call("AssociateCenBandwidthPackage", **pair)
    assert (row()["Status"], row()["CenIds"]) == ("InUse", {"CenId": [lab.cen.id]})
    assert api.call("DescribeCens")["Cens"]["Cen"][0]["CenBandwidthPackageIds"] == {
        "CenBandwidthPackageId": [made]
    }
    assert api.refused("DeleteCenBandwidthPackage", CenBandwidthPackageId=made)[0] == 400
    wrong = pair | {"CenId": lab.make("cen_instance").id}
    assert api.refused("UnassociateCenBandwidthPackage", **wrong)[0] == 404
    api.call("UnassociateCenBandwidthPackage", **pair)
    assert row()["Status"] == "Idle"
    api.call("DeleteCenBandwidthPackage", CenBandwidthPackageId=made)
    assert not lab.store.all("cen_bandwidth_package")


def test_a_subscription_says_for_how_long_and_stays(lab: CenLab, api: Api) -> None:
    areas = {"GeographicRegionAId": "China", "GeographicRegionBId": "China", "Bandwidth": "2"}
    paid = {"BandwidthPackageChargeType": "PREPAY", "Period": "1", "PricingCycle": "Year"}
    made = api.call("CreateCenBandwidthPackage", **areas, **paid)["CenBandwidthPackageId"]
    (kept,) = lab.store.all("cen_bandwidth_package")
    assert (kept["payment_type"], kept["period"]) == ("PrePaid", 12)
    assert api.refused("DeleteCenBandwidthPackage", CenBandwidthPackageId=made)[1] == (
        "Forbidden.Release"
    )
    odd = areas | {"BandwidthPackageChargeType": "LATER"}
    assert api.refused("CreateCenBandwidthPackage", **odd)[1] == "InvalidParameter"


def test_bandwidth_between_regions_is_given_changed_and_taken_back(lab: CenLab, api: Api) -> None:
    for region in (SHANGHAI, ZHANGJIAKOU):
        lab.attach(region)
    lab.new_package()
    pair = {"LocalRegionId": ZHANGJIAKOU, "OppositeRegionId": SHANGHAI, "CenId": lab.cen.id}

    def given() -> list[int]:
        told = api.call("DescribeCenInterRegionBandwidthLimits", CenId=lab.cen.id)
        rows = told["CenInterRegionBandwidthLimits"]["CenInterRegionBandwidthLimit"]
        # The provider goes on to the next page until this is over.
        assert told["PageSize"] > 0
        assert all((one["LocalRegionId"], one["Status"]) == (SHANGHAI, "Active") for one in rows)
        return [one["BandwidthLimit"] for one in rows]

    api.call("SetCenInterRegionBandwidthLimit", **pair, BandwidthLimit="2")
    api.call("SetCenInterRegionBandwidthLimit", **pair, BandwidthLimit="4")
    assert given() == [4]
    assert api.refused("SetCenInterRegionBandwidthLimit", **pair, BandwidthLimit="6")[1] == (
        "InvalidOperation.BwpBandwidthExceeded"
    )
    for _ in range(2):
        api.call("SetCenInterRegionBandwidthLimit", **pair, BandwidthLimit="0")
        assert given() == []


def test_a_service_is_routed_and_let_go(lab: CenLab, api: Api) -> None:
    lab.attach(SHANGHAI)
    where = {
        "CenId": lab.cen.id,
        "Host": "100.118.28.0/24",
        "HostRegionId": SHANGHAI,
        "HostVpcId": lab.vpcs[SHANGHAI].id,
    }
    asks = {"AccessRegionIds.1": SHANGHAI}
    api.call("ResolveAndRouteServiceInCen", **where, **asks, Description="logs")
    asked = {**where, "AccessRegionId": SHANGHAI}

    def rows() -> list[dict[str, Any]]:
        return api.call("DescribeRouteServicesInCen", **asked)["RouteServiceEntries"][
            "RouteServiceEntry"
        ]

    assert [(one["Status"], one["Description"]) for one in rows()] == [("Active", "logs")]
    api.call("DeleteRouteServiceInCen", **asked)
    assert rows() == []
    assert api.refused("DeleteRouteServiceInCen", **asked)[0] == 404
    assert api.refused("ResolveAndRouteServiceInCen", **where)[1] == "MissingAccessRegionIds"


def test_a_route_of_a_network_is_published_and_withdrawn(lab: CenLab, api: Api) -> None:
    lab.attach(ZHANGJIAKOU)
    network = lab.vpcs[ZHANGJIAKOU]
    lab.vpc_route(network, "10.9.0.0/16", lab.new_vpn(network), nexthop_type="VpnGateway")
    route = {
        "CenId": lab.cen.id,
        "ChildInstanceId": network.id,
        "ChildInstanceRegionId": ZHANGJIAKOU,
        "ChildInstanceRouteTableId": network["route_table_id"],
        "ChildInstanceType": "VPC",
        "DestinationCidrBlock": "10.9.0.0/16",
    }

    def status() -> str:
        told = api.call("DescribePublishedRouteEntries", **route)
        (row,) = told["PublishedRouteEntries"]["PublishedRouteEntry"]
        return row["PublishStatus"]

    assert status() == "NonPublished"
    api.call("PublishRouteEntries", **route)
    assert status() == "Published"
    api.call("WithdrawPublishedRouteEntries", **route)
    assert status() == "NonPublished"
    other = route | {"ChildInstanceRouteTableId": "vtb-x"}
    assert api.refused("PublishRouteEntries", **other)[1] == "Instance.NotExist"


# --- transit routers ------------------------------------------------------------------------------


def test_a_transit_router_lives_as_the_provider_leads_it(lab: CenLab, api: Api) -> None:
    made = api.call(
        "CreateTransitRouter",
        CenId=lab.cen.id,
        RegionId=ZHANGJIAKOU,
        TransitRouterName="north",
        **{"Tag.1.Key": "team", "Tag.1.Value": "shop"},
    )
    what = {"TransitRouterId": made["TransitRouterId"]}

    def rows(region: str = ZHANGJIAKOU) -> list[dict[str, Any]]:
        asked = {"CenId": lab.cen.id, "RegionId": region}
        return api.call("ListTransitRouters", **what, **asked)["TransitRouters"]

    (row,) = rows()
    assert (row["Status"], row["RegionId"], row["Type"]) == (
        "Active",
        ZHANGJIAKOU,
        "Enterprise",
    )
    assert row["Tags"] == [{"Key": "team", "Value": "shop"}]
    assert rows(SHANGHAI) == []
    api.call("UpdateTransitRouter", **what, RegionId=ZHANGJIAKOU, TransitRouterName="nord")
    assert rows()[0]["TransitRouterName"] == "nord"
    tag = {"ResourceId.1": made["TransitRouterId"], "TagKey.1": "team"}
    api.call("UntagResources", ResourceType="TransitRouter", **tag)
    assert rows()[0]["Tags"] == []
    api.call("DeleteTransitRouter", **what)
    assert rows() == []


def join(lab: CenLab, api: Api, region: str) -> tuple[dict[str, str], dict[str, Any]]:
    """A region's network on a transit router, as the provider puts it there."""
    router = lab.new_router(region)
    zones = {
        f"ZoneMappings.{number}.{name}": value
        for number, one in enumerate(lab.vswitches[region], 1)
        for name, value in (("ZoneId", one["zone_id"]), ("VSwitchId", one.id))
    }
    made = api.call(
        "CreateTransitRouterVpcAttachment",
        CenId=lab.cen.id,
        TransitRouterId=router.id,
        VpcId=lab.vpcs[region].id,
        RegionId=region,
        ResourceType="VPC",
        ChargeType="POSTPAY",
        AutoPublishRouteEnabled="false",
        RouteTableAssociationEnabled="false",
        TransitRouterAttachmentName="shop",
        TransitRouterVPCAttachmentOptions='{"ipv6Support": "disable"}',
        **zones,
    )
    what = {"TransitRouterAttachmentId": made["TransitRouterAttachmentId"]}
    (row,) = api.call("ListTransitRouterVpcAttachments", **what, CenId=lab.cen.id, RegionId=region)[
        "TransitRouterAttachments"
    ]
    return what, row


def test_a_networks_attachment_lives_as_the_provider_leads_it(lab: CenLab, api: Api) -> None:
    what, row = join(lab, api, ZHANGJIAKOU)
    first, second = lab.vswitches[ZHANGJIAKOU]
    assert (row["Status"], row["VpcId"], row["VpcRegionId"]) == (
        "Attached",
        lab.vpcs[ZHANGJIAKOU].id,
        ZHANGJIAKOU,
    )
    assert (row["VpcOwnerId"], row["AutoPublishRouteEnabled"]) == (1000000000000001, False)
    assert row["TransitRouterVPCAttachmentOptions"] == {"ipv6Support": "disable"}
    assert [one["VSwitchId"] for one in row["ZoneMappings"]] == [first.id, second.id]
    name = {"TransitRouterAttachmentName": "north", "OrderType": "PayByCenOwner"}
    api.call("UpdateTransitRouterVpcAttachmentAttribute", **what, **name)
    # These calls don't say where: the attachment knows.
    gone = {"RemoveZoneMappings.1.ZoneId": second["zone_id"]}
    gone["RemoveZoneMappings.1.VSwitchId"] = second.id
    api.call("UpdateTransitRouterVpcAttachmentZones", **what, **gone)
    (row,) = api.call("ListTransitRouterVpcAttachments", **what)["TransitRouterAttachments"]
    assert row["TransitRouterAttachmentName"] == "north"
    assert [one["VSwitchId"] for one in row["ZoneMappings"]] == [first.id]
    back = {name.replace("Remove", "Add"): value for name, value in gone.items()}
    api.call("UpdateTransitRouterVpcAttachmentZones", **what, **back)
    assert len(lab.store.all("cen_transit_router_vpc_attachment")[0]["addresses"]) == 2
    tag = {"ResourceId.1": what["TransitRouterAttachmentId"], "Tag.1.Key": "a"}
    api.call("TagResources", ResourceType="TRANSITROUTERVPCATTACHMENT", **tag)
    (row,) = api.call("ListTransitRouterVpcAttachments", **what)["TransitRouterAttachments"]
    assert row["Tags"] == [{"Key": "a", "Value": ""}]
    api.call("DeleteTransitRouterVpcAttachment", **what)
    rest = api.call("ListTransitRouterVpcAttachments", **what)
    assert (rest["TransitRouterAttachments"], rest["TotalCount"]) == ([], 0)


def test_an_attachment_that_a_route_leads_to_stays_wherever_it_is(lab: CenLab, api: Api) -> None:
    what, _ = join(lab, api, ZHANGJIAKOU)
    (attachment,) = lab.store.all("cen_transit_router_vpc_attachment")
    lab.vpc_route(lab.vpcs[ZHANGJIAKOU], "10.9.0.0/16", attachment)
    assert api.refused("DeleteTransitRouterVpcAttachment", **what)[1] == (
        "OperationFailed.AttachmentReferencedVpcRouteEntryExisted"
    )


@pytest.mark.parametrize("options", ["[]", "x", '{"ipv6Support": 1}'])
def test_options_that_are_no_texts_are_refused(options: str, lab: CenLab, api: Api) -> None:
    what, _ = join(lab, api, SHANGHAI)
    said = {"TransitRouterVPCAttachmentOptions": options}
    assert api.refused("UpdateTransitRouterVpcAttachmentAttribute", **what, **said)[1] == (
        "InvalidParameter"
    )


def test_a_border_routers_attachment_lives_as_the_provider_leads_it(lab: CenLab, api: Api) -> None:
    router = lab.new_router(SHANGHAI)
    made = api.call(
        "CreateTransitRouterVbrAttachment",
        CenId=lab.cen.id,
        TransitRouterId=router.id,
        VbrId="vbr-1",
        ResourceType="VBR",
        VbrOwnerId="1000000000000001",
        AutoPublishRouteEnabled="true",
    )
    what = {"TransitRouterAttachmentId": made["TransitRouterAttachmentId"]}
    api.call("UpdateTransitRouterVbrAttachmentAttribute", **what, TransitRouterAttachmentName="dc")
    (row,) = api.call("ListTransitRouterVbrAttachments", **what, CenId=lab.cen.id)[
        "TransitRouterAttachments"
    ]
    assert (row["Status"], row["VbrId"], row["VbrOwnerId"]) == (
        "Attached",
        "vbr-1",
        1000000000000001,
    )
    assert (row["TransitRouterAttachmentName"], row["AutoPublishRouteEnabled"]) == ("dc", True)
    tagged = {"ResourceId.1": what["TransitRouterAttachmentId"]}
    told = api.call("ListTagResources", ResourceType="TransitRouterVbrAttachment", **tagged)
    assert told["TagResources"] == {"TagResource": []}
    api.call("DeleteTransitRouterVbrAttachment", **what)
    assert not lab.store.all("cen_transit_router_vbr_attachment")
    odd = {"TransitRouterId": router.id, "VbrId": "vbr-1", "VbrOwnerId": "me"}
    assert api.refused("CreateTransitRouterVbrAttachment", **odd)[1] == "InvalidParameter"


def test_a_peers_attachment_lives_as_the_provider_leads_it(lab: CenLab, api: Api) -> None:
    here, there = lab.new_router(SHANGHAI), lab.new_router(ZHANGJIAKOU)
    made = api.call(
        "CreateTransitRouterPeerAttachment",
        CenId=lab.cen.id,
        RegionId=SHANGHAI,
        TransitRouterId=here.id,
        PeerTransitRouterId=there.id,
        PeerTransitRouterRegionId=ZHANGJIAKOU,
        Bandwidth="2",
        BandwidthType="DataTransfer",
        AutoPublishRouteEnabled="true",
    )
    what = {"TransitRouterAttachmentId": made["TransitRouterAttachmentId"]}
    change = {"Bandwidth": "3", "TransitRouterAttachmentDescription": "north"}
    api.call("UpdateTransitRouterPeerAttachmentAttribute", **what, **change)
    (row,) = api.call("ListTransitRouterPeerAttachments", **what, RegionId=SHANGHAI)[
        "TransitRouterAttachments"
    ]
    assert (row["Status"], row["Bandwidth"], row["BandwidthType"]) == (
        "Attached",
        3,
        "DataTransfer",
    )
    assert (row["PeerTransitRouterRegionId"], row["RegionId"]) == (ZHANGJIAKOU, SHANGHAI)
    assert row["TransitRouterAttachmentDescription"] == "north"
    api.call("DeleteTransitRouterPeerAttachment", **what)
    assert not lab.store.all("cen_transit_router_peer_attachment")


def test_a_route_table_and_what_is_in_it_live_as_the_provider_leads_them(
    lab: CenLab, api: Api
) -> None:
    what, row = join(lab, api, SHANGHAI)
    router = {"TransitRouterId": row["TransitRouterId"]}
    made = api.call("CreateTransitRouterRouteTable", **router, TransitRouterRouteTableName="shop")
    table = {"TransitRouterRouteTableId": made["TransitRouterRouteTableId"]}
    asked = {"TransitRouterRouteTableIds.1": made["TransitRouterRouteTableId"]}
    api.call("UpdateTransitRouterRouteTable", **table, TransitRouterRouteTableDescription="its")
    (told,) = api.call("ListTransitRouterRouteTables", **router, **asked)[
        "TransitRouterRouteTables"
    ]
    assert (told["TransitRouterRouteTableStatus"], told["TransitRouterRouteTableName"]) == (
        "Active",
        "shop",
    )
    assert (told["TransitRouterRouteTableDescription"], told["RegionId"]) == ("its", SHANGHAI)

    ties = (
        (
            "Association",
            "AssociateTransitRouterAttachmentWithRouteTable",
            "DissociateTransitRouterAttachmentFromRouteTable",
        ),
        (
            "Propagation",
            "EnableTransitRouterRouteTablePropagation",
            "DisableTransitRouterRouteTablePropagation",
        ),
    )
    for word, begin, end in ties:
        api.call(begin, **what, **table)
        listed = f"ListTransitRouterRouteTable{word}s"
        (tie,) = api.call(listed, **what, **table)[f"TransitRouter{word}s"]
        assert (tie["Status"], tie["ResourceType"], tie["ResourceId"]) == (
            "Active",
            "VPC",
            lab.vpcs[SHANGHAI].id,
        )
        assert api.call(listed, **table, TransitRouterAttachmentResourceType="VPC")["TotalCount"]
        assert not api.call(listed, **table, TransitRouterAttachmentResourceId="x")["TotalCount"]
        api.call(end, **what, **table)
        assert api.call(listed, **what, **table)[f"TransitRouter{word}s"] == []

    front = "TransitRouterRouteEntry"
    said = {
        f"{front}DestinationCidrBlock": "10.5.0.0/16",
        f"{front}NextHopType": "Attachment",
        f"{front}NextHopId": what["TransitRouterAttachmentId"],
        f"{front}Name": "far",
    }
    entry = api.call(f"Create{front}", **table, **said)[f"{front}Id"]
    api.call(f"Update{front}", **{f"{front}Id": entry, f"{front}Name": "near"})
    listed = "ListTransitRouterRouteEntries"
    (told,) = api.call(listed, **table, **{f"{front}Ids.1": entry})["TransitRouterRouteEntries"]
    assert (told[f"{front}Status"], told[f"{front}Name"]) == ("Active", "near")
    assert told[f"{front}NextHopResourceId"] == lab.vpcs[SHANGHAI].id
    assert not api.call(listed, **table, **{f"{front}NextHopType": "BlackHole"})["TotalCount"]
    hop = {f"{front}Id": entry, f"{front}NextHopType": "Attachment"}
    api.call(f"Delete{front}", **hop)
    assert api.call(listed, **table)["TransitRouterRouteEntries"] == []
    assert api.refused(f"Delete{front}", **hop)[0] == 404

    api.call("DeleteTransitRouterRouteTable", **table)
    assert not api.call("ListTransitRouterRouteTables", **router, **asked)["TotalCount"]
    assert api.refused("ListTransitRouterRouteTables", TransitRouterId="tr-x")[:2] == (
        404,
        "InvalidTransitRouterId.NotFound",
    )


def test_a_route_goes_by_its_table_and_destination_too(lab: CenLab, api: Api) -> None:
    table = lab.new_table(lab.new_router(SHANGHAI))
    lab.route(table, "10.5.0.0/16", None)
    other = lab.route(table, "10.6.0.0/16", None)
    said = {"TransitRouterRouteEntryDestinationCidrBlock": "10.5.0.0/16"}
    assert api.refused("DeleteTransitRouterRouteEntry", **said)[1].startswith("Missing")
    api.call("DeleteTransitRouterRouteEntry", **said, TransitRouterRouteTableId=table.id)
    assert [one.id for one in lab.store.all("cen_transit_router_route_entry")] == [other.id]


def test_long_lists_go_on_by_a_token(lab: CenLab, api: Api) -> None:
    table = lab.new_table(lab.new_router(SHANGHAI))
    made = [lab.route(table, f"10.5.{number}.0/24", None).id for number in range(5)]
    what = {"TransitRouterRouteTableId": table.id, "MaxResults": "2"}
    found: list[str] = []
    token = ""
    while True:
        more = {"NextToken": token} if token else {}
        told = api.call("ListTransitRouterRouteEntries", **what, **more)
        assert (told["TotalCount"], told["MaxResults"]) == (5, 2)
        found += [one["TransitRouterRouteEntryId"] for one in told["TransitRouterRouteEntries"]]
        if not (token := told.get("NextToken", "")):
            break
    assert found == made


def test_a_region_says_in_which_zones_its_transit_router_is(api: Api) -> None:
    told = api.call("ListTransitRouterAvailableResource", RegionId=ZHANGJIAKOU)
    assert told["AvailableZones"] == [f"{ZHANGJIAKOU}-{letter}" for letter in "abc"]


def test_the_official_sdk_joins_two_networks(tmp_path: Path) -> None:
    models, networks = models_of(cbn.PRODUCT), models_of(vpc.PRODUCT)
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        sdk, of_vpc = cloud.official(cbn.PRODUCT), cloud.official()
        cen = sdk.create_cen(models.CreateCenRequest(name="shop")).body.cen_id
        sides: list[tuple[str, str]] = []
        for region, block in ((SHANGHAI, "10.1.0.0/16"), (ZHANGJIAKOU, "10.2.0.0/16")):
            where = {"region_id": region}
            network = of_vpc.create_vpc(networks.CreateVpcRequest(**where, cidr_block=block)).body
            zone = f"{region}-b"
            vswitch = of_vpc.create_vswitch(
                networks.CreateVSwitchRequest(
                    **where, vpc_id=network.vpc_id, cidr_block=block[:-2] + "24", zone_id=zone
                )
            ).body.v_switch_id
            router = sdk.create_transit_router(
                models.CreateTransitRouterRequest(**where, cen_id=cen)
            ).body.transit_router_id
            mapping = models.CreateTransitRouterVpcAttachmentRequestZoneMappings
            made = sdk.create_transit_router_vpc_attachment(
                models.CreateTransitRouterVpcAttachmentRequest(
                    **where,
                    cen_id=cen,
                    transit_router_id=router,
                    vpc_id=network.vpc_id,
                    zone_mappings=[mapping(v_switch_id=vswitch, zone_id=zone)],
                )
            ).body.transit_router_attachment_id
            sides.append((router, made))
        (here, _), (there, far) = sides
        sdk.create_transit_router_peer_attachment(
            models.CreateTransitRouterPeerAttachmentRequest(
                region_id=SHANGHAI,
                cen_id=cen,
                transit_router_id=here,
                peer_transit_router_id=there,
                bandwidth=2,
                bandwidth_type="DataTransfer",
            )
        )
        sdk.update_transit_router_vpc_attachment_attribute(
            models.UpdateTransitRouterVpcAttachmentAttributeRequest(
                transit_router_attachment_id=far, transit_router_attachment_name="north"
            )
        )
        tag = models.TagResourcesRequestTag(key="team", value="shop")
        sdk.tag_resources(
            models.TagResourcesRequest(resource_type="cen", resource_id=[cen], tag=[tag])
        )
        (row,) = sdk.describe_cens(models.DescribeCensRequest()).body.cens.cen
        assert (row.name, row.tags.tag[0].key) == ("shop", "team")
        rows = sdk.list_transit_router_vpc_attachments(
            models.ListTransitRouterVpcAttachmentsRequest(cen_id=cen)
        ).body.transit_router_attachments
        assert [one.transit_router_attachment_name for one in rows] == ["", "north"]
        (peer,) = sdk.list_transit_router_peer_attachments(
            models.ListTransitRouterPeerAttachmentsRequest(cen_id=cen)
        ).body.transit_router_attachments
        sdk.delete_transit_router_peer_attachment(
            models.DeleteTransitRouterPeerAttachmentRequest(
                transit_router_attachment_id=peer.transit_router_attachment_id
            )
        )
        for router, made in sides:
            sdk.delete_transit_router_vpc_attachment(
                models.DeleteTransitRouterVpcAttachmentRequest(transit_router_attachment_id=made)
            )
            sdk.delete_transit_router(models.DeleteTransitRouterRequest(transit_router_id=router))
        sdk.delete_cen(models.DeleteCenRequest(cen_id=cen))
        assert {one.kind for one in cloud.store.all()} == {"vpc", "vswitch"}
