"""Network cards in instances: where they fit, and what becomes of them."""

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


@pytest.fixture
def group(lab: Lab) -> Resource:
    return lab.new_group()


def test_an_attached_card_is_in_use_until_it_is_detached(lab: Lab, group: Resource) -> None:
    card, instance = lab.new_card(group), lab.new_instance(group)
    attached = lab.attach(card, instance)
    assert attached.id == f"{card.id}:{instance.id}"
    assert lab.now(card)["status"] == "InUse"
    with refused("InvalidOperation.InvalidEniState"):
        lab.store.delete(card.kind, card.id)
    lab.store.delete(attached.kind, attached.id)
    assert lab.now(card)["status"] == "Available"
    lab.store.delete(card.kind, card.id)


def test_a_card_is_in_one_instance(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    lab.attach(card, lab.new_instance(group))
    with refused("InvalidOperation.InvalidEniState"):
        lab.attach(card, lab.new_instance(group))


def test_the_card_and_the_instance_must_be_there(lab: Lab, group: Resource) -> None:
    card, instance = lab.new_card(group), lab.new_instance(group)
    lab.store.delete_behind(instance.id)
    with refused("InvalidEcsId.NotFound"):
        lab.attach(card, instance)
    lab.store.delete(card.kind, card.id)
    with refused("InvalidEniId.NotFound"):
        lab.attach(card, lab.new_instance(group))


def test_a_card_goes_into_an_instance_that_runs_or_is_stopped(lab: Lab, group: Resource) -> None:
    card, instance = lab.new_card(group), lab.new_instance(group)
    lab.store.change_behind(instance.id, status="Starting")
    with refused("InvalidOperation.InvalidEcsState"):
        lab.attach(card, instance)
    lab.store.change_behind(instance.id, status="Stopped")
    attached = lab.attach(card, instance)
    lab.store.change_behind(instance.id, status="Stopping")
    with refused("InvalidOperation.InvalidEcsState"):
        lab.store.delete(attached.kind, attached.id)


def test_some_small_types_take_a_card_only_while_stopped(lab: Lab, group: Resource) -> None:
    instance = lab.new_instance(group, instance_type="ecs.t6-c1m1.large")
    card = lab.new_card(group)
    with refused("InvalidOperation.InvalidEcsState"):
        lab.attach(card, instance)
    lab.store.change_behind(instance.id, status="Stopped")
    lab.attach(card, instance)


def test_a_card_goes_into_an_instance_of_its_own_zone(lab: Lab, group: Resource) -> None:
    elsewhere = lab.new_vswitch("192.168.2.0/24", zone_id="cn-shanghai-b")
    card = lab.new_card(group, vswitch_id=elsewhere.id)
    with refused("InvalidOperation.AvailabilityZoneMismatch"):
        lab.attach(card, lab.new_instance(group))


def test_a_card_goes_into_an_instance_of_its_own_vpc(lab: Lab, group: Resource) -> None:
    vpc = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    vswitch = lab.new_vswitch("10.0.1.0/24", vpc_id=vpc.id)
    card = lab.new_card(lab.new_group(vpc_id=vpc.id), vswitch_id=vswitch.id)
    with refused("InvalidOperation.VpcMismatch"):
        lab.attach(card, lab.new_instance(group))


def test_an_instance_takes_as_many_cards_as_its_type_allows(lab: Lab, group: Resource) -> None:
    instance = lab.new_instance(group)
    lab.attach(lab.new_card(group), instance)
    with refused("EniPerInstanceLimitExceeded"):
        lab.attach(lab.new_card(group), instance)
    lab.store.set_quota("enis_per_instance", 3)
    lab.attach(lab.new_card(group), instance)


def test_a_card_goes_with_its_instance_and_leaves_its_eip_idle(lab: Lab, group: Resource) -> None:
    card, instance = lab.new_card(group), lab.new_instance(group)
    lab.attach(card, instance)
    lab.bind_card(card)
    lab.store.delete(instance.kind, instance.id)
    kinds = {one.kind for one in lab.store.all()}
    assert not kinds & {"ecs_network_interface", "eip_association"}
    assert "ecs_network_interface_attachment" not in kinds
    assert lab.store.all("eip_address")[0]["status"] == "Available"


def test_a_card_that_is_to_stay_outlives_its_instance_with_its_eip(
    lab: Lab, group: Resource
) -> None:
    card, instance = lab.new_card(group, delete_on_release=False), lab.new_instance(group)
    lab.attach(card, instance)
    lab.bind_card(card)
    lab.store.delete(instance.kind, instance.id)
    assert lab.now(card)["status"] == "Available"
    assert lab.store.all("ecs_network_interface_attachment") == []
    assert lab.store.all("eip_address")[0]["status"] == "InUse"


def test_a_card_that_someone_took_away_takes_its_bindings_along(lab: Lab, group: Resource) -> None:
    card = lab.new_card(group)
    lab.attach(card, lab.new_instance(group))
    lab.bind_card(card)
    lab.store.delete_behind(card.id)
    assert lab.store.all("ecs_network_interface_attachment") == []
    assert lab.store.all("eip_association") == []
    assert lab.store.all("eip_address")[0]["status"] == "Available"
