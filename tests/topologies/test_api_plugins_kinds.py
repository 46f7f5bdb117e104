"""What each kind of plugin may not say, one rule a test; routes have a file of their own."""

import json
from typing import Any

import pytest

from tests.topologies.api_plugins import MODULUS, below, found, only, only_warning, warned
from tests.topologies.api_stacks import SECURE

Settings = dict[str, Any]


def text(kind: str, settings: Settings) -> str:
    return json.dumps({kind: settings})


# Backend signatures.

SECRETS = {"key": {"secure": "v1:x"}, "secret": {"secure": "v1:y"}}


def test_a_servers_signature_has_no_method() -> None:
    settings = {"type": "APIGW_BACKEND", "signatureMethod": "HmacSHA256", **SECRETS}
    assert only(text("backendSignature", settings))[0] == "backendSignature.signatureMethod"


def test_a_signatures_type_is_known() -> None:
    where, _, _, remedy = only(text("backendSignature", {"type": "APIGW_FRONTED", **SECRETS}))
    assert (where, remedy) == ("backendSignature.type", "did you mean APIGW_FRONTEND?")


# Tokens.

KEY: Settings = {"kty": "RSA", "e": "AQAB", "kid": "one", "alg": "RS256", "n": MODULUS}
JWT: Settings = {"parameter": "X-Token", "parameterLocation": "header"}


def jwt(**more: object) -> str:
    return text("jwtAuth", {**JWT, **more})


def test_a_token_is_checked_with_a_key() -> None:
    where, _, rule, _ = only(jwt())
    assert (where, rule) == ("jwtAuth.jwk", "a token is checked with a public key")


def test_keys_are_one_or_several() -> None:
    assert only(jwt(jwk=KEY, jwks=[KEY]))[0] == "jwtAuth.jwk"


@pytest.mark.parametrize("part", ["kty", "e", "n"])
def test_a_key_is_complete(part: str) -> None:
    key = {name: value for name, value in KEY.items() if name != part}
    where, value, rule, _ = only(jwt(jwk=key))
    assert (where, value) == (f"jwtAuth.jwk.{part}", None)
    wanted = "a key of the kind RSA has e and n"
    assert rule == ("kty is required here" if part == "kty" else wanted)


CURVE: dict[str, Any] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "1",
    "alg": "ES256",
}


def test_a_key_may_be_of_a_curve_and_the_token_in_a_cookie() -> None:
    assert found(jwt(parameter="token", parameterLocation="cookie", jwk=CURVE)) == []


@pytest.mark.parametrize(
    ("part", "value", "rule"),
    [
        ("x", None, "a key of the kind EC has crv and x and y"),
        ("e", "AQAB", "e is no part of a key of the kind EC"),
        ("y", CURVE["y"][1:], "a coordinate of P-256 has 43 characters, not 42"),
        ("alg", "RS256", "RS256 is no algorithm of EC keys"),
        ("alg", "ES384", "ES384 signs with keys of P-384, and this one is of P-256"),
    ],
)
def test_a_key_of_a_curve_is_whole_and_signs_as_the_curve_does(
    part: str, value: str | None, rule: str
) -> None:
    key = {name: one for name, one in {**CURVE, part: value}.items() if one is not None}
    where, _, told, _ = only(jwt(jwk=key))
    assert (where, told) == (f"jwtAuth.jwk.{part}", rule)


def test_an_rsa_key_has_no_curve() -> None:
    where, _, rule, _ = only(jwt(jwk={**KEY, "alg": "ES256"}))
    assert (where, rule) == ("jwtAuth.jwk.alg", "ES256 is no algorithm of RSA keys")


@pytest.mark.parametrize(
    ("part", "value"), [("e", "AQ=="), ("n", MODULUS[:100] + " " + MODULUS[100:])]
)
def test_a_keys_numbers_are_base64url(part: str, value: str) -> None:
    where, shown, rule, _ = only(jwt(jwk={**KEY, part: value}))
    assert (where, shown) == (f"jwtAuth.jwk.{part}", value)
    assert rule.startswith(f"{part} is base64url")


