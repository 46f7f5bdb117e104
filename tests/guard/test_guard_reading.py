"""The engine's document: what is read of it, and what is refused in one message."""

import json
import random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.guard import findings, judged, markdown
from judging.preview import SECRET, Op
from judging.reading import NotAPreviewError, preview_of
from stack.pulumi_wire import UNKNOWN
from tests.guard.previews import EIP, created, document, recorded, updated


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nothing-changed", []),
        ("renamed", []),
        (
            "address-taken-out",
            ["delete-address:shared-bandwidth-ip2", "close-port:port-mappings-app2"],
        ),
        (
            "gateway-replaced",
            [
                "delete-address:shared-bandwidth-ip2",
                "replace-nat-gateway:gateway-nat",
                "close-port:port-mappings-app2",
            ],
        ),
        (
            "gateway-replaced-plain",
            [
                "delete-address:shared-bandwidth-ip2",
                "replace-nat-gateway:gateway-nat",
                "hidden-deletions:shop",
            ],
        ),
        ("ports-changed", ["close-port:port-mappings-web", "open-port:port-mappings-web"]),
        (
            "rules-changed",
            ["close-port:server-web1-allow-tcp-9000-9010", "open-port:server-web2-allow-tcp-3389"],
        ),
        (
            "protected-stopped",
            [
                "delete-address:shared-bandwidth-ip2",
                "close-port:port-mappings-app2",
                "delete-protected:shared-bandwidth-ip2",
            ],
        ),
        (
            "unprotected",
            [
                "unprotect:gateway-nat",
                *(f"unprotect:shared-bandwidth-ip{number}" for number in range(1, 6)),
                "unprotect:shared-bandwidth-package",
            ],
        ),
        (
            "secret-and-api-opened",
            ["open-api:api-getinfo-api", "plain-secret:function-phone-lookup-function"],
        ),
        (
            "callers-let-in",
            [
                "open-api:api-gateway-acl-attachment",
                "open-api:api-page-api",
                "loosen-api:api-page-api",
                "loosen-api:api-search-api",
            ],
        ),
    ],
)
def test_the_engines_own_previews_are_judged(name: str, expected: list[str]) -> None:
    assert [one.id for one in findings(preview_of(recorded(name)))] == expected


def test_a_preview_names_its_stack_and_counts_its_changes() -> None:
    read = preview_of(recorded("address-taken-out"))
    assert read.stack == "shop"
    assert [change.op for change in read.changes].count(Op.DELETE) == 4


def test_a_preview_that_stopped_at_a_protected_resource_says_at_which() -> None:
    ((urn, op),) = preview_of(recorded("protected-stopped")).refused
    assert urn.endswith("::shared-bandwidth-ip2")
    assert op is Op.DELETE


def test_a_byte_order_mark_does_no_harm() -> None:
    assert preview_of("\ufeff" + recorded("renamed")).stack == "shop"


def refusal(text: str) -> str:
    with pytest.raises(NotAPreviewError) as refused:
        preview_of(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the input is empty"),
        ("Previewing update (dev)", "isn't JSON"),
        ('{"steps": [', "isn't JSON"),
        ("[]", "no preview"),
        ("null", "no preview"),
        ("{}", "no preview"),
        ('{"version": 3, "deployment": {}}', "pulumi stack export"),
        ('{"manifest": {}, "resourcePlans": {}}', "--save-plan"),
        ('{"result": "succeeded", "duration": 1, "resources": []}', "--output json"),
        ('{"stack": "dev", "topologies": [], "exposure": []}', "make plan"),
        ('{"sequence": 1, "timestamp": 1}\n{"sequence": 2, "timestamp": 1}', "stream of events"),
        ('{"steps": []}', "no changeSummary"),
        ('{"steps": {}, "changeSummary": {}}', "steps isn't a list"),
        ('{"steps": [7], "changeSummary": {}}', "a step isn't an object"),
        ('{"steps": [{"op": "teleport"}], "changeSummary": {}}', "the kind teleport"),
        ('{"steps": [{"op": "create", "urn": 5}], "changeSummary": {}}', "no URN"),
        ('{"steps": [], "changeSummary": {}, "verdict": 1}', "it has verdict"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_preview_is_told_as_such(text: str, why: str) -> None:
    assert why in refusal(text)


def test_a_preview_that_failed_is_told_with_the_engines_reason() -> None:
    told = refusal(recorded("failed"))
    assert told.startswith("The preview failed")
    assert "this must name a host of network.hosts" in told


def test_a_failure_without_a_reason_is_one_as_well() -> None:
    bare = {"severity": "error", "message": "error: preview failed\n"}
    assert "preview failed" in refusal(json.dumps({"steps": [], "diagnostics": [bare]}))


def test_a_warning_is_no_failure() -> None:
    warning = {"severity": "warning", "message": "warning: something is deprecated"}
    assert preview_of(document(created(EIP, "ip", {}), diagnostics=[warning])).stack == "shop"


def test_a_preview_that_was_cut_is_refused() -> None:
    whole: dict[str, Any] = json.loads(recorded("address-taken-out"))
    whole["steps"] = [one for one in whole["steps"] if not one["urn"].endswith("-ip2")]
    assert "counts 4 to delete, and shows 3" in refusal(json.dumps(whole))


@pytest.mark.parametrize(
    ("key", "value"),
    [("oldState", None), ("newState", None), ("newState", "x"), ("oldState", {"inputs": []})],
)
def test_a_step_without_the_states_it_needs_is_refused(key: str, value: object) -> None:
    change = updated(EIP, "ip", {}, {})
    change[key] = value
    assert "another version of the engine" in refusal(document(change))


JUNK = tuple(
    cast("object", json.loads(text))
    for text in (
        *("null", "true", "7", '""', '"x"', '"80/"', '"9/3"', '"1.2.3.4/33"'),
        *("[]", "{}", "[[]]", '["a", {}]', '{"a": {"b": [1]}}'),
        *(f'"{SECRET}"', f'"{UNKNOWN}"'),
    )
)


@given(
    st.sampled_from(["gateway-replaced", "rules-changed", "secret-and-api-opened", "unprotected"]),
    st.lists(st.tuples(st.randoms(use_true_random=False), st.sampled_from(JUNK)), max_size=3),
)
@settings(max_examples=150)
def test_a_damaged_preview_is_judged_or_refused_and_never_breaks(
    name: str, damages: list[tuple[random.Random, object]]
) -> None:
    damaged: object = json.loads(recorded(name))
    for chance, junk in damages:
        _damage(damaged, chance, junk)
    try:
        read = preview_of(json.dumps(damaged))
    except NotAPreviewError:
        return
    verdict = judged(findings(read), ["*"])
    assert markdown(read, verdict).startswith("### Guard: ")
    assert not verdict.open


def _damage(value: object, chance: random.Random, junk: object) -> None:
    """Put junk somewhere in a document, mostly deep down."""
    while True:
        keys = _keys(value)
        if not keys:
            return
        container = cast("dict[object, object]", value)
        key = chance.choice(keys)
        if not _keys(container[key]) or chance.random() < 0.2:
            container[key] = json.loads(json.dumps(junk))
            return
        value = container[key]


def _keys(value: object) -> list[object]:
    """What a value can be asked for: an object's keys, a list's places."""
    if isinstance(value, dict):
        return list(cast("dict[object, object]", value))
    return list(range(len(cast("list[object]", value)))) if isinstance(value, list) else []
