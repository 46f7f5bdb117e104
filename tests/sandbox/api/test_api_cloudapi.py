"""CloudAPI's actions on the simulated cloud: definitions, stages, who may call, instances.

Where a test's name says so it calls what the real provider calls for a kind, in its order.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.api import cloudapi
from sandbox.cloud import Resource
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import Api, served
from tests.sandbox.api.official import models_of
from tests.sandbox.api.world_cloudapi import MOCK, REQUEST, gateway_api, on_list
from tests.sandbox.gateway_lab import GatewayLab, parameter

CONTENT = {"contentTypeCatagory": "CLIENT", "contentTypeValue": ""}
SENT = {
    "serviceProtocol": "HTTP",
    "serviceAddress": "",
    "serviceHttpMethod": "POST",
    "servicePath": "/orders/[id]",
    "serviceTimeout": 10_000,
    "mock": "FALSE",
    "mockResult": "",
    "serviceVpcEnable": "FALSE",
    "functionComputeConfig": {"fcVersion": "", "onlyBusinessPath": False},
    "vpcConfig": {"name": "", "vpcScheme": ""},
    "aoneAppName": "",
    **CONTENT,
}
FUNCTION = {
    "fcVersion": "3.0",
    "fcType": "FCEvent",
    "fcRegionId": "cn-shanghai",
    "functionName": "orders",
    "roleArn": "acs:ram::1000000000000001:role/gateway",
    "onlyBusinessPath": True,
    "qualifier": "LATEST",
}
BACKENDS: dict[str, dict[str, Any]] = {
    "MOCK": MOCK,
    "HTTP": {**SENT, "serviceAddress": "http://198.51.100.7"},
    "HTTP-VPC": {
        **SENT,
        "serviceVpcEnable": "TRUE",
        "vpcConfig": {"name": "backend", "vpcScheme": "https"},
    },
    "FunctionCompute": {
        **SENT,
        "serviceProtocol": "FunctionCompute",
        "functionComputeConfig": FUNCTION,
    },
}
TOLD: dict[str, dict[str, Any]] = {
    "MOCK": {"Mock": "TRUE", "MockResult": "[]"},
    "HTTP": {"ServiceAddress": "http://198.51.100.7", "ServiceTimeout": 10_000},
    "HTTP-VPC": {"ServiceVpcEnable": "TRUE", "Mock": "FALSE", "ServicePath": "/orders/[id]"},
    "FunctionCompute": {"ServiceProtocol": "FunctionCompute", "ServiceTimeout": 10_000},
}
# As the provider states them: all three sorts in all three texts.
ASKED = [
    {"parameterType": "STRING", "apiParameterName": "id", "location": "PATH"},
    {"parameterType": "String", "apiParameterName": "from", "location": "HEAD"},
    {"parameterType": "String", "apiParameterName": "CaClientIp", "location": "HEAD"},
]
PARAMETERS: dict[str, list[dict[str, str]]] = {
    "RequestParameters": [
        {**one, "name": one["apiParameterName"], "required": "REQUIRED", "defaultValue": value}
        for one, value in zip(ASKED, ("", "gateway", ""), strict=True)
    ],
    "ServiceParameters": [
        {
            "serviceParameterName": "id",
            "location": "PATH",
            "parameterType": "STRING",
            "parameterCatalog": "REQUEST",
        },
        {
            "serviceParameterName": "from",
            "location": "HEAD",
            "parameterType": "",
            "parameterCatalog": "CONSTANT",
        },
        {
            "serviceParameterName": "ip",
            "location": "HEAD",
            "parameterType": "String",
            "parameterCatalog": "SYSTEM",
        },
    ],
    "ServiceParametersMap": [
        {"requestParameterName": "id", "serviceParameterName": "id"},
        {"requestParameterName": "from", "serviceParameterName": "from"},
        {"requestParameterName": "CaClientIp", "serviceParameterName": "ip"},
    ],
}


def definition(group: str, backend: str = "HTTP", **more: str) -> dict[str, str]:
    """What the provider says of an API."""
    return {
        "GroupId": group,
        "ApiName": "change_order",
        "Description": "Orders",
        "AuthType": "APP",
        "RequestConfig": json.dumps(REQUEST),
        "ServiceConfig": json.dumps(BACKENDS[backend]),
        **{name: json.dumps(value) for name, value in PARAMETERS.items()},
        "ResultType": "JSON",
        "ResultSample": "Result Sample",
        "Visibility": "PRIVATE",
        "AllowSignatureMethod": "HmacSHA256",
        "WebSocketApiType": "COMMON",
        "BackendEnable": "false",
        **more,
    }


def published(api: Api, stage: str = "RELEASE", **more: str) -> dict[str, str]:
    """An API that is on a stage: what names it."""
    group = api.call("CreateApiGroup", GroupName="orders")["GroupId"]
    made = api.call("CreateApi", **definition(group, **more))["ApiId"]
    which = {"GroupId": group, "ApiId": made}
    api.call("DeployApi", **which, StageName=stage, Description="Deploy")
    return which


def kept(lab: GatewayLab, identity: str, kind: str = "api_gateway_api") -> Resource:
    """What the cloud keeps, as the provider finds it."""
    found = lab.store.look(kind, identity)
    assert found is not None
    return found


# --- groups ---------------------------------------------------------------------------------------


def test_a_group_lives_as_the_provider_leads_it() -> None:
    lab, api = gateway_api()
    made = api.call("CreateApiGroup", GroupName="orders", Description="", BasePath="/v1")
    which = {"GroupId": made["GroupId"]}
    log = {"requestBody": True, "responseBody": False, "queryString": "a,b", "requestHeaders": ""}
    api.call("ModifyApiGroup", **which, UserLogConfig=json.dumps(log))
    api.call("ModifyIntranetDomainPolicy", **which, VpcIntranetEnable="true")
    told = api.call("DescribeApiGroup", **which)
    assert (told["GroupName"], told["BasePath"], told["InstanceId"]) == (
        *("orders", "/v1", "api-shared-vpc-001"),
    )
    assert told["VpcDomain"] == kept(lab, told["GroupId"], "api_gateway_group")["vpc_domain"]
    assert json.loads(told["UserLogConfig"]) == {
        "requestBody": True,
        "responseBody": False,
        "queryString": "a,b",
    }
    api.call("ModifyApiGroup", **which, GroupName="purchases", Description="", BasePath="/")
    api.call("DeleteApiGroup", **which)
    assert api.refused("DescribeApiGroup", **which)[:2] == (404, "NotFoundApiGroup")


def test_a_group_without_logs_and_intranet_tells_neither() -> None:
    lab, api = gateway_api()
    told = api.call("DescribeApiGroup", GroupId=lab.group.id)
    assert (told["UserLogConfig"], told["VpcDomain"], told["Description"]) == ("", "", "")


def test_groups_are_found_by_a_part_of_their_name_and_by_their_instance() -> None:
    lab, api = gateway_api()
    own = lab.new_api_group("more_orders", instance_id=lab.new_gateway_instance().id)

    def found(**filters: str) -> list[str]:
        answer = api.call("DescribeApiGroups", **filters)
        return [one["GroupName"] for one in answer["ApiGroupAttributes"]["ApiGroupAttribute"]]

    assert found() == ["shop", "more_orders"]
    assert found(GroupName="order") == ["more_orders"]
    assert found(InstanceId=own["instance_id"]) == ["more_orders"]
    assert found(InstanceId="api-shared-vpc-001") == ["shop"]
    assert api.refused("DescribeApiGroups", InstanceId="none")[1] == "NotFoundInstance"


# --- APIs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_api_lives_as_the_provider_leads_it(backend: str) -> None:
    lab, api = gateway_api()
    lab.new_access()
    group = lab.group.id
    which = {
        "GroupId": group,
        "ApiId": api.call("CreateApi", **definition(group, backend))["ApiId"],
    }
    for stage in ("RELEASE", "TEST"):
        api.call("DeployApi", **which, StageName=stage, Description="Deploy")
        assert api.call("DescribeDeployedApi", **which, StageName=stage)["StageName"] == stage
    told = api.call("DescribeApi", **which)
    assert told["ServiceConfig"].items() >= TOLD[backend].items()
    assert api.refused("DescribeDeployedApi", **which, StageName="PRE")[:2] == (
        *(404, "NotFoundStage"),
    )
    api.call("ModifyApi", **definition(group, backend, ApiId=which["ApiId"], Description="All"))
    assert api.call("DescribeApi", **which)["Description"] == "All"
    for stage in ("RELEASE", "TEST"):
        api.call("AbolishApi", **which, StageName=stage)
        assert api.refused("AbolishApi", **which, StageName=stage)[1] == "NotFoundStage"
    api.call("DeleteApi", **which)
    assert api.refused("DescribeApi", **which)[:2] == (404, "NotFoundApi")


def test_parameters_are_told_by_their_sort_and_no_constant_is_among_those_that_are_mapped() -> None:
    lab, api = gateway_api()
    made = api.call("CreateApi", **definition(lab.group.id))["ApiId"]
    told = api.call("DescribeApi", ApiId=made)
    assert told["RequestParameters"]["RequestParameter"] == [
        {
            "ApiParameterName": "id",
            "ParameterType": "STRING",
            "Required": "REQUIRED",
            "Location": "PATH",
            "Description": "",
            "DefaultValue": "",
        }
    ]
    assert told["ServiceParameters"]["ServiceParameter"] == [
        {"ServiceParameterName": "id", "Location": "PATH", "ParameterType": "STRING"}
    ]
    assert told["ServiceParametersMap"]["ServiceParameterMap"] == [
        {"RequestParameterName": "id", "ServiceParameterName": "id"}
    ]
    assert told["ConstantParameters"]["ConstantParameter"] == [
        {
            "ServiceParameterName": "from",
            "ConstantValue": "gateway",
            "Location": "HEAD",
            "Description": "",
        }
    ]
    assert told["SystemParameters"]["SystemParameter"] == [
        {"ParameterName": "CaClientIp", "ServiceParameterName": "ip", "Location": "HEAD"}
    ]


def test_what_is_defined_here_is_what_the_provider_finds() -> None:
    lab, api = gateway_api()
    lab.new_access()
    made = api.call("CreateApi", **definition(lab.group.id, "HTTP-VPC"))["ApiId"]
    found = kept(lab, made)
    assert found["service_type"] == "HTTP-VPC"
    assert found["request_config"] == {
        "protocol": "HTTP,HTTPS",
        "method": "POST",
        "path": "/orders/[id]",
        "mode": "MAPPING",
        "body_format": "STREAM",
    }
    assert found["http_vpc_service_config"] == {
        "name": "backend",
        "vpc_scheme": "https",
        "method": "POST",
        "path": "/orders/[id]",
        "timeout": 10_000,
        "content_type_category": "CLIENT",
        "content_type_value": found["http_vpc_service_config"]["content_type_value"],
    }
    assert found["request_parameters"] == [parameter("id", "PATH")]
    assert found["constant_parameters"] == [{"name": "from", "value": "gateway", "in": "HEAD"}]
    assert found["system_parameters"] == [
        {"name": "CaClientIp", "name_service": "ip", "in": "HEAD"}
    ]


def test_keys_may_begin_with_a_capital_and_sorts_stand_in_lists_of_their_own() -> None:
    lab, api = gateway_api()
    plain = definition(lab.group.id, "MOCK")
    for name in (*PARAMETERS, "RequestConfig"):
        del plain[name]
    request = {f"{key[0].upper()}{key[1:]}": value for key, value in REQUEST.items()}
    constant = {"ServiceParameterName": "from", "ConstantValue": "here", "Location": "HEAD"}
    system = {"ParameterName": "CaClientIp", "ServiceParameterName": "ip", "Location": "QUERY"}
    made = api.call(
        "CreateApi",
        **plain,
        RequestConfig=json.dumps({**request, "RequestPath": "/orders"}),
        ConstantParameters=json.dumps([constant]),
        SystemParameters=json.dumps([system]),
    )["ApiId"]
    told = api.call("DescribeApi", ApiId=made)
    assert told["RequestConfig"]["RequestPath"] == "/orders"
    assert told["ConstantParameters"]["ConstantParameter"] == [{**constant, "Description": ""}]
    assert told["SystemParameters"]["SystemParameter"] == [system]


def test_an_api_that_gets_another_backend_has_that_one_alone() -> None:
    lab, api = gateway_api()
    made = api.call("CreateApi", **definition(lab.group.id))["ApiId"]
    api.call("ModifyApi", **definition(lab.group.id, "MOCK", ApiId=made))
    told = api.call("DescribeApi", ApiId=made)["ServiceConfig"]
    assert (told["Mock"], told["MockResult"]) == ("TRUE", "[]")
    assert "ServiceAddress" not in told
    assert kept(lab, made)["http_service_config"] is None


@pytest.mark.parametrize(
    ("parameter", "text", "code"),
    [
        ("RequestConfig", "{", "InvalidParameter"),
        ("RequestConfig", "[]", "InvalidParameter"),
        ("RequestConfig", "{}", "MissingRequestProtocol"),
        ("ServiceConfig", '{"serviceTimeout": "soon"}', "MissingServiceHttpMethod"),
        ("ServiceConfig", json.dumps({**SENT, "serviceTimeout": "soon"}), "InvalidParameter"),
        ("ServiceConfig", json.dumps({**SENT, "serviceAddress": None}), "MissingServiceAddress"),
        ("RequestParameters", "[1]", "InvalidParameter"),
        ("RequestParameters", "[]", "InvalidServiceParametersMap"),
        ("ServiceParameters", "[]", "InvalidServiceParametersMap"),
        ("ServiceParametersMap", "[]", "InvalidServiceParametersMap"),
        ("AppCodeAuthType", "BODY", "InvalidParameter"),
        ("AuthType", "NOBODY", "InvalidAuthType"),
        ("GroupId", "none", "NotFoundApiGroup"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(parameter: str, text: str, code: str) -> None:
    lab, api = gateway_api()
    stated = {**definition(lab.group.id), parameter: text}
    assert api.refused("CreateApi", **stated)[1] == code


def test_an_api_is_found_in_its_own_group_alone() -> None:
    lab, api = gateway_api()
    made = lab.new_api().id
    other = lab.new_api_group().id
    for action in ("DescribeApi", "DeleteApi"):
        assert api.refused(action, ApiId=made, GroupId=other)[:2] == (404, "NotFoundApi")
    assert api.call("DescribeApi", ApiId=made)["GroupId"] == lab.group.id


def test_a_stage_keeps_what_was_published_until_it_is_published_anew() -> None:
    _, api = gateway_api()
    which = published(api)
    api.call("DeployApi", **which, StageName="TEST", Description="Deploy")
    change = {"AuthType": "ANONYMOUS", "Description": "Anybody"}
    api.call("ModifyApi", ApiId=which["ApiId"], **change)
    api.call("ModifyApi", ApiId=which["ApiId"], Description="Really")

    def on(stage: str) -> tuple[str, str]:
        told = api.call("DescribeDeployedApi", **which, StageName=stage)
        return told["AuthType"], told["Description"]

    assert on("TEST") == on("RELEASE") == ("APP", "Orders")
    api.call("DeployApi", **which, StageName="TEST", Description="Deploy")
    assert (on("TEST"), on("RELEASE")) == (("ANONYMOUS", "Really"), ("APP", "Orders"))
    rows = api.call("DescribeDeployedApis", GroupId=which["GroupId"])["DeployedApis"]
    assert [(one["StageName"], one["Description"]) for one in rows["DeployedApiItem"]] == [
        *(("RELEASE", "Orders"), ("TEST", "Really")),
    ]
    api.call("AbolishApi", **which, StageName="RELEASE")
    api.call("DeployApi", **which, StageName="RELEASE", Description="Deploy")
    assert on("RELEASE") == ("ANONYMOUS", "Really")


def test_what_the_provider_edits_is_published_anew() -> None:
    lab, api = gateway_api()
    which = published(api)
    api.call("ModifyApi", ApiId=which["ApiId"], Description="Older")
    lab.store.update("api_gateway_api", which["ApiId"], {"description": "Newer"})
    told = api.call("DescribeDeployedApi", **which, StageName="RELEASE")
    assert told["Description"] == "Newer"


def test_a_published_api_and_a_group_with_apis_stay() -> None:
    _, api = gateway_api()
    which = published(api)
    assert api.refused("DeleteApi", ApiId=which["ApiId"])[1] == "DependencyViolationApi"
    assert api.refused("DeleteApiGroup", GroupId=which["GroupId"])[1].startswith("Dependency")


def test_apis_are_found_by_what_they_are_and_come_in_pages() -> None:
    lab, api = gateway_api()
    for number in range(12):
        lab.new_api(f"/users/{number}", name=f"user_{number}", stage_names=[])

    def found(**filters: str) -> list[str]:
        rows = api.call("DescribeApis", **filters)["ApiSummarys"]["ApiSummary"]
        return [one["ApiName"] for one in rows]

    assert found(ApiName="user_1") == ["user_1", "user_10", "user_11"]
    assert found(ApiPath="/users/3") == ["user_3"]
    assert found(GroupId=lab.group.id, PageNumber="2") == ["user_10", "user_11"]
    assert api.refused("DescribeApis", GroupId="none")[1] == "NotFoundApiGroup"


# --- who may call ---------------------------------------------------------------------------------


def test_an_app_lives_as_the_provider_leads_it() -> None:
    _, api = gateway_api()
    app = api.call("CreateApp", AppName="mobile", Description="Phones")["AppId"]
    which = {"AppId": str(app)}
    tagged = {"ResourceType": "app", "ResourceId.1": str(app)}
    api.call("TagResources", **tagged, **{"Tag.1.Key": "team", "Tag.1.Value": "shop"})
    (tag,) = api.call("ListTagResources", **tagged)["TagResources"]["TagResource"]
    assert (tag["ResourceId"], tag["TagKey"], tag["TagValue"]) == (str(app), "team", "shop")
    told = api.call("DescribeApp", **which)
    assert (told["AppId"], told["AppName"], told["Description"]) == (app, "mobile", "Phones")
    api.call("UntagResources", **tagged, **{"TagKey.1": "team"})
    api.call("ModifyApp", **which, AppName="tablet")
    api.call("DeleteApp", **which)
    assert api.refused("DescribeApp", **which)[:2] == (404, "NotFoundApp")
    assert api.call("ListTagResources", **tagged)["TagResources"]["TagResource"] == []


def test_an_apps_secrets_are_its_own_and_drawn_anew_when_asked() -> None:
    _, api = gateway_api()
    ids = [str(api.call("CreateApp", AppName=name)["AppId"]) for name in ("phone", "watch")]
    one, other = (api.call("DescribeAppSecurity", AppId=app) for app in ids)
    for name in ("AppKey", "AppSecret", "AppCode"):
        assert one[name] != other[name]
    (row,) = api.call("DescribeAppSecurities", AppId=ids[0])["AppSecuritys"]["AppSecurity"]
    assert one.items() > row.items()
    api.call("ResetAppSecret", AppKey=one["AppKey"])
    api.call("ResetAppCode", AppCode=one["AppCode"], NewAppCode="mine")
    now = api.call("DescribeAppSecurity", AppId=ids[0])
    assert (now["AppKey"], now["AppCode"]) == (one["AppKey"], "mine")
    assert now["AppSecret"] != one["AppSecret"]
    api.call("ResetAppSecret", AppKey=one["AppKey"], NewAppKey="another", NewAppSecret="known")
    now = api.call("DescribeAppSecurity", AppId=ids[0])
    assert (now["AppKey"], now["AppSecret"]) == ("another", "known")
    assert api.refused("ResetAppCode", AppCode=one["AppCode"])[:2] == (404, "NotFoundAppCode")
    assert api.refused("CreateApp", AppName="third", AppKey="another")[1] == "RepeatedAppKey"


def test_an_authorization_lives_as_the_provider_leads_it() -> None:
    _, api = gateway_api()
    which = {**published(api), "StageName": "RELEASE"}
    apps = [str(api.call("CreateApp", AppName=name)["AppId"]) for name in ("phone", "watch")]

    def allowed() -> list[str]:
        rows = api.call("DescribeAuthorizedApps", **which)["AuthorizedApps"]["AuthorizedApp"]
        return [str(one["AppId"]) for one in rows]

    assert allowed() == []
    api.call("SetAppsAuthorities", **which, AppIds=apps[0])
    assert allowed() == apps[:1]
    api.call("SetAppsAuthorities", **which, AppIds=",".join(apps))
    assert allowed() == apps
    (row,) = api.call("DescribeAuthorizedApis", AppId=apps[1])["AuthorizedApis"]["AuthorizedApi"]
    assert (row["ApiId"], row["ApiName"]) == (which["ApiId"], "change_order")
    api.call("RemoveAppsAuthorities", **which, AppIds=apps[0])
    refused = api.refused("RemoveAppsAuthorities", **which, AppIds=apps[0])
    assert refused[:2] == (404, "NotFoundAuthorization")
    del which["ApiId"]
    named = {**which, "AppId": apps[1], "ApiIds": row["ApiId"]}
    api.call("RemoveApisAuthorities", **named)
    api.call("SetApisAuthorities", **named)


def test_of_several_apps_none_gets_in_where_one_does_not_exist() -> None:
    lab, api = gateway_api()
    which = {**published(api), "StageName": "RELEASE"}
    app = str(api.call("CreateApp", AppName="phone")["AppId"])
    refused = api.refused("SetAppsAuthorities", **which, AppIds=f"{app},1")
    assert refused[:2] == (404, "NotFoundApp")
    assert lab.store.all("api_gateway_app_attachment") == []
    apps = ",".join(["1"] * 101)
    assert api.refused("SetAppsAuthorities", **which, AppIds=apps)[1] == "InvalidParameter"
    assert api.refused("SetAppsAuthorities", **{**which, "StageName": "PRE"}, AppIds=app)[1] == (
        "NotFoundStage"
    )


# --- backends and plugins -------------------------------------------------------------------------


def test_a_vpc_access_lives_as_the_provider_leads_it() -> None:
    lab, api = gateway_api()
    where = {"VpcId": lab.vpc.id, "InstanceId": lab.server.id, "Port": "8080"}
    made = api.call("SetVpcAccess", **where, Name="backend")["VpcAccessId"]
    lab.new_access("backends")

    def found(**filters: str) -> list[Any]:
        return api.call("DescribeVpcAccesses", **filters)["VpcAccessAttributes"][
            "VpcAccessAttribute"
        ]

    (row,) = found(**where, Name="backend", PageNumber="1", PageSize="50")
    assert (row["Port"], row["VpcAccessId"], row["Name"]) == (8080, made, "backend")
    assert row["VpcTargetHostName"] == ""
    assert [one["Port"] for one in found(Name="backend")] == [8080, 80]
    assert [one["Name"] for one in found(Port="80")] == ["backends"]
    api.call("RemoveVpcAccess", **where)
    assert found(Port="8080") == []
    assert api.refused("RemoveVpcAccess", **where)[:2] == (404, "NotFoundVpcAccess")


def test_a_plugin_lives_as_the_provider_leads_it() -> None:
    _, api = gateway_api()
    data = json.dumps({"allowOrigins": "*"})
    made = api.call("CreatePlugin", PluginName="cors", PluginType="cors", PluginData=data)
    which = {"PluginId": made["PluginId"]}
    tagged = {"ResourceType": "plugin", "ResourceId.1": made["PluginId"]}
    api.call("TagResources", **tagged, **{"Tag.1.Key": "team", "Tag.1.Value": "shop"})
    (row,) = api.call("DescribePlugins", **which)["Plugins"]["PluginAttribute"]
    assert (row["PluginData"], row["Description"]) == (data, "")
    assert row["Tags"] == {"TagInfo": [{"Key": "team", "Value": "shop"}]}
    assert row["CreatedTime"]
    api.call("ModifyPlugin", **which, PluginName="all_origins", PluginData=data)
    on = {**published(api), "StageName": "RELEASE"}
    api.call("AttachPlugin", **on, **which)
    (row,) = api.call("DescribePluginsByApi", **on)["Plugins"]["PluginAttribute"]
    assert (row["PluginId"], row["PluginName"]) == (made["PluginId"], "all_origins")
    (row,) = api.call("DescribePluginApis", **which)["ApiSummarys"]["ApiPluginSummary"]
    assert (row["ApiId"], row["StageName"]) == (on["ApiId"], "RELEASE")
    assert api.refused("DeletePlugin", **which)[1] == "DependencyViolationPlugin"
    api.call("DetachPlugin", **on, **which)
    assert api.call("DescribePluginsByApi", **on)["Plugins"]["PluginAttribute"] == []
    api.call("DeletePlugin", **which)
    assert api.call("DescribePlugins", **which)["Plugins"]["PluginAttribute"] == []


# --- instances ------------------------------------------------------------------------------------


def new_instance(api: Api, **more: str) -> str:
    stated = {
        "Token": "once",
        "InstanceName": "front",
        "InstanceSpec": "api.s1.small",
        "ChargeType": "PayAsYouGo",
        "HttpsPolicy": "HTTPS2_TLS1_2",
    }
    return api.call("CreateInstance", **{**stated, **more})["InstanceId"]


def instances(api: Api, **filters: str) -> list[dict[str, Any]]:
    return api.call("DescribeInstances", **filters)["Instances"]["InstanceAttribute"]


def test_an_instance_lives_as_the_provider_leads_it() -> None:
    lab, api = gateway_api()
    lab.store.instance_seconds = 60
    which = {"InstanceId": new_instance(api)}
    assert new_instance(api) == which["InstanceId"]  # the same token
    assert instances(api, **which)[0]["Status"] == "Pending"
    lab.store.instance_seconds = 0
    api.call(
        "ModifyInstanceAttribute",
        **which,
        InstanceName="door",
        HttpsPolicy="HTTPS2_TLS1_0",
        EgressIpv6Enable="false",
        VpcSlbIntranetEnable="true",
        IPV6Enabled="false",
    )
    api.call("ModifyInstanceSpec", **which, Token="two", InstanceSpec="api.s1.medium")
    ingress = {"VpcId": lab.vpc.id, "VpcOwnerId": "1", "VswitchId": lab.vswitch.id}
    api.call("ModifyInstanceVpcAttributeForConsole", **which, Token="three", **ingress)
    (told,) = instances(api, **which)
    assert told["Status"] == "RUNNING"
    assert (told["InstanceName"], told["HttpsPolicies"]) == ("door", "HTTPS2_TLS1_0")
    assert (told["InstanceSpec"], told["VpcSlbIntranetEnable"]) == ("api.s1.medium", True)
    assert (told["InstanceChargeType"], told["DedicatedInstanceType"]) == ("PayAsYouGo", "normal")
    assert (told["UserVpcId"], told["VpcOwnerId"], told["UserVswitchId"]) == (
        *(lab.vpc.id, 1, lab.vswitch.id),
    )
    api.call("ModifyInstanceVpcAttributeForConsole", **which, VpcId="-", DeleteVpcAccess="true")
    api.call("DeleteInstance", **which)
    assert instances(api, **which) == []


def test_an_instance_says_nothing_of_an_owner_and_of_lists_that_it_has_not() -> None:
    _, api = gateway_api()
    new_instance(api)
    (told,) = instances(api)
    assert not told.keys() & {"VpcOwnerId", "AclId", "AclType", "IPV6AclId"}
    assert (told["UserVpcId"], told["ConnectVpcId"]) == ("", "")


def test_an_instance_in_a_vpc_tells_its_cards() -> None:
    lab, api = gateway_api()
    card = {
        "ZoneId": "cn-shanghai-a",
        "VSwitchId": lab.vswitch.id,
        "CidrBlock": "192.168.1.0/24",
        "SecurityGroupId": "sg-1",
    }
    new_instance(
        api,
        InstanceType="vpc_connect",
        UserVpcId=lab.vpc.id,
        InstanceCidr="172.16.0.0/12",
        **{f"ZoneVSwitchSecurityGroup.1.{name}": value for name, value in card.items()},
    )
    (told,) = instances(api)
    assert (told["ConnectVpcId"], told["InstanceCidrBlock"]) == (lab.vpc.id, "172.16.0.0/12")
    card["VswitchId"] = card.pop("VSwitchId")
    assert told["NetworkInterfaceAttributes"] == {"NetworkInterfaceAttribute": [card]}


def test_an_instance_is_paid_for_in_either_way_in_the_sdks_and_the_providers_words() -> None:
    _, api = gateway_api()
    period = {"PricingCycle": "month", "Duration": "1"}
    for number, (words, told) in enumerate(
        [
            *(("PostPaid", "PayAsYouGo"), ("PayAsYouGo", "PayAsYouGo")),
            *(("PrePaid", "PrePaid"), ("PREPAY", "PrePaid")),
        ]
    ):
        made = new_instance(api, Token=str(number), ChargeType=words, **period)
        assert instances(api, InstanceId=made)[0]["InstanceChargeType"] == told
    free = {"Token": "5", "InstanceName": "a", "InstanceSpec": "b", "ChargeType": "Free"}
    assert api.refused("CreateInstance", **free)[1] == "InvalidParameter"


def test_an_access_list_lives_as_the_provider_leads_it() -> None:
    lab, api = gateway_api()
    acl = api.call("CreateAccessControlList", AclName="office", AddressIPVersion="ipv4")["AclId"]
    one, two = {"entry": "203.0.113.0/24", "comment": "Shanghai"}, {"Entry": "198.51.100.0/24"}
    which = {"AclId": acl}

    def entries() -> list[dict[str, str]]:
        told = api.call("DescribeAccessControlListAttribute", **which)
        return told["AclEntrys"]["AclEntry"]

    assert entries() == []
    api.call("AddAccessControlListEntry", **which, AclEntrys=json.dumps([one]))
    api.call("AddAccessControlListEntry", **which, AclEntrys=json.dumps([one, two]))
    assert entries() == [
        {"AclEntryIp": "203.0.113.0/24", "AclEntryComment": "Shanghai"},
        {"AclEntryIp": "198.51.100.0/24", "AclEntryComment": ""},
    ]
    heeded = {"InstanceId": new_instance(api), "AclId": acl}
    api.call("EnableInstanceAccessControl", **heeded, AclType="white")
    (told,) = instances(api)
    assert (told["AclId"], told["AclType"], told["AclName"]) == (acl, "white", "office")
    assert api.refused("DeleteAccessControlList", **which)[1] == "DependencyViolationAcl"
    api.call("DisableInstanceAccessControl", **heeded)
    refused = api.refused("DisableInstanceAccessControl", **heeded)
    assert refused[:2] == (404, "NotFoundAclAttachment")
    api.call("RemoveAccessControlListEntry", **which, AclEntrys=json.dumps([one]))
    assert [row["AclEntryIp"] for row in entries()] == ["198.51.100.0/24"]
    api.call("DeleteAccessControlList", **which)
    refused = api.refused("DescribeAccessControlListAttribute", **which)
    assert refused[:2] == (404, "NotFoundAccessControlList")
    assert lab.store.all("api_gateway_acl_entry_attachment") == []


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"entry": "203.0.113.0/24"}, {"entry": "office"}], "InvalidAclEntry"),
        ([], "InvalidParameter"),
        ([{"entry": f"203.0.113.{number}/32"} for number in range(51)], "InvalidParameter"),
        ([{"comment": "none"}], "Missingentry"),
    ],
)
def test_of_several_entries_none_is_added_where_one_is_refused(
    entries: list[dict[str, str]], code: str
) -> None:
    lab, api = gateway_api()
    acl = api.call("CreateAccessControlList", AclName="office")["AclId"]
    stated = {"AclId": acl, "AclEntrys": json.dumps(entries)}
    assert api.refused("AddAccessControlListEntry", **stated)[1] == code
    assert lab.store.all("api_gateway_acl_entry_attachment") == []


def test_lists_of_addresses_are_found_by_their_name_and_version() -> None:
    lab, api = gateway_api()
    instance = lab.new_gateway_instance()
    for name, version in (("office", "ipv4"), ("office6", "ipv6")):
        on_list(lab, name, version, instance)

    def found(**filters: str) -> list[str]:
        rows = api.call("DescribeAccessControlLists", **filters)["Acls"]["Acl"]
        return [one["AclName"] for one in rows]

    assert found(AclName="office") == ["office", "office6"]
    assert found(AddressIPVersion="ipv6") == ["office6"]


def test_a_log_lives_as_the_provider_leads_it() -> None:
    _, api = gateway_api()
    kind = {"LogType": "PROVIDER"}
    api.call("CreateLogConfig", **kind, SlsProject="logs", SlsLogStore="calls")

    def told() -> list[tuple[str, str]]:
        rows = api.call("DescribeLogConfig", **kind)["LogInfos"]["LogInfo"]
        return [(one["SlsProject"], one["SlsLogStore"]) for one in rows]

    assert told() == [("logs", "calls")]
    api.call("ModifyLogConfig", **kind, SlsProject="logs", SlsLogStore="all")
    assert told() == [("logs", "all")]
    api.call("DeleteLogConfig", **kind)
    assert told() == []


def test_what_the_provider_made_is_told_here() -> None:
    lab, api = gateway_api()
    told = api.call("DescribeApi", ApiId=lab.new_api().id)
    assert told["ServiceConfig"]["MockResult"] == "[]"
    assert [row["StageName"] for row in told["DeployedInfos"]["DeployedInfo"]] == ["RELEASE"]
    assert (told["Visibility"], told["ForceNonceCheck"]) == ("PRIVATE", False)


# --- over HTTP ------------------------------------------------------------------------------------


def test_the_official_sdk_leads_a_gateway_through_its_whole_life(tmp_path: Path) -> None:
    models: Any = models_of(cloudapi.PRODUCT)

    def ask(name: str, **attributes: Any) -> Any:
        return getattr(models, f"{name}Request")(**attributes)

    with served(tmp_path, ROOT / "Pulumi.dev.yaml") as cloud:
        sdk = cloud.official(cloudapi.PRODUCT)
        group = sdk.create_api_group(ask("CreateApiGroup", group_name="orders")).body
        stated = {
            "api_name": "list_orders",
            "auth_type": "APP",
            "request_config": json.dumps({**REQUEST, "requestPath": "/orders"}),
            "service_config": json.dumps(MOCK),
            "visibility": "PRIVATE",
        }
        which = {"group_id": group.group_id}
        which["api_id"] = sdk.create_api(ask("CreateApi", **which, **stated)).body.api_id
        stage = {**which, "stage_name": "RELEASE"}
        sdk.deploy_api(ask("DeployApi", **stage, description="first"))
        sdk.modify_api(ask("ModifyApi", **which, **stated, description="All orders"))
        api = sdk.describe_api(ask("DescribeApi", **which)).body
        assert (api.description, api.service_config.mock_result) == ("All orders", "[]")
        assert [one.stage_name for one in api.deployed_infos.deployed_info] == ["RELEASE"]

        app = sdk.create_app(ask("CreateApp", app_name="mobile")).body.app_id
        tag = models.TagResourcesRequestTag(key="team", value="shop")
        tagged = {"resource_type": "app", "resource_id": [str(app)]}
        sdk.tag_resources(ask("TagResources", **tagged, tag=[tag]))
        (row,) = sdk.list_tag_resources(
            ask("ListTagResources", **tagged)
        ).body.tag_resources.tag_resource
        assert (row.tag_key, row.tag_value) == ("team", "shop")
        sdk.set_apps_authorities(ask("SetAppsAuthorities", **stage, app_ids=str(app)))
        (row,) = sdk.describe_authorized_apps(
            ask("DescribeAuthorizedApps", **stage)
        ).body.authorized_apps.authorized_app
        assert (row.app_id, row.app_name) == (app, "mobile")
        assert cloud.store.look("api_gateway_api", which["api_id"])

        sdk.remove_apps_authorities(ask("RemoveAppsAuthorities", **stage, app_ids=str(app)))
        sdk.delete_app(ask("DeleteApp", app_id=app))
        sdk.abolish_api(ask("AbolishApi", **stage))
        sdk.delete_api(ask("DeleteApi", **which))
        sdk.delete_api_group(ask("DeleteApiGroup", group_id=group.group_id))
        assert cloud.store.all() == []
