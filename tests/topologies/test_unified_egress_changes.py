"""Changes of servers, their addresses and ways out that no single update can carry out."""

from typing import Any

import pytest

from facts import kinds
from tests.stackfiles import Edit, where
from tests.topologies.held_states import Held, changes, held
from tests.topologies.unified import beside, gone, moved, put, shared_stack, unified_stack

U, S = "unifiedEgress", "sharedBandwidth"
SERVERS = f"{U}.servers"


def interface(server: str, ip: str, *secondary: str) -> dict[str, Any]:
    """A server's interface, as the state has it."""
    return held(
        kinds.ENI, f"server-{server}-eni", primaryIpAddress=ip, privateIpAddresses=list(secondary)
    )


def bound(name: str, identity: str) -> dict[str, Any]:
    """The binding of an address to what it is bound to."""
    return held(kinds.EIP_ASSOCIATION, name, allocationId=identity)


def way_out(name: str, table: str = "stb-1") -> dict[str, Any]:
    """An egress entry of the vSwitch `apps`."""
    source = "network-apps-id"
    return held(kinds.SNAT_ENTRY, name, snatTableId=table, sourceVswitchId=source)


OWN: Held = [
    held(kinds.VSWITCH, "network-apps", cidrBlock="192.168.3.0/24"),
    held(kinds.NAT_GATEWAY, "unified-gateway-nat", snatTableIds="stb-1"),
    held(kinds.EIP, "unified-addresses-egress"),
    held(kinds.EIP, "unified-addresses-web1"),
    bound("unified-addresses-egress-association", "unified-addresses-egress-id"),
    bound("server-web1-addresses-primary", "unified-addresses-web1-id"),
    held(kinds.INSTANCE, "host-ecs1-instance", privateIp="192.168.3.10"),
    interface("web1", "192.168.3.11"),
    interface("web2", "192.168.4.21", "192.168.4.22"),
    way_out("unified-egress-apps"),
]
SHARED: Held = [
    held(kinds.VSWITCH, "network-apps", cidrBlock="192.168.1.0/24"),
    held(kinds.NAT_GATEWAY, "gateway-nat", snatTableIds="stb-1"),
    held(kinds.EIP, "shared-bandwidth-ip6"),
    bound("shared-bandwidth-ip6-association", "shared-bandwidth-ip6-id"),
    interface("mail", "192.168.1.12"),
    way_out("egress-apps"),
]
NARROW = {"cidr": "192.168.1.0/28", "publicIps": ["ip6"]}
FRESH = {"vswitch": "apps", "ip": "192.168.3.99"}
MAIL = {"vswitch": "apps", "publicIps": ["ip6"]}


def test_nothing_is_wrong_with_stacks_that_stay_as_they_are() -> None:
    assert changes(unified_stack(), OWN) == []
    assert changes(shared_stack(), SHARED) == []


def test_nothing_is_wrong_with_a_first_deployment() -> None:
    assert changes(unified_stack(), []) == []
    assert changes(shared_stack(), []) == []


# Sources.


def moved_source(name: str) -> list[Edit]:
    return [gone(f"{S}.egress"), put(U, egress={name: MAIL})]


@pytest.mark.parametrize("name", ["apps", "out"])
def test_a_source_that_moves_between_sections_of_one_gateway_needs_two_steps(name: str) -> None:
    (problem,) = changes(shared_stack(*moved_source(name)), SHARED)
    assert where(problem) == f"{U}.egress.{name}"
    assert problem.value == "the source apps"
    assert "is held by apps, which is deleted only after" in problem.rule
    assert problem.remedy.startswith(
        f"do it in two steps: first run up without {name}, which frees the source apps"
    )


def test_the_first_of_the_two_steps_is_free_of_problems_and_so_is_the_second() -> None:
    """A server needs some egress, so that a narrower source stands in for the one that moves."""
    step = shared_stack(gone(f"{S}.egress"), put(U, egress={"meanwhile": NARROW}))
    assert changes(step, SHARED) == []
    assert changes(shared_stack(*moved_source("apps")), SHARED[:-1]) == []


