"""Ports are found as ranges, whoever writes them how, and what isn't for everyone passes."""

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from facts import kinds
from policy.pack import RULES
from tests.policy.resources import UNKNOWN, judged, judged_stack, resource, stack_resource

PORTS = st.integers(1, 65535)
RULE = {rule.id: rule for rule in RULES}


def mapping(ports: str, protocol: str = "tcp", **config: object) -> list[str]:
    inputs = {"ipProtocol": protocol, "externalPort": ports, "externalIp": UNKNOWN}
    return judged("nat-risky-ports", resource(kinds.FORWARD_ENTRY, inputs, config=config))


def whole(ports: str, protocol: str) -> list[str]:
    entry = mapped("it", ports, protocol, internalPort=ports)
    return [message for _, message in judged_stack("nat-every-port", [entry])]


def mapped(name: str, ports: str, protocol: str = "tcp", **inputs: object) -> PolicyResource:
    host = {"internalIp": "192.168.1.1", "internalPort": ports}
    entry = {"ipProtocol": protocol, "externalPort": ports, "externalIp": "198.51.100.1", **host}
    return stack_resource(kinds.FORWARD_ENTRY, name, {**entry, **inputs})


def opened(name: str, **inputs: object) -> PolicyResource:
    given_inputs = {"type": "ingress", "ipProtocol": "tcp", "policy": "accept", "priority": 1}
    group = {"securityGroupId": "sg-1"}
    return stack_resource(kinds.SECURITY_GROUP_RULE, name, {**given_inputs, **group, **inputs})


def rule(name: str, **inputs: object) -> list[str]:
    return [message for _, message in judged_stack(name, [opened("it", **inputs)])]


@pytest.mark.parametrize("ports", ["22", "20/30", "1/22", "23/21", "3389", "8000/9000", "2/65535"])
def test_a_mapping_of_a_risky_port_is_found_however_it_is_written(ports: str) -> None:
    (told,) = mapping(ports)
    assert told.startswith("it maps ")
    assert "Remedy: " in told


@pytest.mark.parametrize("ports", ["80", "443", "9000/9010", "25/134"])
def test_a_mapping_of_other_ports_passes(ports: str) -> None:
    assert mapping(ports) == []


def test_the_ports_that_are_found_are_named_with_their_services() -> None:
    (told,) = mapping("20/30")
    assert "22 (SSH), 23 (Telnet)" in told
    assert "by tcp 20-30" in told


@given(PORTS, PORTS)
def test_a_mapping_is_found_if_and_only_if_a_risky_port_lies_in_it(one: int, other: int) -> None:
    first, last = sorted((one, other))
    found = mapping(f"{first}/{last}", "udp")
    risky = any(first <= port <= last for port in (161, 389, 1900, 11211))
    assert bool(found) == (risky and (first, last) != (1, 65535))


@pytest.mark.parametrize(
    ("ports", "protocol"), [("any", "any"), ("Any", "Any"), ("1/65535", "tcp"), ("any", "udp")]
)
def test_a_mapping_of_every_port_is_found_and_not_told_twice(ports: str, protocol: str) -> None:
    assert len(whole(ports, protocol)) == 1
    assert mapping(ports, protocol) == []


def test_a_mapping_of_some_ports_is_none_of_every_port() -> None:
    assert whole("2/65535", "tcp") == []
    assert whole("80", "tcp") == []


def test_a_port_that_is_allowed_passes_and_its_neighbours_dont() -> None:
    assert mapping("22", allowedPorts=[22]) == []
    (told,) = mapping("22/23", allowedPorts=[22])
    assert "23 (Telnet)" in told
    assert "22 (SSH)" not in told


def test_a_mapping_is_exempt_by_its_name_and_the_port_that_was_meant() -> None:
    for exempt in ("it: tcp 22", "i*: tcp 22", "it: any", "*: tcp any", "it: tcp 20-30"):
        assert mapping("22", exempt=[exempt]) == []
    for exempt in ("other: tcp 22", "it: udp 22", "it: tcp 23", "it: tcp 23-65535"):
        assert mapping("22", exempt=[exempt])


def test_what_is_exempt_at_one_port_isnt_at_another() -> None:
    """The jump host's exemption was by name: it let RDP through as well."""
    assert mapping("3389", exempt=["it: tcp 22"])
    (told,) = mapping("20/30", exempt=["it: tcp 22"])
    assert "23 (Telnet)" in told
    assert "22 (SSH)" not in told
    assert mapping("161", "udp", exempt=["it: tcp any"])


