"""Ports that a preview closes or opens, as ranges and over all its changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.ways import PROTOCOLS, Place, Way, without
from stack.pulumi_wire import UNKNOWN
from tests.guard.previews import (
    BINDING,
    EIP,
    ENTRY,
    RULE,
    created,
    deleted,
    entry,
    ids,
    rule,
    told,
    updated,
    urn,
)
from topologies.nat.ports import PortRange

SERVER = "alicloud:ecs/instance:Instance"
BALANCER = "alicloud:slb/loadBalancer:LoadBalancer"


def test_a_new_entry_opens_its_port_and_says_where_it_leads() -> None:
    assert ids(created(ENTRY, "web", entry("8022", "22"))) == ["open-port:web"]
    assert told(created(ENTRY, "web", entry("8022", "22"))) == [
        (
            "opens tcp 8022 on 198.51.100.1 to everyone, which leads to 192.168.1.3 tcp 22; "
            "risky: 22 (SSH)"
        )
    ]


def test_a_deleted_entry_closes_its_port() -> None:
    assert told(deleted(ENTRY, "web", entry("80"))) == ["closes tcp 80 on 198.51.100.1"]
    assert told(deleted(ENTRY, "web", entry("any"))) == [
        "closes every port and protocol on 198.51.100.1"
    ]


def test_a_range_that_shrinks_is_told_as_partly_closed() -> None:
    assert told(updated(ENTRY, "web", entry("9000/9010"), entry("9003/9006"))) == [
        "closes tcp 9000-9002, 9007-9010 (of tcp 9000-9010) on 198.51.100.1"
    ]


def test_a_range_that_grows_opens_what_is_new() -> None:
    assert told(updated(ENTRY, "web", entry("9000/9010"), entry("9000/9012"))) == [
        "opens tcp 9011-9012 on 198.51.100.1 to everyone, which leads to 192.168.1.3 tcp 9000-9012"
    ]


@pytest.mark.parametrize("change", [{"ipProtocol": "udp"}, {"externalIp": "198.51.100.2"}])
def test_another_protocol_or_address_closes_and_opens(change: dict[str, str]) -> None:
    assert ids(updated(ENTRY, "web", entry("80"), entry("80", **change))) == [
        "close-port:web",
        "open-port:web",
    ]


def test_everything_mapped_instead_of_a_port_closes_nothing() -> None:
    assert ids(updated(ENTRY, "web", entry("80"), entry("any"))) == ["open-port:web"]


def test_a_port_of_the_host_that_everyone_reaches_from_now_on_is_opened() -> None:
    assert told(updated(ENTRY, "web", entry("80"), entry("80", "22"))) == [
        "leads everyone from tcp 80 on 198.51.100.1 to 192.168.1.3 tcp 22; risky: 22 (SSH)"
    ]


def test_a_name_alone_is_nothing() -> None:
    assert ids(updated(ENTRY, "web", entry("80"), entry("80", forwardEntryName="shop"))) == []


def test_an_entry_taken_over_by_an_equal_one_of_another_name_is_closed_and_opened() -> None:
    found = ids(deleted(ENTRY, "web", entry("80")), created(ENTRY, "shop", entry("80")))
    assert found == ["close-port:web", "open-port:shop"]


def test_what_another_entry_takes_up_stays_open() -> None:
    steps = (
        updated(ENTRY, "a", entry("9000/9010"), entry("9000/9004")),
        created(ENTRY, "b", entry("9005/9010")),
    )
    assert ids(*steps) == []


def test_a_retained_entry_stays_in_the_cloud() -> None:
    assert ids(deleted(ENTRY, "web", entry("80"), retainOnDelete=True)) == []


def test_an_address_that_isnt_known_yet_is_the_one_of_the_same_eip() -> None:
    change = updated(ENTRY, "web", entry("80"), entry("80", externalIp=UNKNOWN), op="replace")
    for side in ("oldState", "newState"):
        change[side]["propertyDependencies"] = {"externalIp": [urn(EIP, "ip1"), urn(BINDING, "x")]}
    assert ids(change) == []
    change["newState"]["propertyDependencies"] = {
        "externalIp": [urn(EIP, "ip2"), urn(BINDING, "x")]
    }
    assert ids(change) == ["close-port:web", "open-port:web"]


def test_an_eip_renamed_by_an_alias_is_the_same_place() -> None:
    old, new = (entry("80", externalIp=UNKNOWN) for _ in range(2))
    change = updated(ENTRY, "web", old, new)
    change["oldState"]["propertyDependencies"] = {"externalIp": [urn(EIP, "ip1")]}
    change["newState"]["propertyDependencies"] = {"externalIp": [urn(EIP, "front")]}
    renamed = updated(EIP, "front", {}, {})
    renamed["newState"]["aliases"] = [urn(EIP, "ip1")]
    assert ids(change, renamed) == []


@pytest.mark.parametrize(
    "source", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3", "128.0.0.0/1", "64.0.0.0/2"]
)
def test_a_rule_for_everyone_or_nearly_opens_its_ports(source: str) -> None:
    assert ids(created(RULE, "r", rule("22/22", source))) == ["open-port:r"]


@pytest.mark.parametrize("source", ["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"])
def test_a_rule_for_some_opens_nothing_to_the_world(source: str) -> None:
    assert ids(created(RULE, "r", rule("22/22", source))) == ["loosen-port:r"]


def test_rules_about_calling_out_and_rules_that_refuse_are_told_by_what_they_do() -> None:
    out, refusal = rule("22/22", type="egress"), rule("22/22", policy="drop")
    assert ids(created(RULE, "r", out)) == ["loosen-port:r"]
    assert ids(deleted(RULE, "r", out)) == ["close-egress:r"]
    assert ids(created(RULE, "r", refusal)) == ["close-port:r"]
    assert told(deleted(RULE, "r", refusal)) == [
        "takes away a rule that refuses tcp 22/22 from 0.0.0.0/0"
    ]
    last = {**refusal, "priority": 100}
    assert ids(updated(RULE, "r", {**refusal, "priority": 1}, last, op="replace")) == [
        "loosen-port:r"
    ]


def test_rules_of_a_group_that_is_made_in_the_same_run_let_nobody_in_that_wasnt_kept_out() -> None:
    group = "alicloud:ecs/securityGroup:SecurityGroup"
    made = created(RULE, "r", rule("22/22", "10.0.0.0/8", securityGroupId=UNKNOWN))
    made["newState"]["propertyDependencies"] = {"securityGroupId": [urn(group, "g")]}
    assert ids(created(group, "g", {}), made) == []
    assert ids(updated(group, "g", {}, {"description": "x"}), made) == ["loosen-port:r"]


def test_a_rule_for_some_that_goes_is_told_with_whom_it_shuts_out() -> None:
    assert told(deleted(RULE, "r", rule("22/22", "203.0.113.0/24"))) == [
        "closes tcp 22 on security group sg-1 to 203.0.113.0/24"
    ]


def test_a_rule_replaced_by_a_wider_one_opens_and_closes_nothing() -> None:
    steps = (
        deleted(RULE, "office", rule("22/22", "203.0.113.0/24")),
        created(RULE, "all", rule("22/22")),
    )
    assert ids(*steps) == ["open-port:all"]


def test_a_rule_cut_down_closes_the_rest_alone() -> None:
    steps = (
        deleted(RULE, "wide", rule("9000/9010")),
        created(RULE, "narrow", rule("9000/9004")),
    )
    assert told(*steps) == ["closes tcp 9005-9010 (of tcp 9000-9010) on security group sg-1"]


def test_every_protocol_is_every_port_of_each() -> None:
    change = updated(RULE, "r", rule("-1/-1", ipProtocol="all"), rule("443/443"), op="replace")
    assert told(change) == [
        (
            "closes tcp 1-442, 444-65535; every udp port; icmp; icmpv6; gre "
            "(of every port and protocol) on security group sg-1"
        )
    ]


def test_an_eip_on_a_server_opens_what_the_server_lets_in() -> None:
    on_eni = {"allocationId": "eip-1", "instanceId": "eni-1", "instanceType": "NetworkInterface"}
    assert told(created(BINDING, "b", on_eni)) == [
        "opens every port and protocol on eip-1 on eni-1 to everyone"
    ]
    assert ids(deleted(BINDING, "b", on_eni)) == ["close-port:b"]
    other = updated(BINDING, "b", on_eni, {**on_eni, "allocationId": "eip-2"}, op="replace")
    assert ids(other) == ["replace-binding:b", "close-port:b", "open-port:b"]


@pytest.mark.parametrize(
    "inputs",
    [{"instanceId": "ngw-1", "instanceType": "Nat"}, {"instanceId": "ngw-1"}],
    ids=["stated", "inferred"],
)
def test_an_eip_on_a_gateway_opens_nothing_by_itself(inputs: dict[str, str]) -> None:
    assert ids(created(BINDING, "b", {"allocationId": "eip-1", **inputs})) == []


def test_a_public_address_of_a_servers_or_balancers_own_opens_it() -> None:
    assert ids(created(SERVER, "s", {"internetMaxBandwidthOut": 5})) == ["open-port:s"]
    assert ids(created(SERVER, "s", {"internetMaxBandwidthOut": 0})) == []
    assert ids(created(BALANCER, "b", {"addressType": "internet"})) == ["open-port:b"]
    assert ids(created(BALANCER, "b", {"addressType": "intranet"})) == []


PORTS = st.tuples(st.integers(1, 60), st.integers(1, 60)).map(lambda p: PortRange(min(p), max(p)))
WAYS = st.lists(
    st.builds(Way, st.just(Place("x", frozenset({"x"}))), st.sampled_from(PROTOCOLS[:2]), PORTS),
    max_size=6,
)


def _each(ways: list[Way]) -> set[tuple[str, int]]:
    return {
        (way.protocol, port) for way in ways for port in range(way.ports.first, way.ports.last + 1)
    }


@given(WAYS, WAYS)
def test_what_is_left_of_ranges_is_what_is_left_of_their_ports(
    some: list[Way], others: list[Way]
) -> None:
    assert _each(without(some, others)) == _each(some) - _each(others)
