"""An API group that somebody made by calls of the cloud's API, as a console does."""

import base64
import io
import json
import zipfile
from typing import Any

from sandbox.api import cloudapi, fc, vpc
from sandbox.api.ecs import PRODUCT as ECS
from sandbox.cloud import Store
from tests.sandbox.api.api_lab import Api

__all__ = ["BACKENDS", "CODE", "ApisByHand", "shop_apis"]

CODE = "def handler(event, context):\n    return event\n"
STAGE = "RELEASE"
ROLE = "acs:ram::1000000000000001:role/gateway"
BACKENDS: dict[str, dict[str, Any]] = {
    "mock": {"Mock": "TRUE", "MockResult": '{"ok": true}'},
    "http": {
        "ServiceProtocol": "HTTP",
        "ServiceAddress": "https://backend.example.com:8443",
        "ServicePath": "/orders/[id]",
        "ServiceHttpMethod": "GET",
        "ServiceTimeout": 3000,
    },
    "vpc": {
        "ServiceVpcEnable": "TRUE",
        "VpcConfig": {"Name": "Ingress", "VpcScheme": "HTTP"},
        "ServicePath": "/orders",
        "ServiceHttpMethod": "POST",
        "ServiceTimeout": 10_000,
    },
    "function": {
        "ServiceProtocol": "FunctionCompute",
        "ServiceTimeout": 10_000,
        "FunctionComputeConfig": {
            "FcVersion": "3.0",
            "FcType": "FCEvent",
            "FcRegionId": "cn-shanghai",
            "FunctionName": "lookup",
            "RoleArn": ROLE,
            "Qualifier": "LATEST",
        },
    },
}


class ApisByHand:
    """Who makes things, by calls alone."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.instance_seconds = 0
        self.gateway = Api(cloudapi.PRODUCT, store)

    def group(self, name: str = "shop_apis", **more: str) -> str:
        return self.gateway.call("CreateApiGroup", GroupName=name, **more)["GroupId"]

    def api(
        self,
        group: str,
        name: str,
        request: dict[str, str],
        service: dict[str, Any],
        *stages: str,
        **more: Any,
    ) -> str:
        asked = {"RequestProtocol": "HTTPS", "RequestMode": "MAPPING", **request}
        said = {key: one if isinstance(one, str) else json.dumps(one) for key, one in more.items()}
        definition = {
            "GroupId": group,
            "ApiName": name,
            "Visibility": "PRIVATE",
            "AuthType": "APP",
            "Description": "Made by hand",
            "RequestConfig": json.dumps(asked),
            "ServiceConfig": json.dumps(service),
        }
        api = self.gateway.call("CreateApi", **{**definition, **said})["ApiId"]
        for stage in stages or (STAGE,):
            self.gateway.call("DeployApi", GroupId=group, ApiId=api, StageName=stage)
        return api

    def app(self, name: str, **more: str) -> str:
        return str(self.gateway.call("CreateApp", AppName=name, **more)["AppId"])

    def allow(self, app: str, group: str, api: str, stage: str = STAGE) -> None:
        named = {"GroupId": group, "ApiId": api, "AppIds": app, "StageName": stage}
        self.gateway.call("SetAppsAuthorities", **named)

    def plugin(self, name: str, kind: str, data: object) -> str:
        text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
        asked = {"PluginName": name, "PluginType": kind, "PluginData": text}
        return self.gateway.call("CreatePlugin", **asked)["PluginId"]

    def attach(self, plugin: str, group: str, api: str, stage: str = STAGE) -> None:
        named = {"GroupId": group, "ApiId": api, "PluginId": plugin, "StageName": stage}
        self.gateway.call("AttachPlugin", **named)

    def function(self, name: str = "lookup", **more: Any) -> str:
        """A function, its code packed as somebody else's tool packs it."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("index.py", CODE)
            packed.writestr("data/places.txt", "上海\n")
        stated = {
            "functionName": name,
            "runtime": "python3.10",
            "handler": "index.handler",
            "code": {"zipFile": base64.b64encode(archive.getvalue()).decode()},
            **more,
        }
        said = {key: it if isinstance(it, str) else json.dumps(it) for key, it in stated.items()}
        return self.gateway.of(fc.PRODUCT).call("CreateFunction", **said)["functionName"]

    def access(self, name: str = "Ingress", port: int = 8080) -> tuple[str, str]:
        """An authorization of a server's port; returns VPC and server."""
        network = self.gateway.of(vpc.PRODUCT)
        where = network.call("CreateVpc", CidrBlock="10.0.0.0/16")["VpcId"]
        inside = {"VpcId": where, "CidrBlock": "10.0.1.0/24", "ZoneId": "cn-shanghai-a"}
        vswitch = network.call("CreateVSwitch", **inside)["VSwitchId"]
        servers = self.gateway.of(ECS)
        group = servers.call("CreateSecurityGroup", VpcId=where)["SecurityGroupId"]
        asked = {
            "VSwitchId": vswitch,
            "SecurityGroupId": group,
            "InstanceType": "ecs.g6.large",
            "ImageId": "aliyun_3_x64_20G_alibase_20240528.vhd",
        }
        server = servers.call("RunInstances", **asked)["InstanceIdSets"]["InstanceIdSet"][0]
        named = {"Name": name, "VpcId": where, "InstanceId": server, "Port": str(port)}
        self.gateway.call("SetVpcAccess", **named)
        return where, server


