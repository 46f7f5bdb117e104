"""VPN gateways and their connections by the cloud's API, as the real provider goes about them."""

import json
from typing import Any

import pytest

from tests.sandbox.api.api_lab import Api
from tests.sandbox.vpn_lab import VpnLab, new_vpn_lab

ENDS = {"LocalSubnet": "192.168.0.0/16", "RemoteSubnet": "10.3.0.0/16,10.4.0.0/16"}


def vpn_api() -> tuple[VpnLab, Api]:
    """A VPN gateway and a device in a cloud, and the API over it."""
    lab = new_vpn_lab()
    return lab, Api(store=lab.store)


def gateway_of(api: Api, identity: str) -> dict[str, Any]:
    return api.call("DescribeVpnGateway", VpnGatewayId=identity)


def connection_of(api: Api, identity: str) -> dict[str, Any]:
    return api.call("DescribeVpnConnection", VpnConnectionId=identity)


def test_a_gateway_lives_as_the_provider_leads_it() -> None:
    lab, api = vpn_api()
    made = api.call(
        "CreateVpnGateway",
        VpcId=lab.vpc.id,
        Bandwidth="10",
        InstanceChargeType="POSTPAY",
        Name="office",
        AutoPay="true",
        EnableIpsec="true",
        EnableSsl="false",
    )
    identity = made["VpnGatewayId"]
    told = gateway_of(api, identity)
    assert (told["Name"], told["Spec"], told["Status"]) == ("office", "10M", "active")
    assert (told["ChargeType"], told["IpsecVpn"], told["SslVpn"]) == (
        "PostpayByFlow",
        "enable",
        "disable",
    )
    (found,) = [one for one in lab.store.all("vpn_gateway") if one.id == identity]
    assert told["InternetIp"] == found["internet_ip"]
    api.call(
        "ModifyVpnGatewayAttribute",
        VpnGatewayId=identity,
        Description="to it",
        AutoPropagate="true",
    )
    assert gateway_of(api, identity)["AutoPropagate"] is True
    group = {"InstanceId": identity, "NewResourceGroupId": "rg-other"}
    api.call("MoveVpnResourceGroup", ResourceType="VpnGateWay", **group)
    tag = {"ResourceId.1": identity, "Tag.1.Key": "team", "Tag.1.Value": "shop"}
    api.call("TagResources", ResourceType="VpnGateWay", **tag)
    told = gateway_of(api, identity)
    assert (told["ResourceGroupId"], told["Tags"]["Tag"]) == (
        "rg-other",
        [{"Key": "team", "Value": "shop"}],
    )
    rows = api.call("DescribeVpnGateways", VpcId=lab.vpc.id)["VpnGateways"]["VpnGateway"]
    assert [one["VpnGatewayId"] for one in rows] == [lab.vpn.id, identity]
    api.call("DeleteVpnGateway", VpnGatewayId=identity)
    assert api.refused("DescribeVpnGateway", VpnGatewayId=identity)[0] == 404


def test_a_gateway_is_being_made_for_a_while() -> None:
    lab, api = vpn_api()
    lab.store.instance_seconds = 30
    made = api.call("CreateVpnGateway", VpcId=lab.vpc.id, Bandwidth="10")
    assert gateway_of(api, made["VpnGatewayId"])["Status"] == "provisioning"


def test_a_way_of_paying_that_there_is_not_is_refused() -> None:
    lab, api = vpn_api()
    said = {"VpcId": lab.vpc.id, "Bandwidth": "10", "InstanceChargeType": "LATER"}
    assert api.refused("CreateVpnGateway", **said)[1] == "InvalidParameter"


def test_a_customer_gateway_says_no_number_unless_it_has_one() -> None:
    lab, api = vpn_api()
    plain = api.call("CreateCustomerGateway", IpAddress="203.0.113.9")["CustomerGatewayId"]
    numbered = api.call(
        "CreateCustomerGateway",
        IpAddress="203.0.113.10",
        Asn="65001",
        Name="office",
        **{"Tags.1.Key": "team", "Tags.1.Value": "shop"},
    )["CustomerGatewayId"]
    assert "Asn" not in api.call("DescribeCustomerGateway", CustomerGatewayId=plain)
    told = api.call("DescribeCustomerGateway", CustomerGatewayId=numbered)
    assert (told["Asn"], told["Tags"]["Tag"]) == (65001, [{"Key": "team", "Value": "shop"}])
    api.call("ModifyCustomerGatewayAttribute", CustomerGatewayId=plain, Name="home")
    rows = api.call("DescribeCustomerGateways")["CustomerGateways"]["CustomerGateway"]
    assert [one["Name"] for one in rows] == [lab.customer.id, "home", "office"]
    api.call("DeleteCustomerGateway", CustomerGatewayId=plain)
    assert api.refused("DescribeCustomerGateway", CustomerGatewayId=plain)[0] == 404


