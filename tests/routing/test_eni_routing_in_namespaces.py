"""The generated script in a real network: which card a packet leaves by, with and without it."""

import pytest

from tests.routing.eni_lab import CLIENT, FIRST, SECOND_MAC, Lab, dhcp

VSWITCHES = pytest.mark.parametrize(
    "server", [{"one_vswitch": True}, {"one_vswitch": False}], ids=["one", "two"], indirect=True
)
TWO_VSWITCHES = pytest.mark.parametrize("server", [{"one_vswitch": False}], indirect=True)
# As a DHCP client may have left the second card: the metric that its routes have, if any.
BEFORE = pytest.mark.parametrize("metric", [None, 50, 101, "no DHCP"])


@VSWITCHES
def test_without_the_script_a_reply_leaves_by_the_wrong_card(server: Lab) -> None:
    dhcp(server, metric=101)
    assert server.reply_leaves_by(server.second) == {"to-first"}


@VSWITCHES
@BEFORE
def test_what_comes_in_by_a_card_is_answered_by_it_and_the_rest_leaves_by_the_first(
    server: Lab, metric: int | str | None
) -> None:
    dhcp(server, metric)
    server.installed()
    assert server.reply_leaves_by(server.second) == {"to-second"}
    assert server.reply_leaves_by(FIRST) == {"to-first"}
    assert server.datagram_leaves_by(CLIENT) == [("to-first", FIRST)]


@VSWITCHES
@BEFORE
def test_neighbours_in_the_card_s_vswitch_are_reached_by_the_first_card(
    server: Lab, metric: int | str | None
) -> None:
    dhcp(server, metric)
    server.installed()
    neighbour = server.network.replace("0/24", "20")
    assert server.datagram_leaves_by(neighbour) == [("to-first", FIRST)]


@VSWITCHES
def test_strict_reverse_path_filters_let_the_traffic_through(server: Lab) -> None:
    server.server.sh(
        "for one in all eth0 eth1; do echo 1 >/proc/sys/net/ipv4/conf/$one/rp_filter; done"
    )
    dhcp(server, metric=101)
    assert server.reply_leaves_by(server.second) == set()
    server.installed()
    assert server.reply_leaves_by(server.second) == {"to-second"}
    assert server.reply_leaves_by(FIRST) == {"to-first"}


def test_each_step_is_told(server: Lab) -> None:
    said = server.installed().out.splitlines()
    assert [line for line in said if not line.endswith("written")] == [
        "eth1 set up",
        "address 192.168.3.11/24 added to eth1",
        "route 192.168.3.0/24 dev eth1 scope link src 192.168.3.11 added to table 101",
        "route default via 192.168.3.253 dev eth1 added to table 101",
        "rule from 192.168.3.11 to table 101 added",
    ]


@VSWITCHES
@BEFORE
def test_a_second_run_changes_nothing(server: Lab, metric: int | str | None) -> None:
    dhcp(server, metric)
    server.installed()
    before = (server.state(), server.notes())
    assert server.installed().out == "nothing to change\n"
    assert server.run("apply").out == ""
    assert (server.state(), server.notes()) == before


@VSWITCHES
@BEFORE
def test_undo_leaves_the_routing_as_it_was(server: Lab, metric: int | str | None) -> None:
    server.server.sh("ip link set eth1 up")
    dhcp(server, metric)
    before = server.state()
    server.installed()
    assert server.state() != before
    done = server.run("undo")
    assert (done.code, done.err) == (0, "")
    assert server.state() == before


def test_others_rules_and_routes_stay(server: Lab) -> None:
    server.server.sh(
        "ip rule add pref 500 from 10.9.9.9 table 101;"
        "ip rule add pref 10000 from 10.8.8.8 table 77;"
        "ip route add 10.7.7.0/24 via 192.168.3.254 dev eth0 table 101"
    )
    before = server.state()
    server.installed()
    rules = server.rules()
    assert "500:\tfrom 10.9.9.9 lookup 101" in rules
    assert "10000:\tfrom 10.8.8.8 lookup 77" in rules
    server.run("uninstall")
    server.server.sh("ip link set eth1 down")
    assert server.state() == before


@pytest.mark.parametrize(
    "server",
    [
        {"card": "ens7"},
        {"card": "eth1", "second_first": True},
        {"card": "a0", "second_first": True},
    ],
    ids=["another name", "the lower index", "both"],
    indirect=True,
)
def test_the_card_is_found_by_its_mac_whatever_it_is_called(server: Lab) -> None:
    server.installed()
    assert server.reply_leaves_by(server.second) == {"to-second"}
    assert server.datagram_leaves_by(CLIENT) == [("to-first", FIRST)]


def test_a_later_device_with_the_card_s_mac_such_as_a_vlan_isn_t_taken_for_it(server: Lab) -> None:
    server.server.sh(f"ip link add a1 address {SECOND_MAC} type veth")
    assert "a1" not in server.installed().out


def test_a_mac_in_capitals_is_the_same_mac(server: Lab) -> None:
    done = server.run(script=server.script().replace("3e:00:00:11", "3E:00:00:11", 1))
    assert (done.code, done.err) == (0, "")