@pytest.mark.parametrize(
    "exempt", ["it", "it:tcp 22", "it: 22", "it: tcp", "it: tcp 22 23", ": any"]
)
def test_an_exemption_without_a_port_is_refused_by_its_schema(exempt: str) -> None:
    schema = dict(RULE["nat-risky-ports"].limits["exempt"].schema)
    jsonschema.validate(["it: tcp 22", "a: b: tcp 1-2", "it: any", "it: udp any"], schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([exempt], schema)
    assert mapping("22", exempt=[exempt]), "and exempts nothing where nobody asks the schema"


def test_what_opens_ports_is_exempt_with_them_in_every_rule_about_ports() -> None:
    assert {rule.id for rule in RULES if rule.about_ports} == {
        "nat-risky-ports",
        "nat-every-port",
        "security-group-risky-ports",
        "security-group-open",
    }


def test_a_limit_that_the_rule_doesnt_know_is_told_rather_than_ignored() -> None:
    (told,) = mapping("80", alowedPorts=[22])
    assert "alowedPorts" in told
    assert "allowedPorts, exempt" in told


def test_a_port_that_nobody_knows_yet_is_told_as_unknown() -> None:
    with pytest.raises(UnknownValueError) as told:
        mapping(UNKNOWN)
    assert "externalPort" in told.value.message


@pytest.mark.parametrize("source", ["0.0.0.0/0", "0.0.0.0/1", "8.0.0.0/7"])
def test_a_rule_that_opens_ssh_to_nearly_everyone_is_found(source: str) -> None:
    (told,) = rule("security-group-risky-ports", portRange="20/30", cidrIp=source)
    assert "22 (SSH)" in told
    assert source in told


@pytest.mark.parametrize("source", ["::/0", "2000::/3", "::/1"])
def test_a_rule_for_everyone_of_ipv6_is_found(source: str) -> None:
    assert rule("security-group-risky-ports", portRange="22/22", ipv6CidrIp=source)


@pytest.mark.parametrize(
    "inputs",
    [
        {"portRange": "22/22", "cidrIp": "10.0.0.0/8"},
        {"portRange": "22/22", "cidrIp": "203.0.113.0/24"},
        {"portRange": "22/22", "ipv6CidrIp": "2001:db8::/32"},
        {"portRange": "22/22", "sourceSecurityGroupId": "sg-1"},
        {"portRange": "22/22", "prefixListId": "pl-1"},
        {"portRange": "22/22", "cidrIp": "0.0.0.0/0", "policy": "drop"},
        {"portRange": "22/22", "cidrIp": "0.0.0.0/0", "type": "egress"},
        {"portRange": "443/443", "cidrIp": "0.0.0.0/0"},
        {"portRange": "-1/-1", "ipProtocol": "icmp", "cidrIp": "0.0.0.0/0"},
        {"portRange": "-1/-1", "ipProtocol": "all", "sourceSecurityGroupId": "sg-1"},
    ],
    ids=str,
)
def test_a_rule_that_opens_nothing_risky_to_everyone_passes(inputs: dict[str, object]) -> None:
    assert rule("security-group-risky-ports", **inputs) == []
    assert rule("security-group-open", **inputs) == []


@pytest.mark.parametrize(
    ("protocol", "ports"),
    [
        *(("all", "-1/-1"), ("tcp", "-1/-1"), ("tcp", "1/65535"), ("udp", "0/65535")),
        *(("ALL", "-1/-1"), ("tcp", "")),
    ],
)
@pytest.mark.parametrize("source", [{"cidrIp": "0.0.0.0/0"}, {"ipv6CidrIp": "::/0"}])
def test_a_rule_that_opens_everything_to_everyone_is_found_once(
    protocol: str, ports: str, source: dict[str, str]
) -> None:
    assert len(rule("security-group-open", ipProtocol=protocol, portRange=ports, **source)) == 1
    assert rule("security-group-risky-ports", ipProtocol=protocol, portRange=ports, **source) == []


def test_a_range_that_nobody_knows_yet_is_told_as_unknown() -> None:
    with pytest.raises(UnknownValueError) as told:
        rule("security-group-open", portRange="-1/-1", cidrIp=UNKNOWN)
    assert "cidrIp" in told.value.message


def test_a_group_that_nobody_knows_yet_is_no_hindrance() -> None:
    inputs = {"portRange": "22/22", "cidrIp": "0.0.0.0/0", "securityGroupId": UNKNOWN}
    assert rule("security-group-risky-ports", **inputs)


def test_a_server_with_an_address_of_its_own_is_found() -> None:
    def told(bandwidth: object) -> list[str]:
        inputs = {"internetMaxBandwidthOut": bandwidth} if bandwidth is not None else {}
        return judged("server-own-address", resource(kinds.INSTANCE, inputs))

    assert told(5)
    assert told(None) == told(0) == []
