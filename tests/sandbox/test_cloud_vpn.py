"""VPN gateways, customer gateways and connections: what the cloud refuses, and what it fills in."""

from typing import Any

import pytest
from cloud_lab import refused
from vpn_lab import KEY, VpnLab, new_vpn_lab


@pytest.fixture
def lab() -> VpnLab:
    return new_vpn_lab()


# --- gateways ---------------------------------------------------------------------------------


def test_a_gateway_of_two_tunnels_has_two_addresses(lab: VpnLab) -> None:
    assert lab.vpn["status"] == "active"
    assert lab.vpn["internet_ip"] != lab.vpn["disaster_recovery_internet_ip"]
    assert lab.new_old_vpn()["disaster_recovery_internet_ip"] == ""


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"vpc_id": "vpc-none"}, "InvalidVpcId.NotFound"),
        ({"vswitch_id": "vsw-none"}, "InvalidVSwitchId.NotFound"),
        ({"disaster_recovery_vswitch_id": None}, "MissingParam.DisasterRecoveryVSwitchId"),
        ({"bandwidth": 30}, "IllegalParam.Bandwidth"),
        ({"network_type": "private"}, "IllegalParam.Bandwidth"),
        ({"enable_ipsec": False}, "IllegalParam.EnableIpsec"),
        ({"vpn_gateway_name": "1st"}, "InvalidParameter.Name.Malformed"),
        ({"description": "x"}, "InvalidDescription.Malformed"),
    ],
)
def test_a_gateway_that_could_not_be_is_refused(
    lab: VpnLab, more: dict[str, object], code: str
) -> None:
    with refused(code):
        lab.new_vpn(**more)


def test_a_gateway_s_vswitches_are_in_its_vpc(lab: VpnLab) -> None:
    other = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    with refused("InvalidVSwitchId.NotFound"):
        lab.new_vpn(vpc_id=other.id)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({}, ("PayAsYouGo", "PostPaid")),
        ({"payment_type": "PostPaid"}, ("PayAsYouGo", "PostPaid")),
        ({"payment_type": "PrePaid"}, ("Subscription", "PrePaid")),
        ({"instance_charge_type": "PrePaid"}, ("Subscription", "PrePaid")),
    ],
)
def test_however_the_payment_is_asked_for_it_is_answered_in_one_way(
    lab: VpnLab, asked: dict[str, object], answered: tuple[str, str]
) -> None:
    made = lab.new_vpn(**asked)
    assert (made["payment_type"], made["instance_charge_type"]) == answered


def test_a_gateway_that_is_paid_for_stays(lab: VpnLab) -> None:
    made = lab.new_vpn(payment_type="Subscription")
    with refused("ForbiddenRelease"):
        lab.store.delete(made.kind, made.id)


def test_vpc_and_vswitches_stay_while_a_gateway_is_in_them(lab: VpnLab) -> None:
    lab.store.delete("nat_gateway", lab.gateway.id)
    for vswitch in (lab.vswitch, lab.backup):
        with refused("DependencyViolation.VpnGateway"):
            lab.store.delete("vswitch", vswitch.id)
    lab.new_old_vpn()
    lab.store.delete("vpn_gateway", lab.vpn.id)
    for vswitch in (lab.vswitch, lab.backup):
        lab.store.delete("vswitch", vswitch.id)
    with refused("DependencyViolation.VpnGateway"):
        lab.store.delete("vpc", lab.vpc.id)


# --- customer gateways ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ip": "office.example.com"}, "InvalidIpAddress"),
        ({"asn": "0"}, "InvalidAsn"),
        ({"asn": "AS65000"}, "InvalidAsn"),
        ({"asn": "45104"}, "InvalidAsn"),  # the cloud's own
        ({"customer_gateway_name": "1st"}, "InvalidParameter.Name.Malformed"),
    ],
)
def test_a_customer_gateway_that_could_not_be_is_refused(
    lab: VpnLab, more: dict[str, Any], code: str
) -> None:
    with refused(code):
        lab.new_customer(**more)


def test_a_customer_gateway_stays_while_a_tunnel_leads_to_it(lab: VpnLab) -> None:
    spare = lab.new_customer("203.0.113.10", asn="65000")
    both = lab.tunnels()
    both[1]["customer_gateway_id"] = spare.id
    connection = lab.connect(tunnel_options_specification=both)
    for one in (lab.customer, spare):
        with refused("DependencyViolation.VpnConnection"):
            lab.store.delete(one.kind, one.id)
    lab.store.delete(connection.kind, connection.id)
    for one in (lab.customer, spare):
        lab.store.delete(one.kind, one.id)


# --- connections ------------------------------------------------------------------------------


def test_a_tunnel_has_the_gateway_s_address_and_everything_that_was_not_said(lab: VpnLab) -> None:
    first, second = lab.connect()["tunnel_options_specification"]
    assert first["internet_ip"] == lab.vpn["internet_ip"]
    assert second["internet_ip"] == lab.vpn["disaster_recovery_internet_ip"]
    ike = first["tunnel_ike_config"]
    assert (ike["local_id"], ike["remote_id"]) == (first["internet_ip"], "203.0.113.9")
    assert (ike["psk"], ike["ike_version"], ike["ike_enc_alg"]) == (KEY, "ikev1", "aes")
    assert first["tunnel_ipsec_config"]["ipsec_pfs"] == "group2"


