"""Servers that are reached on their own and leave with the others, in every form of the plan."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from stack.reach import Reach
from stack.target import target
from tests.stackfiles import settings_of
from tests.tools.plans import on_two_gateways, server
from tests.topologies.unified import put, shared_stack, unified_stack
from tools.plan.__main__ import rendered
from tools.plan.plan import Plan, make_plan, plan_document
from tools.plan.tables import reach_tables
from topologies import reach

EXAMPLES = ("own-gateway", "shared-gateway")
ADDRESSES = {"egress": "198.51.100.10", "web1": "198.51.100.11", "web2": "198.51.100.12"}


def example(root: Path, name: str) -> Plan:
    file = root / "examples" / "unified-egress" / f"Pulumi.{name}.yaml"
    return make_plan(target(None, str(file), root))


def tables(text: str, addresses: dict[str, str] | None = None) -> str:
    """The page for a stack file whose public addresses are these."""
    settings = settings_of(text)
    opened, known = reach(settings), addresses or {}
    ips = tuple(replace(ip, address=known.get(ip.name)) for ip in opened.public_ips)
    plan = Plan("trial", Path("trial.yaml"), settings, reach=replace(opened, public_ips=ips))
    return reach_tables(plan, settings)


def document(text: str) -> dict[str, Any]:
    settings = settings_of(text)
    return plan_document(Plan("trial", Path("trial.yaml"), settings, reach=reach(settings)))


def rows(page: str) -> list[str]:
    """Lines with a single space between words."""
    return [" ".join(line.split()) for line in page.splitlines()]


# Examples


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_tables(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    plan = example(root, name)
    assert plan.settings is not None
    assert reach_tables(plan, plan.settings) == snapshot


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_json(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    """All but its resources, which are the components' to say."""
    found = json.loads(rendered(example(root, name), "json"))
    assert len(found.pop("resources")) > 20
    assert json.dumps(found, indent=2) == snapshot


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_a_chart(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    assert rendered(example(root, name), "mermaid") == snapshot


# Tables


def test_a_server_has_its_way_in_and_its_way_out_in_one_row() -> None:
    found = rows(tables(unified_stack()))
    assert "web1 web1 192.168.3.11 tcp 443 ecs1 apps →" in found
    assert "tcp 22 from 192.168.3.10 egress" in found
    assert "203.0.113.0/24" in found


def test_servers_with_addresses_fit_80_columns() -> None:
    page = tables(unified_stack(), ADDRESSES)
    assert "198.51.100.11" in page
    assert max(map(len, page.splitlines())) <= 80


def test_only_what_has_neither_mappings_nor_servers_is_unreachable() -> None:
    settings = settings_of(unified_stack())
    assert "Nothing is reachable" not in tables(unified_stack())
    closed = Plan("trial", Path("trial.yaml"), settings, reach=Reach())
    assert "Nothing is reachable from the internet." in reach_tables(closed, settings)


def test_a_range_of_ports_is_shown_with_a_dash() -> None:
    text = unified_stack(server(reachable={"game": {"port": "9000-9010", "protocol": "udp"}}))
    assert "udp 9000-9010" in tables(text)


@pytest.mark.parametrize(
    ("groups", "said"),
    [(["sg-1"], ["as sg-1 says"]), (["sg-1", "sg-2", "sg-3"], ["as sg-1", "sg-2", "and sg-3 say"])],
)
def test_security_groups_that_exist_have_the_say(groups: list[str], said: list[str]) -> None:
    eni = {"vswitch": "apps", "ip": "192.168.3.11", "securityGroups": groups}
    page = tables(unified_stack(server(eni=eni, reachable={})))
    assert all(line in page for line in said)


def test_a_server_that_lets_nothing_in_says_so() -> None:
    found = rows(tables(unified_stack(server(reachable={}))))
    assert "web1 web1 192.168.3.11 none ecs1 apps →" in found


def test_each_of_several_addresses_has_its_line() -> None:
    eni = {"vswitch": "apps", "ip": "192.168.3.11", "secondaryIps": ["192.168.3.12"]}
    text = unified_stack(
        put("unifiedEgress.publicIps", more={}),
        server(eni=eni, secondaryPublicIps={"more": "192.168.3.12"}),
    )
    lines = tables(text, {**ADDRESSES, "more": "198.51.100.13"}).splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith("web1"))
    column = lines[row].index("web1", 1)
    cell = [line[column:].split(" ")[0] for line in lines[row : row + 4]]
    assert cell == ["web1", "198.51.100.11", "more", "198.51.100.13"]


def test_gateways_are_told_apart_only_where_there_are_several() -> None:
    assert "NAT gateway of" not in tables(unified_stack())
    page = tables(shared_stack(*on_two_gateways()))
    assert "apps apps ip6 sharedBandwidth" in rows(page)
    assert "own apps out unifiedEgress" in rows(page)


# The two commands that show it


def test_both_commands_name_their_addresses_once_these_are_known() -> None:
    found = rows(tables(unified_stack(), ADDRESSES))
    assert "web1 ssh root@198.51.100.11 logs in from outside" in found
    assert "web1 curl https://myip.ipip.net on the server, says 198.51.100.10" in found


def test_no_command_is_shown_before_its_address_is_known() -> None:
    page = tables(unified_stack())
    assert "ssh root" not in page
    assert "curl" not in page
    assert "curl" not in tables(unified_stack(), {"web1": "198.51.100.11"})


def test_ssh_goes_to_the_port_that_it_listens_on() -> None:
    page = tables(unified_stack(server(ssh={"port": 2222, "user": "ops"})), ADDRESSES)
    assert "ssh -p 2222 ops@198.51.100.11" in page


def test_closed_ssh_has_no_command() -> None:
    page = tables(unified_stack(server(ssh={"closed": True})), ADDRESSES)
    assert "@198.51.100.11" not in page
    assert "root@198.51.100.12" in page


def test_a_server_with_several_ways_out_may_say_any_of_them() -> None:
    text = unified_stack(
        put("unifiedEgress", bandwidth=50),
        put("unifiedEgress.publicIps", egress={}, second={}, web1={}),
        put("unifiedEgress.egress.apps", publicIps=["egress", "second"]),
    )
    found = rows(tables(text, {**ADDRESSES, "second": "198.51.100.14"}))
    assert "web1 curl https://myip.ipip.net on the server, says 198.51.100.10" in found
    assert "or 198.51.100.14" in found


# JSON


def test_json_has_the_server_with_names_and_ports_as_the_provider_takes_them() -> None:
    reachable = {"game": {"port": "9000-9010", "protocol": "udp", "source": "203.0.113.0/24"}}
    found = document(unified_stack(server(reachable=reachable)))["servers"][0]
    assert found == {
        "name": "web1",
        "host": "ecs1",
        "hostIp": "192.168.3.10",
        "eniVswitch": "apps",
        "eniIp": "192.168.3.11",
        "publicIps": ["web1"],
        "openPorts": [
            {"name": "game", "protocol": "udp", "port": "9000/9010", "source": "203.0.113.0/24"}
        ],
        "securityGroups": [],
        "egress": "apps",
        "egressIps": ["egress"],
    }


def test_json_says_whose_gateway_an_egress_goes_through() -> None:
    (way,) = document(unified_stack())["egress"]
    assert way["gateway"] == "unifiedEgress"
    shared = document(shared_stack())["egress"]
    assert [way["gateway"] for way in shared] == ["sharedBandwidth"]
