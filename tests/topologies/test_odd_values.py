"""Every place of a stack file with something else in it: reported or accepted, never an error."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.stackfiles import dev_stack, problems_of
from tests.topologies.api_stacks import api_stack
from tests.topologies.cross_region import basic_stack, branch, cross_stack
from tests.topologies.functions import functions_stack
from tests.topologies.unified import shared_stack, unified_stack

ROOT = Path(__file__).resolve().parent.parent.parent
ODD: tuple[Any, ...] = (None, "", 5, True, [], {}, [None], {"x": None})

TEXTS: dict[str, Callable[[], str]] = {
    "shared bandwidth": dev_stack,
    "unified egress": unified_stack,
    "both": shared_stack,
    "APIs": api_stack,
    "functions": functions_stack,
    "joined networks": lambda: cross_stack(branch()),
    "the basic edition": basic_stack,
    "private calls": lambda: (
        ROOT / "examples/private-calls/same-region/Pulumi.same-region.yaml"
    ).read_text(encoding="utf-8"),
    "a release": lambda: (
        ROOT / "examples/api-gateway/grey-release/Pulumi.grey-release.yaml"
    ).read_text(encoding="utf-8"),
    "load balancers": lambda: (
        ROOT / "examples/api-gateway/kubernetes/Pulumi.kubernetes.yaml"
    ).read_text(encoding="utf-8"),
    "signatures": lambda: (ROOT / "examples/api-gateway/self-call/Pulumi.self-call.yaml").read_text(
        encoding="utf-8"
    ),
}


def holders(value: object) -> Iterator[tuple[Any, Any]]:
    """Every map and list with each of its keys and indices."""
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = list(cast("dict[Any, Any]", value).items())
    elif isinstance(value, list):
        entries = list(enumerate(cast("list[Any]", value)))
    for key, item in entries:
        yield value, key
        yield from holders(item)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_an_odd_value_anywhere_is_reported_or_accepted(text: Callable[[], str]) -> None:
    document: Any = yaml.safe_load(text())
    places = list(holders(document["config"]))
    assert len(places) > 20
    for holder, key in places:
        kept = holder[key]
        for odd in ODD:
            holder[key] = odd
            problems_of(yaml.safe_dump(document, sort_keys=False))
        holder[key] = kept


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_key_that_is_missing_anywhere_is_reported_or_accepted(text: Callable[[], str]) -> None:
    document: Any = yaml.safe_load(text())
    places = [place for place in holders(document["config"]) if isinstance(place[1], str)]
    for holder, key in places:
        kept = holder.pop(key)
        problems_of(yaml.safe_dump(document, sort_keys=False))
        holder[key] = kept
