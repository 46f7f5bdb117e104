"""VPCs, vSwitches, NAT gateways: what the cloud refuses, and what it fills in."""

import pytest
from cloud_lab import Lab, new_lab, refused


@pytest.fixture
def lab() -> Lab:
    return new_lab()


@pytest.mark.parametrize("block", ["100.64.0.0/16", "127.0.0.0/16", "224.0.0.0/8", "10.0.0.0/7"])
def test_a_vpc_in_a_range_that_is_kept_from_all_is_refused(lab: Lab, block: str) -> None:
    with refused("InvalidCidrBlock.Malformed"):
        lab.store.create("vpc", {"cidr_block": block})


def test_a_vpc_may_have_any_other_range(lab: Lab) -> None:
    assert lab.store.create("vpc", {"cidr_block": "11.0.0.0/16"})["status"] == "Available"


def test_a_network_with_host_bits_is_refused(lab: Lab) -> None:
    with refused("InvalidCidrBlock.Malformed"):
        lab.new_vswitch("192.168.2.5/24")


def test_a_vswitch_outside_its_vpc_is_refused(lab: Lab) -> None:
    with refused("InvalidParameter"):
        lab.new_vswitch("10.0.0.0/24")


def test_overlapping_vswitches_are_refused(lab: Lab) -> None:
    with refused("InvalidCidrBlock.Overlapped"):
        lab.new_vswitch("192.168.1.128/25")


def test_a_zone_of_another_region_is_refused(lab: Lab) -> None:
    with refused("InvalidZoneId.NotFound"):
        lab.new_vswitch("192.168.2.0/24", zone_id="cn-beijing-a")


def test_a_zone_without_a_dash_is_a_zone_where_the_region_has_such(lab: Lab) -> None:
    region = "ap-southeast-1"
    vpc = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"}, region=region)
    asked = {"vpc_id": vpc.id, "cidr_block": "10.0.1.0/24", "zone_id": "ap-southeast-1a"}
    assert lab.store.create("vswitch", asked, region=region)["status"] == "Available"


def test_a_resource_of_another_region_is_not_found(lab: Lab) -> None:
    asked = {"vpc_id": lab.vpc.id, "cidr_block": "192.168.2.0/24", "zone_id": "cn-beijing-a"}
    with refused("InvalidVpcId.NotFound"):
        lab.store.create("vswitch", asked, region="cn-beijing")


def test_a_vpc_with_a_vswitch_stays(lab: Lab) -> None:
    with refused("DependencyViolation.VSwitch"):
        lab.store.delete("vpc", lab.vpc.id)


def test_a_vpc_with_a_security_group_stays(lab: Lab) -> None:
    vpc = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    lab.store.create("security_group", {"vpc_id": vpc.id})
    with refused("DependencyViolation.SecurityGroup"):
        lab.store.delete("vpc", vpc.id)


def test_a_vswitch_with_a_gateway_stays(lab: Lab) -> None:
    with refused("DependencyViolation.NatGateway"):
        lab.store.delete("vswitch", lab.vswitch.id)


def test_a_vswitch_with_an_instance_stays(lab: Lab) -> None:
    lab.new_instance(lab.new_group())
    lab.store.delete("nat_gateway", lab.gateway.id)
    with refused("DependencyViolation.Instance"):
        lab.store.delete("vswitch", lab.vswitch.id)


@pytest.mark.parametrize("nat_type", [None, "Normal"])
def test_only_enhanced_gateways_are_sold(lab: Lab, nat_type: str | None) -> None:
    with refused("InvalidParameter.NatType"):
        lab.new_gateway(nat_type=nat_type)


def test_a_gateway_needs_a_vswitch(lab: Lab) -> None:
    with refused("MissingParameter"):
        lab.new_gateway(vswitch_id=None)


def test_a_gateway_needs_a_vswitch_of_its_own_vpc(lab: Lab) -> None:
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    with refused("InvalidVSwitchId.NotFound"):
        lab.new_gateway(vpc_id=other.id)


def test_a_gateway_takes_the_highest_address_so_that_fixed_low_ones_stay_free(lab: Lab) -> None:
    assert lab.gateway["private_ip"] == "192.168.1.252"
    assert lab.new_gateway()["private_ip"] == "192.168.1.251"


def test_a_gateway_has_one_table_of_each_kind(lab: Lab) -> None:
    assert lab.gateway.text("forward_table_ids").startswith("ftb-")
    assert lab.gateway.text("snat_table_ids").startswith("stb-")


@pytest.mark.parametrize(
    "name", ["x", "n" * 129, "http://gateway", "https://gateway", "1st", "-gateway"]
)
def test_a_bad_name_is_refused(lab: Lab, name: str) -> None:
    with refused("InvalidParameter.Name.Malformed"):
        lab.new_gateway(nat_gateway_name=name)


