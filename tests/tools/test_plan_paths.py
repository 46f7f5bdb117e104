"""Who reaches whom inside, in every form of the plan."""

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from stack.target import target
from tests.tools.flowcharts import parsed
from tests.tools.plans import chart
from tests.topologies.test_reachability import stack
from tools.plan.__main__ import rendered
from tools.plan.flowchart import BROKEN
from tools.plan.plan import Plan, make_plan, plan_document
from tools.plan.tables import reach_tables

EXAMPLES = ("same-region", "transit-router", "hybrid")


def example(root: Path, name: str) -> Plan:
    (file,) = (root / "examples" / "private-calls").glob(f"*/Pulumi.{name}.yaml")
    return make_plan(target(None, str(file), root))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_a_table(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    page = rendered(example(root, name), "table")
    assert page.partition("Resources")[0] == snapshot


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_as_a_flowchart(root: Path, name: str, snapshot: SnapshotAssertion) -> None:
    page = rendered(example(root, name), "mermaid")
    assert parsed(page).ways()
    assert page == snapshot


def test_what_a_call_goes_over_stands_in_the_region_that_it_lies_in(root: Path) -> None:
    drawn = parsed(rendered(example(root, "transit-router"), "mermaid"))
    regions = {
        lines[0]: drawn.titles(node)
        for node, lines in drawn.nodes.items()
        if node.startswith(("apis_hop", "apis_asker"))
    }
    assert regions == {
        "function caller": [],
        "vSwitch calls": ["cn-zhangjiakou"],
        "attachment functions": ["cn-zhangjiakou"],
        "transit router cn-zhangjiakou": ["cn-zhangjiakou"],
        "link calls (2 Mbit/s)": [],
        "attachment gateway": ["cn-shanghai"],
        "gateway's range (gateway)": ["cn-shanghai"],
        "domain of orders": ["cn-shanghai"],
    }
    assert drawn.titles("apis_host_web")[:2] == ["cn-shanghai", "VPC backend, 172.16.0.0/16"]


def test_a_broken_path_ends_in_what_is_in_the_way() -> None:
    drawn = chart(stack("transit-router", lambda s: s["crossRegion"].pop("services")))
    broken = [arrow for arrow in drawn.arrows if arrow[1] == BROKEN]
    reason = "no service leads to the gateway's range behind gateway"
    assert broken == [("apis_hop_attachment_20gateway", BROKEN, reason, "apis_api_cloudapi")]


def test_paths_are_in_the_document(root: Path) -> None:
    (path,) = plan_document(example(root, "same-region"))["paths"]
    assert path == {
        "source": "function caller",
        "api": "cloudapi",
        "hops": [
            "vSwitch functions",
            "domain of orders (http)",
            "API cloudapi",
            "authorization web",
            "host web:8080",
        ],
        "broken": None,
    }


def test_what_support_has_to_do_is_told_filled_in(root: Path) -> None:
    plan = example(root, "basic")
    (request,) = plan_document(plan)["requests"]
    assert request["name"] == "gateway"
    assert request["command"] == (
        "aliyun cbn ResolveAndRouteServiceInCen --CenId cen-… --Host 100.104.255.128/26 "
        "--HostRegionId cn-shanghai --HostVpcId vpc-… --AccessRegionIds.1 cn-shanghai "
        "--AccessRegionIds.2 cn-zhangjiakou"
    )
    assert "To ask the cloud's support for: the way to gateway" in rendered(plan, "table")


def test_with_transit_routers_nobody_has_to_be_asked(root: Path) -> None:
    assert plan_document(example(root, "transit-router"))["requests"] == []


def test_a_stack_that_stands_asks_support_with_its_real_ids(root: Path) -> None:
    plan = example(root, "basic")
    command = plan.reach.requests[0].command.replace("cen-…", "cen-1").replace("vpc-…", "vpc-1")
    stands = plan.reach.standing({"serviceRequests": {"gateway": command}})
    assert plan.settings is not None
    page = reach_tables(replace(plan, reach=stands), plan.settings)
    assert "--CenId cen-1\n" in page
    assert "--HostVpcId vpc-1\n" in page
    assert "…" not in page.partition("To ask the cloud's support")[2]
    assert plan.reach.standing({}).requests == plan.reach.requests


def test_an_address_that_was_given_out_is_told_by_its_name(root: Path) -> None:
    stands = make_plan(target(None, None, root)).reach.standing(
        {"publicIps": {"ip1": "198.51.100.2"}}
    )
    assert {ip.name: ip.address for ip in stands.public_ips if ip.address} == {
        "ip1": "198.51.100.2"
    }
