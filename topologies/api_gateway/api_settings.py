"""Settings of one API: what clients send, where it goes, and who may call it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from stack.ids import RoleArn
from stack.model import Model, Name, OrEmpty
from topologies.api_gateway.methods import Method
from topologies.api_gateway.release_settings import ReleaseSettings, SampleSettings

DEFAULT_TIMEOUT = 10_000  # milliseconds; the gateway's own default


class Auth(StrEnum):
    """Who may call an API."""

    APP = "app"
    """Apps that are authorized, by signature or AppCode."""

    ANONYMOUS = "anonymous"
    """Everybody."""


class Scheme(StrEnum):
    """Protocols between clients and the gateway."""

    HTTP = "http"
    HTTPS = "https"
    BOTH = "http,https"


class RequestMode(StrEnum):
    """How requests get to the backend."""

    MAPPING = "mapping"
    """Only the parameters that are listed, checked and renamed as they say."""

    PASSTHROUGH = "passthrough"
    """Whatever the client sends."""


class Location(StrEnum):
    """Where a parameter stands in a request."""

    HEADER = "header"
    QUERY = "query"
    PATH = "path"
    FORM = "form"


class BodyFormat(StrEnum):
    """How a request's body is read."""

    FORM = "form"
    """As names and values, of which parameters are made."""

    STREAM = "stream"
    """As it comes: JSON, say."""


class ParameterType(StrEnum):
    """Types that the gateway checks."""

    STRING = "string"
    INT = "int"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"
    BOOLEAN = "boolean"


class HttpBackend(Model):
    """A backend that the gateway reaches by a public or intranet address."""

    url: str = Field(examples=["http://backend1.example.com:8080/business1"])
    """Protocol, host, port and path. Parameters of the path in brackets: /users/[id]."""

    method: Method | None = Field(default=None, strict=False, examples=["GET"])
    """The method towards the backend; the API's unless given."""


class VpcBackend(Model):
    """A backend inside a VPC, through an authorization of `vpcAccess`."""

    access: str = Field(examples=["ingress"])
    """The name of the authorization."""

    path: str = Field(examples=["/tomcat"])
    """The path towards the backend."""

    method: Method | None = Field(default=None, strict=False, examples=["GET"])
    """The method towards the backend; the API's unless given."""

    scheme: Scheme = Field(default=Scheme.HTTP, strict=False)
    """http unless given."""


class FunctionBackend(Model):
    """A function of Function Compute 3.0."""

    function: str = Field(examples=["phone-lookup"])
    """The name of a function of `functions`; or with `role`, of one that exists."""

    role: RoleArn | None = Field(default=None, examples=["acs:ram::123456789012****:role/gateway"])
    """The RAM role by which the gateway may invoke it. One of `functions` gets a role of its own
    unless given, but for production."""

    qualifier: str = Field(default="LATEST", examples=["LATEST"])
    """Its version or alias."""


class MockBackend(Model):
    """A fixed answer, for APIs whose backend isn't there yet."""

    result: str = Field(examples=['{"status": "0", "msg": "ok"}'])
    """The body."""


class BackendSettings(Model):
    """Where requests go: exactly one of `http`, `vpc`, `function` and `mock`."""

    http: HttpBackend | None = None
    """By address."""

    vpc: VpcBackend | None = None
    """Inside a VPC."""

    function: FunctionBackend | None = None
    """A function."""

    mock: MockBackend | None = None
    """A fixed answer."""

    timeout: Annotated[int, Field(ge=1, le=600_000)] = DEFAULT_TIMEOUT
    """Milliseconds that the backend may take."""


class ParameterSettings(Model):
    """A parameter that clients send, and where it goes."""

    location: Location = Field(alias="in", strict=False, examples=["query"])
    """header, query, path or form."""

    type: ParameterType = Field(default=ParameterType.STRING, strict=False)
    """The type that the gateway checks; string unless given."""

    required: bool = False
    """Whether requests without it are refused."""

    default: str | None = Field(default=None, examples=["1"])
    """Its value where clients leave it out."""

    description: str | None = None
    """A sentence about it."""

    backend_name: str | None = Field(default=None, examples=["userId"])
    """Its name towards the backend; the same unless given."""

    backend_in: Location | None = Field(default=None, strict=False, examples=["header"])
    """Its place towards the backend; the same unless given."""


