"""A private address in front of several servers."""

import components as c
from tests.components.api_builds import intranet_load_balancer
from tests.components.test_every_component import built
from tests.mocked_cloud import Registered, run, value_of

PLAIN: c.IntranetLoadBalancerArgs = {
    "vswitch_id": "vsw-1",
    "listener": {"protocol": "tcp", "port": 443},
    "servers": {"ecs1": {"server_id": "i-1", "port": 8443}},
}


def plain(args: c.IntranetLoadBalancerArgs = PLAIN) -> Registered:
    return run(lambda: c.IntranetLoadBalancer("lb", args))


def test_it_has_a_private_address_and_is_paid_by_what_passes() -> None:
    inputs = dict(built(intranet_load_balancer)["lb-load-balancer"].inputs)
    assert inputs.pop("tags")
    assert inputs == {
        "loadBalancerName": "shop-lb",
        "addressType": "intranet",
        "vswitchId": "vsw-1",
        "paymentType": "PayAsYouGo",
        "instanceChargeType": "PayByCLCU",
        "deleteProtection": "off",
    }


def test_its_listener_listens_when_there_are_servers_to_answer() -> None:
    listener = built(intranet_load_balancer)["lb-listener"]
    assert listener.inputs == {
        "loadBalancerId": "lb-load-balancer-id",
        "protocol": "http",
        "frontendPort": 80,
        "serverGroupId": "lb-servers-id",
        "bandwidth": -1,
        "healthCheck": "on",
        "healthCheckUri": "/health",
    }
    assert {"lb-server-ecs1", "lb-server-ecs2"} <= listener.after


def test_servers_are_put_in_one_after_the_other() -> None:
    assert "lb-server-ecs1" in built(intranet_load_balancer)["lb-server-ecs2"].after


def test_tcp_servers_are_well_when_they_take_connections_or_answer_a_path() -> None:
    assert "healthCheckType" not in plain()["lb-listener"].inputs
    asked = plain(
        {**PLAIN, "listener": {"protocol": "tcp", "port": 443, "health_check_path": "/ok"}}
    )["lb-listener"].inputs
    assert (asked["healthCheckType"], asked["healthCheckUri"]) == ("http", "/ok")


def test_what_there_is_once_is_undone_before_it_is_made_anew() -> None:
    made = built(intranet_load_balancer)
    for name in ("lb-server-ecs1", "lb-server-ecs2", "lb-listener"):
        assert made[name].request.deleteBeforeReplace, name


def test_an_address_that_is_given_is_held_by_one_load_balancer_at_a_time() -> None:
    fixed = plain({**PLAIN, "address": "192.168.1.100"})["lb-load-balancer"]
    assert fixed.inputs["address"] == "192.168.1.100"
    assert fixed.request.deleteBeforeReplace
    assert not plain()["lb-load-balancer"].request.deleteBeforeReplace


def test_deletion_protection_holds_in_the_cloud_and_in_pulumi() -> None:
    made = plain({**PLAIN, "deletion_protection": True})
    assert made["lb-load-balancer"].inputs["deleteProtection"] == "on"
    assert made["lb-load-balancer"].request.protect
    assert not made["lb-listener"].request.protect


def test_a_server_keeps_its_resource_over_a_rename() -> None:
    assert built(intranet_load_balancer)["lb-server-ecs1"].aliases == {"lb-server-web"}


def test_it_gives_out_its_id_and_its_address() -> None:
    made: list[c.IntranetLoadBalancer] = []
    run(lambda: made.append(c.IntranetLoadBalancer("lb", {**PLAIN, "address": "192.168.1.100"})))
    assert value_of(made[0].load_balancer_id) == "lb-load-balancer-id"
    assert value_of(made[0].address) == "192.168.1.100"