def test_a_source_that_moves_back_needs_two_steps_too() -> None:
    state = [*SHARED[:-1], way_out("unified-egress-out")]
    (problem,) = changes(shared_stack(), state)
    assert where(problem) == f"{S}.egress.apps"
    assert "is held by out" in problem.rule


def test_a_source_can_be_on_two_gateways_at_once() -> None:
    assert changes(shared_stack(*beside()), SHARED) == []
    own = [*SHARED, held(kinds.NAT_GATEWAY, "unified-gateway-nat", snatTableIds="stb-2")]
    assert changes(shared_stack(*beside()), own) == []


def test_an_egress_that_is_renamed_says_what_it_was() -> None:
    entry: dict[str, Any] = {"vswitch": "apps", "publicIps": ["egress"]}
    (problem,) = changes(unified_stack(put(U, egress={"out": entry})), OWN)
    assert where(problem) == f"{U}.egress.out"
    assert "say was: apps in out: unifiedEgress.egress.apps" in problem.remedy
    assert changes(unified_stack(put(U, egress={"out": {**entry, "was": "apps"}})), OWN) == []


def test_on_a_gateway_that_exists_the_table_is_the_one_that_is_given() -> None:
    exists = put(U, natGateway={"id": "ngw-1", "snatTableId": "stb-7"})
    new = put(U, egress={"out": {"vswitch": "apps", "publicIps": ["egress"]}})
    state = [*OWN[:-1], way_out("unified-egress-apps", "stb-7")]
    assert [where(one) for one in changes(unified_stack(exists, new), state)] == [f"{U}.egress.out"]
    assert changes(unified_stack(exists, new), OWN) == []


# Bindings.

EXISTS = {"id": "eip-9", "address": "203.0.113.9"}


def test_an_eip_that_moves_from_the_gateway_to_a_server_needs_two_steps() -> None:
    state = [*SHARED, bound("shared-bandwidth-ip9-association", "eip-9")]
    (problem,) = changes(shared_stack(put(f"{U}.publicIps", mail=EXISTS)), state)
    assert where(problem) == f"{U}.servers.mail"
    assert problem.value == "the binding of eip-9"
    assert "is held by ip9" in problem.rule
    assert "first run up with mail as it was, which frees the binding of eip-9" in problem.remedy
    spare = shared_stack(put(f"{U}.publicIps", old={**EXISTS, "spare": True}))
    assert changes(spare, state) == [], "a spare address is bound to nothing"


def test_an_eip_that_moves_between_sections_and_stays_on_the_gateway_needs_two_steps() -> None:
    state = [*SHARED, bound("shared-bandwidth-ip9-association", "eip-9")]
    moved = [
        put(f"{U}.publicIps", out=EXISTS),
        put(U, egress={"out": NARROW | {"publicIps": ["out"]}}),
    ]
    (problem,) = changes(shared_stack(*moved), state)
    assert where(problem) == f"{U}.publicIps.out"
    assert "first run up without out, which frees the binding of eip-9" in problem.remedy


def test_an_eip_that_moves_from_a_server_to_the_gateway_needs_two_steps() -> None:
    state = [*SHARED, bound("server-web-addresses-primary", "eip-9")]
    (problem,) = changes(shared_stack(put(f"{S}.publicIps", ip6=EXISTS)), state)
    assert where(problem) == f"{S}.publicIps.ip6"
    assert "first run up with ip6 as it was, which frees the binding of eip-9" in problem.remedy