def test_a_key_that_was_cut_is_too_short() -> None:
    where, _, rule, _ = only(jwt(jwk={**KEY, "n": MODULUS[:-1]}))
    assert where == "jwtAuth.jwk.n"
    assert rule.endswith("342 characters of n, not 341")


def test_of_several_keys_each_has_an_id_of_its_own() -> None:
    nameless = {name: value for name, value in KEY.items() if name != "kid"}
    assert found(jwt(jwks=[nameless])) == []
    assert only(jwt(jwks=[KEY, nameless]))[0] == "jwtAuth.jwks.1.kid"
    where, value, *_ = only(jwt(jwks=[KEY, {**KEY}]))
    assert (where, value) == ("jwtAuth.jwks.1.kid", "one")


@pytest.mark.parametrize("part", ["d", "p", "q", "dp", "dq", "qi", "k"])
def test_a_private_key_is_refused_and_not_shown(part: str) -> None:
    problems = found(jwt(jwk={**KEY, part: "sesame"}))
    assert [below(problem) for problem in problems] == [f"jwtAuth.jwk.{part}"]
    assert "sesame" not in repr(problems)


def test_two_claims_dont_go_to_one_place() -> None:
    claim = {"claimName": "a", "parameterName": "id", "location": "query"}
    claims = [claim, {**claim, "claimName": "b"}, {**claim, "location": "header"}]
    where, value, rule, _ = only(jwt(jwk=KEY, claimParameters=claims))
    assert (where, value) == ("jwtAuth.claimParameters.1.parameterName", "id")
    assert "the claim a is put there already" in rule


@pytest.mark.parametrize("door", ["bypassEmptyToken", "ignoreExpirationCheck"])
def test_a_door_beside_the_token_is_mentioned(door: str) -> None:
    assert only_warning(jwt(jwk=KEY, **{door: True}))[0] == f"jwtAuth.{door}"


# Limits.


def limits(**settings: object) -> str:
    return text("trafficControl", {"unit": "SECOND", "apiDefault": 100, **settings})


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"userDefault": 101}, "userDefault"),
        ({"appDefault": 101}, "appDefault"),
        ({"userDefault": 50, "appDefault": 51}, "appDefault"),
        ({"specialApps": {"1": 101}}, "specialApps.1"),
        ({"specialUsers": {"1": 101}}, "specialUsers.1"),
    ],
)
def test_a_limit_is_at_most_the_one_around_it(settings: Settings, where: str) -> None:
    place, _, rule, _ = only(limits(**settings))
    assert place == f"trafficControl.{where}"
    assert rule.startswith("a limit is at most the one around it")


def test_limits_may_be_equal_and_an_exception_above_its_kinds_limit() -> None:
    assert found(limits(userDefault=100, appDefault=100, specialApps={"1": 100})) == []
    assert found(limits(appDefault=10, specialApps={"1": 100})) == []


def test_an_exception_is_made_for_an_id() -> None:
    assert only(limits(specialApps={"myKey": 1}))[0] == "trafficControl.specialApps.myKey"


@pytest.mark.parametrize(
    "settings", [{"unit": "WEEK"}, {"apiDefault": 0}, {"apiDefault": "100"}, {"appDefault": -1}]
)
def test_limits_are_numbers_in_known_units(settings: Settings) -> None:
    assert only(limits(**settings))[0] == f"trafficControl.{next(iter(settings))}"


@pytest.mark.parametrize(
    ("key", "mode"), [("controlMode", "FIX_WINDOW"), ("blockingMode", "QUICK_RETURN")]
)
def test_how_calls_are_counted_is_a_matter_of_seconds(key: str, mode: str) -> None:
    assert found(limits(**{key: mode})) == []
    assert only(limits(unit="MINUTE", **{key: mode}))[0] == f"trafficControl.{key}"


def test_nothing_waits_where_whole_seconds_are_counted() -> None:
    settings = {"controlMode": "FIX_WINDOW", "blockingMode": "QUICK_RETURN"}
    assert only(limits(**settings))[0] == "trafficControl.blockingMode"


