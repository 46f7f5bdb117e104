"""Who may call: what an attacker would loosen, on a stack as the engine shows it."""

import json
from typing import Any

import pytest
import yaml

from facts import kinds
from judging.plugins import GRANTING, NEUTRAL, RESTRICTING
from judging.preview import SECRET
from tests.guard.previews import Part, Parts, api, between, ids, told, updated
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS

OLD_KEY = {"kty": "RSA", "e": "AQAB", "kid": "one", "n": "x" * 300 + "1"}
NEW_KEY = {"kty": "RSA", "e": "AQAB", "kid": "one", "n": "x" * 150 + "2" + "x" * 150}
JWT: dict[str, Any] = {"parameter": "X-Token", "parameterLocation": "header", "jwk": OLD_KEY}
OFFICE: dict[str, Any] = {"type": "ALLOW", "items": [{"blocks": ["203.0.113.0/24"]}]}


def plugin(kind: str, data: object) -> Part:
    text = data if isinstance(data, str) else json.dumps(data)
    return Part(kinds.PLUGIN, {"pluginType": kind, "pluginData": text})


def bound(key: str, stage: str = "RELEASE") -> Part:
    sources = {"apiId": "page", "pluginId": key}
    return Part(kinds.PLUGIN_ATTACHMENT, {"stageName": stage}, sources)


def allowed(app: str) -> Part:
    sources = {"apiId": "page", "appId": app}
    return Part(kinds.APP_ATTACHMENT, {"stageName": "RELEASE"}, sources)


def page(**more: Any) -> Part:
    return Part(kinds.API, api(**more))


ANONYMOUS: Parts = {"page": page(authType="ANONYMOUS")}
TOKENS: Parts = {**ANONYMOUS, "jwt": plugin("jwtAuth", JWT), "page-jwt": bound("jwt")}
APPS: Parts = {
    "page": page(),
    "shop": Part(kinds.API_APP, {"name": "shop"}),
    "other": Part(kinds.API_APP, {"name": "other"}),
    "page-shop": allowed("shop"),
}
LISTED: Parts = {
    "gw": Part(kinds.API_INSTANCE, {"instanceName": "gw"}),
    "acl": Part(kinds.ACCESS_LIST, {"accessControlListName": "office"}),
    "office": Part(kinds.ACCESS_LIST_RANGE, {"entry": "203.0.113.0/24"}, {"aclId": "acl"}),
    "binding": Part(
        kinds.ACCESS_LIST_BINDING, {"aclType": "white"}, {"aclId": "acl", "instanceId": "gw"}
    ),
}


def without(parts: Parts, *names: str) -> Parts:
    return {name: part for name, part in parts.items() if name not in names}


def found(before: Parts, after: Parts) -> list[str]:
    return ids(*between(before, after))


def said(before: Parts, after: Parts) -> str:
    return "; ".join(told(*between(before, after)))


def test_a_stack_that_stays_as_it_is_has_nothing_to_tell() -> None:
    for parts in (ANONYMOUS, TOKENS, APPS, LISTED):
        assert found(parts, parts) == []


def test_a_stack_that_is_made_tells_only_what_everybody_may_call() -> None:
    assert found({}, ANONYMOUS) == ["open-api:page"]
    for parts in (TOKENS, APPS, LISTED):
        assert found({}, parts) == []


def test_an_api_whose_tokens_nobody_checks_any_more_is_open() -> None:
    unbound = found(TOKENS, without(TOKENS, "page-jwt"))
    assert unbound == ["open-api:page", "loosen-api:page"]
    assert found(TOKENS, without(TOKENS, "page-jwt", "jwt")) == unbound
    skipping = {**TOKENS, "jwt": plugin("jwtAuth", {**JWT, "bypassEmptyToken": True})}
    assert found(TOKENS, skipping) == ["open-api:page", "loosen-api:jwt"]
    assert "bypassEmptyToken: nothing → true" in said(TOKENS, skipping)


def test_a_plugin_that_cant_be_read_counts_for_nothing_once_it_is_there() -> None:
    secret = {**TOKENS, "jwt": plugin("jwtAuth", SECRET)}
    assert found({}, secret) == ["open-api:page"]
    assert found(secret, without(secret, "page-jwt")) == ["open-api:page", "loosen-api:page"]


def test_an_api_that_begins_to_check_tokens_is_closed_to_others() -> None:
    assert found(ANONYMOUS, TOKENS) == ["close-api:page"]


def test_a_binding_that_comes_back_under_another_name_is_the_same() -> None:
    renamed = {**without(TOKENS, "page-jwt"), "page-tokens": bound("jwt")}
    assert found(TOKENS, renamed) == []


