"""What the program makes, stated and read as the real provider does both.

What it states again the cloud tells alike, and what it reads is what a state has: else a second
`pulumi up` would change something. Names are written here by hand, not by what answers to them.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from facts.contract import camel, contract_of_kind
from sandbox.api import cloudapi
from sandbox.cloud import Resource, Store
from tests.recorded_state import EXAMPLES, RecordingStore, built
from tests.sandbox.api.api_lab import Api

STACKS = [file for file in EXAMPLES if "apiGateway:" in file.read_text("utf-8")]
OF_ITS_OWN = {"ApiId", "ApiName", "CreatedTime", "DeployedInfos", "GroupId", "GroupName"}


@functools.cache
def example(file: Path) -> Store:
    """What the program makes of a stack file."""
    store = RecordingStore()
    built(file, store)
    return store


def request(api: Resource) -> dict[str, str]:
    asked = api["request_config"]
    return {
        "requestProtocol": asked["protocol"],
        "requestHttpMethod": asked["method"],
        "requestPath": asked["path"],
        "requestMode": asked["mode"],
        "bodyFormat": asked.get("body_format", ""),
    }


def backend(api: Resource) -> dict[str, Any]:
    kind = api["service_type"]
    if kind == "MOCK":
        mock = api["mock_service_config"]
        return {"serviceProtocol": "HTTP", "mock": "TRUE", "mockResult": mock["result"]}
    if kind == "FunctionCompute":
        to = api["fc_service_config"]
        return {
            "serviceProtocol": kind,
            "serviceTimeout": to["timeout"],
            "mock": "FALSE",
            "serviceVpcEnable": "FALSE",
            "contentTypeCatagory": "CLIENT",
            "functionComputeConfig": {
                "fcVersion": to.get("function_version", "2.0"),
                "fcType": to.get("function_type", ""),
                "fcBaseUrl": to.get("function_base_url", ""),
                "path": to.get("path", ""),
                "method": to.get("method", ""),
                "onlyBusinessPath": to.get("only_business_path", False),
                "qualifier": to.get("qualifier", ""),
                "fcRegionId": to["region"],
                "serviceName": to.get("service_name", ""),
                "functionName": to.get("function_name", ""),
                "roleArn": to["arn_role"],
                "contentTypeCatagory": to.get("content_type_category", ""),
                "contentTypeValue": to.get("content_type_value", ""),
            },
        }
    to = api["http_vpc_service_config" if kind == "HTTP-VPC" else "http_service_config"]
    return {
        "serviceProtocol": "HTTP",
        "serviceAddress": to.get("address", ""),
        "serviceHttpMethod": to["method"],
        "servicePath": to["path"],
        "serviceTimeout": to["timeout"],
        "mock": "FALSE",
        "serviceVpcEnable": "TRUE" if kind == "HTTP-VPC" else "FALSE",
        "vpcConfig": {"name": to.get("name", ""), "vpcScheme": to.get("vpc_scheme", "")},
        "aoneAppName": to.get("aone_name", ""),
        "contentTypeCatagory": to.get("content_type_category", ""),
        "contentTypeValue": to.get("content_type_value", ""),
    }


def mapped(api: Resource) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Each parameter as it is asked for, and as it is sent on."""
    for one in api["request_parameters"] or ():
        yield (
            {
                "parameterType": one["type"],
                "apiParameterName": one["name"],
                "description": one.get("description", ""),
                "location": one["in"],
                "required": one["required"],
                "defaultValue": one.get("default_value", ""),
            },
            {
                "serviceParameterName": one["name_service"],
                "location": one["in_service"],
                "parameterType": one["type"],
                "parameterCatalog": "REQUEST",
            },
        )
    for one in api["constant_parameters"] or ():
        yield (
            {
                "apiParameterName": one["name"],
                "location": one["in"],
                "description": one.get("description", ""),
                "defaultValue": one["value"],
            },
            {
                "serviceParameterName": one["name"],
                "location": one["in"],
                "parameterCatalog": "CONSTANT",
            },
        )
    for one in api["system_parameters"] or ():
        yield (
            {"apiParameterName": one["name"], "location": one["in"]},
            {
                "serviceParameterName": one["name_service"],
                "location": one["in"],
                "parameterCatalog": "SYSTEM",
            },
        )


def stated(api: Resource) -> dict[str, str]:
    """The parameters by which the provider defines an API."""
    pairs = list(mapped(api))
    texts = {
        "RequestConfig": request(api),
        "ServiceConfig": backend(api),
        "RequestParameters": [asked for asked, _ in pairs],
        "ServiceParameters": [sent for _, sent in pairs],
        "ServiceParametersMap": [
            {
                "requestParameterName": asked["apiParameterName"],
                "serviceParameterName": sent["serviceParameterName"],
            }
            for asked, sent in pairs
        ],
    }
    return {
        "ApiName": api["name"],
        "AuthType": api["auth_type"],
        "Description": api.text("description"),
        "ForceNonceCheck": str(api["force_nonce_check"]).lower(),
        "AppCodeAuthType": api.text("app_code_auth_type"),
        **{name: json.dumps(value) for name, value in texts.items()},
    }


