"""Instances, security groups and their rules."""

from contextlib import nullcontext

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def new_rule(lab: Lab, group: Resource, **more: object) -> Resource:
    asked = {
        "security_group_id": group.id,
        "type": "ingress",
        "ip_protocol": "tcp",
        "port_range": "80/80",
        "cidr_ip": "0.0.0.0/0",
    }
    return lab.store.create("security_group_rule", {**asked, **more})


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("192.168.2.1", "InvalidPrivateIpAddress"),
        ("192.168.1.0", "InvalidPrivateIpAddress.Reserved"),
        ("192.168.1.253", "InvalidPrivateIpAddress.Reserved"),
        ("192.168.1.255", "InvalidPrivateIpAddress.Reserved"),
        ("192.168.1.252", "InvalidPrivateIpAddress.Duplicated"),  # the gateway's own
        ("192.168.1", "InvalidPrivateIpAddress.Malformed"),
    ],
)
def test_an_address_that_the_vswitch_cannot_give_is_refused(
    lab: Lab, address: str, code: str
) -> None:
    with refused(code):
        lab.new_instance(lab.new_group(), private_ip=address)


def test_two_instances_never_share_an_address(lab: Lab) -> None:
    group = lab.new_group()
    lab.new_instance(group, private_ip="192.168.1.1")
    with refused("InvalidPrivateIpAddress.Duplicated"):
        lab.new_instance(group, private_ip="192.168.1.1")


@pytest.mark.parametrize(
    ("vswitch", "address", "code"),
    [
        ({"cidr_block": "192.168.2.0/24", "zone_id": "cn-shanghai-a"}, "192.168.2.1", None),
        (
            {"cidr_block": "192.168.2.0/24", "zone_id": "cn-shanghai-b"},
            "192.168.2.1",
            "InvalidVSwitchId.Mismatch",
        ),
        (
            {"cidr_block": "192.168.2.0/24", "zone_id": "cn-shanghai-a"},
            "192.168.1.1",
            "InvalidPrivateIpAddress",
        ),
    ],
)
def test_a_server_moves_between_vswitches_of_its_zone(
    lab: Lab, vswitch: dict[str, str], address: str, code: str | None
) -> None:
    instance = lab.new_instance(lab.new_group(), private_ip="192.168.1.1")
    other = lab.store.create("vswitch", {"vpc_id": lab.vpc.id, **vswitch})
    changes = {"vswitch_id": other.id, "private_ip": address}
    with refused(code) if code else nullcontext():
        lab.store.update("instance", instance.id, changes)


def test_a_server_keeps_its_vpc(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group())
    vpc = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    other = lab.store.create(
        "vswitch", {"vpc_id": vpc.id, "cidr_block": "10.0.1.0/24", "zone_id": "cn-shanghai-a"}
    )
    with refused("InvalidVSwitchId.VpcMismatch"):
        lab.store.update("instance", instance.id, {"vswitch_id": other.id})


def test_an_instance_without_a_stated_address_gets_one(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group())
    assert instance["private_ip"] == instance["primary_ip_address"] == "192.168.1.251"
    assert instance["vpc_id"] == lab.vpc.id


def test_an_instance_needs_a_security_group_that_exists(lab: Lab) -> None:
    group = lab.new_group()
    lab.store.delete("security_group", group.id)
    with refused("InvalidSecurityGroupId.NotFound"):
        lab.new_instance(group)


def test_an_instance_needs_a_security_group_of_its_vpc(lab: Lab) -> None:
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    with refused("InvalidSecurityGroupId.VpcMismatch"):
        lab.new_instance(lab.new_group(vpc_id=other.id))


def test_an_instance_has_at_most_five_security_groups(lab: Lab) -> None:
    groups = [lab.new_group() for _ in range(6)]
    with refused("SecurityGroupInstanceLimitExceed"):
        lab.new_instance(groups[0], security_groups=[group.id for group in groups])


