"""What unified egress may not say about its gateway, addresses and egress, one rule a test."""

from typing import Any

import pytest

from tests.stackfiles import Edit, problems_of, warnings_of, where
from tests.topologies.unified import (
    beside,
    gone,
    only,
    only_warning,
    places,
    put,
    shared_stack,
    unified_stack,
)

U = "unifiedEgress"
GATEWAY = {"id": "ngw-1", "snatTableId": "stb-1"}
WEB1 = f"{U}.servers.web1"


def test_both_stacks_that_these_tests_start_from_are_fine() -> None:
    for text in (unified_stack(), shared_stack()):
        assert problems_of(text) == ()
        assert warnings_of(text) == ()


# The gateway.


def test_servers_need_a_gateway_to_leave_by() -> None:
    without = gone(f"{U}.natGateway")
    problem = only(unified_stack(without))
    assert (where(problem), problem.value) == (f"{U}.natGateway", None)
    assert "one of this section, or sharedBandwidth's" in problem.rule
    assert problem.remedy.startswith("add natGateway: {vswitch: apps}")
    assert problems_of(unified_stack(without, put(U, natGateway={"vswitch": "apps"}))) == ()


def test_the_section_of_a_topology_that_isnt_chosen_has_no_gateway_to_share() -> None:
    problem = only(shared_stack(put("", topology="unified-egress")))
    assert where(problem) == f"{U}.natGateway"
    assert "or shared-bandwidth to topology" in problem.remedy
    assert problems_of(shared_stack()) == ()


def test_a_shared_gateway_that_cant_be_read_is_no_missing_one() -> None:
    problem = only(shared_stack(put("", sharedBandwidth="none")))
    assert problem.path == ("sharedBandwidth",)


def test_a_new_gateway_needs_a_vswitch_that_the_network_has() -> None:
    problem = only(unified_stack(put(U, natGateway={})))
    assert (where(problem), problem.value) == (f"{U}.natGateway.vswitch", None)
    assert problem.remedy.startswith("add vswitch: apps")
    problem = only(unified_stack(put(f"{U}.natGateway", vswitch="app")))
    assert (where(problem), problem.value) == (f"{U}.natGateway.vswitch", "app")
    assert problem.remedy == "did you mean apps?"


def test_a_gateway_that_exists_needs_its_snat_table_and_no_other() -> None:
    problem = only(unified_stack(put(U, natGateway={"id": "ngw-1"})))
    assert (where(problem), problem.value) == (f"{U}.natGateway.snatTableId", None)
    assert problem.remedy == "add snatTableId: stb-…"
    assert problems_of(unified_stack(put(U, natGateway=GATEWAY))) == ()


def test_a_shared_gateway_that_exists_needs_its_snat_table_for_egress_of_this_section() -> None:
    def edits(**gateway: str) -> list[Edit]:
        return [
            put("sharedBandwidth", natGateway={"id": "ngw-1", "forwardTableId": "f", **gateway}),
            gone("sharedBandwidth.egress"),
            put(U, egress={"apps": {"vswitch": "apps", "publicIps": ["ip6"]}}),
        ]

    problem = only(shared_stack(*edits()))
    assert (where(problem), problem.value) == (f"{U}.egress", None)
    assert problem.remedy == "add snatTableId: stb-… to sharedBandwidth.natGateway"
    assert problems_of(shared_stack(*edits(snatTableId="stb-1"))) == ()


def test_two_gateways_in_one_vpc_are_a_warning() -> None:
    warning = only_warning(shared_stack(*beside()))
    assert where(warning) == f"{U}.natGateway"
    assert "two NAT gateways" in warning.rule
    assert "route table" in warning.rule
    assert warning.remedy.startswith("remove natGateway")


def small(place: str) -> list[Edit]:
    """Put the gateway of a section into a vSwitch with eight addresses, four of them reserved."""
    network = {"cidr": "192.168.9.0/29", "zone": "cn-shanghai-a"}
    return [put("network.vswitches", edge=network), put(f"{place}.natGateway", vswitch="edge")]


def test_interfaces_and_addresses_have_to_fit_into_the_gateways_vswitch() -> None:
    one = put(f"{WEB1}.eni", vswitch="edge", ip="192.168.9.2")
    two = put(f"{WEB1}.eni", secondaryIps=["192.168.9.3"])
    three = put(f"{WEB1}.eni", secondaryIps=["192.168.9.3", "192.168.9.4"])
    assert problems_of(unified_stack(*small(U), one, two)) == ()
    problem = only(unified_stack(*small(U), one, three))
    assert (where(problem), problem.value) == (f"{U}.natGateway.vswitch", "edge")
    assert "has 1 left beside its hosts and network interfaces" in problem.rule
    assert problems_of(unified_stack(one, three, small(U)[0])) == (), "in a vSwitch of its own"


