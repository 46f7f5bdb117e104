"""Function Compute's calls by method and path: a function's life, lists, answers, refusals."""

import base64
import json
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.api import fc
from sandbox.api.callers import Key
from sandbox.api.requests import Request
from sandbox.api.service import most_bytes
from sandbox.api.signing import roa_signature, roa_string
from sandbox.cloud import Resource
from sandbox.cloud.core.ids import function_arn
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import KEY, REGION, Api, by_path, lab_api, refusal, served
from tests.sandbox.api.official import models_of
from tests.sandbox.api.world_fc import NEW

ALL = "GET /2023-03-30/functions"


@pytest.fixture
def api() -> Api:
    return Api(fc.PRODUCT)


def held(api: Api, name: str = "shop") -> Resource:
    found = api.store.look("fcv3_function", name)
    assert found is not None
    return found


def names(answer: dict[str, Any]) -> list[str]:
    return [one["functionName"] for one in answer["functions"]]


# --- a function's life ----------------------------------------------------------------------------


def test_a_functions_life_as_the_provider_leads_it(api: Api) -> None:
    # It writes the list of tags with a capital letter.
    tags = '[{"Key":"team","Value":"shop"}]'
    made = api.call("CreateFunction", functionName="shop", Tags=tags, memorySize="512", **NEW)
    assert made["functionName"] == "shop"
    assert held(api)["tags"] == {"team": "shop"}

    told = api.call("GetFunction", functionName="shop")
    assert (told["state"], told["lastUpdateStatus"]) == ("Active", "Successful")
    assert (told["memorySize"], told["cpu"], told["internetAccess"]) == (512, 0.35, True)

    what = {"functionName": "shop", "handler": "other.handler", "runtime": "python3.12"}
    api.call("UpdateFunction", **what, environmentVariables='{"A":"1"}')
    assert held(api)["environment_variables"] == {"A": "1"}
    assert held(api)["handler"] == "other.handler"

    tagged = {"ResourceId": json.dumps([told["functionArn"]]), "ResourceType": "function"}
    api.call("UntagResources", **tagged, TagKey='["team"]')
    api.call("TagResources", **tagged, Tag='[{"Key":"env","Value":"dev"}]')
    assert held(api)["tags"] == {"env": "dev"}

    moved = {"resourceId": "shop", "resourceType": "function", "newResourceGroupId": "rg-2"}
    assert api.call("ChangeResourceGroup", **moved)["NewResourceGroupId"] == "rg-2"
    assert api.call("GetFunction", functionName="shop")["resourceGroupId"] == "rg-2"

    api.call("DeleteFunction", functionName="shop")
    assert api.refused("GetFunction", functionName="shop")[:2] == (404, "FunctionNotFound")
    assert api.refused("DeleteFunction", functionName="shop")[:2] == (404, "FunctionNotFound")


def test_what_the_provider_made_is_told_with_all_that_it_has(api: Api) -> None:
    lab, api = lab_api()
    api = api.of(fc.PRODUCT)
    lab.store.create(
        "fcv3_function",
        {
            "function_name": "shop",
            "handler": "index.handler",
            "runtime": "python3.12",
            "code": {"zip_file": "UEsDBAoAAAAA", "checksum": "9174238380470631508"},
            "cpu": 1,
            "memory_size": 1024,
            "layers": ["acs:fc:cn-shanghai:1:layers/a/versions/1"],
            "custom_dns": {"name_servers": ["10.0.0.1"], "dns_options": [{"name": "ndots"}]},
            "log_config": {"project": "p", "logstore": "s", "log_begin_rule": "None"},
            "nas_config": {
                "group_id": 1,
                "user_id": 1,
                "mount_points": [{"server_addr": "nas:/", "mount_dir": "/mnt", "enable_tls": True}],
            },
        },
    )
    told = api.call("GetFunction", functionName="shop")
    assert told["cpu"] == 1.0
    assert told["codeChecksum"] == "9174238380470631508"
    assert told["layers"] == [{"arn": "acs:fc:cn-shanghai:1:layers/a/versions/1"}]
    assert told["customDNS"] == {"nameServers": ["10.0.0.1"], "dnsOptions": [{"name": "ndots"}]}
    assert told["logConfig"] == {"project": "p", "logstore": "s", "logBeginRule": "None"}
    assert told["nasConfig"]["mountPoints"][0]["enableTLS"] is True
    assert told["vpcConfig"] == {"vpcId": "", "vSwitchIds": [], "securityGroupId": ""}
    assert "code" not in told


