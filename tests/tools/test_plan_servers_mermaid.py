"""Servers that are reached on their own, in the plan as a Mermaid flowchart."""

import re

from tests.tools.plans import chart, on_two_gateways, server
from tests.topologies.unified import put, shared_stack, unified_stack

NODE = re.compile(r"^\s*(?:subgraph )?(\w+)[(\[]")
EDGE = re.compile(r" (?:-->|==>|-\.-) ")


def box(text: str, identity: str) -> list[str]:
    """The nodes that a box of the chart holds."""
    _, _, rest = text.partition(f"subgraph {identity}[")
    assert rest, f"there is no {identity}"
    inside = rest.split("\n    end\n")[0].splitlines()[1:]
    return [line.strip().partition("[")[0].partition("(")[0] for line in inside]


def test_a_server_is_entered_by_its_address_and_its_interface() -> None:
    text = chart(unified_stack())
    assert "internet --> ip_web1 --> eni_web1\n" in text
    assert "eni_web1 --> host_ecs1\n" in text
    ports = "tcp 443<br/>tcp 22 from 203.0.113.0/24"
    assert f'eni_web1["web1<br/>ENI 192.168.3.11<br/>{ports}"]' in text


def test_an_interface_stands_in_its_own_vswitch_and_its_host_in_the_hosts() -> None:
    text = chart(unified_stack())
    assert box(text, "vswitch_apps") == ["host_ecs1", "host_ecs2", "eni_web1"]
    assert box(text, "vswitch_doors") == ["eni_web2"]


def test_each_gateway_is_a_box_with_its_own_egress() -> None:
    text = chart(shared_stack(*on_two_gateways()))
    assert "egress_apps" in box(text, "gateway")
    assert "map_web" in box(text, "gateway")
    assert box(text, "unified_gateway") == ["egress_own"]
    assert 'unified_gateway["NAT gateway mine"]' in text


def test_an_address_stands_in_the_package_that_it_is_in() -> None:
    assert "ip_mail" in box(chart(shared_stack()), "package")
    alone = chart(shared_stack(*on_two_gateways()))
    assert "ip_mail" not in box(alone, "package")
    assert '\n    ip_mail("mail")\n' in alone
    packed = chart(shared_stack(*on_two_gateways(), put("unifiedEgress", bandwidth=30)))
    assert box(packed, "package_2") == ["ip_mail", "ip_out"]
    assert 'package_2["Bandwidth package, 30 Mbit/s"]' in packed


def test_a_package_that_exists_is_told_by_its_id() -> None:
    package = put("unifiedEgress", bandwidthPackage={"id": "cbwp-1"})
    addresses = put("unifiedEgress.publicIps", egress={}, web1={}, web2={})
    text = chart(unified_stack(package, addresses))
    assert 'package["Bandwidth package cbwp-1"]' in text


def test_nothing_goes_through_a_server_that_lets_nothing_in() -> None:
    text = chart(unified_stack(server(reachable={})))
    assert "internet -.- ip_web1 -.- eni_web1\n" in text
    assert "no port is open" in text
    assert "internet --> ip_web2" in text


def test_a_host_points_to_its_egress_where_its_vswitch_doesnt() -> None:
    assert "host_ecs1 ==>" not in chart(unified_stack())
    egress = {"cidr": "192.168.3.0/28", "publicIps": ["narrow"]}
    text = chart(
        unified_stack(
            put("unifiedEgress.publicIps", narrow={}), put("unifiedEgress.egress", part=egress)
        )
    )
    assert "host_ecs1 ==> egress_part\n" in text
    assert "host_ecs2 ==>" not in text


def test_every_arrow_joins_nodes_that_are_drawn_once() -> None:
    for text in (chart(unified_stack()), chart(shared_stack(*on_two_gateways()))):
        nodes = [found[1] for line in text.splitlines() if (found := NODE.match(line))]
        assert len(nodes) == len(set(nodes))
        edges = [line.strip() for line in text.splitlines() if EDGE.search(line)]
        ends = {end for line in edges for end in EDGE.split(line)}
        assert len(ends) > 8
        assert ends <= set(nodes)


def test_an_interface_with_several_addresses_is_entered_by_each() -> None:
    eni = {"vswitch": "apps", "ip": "192.168.3.11", "mode": "MULTI_BINDED"}
    more = server(eni=eni, secondaryPublicIps={"more": None})
    text = chart(unified_stack(put("unifiedEgress.publicIps", more={}), more))
    assert "internet --> ip_web1 --> eni_web1\n" in text
    assert "internet --> ip_more --> eni_web1\n" in text
    assert text.count("eni_web1 --> host_ecs1") == 1