PER_CLIENT: dict[str, Any] = {
    "scope": "PLUGIN",
    "blockingMode": "QUICK_RETURN",
    "defaultLimit": 5000,
    "defaultPeriod": "DAY",
    "defaultRetryAfterBySecond": 3600,
    "parameters": {"ClientIP": "System:CaClientIp"},
    "rules": [
        {
            "name": "PerClientIP",
            "byParameters": "ClientIP",
            "bypassEmptyValue": False,
            "limit": 100,
            "period": "DAY",
            "retryAfterBySecond": 3600,
        }
    ],
}


def test_limits_may_be_for_each_value_of_a_parameter() -> None:
    assert found(text("trafficControl", PER_CLIENT)) == []


@pytest.mark.parametrize(
    ("changes", "place", "rule"),
    [
        ({"defaultPeriod": None}, "defaultPeriod", "a limit is for a time"),
        ({"unit": "DAY"}, "unit", "unit isn't said with defaultLimit"),
        ({"specialUsers": {"1": 2}}, "specialUsers", "specialUsers isn't said with defaultLimit"),
        ({"parameters": {"Other": "Header:X-Other"}}, "rules.0.byParameters", "a rule is for one"),
        (
            {"parameters": {"ClientIP": "Nowhere:a"}},
            "parameters.ClientIP",
            "Nowhere is no location",
        ),
    ],
)
def test_limits_by_parameters_are_one_format(
    changes: dict[str, Any], place: str, rule: str
) -> None:
    changed = {key: one for key, one in {**PER_CLIENT, **changes}.items() if one is not None}
    where, _, told, _ = only(text("trafficControl", changed))
    assert where == f"trafficControl.{place}"
    assert told.startswith(rule)


def test_a_limit_has_a_time() -> None:
    assert only(text("trafficControl", {"apiDefault": 1}))[0] == "trafficControl.unit"
    assert only(text("trafficControl", {"unit": "DAY"}))[0] == "trafficControl.apiDefault"
    beside = {"unit": "DAY", "apiDefault": 1, "rules": PER_CLIENT["rules"]}
    assert only(text("trafficControl", beside))[0] == "trafficControl.rules"


# Addresses.


def addresses(*blocks: str, type_: str = "ALLOW", **more: object) -> str:
    items = {"office": {"blocks": list(blocks), **more}}
    return text("ipControl", {"type": type_, "items": items})


@pytest.mark.parametrize(
    "block", ["1.2.3", "1.2.3.4/33", "1.2.3.4/24", "2001:db8::1/32", "2001:db8::/129", "a:b", ""]
)
def test_a_block_is_an_address_or_a_range(block: str) -> None:
    where, value, *_ = only(addresses("203.0.113.0/24", block))
    assert (where, value) == ("ipControl.items.office.blocks.1", block)


def test_a_block_may_be_of_either_version() -> None:
    blocks = ("2408:4000::/32", "203.0.113.0/24", "::1", "203.0.113.7")
    assert found(addresses(*blocks)) == []
    assert only(addresses("2001:db8::/32", "2001:0db8::/32"))[2].startswith("an address is listed")
    assert only_warning(addresses("::/0"))[2] == "with ::/0, everybody gets in"


def test_a_range_is_written_with_its_first_address() -> None:
    assert only(addresses("1.2.3.4/24"))[3] == "write 1.2.3.0/24"


def test_an_address_is_listed_once() -> None:
    where, value, rule, _ = only(addresses("203.0.113.7", "203.0.113.7/32"))
    assert (where, value) == ("ipControl.items.office.blocks.1", "203.0.113.7/32")
    assert "office has 203.0.113.7/32 already" in rule


def test_a_refusal_is_for_every_app() -> None:
    assert found(addresses("203.0.113.7", appId=1)) == []
    where, value, *_ = only(addresses("203.0.113.7", type_="REFUSE", appId=1))
    assert (where, value) == ("ipControl.items.office.appId", 1)


@pytest.mark.parametrize("resource", ["XFF", "XFF:", "XFF:-0", "XFF:x", "xff:1"])
def test_an_address_is_taken_from_a_forwarded_one_by_its_index(resource: str) -> None:
    items = {"office": {"blocks": ["203.0.113.7"]}}
    settings = {"type": "ALLOW", "resource": resource, "items": items}
    assert only(text("ipControl", settings))[0] == "ipControl.resource"
    for good in ("XFF:0", "XFF:-1", "XFF:2"):
        assert found(text("ipControl", {**settings, "resource": good})) == []