@pytest.mark.parametrize("text", ["x", "d" * 257, "http://example.com"])
def test_a_bad_description_is_refused(lab: Lab, text: str) -> None:
    with refused("InvalidDescription.Malformed"):
        lab.new_gateway(description=text)


def test_a_name_in_chinese_is_a_name(lab: Lab) -> None:
    assert lab.new_gateway(nat_gateway_name="公网网关")["name"] == "公网网关"


def test_a_gateway_with_an_address_stays(lab: Lab) -> None:
    lab.bound_ip()
    with refused("DependencyViolation.EIPS"):
        lab.store.delete("nat_gateway", lab.gateway.id)


def test_a_gateway_with_entries_stays(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.snat(ip)
    with refused("DependencyViolation.SnatEntry"):
        lab.store.delete("nat_gateway", lab.gateway.id)
    lab.forward(ip)
    with refused("DependencyViolation.ForwardEntry"):
        lab.store.delete("nat_gateway", lab.gateway.id)


def test_a_gateway_deleted_by_force_takes_its_entries_along_and_frees_its_addresses(
    lab: Lab,
) -> None:
    lab.forward(lab.bound_ip())
    lab.store.delete("nat_gateway", lab.gateway.id, force=True)
    assert lab.store.all("forward_entry") == []
    assert lab.store.all("eip_association") == []
    assert lab.store.all("eip_address")[0]["status"] == "Available"


def test_deletion_protection_protects_even_against_force(lab: Lab) -> None:
    lab.store.update("nat_gateway", lab.gateway.id, {"deletion_protection": True})
    with refused("InvalidOperation.DeletionProtection"):
        lab.store.delete("nat_gateway", lab.gateway.id, force=True)
    lab.store.update("nat_gateway", lab.gateway.id, {"deletion_protection": False})
    lab.store.delete("nat_gateway", lab.gateway.id)


def test_a_gateway_never_changes_its_vswitch(lab: Lab) -> None:
    other = lab.new_vswitch("192.168.2.0/24")
    with refused("OperationUnsupported.Modify"):
        lab.store.update("nat_gateway", lab.gateway.id, {"vswitch_id": other.id})


@pytest.mark.parametrize(
    ("quota", "code"),
    [
        ("vpcs_per_region", "QuotaExceeded.Vpc"),
        ("vswitches_per_vpc", "QuotaExceeded.VSwitch"),
        ("nat_gateways_per_vpc", "QuotaExceeded.NatGateway"),
    ],
)
def test_quotas_end_what_may_be_made(lab: Lab, quota: str, code: str) -> None:
    lab.store.set_quota(quota, 1)
    make = {
        "vpcs_per_region": lambda: lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"}),
        "vswitches_per_vpc": lambda: lab.new_vswitch("192.168.2.0/24"),
        "nat_gateways_per_vpc": lab.new_gateway,
    }[quota]
    with refused(code):
        make()


def test_an_unknown_quota_is_a_mistake(lab: Lab) -> None:
    with pytest.raises(KeyError, match="no quota is called"):
        lab.store.set_quota("gateways", 1)


def test_a_vpc_takes_more_blocks_that_lie_apart(lab: Lab) -> None:
    lab.store.update("vpc", lab.vpc.id, {"secondary_cidr_blocks": ["10.9.0.0/16"]})
    assert lab.new_vswitch("10.9.1.0/24")["status"] == "Available"
    for wrong, code in (
        ("169.254.0.0/16", "InvalidCidrBlock.Malformed"),
        ("192.168.128.0/17", "InvalidCidrBlock.Overlapped"),
        ("10.8.0.0/16", "DependencyViolation.VSwitch"),  # the vSwitch would lie in none
    ):
        with refused(code):
            lab.store.update("vpc", lab.vpc.id, {"secondary_cidr_blocks": [wrong]})


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"": "shop"}, "InvalidTagKey.Malformed"),
        ({"k" * 129: "shop"}, "InvalidTagKey.Malformed"),
        ({"acs:team": "shop"}, "InvalidTagKey.Malformed"),
        ({"Aliyun": "shop"}, "InvalidTagKey.Malformed"),
        ({"team": "https://shop"}, "InvalidTagValue.Malformed"),
        ({"team": "v" * 129}, "InvalidTagValue.Malformed"),
        ({f"t{number}": "" for number in range(21)}, "NumberExceed.Tags"),
    ],
)
def test_tags_that_the_cloud_does_not_take_are_refused_of_every_kind(
    lab: Lab, tags: dict[str, str], code: str
) -> None:
    with refused(code):
        lab.new_eip(tags=tags)
    with refused(code):
        lab.store.update("vpc", lab.vpc.id, {"tags": tags})


def test_tags_at_their_limits_are_fine(lab: Lab) -> None:
    tags = {f"{number:02}" + "k" * 126: "v" * 128 for number in range(20)}
    assert lab.store.update("vpc", lab.vpc.id, {"tags": tags})["tags"] == tags