def test_code_is_had_from_an_address_with_its_checksum(api: Api) -> None:
    api.call("CreateFunction", functionName="shop", **NEW)
    told, stated = api.call("GetFunctionCode", functionName="shop"), json.loads(NEW["code"])
    assert told["checksum"] == stated["checksum"]
    with urllib.request.urlopen(told["url"]) as answer:
        assert answer.read() == base64.b64decode(stated["zipFile"])


def test_code_in_a_bucket_is_not_there(api: Api) -> None:
    code = json.dumps({"ossBucketName": "shop", "ossObjectName": "code.zip"})
    api.call("CreateFunction", functionName="shop", **{**NEW, "code": code})
    assert api.refused("GetFunctionCode", functionName="shop")[1] == "UnsupportedOperation"


def test_what_is_not_set_is_not_told(api: Api) -> None:
    api.call("CreateFunction", functionName="shop", **NEW)
    told = api.call("GetFunction", functionName="shop")
    unset = ("description", "environmentVariables", "idleTimeout", "customDNS", "gpuConfig", "tags")
    assert not told.keys() & {*unset, "invocationRestriction", "logConfig", "role"}


def test_a_function_without_a_name_gets_one(api: Api) -> None:
    made = api.call("CreateFunction", **NEW)
    assert api.call("GetFunction", functionName=made["functionName"])


def test_calls_of_a_function_are_stopped_and_let_through(api: Api) -> None:
    api.call("CreateFunction", functionName="shop", **NEW)
    api.call("DisableFunctionInvocation", functionName="shop", reason="a fire")
    told = api.call("GetFunction", functionName="shop")["invocationRestriction"]
    assert (told["disable"], told["reason"]) == (True, "a fire")
    api.call("EnableFunctionInvocation", functionName="shop")
    told = api.call("GetFunction", functionName="shop")["invocationRestriction"]
    assert told["disable"] is False


# --- lists ----------------------------------------------------------------------------------------


def test_functions_are_listed_by_name_in_pages_and_by_the_front_of_a_name(api: Api) -> None:
    for name in ("shop-c", "shop-a", "other", "shop-b"):
        api.call("CreateFunction", functionName=name, **NEW)
    first = api.call("ListFunctions", prefix="shop-", limit="2")
    assert names(first) == ["shop-a", "shop-b"]
    rest = api.call("ListFunctions", prefix="shop-", limit="2", nextToken=first["nextToken"])
    assert names(rest) == ["shop-c"]
    assert "nextToken" not in rest
    assert names(api.call("ListFunctions")) == ["other", "shop-a", "shop-b", "shop-c"]
    assert not names(api.call("ListFunctions", prefix="x"))


def test_filters_let_through_functions_that_say_the_same(api: Api) -> None:
    api.call("CreateFunction", functionName="a", tags='[{"Key":"team","Value":"x"}]', **NEW)
    api.call("CreateFunction", functionName="b", **{**NEW, "runtime": "nodejs20"})
    assert names(api.call("ListFunctions", runtime="nodejs20")) == ["b"]
    assert names(api.call("ListFunctions", functionName="a")) == ["a"]
    assert names(api.call("ListFunctions", tags='[{"Key":"team"}]')) == ["a"]
    assert not names(api.call("ListFunctions", tags='[{"Key":"team","Value":"y"}]'))
    assert names(api.call("ListFunctions", fcVersion="v3")) == ["a", "b"]
    assert not names(api.call("ListFunctions", fcVersion="v2"))


def test_tags_are_listed_under_the_functions_resource_names(api: Api) -> None:
    api.call("CreateFunction", functionName="a", tags='[{"Key":"k","Value":"1"}]', **NEW)
    arn = function_arn(REGION, "a")
    asked = {"ResourceType": "function", "ResourceId": json.dumps([arn])}
    (row,) = api.call("ListTagResources", **asked)["TagResources"]
    assert row == {"ResourceId": arn, "ResourceType": "function", "TagKey": "k", "TagValue": "1"}


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("memorySize", '"much"', "isn't of type Int"),
        ("memorySize", "true", "isn't of type Int"),
        ("memorySize", "1.5", "isn't of type Int"),
        ("memorySize", "65536", "isn't 64 to 32768"),
        ("timeout", "86401", "isn't 0 to 86400"),
        ("cpu", "17", "isn't 0.05 to 16"),
        ("runtime", "cobol", "isn't one of"),
        ("internetAccess", "1", "isn't of type Bool"),
        ("environmentVariables", '{"A":1}', "isn't of type String"),
        ("environmentVariables", "[]", "isn't an object"),
        ("vpcConfig", '{"vSwitchIds":"vsw-1"}', "isn't a list"),
        ("layers", '["a",1]', "isn't of type String"),
        ("functionName", "1shop", "can't be a function"),
        ("functionName", "a" * 65, "can't be a function"),
    ],
)
def test_a_value_of_another_kind_is_refused_by_its_name(
    api: Api, name: str, value: str, words: str
) -> None:
    said = {"functionName": "shop", **NEW, name: value}
    status, code, message = api.refused("CreateFunction", **said)
    assert (status, code) == (400, "InvalidArgument")
    assert words in message
    assert not api.store.all("fcv3_function")


