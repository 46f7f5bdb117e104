"""Every kind and every input: nothing that loosens goes unsaid, nothing harmless is told."""

import pytest

from facts import kinds
from facts.contract import TOKENS, Field
from judging.altering import TIGHT
from judging.stakes import STAKES
from tests.docs.pages import ROOT, tables
from tests.guard.inputs import changes_of, harmless_inputs, telling_inputs
from tests.guard.previews import created, deleted, ids, updated

PAGE = ROOT / "docs" / "guard.md"
_NOTHING = "-"
OLDER = {"alicloud:ecs/eip:Eip", "alicloud:slb/loadBalancer:LoadBalancer"}
"""Kinds that others' programs have, and ours never makes."""

JOINING = {
    kinds.FORWARD_ENTRY: "open-port",
    kinds.EIP_ASSOCIATION: "open-port",
    kinds.APP_ATTACHMENT: "loosen-api",
    kinds.PLUGIN_ATTACHMENT: "loosen-api",
    kinds.ACCESS_LIST_BINDING: "loosen-api",
    kinds.ACCESS_LIST_RANGE: "loosen-api",
    kinds.ROLE_POLICY_ATTACHMENT: "loosen-rights",
    kinds.USER_POLICY_ATTACHMENT: "loosen-rights",
    kinds.USER_KEY: "loosen-rights",
    kinds.VPN_CONNECTION: "loosen-network",
    kinds.ROUTE: "loosen-network",
    kinds.CEN_SERVICE: "loosen-network",
    kinds.CEN_ROUTE: "loosen-network",
    kinds.ROUTER_LINK: "loosen-network",
    kinds.ROUTER_ASSOCIATION: "loosen-network",
    kinds.ROUTER_PROPAGATION: "loosen-network",
    kinds.ROUTER_ROUTE: "loosen-network",
}
"""Kinds that let something in by being made, whatever they say."""

LOOSENED = [
    pytest.param(kind, field, id=f"{kind.rpartition(':')[-1]}-{field.camel}")
    for kind in TOKENS
    for field in telling_inputs(kind)
]
HARMLESS = [
    pytest.param(kind, field, id=f"{kind.rpartition(':')[-1]}-{field.camel}")
    for kind in TOKENS
    for field in harmless_inputs(kind)
]
PROTECTED = [
    pytest.param(kind, option, id=f"{kind.rpartition(':')[-1]}-{option}")
    for kind in TOKENS
    for option in ("protect", "retainOnDelete")
]


def test_each_side_has_two_hundred_and_more() -> None:
    assert len(LOOSENED) + len(PROTECTED) >= 200
    assert len(HARMLESS) + len(TOKENS) >= 200


@pytest.mark.parametrize(("kind", "field"), LOOSENED)
def test_an_input_that_loosens_or_interrupts_is_named(kind: str, field: Field) -> None:
    named = [
        ids(updated(kind, "it", {field.camel: old}, {field.camel: new}))
        for old, new in changes_of(field)
    ]
    assert any(named), field.camel
    assert all(one.endswith(":it") for found in named for one in found)


@pytest.mark.parametrize(("kind", "field"), HARMLESS)
def test_an_input_that_does_no_harm_isnt_told(kind: str, field: Field) -> None:
    for old, new in changes_of(field):
        assert ids(updated(kind, "it", {field.camel: old}, {field.camel: new})) == []


@pytest.mark.parametrize("kind", [kind for kind in TOKENS if kind not in JOINING])
def test_what_is_made_and_joins_nothing_isnt_told(kind: str) -> None:
    assert ids(created(kind, "it", {"description": "x"})) == []


@pytest.mark.parametrize("kind", JOINING)
def test_what_joins_something_that_was_there_is_told(kind: str) -> None:
    assert ids(created(kind, "it", {"description": "x"})) == [f"{JOINING[kind]}:it"]


@pytest.mark.parametrize(("kind", "option"), PROTECTED)
def test_protection_of_any_kind_is_named_where_it_goes_alone(kind: str, option: str) -> None:
    same = updated(kind, "it", {}, {}, op="same")
    same["oldState"][option] = True
    assert ids(same) == ["unprotect:it"]


