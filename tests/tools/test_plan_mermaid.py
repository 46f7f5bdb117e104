"""The plan as a Mermaid flowchart: valid ids, every arrow, one order."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tools.plan.__main__ import main
from tools.plan.mermaid import node_id

Write = Callable[[str, str], Path]
Captured = pytest.CaptureFixture[str]

NODE = re.compile(r"^\s*(?:subgraph )?(\w+)[(\[]")
EDGE = re.compile(r" (?:-->|==>|-\.-) ")


def chart(capsys: Captured, *arguments: str) -> str:
    assert main(["--format", "mermaid", *arguments]) == 0
    return capsys.readouterr().out


def test_dev_is_drawn(capsys: Captured, snapshot: SnapshotAssertion) -> None:
    assert chart(capsys) == snapshot


def test_every_arrow_joins_nodes_that_are_drawn(write: Write, capsys: Captured) -> None:
    text = chart(capsys, "--config", str(with_egress(write)))
    drawn = {found[1] for line in text.splitlines() if (found := NODE.match(line))}
    ends = {
        end for line in text.splitlines() if EDGE.search(line) for end in EDGE.split(line.strip())
    }
    assert len(ends) > 10
    assert ends <= drawn


def test_a_way_in_goes_from_the_internet_to_its_host(capsys: Captured) -> None:
    text = chart(capsys)
    assert "internet --> ip_ip3" in text
    assert "ip_ip3 --> map_web --> host_ecs3" in text
    assert 'map_web["web<br/>tcp 80 → 80"]' in text


def test_a_spare_address_is_dashed_and_leads_nowhere(capsys: Captured) -> None:
    text = chart(capsys)
    assert 'ip_ip5("ip5<br/>spare"):::spare' in text
    assert "internet -.- ip_ip5" in text
    assert "ip_ip5 -->" not in text


def test_egress_leads_back_out(write: Write, capsys: Captured) -> None:
    text = chart(capsys, "--config", str(with_egress(write)))
    assert "vswitch_apps ==> egress_out\n" in text
    assert "egress_out ==> ip_ip3\n" in text
    assert "ip_ip3 ==> internet" in text


def test_the_package_says_its_bandwidth(capsys: Captured) -> None:
    assert 'subgraph package["Bandwidth package, 150 Mbit/s"]' in chart(capsys)


def test_the_order_of_the_stack_file_changes_nothing(write: Write, capsys: Captured) -> None:
    before = chart(capsys)
    file = write("      ip1: {}\n", "")
    file = write("      ip4: {}\n", "      ip4: {}\n      ip1: {}\n")
    assert chart(capsys, "--config", str(file)) == before


def test_names_that_mermaid_would_trip_over_become_ids(write: Write, capsys: Captured) -> None:
    text = chart(capsys, "--config", str(write("web-tls:", "end.of-it_all:")))
    assert 'map_end_2eof_2dit_5fall["end.of-it_all<br/>' in text


def test_names_that_look_alike_have_ids_of_their_own() -> None:
    names = ("a-b", "a_b", "a.b", "ab", "a_2db")
    assert len({node_id("ip", name) for name in names}) == len(names)


def test_a_gateways_name_may_be_chinese(write: Write, capsys: Captured) -> None:
    text = chart(capsys, "--config", str(write("name: MyNatGW", "name: 网关-1")))
    assert 'gateway["NAT gateway 网关-1"]' in text


def test_warnings_stay_out_of_the_chart(write: Write, capsys: Captured) -> None:
    file = write("host: ecs5, acknowledged: true", "host: ecs5")
    assert main(["--format", "mermaid", "--config", str(file)]) == 0
    printed = capsys.readouterr()
    assert "remedy" not in printed.out
    assert "remedy" in printed.err


def with_egress(write: Write) -> Path:
    return write(
        "    portMappings:",
        "    egress:\n"
        "      out: {vswitch: apps, publicIps: [ip3]}\n"
        "      part: {cidr: 192.168.1.128/25, publicIps: [ip4]}\n"
        "    portMappings:",
    )
