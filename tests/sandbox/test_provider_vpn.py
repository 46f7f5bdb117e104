"""Routes and VPN, as the provider handles them: ids, imports, its own ways."""

from collections.abc import Generator, Mapping
from typing import Any

import grpc
import pytest
from provider_lab import ProviderLab, plain
from vpn_lab import KEY, VpnLab

from facts.contract import contract_of, contract_of_kind
from sandbox.cloud import Resource, Store
from sandbox.provider.quirks import pulumi_id

GATEWAY = "alicloud:vpn/gateway:Gateway"
CONNECTION = "alicloud:vpn/connection:Connection"
ROUTE = "alicloud:vpc/routeEntry:RouteEntry"
KINDS = ("vpn_gateway", "vpn_customer_gateway", "vpn_connection", "route_entry")
IKE = {
    "ikeAuthAlg": "sha256",
    "ikeEncAlg": "aes256",
    "ikeLifetime": 86_400,
    "ikeMode": "main",
    "ikePfs": "group14",
    "ikeVersion": "ikev2",
    "psk": KEY,
}
IPSEC = {
    "ipsecAuthAlg": "sha256",
    "ipsecEncAlg": "aes256",
    "ipsecLifetime": 86_400,
    "ipsecPfs": "group14",
}


class Office(ProviderLab):
    """A provider, and a cloud with one of everything, and what a program says of each."""

    def __init__(self) -> None:
        store = Store(":memory:", seed="tests")
        self.cloud = VpnLab(store)
        super().__init__(store)
        self.inputs: dict[str, Mapping[str, Any]] = {}
        self.made: dict[str, Resource] = {}
        gateway = self.make("vpn_gateway", **self.gateway_inputs())
        customer = self.make("vpn_customer_gateway", ipAddress="203.0.113.20")
        self.make("vpn_connection", **self.connection_inputs(gateway, customer))
        self.make("route_entry", **self.route_inputs(gateway))

    def make(self, kind: str, **inputs: object) -> Resource:
        contract = contract_of_kind(kind)
        checked = plain(self.check(contract.token, inputs).inputs)
        self.inputs[kind] = inputs
        self.made[kind] = self.store.create(kind, contract.to_snake(checked))
        return self.made[kind]

    def gateway_inputs(self, **more: object) -> dict[str, Any]:
        return {
            "vpcId": self.cloud.vpc.id,
            "vswitchId": self.cloud.vswitch.id,
            "disasterRecoveryVswitchId": self.cloud.backup.id,
            "bandwidth": 10,
            "paymentType": "PayAsYouGo",
            **more,
        }

    def tunnel(self, role: str, customer: Resource) -> dict[str, Any]:
        return {
            "customerGatewayId": customer.id,
            "role": role,
            "enableDpd": True,
            "enableNatTraversal": True,
            "tunnelIkeConfig": dict(IKE),
            "tunnelIpsecConfig": dict(IPSEC),
        }

    def connection_inputs(self, gateway: Resource, customer: Resource) -> dict[str, Any]:
        return {
            "vpnGatewayId": gateway.id,
            "localSubnets": ["192.168.0.0/16", "172.16.0.0/12"],
            "remoteSubnets": ["10.1.0.0/16"],
            "autoConfigRoute": True,
            "effectImmediately": True,
            "tunnelOptionsSpecifications": [
                self.tunnel("master", customer),
                self.tunnel("slave", customer),
            ],
        }

    def route_inputs(self, gateway: Resource, **more: object) -> dict[str, Any]:
        return {
            "routeTableId": self.cloud.vpc["route_table_id"],
            "destinationCidrblock": "10.1.0.0/16",
            "nexthopType": "VpnGateway",
            "nexthopId": gateway.id,
            "name": "to-office",
            **more,
        }

    def outputs(self, kind: str) -> dict[str, Any]:
        return contract_of_kind(kind).to_camel(self.made[kind].attributes)


