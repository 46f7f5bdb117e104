"""Who reaches whom inside, in every form of the plan."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tools.plan import rendered
from tools.plan_json import plan_document
from tools.planning import Plan, make_plan
from tools.target import target

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
            "domain of orders",
            "API cloudapi",
            "authorization web",
            "host web:8080",
        ],
        "broken": None,
    }