def test_a_list_that_is_everybody_is_mentioned() -> None:
    assert "everybody gets in" in only_warning(addresses("0.0.0.0/0"))[2]
    assert "nobody gets in" in only_warning(addresses("0.0.0.0/0", type_="REFUSE"))[2]


# Other origins.


def cors(**settings: object) -> str:
    return text("cors", {"allowMethods": ["GET"], **settings})


@pytest.mark.parametrize(
    ("origin", "remedy"),
    [
        ("https://api.foo.com", "write api.foo.com"),
        ("http://api.foo.com/", "write api.foo.com"),
        ("api.foo.com,b.com", "write api.example.com"),
        ("*foo.com", "write api.example.com"),
        ("", "write api.example.com"),
    ],
)
def test_an_origin_is_a_host(origin: str, remedy: str) -> None:
    where, value, _, said = only(cors(allowOrigins=[origin]))
    assert (where, value, said) == ("cors.allowOrigins.0", origin, remedy)


def test_origins_are_listed_once_and_not_beside_all() -> None:
    assert only(cors(allowOrigins=["a.com", "a.com"]))[0] == "cors.allowOrigins.1"
    assert only(cors(allowOrigins=["a.com", "*"]))[0] == "cors.allowOrigins"
    assert found(cors(allowOrigins=["*"])) == []


@pytest.mark.parametrize("origins", [[], ["*"]])
def test_cookies_arent_for_every_origin(origins: list[str]) -> None:
    assert only(cors(allowOrigins=origins, allowCredentials=True))[0] == "cors.allowCredentials"
    assert found(cors(allowOrigins=["a.com"], allowCredentials=True)) == []


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"allowMethods": []}, "allowMethods"),
        ({"allowMethods": ["ANY"]}, "allowMethods.0"),
        ({"allowMethods": ["GET", "GET"]}, "allowMethods.1"),
        ({"allowHeaders": ["X A"]}, "allowHeaders.0"),
        ({"exposeHeaders": ["X-A", "x-a"]}, "exposeHeaders.1"),
        ({"maxAge": -1}, "maxAge"),
        ({"maxAge": 172_801}, "maxAge"),
    ],
)
def test_methods_headers_and_ages_are_good(settings: Settings, where: str) -> None:
    assert only(cors(**settings))[0] == f"cors.{where}"


# Kept answers.


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"duration": 0}, "duration"),
        ({"duration": 172_801}, "duration"),
        ({"varyByParameters": ["a", "a"]}, "varyByParameters.1"),
        ({"varyByHeaders": ["A b"]}, "varyByHeaders.0"),
        ({"cacheableHeaders": ["A:"]}, "cacheableHeaders.0"),
        ({"clientCacheControl": {"mode": "app"}}, "clientCacheControl.apps"),
        ({"clientCacheControl": {"mode": "all", "apps": [1]}}, "clientCacheControl.apps"),
        ({"clientCacheControl": {"mode": "apps"}}, "clientCacheControl.mode"),
        ({"clientCacheControl": {"mode": "app", "apps": [1, 1]}}, "clientCacheControl.apps.1"),
    ],
)
def test_answers_are_kept_for_a_time_and_a_reason(settings: Settings, where: str) -> None:
    assert only(text("caching", {"duration": 60, **settings}))[0] == f"caching.{where}"


# Errors.

MAPPING: Settings = {
    "parameters": {"statusCode": "StatusCode", "code": "BodyJsonField:$.code"},
    "errorCondition": "$statusCode = 200 and $code <> 'OK'",
    "errorCode": "code",
    "mappings": [{"code": "GONE", "statusCode": 404}],
}


def mapping(**more: object) -> str:
    return text("errorMapping", {**MAPPING, **more})


