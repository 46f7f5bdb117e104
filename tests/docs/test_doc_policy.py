"""The page of policies says what they say: levels, reasons, settings, and what one is read as."""

import json
from typing import Any

from facts import kinds
from policy.pack import RULES
from stack.tiers import Tier
from tests.docs.pages import ROOT, blocks, tables
from tests.policy.resources import judged, resource

PAGE = ROOT / "docs" / "policy.md"


def table(second: str) -> list[list[str]]:
    (found,) = [one for one in tables(PAGE) if one[0][:2] == ["Policy", second]]
    return found[1:]


def quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words) or "—"


def test_every_policy_has_its_levels_on_the_page() -> None:
    assert table("Severity") == [
        [
            f"`{rule.id}`",
            rule.severity.value,
            *(f"`{rule.levels[tier].value}`" for tier in Tier),
            quoted(rule.counterparts),
        ]
        for rule in RULES
    ]


def test_every_policy_says_on_the_page_what_it_finds_why_and_what_to_do() -> None:
    told = [[f"`{rule.id}`", rule.what, rule.reason, rule.remedy] for rule in RULES]
    assert table("What it finds") == told


def test_every_setting_of_a_policy_is_on_the_page() -> None:
    assert table("Setting") == [
        [f"`{rule.id}`", f"`{name}`", f"`{json.dumps(limit.default)}`", limit.what]
        for rule in RULES
        for name, limit in rule.own_limits.items()
    ]


def test_what_is_shown_is_what_the_policy_says() -> None:
    (shown,) = blocks(PAGE, "text")
    _, what, *message = shown.text.splitlines()
    entry = {"ipProtocol": "tcp", "externalPort": "22"}
    assert ["\n".join(message)] == judged(
        "nat-risky-ports", resource(kinds.FORWARD_ENTRY, entry, name="port-mappings-ssh")
    )
    assert what == next(rule.what for rule in RULES if rule.id == "nat-risky-ports")


def test_the_configuration_that_is_shown_sets_what_there_is() -> None:
    (shown,) = blocks(PAGE, "json")
    by_id = {rule.id: rule for rule in RULES}
    said: dict[str, Any] = json.loads(shown.text)
    for name, value in said.items():
        if not isinstance(value, str):
            assert {*value} - {"enforcementLevel"} <= {*by_id[name].limits}