def test_a_plugin_in_another_stage_protects_that_one_alone() -> None:
    elsewhere = {**TOKENS, "page-jwt": bound("jwt", "TEST")}
    assert "open-api:page" in found(TOKENS, elsewhere)


def test_another_key_lets_others_in_and_is_told_even_where_it_looks_alike() -> None:
    other = {**TOKENS, "jwt": plugin("jwtAuth", {**JWT, "jwk": NEW_KEY})}
    assert found(TOKENS, other) == ["close-api:jwt", "loosen-api:jwt"]
    more = {**TOKENS, "jwt": plugin("jwtAuth", {**without_jwk(JWT), "jwks": [OLD_KEY, NEW_KEY]})}
    assert found(TOKENS, more) == ["loosen-api:jwt"]


def without_jwk(data: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in data.items() if key != "jwk"}


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("jwtAuth", JWT, {**JWT, "ignoreExpirationCheck": True}),
        ("jwtAuth", {**JWT, "preventJtiReplay": True}, JWT),
        ("jwtAuth", {**JWT, "claimParameters": [{"claimName": "id"}]}, JWT),
        ("jwtAuth", JWT, {**JWT, "newSwitch": 1}),
        ("jwtAuth", JWT, "not: json"),
        ("jwtAuth", JWT, SECRET),
        ("ipControl", OFFICE, {**OFFICE, "items": [{"blocks": ["203.0.112.0/23"]}]}),
        ("ipControl", OFFICE, {**OFFICE, "items": [{"blocks": ["0.0.0.0/1", "128.0.0.0/1"]}]}),
        ("ipControl", OFFICE, {**OFFICE, "type": "REFUSE"}),
        ("ipControl", OFFICE, {**OFFICE, "type": "SOMETIMES"}),
        ("ipControl", OFFICE, {**OFFICE, "resource": "XFF:0"}),
        ("ipControl", OFFICE, {**OFFICE, "items": [*OFFICE["items"], {"blocks": ["2000::/3"]}]}),
        ("ipControl", {**OFFICE, "type": "REFUSE"}, {"type": "REFUSE", "items": []}),
        ("accessControl", {"rules": [1]}, {"rules": [2]}),
        ("trafficControl", {"unit": "DAY", "apiDefault": 5}, {"unit": "SECOND", "apiDefault": 5}),
        ("trafficControl", {"apiDefault": 5}, {"apiDefault": 6}),
        ("trafficControl", {"apiDefault": 5, "appDefault": 1}, {"apiDefault": 5}),
        ("trafficControl", {"apiDefault": 5}, {"apiDefault": 5, "specials": [1]}),
        ("cors", {"allowOrigins": "a.com"}, {"allowOrigins": "*"}),
        ("cors", {"allowOrigins": "a.com"}, {"allowOrigins": "a.com,b.com"}),
        ("cors", {"allowCredentials": False}, {"allowCredentials": True}),
        ("caching", {"varyByApp": True}, {}),
        ("caching", {"varyByParameters": ["user"]}, {}),
        ("basicAuth", SECRET, SECRET),
        ("newAuth", {"a": 1}, {"a": 2}),
    ],
)
def test_what_a_plugin_lets_in_more_is_named(kind: str, old: object, new: object) -> None:
    before, after = plugin(kind, old), plugin(kind, new)
    change = updated(kinds.PLUGIN, "it", before.inputs, after.inputs)
    change["diffReasons"] = ["pluginData"]
    assert "loosen-api:it" in ids(change)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("jwtAuth", {**JWT, "ignoreExpirationCheck": True}, JWT),
        ("ipControl", OFFICE, {**OFFICE, "items": [{"blocks": ["203.0.113.7"]}]}),
        ("ipControl", {"type": "REFUSE", "items": []}, OFFICE),
        ("trafficControl", {"apiDefault": 6}, {"apiDefault": 5}),
        ("cors", {"allowOrigins": "*"}, {"allowOrigins": "a.com"}),
    ],
)
def test_what_a_plugin_lets_in_less_shuts_out(kind: str, old: object, new: object) -> None:
    before, after = plugin(kind, old), plugin(kind, new)
    assert ids(updated(kinds.PLUGIN, "it", before.inputs, after.inputs)) == ["close-api:it"]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("routing", {"routes": [1]}, {"routes": [2]}),
        ("errorMapping", {"a": 1}, {"a": 2}),
        ("circuitBreaker", {"a": 1}, {"a": 2}),
        ("jwtAuth", JWT, {**without_jwk(JWT), "jwks": [OLD_KEY]}),
        ("jwtAuth", JWT, {**JWT, "claimParameters": [{"claimName": "id"}]}),
        ("ipControl", OFFICE, {**OFFICE, "items": [{"blocks": ["203.0.113.0/25"]},
                                                   {"blocks": ["203.0.113.128/25"]}]}),
        ("remoteAuth", {"errorMessage": "no", "errorStatusCode": 401},
                       {"errorMessage": "not you", "errorStatusCode": 403}),
        ("cors", {"maxAge": 1}, {"maxAge": 2}),
        ("cors", {"allowOrigins": "a.com,b.com"}, {"allowOrigins": "b.com, a.com"}),
        ("caching", {"duration": 1}, {"duration": 2}),
    ],
)  # fmt: skip
def test_what_lets_in_as_many_as_before_isnt_told(kind: str, old: object, new: object) -> None:
    before, after = plugin(kind, old), plugin(kind, new)
    assert ids(updated(kinds.PLUGIN, "it", before.inputs, after.inputs)) == []