# --- what the provider reads ----------------------------------------------------------------------

Read = Mapping[str, Any]


def renamed(told: Read, names: str) -> dict[str, Any]:
    """`name:GroupName …` of an answer; a name alone is the same in capitals."""
    pairs = (one.partition(":")[::2] for one in names.split())
    return {name: told.get(key or name.title().replace("_", "")) for name, key in pairs}


def read_group(api: Api, one: Resource) -> Read:
    told = api.call("DescribeApiGroup", RegionId=one.region, GroupId=one.id)
    log = json.loads(told["UserLogConfig"] or "{}")
    keys = "request_body response_body query_string request_headers response_headers jwt_claims"
    return {
        **renamed(told, "name:GroupName description sub_domain vpc_domain instance_id base_path"),
        "vpc_intranet_enable": told["VpcDomain"] != "",
        "user_log_config": {key: log.get(camel(key)) for key in keys.split()},
    }


_BACKEND = "path:ServicePath method:ServiceHttpMethod timeout:ServiceTimeout "
_CONTENT = "content_type_category:ContentTypeCatagory content_type_value "
_FUNCTION = (
    "region:RegionId function_version:FcVersion function_type:FcType function_base_url:FcBaseUrl "
    "path method only_business_path qualifier function_name service_name arn_role:RoleArn "
)


def read_api(api: Api, one: Resource) -> Read:
    where = {"RegionId": one.region, "ApiId": one.id, "GroupId": one["group_id"]}
    told = api.call("DescribeApi", **where)
    service = told["ServiceConfig"]
    if service["Mock"] == "TRUE":
        kind, config = "MOCK", ("mock", renamed(service, "result:MockResult"))
    elif service["ServiceVpcEnable"] == "TRUE":
        vpc = renamed(service["VpcConfig"], "name vpc_scheme")
        kind = "HTTP-VPC"
        config = ("http_vpc", {**vpc, **renamed(service, _BACKEND + _CONTENT)})
    elif service["ServiceProtocol"] == "FunctionCompute":
        inner = renamed(service["FunctionComputeConfig"], _FUNCTION + _CONTENT)
        kind = "FunctionCompute"
        config = ("fc", {**inner, "timeout": service["ServiceTimeout"]})
    else:
        names = f"address:ServiceAddress {_BACKEND} {_CONTENT}"
        kind, config = "HTTP", ("http", renamed(service, names))
    return {
        **renamed(told, "api_id group_id name:ApiName description auth_type force_nonce_check"),
        **renamed(told, "app_code_auth_type backend_enabled:BackendEnable"),
        "request_config": renamed(
            told["RequestConfig"],
            "protocol:RequestProtocol method:RequestHttpMethod path:RequestPath mode:RequestMode "
            "body_format",
        ),
        "service_type": kind,
        f"{config[0]}_service_config": config[1],
        "request_parameters": list(read_parameters(told)),
        "constant_parameters": [
            renamed(row, "name:ServiceParameterName in:Location value:ConstantValue description")
            for row in told["ConstantParameters"]["ConstantParameter"]
        ],
        "system_parameters": [
            renamed(row, "name:ParameterName in:Location name_service:ServiceParameterName")
            for row in told["SystemParameters"]["SystemParameter"]
        ],
        "stage_names": [stage for stage in ("RELEASE", "PRE", "TEST") if is_on(api, where, stage)],
    }


def is_on(api: Api, where: Mapping[str, str], stage: str) -> bool:
    sent = api.send(api.signed("DescribeDeployedApi", **where, StageName=stage))
    return sent.status == 200 or b"NotFoundStage" not in sent.body


def read_parameters(told: Read) -> Iterator[Read]:
    sent = {
        row["ServiceParameterName"]: row for row in told["ServiceParameters"]["ServiceParameter"]
    }
    asked = {row["ApiParameterName"]: row for row in told["RequestParameters"]["RequestParameter"]}
    for pair in told["ServiceParametersMap"]["ServiceParameterMap"]:
        to, of = sent[pair["ServiceParameterName"]], asked[pair["RequestParameterName"]]
        yield {
            **renamed(to, "name_service:ServiceParameterName in_service:Location"),
            **renamed(of, "name:ApiParameterName type:ParameterType required in:Location"),
            **renamed(of, "description default_value"),
        }