@pytest.mark.parametrize("name", ["handler", "runtime"])
def test_what_a_function_cannot_do_without_is_missed(api: Api, name: str) -> None:
    said = {key: value for key, value in NEW.items() if key != name}
    assert api.refused("CreateFunction", **said) == (400, "InvalidArgument", f"{name} is required.")


def test_a_member_that_would_be_passed_over_is_refused(api: Api) -> None:
    said = {**NEW, "logConfig": '{"project":"p","logstore":"s","enableLlmMetrics":true}'}
    _, code, words = api.refused("CreateFunction", **said)
    assert code == "UnsupportedParameter"
    assert "enableLlmMetrics of logConfig" in words


def test_a_second_function_of_a_name_is_a_conflict(api: Api) -> None:
    api.call("CreateFunction", functionName="shop", **NEW)
    refused = api.refused("CreateFunction", functionName="shop", **NEW)
    assert refused[:2] == (409, "FunctionAlreadyExists")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"a":NaN}', b"\xff", b'{"a":"\\ud800"}', b"[" * 99_999]
)
def test_a_body_that_is_no_object_in_json_is_refused(api: Api, body: bytes) -> None:
    good = by_path("POST /2023-03-30/functions", fc.PRODUCT.version, {})
    status, code, _ = refusal(api.service.answer(replace(good, body=body)))
    assert (status, code) == (400, "InvalidParameter")


def test_a_number_beyond_all_numbers_is_refused(api: Api) -> None:
    secret = {name: json.loads(value) if name == "code" else value for name, value in NEW.items()}
    body = json.dumps({**secret, "cpu": 1.5}).replace("1.5", "1e999").encode()
    request = replace(by_path("POST /2023-03-30/functions", fc.PRODUCT.version, {}), body=body)
    assert refusal(api.service.answer(request))[1] == "InvalidArgument"


def test_code_of_many_megabytes_is_taken_along(api: Api) -> None:
    code = json.dumps({"zipFile": "A" * (20 * 1024 * 1024)})
    api.call("CreateFunction", functionName="shop", **{**NEW, "code": code})
    assert held(api)["code_size"] == 15 * 1024 * 1024
    assert most_bytes("/2023-03-30/functions") > 100 * 1024 * 1024


# --- how such a call is made ----------------------------------------------------------------------


def test_what_is_signed_is_what_the_providers_library_signs() -> None:
    headers = {
        "accept": "application/json",
        "content-type": "application/json; charset=utf-8",
        "date": "Mon, 30 Nov 2026 12:00:00 GMT",
        "host": "isn't signed",
        "x-acs-version": "2023-03-30",
        "x-acs-signature-nonce": "once",
    }
    query = {"b": "[1, 2]", "a": ""}
    assert roa_string("DELETE", "/2023-03-30/tags-v2", query, headers) == (
        "DELETE\napplication/json\n\napplication/json; charset=utf-8\n"
        "Mon, 30 Nov 2026 12:00:00 GMT\n"
        "x-acs-signature-nonce:once\nx-acs-version:2023-03-30\n"
        "/2023-03-30/tags-v2?a&b=[1, 2]"
    )
    # The key is the secret alone, where RPC's has an `&` behind it.
    assert roa_signature("testsecret", "x") == "cceuaDgy9BaacVmEPYJ2Fn0IiEQ="


def test_a_deletion_is_answered_with_nothing_but_its_request_id(api: Api) -> None:
    api.call("CreateFunction", functionName="shop", **NEW)
    answered = api.answered("DeleteFunction", functionName="shop")
    assert (answered.status, answered.body) == (204, b"")
    assert api.lines[-1].endswith(f" DeleteFunction root OK {answered.request_id}")