class ConstantSettings(Model):
    """A parameter that the gateway adds, the same in every request."""

    location: Location = Field(alias="in", strict=False, examples=["header"])
    """header or query."""

    value: str = Field(examples=["tomcat.example.com"])
    """Its value."""

    description: str | None = None
    """A sentence about it."""


class SystemParameterSettings(Model):
    """A parameter that the gateway knows by itself, such as the client's address."""

    location: Location = Field(alias="in", strict=False, examples=["header"])
    """header or query."""

    backend_name: str = Field(examples=["X-Client-Ip"])
    """Its name towards the backend."""


class ApiSettings(Model):
    """One API: a method and a path of a group, and the backend behind it."""

    group: str = Field(examples=["shop"])
    """The name of its group."""

    method: Method = Field(strict=False, examples=["GET"])
    """The method that clients use."""

    path: str = Field(examples=["/users/[id]"])
    """The path, with path parameters in brackets."""

    description: str | None = None
    """A sentence about it; its name unless given."""

    protocol: Scheme = Field(default=Scheme.HTTPS, strict=False)
    """Protocols that clients may use; https unless given."""

    auth: Auth = Field(default=Auth.APP, strict=False)
    """Who may call it: apps that are authorized (`app`), or everybody (`anonymous`)."""

    apps: list[str] = Field(default_factory=list[str], examples=[["caller"]])
    """The names of the apps that may call it."""

    mode: RequestMode = Field(default=RequestMode.MAPPING, strict=False)
    """How requests get to the backend; mapping unless given."""

    body_format: BodyFormat | None = Field(default=None, strict=False, examples=["stream"])
    """How a body gets to the backend in the mode mapping: form (names and values; so where a
    parameter is in: form) or stream (as it comes)."""

    backend: BackendSettings = Field(
        examples=[{"http": {"url": "http://backend1.example.com:8080/business1"}}]
    )
    """Where requests go."""

    parameters: dict[str, ParameterSettings] = Field(
        default_factory=dict[str, ParameterSettings], examples=[{"id": {"in": "path"}}]
    )
    """Parameters that clients send, by name."""

    constants: dict[str, ConstantSettings] = Field(
        default_factory=dict[str, ConstantSettings],
        examples=[{"host": {"in": "header", "value": "tomcat.example.com"}}],
    )
    """Parameters that the gateway adds, by name."""

    system_parameters: dict[str, SystemParameterSettings] = Field(
        default_factory=dict[str, SystemParameterSettings],
        examples=[{"CaClientIp": {"in": "header", "backendName": "X-Client-Ip"}}],
    )
    """Parameters that the gateway knows by itself, by their names there."""

    plugins: list[str] = Field(default_factory=list[str], examples=[["limits"]])
    """The names of the plugins that are bound to it."""

    release: ReleaseSettings | None = Field(
        default=None,
        examples=[
            {
                "traffic": "some",
                "who": {"users": {"from": "Token:userId", "percent": 20}},
                "to": {"http": {"address": "https://example-test.alicloudapi.com"}},
            }
        ],
    )
    """A new version that some requests get; the API's own backend is the old one."""

    samples: dict[Name, SampleSettings] = Field(
        default_factory=dict[Name, SampleSettings],
        examples=[{"tester": {"clientIp": "106.11.31.7", "reaches": "release"}}],
    )
    """Requests by name, each with the route that it must take."""

    replay_protection: bool = False
    """Refuse a request that was sent before (X-Ca-Nonce)."""

    acknowledged: bool = False
    """That everybody may call it, or over http, is meant: no warning."""

    was: Name | None = None
    """What this entry was called before: the API is kept over the rename."""


Apis = dict[Name, Annotated[ApiSettings, OrEmpty]]