def test_a_connection_of_one_tunnel_gets_a_key_unless_it_has_one(lab: VpnLab) -> None:
    old = lab.new_old_vpn()
    made = lab.connect_old(old)
    assert len(made["ike_config"]["psk"]) == 16
    stated = lab.connect_old(old, remote_subnet=["10.2.0.0/16"], ike_config={"psk": KEY})
    assert stated["ike_config"]["psk"] == KEY


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"vpn_gateway_id": "vpn-none"}, "InvalidVpnGatewayInstanceId.NotFound"),
        ({"local_subnet": ["here"]}, "IllegalParam.LocalSubnet"),
        ({"remote_subnet": ["10.1.0.5/16"]}, "IllegalParam.RemoteSubnet"),
        ({"remote_subnet": ["0.0.0.0/0"]}, "IllegalParam.RemoteSubnet"),
        ({"remote_subnet": ["100.64.1.0/24"]}, "IllegalParam.RemoteSubnet"),
        ({"tunnel_options_specification": None}, "IllegalParam.TunnelOptionsSpecification"),
        ({"vpn_connection_name": "1st"}, "InvalidParameter.Name.Malformed"),
    ],
)
def test_a_connection_that_could_not_be_is_refused(
    lab: VpnLab, more: dict[str, object], code: str
) -> None:
    with refused(code):
        lab.connect(**more)


def test_the_tunnels_are_a_master_and_a_slave_to_somebody_known(lab: VpnLab) -> None:
    tunnels = lab.tunnels()
    for wrong in (tunnels[:1], tunnels[::-1], [*tunnels, *tunnels]):
        with refused("IllegalParam.TunnelOptionsSpecification"):
            lab.connect(tunnel_options_specification=wrong)
    tunnels[1]["customer_gateway_id"] = "cgw-none"
    with refused("InvalidCustomerGatewayInstanceId.NotFound"):
        lab.connect(tunnel_options_specification=tunnels)


def test_a_gateway_of_one_tunnel_takes_no_two(lab: VpnLab) -> None:
    old = lab.new_old_vpn()
    with refused("IllegalParam.TunnelOptionsSpecification"):
        lab.connect(vpn_gateway_id=old.id)
    with refused("InvalidCustomerGatewayInstanceId.NotFound"):
        lab.connect_old(old, customer_gateway_id=None)


@pytest.mark.parametrize("key", ["", "with a space", "k" * 101])
def test_a_key_that_could_not_be_is_refused_without_being_said(lab: VpnLab, key: str) -> None:
    with refused("IllegalParam.Psk"):
        lab.connect(tunnel_options_specification=lab.tunnels(psk=key))
    (call,) = lab.store.calls("create", "vpn_connection")
    assert call.outcome == "IllegalParam.Psk"


def test_two_ends_are_connected_once(lab: VpnLab) -> None:
    made = lab.connect()
    with refused("InvalidVpnConnection.AlreadyExists"):
        lab.connect()
    lab.connect(remote_subnet=["10.2.0.0/16"])
    with refused("DependencyViolation.VpnConnection"):
        lab.store.delete("vpn_gateway", lab.vpn.id)
    lab.store.set_quota("vpn_connections_per_gateway", 2)
    with refused("Resource.QuotaFull"):
        lab.connect(remote_subnet=["10.3.0.0/16"])
    lab.store.delete(made.kind, made.id)
    lab.connect()


def test_a_changed_key_leaves_the_rest_of_a_tunnel_as_it_was(lab: VpnLab) -> None:
    made = lab.connect()
    other = lab.tunnels(psk="another")
    changed = lab.store.update(made.kind, made.id, {"tunnel_options_specification": other})
    was, now = (one["tunnel_options_specification"][0] for one in (made, changed))
    assert now["tunnel_ike_config"] == {**was["tunnel_ike_config"], "psk": "another"}
    assert now["tunnel_id"] == was["tunnel_id"]
    with refused("IllegalParam.RemoteSubnet"):
        lab.store.update(made.kind, made.id, {"remote_subnet": ["x"]})


def test_a_gateway_is_configured_once_at_a_time(lab: VpnLab) -> None:
    lab.store.instance_seconds = 60
    made = lab.connect()
    with refused("VpnGateway.Configuring"):
        lab.connect(remote_subnet=["10.2.0.0/16"])
    with refused("VpnGateway.Configuring"):
        lab.store.delete(made.kind, made.id)
    with refused("VpnGateway.Configuring"):
        lab.store.update(lab.vpn.kind, lab.vpn.id, {"description": "the office"})
    fresh = lab.new_vpn()
    with refused("VpnGateway.Configuring"):
        lab.connect(vpn_gateway_id=fresh.id)
