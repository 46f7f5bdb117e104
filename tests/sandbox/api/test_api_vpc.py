"""VPC's actions on the simulated cloud: what each does, filters, pages, tags, dry runs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.cloud import Resource
from tests.sandbox.api.api_lab import lab_api, signed


def entry(gateway: Resource, ip: str, port: int) -> dict[str, str]:
    """The parameters of a forward entry."""
    return {
        "ForwardTableId": gateway["forward_table_ids"],
        "ExternalIp": ip,
        "ExternalPort": str(port),
        "InternalIp": "192.168.1.1",
        "InternalPort": str(port),
        "IpProtocol": "tcp",
    }


def added(gateway: Resource, ip: str, port: int) -> dict[str, str]:
    return signed("CreateForwardEntry", **entry(gateway, ip, port))


def test_what_is_made_here_is_what_the_provider_finds() -> None:
    lab, api = lab_api()
    made = api.call("CreateForwardEntry", **entry(lab.gateway, lab.bound_ip(), 80))
    found = lab.store.look("forward_entry", made["ForwardEntryId"])
    assert (found["external_port"], found["nat_gateway_id"]) == ("80", lab.gateway.id)


def test_what_the_provider_made_is_told_here() -> None:
    lab, api = lab_api()
    made = lab.forward(lab.bound_ip(), "443", forward_entry_name="web")
    table = lab.gateway["forward_table_ids"]
    answer = api.call("DescribeForwardTableEntries", ForwardTableId=table)
    (told,) = answer["ForwardTableEntries"]["ForwardTableEntry"]
    assert told["ForwardEntryId"] == made.id
    assert (told["ExternalPort"], told["ForwardEntryName"]) == ("443", "web")


def test_any_and_protocols_may_be_written_in_capital_letters_and_are_told_in_small_ones() -> None:
    lab, api = lab_api()
    said = entry(lab.gateway, lab.bound_ip(), 80)
    any_port = {"ExternalPort": "Any", "InternalPort": "ANY", "IpProtocol": "Any"}
    made = api.call("CreateForwardEntry", **{**said, **any_port})
    found = lab.store.look("forward_entry", made["ForwardEntryId"])
    assert {found[one] for one in ("external_port", "internal_port", "ip_protocol")} == {"any"}


def test_250_entries_come_in_pages_that_have_each_of_them_once() -> None:
    lab, api = lab_api()
    lab.store.set_quota("forward_entries_per_table", 300)
    ip = lab.bound_ip()
    made = [lab.forward(ip, str(port)).id for port in range(1, 251)]
    pages = [
        api.call(
            "DescribeForwardTableEntries",
            NatGatewayId=lab.gateway.id,
            PageNumber=str(number),
            PageSize="50",
        )
        for number in range(1, 7)
    ]
    assert {page["TotalCount"] for page in pages} == {250}
    rows = [page["ForwardTableEntries"]["ForwardTableEntry"] for page in pages]
    assert [len(page) for page in rows] == [50] * 5 + [0]
    assert [row["ForwardEntryId"] for page in rows for row in page] == made


@pytest.mark.parametrize(("name", "value"), [("PageSize", "51"), ("PageNumber", "0")])
def test_a_page_that_cannot_be_is_refused(name: str, value: str) -> None:
    _, api = lab_api()
    assert api.refused("DescribeNatGateways", **{name: value})[1] == "InvalidParameter"


def test_of_two_who_add_entries_to_one_gateway_at_once_one_is_told_to_wait() -> None:
    lab, api = lab_api()
    ip = lab.bound_ip()
    lab.store.entry_seconds = 30
    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(api.send, [added(lab.gateway, ip, port) for port in (80, 443)]))
    assert sorted(one.status for one in sent) == [200, 400]
    (bad,) = [one.body for one in sent if one.status == 400]
    assert b'"OperationConflict"' in bad


def test_an_entry_is_pending_until_it_is_there() -> None:
    lab, api = lab_api()
    ip = lab.bound_ip()
    lab.store.entry_seconds = 30
    lab.forward(ip)
    table = lab.gateway["forward_table_ids"]
    answer = api.call("DescribeForwardTableEntries", ForwardTableId=table)
    assert answer["ForwardTableEntries"]["ForwardTableEntry"][0]["Status"] == "Pending"


def test_an_entry_is_changed_and_deleted_in_its_own_table_alone() -> None:
    lab, api = lab_api()
    made = lab.forward(lab.bound_ip())
    own, other = lab.gateway["forward_table_ids"], lab.new_gateway()["forward_table_ids"]
    change = {"ForwardEntryId": made.id, "ForwardEntryName": "web"}
    for action in ("ModifyForwardEntry", "DeleteForwardEntry"):
        said = change if action.startswith("Modify") else {"ForwardEntryId": made.id}
        status, code, _ = api.refused(action, **said, ForwardTableId=other)
        assert (status, code) == (404, "InvalidForwardEntryId.NotFound")
    api.call("ModifyForwardEntry", **change, ForwardTableId=own)
    assert lab.now(made)["forward_entry_name"] == "web"
    api.call("DeleteForwardEntry", ForwardEntryId=made.id, ForwardTableId=own)
    assert lab.store.look("forward_entry", made.id) is None


def test_a_table_that_is_not_there_has_no_entries_to_tell() -> None:
    _, api = lab_api()
    refused = api.refused("DescribeForwardTableEntries", ForwardTableId="ftb-x")
    assert refused[:2] == (404, "InvalidForwardTableId.NotFound")
    assert api.refused("DescribeForwardTableEntries")[1] == "MissingForwardTableId"


def test_the_same_client_token_makes_one() -> None:
    lab, api = lab_api()
    made = [api.call("AllocateEipAddress", ClientToken="once") for _ in range(2)]
    assert made[0]["AllocationId"] == made[1]["AllocationId"]
    assert len(lab.store.all("eip_address")) == 1


def test_a_dry_run_says_what_would_be_and_does_nothing() -> None:
    lab, api = lab_api()
    ip = lab.bound_ip()
    assert api.refused("CreateForwardEntry", **entry(lab.gateway, ip, 80), DryRun="true")[1] == (
        "DryRunOperation"
    )
    assert not lab.store.all("forward_entry")
    wrong = entry(lab.gateway, "203.0.113.99", 80)
    assert api.refused("CreateForwardEntry", **wrong, DryRun="true")[1] == "InvalidIp.NotInNatgw"


def test_a_dry_run_of_a_deletion_deletes_nothing() -> None:
    lab, api = lab_api()
    eip = lab.new_eip()
    refused = api.refused("ReleaseEipAddress", AllocationId=eip.id, DryRun="true")
    assert refused[1] == "DryRunOperation"
    assert lab.now(eip)


def test_filters_let_through_what_says_the_same() -> None:
    lab, api = lab_api()
    bound, idle = lab.new_eip(name="a"), lab.new_eip(name="b", tags={"team": "shop"})
    lab.bind(bound)

    def found(**filters: str) -> list[str]:
        answer = api.call("DescribeEipAddresses", **filters)
        assert answer["TotalCount"] == len(answer["EipAddresses"]["EipAddress"])
        return [row["AllocationId"] for row in answer["EipAddresses"]["EipAddress"]]

    assert found() == [bound.id, idle.id]
    assert found(Status="Available") == found(EipName="b") == [idle.id]
    assert found(AssociatedInstanceId=lab.gateway.id, AssociatedInstanceType="Nat") == [bound.id]
    assert found(EipAddress=bound["ip_address"]) == [bound.id]
    assert found(AllocationId=f"{idle.id},{bound.id}") == [idle.id, bound.id]
    assert found(**{"Tag.1.Key": "team"}) == [idle.id]
    assert not found(**{"Tag.1.Key": "team", "Tag.1.Value": "else"})
    assert not found(AllocationId=idle.id, Status="InUse")


def test_regions_are_apart() -> None:
    _, api = lab_api()
    assert api.call("DescribeVpcs", RegionId="cn-beijing")["TotalCount"] == 0
    api.call("CreateVpc", RegionId="cn-beijing")
    assert api.call("DescribeVpcs", RegionId="cn-beijing")["Vpcs"]["Vpc"][0]["RegionId"] == (
        "cn-beijing"
    )


def test_an_eip_is_unbound_wherever_it_is_bound() -> None:
    lab, api = lab_api()
    eip = lab.new_eip()
    lab.bind(eip)
    wrong = {"AllocationId": eip.id, "InstanceId": "ngw-x"}
    assert api.refused("UnassociateEipAddress", **wrong)[1] == "InvalidAssociation.NotFound"
    api.call("UnassociateEipAddress", AllocationId=eip.id)
    assert lab.now(eip)["status"] == "Available"
    assert api.refused("UnassociateEipAddress", AllocationId=eip.id)[0] == 404


def test_an_eip_in_a_package_has_the_packages_bandwidth() -> None:
    lab, api = lab_api()
    eip, package = lab.new_eip(bandwidth="7"), lab.new_package(bandwidth="300")
    packed = {"BandwidthPackageId": package.id, "IpInstanceId": eip.id}
    api.call("AddCommonBandwidthPackageIp", **packed)
    (row,) = api.call("DescribeEipAddresses")["EipAddresses"]["EipAddress"]
    assert (row["Bandwidth"], row["EipBandwidth"], row["BandwidthPackageId"]) == (
        "300",
        "7",
        package.id,
    )
    api.call("RemoveCommonBandwidthPackageIp", **packed)
    (row,) = api.call("DescribeEipAddresses")["EipAddresses"]["EipAddress"]
    assert (row["Bandwidth"], row["BandwidthPackageId"]) == ("7", "")


def test_tags_are_added_listed_in_pages_and_taken_away() -> None:
    lab, api = lab_api()
    what = {"ResourceType": "VPC", "ResourceId.1": lab.vpc.id}
    both = {"Tag.1.Key": "a", "Tag.1.Value": "1", "Tag.2.Key": "b", "Tag.2.Value": "2"}
    api.call("TagResources", **what, **both)
    first = api.call("ListTagResources", **what, MaxResults="1")
    rest = api.call("ListTagResources", **what, NextToken=first["NextToken"])
    rows = first["TagResources"]["TagResource"] + rest["TagResources"]["TagResource"]
    assert [(row["TagKey"], row["TagValue"]) for row in rows] == [("a", "1"), ("b", "2")]
    assert "NextToken" not in rest
    api.call("UnTagResources", **what, **{"TagKey.1": "a"})
    assert lab.now(lab.vpc)["tags"] == {"b": "2"}
    api.call("UnTagResources", **what, All="true")
    assert not lab.now(lab.vpc)["tags"]


def test_tags_go_to_all_that_are_named_or_to_none() -> None:
    lab, api = lab_api()
    ids = {"ResourceId.1": lab.vpc.id, "ResourceId.2": "vpc-x"}
    tag = {"Tag.1.Key": "a", "Tag.1.Value": "1"}
    assert api.refused("TagResources", ResourceType="VPC", **ids, **tag)[1] == (
        "InvalidVpcId.NotFound"
    )
    assert not lab.now(lab.vpc)["tags"]


def test_an_empty_text_takes_a_description_away() -> None:
    lab, api = lab_api()
    api.call("ModifyVpcAttribute", VpcId=lab.vpc.id, Description="the shop's")
    assert lab.now(lab.vpc)["description"] == "the shop's"
    api.call("ModifyVpcAttribute", VpcId=lab.vpc.id, Description="")
    assert not lab.now(lab.vpc)["description"]


def test_a_value_that_the_cloud_does_not_know_is_refused_with_those_it_does() -> None:
    _, api = lab_api()
    _, code, words = api.refused("AllocateEipAddress", InternetChargeType="PayByMood")
    assert code == "InvalidParameter"
    assert "PayByTraffic" in words


def test_faults_on_demand_are_met_here_too() -> None:
    lab, api = lab_api()
    lab.store.faults.throttle(next_calls=1)
    assert api.refused("DescribeVpcs")[:2] == (400, "Throttling.User")
    assert api.call("DescribeVpcs")


def test_a_network_is_led_by_all_that_the_provider_calls() -> None:
    lab, api = lab_api()
    made = api.call(
        "CreateVpc",
        CidrBlock="10.0.0.0/8",
        UserCidr="10.1.0.0/16,10.2.0.0/16",
        EnableDnsHostname="true",
    )
    what = {"VpcId": made["VpcId"]}
    told = api.call("DescribeVpcAttribute", **what)
    assert told["UserCidrs"] == {"UserCidr": ["10.1.0.0/16", "10.2.0.0/16"]}
    assert told["DnsHostnameStatus"] == "ENABLED"
    api.call("ModifyVpcAttribute", **what, EnableDnsHostname="false")
    api.call("EnableVpcClassicLink", **what)
    told = api.call("DescribeVpcAttribute", **what)
    assert (told["DnsHostnameStatus"], told["ClassicLinkEnabled"]) == ("DISABLED", True)
    api.call("DisableVpcClassicLink", **what)
    assert lab.store.look("vpc", made["VpcId"])["classic_link_enabled"] is False
    group = {"ResourceId": made["VpcId"], "NewResourceGroupId": "rg-other"}
    api.call("MoveResourceGroup", ResourceType="VPC", **group)
    assert api.call("DescribeVpcAttribute", **what)["ResourceGroupId"] == "rg-other"
    api.call("DeleteVpc", **what, ForceDelete="true")
    assert api.refused("DescribeVpcAttribute", **what)[:2] == (404, "InvalidVpcId.NotFound")


def test_a_network_takes_more_blocks_and_its_vswitches_lie_in_any() -> None:
    lab, api = lab_api()
    what = {"VpcId": lab.vpc.id, "SecondaryCidrBlock": "10.9.0.0/16"}
    place = {"VpcId": lab.vpc.id, "ZoneId": "cn-shanghai-a", "CidrBlock": "10.9.1.0/24"}
    assert api.refused("CreateVSwitch", **place)[1] == "InvalidParameter"
    api.call("AssociateVpcCidrBlock", **what, IpVersion="IPV4")
    told = api.call("DescribeVpcAttribute", VpcId=lab.vpc.id)
    assert told["SecondaryCidrBlocks"] == {"SecondaryCidrBlock": ["10.9.0.0/16"]}
    vswitch = api.call("CreateVSwitch", **place)["VSwitchId"]
    assert api.refused("AssociateVpcCidrBlock", **what)[1] == "InvalidCidrBlock.Overlapped"
    assert api.refused("UnassociateVpcCidrBlock", **what)[1] == "DependencyViolation.VSwitch"
    api.call("DeleteVSwitch", VSwitchId=vswitch)
    api.call("UnassociateVpcCidrBlock", **what)
    assert not lab.now(lab.vpc)["secondary_cidr_blocks"]
    assert api.refused("UnassociateVpcCidrBlock", **what)[1] == "InvalidCidrBlock.NotFound"


def test_yes_and_no_are_filters_as_well() -> None:
    lab, api = lab_api()
    assert api.call("DescribeVpcs", IsDefault="false")["Vpcs"]["Vpc"][0]["VpcId"] == lab.vpc.id
    assert api.call("DescribeVpcs", IsDefault="true")["TotalCount"] == 0


def test_a_vswitch_counts_its_free_addresses() -> None:
    lab, api = lab_api()

    def free() -> int:
        told = api.call("DescribeVSwitchAttributes", VSwitchId=lab.vswitch.id)
        return told["AvailableIpAddressCount"]

    # 256 but for the cloud's four and the gateway's own.
    assert free() == 251
    lab.new_card(lab.new_group())
    assert free() == 250


@pytest.mark.parametrize("kind", ["CBWP", "EIP", "NATGW"])
def test_deletion_protection_is_turned_on_and_off(kind: str) -> None:
    lab, api = lab_api()
    one = {"CBWP": lab.new_package(), "EIP": lab.new_eip(), "NATGW": lab.gateway}[kind]
    api.call("DeletionProtection", InstanceId=one.id, Type=kind, ProtectionEnable="true")
    assert lab.now(one)["deletion_protection"] is True
    api.call("DeletionProtection", InstanceId=one.id, Type=kind, ProtectionEnable="false")
    assert lab.now(one)["deletion_protection"] is False
    odd = {"InstanceId": one.id, "Type": "VPC", "ProtectionEnable": "true"}
    assert api.refused("DeletionProtection", **odd)[1] == "InvalidParameter"


def test_a_gateways_type_is_settled() -> None:
    lab, api = lab_api()
    what = {"NatGatewayId": lab.gateway.id}
    said = {"NatType": "Enhanced", "VSwitchId": lab.vswitch.id}
    assert api.refused("UpdateNatGatewayNatType", **what, **said)[1] == (
        "OperationUnsupported.Modify"
    )
    api.call("ModifyNatGatewaySpec", **what, Spec="Middle")
    assert lab.now(lab.gateway)["specification"] == "Middle"


def test_an_eip_is_bound_in_another_mode() -> None:
    lab, api = lab_api()
    bound = lab.bind_card(lab.new_card(lab.new_group()))
    eip = bound["allocation_id"]
    api.call("ModifyEipForwardMode", InstanceId=eip, Mode="MULTI_BINDED")
    (row,) = api.call("DescribeEipAddresses", AllocationId=eip)["EipAddresses"]["EipAddress"]
    assert row["Mode"] == "MULTI_BINDED"
    idle = lab.new_eip().id
    refused = api.refused("ModifyEipForwardMode", InstanceId=idle, Mode="NAT")
    assert refused[1] == "IncorrectEipStatus"


def test_an_eip_is_watched_by_the_second() -> None:
    lab, api = lab_api()
    eip = lab.new_eip()
    said = {"InstanceId": eip.id, "InstanceType": "EIP", "LogProject": "shop", "LogStore": "eips"}
    api.call("SetHighDefinitionMonitorLogStatus", **said, Status="ON")
    (row,) = api.call("DescribeEipAddresses", AllocationId=eip.id)["EipAddresses"]["EipAddress"]
    assert (row["HDMonitorStatus"], lab.now(eip)["log_store"]) == ("ON", "eips")
    which = {"InstanceId": eip.id, "InstanceType": "EIP"}
    told = api.call("DescribeHighDefinitionMonitorLogAttribute", **which)
    assert (told["LogProject"], told["LogStore"]) == ("shop", "eips")


def test_a_new_eip_is_any() -> None:
    _, api = lab_api()
    # The provider always says which, and mostly nothing.
    api.call("AllocateEipAddress", InstanceId="")
    assert api.refused("AllocateEipAddress", InstanceId="eip-mine")[0] == 404


def test_an_eip_may_have_a_cap_within_its_package() -> None:
    lab, api = lab_api()
    eip, package = lab.new_eip(bandwidth="7"), lab.new_package(bandwidth="300")
    lab.pack(eip, package)
    what = {"BandwidthPackageId": package.id, "EipId": eip.id}

    def bandwidths() -> tuple[str, str]:
        (row,) = api.call("DescribeEipAddresses")["EipAddresses"]["EipAddress"]
        return row["Bandwidth"], row["BandwidthPackageBandwidth"]

    api.call("ModifyCommonBandwidthPackageIpBandwidth", **what, Bandwidth="50")
    assert bandwidths() == ("50", "300")
    # Both the same is how the provider tells that there is none.
    api.call("CancelCommonBandwidthPackageIpBandwidth", **what)
    assert bandwidths() == ("300", "300")


def test_regions_and_their_zones_are_told() -> None:
    _, api = lab_api()
    regions = [one["RegionId"] for one in api.call("DescribeRegions")["Regions"]["Region"]]
    assert {"cn-shanghai", "ap-southeast-1"} <= {*regions}

    def zones(region: str) -> set[str]:
        rows = api.call("DescribeZones", RegionId=region)["Zones"]["Zone"]
        return {one["ZoneId"] for one in rows}

    assert {"cn-shanghai-b", "cn-shanghai-f"} <= zones("cn-shanghai")
    assert zones("ap-southeast-1") == {f"ap-southeast-1{letter}" for letter in "abc"}
    assert all(zones(region) for region in regions)


def test_gateways_are_to_be_had_in_each_zone_that_is_told() -> None:
    _, api = lab_api()
    told = {one["ZoneId"] for one in api.call("ListEnhanhcedNatGatewayAvailableZones")["Zones"]}
    assert told == {one["ZoneId"] for one in api.call("DescribeZones")["Zones"]["Zone"]}


def test_an_eip_says_what_protects_it_and_where_it_is() -> None:
    _, api = lab_api()
    said = {"Zone": "cn-shanghai-b", "SecurityProtectionTypes.1": "AntiDDoS_Enhanced"}
    paid = {"InstanceChargeType": "PrePaid", "Period": "1", "PricingCycle": "Year"}
    api.call("AllocateEipAddress", **said, **paid, AutoPay="true")
    (row,) = api.call("DescribeEipAddresses")["EipAddresses"]["EipAddress"]
    assert (row["Zone"], row["ChargeType"]) == ("cn-shanghai-b", "PrePaid")
    assert row["SecurityProtectionTypes"] == {"SecurityProtectionType": ["AntiDDoS_Enhanced"]}
