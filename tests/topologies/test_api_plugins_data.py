"""What the gateway gets for each kind of plugin: its documented example, from a stack file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.secrets import HIDDEN
from tests.topologies.api_plugins import MODULUS, data_of, plugin_of, plugins_of
from tests.topologies.api_stacks import SECURE
from topologies.api_gateway.plugins.base import Data, DataValue, Ref, SecretRef, secrets_in, text_of
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS, PluginSettings

SELF_CALL = """
routing:
  parameters: {target: "Query:target"}
  routes:
    - name: backend1
      condition: "$target = 'resource1'"
      backend:
        http: {address: "http://17ff-cn-huhehaote-intranet.alicloudapi.com", path: /business1}
    - name: backend2
      condition: "$target = 'resource2'"
      backend:
        http: {address: "http://c6e9-cn-huhehaote-intranet.alicloudapi.com", path: /business2}
"""
SIGN = """
backendSignature:
  type: APIGW_FRONTEND
  key: {secure: "v1:a:TESTKEY"}
  secret: {secure: "v1:b:TESTSECRET"}
  signatureMethod: HmacSHA256
"""


def test_a_distributing_api_routes_to_the_gateway_itself() -> None:
    assert data_of(SELF_CALL) == {
        "parameters": {"target": "Query:target"},
        "routes": [
            {
                "name": f"backend{number}",
                "condition": f"$target = 'resource{number}'",
                "backend": {
                    "type": "HTTP",
                    "address": f"http://{start}-cn-huhehaote-intranet.alicloudapi.com",
                    "path": f"/business{number}",
                },
            }
            for number, start in ((1, "17ff"), (2, "c6e9"))
        ],
    }


def test_a_grey_release_picks_apps() -> None:
    data = data_of("""
routing:
  routes:
    - name: appGrey
      condition: "$CaAppId = 4534463 or $CaAppId = 86734572"
      backend:
        http:
          {address: "http://example-test.alicloudapi.com:8080", path: /web/xxx, method: GET,
           timeout: 7000}
""")
    assert data == {
        "routes": [
            {
                "name": "appGrey",
                "condition": "$CaAppId = 4534463 or $CaAppId = 86734572",
                "backend": {
                    "type": "HTTP",
                    "address": "http://example-test.alicloudapi.com:8080",
                    "path": "/web/xxx",
                    "method": "GET",
                    "timeout": 7000,
                },
            }
        ]
    }


def test_routes_lead_into_a_vpc_to_a_fixed_answer_and_with_constants() -> None:
    data = data_of("""
routing:
  routes:
    - {name: Vip, condition: "$CaAppId = 123456", backend: {vpc: {access: ingress}}}
    - name: MockForOldClient
      condition: "$clientVersion < '2.0.5'"
      backend: {mock: {status: 400, body: This version is not supported!!!}}
    - name: Rest
      condition: 1 = 1
      backend: {http: {address: "https://beta-version.api.foo.com"}}
      constantParameters: {x-route-blue-green: {in: header, value: route-blue-green}}
""")
    vip, old, rest = data["routes"]
    assert vip["backend"] == {"type": "HTTP-VPC", "vpcAccessName": "dev-ingress"}
    assert old["backend"] == {
        "type": "MOCK",
        "statusCode": 400,
        "body": "This version is not supported!!!",
    }
    assert rest == {
        "name": "Rest",
        "condition": "1 = 1",
        "backend": {"type": "HTTP", "address": "https://beta-version.api.foo.com"},
        "constant-parameters": [
            {"name": "x-route-blue-green", "location": "header", "value": "route-blue-green"}
        ],
    }


def test_a_signature_keeps_its_secrets_out_of_what_can_be_shown() -> None:
    data = plugin_of(SIGN).written()
    assert data == {
        "type": "APIGW_FRONTEND",
        "key": SecretRef(("key",)),
        "secret": SecretRef(("secret",)),
        "signatureMethod": "HmacSHA256",
    }
    assert json.loads(text_of(data)) == {
        "type": "APIGW_FRONTEND",
        "key": HIDDEN,
        "secret": HIDDEN,
        "signatureMethod": "HmacSHA256",
    }


def test_a_signature_for_a_server_has_no_method() -> None:
    data = data_of(
        "backendSignature: {type: APIGW_BACKEND, key: {secure: v1:x}, secret: {secure: v1:y}}"
    )
    assert list(data) == ["type", "key", "secret"]


def test_tokens_are_checked_with_a_public_key() -> None:
    key = f"{{kty: RSA, e: AQAB, kid: showJwt, alg: RS256, n: {MODULUS}}}"
    claim = "{claimName: userId, parameterName: userId, location: query}"
    head = "parameter: X-Token, parameterLocation: header"
    public = {"kty": "RSA", "e": "AQAB", "kid": "showJwt", "alg": "RS256", "n": MODULUS}
    assert data_of(f"jwtAuth: {{{head}, claimParameters: [{claim}], jwk: {key}}}") == {
        "parameter": "X-Token",
        "parameterLocation": "header",
        "claimParameters": [
            {"claimName": "userId", "parameterName": "userId", "location": "query"}
        ],
        "jwk": public,
    }
    several = data_of(f"jwtAuth: {{{head}, preventJtiReplay: true, jwks: [{key}]}}")
    assert several["jwks"] == [public]
    assert several["preventJtiReplay"] is True


def test_limits_are_for_the_api_its_callers_and_exceptions() -> None:
    data = data_of("""