def test_a_secret_plugin_whose_name_changes_isnt_taken_for_another() -> None:
    old = {"pluginType": "basicAuth", "pluginData": SECRET, "description": "a"}
    change = updated(kinds.PLUGIN, "it", old, {**old, "description": "b"})
    change["diffReasons"] = ["description"]
    assert ids(change) == []


@pytest.mark.parametrize("kind", ["ipControl", "accessControl", "trafficControl", "basicAuth"])
def test_a_plugin_that_goes_from_an_api_loosens_it(kind: str) -> None:
    parts = {**APPS, "plug": plugin(kind, OFFICE), "page-plug": bound("plug")}
    assert found(parts, without(parts, "page-plug")) == ["loosen-api:page"]
    assert found(without(parts, "page-plug"), parts) == ["close-api:page"]


@pytest.mark.parametrize("kind", ["cors", "caching", "backendSignature", "newKind"])
def test_a_plugin_that_lets_more_in_loosens_an_api_that_gets_it(kind: str) -> None:
    parts = {**APPS, "plug": plugin(kind, {"a": 1}), "page-plug": bound("plug")}
    assert found(without(parts, "page-plug"), parts) == ["loosen-api:page"]


def test_another_plugin_of_the_same_kind_is_compared_by_what_it_says() -> None:
    wide = plugin("ipControl", {"type": "ALLOW", "items": [{"blocks": ["0.0.0.0/0"]}]})
    parts = {**APPS, "one": plugin("ipControl", OFFICE), "two": wide, "page-ip": bound("one")}
    assert found(parts, {**parts, "page-ip": bound("two")}) == ["loosen-api:page"]
    assert "lets 0.0.0.0/1" not in said(parts, {**parts, "page-ip": bound("two")})
    assert (
        found(parts, {**parts, "one": plugin("ipControl", OFFICE), "page-ip": bound("one")}) == []
    )


def test_a_binding_that_is_made_anew_leaves_the_api_without_it_for_a_moment() -> None:
    steps = between(TOKENS, TOKENS)
    for one in steps:
        one["op"] = "replace" if one["urn"].endswith("::page-jwt") else one["op"]
    assert ids(*steps) == ["loosen-api:page"]


def test_an_app_more_is_let_in_and_an_app_less_is_shut_out() -> None:
    more = {**APPS, "page-other": allowed("other")}
    assert found(APPS, more) == ["loosen-api:page"]
    assert "lets the app other call in RELEASE" in said(APPS, more)
    assert found(more, APPS) == ["close-api:page"]
    assert found(APPS, {**APPS, "page-shop": allowed("other")}) == [
        "close-api:page",
        "loosen-api:page",
    ]


