"""Network cards: their addresses, security groups and vSwitches."""

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


@pytest.fixture
def group(lab: Lab) -> Resource:
    return lab.new_group()


# --- addresses --------------------------------------------------------------------------------


def test_a_card_has_a_free_address_and_a_hardware_address_of_its_own(
    lab: Lab, group: Resource
) -> None:
    first, second = lab.new_card(group), lab.new_card(group)
    assert first["status"] == "Available"
    assert first["primary_ip_address"] == first["private_ip"] == "192.168.1.251"
    assert second["primary_ip_address"] == "192.168.1.250"
    assert first.text("mac").startswith("00:16:3e:")
    assert first["mac"] != second["mac"]


def test_the_same_store_gives_the_same_hardware_addresses() -> None:
    labs = new_lab(), new_lab()
    macs = [lab.new_card(lab.new_group())["mac"] for lab in labs]
    assert macs[0] == macs[1]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("192.168.2.1", "InvalidPrivateIpAddress"),
        ("192.168.1.253", "InvalidPrivateIpAddress.Reserved"),
        ("192.168.1.252", "InvalidPrivateIpAddress.Duplicated"),  # the gateway's own
    ],
)
@pytest.mark.parametrize("where", ["primary", "secondary"])
def test_an_address_that_the_vswitch_cannot_give_is_refused(
    lab: Lab, group: Resource, address: str, code: str, where: str
) -> None:
    primary = where == "primary"
    asked = {"primary_ip_address": address} if primary else {"private_ip_addresses": [address]}
    with refused(code):
        lab.new_card(group, **asked)


def test_the_older_name_of_an_address_counts_as_well(lab: Lab, group: Resource) -> None:
    with refused("InvalidPrivateIpAddress.Duplicated"):
        lab.new_card(group, private_ip="192.168.1.252")


def test_cards_and_instances_never_share_an_address(lab: Lab, group: Resource) -> None:
    lab.new_card(group, primary_ip_address="192.168.1.7", private_ip_addresses=["192.168.1.8"])
    lab.new_instance(group, private_ip="192.168.1.9")
    for address in ("192.168.1.7", "192.168.1.8"):
        with refused("InvalidPrivateIpAddress.Duplicated"):
            lab.new_instance(group, private_ip=address)
    with refused("InvalidPrivateIpAddress.Duplicated"):
        lab.new_card(group, primary_ip_address="192.168.1.9")


def test_drawn_addresses_are_free_ones(lab: Lab, group: Resource) -> None:
    card = lab.new_card(
        group, primary_ip_address="192.168.1.251", private_ip_addresses=["192.168.1.250"]
    )
    drawn = lab.new_card(group, secondary_private_ip_address_count=2)
    assert drawn["primary_ip_address"] == "192.168.1.249"
    assert drawn["private_ip_addresses"] == ["192.168.1.248", "192.168.1.247"]
    assert lab.new_instance(group)["private_ip"] == "192.168.1.246"
    assert card["secondary_private_ip_address_count"] == 1


def test_a_drawn_address_is_none_of_those_that_are_asked_for(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group, private_ip_addresses=["192.168.1.251"])
    assert card["primary_ip_address"] == "192.168.1.250"


def test_a_full_vswitch_gives_nothing(lab: Lab, group: Resource) -> None:
    tiny = lab.new_vswitch("192.168.9.0/29")
    lab.new_card(group, vswitch_id=tiny.id, secondary_private_ip_address_count=3)
    with refused("QuotaExceeded.PrivateIpAddress"):
        lab.new_card(group, vswitch_id=tiny.id)


def test_an_address_is_asked_for_once(lab: Lab, group: Resource) -> None:
    with refused("InvalidIp.IpRepeated"):
        lab.new_card(group, private_ip_addresses=["192.168.1.8", "192.168.1.8"])
    with refused("InvalidIp.IpRepeated"):
        lab.new_card(group, primary_ip_address="192.168.1.8", private_ip_addresses=["192.168.1.8"])


def test_a_card_has_at_most_ten_secondary_addresses(lab: Lab, group: Resource) -> None:
    many = [f"192.168.1.{number}" for number in range(1, 12)]
    with refused("InvalidOperation.Ipv4CountExceeded"):
        lab.new_card(group, private_ip_addresses=many)
    with refused("InvalidOperation.Ipv4CountExceeded"):
        lab.new_card(group, secondary_private_ip_address_count=11)
    card = lab.new_card(group, private_ip_addresses=many[:10])
    with refused("InvalidOperation.Ipv4CountExceeded"):
        lab.store.update(card.kind, card.id, {"private_ip_addresses": many})