trafficControl:
  unit: SECOND
  apiDefault: 1000
  userDefault: 30
  appDefault: 30
  specialApps: {"10123123": 10, "10123124": 10}
  specialUsers: {"123455": 100}
""")
    assert data == {
        "unit": "SECOND",
        "apiDefault": 1000,
        "userDefault": 30,
        "appDefault": 30,
        "specials": [
            {
                "type": "APP",
                "policies": [{"key": 10123123, "value": 10}, {"key": 10123124, "value": 10}],
            },
            {"type": "USER", "policies": [{"key": 123455, "value": 100}]},
        ],
    }
    assert data_of("trafficControl: {unit: MINUTE, apiDefault: 20}") == {
        "unit": "MINUTE",
        "apiDefault": 20,
    }


def test_addresses_are_let_in() -> None:
    data = data_of("""
ipControl:
  type: ALLOW
  resource: "XFF:-1"
  items:
    office: {blocks: [61.3.9.0/24], appId: 219810}
    home: {blocks: [79.11.12.2]}
""")
    assert data == {
        "type": "ALLOW",
        "resource": "XFF:-1",
        "items": [{"blocks": ["61.3.9.0/24"], "appId": 219810}, {"blocks": ["79.11.12.2"]}],
    }


def test_pages_of_other_origins_call() -> None:
    data = data_of("""
cors:
  allowOrigins: [api.foo.com, api2.foo.com, "*.foo.com"]
  allowMethods: [GET, POST, PUT]
  allowHeaders: [X-Ca-RequestId]
  exposeHeaders: [X-RC1, X-RC2]
  allowCredentials: true
  maxAge: 172800
""")
    assert data == {
        "allowOrigins": "api.foo.com,api2.foo.com,*.foo.com",
        "allowMethods": "GET,POST,PUT",
        "allowHeaders": "X-Ca-RequestId",
        "exposeHeaders": "X-RC1,X-RC2",
        "allowCredentials": True,
        "maxAge": 172800,
    }


def test_answers_are_kept() -> None:
    data = data_of("""
caching:
  varyByApp: false
  varyByParameters: [userId]
  varyByHeaders: [Accept]
  clientCacheControl: {mode: app, apps: [1992323, 1239922]}
  cacheableHeaders: [X-Customer-Token]
  duration: 3600
""")
    assert list(data.items()) == [
        ("varyByApp", False),
        ("varyByParameters", ["userId"]),
        ("varyByHeaders", ["Accept"]),
        ("clientCacheControl", {"mode": "app", "apps": [1992323, 1239922]}),
        ("cacheableHeaders", ["X-Customer-Token"]),
        ("duration", 3600),
    ]
    short = data_of('caching: {clientCacheControl: {mode: "off"}, duration: 5}')
    assert short == {"varyByApp": False, "clientCacheControl": {"mode": "off"}, "duration": 5}


def test_errors_are_mapped() -> None:
    data = data_of("""
errorMapping:
  parameters:
    statusCode: StatusCode
    resultCode: "BodyJsonField:$.result_code"
    resultId: "BodyJsonField:$.req_msg_id"
  errorCondition: "$statusCode = 200 and $resultCode <> 'OK'"
  errorCode: resultCode
  mappings:
    - code: ROLE_NOT_EXISTS
      statusCode: 404
      errorMessage: "Role Not Exists, RequestId=${resultId}"
    - code: INVALID_PARAMETER
      statusCode: 400
      errorMessage: "Invalid Parameter, RequestId=${resultId}"
  defaultMapping:
    statusCode: 500
    errorMessage: "Unknown Error, ${resultCode}, RequestId=${resultId}"