def shop_apis(hand: ApisByHand) -> dict[str, str]:
    """A group with an API of each kind, and something of everything on them; ids by names."""
    group = hand.group(BasePath="/shop", Description="The shop")
    hand.gateway.call("ModifyIntranetDomainPolicy", GroupId=group, VpcIntranetEnable="true")
    hand.access()
    get = {"RequestHttpMethod": "GET", "RequestPath": "/orders/[id]"}
    parameters = {
        "RequestParameters": [
            {
                "ApiParameterName": "id",
                "Location": "PATH",
                "ParameterType": "STRING",
                "Required": "REQUIRED",
                "Description": "Which order",
            },
            {
                "ApiParameterName": "page",
                "Location": "QUERY",
                "ParameterType": "INT",
                "Required": "OPTIONAL",
                "DefaultValue": "1",
            },
        ],
        "ServiceParameters": [
            {"ServiceParameterName": "id", "Location": "PATH", "ParameterCatalog": "REQUEST"},
            {"ServiceParameterName": "p", "Location": "HEAD", "ParameterCatalog": "REQUEST"},
        ],
        "ServiceParametersMap": [
            {"RequestParameterName": "id", "ServiceParameterName": "id"},
            {"RequestParameterName": "page", "ServiceParameterName": "p"},
        ],
        "ConstantParameters": [
            {"ServiceParameterName": "from", "ConstantValue": "gateway", "Location": "HEAD"}
        ],
        "SystemParameters": [
            {"ParameterName": "CaClientIp", "ServiceParameterName": "ip", "Location": "HEAD"}
        ],
    }
    one = hand.api(group, "get_order", get, BACKENDS["http"], **parameters)
    post = {
        "RequestHttpMethod": "POST",
        "RequestPath": "/orders",
        "BodyFormat": "STREAM",
        "RequestProtocol": "HTTP,HTTPS",
    }
    two = hand.api(group, "add_order", post, BACKENDS["vpc"], ForceNonceCheck="true")
    hand.function(memorySize=1024, cpu=0.5, timeout=8, environmentVariables={"MODE": "fast"})
    three = hand.api(
        group,
        "look_up",
        {"RequestHttpMethod": "GET", "RequestPath": "/lookup", "RequestMode": "PASSTHROUGH"},
        BACKENDS["function"],
        AppCodeAuthType="HEADER",
    )
    four = hand.api(
        group,
        "查询状态",
        {"RequestHttpMethod": "GET", "RequestPath": "/status"},
        BACKENDS["mock"],
        AuthType="ANONYMOUS",
    )
    app = hand.app("mobile_app", Description="Phones")
    cors = hand.plugin("cors", "cors", {"allowOrigins": "shop.example.com", "allowMethods": "GET"})
    limits = hand.plugin("limits", "trafficControl", "unit: MINUTE\napiDefault: 100  # all\n")
    for api in (one, two):
        hand.allow(app, group, api)
        hand.attach(limits, group, api)
    hand.attach(cors, group, four)
    return {
        "group": group,
        "get_order": one,
        "add_order": two,
        "look_up": three,
        "function": "lookup",
        "status": four,
        "app": app,
        "cors": cors,
        "limits": limits,
    }