def test_a_wrong_signature_is_refused_with_the_string_that_was_expected(api: Api) -> None:
    status, code, words = refusal(
        api.service.answer(by_path(ALL, "2023-03-30", {}, Key(KEY.id, "wrong")))
    )
    assert (status, code) == (400, "SignatureDoesNotMatch")
    assert "server string to sign is:GET\n" in words


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("date", "", "MissingDate"),
        ("date", "noon", "InvalidTimeStamp.Format"),
        ("date", "Mon, 30 Nov 2026 12:15:01 GMT", "InvalidTimeStamp.Expired"),
        ("authorization", "acs nobody:x", "InvalidAccessKeyId.NotFound"),
        ("authorization", "acs nobody", "InvalidAccessKeyId.NotFound"),
        ("authorization", "", "MissingAuthorization"),
        ("x-acs-signature-method", "HMAC-MD5", "UnsupportedSignatureMethod"),
    ],
)
def test_a_call_by_path_is_checked_as_others_are(
    api: Api, header: str, value: str, code: str
) -> None:
    good = by_path(ALL, "2023-03-30", {})
    request = replace(good, headers={**good.headers, header: value})
    assert refusal(api.service.answer(request))[1] == code


def test_a_call_by_path_is_heard_once(api: Api) -> None:
    request = by_path(ALL, "2023-03-30", {})
    assert api.service.answer(request).status == 200
    assert refusal(api.service.answer(request))[1] == "SignatureNonceUsed"


def test_the_command_line_signs_such_a_call_without_a_nonce(api: Api) -> None:
    good = by_path(ALL, "2023-03-30", {})
    headers = {
        name: value
        for name, value in good.headers.items()
        if name not in {"authorization", "x-acs-signature-nonce"}
    }
    signature = roa_signature(KEY.secret, roa_string(good.method, good.path, {}, headers))
    headers["authorization"] = f"acs {KEY.id}:{signature}"
    assert api.service.answer(replace(good, headers=headers)).status == 200
    assert refusal(api.service.answer(replace(good, headers={**headers, "accept": "*/*"})))[1] == (
        "SignatureDoesNotMatch"
    )


@pytest.mark.parametrize(
    "route",
    [
        "GET /2023-03-30/function",
        "PATCH /2023-03-30/functions",
        "GET /2023-03-30/functions/a/b",
        "GET /2023-03-30/functions/",
        "GET //",
    ],
)
def test_another_method_or_path_is_no_action(api: Api, route: str) -> None:
    refused = refusal(api.service.answer(by_path(route, "2023-03-30", {})))
    assert refused[:2] == (404, "InvalidAction.NotFound")


def test_an_action_that_has_a_path_is_not_called_without(api: Api) -> None:
    assert refusal(api.send(api.signed("ListFunctions")))[1] == "InvalidAction.NotFound"


def test_a_name_in_a_path_may_need_to_be_encoded(api: Api) -> None:
    _, code, words = api.refused("GetFunction", functionName="ä/b")
    assert code == "FunctionNotFound"
    assert "ä/b" in words


def test_a_request_by_path_without_a_signature_is_refused_in_json(api: Api) -> None:
    assert refusal(api.service.answer(Request("GET", "/2023-03-30/functions")))[1] == (
        "MissingAuthorization"
    )


# --- over the network -----------------------------------------------------------------------------


def test_the_official_sdk_leads_a_function_through_its_whole_life(tmp_path: Path) -> None:
    models = models_of(fc.PRODUCT)
    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        sdk = cloud.official(fc.PRODUCT)
        wanted = models.CreateFunctionInput(
            function_name="shop",
            runtime="python3.12",
            handler="index.handler",
            code=models.InputCodeLocation(zip_file="UEsDBAoAAAAA"),
            tags=[models.Tag(key="team", value="shop")],
        )
        made = sdk.create_function(models.CreateFunctionRequest(body=wanted)).body
        told = sdk.get_function("shop", models.GetFunctionRequest()).body
        assert told.to_map() == made.to_map()
        changed = models.UpdateFunctionInput(description="the shop's", cpu=1, memory_size=1024)
        sdk.update_function("shop", models.UpdateFunctionRequest(body=changed))
        arns = [told.function_arn]
        sdk.untag_resources(
            models.UntagResourcesRequest(
                resource_id=arns, resource_type="function", tag_key=["team"]
            )
        )
        tags = models.TagResourcesInput(
            resource_id=arns, resource_type="function", tag=[models.Tag(key="env", value="dev")]
        )
        sdk.tag_resources(models.TagResourcesRequest(body=tags))
        (listed,) = sdk.list_functions(models.ListFunctionsRequest(prefix="s")).body.functions
        assert (listed.description, listed.cpu) == ("the shop's", 1.0)
        assert [(one.key, one.value) for one in listed.tags] == [("env", "dev")]
        assert cloud.store.look("fcv3_function", "shop")
        assert sdk.delete_function("shop").status_code == 204
        with pytest.raises(Exception, match="doesn't exist") as caught:
            sdk.get_function("shop", models.GetFunctionRequest())
        assert getattr(caught.value, "code", "") == "FunctionNotFound"
