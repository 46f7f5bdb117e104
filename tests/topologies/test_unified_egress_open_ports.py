"""What servers may not say about the ports that they are reached on, one rule a test."""

from typing import Any

import pytest

from tests.stackfiles import Edit, problems_of, settings_of, warnings_of, where
from tests.topologies.unified import gone, only, only_warning, places, put, unified_stack
from topologies import reach

U = "unifiedEgress"
WEB1, WEB2 = f"{U}.servers.web1", f"{U}.servers.web2"


def reachable(**entries: object) -> Edit:
    """An edit that says what web1 is reached on, and nothing else."""
    return put(WEB1, reachable=entries)


# What is open.


@pytest.mark.parametrize(
    ("source", "remedy"),
    [("203.0.113.7/24", "write 203.0.113.0/24"), ("everyone", "write it as"),
     ("2001:db8::/32", "write it as"), ("203.0.113.7", "write it as")],
)  # fmt: skip
def test_a_source_is_a_range(source: str, remedy: str) -> None:
    problem = only(unified_stack(put(f"{WEB1}.reachable.ssh", source=source)))
    assert (where(problem), problem.value) == (f"{WEB1}.reachable.ssh.source", source)
    assert problem.remedy.startswith(remedy)


@pytest.mark.parametrize("source", ["0.0.0.0/0", "203.0.113.7/32", "10.0.0.0/8"])
def test_every_range_can_be_a_source(source: str) -> None:
    assert problems_of(unified_stack(put(f"{WEB1}.reachable.https", source=source))) == ()


def test_a_port_is_of_one_protocol() -> None:
    problem = only(unified_stack(put(f"{WEB1}.reachable.https", protocol="any")))
    assert (where(problem), problem.value) == (f"{WEB1}.reachable.https.protocol", "any")
    assert problem.remedy == "write tcp or udp"


def test_a_server_lets_in_the_same_thing_once() -> None:
    """The cloud takes two equal rules for one: the end of either would be the end of both."""
    problem = only(unified_stack(put(f"{WEB1}.reachable", web={"port": "443", "protocol": "tcp"})))
    assert (where(problem), problem.value) == (f"{WEB1}.reachable.web", "443")
    assert problem.rule == "https lets in tcp 443 already"
    assert problem.remedy == "remove web or https"
    for other in ({"protocol": "udp"}, {"source": "203.0.113.0/24"}, {"port": 444}):
        text = unified_stack(put(f"{WEB1}.reachable", web={"port": 443, **other}))
        assert problems_of(text) == ()


def test_given_security_groups_decide_themselves_what_is_open() -> None:
    given = put(f"{WEB1}.eni", securityGroups=["sg-1"])
    problem = only(unified_stack(given))
    assert (where(problem), problem.value) == (f"{WEB1}.reachable", "ssh, https")
    assert "or remove eni.securityGroups" in problem.remedy
    closed = unified_stack(given, gone(f"{WEB1}.reachable"))
    assert problems_of(closed) == ()
    assert warnings_of(closed) == ()


def test_a_security_group_has_as_many_rules_as_the_quota_says() -> None:
    quota = put("", quotas={"rulesPerSecurityGroup": 2})
    assert problems_of(unified_stack(quota)) == ()
    problem = only(unified_stack(quota, put(f"{WEB1}.reachable", http={"port": 80})))
    assert (where(problem), problem.value) == (f"{WEB1}.reachable", "3 entries")
    assert "rulesPerSecurityGroup allows 2" in problem.rule


# Warnings.


@pytest.mark.parametrize("entry", [{"port": 443}, {"port": 22, "protocol": "udp"}])
def test_an_ssh_command_through_a_closed_port_is_a_warning(entry: dict[str, Any]) -> None:
    edit = reachable(https=entry)
    warning = only_warning(unified_stack(edit))
    assert (where(warning), warning.value) == (f"{WEB1}.reachable", "https")
    assert "closes tcp 22" in warning.rule
    assert warning.remedy == (
        "add ssh: {port: 22, source: 203.0.113.0/24} (yours) to reachable, "
        "or say ssh: {closed: true}"
    )
    ssh = {"port": 22, "source": "203.0.113.0/24"}
    assert warnings_of(unified_stack(reachable(https=entry, ssh=ssh))) == ()
    assert warnings_of(unified_stack(edit, put(WEB1, ssh={"closed": True}))) == ()


def test_ssh_is_looked_for_on_the_port_that_it_listens_on() -> None:
    other = put(WEB1, ssh={"port": 2222})
    assert "closes tcp 2222" in only_warning(unified_stack(other)).rule
    assert warnings_of(unified_stack(other, reachable(admin={"port": "2200-2300"}))) == ()


def test_a_server_that_nothing_can_reach_is_one_warning() -> None:
    warning = only_warning(unified_stack(reachable()))
    assert where(warning) == f"{WEB1}.reachable"
    assert warning.rule.startswith("nothing can reach web1")
    assert warning.remedy.startswith("add what it serves: reachable: {https: {port: 443}}")


@pytest.mark.parametrize(
    ("port", "protocol", "services"),
    [(22, "tcp", "22 (SSH)"), ("20-30", "tcp", "22 (SSH), 23 (Telnet)"),
     (161, "udp", "161 (SNMP)")],
)  # fmt: skip
def test_a_risky_port_open_to_everyone_is_a_warning(
    port: object, protocol: str, services: str
) -> None:
    risky = {"port": port, "protocol": protocol}
    warning = only_warning(unified_stack(put(f"{WEB1}.reachable", ops=risky)))
    assert (where(warning), warning.value) == (f"{WEB1}.reachable.ops.port", str(port))
    assert warning.rule == f"web1 opens {services} of ecs1 to the internet"
    assert "acknowledged: true in ops" in warning.remedy
    for silent in ({"source": "203.0.113.0/25"}, {"acknowledged": True}):
        known = put(f"{WEB1}.reachable", ops={**risky, **silent})
        assert warnings_of(unified_stack(known)) == ()


def test_a_server_tells_what_is_open_and_how_somebody_logs_in() -> None:
    text = unified_stack(put(WEB2, ssh={"closed": True}), put(WEB1, ssh={"user": "ops"}))
    first, second = reach(settings_of(text)).servers
    assert [(port.name, str(port.port), port.source) for port in first.open_ports] == [
        ("https", "443", "0.0.0.0/0"),
        ("ssh", "22", "203.0.113.0/24"),
    ]
    assert (first.host_ip, first.eni_ip) == ("192.168.3.10", "192.168.3.11")
    assert (first.ssh_user, second.ssh_user) == ("ops", None)
    assert places(text) == []
