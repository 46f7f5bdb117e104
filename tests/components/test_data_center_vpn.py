"""A data centre at the end of a VPN: tunnels, routes, and the key that nobody sees."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest

import components as c
from facts.contract import contract_of
from tests.components.secrecy import is_secret
from tests.components.test_every_component import Build, built
from tests.components.vpn_builds import data_center_vpn, old_vpn, subscribed_vpn
from tests.mocked_cloud import run, value_of

if TYPE_CHECKING:
    import pulumi

    from tests.mocked_cloud import Registered

ARGS: c.DataCenterVpnArgs = {
    "vpc_id": "vpc-1",
    "route_table_id": "vtb-1",
    "gateway": {"vswitch_id": "vsw-1", "backup_vswitch_id": "vsw-2"},
    "device_address": "203.0.113.9",
    "pre_shared_key": "between",
    "cloud_cidrs": ["192.168.0.0/16"],
    "routes": {"desks": {"cidr_block": "10.1.0.0/16"}},
}


def tunnels(made: "Registered") -> list[Mapping[str, Any]]:
    return made["office-connection"].inputs["tunnelOptionsSpecifications"]["value"]


def test_a_gateway_has_two_tunnels_and_is_paid_as_it_is_used_unless_told_otherwise() -> None:
    made = run(lambda: c.DataCenterVpn("office", ARGS))
    assert made["office-gateway"].inputs == {
        "vpcId": "vpc-1",
        "vswitchId": "vsw-1",
        "disasterRecoveryVswitchId": "vsw-2",
        "bandwidth": 10,
        "enableIpsec": True,
        "enableSsl": False,
        "paymentType": "PayAsYouGo",
    }
    assert not made["office-gateway"].request.protect


def test_a_subscription_is_protected_for_it_can_t_be_given_back() -> None:
    gateway = built(subscribed_vpn)["office-gateway"]
    assert (gateway.inputs["paymentType"], gateway.inputs["period"]) == ("Subscription", 12)
    assert gateway.request.protect
    month: c.VpnGatewayArgs = {
        "vswitch_id": "vsw-1",
        "backup_vswitch_id": "vsw-2",
        "payment_type": "Subscription",
    }
    made = run(lambda: c.DataCenterVpn("office", {**ARGS, "gateway": month}))
    assert made["office-gateway"].inputs["period"] == 1


def test_protection_is_of_the_gateway() -> None:
    args: c.DataCenterVpnArgs = {**ARGS, "deletion_protection": True}
    made = run(lambda: c.DataCenterVpn("office", args))
    assert {one.name for one in made.resources if one.request.protect} == {"office-gateway"}


def test_each_tunnel_leads_to_its_device() -> None:
    made = built(data_center_vpn)
    first, second = tunnels(made)
    assert (first["role"], second["role"]) == ("master", "slave")
    assert first["customerGatewayId"] == "office-device-main-id"
    assert second["customerGatewayId"] == "office-device-backup-id"
    assert made["office-device-main"].inputs["ipAddress"] == "203.0.113.9"
    assert made["office-device-backup"].inputs["ipAddress"] == "203.0.113.10"


def test_with_one_address_both_tunnels_lead_to_one_device() -> None:
    made = built(subscribed_vpn)
    assert made.names("CustomerGateway") == ["office-device-main"]
    assert {one["customerGatewayId"] for one in tunnels(made)} == {"office-device-main-id"}


def test_everything_is_said_that_the_provider_would_find_different_otherwise() -> None:
    made = built(data_center_vpn)["office-connection"]
    fields = contract_of(made.type).fields["tunnel_options_specification"].objects or {}
    for tunnel in tunnels(built(data_center_vpn)):
        for name, inner in (
            ("tunnelIkeConfig", fields["tunnel_ike_config"].objects or {}),
            ("tunnelIpsecConfig", fields["tunnel_ipsec_config"].objects or {}),
        ):
            needed = {one.camel for one in inner.values() if not one.computed}
            assert set(tunnel[name]) == needed


@pytest.mark.parametrize("build", [data_center_vpn, subscribed_vpn])
def test_the_key_is_a_secret_on_its_way_in_and_out(build: Build) -> None:
    made = built(build)
    assert is_secret(made["office-connection"].inputs["tunnelOptionsSpecifications"])
    secret = set(made["office-connection"].request.additionalSecretOutputs)
    assert secret == {"ikeConfig", "tunnelOptionsSpecifications"}


def test_the_key_that_is_handed_on_is_a_secret() -> None:
    made: list[c.DataCenterVpn] = []
    run(lambda: made.append(c.DataCenterVpn("office", ARGS)))

    async def is_kept() -> bool:
        return await made[0].pre_shared_key.is_secret()

    assert asyncio.run(is_kept())
    assert value_of(made[0].pre_shared_key) == "between"


def test_an_old_gateway_has_one_tunnel() -> None:
    made = built(old_vpn)
    inputs = made["office-connection"].inputs
    assert made.names("Gateway") == []
    assert inputs["vpnGatewayId"] == "vpn-1"
    assert inputs["customerGatewayId"] == "office-device-main-id"
    assert inputs["ipsecConfig"]["ipsecPfs"] == "group14"
    assert "tunnelOptionsSpecifications" not in inputs
    assert is_secret(inputs["ikeConfig"])


def test_both_ends_negotiate_about_all_their_ranges() -> None:
    inputs = built(data_center_vpn)["office-connection"].inputs
    assert inputs["localSubnets"] == ["192.168.0.0/16"]
    assert inputs["remoteSubnets"] == ["10.1.0.0/16", "10.2.0.0/16"]
    assert inputs["autoConfigRoute"] is True


def test_the_vpc_has_a_route_to_each_range_one_after_the_other_and_after_the_connection() -> None:
    made = built(data_center_vpn)
    assert made["office-to-desks"].inputs == {
        "name": "to-10-1-0-0-16",
        "routeTableId": "vtb-1",
        "destinationCidrblock": "10.1.0.0/16",
        "nexthopType": "VpnGateway",
        "nexthopId": "office-gateway-id",
    }
    assert "office-connection" in made["office-to-desks"].after
    assert "office-to-desks" in made["office-to-servers"].after
    assert made["office-to-servers"].aliases == {"office-to-machines"}


@pytest.mark.parametrize("name", ["office-connection", "office-to-desks"])
def test_what_the_cloud_holds_once_is_deleted_before_it_is_replaced(name: str) -> None:
    assert built(data_center_vpn)[name].request.deleteBeforeReplace


def test_its_outputs_are_what_the_device_has_to_know() -> None:
    made: list[c.DataCenterVpn] = []
    run(lambda: made.append(c.DataCenterVpn("office", ARGS)))
    addresses = value_of(cast("pulumi.Output[list[str]]", made[0].gateway_addresses))
    assert len(addresses) == 2
    assert all(addresses)
    assert value_of(made[0].gateway_id) == "office-gateway-id"
    assert value_of(made[0].connection_id) == "office-connection-id"
    assert value_of(made[0].route_ids["desks"]) == "office-to-desks-id"
    known: c.DataCenterVpnArgs = {**ARGS, "gateway_id": "vpn-1"}
    run(lambda: made.append(c.DataCenterVpn("office", known)))
    assert made[1].gateway_addresses is None


def test_without_a_gateway_it_says_what_it_needs() -> None:
    args = ARGS.copy()
    args.pop("gateway")
    with pytest.raises(ValueError, match="DataCenterVpn office: needs a gateway"):
        run(lambda: c.DataCenterVpn("office", args))
