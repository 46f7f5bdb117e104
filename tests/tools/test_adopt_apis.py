"""From an API group alone to a stack: its APIs in the stack file's own words, and what isn't."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from sandbox.cloud import Store
from stack.file.read import read
from tests.apis_by_hand import BACKENDS, CODE, ApisByHand, shop_apis
from tests.tools.adoptions import SCHEMA, InMemory
from tools.adopt.adopting import Adoption
from tools.adopt.finding import NotAdoptedError, adopt_found
from tools.adopt.part import Left, Sought
from topologies.api_gateway.plugins.settings import PluginSettings

GET = {"RequestHttpMethod": "GET", "RequestPath": "/status"}
MOCK = BACKENDS["mock"]


@pytest.fixture
def hand() -> Iterator[ApisByHand]:
    store = Store(":memory:", seed="tests")
    yield ApisByHand(store)
    store.close()


def found(
    hand: ApisByHand, group: str, states: dict[str, Any] | None = None
) -> tuple[Adoption, dict[str, Left]]:
    place = InMemory(hand.store, states or {})
    adoption, left = adopt_found(Sought("group", group), place, "shop", SCHEMA)
    return adoption, {one.id: one for one in left}


def refusal(hand: ApisByHand, group: str, states: dict[str, Any] | None = None) -> str:
    with pytest.raises(NotAdoptedError) as caught:
        found(hand, group, states)
    return str(caught.value)


def section(adoption: Adoption) -> dict[str, Any]:
    return yaml.safe_load(adoption.text)["config"]["alicloud-gateways:apiGateway"]


def ids_of(adoption: Adoption) -> set[str]:
    return {part for _, identity in adoption.taken for part in identity.split(":")}


def held(kind: str, identity: str) -> dict[str, Any]:
    return {"other": {"resources": [{"type": f"alicloud:apigateway/{kind}", "id": identity}]}}


def get(path: str) -> dict[str, str]:
    return {"RequestHttpMethod": "GET", "RequestPath": path}


# --- what is taken over ---------------------------------------------------------------------------


def test_a_group_is_taken_over_with_all_that_is_on_it(hand: ApisByHand) -> None:
    made = shop_apis(hand)
    adoption, left = found(hand, made["group"])
    assert left == {}
    assert (adoption.changes, adoption.creates) == ((), ())
    assert {*made.values()} <= ids_of(adoption)


def test_an_api_is_written_in_the_stack_files_own_words(hand: ApisByHand) -> None:
    adoption, _ = found(hand, shop_apis(hand)["group"])
    apis = section(adoption)["apis"]
    assert apis["get_order"] == {
        "group": "apis",
        "method": "GET",
        "path": "/orders/[id]",
        "name": "get_order",
        "description": "Made by hand",
        "apps": ["mobile_app"],
        "plugins": ["limits"],
        "backend": {
            "http": {"url": "https://backend.example.com:8443/orders/[id]"},
            "timeout": 3000,
        },
        "parameters": {
            "id": {"in": "path", "required": True, "description": "Which order"},
            "page": {
                "in": "query",
                "type": "int",
                "default": "1",
                "backendName": "p",
                "backendIn": "header",
            },
        },
        "constants": {"from": {"in": "header", "value": "gateway"}},
        "systemParameters": {"CaClientIp": {"in": "header", "backendName": "ip"}},
    }
    vpc, function = apis["add_order"], apis["look_up"]
    assert vpc["backend"] == {"vpc": {"access": "Ingress", "path": "/orders"}}
    assert (vpc["protocol"], vpc["replayProtection"]) == ("http,https", True)
    assert function["backend"]["function"]["function"] == "lookup"
    assert (function["mode"], function["appCode"]) == ("passthrough", "header")


def test_names_that_the_stack_would_give_are_not_written(hand: ApisByHand) -> None:
    group = hand.group("shop_orders")
    hand.api(group, "shop_status", GET, MOCK)
    adoption, _ = found(hand, group)
    assert section(adoption)["groups"].keys() == {"orders"}
    assert "name" not in section(adoption)["groups"]["orders"]
    assert "name" not in section(adoption)["apis"]["status"]


def test_apis_whose_names_are_no_keys_are_called_after_what_is_called(hand: ApisByHand) -> None:
    group = hand.group()
    for name, path in (("查询状态", "/a/b"), ("状态", "/a-b"), ("_", "/c")):
        hand.api(group, f"一二三{name}", get(path), MOCK)
    adoption, left = found(hand, group)
    assert left == {}
    apis = section(adoption)["apis"]
    assert {key: one["path"] for key, one in apis.items()} in (
        {"get-a-b": "/a/b", "get-a-b-2": "/a-b", "get-c": "/c"},
        {"get-a-b": "/a-b", "get-a-b-2": "/a/b", "get-c": "/c"},
    )
    assert yaml.safe_load(found(hand, group)[0].text) == yaml.safe_load(adoption.text), "stable"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("trafficControl", {"unit": "MINUTE", "apiDefault": 100}),
        ("cors", {"allowOrigins": ["shop.example.com"], "allowMethods": ["GET", "POST"]}),
    ],
)
def test_a_plugin_as_the_program_writes_it_has_the_settings_of_its_kind(
    kind: str, said: dict[str, Any], hand: ApisByHand
) -> None:
    settings = read(PluginSettings, {kind: said}, ()).settings
    assert settings is not None
    group = hand.group()
    api = hand.api(group, "status", GET, MOCK)
    hand.attach(hand.plugin("limits", kind, settings.text()), group, api)
    adoption, _ = found(hand, group)
    plugin = section(adoption)["plugins"]["limits"]
    assert plugin.keys() == {"name", kind}
    assert said.items() <= plugin[kind].items()
    assert adoption.changes == ()


@pytest.mark.parametrize(
    "text",
    [
        "unit: MINUTE  # each\napiDefault: 100\n",
        "unit: MINUTE\napiDefault: 100",
        "unit: MINUTE\n\napiDefault: 100\n\n\n",
        ' {"unit": "MINUTE",\n "apiDefault": 100}\n',
    ],
)
def test_any_other_plugin_is_written_letter_by_letter(text: str, hand: ApisByHand) -> None:
    group = hand.group()
    api = hand.api(group, "status", GET, MOCK)
    hand.attach(hand.plugin("limits", "trafficControl", text), group, api)
    adoption, left = found(hand, group)
    assert (left, adoption.changes) == ({}, ())
    assert section(adoption)["plugins"]["limits"]["other"]["data"] == text


def test_the_stage_is_the_one_that_most_apis_are_on(hand: ApisByHand) -> None:
    group = hand.group()
    hand.api(group, "one_api", get("/one"), MOCK, "TEST")
    hand.api(group, "two_api", get("/two"), MOCK, "TEST")
    alone = hand.api(group, "live_api", get("/live"), MOCK, "RELEASE")
    both = hand.api(group, "both_api", get("/both"), MOCK, "TEST", "RELEASE")
    none = hand.api(group, "none_api", get("/none"), MOCK, "PRE")
    hand.gateway.call("AbolishApi", GroupId=group, ApiId=none, StageName="PRE")
    adoption, left = found(hand, group)
    assert section(adoption)["stage"] == "TEST"
    assert section(adoption)["apis"].keys() == {"one_api", "two_api"}
    assert (adoption.changes, adoption.creates) == ((), ())
    told = {identity.rpartition(":")[2]: one.why for identity, one in left.items()}
    assert told.keys() == {alone, both, none}
    assert "published on RELEASE and TEST" in told[both]
    assert "published nowhere" in told[none]


def test_a_group_on_an_instance_uses_it_by_its_id(hand: ApisByHand) -> None:
    paid = {"ChargeType": "PostPaid", "InstanceSpec": "api.s1.small", "Token": "once"}
    named = {"InstanceName": "front", "HttpsPolicy": "HTTPS2_TLS1_2"}
    instance = hand.gateway.call("CreateInstance", **paid, **named)["InstanceId"]
    acl = hand.gateway.call("CreateAccessControlList", AclName="office")["AclId"]
    heeded = {"InstanceId": instance, "AclId": acl, "AclType": "white"}
    hand.gateway.call("EnableInstanceAccessControl", **heeded)
    group = hand.group(InstanceId=instance)
    hand.api(group, "status", GET, MOCK)
    adoption, left = found(hand, group)
    assert section(adoption)["instance"] == {"id": instance}
    assert (adoption.changes, adoption.creates) == ((), ())
    assert left.keys() == {instance, acl}


def test_a_hundred_apis_are_adopted_at_once(hand: ApisByHand) -> None:
    group = hand.group()
    app = hand.app("mobile_app")
    for number in range(100):
        api = hand.api(group, f"number_{number}", get(f"/{number}"), MOCK)
        hand.allow(app, group, api)
    adoption, left = found(hand, group)
    assert (left, adoption.changes, adoption.creates) == ({}, (), ())
    assert len(section(adoption)["apis"]) == 100


def test_a_function_behind_an_api_is_taken_over_with_its_code(hand: ApisByHand) -> None:
    adoption, _ = found(hand, shop_apis(hand)["group"])
    functions = yaml.safe_load(adoption.text)["config"]["alicloud-gateways:functions"]
    assert functions == {
        "lookup": {
            "code": "functions/lookup",
            "name": "lookup",
            "runtime": "python3.10",
            "memory": 1024,
            "cpu": 0.5,
            "timeout": 8,
            "environment": {"MODE": "fast"},
        }
    }
    assert {path: data.decode() for path, data in adoption.files.items()} == {
        "functions/lookup/index.py": CODE,
        "functions/lookup/data/places.txt": "上海\n",
    }
    (assumed,) = adoption.assumed
    assert (assumed.name, assumed.property) == ("function-lookup-function", "code")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"environmentVariables": {"DB_PASSWORD": "hidden-secret"}}, "never written in plain text"),
        ({"runtime": "custom.debian10"}, "runtime"),
        ({"handler": "other.handler"}, "the handler's file is other.py"),
    ],
)
def test_a_function_that_no_stack_could_have_is_used_by_its_name(
    more: dict[str, Any], why: str, hand: ApisByHand
) -> None:
    group = hand.group()
    hand.function(**more)
    hand.api(group, "look_up", GET, BACKENDS["function"])
    adoption, left = found(hand, group)
    assert why in left["lookup"].why
    assert section(adoption)["apis"]["look_up"]["backend"]["function"]["function"] == "lookup"
    assert "functions" not in yaml.safe_load(adoption.text)["config"]
    assert (adoption.changes, adoption.creates, adoption.files) == ((), (), {})
    assert "hidden-secret" not in f"{adoption} {left}"


# --- what is left out, and why --------------------------------------------------------------------


def test_a_plugin_with_a_password_is_left_out_and_stays_on_its_api(hand: ApisByHand) -> None:
    group = hand.group()
    api = hand.api(group, "status", GET, MOCK)
    users = {"users": [{"username": "alice", "password": "hidden-secret"}]}
    plugin = hand.plugin("users", "basicAuth", users)
    hand.attach(plugin, group, api)
    adoption, left = found(hand, group)
    assert "plugins" not in section(adoption)
    assert {plugin, f"{group}:{api}:{plugin}:RELEASE"} == left.keys()
    assert "never written in plain text" in left[plugin].why
    assert (adoption.changes, adoption.creates) == ((), ())
    assert "hidden-secret" not in f"{adoption} {left}"


def test_an_api_with_a_key_among_its_constants_is_left_out(hand: ApisByHand) -> None:
    group = hand.group()
    key = {"ServiceParameterName": "X-Api-Key", "ConstantValue": "hidden", "Location": "HEAD"}
    api = hand.api(group, "with_key", GET, MOCK, ConstantParameters=[key])
    hand.api(group, "without", get("/other"), MOCK)
    adoption, left = found(hand, group)
    assert "its constant X-Api-Key holds a secret" in left[f"{group}:{api}"].why
    assert section(adoption)["apis"].keys() == {"without"}
    assert "hidden" not in f"{adoption} {left}"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"FcVersion": "2.0", "ServiceName": "old"}, "version of Function Compute is 2.0"),
        ({"FcRegionId": "cn-beijing"}, "region is cn-beijing"),
    ],
)
def test_an_api_before_a_function_that_no_stack_could_call_is_left_out(
    change: dict[str, str], why: str, hand: ApisByHand
) -> None:
    group = hand.group()
    service = BACKENDS["function"]
    inner = {**service["FunctionComputeConfig"], **change}
    api = hand.api(group, "look_up", GET, {**service, "FunctionComputeConfig": inner})
    hand.api(group, "status", get("/other"), MOCK)
    _, left = found(hand, group)
    assert why in left[f"{group}:{api}"].why


def test_what_another_stack_holds_is_left_to_it(hand: ApisByHand) -> None:
    made = shop_apis(hand)
    adoption, left = found(hand, made["group"], held("app:App", made["app"]))
    assert left[made["app"]].why == "the stack other holds it"
    rights = [one for one in left if one.startswith(f"{made['group']}:")]
    assert len(rights) == 2, "the rights of an app that isn't taken over"
    assert "apps" not in section(adoption)
    assert (adoption.changes, adoption.creates) == ((), ())


def test_an_authorization_of_another_stack_takes_its_api_with_it(hand: ApisByHand) -> None:
    made = shop_apis(hand)
    (access,) = hand.store.all("api_gateway_vpc_access")
    identity = f"Ingress:{access.id}"
    adoption, left = found(hand, made["group"], held("vpcAccess:VpcAccess", identity))
    assert "add_order" not in section(adoption)["apis"]
    assert (
        "goes through the authorization Ingress" in left[f"{made['group']}:{made['add_order']}"].why
    )
    assert (adoption.changes, adoption.creates) == ((), ())


def test_a_group_of_another_stack_is_not_taken_over(hand: ApisByHand) -> None:
    made = shop_apis(hand)
    said = refusal(hand, made["group"], held("group:Group", made["group"]))
    assert said == f"The stack other holds {made['group']} already."


def test_a_group_that_is_not_there_is_told(hand: ApisByHand) -> None:
    shop_apis(hand)
    assert "There is no 0123abcd" in refusal(hand, "0123abcd")
