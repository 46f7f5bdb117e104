"""How a call is made and refused, in both conventions: signatures, times, nonces, formats."""

import base64
import hashlib
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlencode
from xml.etree import ElementTree as ET

import pytest

from sandbox.api import fc
from sandbox.api.requests import Request
from sandbox.api.service import most_bytes
from sandbox.api.signing import (
    acs3_signature,
    acs3_string,
    canonical_request,
    rpc_signature,
    rpc_string,
)
from tests.sandbox.api.api_lab import KEY, NOW, Api, by_path, lab_api, refusal, signed, stamp

# As the cloud's own documentation has them: the parameters are given, the signature is shown.
_NONCE = "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"
_EXAMPLE = (
    "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26"
    f"SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D{_NONCE}%26SignatureVersion%3D1.0%26"
    "TimeStamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26"
)


@pytest.mark.parametrize(
    ("time", "signature"),
    [
        ("TimeStamp", "CT9X0VtwR86fNWSnsc6v8YGOjuE="),
        ("Timestamp", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="),
    ],
)
def test_the_documented_example_has_the_documented_string_and_signature(
    time: str, signature: str
) -> None:
    parameters = {
        "SignatureVersion": "1.0",
        "Action": "DescribeRegions",
        "Version": "2014-05-26",
        "Format": "XML",
        "AccessKeyId": "testid",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": _NONCE,
        time: "2016-02-23T12:46:24Z",
        "Signature": "isn't signed itself",
    }
    string = rpc_string("GET", parameters)
    assert string == _EXAMPLE.replace("TimeStamp", time)
    assert rpc_signature("testsecret", string) == signature


@pytest.mark.parametrize(
    ("text", "encoded"), [("a b", "a%20b"), ("*", "%2A"), ("~-_.", "~-_."), ("/", "%2F")]
)
def test_what_is_signed_is_encoded_as_rfc_3986_has_it(text: str, encoded: str) -> None:
    query = unquote(rpc_string("GET", {"Name": text}).rpartition("&")[2])
    assert query == f"Name={encoded}"


def test_a_signed_call_is_answered_with_a_request_id() -> None:
    answer = Api().call("DescribeVpcs")
    assert answer.pop("RequestId")
    assert answer == {"Vpcs": {"Vpc": []}, "TotalCount": 0, "PageNumber": 1, "PageSize": 10}


def test_names_of_common_parameters_may_be_written_as_old_clients_wrote_them() -> None:
    said = signed("DescribeVpcs")
    old = {{"Action": "action", "Timestamp": "TimeStamp"}.get(k, k): v for k, v in said.items()}
    old["Signature"] = rpc_signature(KEY.secret, rpc_string("GET", old))
    assert Api().send(old).status == 200


def test_a_form_is_signed_like_a_query() -> None:
    said = signed("DescribeVpcs")
    said["Signature"] = rpc_signature(KEY.secret, rpc_string("POST", said))
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = Request("POST", "/", "", headers, urlencode(said).encode())
    assert Api().service.answer(request).status == 200


def test_the_default_of_old_calls_is_xml() -> None:
    lab, api = lab_api()
    eip = lab.new_eip()
    said = signed("DescribeEipAddresses")
    del said["Format"]
    said["Signature"] = rpc_signature(KEY.secret, rpc_string("GET", said))
    answered = api.send(said)
    assert answered.media_type == "text/xml"
    told = ET.fromstring(answered.body)
    assert told.tag == "DescribeEipAddressesResponse"
    assert told.findtext("EipAddresses/EipAddress/AllocationId") == eip.id
    assert told.findtext("EipAddresses/EipAddress/DeletionProtection") == "false"


def test_a_refusal_in_xml_says_the_same() -> None:
    told = ET.fromstring(Api().send({"Action": "DescribeVpcs"}).body)
    assert told.tag == "Error"
    assert told.findtext("Code") == "MissingAccessKeyId"


# --- who calls, and when --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["AccessKeyId", "Signature", "SignatureNonce", "Timestamp"])
def test_a_call_without_what_every_call_has_is_refused(name: str) -> None:
    said = signed("DescribeVpcs")
    del said[name]
    status, code, words = refusal(Api().send(said))
    assert (status, code) == (400, f"Missing{name}")
    assert words == f"{name} is mandatory for this action."


@pytest.mark.parametrize("name", ["Action", "Version"])
def test_a_call_that_names_no_action_or_version_is_refused(name: str) -> None:
    assert Api().refused("DescribeVpcs", **{name: ""})[1] == f"Missing{name}"


def test_an_unknown_access_key_is_refused() -> None:
    status, code, words = Api().refused("DescribeVpcs", AccessKeyId="nobody")
    assert (status, code) == (404, "InvalidAccessKeyId.NotFound")
    assert words == "Specified access key is not found."


def test_a_wrong_signature_is_refused_with_the_string_that_was_expected() -> None:
    said = signed("DescribeVpcs", "another secret")
    status, code, words = refusal(Api().send(said))
    assert (status, code) == (400, "SignatureDoesNotMatch")
    front, _, string = words.partition("server string to sign is:")
    assert front == "Specified signature is not matched with our calculation. "
    assert string == rpc_string("GET", said)
    assert KEY.secret not in words


@pytest.mark.parametrize("seconds", [-901, 901])
def test_a_call_of_another_time_is_refused(seconds: int) -> None:
    refused = Api().refused("DescribeVpcs", Timestamp=stamp(NOW + seconds))
    assert refused[1] == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize("seconds", [-899, 899])
def test_a_clock_may_be_a_quarter_of_an_hour_off(seconds: int) -> None:
    assert Api().call("DescribeVpcs", Timestamp=stamp(NOW + seconds))


def test_a_time_that_is_none_is_refused() -> None:
    assert Api().refused("DescribeVpcs", Timestamp="noon")[1] == "InvalidTimeStamp.Format"


def test_a_call_is_heard_once() -> None:
    api, said = Api(), signed("DescribeVpcs")
    assert api.send(said).status == 200
    assert refusal(api.send(said))[1] == "SignatureNonceUsed"


def test_who_cannot_sign_uses_up_nobodys_nonce() -> None:
    api, nonce = Api(), "n"
    forged = refusal(api.send(signed("DescribeVpcs", "wrong", SignatureNonce=nonce)))
    assert forged[1] == "SignatureDoesNotMatch"
    assert api.call("DescribeVpcs", SignatureNonce=nonce)


def test_nonces_are_forgotten_when_their_calls_have_expired() -> None:
    api = Api()
    for minute in range(120):
        api.now = NOW + 60 * minute
        api.call("DescribeVpcs", Timestamp=stamp(api.now))
    assert len(api.service._callers._nonces) <= 31  # pyright: ignore[reportPrivateUsage]


def test_another_method_of_signing_is_refused() -> None:
    refused = Api().refused("DescribeVpcs", SignatureMethod="HMAC-SHA256")
    assert refused[1] == "UnsupportedSignatureMethod"


# --- ACS3 -----------------------------------------------------------------------------------------


def acs3(query: str = "", body: bytes = b"", secret: str = KEY.secret, **more: str) -> Request:
    """A request as today's SDKs sign it."""
    headers = {
        "host": "vpc.aliyuncs.com",
        "x-acs-action": "DescribeVpcs",
        "x-acs-version": "2016-04-28",
        "x-acs-date": stamp(),
        "x-acs-signature-nonce": "once",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "content-type": "application/x-www-form-urlencoded",
        **more,
    }
    names = sorted(headers)
    said = dict(parse_qsl(query))
    string = acs3_string(canonical_request("POST", "/", said, headers, names, body))
    authorization = (
        f"ACS3-HMAC-SHA256 Credential={KEY.id},SignedHeaders={';'.join(names)},"
        f"Signature={acs3_signature(secret, string)}"
    )
    return Request("POST", "/", query, {**headers, "authorization": authorization}, body)


def test_a_call_signed_in_its_headers_is_answered_in_json() -> None:
    answered = Api().service.answer(acs3("RegionId=cn-shanghai&VpcName=a%20b", b"PageSize=20"))
    assert (answered.status, answered.media_type) == (200, "application/json")
    assert b'"PageSize":20' in answered.body


def test_a_wrong_signature_in_headers_is_refused_with_what_was_expected() -> None:
    _, code, words = refusal(Api().service.answer(acs3(secret="wrong")))
    assert code == "SignatureDoesNotMatch"
    assert "server string to sign is:ACS3-HMAC-SHA256\n" in words
    assert "server canonical request is:POST\n/\n" in words


def test_a_body_that_is_not_what_was_signed_is_refused() -> None:
    good = acs3(body=b"PageSize=20")
    other = Request("POST", "/", "", good.headers, b"PageSize=21")
    assert refusal(Api().service.answer(other))[1] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("name", ["authorization", "x-acs-date", "x-acs-signature-nonce"])
def test_a_call_without_a_header_that_every_call_has_is_refused(name: str) -> None:
    good = acs3()
    headers = {key: value for key, value in good.headers.items() if key != name}
    code = refusal(Api().service.answer(Request("POST", "/", "", headers)))[1]
    assert code.lower() == f"missing{name}"


def test_a_nonce_counts_in_headers_too() -> None:
    api = Api()
    assert api.service.answer(acs3()).status == 200
    assert refusal(api.service.answer(acs3()))[1] == "SignatureNonceUsed"


@pytest.mark.parametrize(
    ("name", "other"), [("action", "AllocateEipAddress"), ("version", "2014-05-26")]
)
def test_a_header_changes_nothing_of_a_call_whose_parameters_are_signed(
    name: str, other: str
) -> None:
    api = Api()
    headers = {f"x-acs-{name}": other}
    request = Request("GET", "/", urlencode(signed("DescribeVpcs")), headers)
    assert b'"Vpcs"' in api.service.answer(request).body


@pytest.mark.parametrize("name", ["x-acs-action", "x-acs-date", "x-acs-signature-nonce"])
def test_a_call_whose_headers_are_not_all_signed_is_refused(name: str) -> None:
    good = acs3()
    few = good.headers["authorization"].replace(f";{name}", "")
    request = Request("POST", "/", "", {**good.headers, "authorization": few})
    code, words = refusal(Api().service.answer(request))[1:]
    assert (code, name in words) == ("IncompleteSignature", True)


def test_a_body_that_is_not_what_its_header_says_is_refused() -> None:
    api = Api(product=fc.PRODUCT)
    digest = base64.b64encode(hashlib.md5(b"{}", usedforsecurity=False).digest()).decode()
    good = by_path("PUT /2023-03-30/functions/one", "2023-03-30", {}, more={"content-md5": digest})
    assert refusal(api.service.answer(replace(good, body=b'{"timeout":9}')))[1] == (
        "SignatureDoesNotMatch"
    )
    assert refusal(api.service.answer(good))[1] == "FunctionNotFound"


# --- which action ---------------------------------------------------------------------------------


def test_an_unknown_action_is_refused() -> None:
    status, code, words = Api().refused("DescribeClouds")
    assert (status, code) == (404, "InvalidAction.NotFound")
    assert words.startswith("Specified api is not found, please check your url and method.")


def test_an_unknown_version_is_refused() -> None:
    assert Api().refused("DescribeVpcs", Version="2001-01-01")[1] == "InvalidVersion"


def test_a_region_that_is_none_is_refused_and_not_found_empty() -> None:
    api = Api()
    for action in ("CreateVpc", "DescribeVpcs"):
        status, code, _ = api.refused(action, RegionId="cn-shangai")
        assert (status, code) == (404, "InvalidRegionId.NotFound")
    assert not api.store.all("vpc")


@pytest.mark.parametrize(
    ("action", "today"),
    [
        ("CreateNatGateway", "CreateNatGateway"),
        ("DescribeBandwidthPackages", "DescribeCommonBandwidthPackages"),
        ("AddBandwidthPackageIps", "AddCommonBandwidthPackageIp"),
    ],
)
def test_an_action_of_the_gateways_of_2014_is_refused_with_todays(action: str, today: str) -> None:
    _, code, words = Api().refused(action, Version="2014-05-26")
    assert code == "InvalidAction.NotFound"
    assert f"{today}" in words.partition("Today's actions are")[2]


def test_a_parameter_that_would_be_passed_over_is_refused() -> None:
    lab, api = lab_api()
    _, code, words = api.refused(
        "CreateNatGateway", **{"VpcId": lab.vpc.id, "BandwidthPackage.1.IpCount": "4"}
    )
    assert code == "UnsupportedParameter"
    assert "BandwidthPackage.IpCount of CreateNatGateway" in words


@pytest.mark.parametrize("name", ["VpcId.1", "VpcName.1", "IsDefault.2.Key"])
def test_a_filter_that_is_no_list_is_refused_as_one(name: str) -> None:
    _, code, words = Api().refused("DescribeVpcs", **{name: "x"})
    assert code == "InvalidParameter"
    assert "isn't a list" in words


@pytest.mark.parametrize("name", ["Tag", "Tag.Key", "Tag.0.Key", "Tag..Key"])
def test_tags_that_are_no_list_are_refused(name: str) -> None:
    _, code, words = Api().refused("DescribeVpcs", **{name: "x"})
    assert code == "InvalidParameter"
    assert "it is said as Tag.1.Key" in words


@pytest.mark.parametrize("region", ["shanghai", "cn shanghai", "../x", "cn-shanghai\n"])
def test_what_is_no_regions_name_is_refused(region: str) -> None:
    assert Api().refused("CreateVpc", RegionId=region, CidrBlock="10.0.0.0/8")[:2] == (
        404,
        "InvalidRegionId.NotFound",
    )


def test_a_parameter_that_is_needed_is_missed_by_its_name() -> None:
    assert Api().refused("CreateNatGateway")[1] == "MissingVpcId"


def test_another_path_is_no_action() -> None:
    request = by_path("GET /2023-03-30/nowhere", "2023-03-30", {})
    assert refusal(Api().service.answer(request))[1] == "InvalidAction.NotFound"


def test_what_signs_parameters_signs_no_path() -> None:
    request = Request("GET", "/2023-03-30/functions", urlencode(signed("DescribeVpcs")))
    assert refusal(Api().service.answer(request))[1] == "MissingAuthorization"


def test_a_body_that_never_ends_is_refused() -> None:
    request = Request("POST", "/", "Format=JSON", {}, b"x" * (most_bytes("/") + 1))
    assert refusal(Api().service.answer(request))[:2] == (413, "RequestEntityTooLarge")


# --- what is logged -------------------------------------------------------------------------------


def test_each_call_has_a_line_with_who_what_came_of_it_and_its_request_id() -> None:
    api = Api()
    answer = api.call("DescribeVpcs")
    api.refused("DescribeVpcs\nforged", AccessKeyId="nobody")
    good, bad = [line.split() for line in api.lines]
    assert good[1:] == ["DescribeVpcs", "root", "OK", answer["RequestId"]]
    assert bad[1:4] == ["DescribeVpcsforged", "?", "InvalidAccessKeyId.NotFound"]