def mapped(**more: object) -> str:
    return mapping(mappings=[{"code": "GONE", "statusCode": 404, **more}])


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        ("Query:code", "use a place that is defined: BodyJsonField, ErrorCode, Header"),
        ("BodyJsonFild:$.code", "did you mean BodyJsonField?"),
        ("StatusCode:x", "write StatusCode"),
        ("Header", "write Header:code"),
        ("BodyJsonField", "write BodyJsonField:$.code"),
    ],
)
def test_an_answer_has_other_places_than_a_request(source: str, remedy: str) -> None:
    parameters = {"statusCode": "StatusCode", "code": source}
    where, value, _, said = only(mapping(parameters=parameters))
    assert (where, value) == ("errorMapping.parameters.code", source)
    assert said.startswith(remedy)


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"errorCondition": "$status = 200"}, "errorCondition"),
        ({"errorCode": "codes"}, "errorCode"),
        ({"mappings": []}, "mappings"),
        ({"mappings": [{"statusCode": 404}]}, "mappings.0"),
        (
            {"mappings": [{"code": "A", "condition": "$code = 'A'", "statusCode": 404}]},
            "mappings.0",
        ),
        ({"mappings": [{"condition": "$cod = 'A'", "statusCode": 404}]}, "mappings.0.condition"),
        ({"mappings": [{"code": "A", "statusCode": 404}] * 2}, "mappings.1.code"),
        ({"mappings": [{"code": "A", "statusCode": 200}]}, "mappings.0.statusCode"),
        ({"mappings": [{"code": "A", "statusCode": 600}]}, "mappings.0.statusCode"),
        ({"defaultMapping": {"statusCode": 204}}, "defaultMapping.statusCode"),
        (
            {"defaultMapping": {"statusCode": 500, "errorMessage": "${cod}"}},
            "defaultMapping.errorMessage",
        ),
    ],
)
def test_a_mapping_is_for_an_error_and_gives_one(settings: Settings, where: str) -> None:
    assert only(mapping(**settings))[0] == f"errorMapping.{where}"


def test_a_code_is_compared_with_a_parameter() -> None:
    settings = {key: value for key, value in MAPPING.items() if key != "errorCode"}
    where, _, _, remedy = only(text("errorMapping", settings))
    assert where == "errorMapping.mappings.0.code"
    assert remedy.startswith("add errorCode: ")


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"errorMessage": "${cod}"}, "errorMessage"),
        ({"responseBody": "x ${cod} y"}, "responseBody"),
        ({"responseHeaders": {"X-A": "${cod}"}}, "responseHeaders.X-A"),
        ({"responseHeaders": {"X A": "1"}}, "responseHeaders.X A"),
    ],
)
def test_what_is_answered_speaks_of_parameters_that_there_are(more: Settings, where: str) -> None:
    assert only(mapped(**more))[0] == f"errorMapping.mappings.0.{where}"
    assert found(mapped(errorMessage="${code} and ${statusCode}")) == []


# Circuit breakers.


def breaker(**settings: object) -> str:
    times = {"windowInSeconds": 30, "openTimeoutSeconds": 15}
    return text("circuitBreaker", {**times, **settings})


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({}, ""),
        ({"timeoutThreshold": 1, "errorThreshold": 1, "errorCondition": "$StatusCode = 503"}, ""),
        ({"errorThreshold": 1}, ".errorCondition"),
        ({"errorCondition": "$StatusCode = 503"}, ".errorThreshold"),
        ({"errorCondition": "$Status = 503", "errorThreshold": 1}, ".errorCondition"),
        ({"timeoutThreshold": 0}, ".timeoutThreshold"),
        ({"timeoutThreshold": 5001}, ".timeoutThreshold"),
        ({"timeoutThreshold": 1, "windowInSeconds": 9}, ".windowInSeconds"),
        ({"timeoutThreshold": 1, "windowInSeconds": 91}, ".windowInSeconds"),
        ({"timeoutThreshold": 1, "openTimeoutSeconds": 14}, ".openTimeoutSeconds"),
        ({"timeoutThreshold": 1, "openTimeoutSeconds": 301}, ".openTimeoutSeconds"),
        ({"timeoutThreshold": 1, "downgradeBackend": {}}, ".downgradeBackend"),
    ],
)
def test_a_breaker_trips_on_one_thing_within_its_bounds(settings: Settings, where: str) -> None:
    problems = found(breaker(**settings))
    assert f"circuitBreaker{where}" in [below(problem) for problem in problems]


# Access by parameters.

RULE: Settings = {"name": "a", "condition": "$kind = 'admin'", "ifFalse": "DENY"}


