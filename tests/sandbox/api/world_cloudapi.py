"""An account with an API Gateway, and parameters that are right for every action on it."""

import json
from typing import Any

from sandbox.api import cloudapi
from sandbox.cloud import Resource
from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.world import World
from tests.sandbox.gateway_lab import GatewayLab, new_gateway_lab, parameter

REQUEST = {
    "requestProtocol": "HTTP,HTTPS",
    "requestHttpMethod": "POST",
    "requestPath": "/orders/[id]",
    "requestMode": "MAPPING",
    "bodyFormat": "STREAM",
}
MOCK = {
    "serviceProtocol": "HTTP",
    "serviceAddress": "http://www.aliyun.com",
    "serviceHttpMethod": "GET",
    "serviceTimeout": 30,
    "mock": "TRUE",
    "mockResult": "[]",
    "serviceVpcEnable": "FALSE",
}


def gateway_api() -> tuple[GatewayLab, Api]:
    """An API Gateway in a cloud, and the API over it."""
    lab = new_gateway_lab()
    return lab, Api(cloudapi.PRODUCT, lab.store)


def on_list(lab: GatewayLab, name: str, version: str, instance: Resource) -> Resource:
    """A list of addresses that an instance heeds."""
    asked = {"access_control_list_name": name, "address_ip_version": version}
    acl = lab.store.create("api_gateway_access_control_list", asked)
    heeded = {"instance_id": instance.id, "acl_id": acl.id, "acl_type": "white"}
    lab.store.create("api_gateway_instance_acl_attachment", heeded)
    return acl


def of_cloudapi() -> World:
    lab, api = gateway_api()
    tagged: dict[str, Any] = {"tags": {"team": "shop"}}
    lab.new_access()
    made = lab.new_api(
        "/users/[id]",
        request_parameters=[parameter("id", "PATH")],
        constant_parameters=[{"name": "from", "in": "HEAD", "value": "gateway"}],
        system_parameters=[{"name": "CaClientIp", "name_service": "ip", "in": "HEAD"}],
        app_code_auth_type="HEADER",
        service_type="HTTP-VPC",
        http_vpc_service_config={
            "name": "backend",
            "path": "/users/[id]",
            "method": "GET",
            "timeout": 1000,
        },
        mock_service_config=None,
    )
    app, plugin = lab.new_app(), lab.new_plugin()
    lab.authorize(app, made)
    lab.attach_plugin(plugin, made)
    instance = lab.new_gateway_instance(
        ingress_vpc_id=lab.vpc.id, ingress_vswitch_id=lab.vswitch.id
    )
    acl = on_list(lab, "office", "ipv4", instance)
    on_list(lab, "office6", "ipv6", instance)
    log = {"log_type": "PROVIDER", "sls_project": "logs", "sls_log_store": "calls"}
    lab.store.create("api_gateway_log_config", log)
    entry = {"acl_id": acl.id, "entry": "203.0.113.0/24", "comment": "Shanghai"}
    lab.store.create("api_gateway_acl_entry_attachment", entry)
    for one in (lab.group, app, plugin, instance):
        lab.store.update(one.kind, one.id, tagged)
    return World(
        api,
        {
            "AclEntrys": json.dumps([{"entry": "198.51.100.0/24"}]),
            "AclId": acl.id,
            "AclName": "home",
            "AclType": "black",
            "ApiId": made.id,
            "ApiIds": made.id,
            "ApiName": "list_orders",
            "AppCode": "none",
            "AppId": app.id,
            "AppIds": app.id,
            "AppKey": "none",
            "AppName": "desktop",
            "AuthType": "APP",
            "ChargeType": "PostPaid",
            "GroupId": lab.group.id,
            "GroupName": "orders",
            "InstanceId": instance.id,
            "InstanceName": "back",
            "InstanceSpec": "api.s1.medium",
            "LogType": "PROVIDER",
            "Name": "other",
            "PluginData": json.dumps({"allowOrigins": "*"}),
            "PluginId": plugin.id,
            "PluginName": "cors",
            "PluginType": "cors",
            "Port": "8080",
            "RequestConfig": json.dumps({**REQUEST, "requestPath": "/orders"}),
            "ResourceId.1": app.id,
            "ResourceType": "app",
            "ServiceConfig": json.dumps(MOCK),
            "SetVpcAccess InstanceId": lab.server.id,
            "SlsLogStore": "all",
            "SlsProject": "logs",
            "StageName": "RELEASE",
            "Tag.1.Key": "a",
            "Token": "once",
            "VpcId": lab.vpc.id,
            "VpcIntranetEnable": "true",
        },
    )