def read_app(api: Api, one: Resource) -> Read:
    where = {"RegionId": one.region}
    told = api.call("DescribeApp", **where, AppId=one.id)
    tags = {"ResourceType": "app", "ResourceId.1": one.id}
    rows = api.call("ListTagResources", **where, **tags)["TagResources"]["TagResource"]
    return {
        **renamed(told, "name:AppName description"),
        "tags": {row["TagKey"]: row["TagValue"] for row in rows},
    }


def read_access(api: Api, one: Resource) -> Read:
    asked = {"VpcId": one["vpc_id"], "InstanceId": one["instance_id"], "Port": str(one["port"])}
    told = api.call("DescribeVpcAccesses", RegionId=one.region, Name=one["name"], **asked)
    (row,) = told["VpcAccessAttributes"]["VpcAccessAttribute"]
    return renamed(row, "name vpc_id instance_id port vpc_target_host_name vpc_access_id")


def read_plugin(api: Api, one: Resource) -> Read:
    told = api.call("DescribePlugins", RegionId=one.region, PluginId=one.id)
    (row,) = told["Plugins"]["PluginAttribute"]
    names = "create_time:CreatedTime description plugin_data plugin_name plugin_type"
    return {
        **renamed(row, names),
        "tags": {tag["Key"]: tag["Value"] for tag in row["Tags"]["TagInfo"]},
    }


def read_instance(api: Api, one: Resource) -> Read:
    told = api.call("DescribeInstances", RegionId=one.region, InstanceId=one.id)
    (row,) = told["Instances"]["InstanceAttribute"]
    return {
        **renamed(row, "create_time:CreatedTime https_policy:HttpsPolicies instance_name"),
        **renamed(row, "instance_spec instance_type:DedicatedInstanceType status zone_id"),
        **renamed(
            row, "payment_type:InstanceChargeType egress_ipv6_enable vpc_slb_intranet_enable"
        ),
        **renamed(row, "support_ipv6 instance_cidr:InstanceCidrBlock user_vpc_id:ConnectVpcId"),
        **renamed(row, "connect_cidr_blocks ingress_vpc_id:UserVpcId"),
        **renamed(row, "ingress_vswitch_id:UserVswitchId"),
        "ingress_vpc_owner_id": str(row.get("VpcOwnerId", "")),
    }


def read_list(api: Api, one: Resource) -> Read:
    told = api.call("DescribeAccessControlListAttribute", RegionId=one.region, AclId=one.id)
    rows = told["AclEntrys"]["AclEntry"]
    return {
        **renamed(told, "access_control_list_name:AclName address_ip_version:AddressIPVersion"),
        "acl_entrys": [renamed(row, "acl_entry_comment acl_entry_ip") for row in rows],
    }


READ: Mapping[str, Callable[[Api, Resource], Read]] = {
    "api_gateway_group": read_group,
    "api_gateway_api": read_api,
    "api_gateway_app": read_app,
    "api_gateway_vpc_access": read_access,
    "api_gateway_plugin": read_plugin,
    "api_gateway_instance": read_instance,
    "api_gateway_access_control_list": read_list,
}


def kept(values: Read, kind: str) -> dict[str, Any]:
    """What a state keeps of values: what is empty is as if it weren't set."""
    known = contract_of_kind(kind).fields
    return {name: bare(value) for name, value in values.items() if name in known and bare(value)}


def bare(value: Any) -> Any:
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return {name: bare(it) for name, it in inner.items() if bare(it)}
    if isinstance(value, list):
        return sorted(map(bare, cast("list[Any]", value)), key=str)
    return value


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.name)
def test_what_the_provider_reads_of_an_example_is_what_its_state_has(file: Path) -> None:
    store = example(file)
    api = Api(cloudapi.PRODUCT, store)
    for kind, read in READ.items():
        for one in store.all(kind):
            assert kept(read(api, one), kind) == kept(one.attributes, kind)


# --- what it states again -------------------------------------------------------------------------


def plain(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in told.keys() - OF_ITS_OWN - {"RequestId"}}


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.name)
def test_an_api_of_an_example_that_is_stated_again_is_told_the_same(file: Path) -> None:
    store = example(file)
    store.set_quota("api_groups_without_domain", 500)
    api = Api(cloudapi.PRODUCT, store)
    defined = store.all("api_gateway_api")
    assert defined
    for number, one in enumerate(defined):
        where = {"RegionId": one.region}
        group = api.call("CreateApiGroup", **where, GroupName=f"again_{number}")["GroupId"]
        made = api.call("CreateApi", **where, **stated(one), GroupId=group)["ApiId"]
        before, again = (api.call("DescribeApi", **where, ApiId=it) for it in (one.id, made))
        assert plain(again) == plain(before)
