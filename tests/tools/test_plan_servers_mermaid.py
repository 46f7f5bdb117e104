"""Servers that are reached on their own, in the plan as a Mermaid flowchart."""

from tests.tools.plans import chart, on_two_gateways, server
from tests.topologies.unified import put, shared_stack, unified_stack


def test_a_server_is_entered_by_its_address_and_its_interface() -> None:
    drawn = chart(unified_stack())
    way = [("internet", "ip_web1"), ("ip_web1", "eni_web1"), ("eni_web1", "host_ecs1")]
    assert set(way) <= drawn.ways("-->")
    assert drawn.nodes["eni_web1"] == [
        "web1",
        "ENI 192.168.3.11",
        "tcp 443",
        "tcp 22 from 203.0.113.0/24",
    ]


def test_an_interface_stands_in_its_own_vswitch_and_its_host_in_the_hosts() -> None:
    drawn = chart(unified_stack())
    assert drawn.inside("vswitch_apps") == ["eni_web1", "host_ecs1", "host_ecs2"]
    assert drawn.inside("vswitch_doors") == ["eni_web2"]


def test_each_gateway_is_a_box_with_its_own_entries() -> None:
    drawn = chart(shared_stack(*on_two_gateways()))
    assert "map_web" in drawn.inside("gateway")
    assert drawn.inside("egress_gateway") == ["egress_entry_apps"]
    assert drawn.inside("egress_unified_gateway") == ["egress_entry_own"]
    assert drawn.boxes["egress_unified_gateway"] == "NAT gateway mine"


def test_an_address_stands_in_the_package_that_it_is_in() -> None:
    assert "ip_mail" in chart(shared_stack()).inside("package")
    alone = chart(shared_stack(*on_two_gateways()))
    assert alone.titles("ip_mail") == ["Ports", "cn-shanghai"]
    packed = chart(shared_stack(*on_two_gateways(), put("unifiedEgress", bandwidth=30)))
    assert packed.inside("package_2") == ["ip_mail"]
    assert packed.inside("egress_package_2") == ["egress_ip_out"]
    assert packed.boxes["package_2"] == "Package, 30 Mbit/s"


def test_a_package_that_exists_is_told_by_its_id() -> None:
    package = put("unifiedEgress", bandwidthPackage={"id": "cbwp-1"})
    addresses = put("unifiedEgress.publicIps", egress={}, web1={}, web2={})
    assert chart(unified_stack(package, addresses)).boxes["package"] == "Package cbwp-1"


def test_nothing_goes_through_a_server_that_lets_nothing_in() -> None:
    drawn = chart(unified_stack(server(reachable={})))
    assert {("internet", "ip_web1"), ("ip_web1", "eni_web1")} <= drawn.ways("-.-")
    assert drawn.nodes["eni_web1"][-1] == "no port is open"
    assert ("internet", "ip_web2") in drawn.ways("-->")


def test_a_host_points_to_its_egress_where_its_vswitch_doesnt() -> None:
    assert "egress_host_ecs1" not in chart(unified_stack()).nodes
    egress = {"cidr": "192.168.3.0/28", "publicIps": ["narrow"]}
    drawn = chart(
        unified_stack(
            put("unifiedEgress.publicIps", narrow={}), put("unifiedEgress.egress", part=egress)
        )
    )
    assert ("egress_host_ecs1", "egress_entry_part") in drawn.ways("==>")
    assert "egress_host_ecs2" not in drawn.nodes


def test_an_interface_with_several_addresses_is_entered_by_each() -> None:
    eni = {"vswitch": "apps", "ip": "192.168.3.11", "mode": "MULTI_BINDED"}
    more = server(eni=eni, secondaryPublicIps={"more": None})
    drawn = chart(unified_stack(put("unifiedEgress.publicIps", more={}), more))
    way = [("internet", "ip_web1"), ("ip_web1", "eni_web1")]
    assert {*way, ("internet", "ip_more"), ("ip_more", "eni_web1")} <= drawn.ways("-->")