def test_a_default_route_of_the_card_gets_a_metric_above_the_first_card_s(server: Lab) -> None:
    dhcp(server, metric=50)
    assert server.datagram_leaves_by(CLIENT) == [("to-second", server.second)]
    server.installed()
    (route,) = server.server.sh("ip -4 route show default dev eth1").splitlines()
    assert "metric 201" in route
    assert "via 192.168.3.253" in route


def test_default_routes_of_the_same_metric_are_told_apart(server: Lab) -> None:
    server.server.sh("ip route del default; ip route add default via 192.168.3.253 dev eth0")
    dhcp(server)
    server.installed()
    (route,) = server.server.sh("ip -4 route show default dev eth1").splitlines()
    assert "metric 101" in route
    assert server.datagram_leaves_by(CLIENT) == [("to-first", FIRST)]


def test_the_kernel_s_route_of_the_card_doesn_t_draw_the_neighbours_to_it(server: Lab) -> None:
    """A first card that NetworkManager looks after has a metric of 100 where dhclient has none."""
    server.server.sh(
        "ip addr del 192.168.3.10/24 dev eth0; ip addr add 192.168.3.10/24 dev eth0 noprefixroute;"
        "ip route add 192.168.3.0/24 dev eth0 scope link src 192.168.3.10 metric 100;"
        "ip route add default via 192.168.3.253 dev eth0 metric 100"
    )
    dhcp(server)
    assert server.datagram_leaves_by("192.168.3.20") == [("to-second", server.second)]
    server.installed()
    assert server.datagram_leaves_by("192.168.3.20") == [("to-first", FIRST)]


def test_a_default_route_below_the_first_card_s_is_left_alone(server: Lab) -> None:
    dhcp(server, metric=101)
    before = server.server.sh("ip -4 route show table main")
    server.installed()
    assert server.server.sh("ip -4 route show table main") == before


def test_the_only_default_route_is_left_alone(server: Lab) -> None:
    dhcp(server, metric=50)
    server.server.sh("ip route del default dev eth0")
    before = server.server.sh("ip -4 route show default")
    server.installed()
    assert server.server.sh("ip -4 route show default") == before


def test_a_default_route_that_dhcp_sets_again_gives_way_again(server: Lab) -> None:
    dhcp(server, metric=50)
    server.installed()
    server.server.sh("ip route add default via 192.168.3.253 dev eth1 proto dhcp metric 50")
    assert "metric 50 removed" in server.run("apply").out
    assert server.datagram_leaves_by(CLIENT) == [("to-first", FIRST)]


def test_two_second_cards_don_t_put_themselves_behind_each_other(server: Lab) -> None:
    """Without a default route of the first card, each would think the other to be the first."""
    dhcp(server, metric=101)
    server.installed()
    server.server.sh(
        "ip link add eth2 address 00:16:3e:00:00:12 type veth; ip link set eth2 up;"
        "ip route add default dev eth2 metric 102; ip route del default dev eth0"
    )
    (server.root / "run/alicloud-gateways-eni-00163e000012").write_text("card eth2\n")
    before = server.state()
    server.run("apply")
    assert server.state() == before


def test_several_addresses_and_a_public_one_have_a_rule_each(server: Lab) -> None:
    addresses = ("192.168.3.11", "192.168.3.12", "203.0.113.9")
    assert server.run(script=server.script(addresses=addresses)).err == ""
    rules = server.rules()
    assert [one for one in addresses if f"10000:\tfrom {one} lookup 101" in rules] == [*addresses]
    assert "inet 203.0.113.9/32" in server.server.sh("ip -4 addr show dev eth1")


def test_an_address_that_isn_t_listed_any_more_loses_its_rule(server: Lab) -> None:
    server.installed()
    server.server.sh("ip rule add pref 10000 from 192.168.3.99 table 101")
    assert server.run("apply").out == "rule from 192.168.3.99 to table 101 removed\n"


def test_the_card_s_default_route_goes_behind_all_others(server: Lab) -> None:
    dhcp(server, metric=200)
    server.server.sh("ip route add default via 192.168.3.254 dev eth0 metric 300")
    server.installed()
    assert "metric 401" in server.server.sh("ip -4 route show default dev eth1")


@TWO_VSWITCHES
def test_a_default_route_whose_gateway_isn_t_on_a_known_network_gives_way_too(server: Lab) -> None:
    dhcp(server, metric=101)
    server.installed()
    server.server.sh("ip route add default via 192.168.4.253 dev eth1 onlink metric 50")
    assert server.run("apply").err == ""
    assert server.datagram_leaves_by(CLIENT) == [("to-first", FIRST)]


@TWO_VSWITCHES
def test_the_card_s_vswitch_stays_in_reach_where_the_first_card_leads_nowhere(server: Lab) -> None:
    dhcp(server, metric=101)
    server.server.sh("ip route del default dev eth0")
    before = server.server.sh("ip -4 route show table main")
    server.installed()
    assert server.server.sh("ip -4 route show table main") == before


def test_a_card_without_a_link_is_routed_for_the_time_when_it_has_one(server: Lab) -> None:
    dhcp(server, metric=50)
    server.vpc.sh("ip link set to-second down")
    assert "linkdown" in server.server.sh("ip -4 route show default dev eth1")
    server.installed()
    assert server.installed().out == "nothing to change\n"
    assert "metric 201" in server.server.sh("ip -4 route show default dev eth1")
