"""What port mappings may not say, one rule a test."""

from typing import Any

import pytest

from tests.stackfiles import edited, one, only_problem, problems_of, refused, where

Settings = dict[str, Any]


def section(settings: Settings) -> Settings:
    return settings["sharedBandwidth"]


def mappings(settings: Settings) -> Settings:
    return section(settings)["portMappings"]


# Mappings: what they name.


def test_a_mapping_to_an_unknown_address_is_refused_with_the_nearest() -> None:
    path, rule, remedy = one(
        "sharedBandwidth.portMappings", new={"publicIp": "ip33", "port": 81, "host": "ecs3"}
    )
    assert path == "sharedBandwidth.portMappings.new.publicIp"
    assert "publicIps" in rule
    assert remedy == "did you mean ip3?"


def test_a_mapping_to_an_unknown_host_is_refused_with_the_nearest() -> None:
    path, rule, remedy = one(
        "sharedBandwidth.portMappings", new={"publicIp": "ip3", "port": 81, "host": "esc5"}
    )
    assert path == "sharedBandwidth.portMappings.new.host"
    assert "network.hosts" in rule
    assert remedy == "did you mean ecs5?"


def test_a_mapping_on_a_spare_address_is_refused() -> None:
    path, rule, remedy = one(
        "sharedBandwidth.portMappings", new={"publicIp": "ip5", "port": 81, "host": "ecs3"}
    )
    assert path == "sharedBandwidth.portMappings.new.publicIp"
    assert "ip5 is spare" in rule
    assert "remove spare from sharedBandwidth.publicIps.ip5" in remedy


def test_egress_by_a_spare_address_is_refused() -> None:
    path, rule, _ = one("sharedBandwidth.egress.apps", publicIps=["ip5"])
    assert path == "sharedBandwidth.egress.apps.publicIps.0"
    assert "spare" in rule


# Mappings: where they meet.


@pytest.mark.parametrize(
    ("port", "meets"),
    [(80, "web"), ("80", "web"), ("79-81", "web"), ("70-80", "web"), ("443-444", "web-tls"),
     ("1-65535", "web")],
)  # fmt: skip
def test_two_mappings_cant_meet_on_address_protocol_and_port(port: object, meets: str) -> None:
    new = {"publicIp": "ip3", "port": port, "host": "ecs5", "acknowledged": True}
    found = problems_of(edited("sharedBandwidth.portMappings", new=new))
    assert found
    assert all("can't meet on one address and port" in problem.rule for problem in found)
    told = " ".join(f"{where(problem)} {problem.rule}" for problem in found)
    assert meets in told
    assert "new" in told


@pytest.mark.parametrize(
    "new",
    [
        {"publicIp": "ip3", "port": 80, "protocol": "udp", "host": "ecs3"},
        {"publicIp": "ip6", "port": 80, "host": "ecs5"},
        {"publicIp": "ip3", "port": "81-442", "host": "ecs5"},
        {"publicIp": "ip3", "port": 81, "host": "ecs3"},
    ],
)
def test_mappings_that_differ_in_address_protocol_or_port_stand_side_by_side(new: object) -> None:
    assert refused("sharedBandwidth.portMappings", new=new) == []


def test_a_clash_names_the_other_and_a_port_that_is_free() -> None:
    _, rule, remedy = one(
        "sharedBandwidth.portMappings",
        new={"publicIp": "ip3", "port": 80, "host": "ecs5"},
        next={"publicIp": "ip3", "port": "81-90", "host": "ecs5"},
    )
    assert "ip3 tcp 80 already" in rule
    assert "(91 is free)" in remedy


def test_the_protocol_is_tcp_where_none_is_given() -> None:
    new = {"publicIp": "ip3", "port": 80, "protocol": "tcp", "host": "ecs5"}
    assert len(refused("sharedBandwidth.portMappings", new=new)) == 1


def test_an_address_mapped_whole_takes_no_other_mapping() -> None:
    path, rule, remedy = one(
        "sharedBandwidth.portMappings", new={"publicIp": "ip1", "port": 80, "host": "ecs5"}
    )
    assert path == "sharedBandwidth.portMappings.new.publicIp"
    assert "app1 maps all of ip1" in rule
    assert "give app1 a port" in remedy


def test_an_address_cant_be_mapped_whole_twice() -> None:
    new = {"publicIp": "ip1", "host": "ecs5"}
    ((path, _),) = refused("sharedBandwidth.portMappings", new=new)
    assert path == "sharedBandwidth.portMappings.new.publicIp"


def test_an_address_mapped_whole_cant_be_used_for_egress() -> None:
    path, rule, remedy = one("sharedBandwidth.egress.apps", publicIps=["ip6", "ip1"])
    assert path == "sharedBandwidth.egress.apps.publicIps.1"
    assert "app1 maps all of ip1" in rule
    assert "give app1 a port" in remedy


def test_an_address_mapped_by_port_can_be_used_for_egress() -> None:
    assert refused("sharedBandwidth.egress.apps", publicIps=["ip3"]) == []