def access(*rules: Settings) -> str:
    settings = {"parameters": {"kind": "Header:X-Kind"}, "rules": list(rules)}
    return text("accessControl", settings)


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        ([], "rules"),
        ([{**RULE, "ifFalse": None}], "rules.0.ifTrue"),
        ([{**RULE, "ifFalse": "REFUSE"}], "rules.0.ifFalse"),
        ([RULE, RULE], "rules.1.name"),
        ([{**RULE, "ifTrue": "ALLOW"}, {**RULE, "name": "b"}], "rules.1"),
        ([{**RULE, "condition": "$kin = 'x'"}], "rules.0.condition"),
        ([{**RULE, "errorMessage": "${kin}"}], "rules.0.errorMessage"),
        ([{**RULE, "responseHeaders": {"X A": "1"}}], "rules.0.responseHeaders.X A"),
        ([{**RULE, "statusCode": 99}], "rules.0.statusCode"),
        (
            [RULE, {"name": "b", "condition": "1 = 1", "ifTrue": "ALLOW", "statusCode": 403}],
            "rules.1.statusCode",
        ),
    ],
)
def test_a_rule_asks_and_decides(rules: list[Settings], where: str) -> None:
    assert only(access(*rules))[0] == f"accessControl.{where}"


def test_rules_that_refuse_nothing_are_mentioned() -> None:
    rule = {"name": "a", "condition": "$kind = 'admin'", "ifTrue": "ALLOW"}
    assert only_warning(access(rule))[0] == "accessControl.rules"
    assert warned(access(RULE)) == []


# Other kinds.


@pytest.mark.parametrize("data", ["", "- a", "request", "{", "{a: 1, a: 2}", "[" * 2000])
def test_the_data_of_another_kind_is_a_map(data: str) -> None:
    where, _, rule, _ = only(text("other", {"type": "transformer", "data": data}))
    assert where == "other.data"
    assert rule.startswith("data is a map in YAML or JSON")


def test_the_data_of_another_kind_isnt_looked_at_but_for_its_size() -> None:
    assert found(text("other", {"type": "logMask", "data": "{whatever: [1, {a: null}]}"})) == []
    (problem,) = found(text("other", {"type": "logMask", "data": f"a: {'b' * 60_000}"}))
    assert "at most 51200 bytes" in problem.rule


@pytest.mark.parametrize("kind", ["basicAuth", "cors", "remoteAuth"])
def test_any_kind_may_be_written_as_it_is(kind: str) -> None:
    assert found(text("other", {"type": kind, "data": "{a: b}"})) == []


def test_what_is_written_as_it_is_is_of_a_kind_that_the_cloud_has() -> None:
    where, _, rule, _ = only(text("other", {"type": "wafPlugin", "data": "{a: b}"}))
    assert where == "other.type"
    assert "logMask" in rule


@pytest.mark.parametrize(
    ("kind", "data", "place"),
    [
        ("basicAuth", "users: [{username: a, password: hush}]", "users[0].password"),
        ("backendSignature", "{type: APIGW_BACKEND, key: hush}", "key"),
        ("backendSignature", "{type: APIGW_BACKEND, secret: hush}", "secret"),
        ("jwtAuth", "jwk: {kty: RSA, e: AQAB, d: hush}", "jwk.d"),
        ("jwtAuth", "jwks: [{kty: oct, k: hush}]", "jwks[0].k"),
    ],
)
def test_a_credential_in_data_is_written_by_reference(kind: str, data: str, place: str) -> None:
    where, value, rule, remedy = only(text("other", {"type": kind, "data": data}))
    assert (where, value) == ("other.data", "[secret]")
    assert rule == f"{place} is never written in plain text: who reads the file has it"
    assert remedy == 'write "#secret#" there, and the text as a secret into secrets.secret'


