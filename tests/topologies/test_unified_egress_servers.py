"""What servers may not say about hosts, addresses, routes and open ports, one rule a test."""

import pytest

from tests.stackfiles import Edit, problems_of, where
from tests.topologies.unified import gone, only, put, shared_stack, unified_stack

U = "unifiedEgress"
WEB1, WEB2 = f"{U}.servers.web1", f"{U}.servers.web2"
SECOND = {"web3": "192.168.3.12"}


def reached_on(mode: str, targets: dict[str, str | None], *secondary: str) -> list[Edit]:
    """Edits that give web1 more public addresses, and its interface more private ones."""
    return [
        put(f"{U}.publicIps", web3={}, web4={}),
        put(WEB1, secondaryPublicIps=targets),
        put(f"{WEB1}.eni", mode=mode, secondaryIps=list(secondary)),
    ]


# Hosts.


def test_a_section_may_wait_for_its_first_server() -> None:
    assert problems_of(unified_stack(put(U, servers={}), gone(f"{U}.servers"))) == ()


def test_a_server_runs_on_a_host_that_is_defined() -> None:
    problem = only(unified_stack(put(WEB1, host="ecs11")))
    assert (where(problem), problem.value) == (f"{WEB1}.host", "ecs11")
    assert problem.remedy == "did you mean ecs1?"


def test_a_server_needs_the_instance_that_the_interface_is_attached_to() -> None:
    host = {"ip": "192.168.3.10", "vswitch": "apps"}
    problem = only(unified_stack(put("network.hosts", ecs1=host)))
    assert (where(problem), problem.value) == (f"{WEB1}.host", "ecs1")
    assert "of ecs1 only the address is known" in problem.rule
    assert problem.remedy.startswith("add instanceId: i-… to network.hosts.ecs1")
    fixed = put("network.hosts", ecs1={**host, "instanceId": "i-1"})
    assert problems_of(unified_stack(fixed)) == ()


def test_a_server_isnt_the_goal_of_a_whole_mapping() -> None:
    edits = [
        put(f"{U}.servers.mail", host="ecs1"),
        put("network.hosts.ecs1", instanceId="i-1", eniQuantity=2),
    ]
    problem = only(shared_stack(*edits))
    assert (where(problem), problem.value) == (f"{U}.servers.mail.host", "ecs1")
    assert "sharedBandwidth.portMappings.app1 maps all of ip1 to ecs1" in problem.rule
    assert problem.remedy == "give app1 a port, or remove it: mail is reached on mail"
    app1 = "sharedBandwidth.portMappings.app1"
    for fixed in (put(app1, port=80), gone(app1)):
        assert problems_of(shared_stack(*edits, fixed)) == ()


# Public addresses.


def test_a_server_is_reached_on_an_address_that_is_defined() -> None:
    problem = only(unified_stack(put(WEB1, publicIp="web"), put(f"{U}.publicIps.web1", spare=True)))
    assert (where(problem), problem.value) == (f"{WEB1}.publicIp", "web")
    assert problem.rule == "this must name a public address of publicIps"
    assert problem.remedy.startswith("did you mean web")


def test_a_server_isnt_reached_on_an_address_of_the_gateway() -> None:
    problem = only(shared_stack(put(f"{U}.servers.mail", publicIp="ip6")))
    assert (where(problem), problem.value) == (f"{U}.servers.mail.publicIp", "ip6")
    assert problem.remedy == "use a public address that is defined: mail"


def test_a_server_isnt_reached_on_a_spare_address() -> None:
    problem = only(unified_stack(put(WEB1, publicIp="idle")))
    assert (where(problem), problem.value) == (f"{WEB1}.publicIp", "idle")
    assert problem.remedy.endswith("or remove spare from unifiedEgress.publicIps.idle")
    assert problems_of(unified_stack(put(WEB1, publicIp="idle"), put(U, publicIps={
        "egress": {}, "web1": {"spare": True}, "web2": {}, "idle": {}}))) == ()  # fmt: skip


def test_two_servers_arent_reached_on_one_address() -> None:
    problem = only(unified_stack(put(WEB2, publicIp="web1")))
    assert (where(problem), problem.value) == (f"{WEB2}.publicIp", "web1")
    assert "web1 is reached on web1" in problem.rule
    assert problem.remedy == "give web2 an address of its own"


def test_a_secondary_address_is_another_servers_as_well() -> None:
    problem = only(unified_stack(*reached_on("NAT", {"web2": "192.168.3.12"}, "192.168.3.12")))
    assert (where(problem), problem.value) == (f"{WEB2}.publicIp", "web2")
    assert "web1 is reached on web2" in problem.rule


