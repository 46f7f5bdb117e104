"""EIPs on network cards: one for each private address, or one of the other modes."""

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


@pytest.fixture
def group(lab: Lab) -> Resource:
    return lab.new_group()


def test_an_eip_on_a_card_says_that_it_is_a_card(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    with refused("InvalidInstanceId.NotFound"):
        lab.bind(lab.new_eip(), card)
    bound = lab.bind_card(card)
    assert bound["instance_type"] == "NetworkInterface"
    assert bound["mode"] == "NAT"
    assert lab.store.all("eip_address")[1]["status"] == "InUse"


def test_a_card_with_an_eip_may_be_attached_and_detached_but_not_deleted(
    lab: Lab, group: Resource
) -> None:
    card = lab.new_card(group)
    bound = lab.bind_card(card)
    attached = lab.attach(card, lab.new_instance(group))
    lab.store.delete(attached.kind, attached.id)
    with refused("DependencyViolation.Eip"):
        lab.store.delete(card.kind, card.id)
    lab.store.delete(bound.kind, bound.id)
    lab.store.delete(card.kind, card.id)


def test_an_eip_on_a_card_leaves_the_instance_room_for_its_own(lab: Lab, group: Resource) -> None:
    card, instance = lab.new_card(group), lab.new_instance(group)
    lab.attach(card, instance)
    lab.bind_card(card)
    assert lab.bind(lab.new_eip(), instance)["instance_type"] == "EcsInstance"


def test_a_card_that_is_not_there_gets_no_eip(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    lab.store.delete(card.kind, card.id)
    with refused("InvalidNicOrVm.NotFound"):
        lab.bind_card(card)


def test_a_trunk_card_gets_no_eip(lab: Lab, group: Resource) -> None:
    with refused("InvalidParameter.InstanceTypeNotSupport"):
        lab.bind_card(lab.new_card(group, instance_type="Trunk"))


def test_a_card_that_is_being_attached_gets_no_eip(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    lab.store.change_behind(card.id, status="Attaching")
    with refused("InvalidStatus.EniStatusNotSupport"):
        lab.bind_card(card)


def test_each_eip_stands_for_one_private_address(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group, private_ip_addresses=["192.168.1.8"])
    lab.bind_card(card)  # the primary one
    with refused("InvalidAssociation.Duplicated"):
        lab.bind_card(card)
    with refused("InvalidParameter"):
        lab.bind_card(card, private_ip_address="192.168.1.9")
    lab.bind_card(card, private_ip_address="192.168.1.8")
    with refused("InvalidEip.EipQuotaExceeded"):
        lab.bind_card(card, private_ip_address="192.168.1.8")


def test_an_address_with_an_eip_stays_on_its_card(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group, private_ip_addresses=["192.168.1.8", "192.168.1.9"])
    bound = lab.bind_card(card, private_ip_address="192.168.1.8")
    with refused("OperationDenied.EipBound"):
        lab.store.update(card.kind, card.id, {"private_ip_addresses": []})
    with refused("OperationDenied.EipBound"):
        lab.store.update(card.kind, card.id, {"secondary_private_ip_address_count": 0})
    lab.store.update(card.kind, card.id, {"private_ip_addresses": ["192.168.1.8"]})
    lab.store.delete(bound.kind, bound.id)
    lab.store.update(card.kind, card.id, {"private_ip_addresses": []})


def test_all_eips_of_a_card_have_one_mode(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group, private_ip_addresses=["192.168.1.8"])
    bound = lab.bind_card(card)
    with refused("Mode.Conflict"):
        lab.bind_card(card, mode="MULTI_BINDED")
    lab.store.update(bound.kind, bound.id, {"mode": "MULTI_BINDED"})
    lab.bind_card(card, mode="MULTI_BINDED")
    with refused("Mode.Conflict"):
        lab.store.update(bound.kind, bound.id, {"mode": "NAT"})


def test_a_card_shows_at_most_ten_eips_inside_the_server(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    for _ in range(10):
        lab.bind_card(card, mode="MULTI_BINDED")
    with refused("QuotaExceed.MultiBindedEip"):
        lab.bind_card(card, mode="MULTI_BINDED")


def test_a_change_of_mode_frees_or_takes_the_private_address(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group, private_ip_addresses=["192.168.1.8"])
    bound = lab.bind_card(card, private_ip_address="192.168.1.8")
    lab.store.update(bound.kind, bound.id, {"mode": "MULTI_BINDED"})
    lab.store.update(card.kind, card.id, {"private_ip_addresses": []})
    with refused("InvalidParameter"):
        lab.store.update(bound.kind, bound.id, {"mode": "NAT"})


def test_an_eip_that_is_cut_through_has_the_card_to_itself(lab: Lab, group: Resource) -> None:
    with refused("Eni.HasSubIp"):
        lab.bind_card(lab.new_card(group, secondary_private_ip_address_count=1), mode="BINDED")
    card = lab.new_card(group)
    lab.bind_card(card, mode="BINDED")
    with refused("InvalidAssociation.Duplicated"):
        lab.bind_card(card, mode="BINDED")


def test_cut_through_starts_and_ends_on_a_detached_card(lab: Lab, group: Resource) -> None:
    card, instance = lab.new_card(group), lab.new_instance(group)
    attached = lab.attach(card, instance)
    with refused("Eni.Attached"):
        lab.bind_card(card, mode="BINDED")
    lab.store.delete(attached.kind, attached.id)
    bound = lab.bind_card(card, mode="BINDED")
    lab.attach(card, instance)
    with refused("Eni.Attached"):
        lab.store.delete(bound.kind, bound.id)