def test_a_secret_is_a_whole_value_of_the_data_that_names_it() -> None:
    settings = {"type": "transformer", "secrets": {"token": SECURE}}
    data = 'putRequestParameter: [{name: X-Key, location: header, value: "%s"}]'
    assert found(text("other", {**settings, "data": data % "#token#"})) == []
    where, _, rule, _ = only(text("other", {**settings, "data": data % "Bearer #token#"}))
    assert where == "other.data"
    assert rule == "a secret is a whole value, and putRequestParameter[0].value has more beside it"
    where, value, rule, _ = only(text("other", {**settings, "data": data % "public"}))
    assert (where, value) == ("other.secrets.token", "[secret]")
    assert rule == "data has no #token#"


# Names and passwords.


def test_a_user_is_there_once_and_has_a_name_without_a_colon() -> None:
    users = [{"username": name, "password": SECURE} for name in ("alice", "alice")]
    where, value, rule, _ = only(text("basicAuth", {"users": users}))
    assert (where, value) == ("basicAuth.users.1.username", "alice")
    assert rule == "a user is listed once"
    users = [{"username": "a:b", "password": SECURE}]
    where, *_, remedy = only(text("basicAuth", {"users": users}))
    assert (where, remedy) == ("basicAuth.users.0.username", "write a_b")


# A service that is asked.

AUTH_URI: Settings = {
    "address": "https://auth.example.com:8443",
    "path": "/auth",
    "timeout": 7000,
    "method": "POST",
}
TOLD: Settings = {
    "targetParameterName": "token",
    "sourceParameterName": "Authorization",
    "targetLocation": "query",
    "sourceLocation": "header",
}
REMOTE: Settings = {
    "parameters": {"statusCode": "StatusCode"},
    "authUri": AUTH_URI,
    "authParameters": [TOLD],
    "successCondition": "${statusCode} = 200",
}


def remote(**more: object) -> str:
    return text("remoteAuth", {**REMOTE, **more})


def test_a_service_may_be_asked_that_is_told_what_callers_say() -> None:
    more = {"trimAuthorizationHeaderPrefix": True, "cachedTimeBySecond": 600}
    assert found(remote(**more)) == warned(remote(**more)) == []


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"parameters": {"statusCode": "Query:status"}}, "parameters.statusCode"),
        ({"authUri": {**AUTH_URI, "address": "auth.example.com"}}, "authUri.address"),
        ({"authUri": {**AUTH_URI, "address": "https://a.example.com/auth"}}, "authUri.address"),
        ({"authUri": {**AUTH_URI, "path": "auth"}}, "authUri.path"),
        ({"authUri": {**AUTH_URI, "timeout": 10_001}}, "authUri.timeout"),
        ({"authUri": {**AUTH_URI, "timeout": 0}}, "authUri.timeout"),
        ({"authUri": {**AUTH_URI, "method": "ANY"}}, "authUri.method"),
        ({"cachedTimeBySecond": 0}, "cachedTimeBySecond"),
        ({"cachedTimeBySecond": 601}, "cachedTimeBySecond"),
        ({"successCondition": "${status} = 200"}, "successCondition"),
        ({"successCondition": "${statusCode = 200"}, "successCondition"),
        ({"errorStatusCode": 204}, "errorStatusCode"),
        ({"errorPassThroughHeaderList": ["X-A", "x-a"]}, "errorPassThroughHeaderList.1"),
        ({"errorPassThroughHeaderList": ["X-A,X-B"]}, "errorPassThroughHeaderList.0"),
        ({"authParameters": [TOLD, TOLD]}, "authParameters.1.targetParameterName"),
        (
            {"authParameters": [{**TOLD, "sourceParameterName": "X A"}]},
            "authParameters.0.sourceParameterName",
        ),
        (
            {"authParameters": [{**TOLD, "sourceLocation": "cookie"}]},
            "authParameters.0.sourceLocation",
        ),
    ],
)
def test_a_service_is_asked_as_the_gateway_can(settings: Settings, where: str) -> None:
    assert only(remote(**settings))[0] == f"remoteAuth.{where}"


def test_a_header_that_a_service_gets_has_one_value_whatever_its_letters() -> None:
    told = [{**TOLD, "targetLocation": "header", "targetParameterName": name} for name in "Aa"]
    where, value, rule, _ = only(remote(authParameters=told))
    assert (where, value) == ("remoteAuth.authParameters.1.targetParameterName", "a")
    assert rule == "a parameter has one value; Authorization is put there already"
    told = [{**TOLD, "targetParameterName": name} for name in "Aa"]
    assert found(remote(authParameters=told)) == []