def test_an_app_that_goes_takes_its_key_with_it() -> None:
    assert found(APPS, without(APPS, "shop", "page-shop")) == ["delete-app:shop", "close-api:page"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"authType": "APP"}, {"authType": "OPENID"}),
        ({"appCodeAuthType": "DISABLE"}, {"appCodeAuthType": "HEADER"}),
        ({"appCodeAuthType": "HEADER"}, {"appCodeAuthType": "HEADER_QUERY"}),
        ({"appCodeAuthType": "DISABLE"}, {}),
        ({"forceNonceCheck": True}, {"forceNonceCheck": False}),
        ({"systemParameters": [{"name": "ip", "systemParameterName": "CaClientIp"}]}, {}),
        (
            {"constantParameters": [{"name": "k", "value": "1"}]},
            {"constantParameters": [{"name": "k", "value": "2"}]},
        ),
        (
            {"requestConfig": {**api()["requestConfig"], "mode": "MAPPING"}},
            {"requestConfig": {**api()["requestConfig"], "mode": "PASSTHROUGH"}},
        ),
    ],
    ids=str,
)
def test_an_api_that_asks_less_is_looser(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert "loosen-api:it" in ids(updated(kinds.API, "it", api(**old), api(**new)))
    assert "loosen-api:it" not in ids(updated(kinds.API, "it", api(**old), api(**old)))


WIDENED: list[Parts] = [
    {**LISTED, "more": Part(kinds.ACCESS_LIST_RANGE, {"entry": "198.51.100.0/24"},
                            {"aclId": "acl"})},
    {**LISTED, "low": Part(kinds.ACCESS_LIST_RANGE, {"entry": "0.0.0.0/1"}, {"aclId": "acl"}),
     "high": Part(kinds.ACCESS_LIST_RANGE, {"entry": "128.0.0.0/1"}, {"aclId": "acl"})},
    {**LISTED, "office": LISTED["office"]._replace(inputs={"entry": "203.0.0.0/16"})},
    {**LISTED, "binding": LISTED["binding"]._replace(inputs={"aclType": "black"})},
    without(LISTED, "binding"),
    without(LISTED, "binding", "office", "acl"),
    without(LISTED, "office"),
]  # fmt: skip


@pytest.mark.parametrize("after", WIDENED)
def test_an_instance_whose_list_lets_more_in_is_named_and_so_is_the_way_back(after: Parts) -> None:
    named = found(LISTED, after)
    assert {one.partition(":")[0] for one in named} & {"open-api", "loosen-api"}
    assert "close-api" in {one.partition(":")[0] for one in found(after, LISTED)}


def test_two_halves_of_the_world_are_everybody() -> None:
    assert found(LISTED, WIDENED[1]) == ["open-api:binding"]


def test_a_list_that_says_the_same_otherwise_isnt_told() -> None:
    halves = {
        **without(LISTED, "office"),
        "a": Part(kinds.ACCESS_LIST_RANGE, {"entry": "203.0.113.0/25"}, {"aclId": "acl"}),
        "b": Part(kinds.ACCESS_LIST_RANGE, {"entry": "203.0.113.128/25"}, {"aclId": "acl"}),
    }
    assert found(LISTED, halves) == []


def test_a_list_of_another_version_of_addresses_shuts_the_first_one_neither_up_nor_open() -> None:
    wide = {
        **LISTED,
        "six": Part(kinds.ACCESS_LIST, {"accessControlListName": "six"}),
        "range": Part(kinds.ACCESS_LIST_RANGE, {"entry": "2001:db8::/32"}, {"aclId": "six"}),
        "also": LISTED["binding"]._replace(sources={"aclId": "six", "instanceId": "gw"}),
    }
    more = Part(kinds.ACCESS_LIST_RANGE, {"entry": "198.51.100.0/24"}, {"aclId": "acl"})
    assert found(wide, {**wide, "more": more}) == ["loosen-api:binding"]


def test_a_renamed_api_keeps_its_plugins() -> None:
    """Its bindings have nothing but its id."""
    steps = between(TOKENS, TOKENS)
    for one in steps:
        for side in (one["oldState"], one["newState"]):
            if one["urn"].endswith("::page-jwt"):
                side["inputs"]["apiId"] = "api-1"
                side["propertyDependencies"].pop("apiId")
            elif one["urn"].endswith("::page"):
                side["outputs"] = {"apiId": "api-1"}
    (page_step,) = [one for one in steps if one["urn"].endswith("::page")]
    page_step["oldState"]["urn"] = page_step["oldState"]["urn"].replace("::page", "::former")
    assert ids(*steps) == []


def test_a_list_that_is_exchanged_is_open_meanwhile() -> None:
    for name, rule in (("binding", "open-api:binding"), ("office", "loosen-api:office")):
        steps = between(LISTED, LISTED)
        for one in steps:
            one["op"] = "replace" if one["urn"].endswith(f"::{name}") else one["op"]
        assert ids(*steps) == [rule]


def test_of_every_kind_of_plugin_it_is_known_what_it_means_for_callers() -> None:
    for kind in set(PLUGIN_KINDS) - {"other"}:
        assert sum(kind in known for known in (RESTRICTING, GRANTING, NEUTRAL)) == 1, kind


def test_what_a_plugin_says_in_yaml_is_compared_as_what_it_says_in_json_is() -> None:
    def tokens(data: object) -> Parts:
        return {**TOKENS, "jwt": plugin("jwtAuth", yaml.safe_dump(data))}

    assert ids(*between(TOKENS, tokens(JWT))) == []
    looser = {**JWT, "jwk": NEW_KEY}
    found = ids(*between(tokens(JWT), tokens(looser)))
    assert found == ids(*between(TOKENS, {**TOKENS, "jwt": plugin("jwtAuth", looser)})) != []