""")
    assert data["parameters"]["resultCode"] == "BodyJsonField:$.result_code"
    assert data["errorCondition"] == "$statusCode = 200 and $resultCode <> 'OK'"
    assert data["errorCode"] == "resultCode"
    assert data["mappings"] == [
        {
            "code": "ROLE_NOT_EXISTS",
            "statusCode": 404,
            "errorMessage": "Role Not Exists, RequestId=${resultId}",
        },
        {
            "code": "INVALID_PARAMETER",
            "statusCode": 400,
            "errorMessage": "Invalid Parameter, RequestId=${resultId}",
        },
    ]
    assert data["defaultMapping"]["statusCode"] == 500


@pytest.mark.parametrize(
    "trips",
    [
        {"timeoutThreshold": 15},
        {"errorCondition": "$LatencyMilliSeconds > 500", "errorThreshold": 10},
        {"errorCondition": "$StatusCode == 503", "errorThreshold": 1000},
    ],
)
def test_a_circuit_breaker_trips_on_timeouts_or_errors(trips: dict[str, object]) -> None:
    rest = {"windowInSeconds": 30, "openTimeoutSeconds": 15}
    settings = {**trips, **rest, "downgradeBackend": {"mock": {"status": 418}}}
    assert data_of(json.dumps({"circuitBreaker": settings})) == {
        **trips,
        **rest,
        "downgradeBackend": {"type": "mock", "statusCode": 418},
    }


def test_requests_are_let_through_by_their_parameters() -> None:
    data = data_of("""
accessControl:
  parameters: {userId: "Token:userId", userType: "Token:userType", pathUserId: "Parameter:userId"}
  rules:
    - {name: admin, condition: "$userType = 'admin'", ifTrue: ALLOW}
    - name: user
      condition: "$userId = $pathUserId"
      ifFalse: DENY
      statusCode: 403
      errorMessage: "Path not match ${userId} vs /${pathUserId}"
      responseHeaders: {Content-Type: application/xml}
      responseBody: "<Reason>Path not match ${userId} vs /${pathUserId}</Reason>"
""")
    admin, user = data["rules"]
    assert admin == {"name": "admin", "condition": "$userType = 'admin'", "ifTrue": "ALLOW"}
    assert list(user) == [
        *("name", "condition", "ifFalse", "statusCode"),
        *("errorMessage", "responseHeaders", "responseBody"),
    ]
    assert user["responseHeaders"] == {"Content-Type": "application/xml"}


@pytest.mark.parametrize(
    "data",
    [
        "putResponseHeader: [{name: x-door, value: a}]",
        '{"putResponseHeader":[{"name":"x-door","value":"a"}]}',
    ],
)
def test_what_has_no_settings_of_its_own_is_written_as_it_is(data: str) -> None:
    text = json.dumps({"other": {"type": "transformer", "data": data}})
    assert data_of(text) == {"putResponseHeader": [{"name": "x-door", "value": "a"}]}
    assert plugin_of(text).type == "transformer"
    assert plugin_of(text).text() == data


def test_what_is_written_as_it_is_has_secrets_where_it_names_them() -> None:
    data = 'users: [{username: alice, password: "#alice#"}]'
    other = {"type": "basicAuth", "data": data, "secrets": {"alice": SECURE}}
    written = plugin_of(json.dumps({"other": other})).written()
    assert written == {
        "users": [{"username": "alice", "password": SecretRef(("secrets", "alice"))}]
    }


def test_routes_of_one_condition_share_its_requests_by_weights() -> None:
    data = data_of("""
routing:
  routes:
    - {name: blue, condition: 1 = 1, weight: 80, backend: {http: {address: "https://b.example.com"}}}
    - {name: green, condition: 1 = 1, weight: 20, backend: {http: {address: "https://g.example.com"}}}
""")
    assert [(route["name"], route["weight"]) for route in data["routes"]] == [
        ("blue", 80),
        ("green", 20),
    ]
    assert list(data["routes"][0]) == ["name", "condition", "weight", "backend"]


def test_requests_get_what_a_transformer_says_and_a_secret_stays_one() -> None:
    put = [{"name": "X-Key", "location": "header", "value": SECURE}]
    settings = {"putRequestParameter": put, "removeResponseHeader": [{"name": "phone"}]}
    written = plugin_of(json.dumps({"transformer": settings})).written()
    secret = SecretRef(("putRequestParameter", 0, "value"))
    assert written == {
        "putRequestParameter": [{"name": "X-Key", "value": secret, "location": "header"}],
        "removeResponseHeader": [{"name": "phone"}],
    }


def test_callers_say_a_name_and_a_password() -> None:
    written = plugin_of(
        json.dumps({"basicAuth": {"users": [{"username": "alice", "password": SECURE}]}})
    ).written()
    password = SecretRef(("users", 0, "password"))
    assert written == {"users": [{"username": "alice", "password": password}]}


REMOTE = """
remoteAuth:
  parameters: {statusCode: StatusCode}
  authUriType: HTTP
  authUri: {address: "https://auth.example.com:8443", path: /auth, timeout: 7000, method: POST}
  passThroughBody: false
  cachedTimeBySecond: 10
  authParameters:
    - targetParameterName: x-userId
      sourceParameterName: userId
      targetLocation: form
      sourceLocation: query
  successCondition: "${statusCode} = 200"
  errorMessage: auth failed
  errorStatusCode: 401
  errorPassThroughHeaderList: [WWW-Authenticate, X-Reason]