@pytest.mark.parametrize("key", TIGHT)
def test_the_safest_value_of_an_input_is_no_loosening(key: str) -> None:
    for kind, stake in STAKES.items():
        if stake.rules_of(key):
            for safe in TIGHT[key]:
                assert ids(updated(kind, "it", {key: "other"}, {key: safe})) == []


def test_newer_encryption_is_no_loosening_and_older_is() -> None:
    for kind, key, older, newer in (
        (kinds.API_INSTANCE, "httpsPolicy", "HTTPS1_1_TLS1_0", "HTTPS2_TLS1_2"),
        (kinds.API_INSTANCE, "httpsPolicy", "HTTPS2_TLS1_2", "HTTPS2_TLS1_3"),
        (kinds.LISTENER, "tlsCipherPolicy", "tls_cipher_policy_1_2",
         "tls_cipher_policy_1_2_strict"),
    ):  # fmt: skip
        assert ids(updated(kind, "it", {key: older}, {key: newer})) == []
        assert len(ids(updated(kind, "it", {key: newer}, {key: older}))) == 1
        assert len(ids(updated(kind, "it", {key: newer}, {}))) == 1


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (kinds.BANDWIDTH_PACKAGE, "bandwidth"),
        (kinds.EIP, "bandwidth"),
        (kinds.PACKAGE_ATTACHMENT, "bandwidthPackageBandwidth"),
        (kinds.CEN_LINK, "bandwidthLimit"),
        (kinds.ROUTER_LINK, "bandwidth"),
        (kinds.LISTENER, "bandwidth"),
        (kinds.INSTANCE, "internetMaxBandwidthIn"),
    ],
)
def test_less_bandwidth_is_told_and_more_isnt(kind: str, key: str) -> None:
    for old, new, is_less in (
        (100, 20, True),
        ("100", "20", True),  # as text, 20 is more
        (20, 100, False),
        (-1, 1000, True),  # -1 is no limit of its own
        (1000, -1, False),
        (100, None, False),
        (None, 100, False),
        (100, "Cancel", True),
    ):
        told = ids(updated(kind, "it", {key: old}, {key: new}))
        assert told == (["less-bandwidth:it"] if is_less else []), (old, new)


def test_no_kind_and_no_input_is_without_a_place() -> None:
    assert set(STAKES) == {*TOKENS, *OLDER}
    for kind, contract in TOKENS.items():
        stake = STAKES[kind]
        inputs = {one.camel: one for one in contract.inputs.values()}
        in_place = {key for key, one in inputs.items() if not one.replaces}
        assert {key for key in in_place if not stake.knows(key)} == set(), kind
        named = {*stake.judged.split(), *stake.harmless.split()}
        named |= {key for keys in stake.changes.values() for key in keys.split()}
        assert named <= in_place, kind


def test_a_kind_or_an_input_that_the_guard_doesnt_know_is_told() -> None:
    strange = "alicloud:alb/loadBalancer:LoadBalancer"
    assert ids(created(strange, "it", {})) == ["not-understood:it"]
    assert ids(deleted(strange, "it", {})) == ["not-understood:it"]
    known = "alicloud:vpc/network:Network"
    assert ids(updated(known, "it", {"newSwitch": "a"}, {"newSwitch": "b"})) == [
        "not-understood:it"
    ]


def test_the_page_has_a_row_for_each_kind_with_all_that_replaces_it() -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "Kind"]
    assert table[1:] == [_row(kind) for kind in sorted(TOKENS)]


def _row(kind: str) -> list[str]:
    """A kind's row: what replaces it, what its loss is called, and which changes are told."""
    stake = STAKES[kind]
    replacing = sorted(one.camel for one in TOKENS[kind].inputs.values() if one.replaces)
    changed = [
        f"`{rule.id}`: {', '.join(f'`{key}`' for key in sorted(keys.split()))}"
        for rule, keys in stake.changes.items()
    ]
    return [
        f"`{kind.removeprefix('alicloud:')}`",
        ", ".join(f"`{key}`" for key in replacing) or _NOTHING,
        f"`delete-{stake.deleted}`" if stake.deleted else _NOTHING,
        f"`replace-{stake.lost}`" if stake.lost else _NOTHING,
        "; ".join(changed) or _NOTHING,
        ", ".join(f"`{key}`" for key in sorted(stake.judged.split())) or _NOTHING,
    ]