def test_an_address_that_leaves_and_is_then_to_be_reached_needs_two_steps() -> None:
    edits = [
        put(f"{U}.publicIps", new={}),
        put(f"{U}.egress.apps", publicIps=["new"]),
        put(f"{U}.servers.web1", publicIp="egress"),
    ]
    (problem,) = changes(unified_stack(*edits), OWN)
    assert where(problem) == f"{U}.servers.web1"
    assert "first run up with web1 as it was, which frees the binding of unified" in problem.remedy


def test_a_server_that_gets_another_address_has_it_in_the_place_of_the_first() -> None:
    state = [*OWN, held(kinds.EIP, "unified-addresses-web2")]
    edits = [put(f"{U}.servers.web1", publicIp="new"), put(f"{U}.publicIps", new={})]
    assert changes(unified_stack(*edits), state) == []


def test_two_servers_swap_their_addresses_in_one_update() -> None:
    """The provider tries until each is free: both bindings are replaced, the old one first."""
    web2 = "unified-addresses-web2"
    state = [*OWN, held(kinds.EIP, web2), bound("server-web2-addresses-primary", f"{web2}-id")]
    swap = [put(f"{U}.servers.web1", publicIp="web2"), put(f"{U}.servers.web2", publicIp="web1")]
    assert changes(unified_stack(*swap), state) == []


def test_an_address_that_gets_another_name_is_the_same_address() -> None:
    edits = [
        gone(f"{U}.publicIps.web1"),
        put(f"{U}.publicIps", front={"was": "web1"}),
        put(f"{U}.servers.web1", publicIp="front"),
    ]
    assert changes(unified_stack(*edits), OWN) == []
    edits.append(put(f"{U}.servers.web2", publicIp="front"))
    edits.append(put(f"{U}.servers.web1", publicIp="web2"))
    (problem,) = changes(unified_stack(*edits), OWN)
    assert where(problem) == f"{U}.servers.web2"


def test_a_renamed_servers_addresses_are_held_by_nobody_else() -> None:
    (problem,) = changes(unified_stack(moved(SERVERS, "web1", "front", eni=FRESH)), OWN)
    assert (where(problem), problem.value) == (
        f"{U}.servers.front",
        "the binding of unified-addresses-web1-id",
    )
    assert "say was: web1 in front" in problem.remedy
    assert changes(unified_stack(moved(SERVERS, "web1", "front", eni=FRESH, was="web1")), OWN) == []


# Private addresses.


def test_an_address_that_moves_from_a_host_to_an_interface_needs_two_steps() -> None:
    edits = [
        put("network.hosts.ecs1", ip="192.168.3.30"),
        put(f"{U}.servers.web1.eni", ip="192.168.3.10"),
    ]
    (problem,) = changes(unified_stack(*edits), OWN)
    assert where(problem) == f"{U}.servers.web1"
    assert problem.value == "the address 192.168.3.10"
    assert "is ecs1's until ecs1 has moved" in problem.rule
    assert problem.remedy.startswith("do it in two steps: first move ecs1 and run up")


def test_an_address_that_moves_from_an_interface_to_a_host_needs_two_steps() -> None:
    edits = [
        put("network.hosts.ecs1", ip="192.168.3.11"),
        put(f"{U}.servers.web1.eni", ip="192.168.3.12"),
    ]
    (problem,) = changes(unified_stack(*edits), OWN)
    assert where(problem) == "network.hosts.ecs1"
    assert "is web1's until web1 has moved" in problem.rule


def test_a_host_and_an_interface_that_swap_addresses_are_named_as_such() -> None:
    edits = [
        put("network.hosts.ecs1", ip="192.168.3.11"),
        put(f"{U}.servers.web1.eni", ip="192.168.3.10"),
    ]
    rules = {where(problem): problem.rule for problem in changes(unified_stack(*edits), OWN)}
    assert set(rules) == {"network.hosts.ecs1", f"{U}.servers.web1"}
    assert "ecs1 and web1 swap the address 192.168.3.11" in rules["network.hosts.ecs1"]


