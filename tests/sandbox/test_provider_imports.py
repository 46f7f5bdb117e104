"""Adopting what exists: from an id alone to inputs that make no difference."""

from collections.abc import Generator, Mapping
from typing import Any

import pytest
from cloud_lab import Lab
from provider_lab import TYPES, ProviderLab, plain

from facts.contract import contract_of
from sandbox.cloud import Resource, Store
from sandbox.provider.quirks import pulumi_id


@pytest.fixture
def lab() -> Generator[ProviderLab]:
    lab = ProviderLab(Store(":memory:", seed="tests"))
    yield lab
    lab.close()


class Existing:
    """A cloud that someone else filled: each kind once, and what a program says of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.inputs: dict[str, Mapping[str, Any]] = {}
        self.made: dict[str, Resource] = {}
        self._network()
        self._addresses()
        self._server()

    def _make(self, kind: str, inputs: Mapping[str, Any]) -> Resource:
        contract = contract_of(TYPES[kind])
        self.inputs[kind] = inputs
        self.made[kind] = self.store.create(contract.kind, contract.to_snake(inputs))
        return self.made[kind]

    def _network(self) -> None:
        vpc = self._make("vpc", {"cidrBlock": "10.0.0.0/16", "vpcName": "shop"})
        place = {"cidrBlock": "10.0.1.0/24", "zoneId": "cn-shanghai-a", "vswitchName": "apps"}
        vswitch = self._make("vswitch", {"vpcId": vpc.id, **place})
        nat = {"natType": "Enhanced", "paymentType": "PayAsYouGo", "description": "the front door"}
        self._make("nat", {"vpcId": vpc.id, "vswitchId": vswitch.id, **nat})

    def _addresses(self) -> None:
        nat, vswitch = self.made["nat"], self.made["vswitch"]
        eip = self._make("eip", {"addressName": "ip1", "internetChargeType": "PayByTraffic"})
        shared = {"bandwidth": "150", "bandwidthPackageName": "shared"}
        package = self._make("package", {**shared, "internetChargeType": "PayByTraffic"})
        self._make("packing", {"bandwidthPackageId": package.id, "instanceId": eip.id})
        self._make("association", {"allocationId": eip.id, "instanceId": nat.id})
        entry = {
            "externalIp": eip["ip_address"],
            "externalPort": "80",
            "internalIp": "10.0.1.1",
            "internalPort": "80",
            "ipProtocol": "tcp",
            "forwardEntryName": "web",
        }
        self._make("forward", {"forwardTableId": nat["forward_table_ids"], **entry})
        out = {"snatIp": eip["ip_address"], "sourceVswitchId": vswitch.id}
        self._make("snat", {"snatTableId": nat["snat_table_ids"], **out})

    def _server(self) -> None:
        vswitch = self.made["vswitch"]
        group = self._make("group", {"vpcId": self.made["vpc"].id, "securityGroupName": "apps"})
        rule = {"type": "ingress", "ipProtocol": "tcp", "portRange": "80/80", "cidrIp": "0.0.0.0/0"}
        self._make("rule", {"securityGroupId": group.id, **rule})
        server = {"instanceType": "ecs.g6.large", "imageId": "linux", "privateIp": "10.0.1.1"}
        grouped = {"vswitchId": vswitch.id, "securityGroups": [group.id]}
        instance = self._make("instance", {**grouped, **server})
        card = self._make(
            "card",
            {
                "vswitchId": vswitch.id,
                "securityGroupIds": [group.id],
                "networkInterfaceName": "eth1",
                "primaryIpAddress": "10.0.1.11",
                "privateIpAddresses": ["10.0.1.12"],
            },
        )
        self._make("attachment", {"networkInterfaceId": card.id, "instanceId": instance.id})
        script = {"type": "RunShellScript", "commandContent": "aXAgcm91dGU=", "name": "routes"}
        command = self._make("command", script)
        self._make("invocation", {"commandId": command.id, "instanceIds": [instance.id]})


@pytest.mark.parametrize("kind", TYPES)
def test_what_exists_is_adopted_by_its_id_without_a_difference(lab: ProviderLab, kind: str) -> None:
    lab.store.entry_seconds = lab.store.association_seconds = 0
    existing = Existing(lab.store)
    identity = pulumi_id(existing.made[kind])
    found = lab.read(kind, identity, {}, {})
    assert found.id == identity
    outputs, inputs = plain(found.properties), plain(found.inputs)
    assert lab.differing(kind, outputs, existing.inputs[kind]) == set(), "the program's inputs"
    assert lab.failures(kind, inputs) == {}, "inputs that a program may state"
    assert lab.differing(kind, outputs, inputs) == set(), "the inputs that were found"


def test_a_binding_to_a_server_is_adopted_so_that_it_can_be_taken_away(lab: ProviderLab) -> None:
    lab.store.association_seconds = 0
    cloud = Lab(lab.store)
    instance, eip = cloud.new_instance(cloud.new_group()), cloud.new_eip()
    bound = cloud.bind(eip, instance)
    found = lab.read("association", f"{eip.id}:{instance.id}", {}, {})
    assert plain(found.inputs) == {
        "allocationId": eip.id,
        "instanceId": instance.id,
        "instanceType": "EcsInstance",
        "mode": "NAT",
    }
    lab.delete("association", found.id, plain(found.properties))
    assert lab.store.read("eip_association", bound.id) is None


def test_an_address_is_adopted_with_what_its_owner_chose(lab: ProviderLab) -> None:
    eip = Lab(lab.store).new_eip(bandwidth="100", address_name="old-door", isp="BGP_PRO")
    inputs = plain(lab.read("eip", eip.id, {}, {}).inputs)
    assert inputs["addressName"] == "old-door"
    assert (inputs["bandwidth"], inputs["isp"]) == ("100", "BGP_PRO")
    assert "name" not in inputs, "a deprecated name of the same"


def test_of_inputs_that_exclude_each_other_one_is_found(lab: ProviderLab) -> None:
    cloud = Lab(lab.store)
    card = cloud.new_card(cloud.new_group(), secondary_private_ip_address_count=1)
    inputs = plain(lab.read("card", card.id, {}, {}).inputs)
    assert inputs["privateIpAddresses"] == ["192.168.1.250"]
    assert "secondaryPrivateIpAddressCount" not in inputs


def test_an_id_of_nothing_is_not_adopted(lab: ProviderLab) -> None:
    eip = Lab(lab.store).new_eip()
    assert lab.read("association", f"{eip.id}:ngw-none", {}, {}).id == ""


def test_a_refresh_of_a_resource_without_inputs_invents_none(lab: ProviderLab) -> None:
    identity, outputs = lab.create("eip", {})
    assert plain(lab.read("eip", identity, outputs, {}).inputs) == {}
