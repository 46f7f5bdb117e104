"""Classic load balancers: their address, listeners and servers."""

from typing import Any

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


@pytest.fixture
def balancer(lab: Lab) -> Resource:
    return lab.store.create("slb_load_balancer", {"vswitch_id": lab.vswitch.id})


def listen(lab: Lab, balancer: Resource, port: int = 80, **more: object) -> Resource:
    asked = {"load_balancer_id": balancer.id, "frontend_port": port, "protocol": "tcp"}
    return lab.store.create("slb_listener", {"backend_port": 8080, **asked, **more})


def new_servers(lab: Lab, balancer: Resource) -> Resource:
    return lab.store.create("slb_server_group", {"load_balancer_id": balancer.id, "name": "apps"})


def put(lab: Lab, group: Resource, server: Resource, **more: object) -> Resource:
    asked = {"server_group_id": group.id, "server_id": server.id, "port": 8080, **more}
    return lab.store.create("slb_server_group_server_attachment", asked)


def test_a_load_balancer_in_a_vswitch_has_an_address_of_it(lab: Lab, balancer: Resource) -> None:
    assert balancer["address"].startswith("192.168.1.")
    assert balancer["address_type"] == "intranet"
    assert balancer["master_zone_id"] == "cn-shanghai-a"
    with refused("InvalidPrivateIpAddress.Duplicated"):
        lab.new_instance(lab.new_group(), private_ip=balancer["address"])
    assert lab.new_instance(lab.new_group())["private_ip"] != balancer["address"]


def test_its_address_may_be_stated(lab: Lab) -> None:
    asked = {"vswitch_id": lab.vswitch.id, "address": "192.168.1.7"}
    assert lab.store.create("slb_load_balancer", asked)["address"] == "192.168.1.7"
    with refused("InvalidPrivateIpAddress.Duplicated"):
        lab.store.create("slb_load_balancer", asked)


def test_one_on_the_internet_has_a_public_address(lab: Lab) -> None:
    made = lab.store.create("slb_load_balancer", {"address_type": "internet"})
    assert made["address"].startswith("198.51.100.")
    with refused("InvalidParameter.AddressType"):
        asked = {"address_type": "internet", "vswitch_id": lab.vswitch.id}
        lab.store.create("slb_load_balancer", asked)


def test_it_needs_its_vswitch_and_holds_it(lab: Lab, balancer: Resource) -> None:
    with refused("InvalidVSwitchId.NotFound"):
        lab.store.create("slb_load_balancer", {"vswitch_id": "vsw-none"})
    with refused("InvalidVSwitchId.NotFound"):
        lab.store.create("slb_load_balancer", {"address_type": "intranet"})
    lab.store.delete("nat_gateway", lab.gateway.id)
    with refused("DependencyViolation.LoadBalancer"):
        lab.store.delete("vswitch", lab.vswitch.id)


def test_a_name_has_eighty_characters(lab: Lab, balancer: Resource) -> None:
    for name in ("n" * 81, "-front", "my front"):
        with refused("InvalidParameter"):
            lab.store.update(balancer.kind, balancer.id, {"load_balancer_name": name})
        with refused("InvalidParameter"):
            lab.store.create("slb_load_balancer", {"load_balancer_name": name})
    lab.store.update(balancer.kind, balancer.id, {"load_balancer_name": "n" * 80})


def test_a_protected_one_stays_and_others_take_all_with_them(lab: Lab, balancer: Resource) -> None:
    lab.store.update(balancer.kind, balancer.id, {"delete_protection": "on"})
    listen(lab, balancer, server_group_id=new_servers(lab, balancer).id)
    with refused("OperationDenied.DeleteProtectionIsOn"):
        lab.store.delete(balancer.kind, balancer.id)
    lab.store.update(balancer.kind, balancer.id, {"delete_protection": "off"})
    lab.store.delete(balancer.kind, balancer.id)
    assert lab.store.all("slb_listener") == lab.store.all("slb_server_group") == []


def test_servers_leave_a_load_balancer_that_goes_with_their_group(
    lab: Lab, balancer: Resource
) -> None:
    server = put(lab, new_servers(lab, balancer), lab.new_instance(lab.new_group()))
    lab.store.delete(balancer.kind, balancer.id)
    assert lab.store.all("slb_server_group") == []
    assert lab.store.all(server.kind) == []


