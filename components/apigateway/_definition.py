"""What an API is made of, as arguments and as the provider takes them.

`Api` is made of these: what clients send, which backend it goes to, and the parameters between. Of
the provider's four backend types and the field that each of them has, only the right pair can be
said here.

Source: API Gateway, "CreateApi".
"""

from collections.abc import Mapping
from typing import Any, Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

DEFAULT_TIMEOUT: Final = 10_000  # milliseconds, as in the console


class ApiRequestArgs(TypedDict):
    """What clients send."""

    method: str
    """GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS or ANY."""

    path: str
    """The path, with path parameters in brackets: /users/[id]."""

    protocol: str
    """"HTTP", "HTTPS" or "HTTP,HTTPS"."""

    mode: str
    """"MAPPING": only the parameters that are listed; "PASSTHROUGH": whatever clients send."""

    body_format: NotRequired[str | None]
    """"FORM" or "STREAM", for methods that have a body; POST and PUT need it with "MAPPING"."""


class ApiHttpBackendArgs(TypedDict):
    """A backend that the gateway reaches by an address."""

    address: pulumi.Input[str]
    """Protocol, host and port: http://backend1.example.com:8080."""

    path: str
    """The path there."""

    method: str
    """The method there."""

    timeout: NotRequired[int]
    """Milliseconds that it may take; 10000 unless given."""


class ApiVpcBackendArgs(TypedDict):
    """A backend inside a VPC."""

    access_name: pulumi.Input[str]
    """The authorization to reach it: `ApiVpcAccess.name`, never its text."""

    path: str
    """The path there."""

    method: str
    """The method there."""

    scheme: NotRequired[str]
    """"HTTP" or "HTTPS"; HTTP unless given."""

    timeout: NotRequired[int]
    """Milliseconds that it may take; 10000 unless given."""


class ApiFunctionBackendArgs(TypedDict):
    """An event function of Function Compute 3.0."""

    function_name: pulumi.Input[str]
    """The function: `Function.function_name`."""

    region: pulumi.Input[str]
    """Where it runs."""

    role_arn: pulumi.Input[str]
    """The RAM role by which the gateway may invoke it: `FunctionInvoker.role_arn`."""

    qualifier: NotRequired[str]
    """Its version or alias; LATEST unless given."""

    timeout: NotRequired[int]
    """Milliseconds that it may take, no less than the function's own limit; 10000 unless given."""


class ApiMockBackendArgs(TypedDict):
    """A fixed answer."""

    result: str
    """The body."""


class ApiBackendArgs(TypedDict):
    """Where requests go: exactly one of these."""

    http: NotRequired[ApiHttpBackendArgs]
    """By address."""

    vpc: NotRequired[ApiVpcBackendArgs]
    """Inside a VPC."""

    function: NotRequired[ApiFunctionBackendArgs]
    """A function."""

    mock: NotRequired[ApiMockBackendArgs]
    """A fixed answer."""


class ApiRequestParameterArgs(TypedDict):
    """A parameter that clients send, and where it goes."""

    location: str
    """"HEAD", "QUERY", "PATH" or "BODY"."""

    type: NotRequired[str]
    """"STRING", "INT", "LONG", "FLOAT", "DOUBLE" or "BOOLEAN"; STRING unless given."""

    required: NotRequired[bool]
    """Whether requests without it are refused. Off unless given."""

    default: NotRequired[str | None]
    """Its value where clients leave it out."""

    description: NotRequired[str | None]
    """A sentence about it."""

    backend_name: NotRequired[str | None]
    """Its name towards the backend; the same unless given."""

    backend_location: NotRequired[str | None]
    """Its place towards the backend; the same unless given."""


class ApiConstantParameterArgs(TypedDict):
    """A parameter that the gateway adds, the same in every request."""

    location: str
    """"HEAD" or "QUERY"."""

    value: pulumi.Input[str]
    """Its value."""

    description: NotRequired[str | None]
    """A sentence about it."""


