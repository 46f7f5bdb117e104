"""The plan as a Mermaid flowchart: what is drawn, in which boxes, and the arrows between."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from stack.reach import Reach
from tests.stackfiles import Edit, dev_stack, settings_of
from tests.tools.flowcharts import Chart, parsed
from tests.tools.plans import chart
from tools.plan.__main__ import main
from tools.plan.flowchart import BROKEN, INTO, NOTHING, OUT, Box, Flowchart, document, node_id
from tools.plan.graphs import GRAPHS, plan_mermaid
from tools.plan.plan import Plan

Write = Callable[[str, str], Path]
Captured = pytest.CaptureFixture[str]


def printed(capsys: Captured, *arguments: str) -> str:
    assert main(["--format", "mermaid", *arguments]) == 0
    return capsys.readouterr().out


def shared(**changes: Any) -> Edit:
    """An edit of the section sharedBandwidth."""
    return lambda settings: settings["sharedBandwidth"].update(changes)


def both(*edits: Edit) -> str:
    """The dev stack after some edits."""

    def edited(settings: dict[str, Any]) -> None:
        for edit in edits:
            edit(settings)

    return dev_stack(edited)


def without_egress(settings: dict[str, Any]) -> None:
    """An edit after which nothing leaves, so that there is one graph."""
    del settings["sharedBandwidth"]["egress"], settings["sharedBandwidth"]["publicIps"]["ip6"]


def many(count: int, hosts: int = 5, **of_one: object) -> Edit:
    """An edit after which there are so many mappings, in turn to each host and address."""
    mappings = {
        f"map{n}": {
            "publicIp": "ip1" if n % 2 else "ip3",
            "host": f"ecs{n % hosts + 1}",
            "port": 20000 + n,
            "protocol": "tcp",
            **of_one,
        }
        for n in range(count)
    }
    return shared(portMappings=mappings)


# The whole picture.


def test_dev_is_drawn(capsys: Captured, snapshot: SnapshotAssertion) -> None:
    text = printed(capsys)
    assert parsed(text).arrows
    assert text == snapshot


def test_a_way_in_goes_from_the_internet_to_its_host() -> None:
    drawn = chart(dev_stack(without_egress))
    assert {("internet", "ip_ip3"), ("ip_ip3", "map_web"), ("map_web", "host_ecs3")} <= drawn.ways(
        INTO
    )
    assert drawn.nodes["map_web"] == ["web", "tcp 80 → 80"]
    assert drawn.nodes["map_app1"] == ["app1", "all ports and protocols"]


def test_a_spare_address_is_dashed_and_leads_nowhere() -> None:
    drawn = chart(dev_stack(without_egress))
    assert drawn.nodes["ip_ip5"] == ["ip5", "spare"]
    assert [way for way in drawn.ways() if "ip_ip5" in way] == [("internet", "ip_ip5")]
    assert ("internet", "ip_ip5") in drawn.ways(NOTHING)


def test_what_lies_in_a_region_and_a_vpc_stands_in_their_boxes() -> None:
    drawn = chart(dev_stack(without_egress))
    vpc = ["cn-shanghai", "VPC 192.168.0.0/16"]
    assert drawn.titles("host_ecs1") == [*vpc, "vSwitch apps, 192.168.1.0/24"]
    assert drawn.titles("map_web") == [*vpc, "NAT gateway MyNatGW"]
    assert drawn.titles("ip_ip1") == ["cn-shanghai", "Package, 150 Mbit/s"]
    assert drawn.titles("internet") == []


def test_a_vpc_that_exists_is_told_by_its_id() -> None:
    drawn = chart(both(without_egress, lambda s: s["network"].update(vpc={"id": "vpc-uf6abc"})))
    assert "VPC vpc-uf6abc" in drawn.titles("host_ecs1")


def test_the_order_of_the_stack_file_changes_nothing(write: Write, capsys: Captured) -> None:
    before = printed(capsys)
    write("      ip1: {}\n", "")
    file = write("      ip4: {}\n", "      ip4: {}\n      ip1: {}\n")
    assert printed(capsys, "--config", str(file)) == before


def test_names_that_mermaid_would_trip_over_become_ids(write: Write, capsys: Captured) -> None:
    drawn = parsed(printed(capsys, "--config", str(write("web-tls:", "end.of-it_all:"))))
    assert drawn.nodes["map_end_2eof_2dit_5fall"][0] == "end.of-it_all"


def test_names_that_look_alike_have_ids_of_their_own() -> None:
    names = ("a-b", "a_b", "a.b", "ab", "a_2db")
    assert len({node_id("ip", name) for name in names}) == len(names)


def test_a_gateways_name_may_be_chinese(write: Write, capsys: Captured) -> None:
    text = printed(capsys, "--config", str(write("name: MyNatGW", "name: 网关-1")))
    assert parsed(text).boxes["gateway"] == "NAT gateway 网关-1"


def test_warnings_stay_out_of_the_chart(write: Write, capsys: Captured) -> None:
    file = write("host: ecs5, acknowledged: true", "host: ecs5")
    assert main(["--format", "mermaid", "--config", str(file)]) == 0
    told = capsys.readouterr()
    assert "remedy" not in told.out
    assert "remedy" in told.err


# Egress is a graph of its own.


def test_what_leaves_is_drawn_apart_from_what_comes_in() -> None:
    drawn = chart(dev_stack())
    assert drawn.boxes["graph_1"] == "Ports"
    assert drawn.boxes["graph_2"] == "Egress"
    assert all(drawn.places[start][0] == drawn.places[end][0] for start, end in drawn.ways())
    assert drawn.ways(OUT) == {
        ("egress_source_apps", "egress_entry_apps"),
        ("egress_entry_apps", "egress_ip_ip6"),
        ("egress_ip_ip6", "egress_internet"),
    }
    assert "ip_ip6" not in drawn.nodes


def test_an_address_that_serves_both_ways_is_drawn_in_both_graphs() -> None:
    drawn = chart(dev_stack(shared(egress={"apps": {"vswitch": "apps", "publicIps": ["ip3"]}})))
    assert {"ip_ip3", "egress_ip_ip3"} <= drawn.nodes.keys()


def test_a_source_is_a_vswitch_or_a_range() -> None:
    ways = {
        "out": {"vswitch": "apps", "publicIps": ["ip6"]},
        "part": {"cidr": "192.168.1.128/25", "publicIps": ["ip6"]},
    }
    drawn = chart(dev_stack(shared(egress=ways)), "egress")
    named = "egress_source_apps"
    assert drawn.nodes[named] == ["vSwitch apps, 192.168.1.0/24"]
    assert drawn.nodes["egress_source_192_2e168_2e1_2e128_2f25"] == ["192.168.1.128/25"]
    assert drawn.nodes["egress_entry_part"] == ["part", "SNAT of 192.168.1.128/25"]
    assert drawn.titles(named) == ["cn-shanghai", "VPC 192.168.0.0/16"]


def test_one_graph_is_drawn_where_only_that_is_wanted(capsys: Captured) -> None:
    config = "examples/shared-bandwidth/Pulumi.egress.yaml"
    whole = parsed(printed(capsys, "--config", config))
    ports = parsed(printed(capsys, "--config", config, "--only", "ports"))
    egress = parsed(printed(capsys, "--config", config, "--only", "egress"))
    assert ports.nodes.keys() | egress.nodes.keys() == whole.nodes.keys()
    assert not ports.nodes.keys() & egress.nodes.keys()
    assert "graph_1" not in ports.boxes
    assert not ports.ways(OUT)
    assert not egress.ways(INTO)


def test_a_graph_that_would_be_empty_is_refused_with_what_there_is(capsys: Captured) -> None:
    assert main(["--format", "mermaid", "--only", "apis"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith("the stack dev has no apis to draw; what it has: ports\n")


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_graph_is_refused_where_no_diagram_is_wanted(form: str, capsys: Captured) -> None:
    assert main(["--format", form, "--only", "ports"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "ONLY=ports is a part of the diagram: say FORMAT=mermaid with it\n"


def test_a_graph_that_isnt_known_is_refused_with_the_nearest(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--format", "mermaid", "--only", "port"])
    assert stopped.value.code == 1
    assert "did you mean ports?" in capsys.readouterr().err
    assert tuple(GRAPHS) == ("ports", "egress", "apis")


def test_a_plan_that_opens_nothing_is_a_diagram_too() -> None:
    settings = settings_of(dev_stack())
    closed = Plan("trial", Path("trial.yaml"), settings, reach=Reach())
    assert parsed(plan_mermaid(closed, settings)).nodes == {"internet": ["Internet"]}


# Many mappings.


def test_at_24_mappings_each_has_a_node_and_at_25_none_has() -> None:
    few, lots = chart(dev_stack(many(24))), chart(dev_stack(many(25)))
    assert len([node for node in few.nodes if node.startswith("map_")]) == 24
    assert not [node for node in lots.nodes if node.startswith("map_")]


@pytest.mark.parametrize("count", [25, 100])
def test_of_many_mappings_an_address_and_a_host_are_a_node_and_their_mappings_an_arrow(
    count: int,
) -> None:
    drawn = chart(dev_stack(many(count)), "ports")
    hosts = {f"host_ecs{n}" for n in range(1, 6)}
    assert drawn.nodes.keys() == {"internet", "ip_ip1", "ip_ip3", "ip_ip5", *hosts}
    between = [(start, end) for start, _, _, end in drawn.arrows if end in hosts]
    assert sorted(between) == sorted({(ip, host) for ip in ("ip_ip1", "ip_ip3") for host in hosts})
    assert "NAT gateway MyNatGW" in drawn.titles("ip_ip1")
    assert "NAT gateway MyNatGW" not in drawn.titles("ip_ip5")
    listed = " ".join(" ".join(drawn.nodes[host]) for host in hosts)
    assert all(str(20000 + n) in listed for n in range(count))


def test_a_host_of_one_address_lists_its_ports_by_protocol_in_lines_that_are_short() -> None:
    def uneven(settings: dict[str, Any]) -> None:
        for n, mapping in enumerate(settings["sharedBandwidth"]["portMappings"].values()):
            mapping.update(publicIp="ip1", protocol="udp" if n < 2 else "tcp")
            if n == 2:
                mapping["hostPort"] = 80
            if n == 3:
                mapping["port"] = "30000-30010"

    drawn = chart(both(many(25, hosts=1), uneven), "ports")
    _, address, *lines = drawn.nodes["host_ecs1"]
    assert address == "192.168.1.1"
    assert max(map(len, lines)) <= 30
    text = " ".join(lines).replace("\N{NBSP}", " ")
    assert text.startswith("tcp 20002 → 80, 20004, 20005, ")
    assert text.endswith("20024, 30000-30010 udp 20000, 20001")


def test_a_host_of_several_addresses_lists_its_ports_by_address() -> None:
    drawn = chart(dev_stack(many(25, hosts=5)), "ports")
    assert drawn.nodes["host_ecs1"][2:] == [
        "ip1: tcp 20005, 20015",
        "ip3: tcp 20000, 20010, 20020",
    ]


def test_a_host_that_an_address_is_mapped_to_as_a_whole_says_so() -> None:
    def whole(settings: dict[str, Any]) -> None:
        for name in ("port", "protocol"):
            del settings["sharedBandwidth"]["portMappings"]["map0"][name]
        settings["sharedBandwidth"]["portMappings"]["map0"]["publicIp"] = "ip6"
        del settings["sharedBandwidth"]["egress"]

    drawn = chart(both(many(25), whole))
    assert "ip6: all ports and protocols" in drawn.nodes["host_ecs1"]


# The language.


def test_what_is_drawn_twice_stands_where_it_was_drawn_first() -> None:
    flow = Flowchart("p_")
    outer, inner = Box("outer", "Outer"), Box("inner", "Inner")
    flow.node("a", "A", place=(outer, inner))
    flow.node("a", "Another")
    flow.node("b", "B", place=(outer,), form="()", spare=True)
    flow.arrow("a", "b", says='5" <wide>')
    flow.arrow("a", "b", says='5" <wide>')
    flow.arrow("b", "a", line=BROKEN)
    drawn = parsed(document([("One", flow)]))
    assert drawn == Chart(
        nodes={"p_b": ["B"], "p_a": ["A"]},
        boxes={"p_outer": "Outer", "p_inner": "Inner"},
        places={
            "p_outer": (),
            "p_b": ("p_outer",),
            "p_inner": ("p_outer",),
            "p_a": ("p_outer", "p_inner"),
        },
        arrows=[("p_a", "-->", '5" <wide>', "p_b"), ("p_b", "-.-x", "", "p_a")],
    )