def test_a_security_group_with_an_instance_stays(lab: Lab) -> None:
    group = lab.new_group()
    instance = lab.new_instance(group)
    with refused("DependencyViolation"):
        lab.store.delete("security_group", group.id)
    lab.store.delete("instance", instance.id)
    lab.store.delete("security_group", group.id)


def test_a_security_group_that_another_one_names_stays(lab: Lab) -> None:
    group, other = lab.new_group(), lab.new_group()
    new_rule(lab, other, cidr_ip=None, source_security_group_id=group.id)
    with refused("DependencyViolation"):
        lab.store.delete("security_group", group.id)


def test_an_identical_rule_succeeds_and_makes_nothing(lab: Lab) -> None:
    group = lab.new_group()
    assert new_rule(lab, group).id == new_rule(lab, group, description="again").id
    assert len(lab.store.all("security_group_rule")) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"port_range": "-1/-1"},
        {"ip_protocol": "icmp"},
        *({"port_range": ports} for ports in ("80", "90/80", "0/80", "80/65536", "80/x", "80/90/")),
    ],
)
def test_ports_belong_to_tcp_and_udp_alone_and_are_two(lab: Lab, more: dict[str, str]) -> None:
    with refused("InvalidParam.PortRange"):
        new_rule(lab, lab.new_group(), **more)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"cidr_ip": None}, "MissingParameter.Source"),
        ({"cidr_ip": "anywhere"}, "InvalidParam.SourceIp"),
        ({"cidr_ip": None, "ipv6_cidr_ip": "10.0.0.0/8"}, "InvalidParam.SourceIp"),
        ({"description": "d" * 513}, "InvalidSecurityGroupDiscription.Malformed"),
    ],
)
def test_a_rule_says_what_it_is_about(lab: Lab, more: dict[str, object], code: str) -> None:
    with refused(code):
        new_rule(lab, lab.new_group(), **more)


@pytest.mark.parametrize(
    ("changes", "policy", "inside"),
    [
        ({}, "Accept", True),
        ({"inner_access_policy": "Drop"}, "Drop", False),
        ({"inner_access": False}, "Drop", False),
    ],
)
def test_both_names_of_what_members_may_do_among_each_other_say_the_same(
    lab: Lab, changes: dict[str, object], policy: str, *, inside: bool
) -> None:
    for group in (lab.new_group(**changes), lab.new_group()):
        now = lab.store.update("security_group", group.id, changes)
        assert (now["inner_access_policy"], now["inner_access"]) == (policy, inside)


def test_a_server_in_another_vswitch_gets_an_address_there(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group())
    other = lab.new_vswitch("192.168.2.0/24")
    moved = lab.store.update("instance", instance.id, {"vswitch_id": other.id})
    assert moved["private_ip"] == moved["primary_ip_address"] == "192.168.2.252"


def test_another_image_means_another_system_disk(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group(), image_id="one")
    assert (
        lab.store.update("instance", instance.id, {"image_id": "one"})["system_disk_id"]
        == (instance["system_disk_id"])
    )
    again = lab.store.update("instance", instance.id, {"image_id": "another"})
    assert again["system_disk_id"] != instance["system_disk_id"]


def test_deletion_protection_protects_an_instance(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group(), deletion_protection=True)
    with refused("InvalidOperation.DeletionProtection"):
        lab.store.delete("instance", instance.id)


def test_the_cloud_keeps_no_password(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group(), password="Correct-Horse-1")
    assert "Correct-Horse-1" not in str(instance)


def test_a_disk_grows_and_another_image_may_have_a_smaller_one(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group(), image_id="one", system_disk_size=60)
    lab.store.update("instance", instance.id, {"system_disk_size": 80})
    with refused("InvalidDiskSize.TooSmall"):
        lab.store.update("instance", instance.id, {"system_disk_size": 40})
    lab.store.update("instance", instance.id, {"system_disk_size": 40, "image_id": "another"})