def test_a_server_lists_an_address_once() -> None:
    problem = only(unified_stack(*reached_on("NAT", {"web1": "192.168.3.12"}, "192.168.3.12")))
    assert (where(problem), problem.value) == (f"{WEB1}.secondaryPublicIps.web1", "web1")
    assert "web1 is the publicIp of web1 already" in problem.rule


# Modes.


def test_cut_through_mode_isnt_offered() -> None:
    """The cloud sets it only on an interface that isn't attached."""
    problem = only(unified_stack(put(f"{WEB1}.eni", mode="BINDED")))
    assert (where(problem), problem.value) == (f"{WEB1}.eni.mode", "BINDED")
    assert problem.rule == "one of NAT, MULTI_BINDED is needed here"


def test_in_multi_eip_mode_an_address_goes_to_the_interface() -> None:
    secondary = SECOND["web3"]
    problem = only(unified_stack(*reached_on("MULTI_BINDED", {"web3": secondary}, secondary)))
    assert (where(problem), problem.value) == (f"{WEB1}.secondaryPublicIps.web3", secondary)
    assert problem.remedy == "write web3: null"
    assert problems_of(unified_stack(*reached_on("MULTI_BINDED", {"web3": None}))) == ()


@pytest.mark.parametrize("private", [None, "192.168.3.13", "192.168.3.11"])
def test_in_normal_mode_an_address_goes_to_a_secondary_address(private: str | None) -> None:
    problem = only(unified_stack(*reached_on("NAT", {"web3": private}, "192.168.3.12")))
    assert (where(problem), problem.value) == (f"{WEB1}.secondaryPublicIps.web3", private)
    assert problem.remedy == "name one of eni.secondaryIps: 192.168.3.12"
    assert problems_of(unified_stack(*reached_on("NAT", {**SECOND}, "192.168.3.12"))) == ()


def test_in_normal_mode_a_private_address_has_one_public_address() -> None:
    targets: dict[str, str | None] = {**SECOND, "web4": "192.168.3.12"}
    problem = only(unified_stack(*reached_on("NAT", targets, "192.168.3.12", "192.168.3.13")))
    assert (where(problem), problem.value) == (f"{WEB1}.secondaryPublicIps.web4", "192.168.3.12")
    assert "web3 goes to 192.168.3.12 already" in problem.rule
    fixed = {**targets, "web4": "192.168.3.13"}
    assert (
        problems_of(unified_stack(*reached_on("NAT", fixed, "192.168.3.12", "192.168.3.13"))) == ()
    )


# Routing tables.


@pytest.mark.parametrize("table", [253, 254, 255])
def test_the_systems_own_routing_tables_are_refused(table: int) -> None:
    problem = only(unified_stack(put(WEB1, routeTable=table)))
    assert (where(problem), problem.value) == (f"{WEB1}.routeTable", table)
    assert "the system's own" in problem.rule
    assert problem.remedy == "choose another number, such as 101"


@pytest.mark.parametrize("table", [0, -1, 2**31, "101"])
def test_a_routing_table_is_a_number_that_the_kernel_takes(table: object) -> None:
    problem = only(unified_stack(put(WEB1, routeTable=table)))
    assert (where(problem), problem.value) == (f"{WEB1}.routeTable", table)


def on_one_host() -> list[Edit]:
    """Edits that put both servers on ecs1."""
    return [put(WEB2, host="ecs1")]


def test_two_interfaces_of_a_host_have_two_routing_tables() -> None:
    problem = only(unified_stack(*on_one_host()))
    assert (where(problem), problem.value) == (f"{WEB2}.routeTable", 101)
    assert "web1 uses 101 on ecs1 already" in problem.rule
    assert problem.remedy == "say routeTable: 102 in web2"
    assert problems_of(unified_stack(*on_one_host(), put(WEB2, routeTable=102))) == ()


def test_remedies_for_routing_tables_can_all_be_applied_at_once() -> None:
    third = {"host": "ecs1", "publicIp": "web3", "eni": {"vswitch": "apps", "ip": "192.168.3.13"}}
    edits = [
        put(f"{U}.publicIps", web3={}, web4={}),
        put(f"{U}.servers", web3=third),
        put(f"{U}.servers", web4={**third, "publicIp": "web4", "routeTable": 102,
                                  "eni": {"vswitch": "apps", "ip": "192.168.3.14"}}),
        put("network.hosts.ecs1.instance", type="ecs.g7.8xlarge"),
    ]  # fmt: skip
    found = problems_of(unified_stack(*on_one_host(), *edits))
    assert [problem.remedy for problem in found] == [
        "say routeTable: 103 in web2",
        "say routeTable: 104 in web3",
    ]
