"""Who reaches whom inside, in every form of the plan."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from stack.target import target
from tools.plan.__main__ import rendered
from tools.plan.plan import Plan, make_plan, plan_document

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
    assert page == snapshot


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
