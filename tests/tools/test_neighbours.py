"""Two stacks on one gateway: what both would take is told while it is planned."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.problems import Problem
from stack.stack_file import StackFile
from stack.target import target
from tests.docs.pages import ROOT
from tools.plan.plan import make_plan
from topologies import TOPOLOGIES
from topologies.neighbours import neighbour_warnings

EXAMPLE = ROOT / "examples" / "stack-references"
B = "alicloud-gateways:sharedBandwidth"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in EXAMPLE.glob("Pulumi.*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def edit(folder: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    file = folder / f"Pulumi.{name}.yaml"
    document = yaml.safe_load(file.read_text("utf-8"))
    change(document["config"])
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def told(folder: Path, name: str) -> list[Problem]:
    file = folder / f"Pulumi.{name}.yaml"
    return neighbour_warnings(StackFile(file, name, TOPOLOGIES))


def blog_again(folder: Path, **mapping: object) -> None:
    """Another application on the same address, with one port mapping."""
    text = (folder / "Pulumi.blog.yaml").read_text("utf-8")
    (folder / "Pulumi.news.yaml").write_text(text, encoding="utf-8")
    entry = {"publicIp": "front", "port": 443, "host": "pages", "hostPort": 8443, **mapping}
    edit(folder, "news", lambda c: c[B].update(portMappings={"news": entry}))


@pytest.mark.parametrize("name", ["shared", "shop", "blog"])
def test_the_example_takes_nothing_twice(folder: Path, name: str) -> None:
    assert told(folder, name) == []


def test_two_ports_of_one_address_live_side_by_side(folder: Path) -> None:
    blog_again(folder, port=8443, hostPort=9443)
    assert told(folder, "news") == told(folder, "blog") == []


def test_a_port_that_another_stack_has_is_told_in_both(folder: Path) -> None:
    blog_again(folder, hostPort=9443)
    (one,) = told(folder, "news")
    assert one.path == (*("sharedBandwidth", "portMappings"), "news")
    assert one.line is not None
    assert one.rule == (
        "sharedBandwidth.portMappings.pages of the stack blog has ${publicIps.front of shared} "
        "tcp 443 on the same gateway, and the cloud gives it to one"
    )
    (other,) = told(folder, "blog")
    assert "sharedBandwidth.portMappings.news of the stack news" in other.rule


def test_a_hosts_port_has_one_entry_on_a_gateway_whoever_makes_it(folder: Path) -> None:
    blog_again(folder, port=8443)
    (one,) = told(folder, "news")
    assert "192.168.2.11 tcp 8443" in one.rule


def test_what_the_shared_stack_itself_has_counts_as_well(folder: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        config["alicloud-gateways:network"]["hosts"] = {
            "own": {"ip": "192.168.0.9", "vswitch": "edge"}
        }
        entry = {"publicIp": "front", "port": "400-500", "host": "own"}
        config[B]["portMappings"] = {"own": entry}

    edit(folder, "shared", change)
    (one,) = told(folder, "blog")
    assert "sharedBandwidth.portMappings.own of the stack shared" in one.rule


def test_a_source_has_one_egress_on_a_gateway(folder: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        gateway = config[B]["natGateway"]
        gateway["snatTableId"] = {"stack": "shared", "output": "snatTableId"}
        config[B]["egress"] = {"all": {"cidr": "192.168.0.0/16", "publicIps": ["shop"]}}

    edit(folder, "shop", change)
    (one,) = told(folder, "shop")
    assert "the source 192.168.0.0/16" in one.rule


def leaving(folder: Path, cidr: str) -> None:
    """A stack of servers that leave over the shared gateway, without an address of its own."""
    document = yaml.safe_load((folder / "Pulumi.shop.yaml").read_text("utf-8"))
    config = document["config"]
    del config[B]
    config["alicloud-gateways:topology"] = "unified-egress"
    config["alicloud-gateways:unifiedEgress"] = {
        "natGateway": {
            "id": {"stack": "shared", "output": "natGatewayId"},
            "snatTableId": {"stack": "shared", "output": "snatTableId"},
        },
        "publicIps": {"out": {"bandwidth": 20}},
        "egress": {"servers": {"cidr": cidr, "publicIps": ["out"]}},
    }
    file = folder / "Pulumi.servers.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def test_servers_that_leave_over_a_shared_gateway_take_their_source_of_it(folder: Path) -> None:
    leaving(folder, "192.168.0.0/16")
    (one,) = told(folder, "servers")
    assert one.path == ("unifiedEgress", "egress", "servers")
    assert "sharedBandwidth.egress.everyone of the stack shared" in one.rule
    leaving(folder, "192.168.1.0/24")
    assert told(folder, "servers") == []


def test_a_gateway_of_unified_egress_is_known_by_its_own_output(folder: Path) -> None:
    leaving(folder, "192.168.1.0/24")
    mine = {"id": {"stack": "servers", "output": "unifiedEgressNatGatewayId"}}
    text = (folder / "Pulumi.servers.yaml").read_text("utf-8")
    (folder / "Pulumi.more.yaml").write_text(text, encoding="utf-8")
    table = {"stack": "servers", "output": "unifiedEgressSnatTableId"}

    def change(config: dict[str, Any]) -> None:
        config["alicloud-gateways:unifiedEgress"]["natGateway"] = {**mine, "snatTableId": table}

    def own(config: dict[str, Any]) -> None:
        config["alicloud-gateways:unifiedEgress"]["natGateway"] = {"vswitch": "shop"}

    edit(folder, "servers", own)
    edit(folder, "more", change)
    (one,) = told(folder, "more")
    assert "unifiedEgress.egress.servers of the stack servers" in one.rule


def test_entries_of_one_table_are_counted_together(folder: Path) -> None:
    quotas = "alicloud-gateways:quotas"
    edit(folder, "shop", lambda c: c.update({quotas: {"dnatEntriesPerGateway": 2}}))
    (one,) = told(folder, "shop")
    assert one.rule.startswith("the stacks on this gateway have 3 port mappings together")


def test_a_plan_shows_them_beside_its_other_warnings(folder: Path) -> None:
    blog_again(folder, hostPort=9443)
    plan = make_plan(target(None, str(folder / "Pulumi.news.yaml"), ROOT))
    assert [w.path[-1] for w in plan.warnings] == ["news"]


def test_a_neighbour_that_is_refused_is_left_out(folder: Path) -> None:
    blog_again(folder, hostPort=9443, host="nowhere")
    assert told(folder, "blog") == []


def test_a_stack_of_its_own_is_alone(folder: Path) -> None:
    (folder / "Pulumi.dev.yaml").write_bytes((ROOT / "Pulumi.dev.yaml").read_bytes())
    assert told(folder, "dev") == []