"""


def test_a_service_is_asked_which_requests_get_through() -> None:
    assert list(data_of(REMOTE).items()) == [
        ("parameters", {"statusCode": "StatusCode"}),
        ("authUriType", "HTTP"),
        (
            "authUri",
            {
                "address": "https://auth.example.com:8443",
                "path": "/auth",
                "timeout": 7000,
                "method": "POST",
            },
        ),
        ("passThroughBody", False),
        ("passThroughPath", False),
        ("cachedTimeBySecond", 10),
        ("trimAuthorizationHeaderPrefix", False),
        (
            "authParameters",
            [
                {
                    "targetParameterName": "x-userId",
                    "sourceParameterName": "userId",
                    "targetLocation": "form",
                    "sourceLocation": "query",
                }
            ],
        ),
        ("successCondition", "${statusCode} = 200"),
        ("errorMessage", "auth failed"),
        ("errorStatusCode", 401),
        ("errorPassThroughHeaderList", "WWW-Authenticate,X-Reason"),
    ]


def test_a_services_answer_is_asked_about_in_braces_however_that_is_said() -> None:
    assert data_of(REMOTE.replace("${statusCode}", "$statusCode")) == data_of(REMOTE)


def test_every_kind_has_a_key_and_the_cloud_a_type_of_the_same_name() -> None:
    assert set(PLUGIN_KINDS) == {
        *("routing", "backendSignature", "basicAuth", "jwtAuth", "trafficControl", "ipControl"),
        *("cors", "caching", "errorMapping", "circuitBreaker", "accessControl"),
        *("remoteAuth", "logMask", "transformer", "other"),
    }
    assert plugin_of(SIGN).type == "backendSignature"


def test_a_plugin_comes_after_the_authorizations_that_it_uses() -> None:
    plugins = plugins_of("""
routes: {routing: {routes: [{name: a, condition: 1 = 1, backend: {vpc: {access: a}}}]}}
breaker:
  circuitBreaker:
    timeoutThreshold: 1
    windowInSeconds: 30
    openTimeoutSeconds: 15
    downgradeBackend: {vpc: {access: b}}
cors: {cors: {allowMethods: [GET]}}
""")
    used = {name: set(plugin.accesses) for name, plugin in plugins.items()}
    assert used == {"routes": {"a"}, "breaker": {"b"}, "cors": set()}


def test_a_plugins_name_has_no_dashes_and_dots() -> None:
    assert PluginSettings().cloud_name("dev-2", "grey.release-a") == "dev_2_grey_release_a"
    assert PluginSettings(name="shop_limits").cloud_name("dev", "limits") == "shop_limits"


# Text as JSON.

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LEAVES: st.SearchStrategy[DataValue] = TEXTS | st.integers() | st.booleans()
DATA: st.SearchStrategy[Data] = st.dictionaries(
    TEXTS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=20,
    ),
    max_size=5,
)


@given(DATA)
def test_data_survives_the_way_through_json(data: Data) -> None:
    assert json.loads(text_of(data)) == data
    assert list(json.loads(text_of(data))) == list(data)


@given(st.text("abcdefgh0123456789", min_size=12), st.text("ijklmnop0123456789", min_size=12))
def test_no_secret_stands_in_data_or_in_what_is_shown_of_it(key: str, secret: str) -> None:
    encrypted = {"key": {"secure": f"v1:{key}"}, "secret": {"secure": f"v1:{secret}"}}
    text = json.dumps({"backendSignature": {"type": "APIGW_FRONTEND", **encrypted}})
    plugin = plugin_of(text)
    data = plugin.written()
    for shown in (repr(plugin), repr(data), text_of(data)):
        assert key not in shown
        assert secret not in shown
    assert len(list(secrets_in(data))) == 2
    known = {"key": key, "secret": secret}

    def filled(ref: Ref) -> str:
        assert isinstance(ref, SecretRef)
        return known[str(ref.path[0])]

    written = json.loads(text_of(data, filled))
    assert (written["key"], written["secret"]) == (key, secret)