class ApiSystemParameterArgs(TypedDict):
    """A parameter that the gateway knows by itself, such as CaClientIp."""

    location: str
    """"HEAD" or "QUERY"."""

    backend_name: str
    """Its name towards the backend."""


def service(name: str, backend: ApiBackendArgs) -> dict[str, Any]:
    """The backend of the API `name` as the provider takes it: a type, and its field.

    Raises:
        ValueError: there is none, or more than one.
    """
    if len(backend) != 1:
        given = ", ".join(sorted(backend)) or "none"
        message = f"Api {name}: needs one backend of http, vpc, function and mock, and has {given}"
        raise ValueError(message)
    if "http" in backend:
        return {"service_type": "HTTP", "http_service_config": _http(backend["http"])}
    if "vpc" in backend:
        return {"service_type": "HTTP-VPC", "http_vpc_service_config": _vpc(backend["vpc"])}
    if "function" in backend:
        function = _function(backend["function"])
        return {"service_type": "FunctionCompute", "fc_service_config": function}
    if "mock" in backend:
        mock = apigateway.ApiMockServiceConfigArgs(result=backend["mock"]["result"])
        return {"service_type": "MOCK", "mock_service_config": mock}
    message = f"Api {name}: there is no backend of the kind {next(iter(backend))}"
    raise ValueError(message)


def _http(args: ApiHttpBackendArgs) -> "apigateway.ApiHttpServiceConfigArgs":
    return apigateway.ApiHttpServiceConfigArgs(
        address=args["address"],
        path=args["path"],
        method=args["method"],
        timeout=args.get("timeout", DEFAULT_TIMEOUT),
    )


def _vpc(args: ApiVpcBackendArgs) -> "apigateway.ApiHttpVpcServiceConfigArgs":
    return apigateway.ApiHttpVpcServiceConfigArgs(
        name=args["access_name"],
        path=args["path"],
        method=args["method"],
        vpc_scheme=args.get("scheme", "HTTP"),
        timeout=args.get("timeout", DEFAULT_TIMEOUT),
    )


def _function(args: ApiFunctionBackendArgs) -> "apigateway.ApiFcServiceConfigArgs":
    return apigateway.ApiFcServiceConfigArgs(
        function_version="3.0",  # the provider's own default is 2.0, where functions had services
        function_type="FCEvent",
        function_name=args["function_name"],
        region=args["region"],
        arn_role=args["role_arn"],
        qualifier=args.get("qualifier", "LATEST"),
        timeout=args.get("timeout", DEFAULT_TIMEOUT),
    )


def request_parameters(
    args: Mapping[str, ApiRequestParameterArgs],
) -> "list[apigateway.ApiRequestParameterArgs]":
    """What clients send, by name."""
    return [
        apigateway.ApiRequestParameterArgs(
            name=name,
            in_=one["location"],
            type=one.get("type", "STRING"),
            required="REQUIRED" if one.get("required", False) else "OPTIONAL",
            default_value=one.get("default"),
            description=one.get("description"),
            name_service=one.get("backend_name") or name,
            in_service=one.get("backend_location") or one["location"],
        )
        for name, one in sorted(args.items())
    ]


def constant_parameters(
    args: Mapping[str, ApiConstantParameterArgs],
) -> "list[apigateway.ApiConstantParameterArgs]":
    """What the gateway adds, by name."""
    return [
        apigateway.ApiConstantParameterArgs(
            name=name, in_=one["location"], value=one["value"], description=one.get("description")
        )
        for name, one in sorted(args.items())
    ]


def system_parameters(
    args: Mapping[str, ApiSystemParameterArgs],
) -> "list[apigateway.ApiSystemParameterArgs]":
    """What the gateway knows, by the name that it has there."""
    return [
        apigateway.ApiSystemParameterArgs(
            name=name, in_=one["location"], name_service=one["backend_name"]
        )
        for name, one in sorted(args.items())
    ]
