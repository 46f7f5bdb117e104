"""Comparing what two programs registered."""

from typing import Any

from bench.registered import differences


def resource(name: str, *dependencies: str, **more: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:{name}",
        "parent": "",
        "custom": True,
        "type": "a",
        "name": name,
        "inputs": {},
        "dependencies": [f"urn:{other}" for other in dependencies],
        "deleteBeforeReplace": False,
        "protect": False,
        "ignoreChanges": [],
        **more,
    }


def test_the_same_resources_in_another_order_are_the_same() -> None:
    ours = [resource("x", inputs={"a": 1, "b": 2}), resource("y", "x")]
    bare = [resource("y", "x"), resource("x", inputs={"b": 2, "a": 1})]
    assert differences(ours, bare) == []


def test_a_component_is_no_resource_but_its_children_wait_for_what_it_waits_for() -> None:
    ours = [
        resource("x"),
        resource("component", "x", custom=False),
        resource("y", parent="urn:component"),
    ]
    assert differences(ours, [resource("x"), resource("y", "x")]) == []


def test_what_is_named_and_what_is_only_implied_come_before_alike() -> None:
    chain = [resource("x"), resource("y", "x")]
    assert differences([*chain, resource("z", "y", "x")], [*chain, resource("z", "y")]) == []


def test_a_resource_that_only_one_has_is_told() -> None:
    assert differences([resource("x")], []) == ["x: only ours has it"]


def test_another_input_is_told() -> None:
    [line] = differences([resource("x", inputs={"a": 1})], [resource("x", inputs={"a": 2})])
    assert line.startswith("x: inputs is")


def test_a_missing_order_is_told() -> None:
    both = [resource("x")]
    [line] = differences([*both, resource("y", "x")], [*both, resource("y")])
    assert line == "y: before is ['x'] in ours and [] in the bare program"