def test_a_connection_lives_as_the_provider_leads_it() -> None:
    lab, api = vpn_api()
    vpn, customer = lab.new_old_vpn(), lab.customer
    made = api.call(
        "CreateVpnConnection",
        VpnGatewayId=vpn.id,
        CustomerGatewayId=customer.id,
        Name="office",
        EffectImmediately="true",
        IkeConfig=json.dumps({"Psk": "s3cret", "IkeVersion": "ikev2", "IkeLifetime": 3600}),
        IpsecConfig=json.dumps({"IpsecPfs": "disabled"}),
        HealthCheckConfig=json.dumps({"enable": True, "dip": "10.3.0.1", "sip": "192.168.0.1"}),
        BgpConfig=json.dumps({"EnableBgp": False, "LocalAsn": "45104"}),
        **ENDS,
    )
    told = connection_of(api, made["VpnConnectionId"])
    assert (told["State"], told["Status"]) == ("active", "ike_sa_not_established")
    assert (told["LocalSubnet"], told["RemoteSubnet"]) == tuple(ENDS.values())
    assert told["EffectImmediately"] is True
    assert told["IkeConfig"] | {"LocalId": "", "RemoteId": ""} == {
        "IkeAuthAlg": "sha1",
        "IkeEncAlg": "aes",
        "IkeLifetime": 3600,
        "IkeMode": "main",
        "IkePfs": "group2",
        "IkeVersion": "ikev2",
        "LocalId": "",
        "RemoteId": "",
        "Psk": "s3cret",
    }
    assert (told["IpsecConfig"]["IpsecPfs"], told["IpsecConfig"]["IpsecLifetime"]) == (
        "disabled",
        86400,
    )
    assert (told["VcoHealthCheck"]["Enable"], told["VcoHealthCheck"]["Dip"]) == (
        "true",
        "10.3.0.1",
    )
    assert (told["VpnBgpConfig"]["EnableBgp"], told["VpnBgpConfig"]["LocalAsn"]) == (
        "false",
        45104,
    )
    what = {"VpnConnectionId": made["VpnConnectionId"]}
    ike = json.dumps({"Psk": "0ther"})
    api.call("ModifyVpnConnectionAttribute", **what, IkeConfig=ike, **ENDS)
    told = connection_of(api, made["VpnConnectionId"])
    # What a change doesn't say of the settings stays.
    assert (told["IkeConfig"]["Psk"], told["IkeConfig"]["IkeLifetime"]) == ("0ther", 3600)
    (row,) = api.call("DescribeVpnConnections", VpnGatewayId=vpn.id)["VpnConnections"][
        "VpnConnection"
    ]
    assert row["VpnConnectionId"] == made["VpnConnectionId"]
    api.call("DeleteVpnConnection", **what)
    assert api.refused("DescribeVpnConnection", **what)[0] == 404


def test_two_tunnels_are_said_one_by_one() -> None:
    lab, api = vpn_api()
    front = "TunnelOptionsSpecification"
    tunnels = {
        f"{front}.{number}.{name}": value
        for number, role in ((1, "master"), (2, "slave"))
        for name, value in {
            "CustomerGatewayId": lab.customer.id,
            "Role": role,
            "EnableDpd": "true",
            "TunnelIkeConfig.Psk": f"key{number}",
            "TunnelIkeConfig.IkeLifetime": "3600",
            "TunnelBgpConfig.LocalAsn": "45104",
        }.items()
    }
    made = api.call("CreateVpnConnection", VpnGatewayId=lab.vpn.id, **ENDS, **tunnels)
    told = connection_of(api, made["VpnConnectionId"])[front]["TunnelOptions"]
    assert [one["Role"] for one in told] == ["master", "slave"]
    assert [one["TunnelIkeConfig"]["Psk"] for one in told] == ["key1", "key2"]
    # All of a tunnel are texts there, numbers too.
    assert told[0]["TunnelIkeConfig"]["IkeLifetime"] == "3600"
    assert (told[0]["EnableDpd"], told[0]["State"]) == ("true", "active")
    assert told[0]["TunnelBgpConfig"] == {"LocalAsn": "45104"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("IkeConfig", "[]", "InvalidParameter"),
        ("IkeConfig", "{", "InvalidParameter"),
        ("IkeConfig", '{"IkeLifetime": "long"}', "InvalidParameter"),
        ("IkeConfig", '{"Mood": "good"}', "UnsupportedParameter"),
        ("BgpConfig", '{"EnableBgp": "maybe"}', "InvalidParameter"),
        ("TunnelOptionsSpecification.1.TunnelIkeConfig", "x", "InvalidParameter"),
        ("TunnelOptionsSpecification.1.Role.Name", "x", "InvalidParameter"),
    ],
)
def test_settings_that_cannot_be_are_refused(name: str, value: str, code: str) -> None:
    lab, api = vpn_api()
    said = {"VpnGatewayId": lab.new_old_vpn().id, "CustomerGatewayId": lab.customer.id}
    assert api.refused("CreateVpnConnection", **said, **ENDS, **{name: value})[1] == code


def test_a_connection_that_is_changing_says_so_and_is_not_changed_again() -> None:
    lab, api = vpn_api()
    lab.store.instance_seconds = 30
    connection = lab.connect()
    assert connection_of(api, connection.id)["State"] == "updating"
    change = {"VpnConnectionId": connection.id, "Name": "office"}
    assert api.refused("ModifyVpnConnectionAttribute", **change)[1] == "VpnGateway.Configuring"