def test_a_port_is_listened_on_once(lab: Lab, balancer: Resource) -> None:
    assert listen(lab, balancer).id == f"{balancer.id}:tcp:80"
    with refused("ListenerAlreadyExists"):
        listen(lab, balancer)
    with refused("ListenerAlreadyExists"):
        listen(lab, balancer, protocol="http")
    listen(lab, balancer, protocol="udp")
    listen(lab, balancer, 81)


def test_a_listener_needs_its_load_balancer_and_servers(lab: Lab, balancer: Resource) -> None:
    other = lab.store.create("slb_load_balancer", {"vswitch_id": lab.vswitch.id})
    mistakes: list[tuple[dict[str, Any], str]] = [
        ({"load_balancer_id": "lb-none"}, "InvalidLoadBalancerId.NotFound"),
        ({"backend_port": None}, "MissingParam.BackendServerPort"),
        ({"server_group_id": "rsp-none"}, "InvalidVServerGroupId.NotFound"),
        ({"server_group_id": new_servers(lab, other).id}, "InvalidVServerGroupId.NotFound"),
        ({"protocol": "https"}, "MissingParam.ServerCertificateId"),
    ]
    for more, code in mistakes:
        with refused(code):
            listen(lab, balancer, **more)
    made = listen(lab, balancer)
    with refused("InvalidVServerGroupId.NotFound"):
        lab.store.update(made.kind, made.id, {"server_group_id": "rsp-none"})


def test_a_group_of_servers_in_use_stays(lab: Lab, balancer: Resource) -> None:
    with refused("InvalidLoadBalancerId.NotFound"):
        lab.store.create("slb_server_group", {"load_balancer_id": "lb-none"})
    group = new_servers(lab, balancer)
    put(lab, group, lab.new_instance(lab.new_group()))
    listener = listen(lab, balancer, server_group_id=group.id)
    with refused("RspoolVipExist"):
        lab.store.delete(group.kind, group.id)
    lab.store.delete(listener.kind, listener.id)
    lab.store.delete(group.kind, group.id)
    assert lab.store.all("slb_server_group_server_attachment") == []


def test_servers_and_network_cards_are_put_into_a_group(lab: Lab, balancer: Resource) -> None:
    group, security = new_servers(lab, balancer), lab.new_group()
    server, card = lab.new_instance(security), lab.new_card(security)
    made = put(lab, group, server)
    assert (made.id, made["weight"]) == (f"{group.id}:{server.id}:8080", 100)
    with refused("BackendServer.Exists"):
        put(lab, group, server)
    put(lab, group, server, port=8081)
    with refused("InvalidServerId.NotFound"):
        put(lab, group, card)
    put(lab, group, card, type="eni")
    assert [one["port"] for one in lab.now(group)["servers"]] == [8080, 8081, 8080]
    lab.store.delete(made.kind, made.id)
    assert [one["port"] for one in lab.now(group)["servers"]] == [8081, 8080]
    with refused("InvalidVServerGroupId.NotFound"):
        lab.store.create(made.kind, {**made.attributes, "server_group_id": "rsp-none"})


def test_servers_are_in_the_load_balancers_vpc(lab: Lab, balancer: Resource) -> None:
    vpc = lab.store.create("vpc", {"cidr_block": "10.0.0.0/16"})
    asked = {"vpc_id": vpc.id, "cidr_block": "10.0.1.0/24", "zone_id": "cn-shanghai-a"}
    vswitch = lab.store.create("vswitch", asked)
    stranger = lab.new_instance(lab.new_group(vpc_id=vpc.id), vswitch_id=vswitch.id)
    with refused("InvalidServerId.VpcMismatch"):
        put(lab, new_servers(lab, balancer), stranger)


@pytest.mark.parametrize("name", ["a b", "a" * 81])
def test_a_group_has_a_name_of_the_clouds_form(lab: Lab, balancer: Resource, name: str) -> None:
    asked = {"load_balancer_id": balancer.id, "name": name}
    with refused("InvalidParameter"):
        lab.store.create("slb_server_group", asked)


def test_one_that_is_remembered_without_its_address_is_there(lab: Lab) -> None:
    vswitch = lab.new_vswitch("192.168.2.0/24")
    known = {"vswitch_id": vswitch.id, "address_type": "intranet"}
    lab.store.remember("slb_load_balancer", "lb-1", known, region="cn-shanghai")
    with refused("DependencyViolation.LoadBalancer"):
        lab.store.delete("vswitch", vswitch.id)