def test_a_server_renamed_with_was_keeps_its_interface() -> None:
    assert changes(unified_stack(moved(SERVERS, "web1", "front", was="web1")), OWN) == []


def test_a_server_renamed_without_was_would_need_its_address_twice() -> None:
    (problem,) = changes(unified_stack(moved(SERVERS, "web1", "front")), OWN)
    assert where(problem) == f"{U}.servers.front"
    assert problem.value == "the address 192.168.3.11"
    assert "say was: web1 in front: unifiedEgress.servers.web1" in problem.remedy


@pytest.mark.parametrize("ip", ["192.168.4.21", "192.168.4.22"])
def test_a_new_server_doesnt_take_over_an_address_that_a_removed_one_still_has(ip: str) -> None:
    eni = {"vswitch": "doors", "ip": ip}
    new = {"host": "ecs2", "publicIp": "web2", "eni": eni}
    (problem,) = changes(
        unified_stack(gone(f"{U}.servers.web2"), put(f"{U}.servers", new=new)), OWN
    )
    assert where(problem) == f"{U}.servers.new"
    assert problem.value == f"the address {ip}"
    assert "say was: web2 in new" in problem.remedy


def test_a_new_secondary_address_meets_an_address_that_another_interface_still_has() -> None:
    edits = [
        put(f"{U}.servers.web1.eni", vswitch="doors", ip="192.168.4.11"),
        put(f"{U}.servers.web1.eni", secondaryIps=["192.168.4.22"]),
        put(f"{U}.servers.web2.eni", secondaryIps=["192.168.4.23"]),
    ]
    (problem,) = changes(unified_stack(*edits), OWN)
    assert where(problem) == f"{U}.servers.web1"
    assert "is web2's until web2 has moved" in problem.rule


def test_addresses_of_one_interface_may_change_as_they_like() -> None:
    edit = put(f"{U}.servers.web2.eni", ip="192.168.4.22", secondaryIps=["192.168.4.21"])
    assert changes(unified_stack(edit), OWN) == []


# Places of one and the same server.


def two_places(primary: str, secondary: str) -> list[Edit]:
    return [
        put(f"{U}.publicIps", web3={}),
        put(f"{U}.servers.web1", publicIp=primary, secondaryPublicIps={secondary: "192.168.3.12"}),
        put(f"{U}.servers.web1.eni", secondaryIps=["192.168.3.12", "192.168.3.13"]),
    ]


TWO_PLACES = [
    *OWN,
    held(kinds.EIP, "unified-addresses-web3"),
    bound("server-web1-addresses-192.168.3.12", "unified-addresses-web3-id"),
]


def test_two_addresses_of_one_server_swap_their_places_in_one_update() -> None:
    assert changes(unified_stack(*two_places("web1", "web3")), TWO_PLACES) == []
    assert changes(unified_stack(*two_places("web3", "web1")), TWO_PLACES) == []


def test_an_address_that_moves_to_another_place_of_its_server_needs_two_steps() -> None:
    edits = two_places("web1", "web3")
    edits.append(put(f"{U}.servers.web1", secondaryPublicIps={"web3": "192.168.3.13"}))
    (problem,) = changes(unified_stack(*edits), TWO_PLACES)
    assert where(problem) == f"{U}.servers.web1.192.168.3.13"
    assert "is held by web1.192.168.3.12" in problem.rule
    assert "two steps" in problem.remedy


def test_a_secondary_address_is_given_up_when_no_eip_stands_for_it_any_more() -> None:
    state = [one for one in OWN if not str(one["urn"]).endswith("::server-web1-eni")] + [
        interface("web1", "192.168.3.11", "192.168.3.12")
    ]
    assert changes(unified_stack(), state) == []
    (problem,) = changes(
        unified_stack(), [*state, bound("server-web1-addresses-192.168.3.12", "e")]
    )
    assert where(problem) == f"{SERVERS}.web1.eni.secondaryIps"
    assert "first take the EIP off it" in problem.remedy