def test_an_answer_isnt_kept_for_every_caller() -> None:
    settings: Settings = {"authParameters": [], "passThroughBody": True, "cachedTimeBySecond": 10}
    where, value, rule, _ = only(remote(**settings))
    assert (where, value) == ("remoteAuth.cachedTimeBySecond", 10)
    assert rule.endswith("without any, what one caller is answered holds for all of them")


def test_a_service_in_a_vpc_is_written_as_it_is() -> None:
    where, value, _, remedy = only(remote(authUriType="HTTP-VPC"))
    assert (where, value) == ("remoteAuth.authUriType", "HTTP-VPC")
    assert remedy.endswith("in other: {type: remoteAuth, data: …}")
    where, *_, remedy = only(remote(authUri={**AUTH_URI, "vpcAccessName": "auth"}))
    assert where == "remoteAuth.authUri.vpcAccessName"
    assert "in other: {type: remoteAuth, data: …}" in remedy


@pytest.mark.parametrize(
    ("settings", "where", "rule"),
    [
        (
            {"authUri": {**AUTH_URI, "address": "http://auth.example.com:8080"}},
            "authUri.address",
            "over http, what callers prove themselves with can be read on its way",
        ),
        ({"authParameters": []}, "authParameters", "the service learns nothing of who calls"),
        (
            {"passThroughBody": True, "cachedTimeBySecond": 10},
            "passThroughBody",
            "an answer that is kept lets a request through whatever its body",
        ),
        (
            {"passThroughPath": True, "cachedTimeBySecond": 10},
            "passThroughPath",
            "an answer that is kept lets a request through whatever its path",
        ),
        (
            {"authUri": {**AUTH_URI, "method": "GET"}, "passThroughBody": True},
            "authUri.method",
            "a request with GET has no body for what the service is told",
        ),
        (
            {
                "authUri": {**AUTH_URI, "method": "GET"},
                "authParameters": [{**TOLD, "targetLocation": "form"}],
            },
            "authUri.method",
            "a request with GET has no body for what the service is told",
        ),
        (
            {
                "trimAuthorizationHeaderPrefix": True,
                "authParameters": [{**TOLD, "sourceLocation": "query"}],
            },
            "trimAuthorizationHeaderPrefix",
            "the header Authorization isn't among authParameters, so that nothing is trimmed",
        ),
        (
            {"successCondition": "1 = 1"},
            "successCondition",
            "1 = 1 is always true, whatever the request (at character 3)",
        ),
    ],
)
def test_a_service_that_is_asked_less_than_it_seems_is_mentioned(
    settings: Settings, where: str, rule: str
) -> None:
    place, _, told, _ = only_warning(remote(**settings))
    assert (place, told) == (f"remoteAuth.{where}", rule)


# Masks in the log.


def mask(**rule: object) -> str:
    return text("logMask", {"rules": [{"name": "a", "policy": "ALL", **rule}]})


def test_a_mask_says_what_it_hides_and_how_much_of_it() -> None:
    assert found(mask(location="REQUEST_QUERY", parameters=["userid"])) == []
    assert found(mask(location="RESPONSE_BODY", matchMode="EMAIL", policy="KEEP_RIGHT:7")) == []


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"location": "REQUEST_HEADER"}, "parameters"),
        ({"location": "REQUEST_BODY"}, "matchMode"),
        ({"location": "REQUEST_BODY", "matchMode": "EMAIL", "parameters": ["a"]}, "parameters"),
        ({"location": "REQUEST_QUERY", "matchMode": "EMAIL", "parameters": ["a"]}, "matchMode"),
        ({"location": "REQUEST_QUERY", "policy": "KEEP:4", "parameters": ["a"]}, "policy"),
    ],
)
def test_a_mask_is_one_that_the_gateway_knows(rule: dict[str, Any], place: str) -> None:
    assert only(mask(**rule))[0] == f"logMask.rules.0.{place}"


# Requests and answers that are changed.


def test_a_transformer_changes_something() -> None:
    where, _, rule, _ = only(text("transformer", {}))
    assert (where, rule) == ("transformer", "a transformer changes something")