@pytest.fixture
def lab() -> Generator[Office]:
    lab = Office()
    yield lab
    lab.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_exists_is_adopted_by_its_id_without_a_difference(lab: Office, kind: str) -> None:
    token = contract_of_kind(kind).token
    identity = pulumi_id(lab.made[kind])
    found = lab.read(token, identity, {}, {})
    assert found.id == identity
    outputs, inputs = plain(found.properties), plain(found.inputs)
    assert lab.differing(token, outputs, lab.inputs[kind]) == set(), "the program's inputs"
    assert lab.differing(token, outputs, inputs) == set(), "the inputs that were found"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_made_is_found_unchanged_by_a_refresh(lab: Office, kind: str) -> None:
    token = contract_of_kind(kind).token
    checked = plain(lab.check(token, lab.inputs[kind]).inputs)
    found = lab.read(token, pulumi_id(lab.made[kind]), lab.outputs(kind), checked)
    assert plain(found.inputs) == checked


def test_all_of_it_can_be_taken_away_again(lab: Office) -> None:
    for kind in reversed(KINDS):
        token = contract_of_kind(kind).token
        for _ in range(2):
            lab.delete(token, pulumi_id(lab.made[kind]), lab.outputs(kind))
        assert lab.store.read(kind, lab.made[kind].id) is None


def test_subnets_in_another_order_are_the_same(lab: Office) -> None:
    inputs = {**lab.inputs["vpn_connection"], "localSubnets": ["172.16.0.0/12", "192.168.0.0/16"]}
    assert lab.differing(CONNECTION, lab.outputs("vpn_connection"), inputs) == set()


@pytest.mark.parametrize("name", ["ikeEncAlg", "psk"])
def test_what_a_program_doesn_t_say_of_a_tunnel_differs_for_ever(lab: Office, name: str) -> None:
    inputs = lab.connection_inputs(lab.cloud.vpn, lab.cloud.customer)
    del inputs["tunnelOptionsSpecifications"][0]["tunnelIkeConfig"][name]
    identity, outputs = lab.create(CONNECTION, inputs)
    assert lab.differing(CONNECTION, outputs, inputs) == {"tunnelOptionsSpecifications"}
    after = lab.update(CONNECTION, identity, outputs, inputs)
    assert lab.differing(CONNECTION, after, inputs) == {"tunnelOptionsSpecifications"}


@pytest.mark.parametrize(("word", "differs"), [("PayAsYouGo", False), ("PostPaid", True)])
def test_a_payment_in_the_other_vocabulary_replaces_for_ever(
    lab: Office, word: str, *, differs: bool
) -> None:
    inputs = lab.gateway_inputs(paymentType=word)
    _, outputs = lab.create(GATEWAY, inputs)
    found = lab.diff(GATEWAY, outputs, inputs)
    assert list(found.replaces) == (["paymentType"] if differs else [])


@pytest.mark.parametrize(("word", "differs"), [("PayAsYouGo", []), ("Subscription", ["period"])])
def test_the_months_count_for_subscriptions_alone(
    lab: Office, word: str, differs: list[str]
) -> None:
    inputs = lab.gateway_inputs(paymentType=word)
    _, outputs = lab.create(GATEWAY, inputs)
    assert lab.differing(GATEWAY, outputs, {**inputs, "period": 12}) == {*differs}


def test_a_subscription_is_forgotten_and_stays_in_the_cloud(lab: Office) -> None:
    identity, outputs = lab.create(GATEWAY, lab.gateway_inputs(paymentType="Subscription"))
    lab.delete(GATEWAY, identity, outputs)
    assert lab.store.read("vpn_gateway", identity) is not None
    assert not lab.store.calls("delete", "vpn_gateway")


def test_connections_of_one_gateway_wait_for_each_other(lab: Office) -> None:
    lab.store.instance_seconds = 0.5
    inputs = lab.connection_inputs(lab.cloud.vpn, lab.cloud.customer)
    first, _ = lab.create(CONNECTION, inputs)
    lab.store.update("vpn_connection", first, {"enable_dpd": False})
    second, _ = lab.create(CONNECTION, {**inputs, "remoteSubnets": ["10.9.0.0/16"]})
    assert first != second
    assert lab.store.calls("create", "vpn_connection", "VpnGateway.Configuring")


def test_a_route_that_is_there_is_refused_and_any_change_is_another_route(lab: Office) -> None:
    inputs = lab.inputs["route_entry"]
    with pytest.raises(grpc.RpcError, match=r"InvalidCIDRBlock\.Duplicate"):
        lab.create(ROUTE, inputs)
    for name in contract_of(ROUTE).inputs.values():
        assert name.replaces, name.name
