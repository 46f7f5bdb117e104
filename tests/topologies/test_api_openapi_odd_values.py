"""Nothing that can stand in a document makes the import fall over."""

from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topologies.api_openapi import of_tree, tree

Place = tuple[str | int, ...]
NAMES = ("springfox.json", "orders-3.0.yaml", "orders-3.1.yaml")


def places(values: object, path: Place = ()) -> list[Place]:
    """Everything in a tree, below its top."""
    found: list[Place] = [path] if path else []
    if isinstance(values, dict):
        for key, child in cast("dict[str, object]", values).items():
            found += places(child, (*path, key))
    if isinstance(values, list):
        for index, child in enumerate(cast("list[object]", values)):
            found += places(child, (*path, index))
    return found


PLACES = [(name, place) for name in NAMES for place in places(tree(name))]
ODD: tuple[object, ...] = (
    *(None, True, 5, "", "#x#", "{id}", "/[x", [], [None], ["a"]),
    *({}, {"$ref": "#/"}, {"$ref": "#/paths"}, {"a": {}}, [{"name": "a", "in": "query"}]),
)


def judge(name: str, place: Place, odd: object, mode: str) -> None:
    document: Any = tree(name)
    around = document
    for part in place[:-1]:
        around = around[part]
    around[place[-1]] = odd
    result = of_tree(document, mode=mode, variables={"host": "b"})
    for problem in result.problems:
        assert problem.rule
        assert problem.remedy


@given(
    where=st.sampled_from(PLACES),
    odd=st.sampled_from(ODD),
    mode=st.sampled_from(("mapping", "passthrough")),
)
@settings(max_examples=200)
def test_whatever_stands_anywhere_is_judged(
    where: tuple[str, Place], odd: object, mode: str
) -> None:
    judge(*where, odd, mode)