@pytest.mark.parametrize(
    "new",
    [
        {"publicIp": "ip6", "port": 80, "host": "ecs3"},
        {"publicIp": "ip6", "port": 81, "host": "ecs3", "hostPort": 80},
        {"publicIp": "ip6", "port": "81-83", "host": "ecs3", "hostPort": "79-81"},
    ],
)
def test_a_hosts_port_is_mapped_once_on_one_gateway(new: Settings) -> None:
    ((path, _),) = refused("sharedBandwidth.portMappings", new=new)
    assert path.split(".")[-2] in {"new", "web"}
    _, rule, remedy = one("sharedBandwidth.portMappings", new=new)
    assert "ecs3 tcp" in rule
    assert "second port" in remedy


def test_every_mapping_under_a_wide_one_is_told() -> None:
    ports = {"wide": "1000-2000", "a": "1001-1002", "b": 1500, "c": "1999-2001", "free": 2002}
    new = {name: {"publicIp": "ip3", "port": port, "host": "ecs5"} for name, port in ports.items()}
    text = edited("sharedBandwidth.portMappings", **new)
    for rule in ("can't meet on one address", "a host's port is mapped once"):
        told = [p.path[2] for p in problems_of(text) if rule in p.rule]
        assert sorted(map(str, told)) == ["a", "b", "c"]


def test_a_host_is_mapped_whole_once_on_one_gateway() -> None:
    problem = only_problem(
        lambda s: (
            section(s)["publicIps"].update(ip7={}),
            mappings(s).update(new={"publicIp": "ip7", "host": "ecs1"}),
        )
    )
    assert where(problem) == "sharedBandwidth.portMappings.new.host"
    assert "app1 goes to ecs1 any (all) already" in problem.rule


def test_a_host_mapped_whole_may_have_a_port_mapped_from_another_address() -> None:
    new = {"publicIp": "ip3", "port": 81, "host": "ecs1"}
    assert refused("sharedBandwidth.portMappings", new=new) == []


# Mappings: ports.


@pytest.mark.parametrize("port", [0, -1, 65536, "0", "0-5", "65535-65536", 99999999999])
def test_a_port_outside_1_to_65535_is_refused(port: object) -> None:
    for key in ("port", "hostPort"):
        path, rule, remedy = one("sharedBandwidth.portMappings.web", **{key: port})
        assert path == f"sharedBandwidth.portMappings.web.{key}"
        assert "1 to 65535" in rule
        assert "1 to 65535" in remedy


@pytest.mark.parametrize(
    "port",
    ["http", "80-", "-80", "8-9-10", True, [80], {"a": 1}, "", "\uff18\uff10", 80.5],
)
def test_a_port_that_isnt_one_is_refused(port: object) -> None:
    path, rule, remedy = one("sharedBandwidth.portMappings.web", port=port)
    assert path == "sharedBandwidth.portMappings.web.port"
    assert rule == "a port is a number, or a range of numbers with a dash"
    assert remedy == "write 80 or 9000-9010"


def test_a_range_spelled_the_providers_way_is_refused_with_ours() -> None:
    _, _, remedy = one("sharedBandwidth.portMappings.web", port="80/90", hostPort="80-90")
    assert remedy == "write 80-90"


def test_a_reversed_range_is_refused_and_turned() -> None:
    path, rule, remedy = one("sharedBandwidth.portMappings.web", port="9010-9000", hostPort=None)
    assert path == "sharedBandwidth.portMappings.web.port"
    assert "lower port" in rule
    assert remedy == "write 9000-9010"


def test_ranges_of_unequal_lengths_are_refused() -> None:
    path, rule, remedy = one(
        "sharedBandwidth.portMappings.web", port="9000-9010", hostPort="8000-8005"
    )
    assert path == "sharedBandwidth.portMappings.web.hostPort"
    assert "port has 11 and hostPort 6" in rule
    assert remedy == "write hostPort: 8000-8010"


def test_unequal_ranges_that_cant_be_stretched_are_told_so() -> None:
    _, _, remedy = one("sharedBandwidth.portMappings.web", port="9000-9010", hostPort="65530-65535")
    assert remedy == "make them equally long"


@pytest.mark.parametrize("protocol", ["icmp", "TCP", 6, "all", "tcp,udp", True])
def test_a_protocol_that_the_cloud_doesnt_know_is_refused(protocol: object) -> None:
    path, rule, _ = one("sharedBandwidth.portMappings.web", protocol=protocol)
    assert path == "sharedBandwidth.portMappings.web.protocol"
    assert "any, tcp, udp" in rule


def test_a_port_of_every_protocol_is_refused() -> None:
    path, _, remedy = one("sharedBandwidth.portMappings.web", protocol="any")
    assert path == "sharedBandwidth.portMappings.web.protocol"
    assert "write tcp or udp" in remedy


def test_a_protocol_without_a_port_is_refused() -> None:
    path, _, remedy = one("sharedBandwidth.portMappings.app1", protocol="udp")
    assert path == "sharedBandwidth.portMappings.app1.protocol"
    assert "1-65535 for all of udp" in remedy


def test_a_host_port_without_a_port_is_refused() -> None:
    path, rule, _ = one("sharedBandwidth.portMappings.app1", hostPort=80)
    assert path == "sharedBandwidth.portMappings.app1.hostPort"
    assert "needs a port" in rule
