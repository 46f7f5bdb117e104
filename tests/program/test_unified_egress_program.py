"""`__main__.py` with unified egress, under mocks: what is registered, with what, and put out."""

import base64
from ipaddress import ip_address

from tests.program.unified_programs import (
    MORE,
    WEB1,
    U,
    created,
    in_mode,
    outputs,
    own,
    program,
)
from tests.topologies.unified import gone, put, shared_stack, unified_stack

# What is registered.


def test_a_server_has_an_interface_routes_and_an_address_and_nothing_else() -> None:
    made = own()
    server = [one.name for one in made.resources if one.name.startswith("server-web1-")]
    assert sorted(server) == [
        "server-web1-addresses-primary",
        "server-web1-allow-tcp-22-203.0.113.0-24",
        "server-web1-allow-tcp-443",
        "server-web1-attachment",
        "server-web1-eni",
        "server-web1-routing-command",
        "server-web1-routing-invocation",
        "server-web1-security-group",
    ]
    assert created(made, "NatGateway") == ["unified-gateway-nat"]
    assert made.names("SnatEntry") == ["unified-egress-apps"]
    assert made.names("ForwardEntry") == []
    assert made.names("CommonBandwithPackage") == []
    assert made.names("EipAddress") == [
        f"unified-addresses-{name}" for name in ("egress", "idle", "web1", "web2")
    ]


def test_the_interface_is_attached_to_the_hosts_instance() -> None:
    made = own()
    eni = made["server-web1-eni"].inputs
    assert (eni["vswitchId"], eni["primaryIpAddress"]) == ("network-apps-id", "192.168.3.11")
    assert eni["networkInterfaceName"] == "dev-web1"
    assert made["server-web2-eni"].inputs["vswitchId"] == "network-doors-id"
    assert made["server-web1-attachment"].inputs["instanceId"] == "host-ecs1-instance-id"
    assert made["server-web2-attachment"].inputs["instanceId"] == "i-2"


def test_the_security_group_lets_in_what_is_reachable() -> None:
    made = own(put(f"{WEB1}.reachable", game={"port": "9000-9010", "protocol": "udp"}))
    names = {"ssh": "tcp-22-203.0.113.0-24", "https": "tcp-443", "game": "udp-9000-9010"}
    rules = {key: made[f"server-web1-allow-{name}"].inputs for key, name in names.items()}
    found = {
        name: (rule["ipProtocol"], rule["portRange"], rule["cidrIp"])
        for name, rule in rules.items()
    }
    assert found == {
        "ssh": ("tcp", "22/22", "203.0.113.0/24"),
        "https": ("tcp", "443/443", "0.0.0.0/0"),
        "game": ("udp", "9000/9010", "0.0.0.0/0"),
    }
    assert not [name for name in made.names("SecurityGroupRule") if name.startswith("host-")]


def test_a_port_that_gets_another_name_keeps_its_rule() -> None:
    """The cloud takes two equal rules for one: the end of the old one would be the new one's."""
    made = own(gone(f"{WEB1}.reachable.https"), put(f"{WEB1}.reachable", web={"port": 443}))
    assert made["server-web1-allow-tcp-443"].inputs["description"] == "web"


def test_given_security_groups_are_the_interfaces() -> None:
    made = own(put(f"{WEB1}.eni", securityGroups=["sg-1"]), gone(f"{WEB1}.reachable"))
    assert made["server-web1-eni"].inputs["securityGroupIds"] == ["sg-1"]
    assert "server-web1-security-group" not in made.names("SecurityGroup")


def test_addresses_have_bandwidth_of_their_own_without_a_package() -> None:
    made = own()
    assert made["unified-addresses-egress"].inputs["bandwidth"] == "50"
    assert "bandwidth" not in made["unified-addresses-web2"].inputs


def test_a_package_of_its_own_takes_every_address() -> None:
    made = own(put(U, bandwidth=100), put(f"{U}.publicIps", egress={}, web1={}))
    assert made["unified-bandwidth-package"].inputs["bandwidth"] == "100"
    packed = made.names("CommonBandwithPackageAttachment")
    assert packed == [
        f"unified-addresses-{name}-attachment" for name in ("egress", "idle", "web1", "web2")
    ]
    assert "unified-addresses-web1-attachment" in made["server-web1-addresses-primary"].after


def test_what_exists_is_used_and_not_created() -> None:
    made = own(
        put(U, natGateway={"id": "ngw-1", "snatTableId": "stb-1"}),
        put(f"{U}.publicIps", egress={"id": "eip-9", "address": "203.0.113.9"}),
    )
    assert created(made, "NatGateway") == []
    assert made["unified-addresses-egress-association"].inputs["instanceId"] == "ngw-1"
    snat = made["unified-egress-apps"].inputs
    assert (snat["snatTableId"], snat["snatIp"]) == ("stb-1", "203.0.113.9")