def test_on_a_shared_gateway_the_addresses_of_both_sections_have_to_fit() -> None:
    more = [
        put(f"{U}.publicIps", out={}),
        put(U, egress={"far": {"cidr": "10.0.0.0/8", "publicIps": ["out"]}}),
    ]
    assert problems_of(shared_stack(*small("sharedBandwidth"))) == ()
    problem = only(shared_stack(*small("sharedBandwidth"), *more))
    assert (where(problem), problem.value) == (f"{U}.publicIps", "edge")
    assert "its 4 public addresses take 5" in problem.rule
    assert problems_of(shared_stack(*more)) == ()


# Who uses which address.


def test_one_address_cant_be_for_egress_and_for_a_server() -> None:
    edit = put(WEB1, publicIp="egress")
    problem = only(unified_stack(edit, gone(f"{U}.publicIps.web1")))
    assert (where(problem), problem.value) == (f"{WEB1}.publicIp", "egress")
    assert "the egress apps leaves by egress" in problem.rule
    assert problem.remedy == "use one address for egress and another for each server"


def test_a_secondary_address_of_a_server_cant_be_for_egress_either() -> None:
    secondary = "192.168.3.12"
    edits = [
        put(f"{WEB1}.eni", secondaryIps=[secondary]),
        put(WEB1, secondaryPublicIps={"egress": secondary}),
    ]
    problem = only(unified_stack(*edits))
    assert (where(problem), problem.value) == (f"{WEB1}.secondaryPublicIps.egress", "egress")


def test_an_address_that_nothing_uses_is_a_warning() -> None:
    warning = only_warning(unified_stack(put(f"{U}.publicIps", lone={})))
    assert where(warning) == f"{U}.publicIps.lone"
    assert warning.rule == "lone is used by nothing"
    assert warnings_of(unified_stack(put(f"{U}.publicIps", lone={"spare": True}))) == ()


def test_an_address_that_exists_is_named_by_id_and_address() -> None:
    for entry, missing in (({"id": "eip-1"}, "address"), ({"address": "203.0.113.1"}, "id")):
        problem = only(unified_stack(put(f"{U}.publicIps", web1=entry)))
        assert (where(problem), problem.value) == (f"{U}.publicIps.web1.{missing}", None)
        assert problem.remedy.startswith(f"add {missing}")


def test_an_address_stands_in_one_section_under_one_name() -> None:
    problem = only(shared_stack(put(f"{U}.publicIps", ip5={"spare": True})))
    assert (where(problem), problem.value) == (f"{U}.publicIps.ip5", "ip5")
    assert "sharedBandwidth has ip5 already" in problem.rule
    assert problems_of(shared_stack(put(f"{U}.publicIps", ip55={"spare": True}))) == ()


def test_an_eip_stands_in_one_section_once() -> None:
    exists: dict[str, Any] = {"id": "eip-1", "address": "203.0.113.1"}
    shared = put("sharedBandwidth.publicIps", ip6=exists)
    problem = only(shared_stack(shared, put(f"{U}.publicIps", mail=exists)))
    assert (where(problem), problem.value) == (f"{U}.publicIps.mail.id", "eip-1")
    assert "sharedBandwidth.publicIps.ip6 is eip-1 already" in problem.rule
    assert problems_of(shared_stack(shared)) == ()


def test_names_of_both_sections_meet_on_two_gateways_too() -> None:
    """Outputs of both stand under one key, and an EIP is bound once wherever it is."""
    text = shared_stack(*beside(), put(f"{U}.publicIps", ip5={"spare": True}))
    assert places(text) == [(f"{U}.publicIps.ip5", "ip5")]


# Renames.


@pytest.mark.parametrize(
    ("place", "key", "other"),
    [("publicIps", "web1", "web2"), ("egress", "apps", "doors"), ("servers", "web1", "web2")],
)
def test_a_rename_comes_from_an_entry_that_is_gone(place: str, key: str, other: str) -> None:
    doors = put(f"{U}.egress", doors={"vswitch": "doors", "publicIps": ["egress"]})
    problem = only(unified_stack(doors, put(f"{U}.{place}.{key}", was=other)))
    assert (where(problem), problem.value) == (f"{U}.{place}.{key}.was", other)
    assert problem.remedy == f"remove {other}, or remove this was"
    assert problems_of(unified_stack(doors, put(f"{U}.{place}.{key}", was="old"))) == ()
