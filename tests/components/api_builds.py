"""Every component of API Gateway, and what stands behind it, built in each way that matters."""

from pathlib import Path

import pulumi

import components as c
from tests.components.builds import TAGS

CODE = str(Path(__file__).parents[1] / "data" / "phone-lookup")


def api_instance(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiGatewayInstance(
        "gw",
        {
            "instance_name": "shop-gw",
            "instance_spec": "api.s1.small",
            "https_policy": "HTTPS2_TLS1_2",
            "zone_id": "cn-shanghai-MAZ1(b,e)",
            "ingress": {
                "vpc_id": "vpc-1",
                "vswitch_id": "vsw-1",
                "vpc_owner_id": "123456789012",
            },
            "self_call": True,
        },
        opts,
    )


def guarded_api_instance(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiGatewayInstance(
        "gw",
        {
            "instance_name": "shop-gw",
            "instance_spec": "api.s1.small",
            "https_policy": "HTTPS2_TLS1_0",
            "deletion_protection": True,
        },
        opts,
    )


def api_group(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiGroup(
        "shop",
        {
            "group_name": "shop",
            "description": "the shop's APIs",
            "instance_id": "apigateway-1",
            "base_path": "/shop",
            "intranet": True,
        },
        opts,
    )


def api_vpc_access(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiVpcAccess(
        "ingress",
        {"access_name": "shop-ingress", "vpc_id": "vpc-1", "instance_id": "lb-1", "port": 80},
        opts,
    )


def http_api(opts: pulumi.ResourceOptions | None) -> None:
    c.Api(
        "orders",
        {
            "api_name": "orders",
            "group_id": "group-1",
            "description": "orders of a user",
            "request": {
                "method": "GET",
                "path": "/users/[id]/orders",
                "protocol": "HTTPS",
                "mode": "MAPPING",
            },
            "auth_type": "APP",
            "backend": {
                "http": {
                    "address": "http://backend1.example.com:8080",
                    "path": "/orders/[user]",
                    "method": "POST",
                    "timeout": 7000,
                }
            },
            "stage_name": "RELEASE",
            "request_parameters": {
                "page": {"location": "QUERY", "type": "INT", "default": "1"},
                "id": {
                    "location": "PATH",
                    "required": True,
                    "description": "whose",
                    "backend_name": "user",
                    "backend_location": "HEAD",
                },
            },
            "constant_parameters": {"host": {"location": "HEAD", "value": "shop.example.com"}},
            "system_parameters": {"CaClientIp": {"location": "HEAD", "backend_name": "X-Ip"}},
            "force_nonce_check": True,
            "apps": {"web": {"id": "1234", "was": "site"}, "batch": {"id": "1235"}},
            "plugins": {"trafficControl": {"id": "plugin-1", "was": "limits"}},
        },
        opts,
    )


def api_to(backend: c.ApiBackendArgs) -> c.ApiArgs:
    """A plain API of that backend."""
    return {
        "api_name": "plain",
        "group_id": "group-1",
        "description": "plain",
        "request": {"method": "GET", "path": "/", "protocol": "HTTPS", "mode": "PASSTHROUGH"},
        "auth_type": "ANONYMOUS",
        "backend": backend,
        "stage_name": "TEST",
    }


def vpc_api(opts: pulumi.ResourceOptions | None) -> None:
    backend: c.ApiVpcBackendArgs = {"access_name": "ingress", "path": "/tomcat", "method": "GET"}
    c.Api("tomcat", api_to({"vpc": backend}), opts)


def function_api(opts: pulumi.ResourceOptions | None) -> None:
    backend: c.ApiFunctionBackendArgs = {
        "function_name": "phone-lookup",
        "region": "cn-shanghai",
        "role_arn": "acs:ram::123456789012:role/shop-invoker",
        "timeout": 60_000,
    }
    c.Api("lookup", api_to({"function": backend}), opts)


def canary_api(opts: pulumi.ResourceOptions | None) -> None:
    backend: c.ApiFunctionBackendArgs = {
        "function_name": "phone-lookup",
        "region": "cn-beijing",
        "role_arn": "acs:ram::123456789012:role/canary",
        "qualifier": "canary",
    }
    api = api_to({"function": backend})
    api["request"] = {
        "method": "PUT",
        "path": "/upload",
        "protocol": "HTTPS",
        "mode": "MAPPING",
        "body_format": "STREAM",
    }
    c.Api("lookup", api, opts)


def encrypted_vpc_api(opts: pulumi.ResourceOptions | None) -> None:
    backend: c.ApiVpcBackendArgs = {
        "access_name": "ingress",
        "path": "/tomcat",
        "method": "HEAD",
        "scheme": "HTTPS",
        "timeout": 7000,
    }
    c.Api("tomcat", api_to({"vpc": backend}), opts)


def short_http_api(opts: pulumi.ResourceOptions | None) -> None:
    backend: c.ApiHttpBackendArgs = {
        "address": "https://backend1.example.com",
        "path": "/",
        "method": "DELETE",
    }
    c.Api("plain", api_to({"http": backend}), opts)


def mock_api(opts: pulumi.ResourceOptions | None) -> None:
    c.Api("later", api_to({"mock": {"result": '{"msg":"ok"}'}}), opts)


def api_app(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiApp("web", {"app_name": "shop_web", "description": "the website", "tags": TAGS}, opts)


def api_plugin(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiPlugin(
        "limits",
        {
            "plugin_name": "shop_limits",
            "plugin_type": "trafficControl",
            "plugin_data": '{"unit":"SECOND","apiDefault":100}',
            "description": "100 calls a second",
            "tags": TAGS,
        },
        opts,
    )


def api_access_log(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiAccessLog("calls", {"sls_project": "shop-logs", "sls_log_store": "apis"}, opts)


def api_access_control(opts: pulumi.ResourceOptions | None) -> None:
    c.ApiAccessControl(
        "door",
        {
            "instance_id": "apigateway-1",
            "list_name": "shop-door",
            "mode": "allow",
            "entries": {
                "office": {"cidr": "203.0.113.0/24", "comment": "the office", "was": "bureau"},
                "branch": {"cidr": "198.51.100.0/25"},
            },
        },
        opts,
    )


def function(opts: pulumi.ResourceOptions | None) -> None:
    c.Function(
        "lookup",
        {"function_name": "lookup", "code": CODE, "handler": "index.handler", "tags": TAGS},
        opts,
    )


def function_in_a_vpc(opts: pulumi.ResourceOptions | None) -> None:
    c.Function(
        "lookup",
        {
            "function_name": "phone-lookup",
            "code": CODE,
            "handler": "index.handler",
            "runtime": "python3.10",
            "description": "where a phone number is from",
            "memory": 1024,
            "cpu": 0.5,
            "timeout": 10,
            "environment": {"APP_CODE": pulumi.Output.secret("hush"), "MODE": "fast"},
            "role_arn": "acs:ram::123456789012:role/lookup",
            "vpc": {"vpc_id": "vpc-1", "vswitch_ids": ["vsw-1"], "security_group_id": "sg-1"},
            "internet_access": False,
            "tags": TAGS,
        },
        opts,
    )


def function_in_a_group_of_its_own(opts: pulumi.ResourceOptions | None) -> None:
    c.Function(
        "lookup",
        {
            "function_name": "phone-lookup",
            "code": CODE,
            "handler": "index.handler",
            "role_arn": "acs:ram::123456789012:role/lookup",
            "vpc": {"vpc_id": "vpc-1", "vswitch_ids": ["vsw-1"]},
            "tags": TAGS,
        },
        opts,
    )


def function_invoker(opts: pulumi.ResourceOptions | None) -> None:
    c.FunctionInvoker(
        "lookup-invoker",
        {
            "function_arn": "acs:fc:cn-shanghai:123456789012:functions/lookup",
            "role_name": "shop-lookup-invoker",
            "tags": TAGS,
        },
        opts,
    )


def function_invoker_with_its_own_policy(opts: pulumi.ResourceOptions | None) -> None:
    c.FunctionInvoker(
        "lookup-invoker",
        {
            "function_arn": "acs:fc:cn-shanghai:123456789012:functions/lookup",
            "role_name": "shop-lookup-invoker",
            "policy_name": "shop-invoke-lookup",
            "tags": TAGS,
        },
        opts,
    )


def guarded_load_balancer(opts: pulumi.ResourceOptions | None) -> None:
    """It asks servers by http, on whose connections it doesn't look."""
    c.IntranetLoadBalancer(
        "lb",
        {
            "vswitch_id": "vsw-1",
            "address": "10.0.1.100",
            "listener": {"protocol": "tcp", "port": 443, "health_check_path": "/health"},
            "servers": {"ecs1": {"server_id": "i-1", "port": 8443}},
            "deletion_protection": True,
            "protect": False,
            "tags": TAGS,
        },
        opts,
    )


def intranet_load_balancer(opts: pulumi.ResourceOptions | None) -> None:
    c.IntranetLoadBalancer(
        "lb",
        {
            "load_balancer_name": "shop-lb",
            "vswitch_id": "vsw-1",
            "listener": {"protocol": "http", "port": 80, "health_check_path": "/health"},
            "servers": {
                "ecs1": {"server_id": "i-1", "port": 8080, "weight": 50, "was": "web"},
                "ecs2": {"server_id": "i-2", "port": 8080},
            },
            "tags": TAGS,
        },
        opts,
    )


API_BUILDS = [
    api_instance,
    guarded_api_instance,
    api_group,
    api_vpc_access,
    http_api,
    short_http_api,
    vpc_api,
    encrypted_vpc_api,
    function_api,
    canary_api,
    mock_api,
    api_app,
    api_plugin,
    api_access_log,
    api_access_control,
    function,
    function_in_a_vpc,
    function_in_a_group_of_its_own,
    function_invoker,
    function_invoker_with_its_own_policy,
    intranet_load_balancer,
    guarded_load_balancer,
]