def test_production_protects_addresses_and_the_gateway() -> None:
    made = own(put("", tier="production"))
    for name in ("unified-gateway-nat", "unified-addresses-egress", "unified-addresses-web1"):
        assert made[name].request.protect, name
    assert not made["server-web1-addresses-primary"].request.protect


# How addresses are bound.


def test_the_egress_address_is_bound_to_the_gateway() -> None:
    assert own()["unified-addresses-egress-association"].inputs == {
        "allocationId": "unified-addresses-egress-id",
        "instanceId": "unified-gateway-nat-id",
        "instanceType": "Nat",
    }


def test_a_servers_address_is_bound_to_its_interface() -> None:
    assert own()["server-web1-addresses-primary"].inputs == {
        "allocationId": "unified-addresses-web1-id",
        "instanceId": "server-web1-eni-id",
        "instanceType": "NetworkInterface",
        "mode": "NAT",
    }


def test_where_the_cloud_picks_an_interfaces_address_what_needs_it_takes_the_one_picked() -> None:
    text = unified_stack(gone(f"{WEB1}.eni.ip"))
    made, found = program(text), outputs(text)
    assert "primaryIpAddress" not in made["server-web1-eni"].inputs
    picked = found["servers"]["web1"]["eniIp"]
    assert ip_address(picked).is_private
    command = base64.b64decode(made["server-web1-routing-command"].inputs["commandContent"])
    assert f"ADDRESSES={picked}/" in command.decode()


def test_a_spare_address_is_bound_to_nothing() -> None:
    assert own().names("EipAssociation") == [
        "server-web1-addresses-primary",
        "server-web2-addresses-primary",
        "unified-addresses-egress-association",
    ]


def test_more_addresses_of_a_server_go_to_its_secondary_ones() -> None:
    made = own(*in_mode("NAT", web3="192.168.3.12"))
    assert made["server-web1-eni"].inputs["privateIpAddresses"] == ["192.168.3.12"]
    inputs = made["server-web1-addresses-192.168.3.12"].inputs
    assert inputs["allocationId"] == "unified-addresses-web3-id"
    assert inputs["privateIpAddress"] == "192.168.3.12"
    assert "privateIpAddress" not in made["server-web1-addresses-primary"].inputs


def test_in_multi_eip_mode_every_address_has_a_place_whatever_it_is_called() -> None:
    made = own(*in_mode("MULTI_BINDED", web3=None, primary=None))
    bound = [name for name in made.names("EipAssociation") if name.startswith("server-web1-")]
    assert {made[name].inputs["allocationId"] for name in bound} == {
        f"unified-addresses-{name}-id" for name in ("web1", "web3", "primary")
    }
    assert {made[name].inputs["mode"] for name in bound} == {"MULTI_BINDED"}


# Outputs.


def test_a_server_tells_how_to_reach_it_and_how_to_see_what_it_leaves_by() -> None:
    found = outputs(unified_stack(put(f"{U}.servers.web2", ssh={"user": "ops", "port": 443})))
    ips, web1, web2 = found["publicIps"], found["servers"]["web1"], found["servers"]["web2"]
    assert set(ips) == {"egress", "idle", "web1", "web2"}
    assert len(set(ips.values())) == 4
    assert web1 == {
        "host": "ecs1",
        "publicIps": {"web1": ips["web1"]},
        "eniIp": "192.168.3.11",
        "egressIps": [ips["egress"]],
        "showEgress": "curl https://myip.ipip.net",
        "ssh": f"ssh root@{ips['web1']}",
    }
    assert web2["ssh"] == f"ssh -p 443 ops@{ips['web2']}"


def test_a_server_that_closes_ssh_tells_no_command_for_it() -> None:
    found = outputs(unified_stack(put(WEB1, ssh={"closed": True})))
    assert "ssh" not in found["servers"]["web1"]
    assert "ssh" in found["servers"]["web2"]


def test_a_server_tells_every_address_that_it_is_reached_on() -> None:
    found = outputs(unified_stack(*in_mode("NAT", web3="192.168.3.12")))
    assert set(found["servers"]["web1"]["publicIps"]) == {"web1", "web3"}


def test_a_gateway_and_a_package_of_its_own_are_told() -> None:
    found = outputs(unified_stack(put(U, bandwidth=9), put(f"{U}.publicIps", egress={}, web1={})))
    assert found["unifiedEgressNatGatewayId"] == "unified-gateway-nat-id"
    assert found["unifiedEgressBandwidthPackageId"] == "unified-bandwidth-package-id"
    assert "unifiedEgressBandwidthPackageId" not in outputs(unified_stack())


def test_outputs_of_both_topologies_stand_together() -> None:
    found = outputs(shared_stack(*MORE))
    assert {"ip1", "ip6", "mail", "out"} <= set(found["publicIps"])
    assert set(found["egress"]) == {"apps", "few"}
    ips = found["publicIps"]
    assert found["servers"]["mail"]["egressIps"] == [ips["ip6"], ips["out"]]
    assert "unifiedEgressNatGatewayId" not in found
    assert found["natGatewayId"] == "gateway-nat-id"