def test_secondary_addresses_come_and_go_in_place(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group, private_ip_addresses=["192.168.1.8"])
    wanted = ["192.168.1.8", "192.168.1.9"]
    card = lab.store.update(card.kind, card.id, {"private_ip_addresses": wanted})
    assert card["private_ips"] == wanted
    assert card["secondary_private_ip_address_count"] == card["private_ips_count"] == 2
    card = lab.store.update(card.kind, card.id, {"secondary_private_ip_address_count": 3})
    assert card["private_ip_addresses"] == [*wanted, "192.168.1.250"]
    card = lab.store.update(card.kind, card.id, {"secondary_private_ip_address_count": 1})
    assert card["private_ip_addresses"] == ["192.168.1.8"]
    card = lab.store.update(card.kind, card.id, {"private_ip_addresses": []})
    assert card["secondary_private_ip_address_count"] == 0
    assert lab.store.update(card.kind, card.id, {"description": "eth1"})["private_ips"] == []


def test_a_new_secondary_address_is_checked_like_any_other(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    for address, code in [
        ("192.168.1.252", "InvalidPrivateIpAddress.Duplicated"),
        (card.text("primary_ip_address"), "InvalidIp.IpRepeated"),
    ]:
        with refused(code):
            lab.store.update(card.kind, card.id, {"private_ip_addresses": [address]})


# --- security groups, vSwitches ---------------------------------------------------------------


def test_a_card_needs_a_security_group_of_its_vpc(lab: Lab, group: Resource) -> None:
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    stranger = lab.new_group(vpc_id=other.id)
    with refused("InvalidOperation.VpcMismatch"):
        lab.new_card(stranger)
    with refused("MissingParameter"):
        lab.store.create("ecs_network_interface", {"vswitch_id": lab.vswitch.id})
    card = lab.new_card(group)
    with refused("InvalidOperation.VpcMismatch"):
        lab.store.update(card.kind, card.id, {"security_group_ids": [stranger.id]})


def test_a_card_has_at_most_five_security_groups(lab: Lab, group: Resource) -> None:
    groups = [lab.new_group().id for _ in range(6)]
    with refused("SecurityGroupInstanceLimitExceed"):
        lab.new_card(group, security_group_ids=groups)
    assert lab.new_card(group, security_group_ids=groups[:5])["security_groups"] == groups[:5]


def test_a_security_group_with_a_card_stays(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    with refused("DependencyViolation"):
        lab.store.delete(group.kind, group.id)
    other = lab.new_group()
    lab.store.update(card.kind, card.id, {"security_group_ids": [other.id]})
    lab.store.delete(group.kind, group.id)
    with refused("DependencyViolation"):
        lab.store.delete(other.kind, other.id)


def test_cards_fill_a_security_group_like_instances(lab: Lab, group: Resource) -> None:
    lab.store.set_quota("instances_per_security_group", 2)
    lab.new_card(group)
    lab.new_instance(group)
    with refused("SecurityGroupInstanceLimitExceed"):
        lab.new_card(group)


def test_a_vswitch_with_a_card_stays(lab: Lab, group: Resource) -> None:
    vswitch = lab.new_vswitch("192.168.2.0/24")
    card = lab.new_card(group, vswitch_id=vswitch.id)
    with refused("DependencyViolation.NetworkInterface"):
        lab.store.delete(vswitch.kind, vswitch.id)
    lab.store.delete(card.kind, card.id)
    lab.store.delete(vswitch.kind, vswitch.id)


def test_a_card_is_named_and_described_as_the_cloud_allows(lab: Lab, group: Resource) -> None:
    with refused("InvalidParameter.Name.Malformed"):
        lab.new_card(group, network_interface_name="1st")
    card = lab.new_card(group, network_interface_name="eth1")
    with refused("InvalidDescription.Malformed"):
        lab.store.update(card.kind, card.id, {"description": "http://card"})


def test_a_card_is_secondary_or_trunk(lab: Lab, group: Resource) -> None:
    with refused("InvalidParameter"):
        lab.new_card(group, instance_type="Primary")
