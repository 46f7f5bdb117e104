"""Settings of one API: what clients send, where it goes, who may call, who gets a new version."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from facts import kinds
from stack.arguments import Made, resource
from stack.model import Model, Name, NameOf, OrEmpty
from stack.secrets import TextOrSecret
from topologies.api_gateway.backends.settings import BackendSettings, GatewayPath, Method, Scheme
from topologies.api_gateway.plugins.backends import PluginBackend

DEFAULT_ROUTE = "default"
"""How samples call the API's own backend."""

_PARAMETER = re.compile(r"\[([^\[\]]+)\]")


Traffic = Literal["none", "some", "all"]


class UsersSettings(Model):
    """A share of users, told by the last digits of an id."""

    source: str = Field(alias="from", examples=["Token:userId"])
    """Where the id comes from: Token:<claim> (with a jwtAuth plugin), Header:…, Query:…"""

    percent: Annotated[int, Field(ge=1, le=100, examples=[20])]
    """How many of 100. Whoever is among 20 is among 30 too."""


class OlderSettings(Model):
    """Clients of an older version."""

    source: str = Field(alias="from", examples=["Query:clientVersion"])
    """Where the version comes from."""

    version: str = Field(examples=["2.0.5"], pattern=r"^[0-9A-Za-z.]+$")
    """The first version that isn't meant. The gateway compares character by character."""


class WhoSettings(Model):
    """Who is meant: everybody of whom one of these is true."""

    apps: list[str] = Field(default_factory=list[str], examples=[["site"]])
    """Apps of the stack, by their names. They have to be among those that may call the API."""

    app_ids: list[Annotated[str, Field(pattern=r"^[0-9]+$")]] = Field(
        default_factory=list[str], examples=[["4534463"]]
    )
    """Apps of others, by their ids."""

    sources: list[str] = Field(default_factory=list[str], examples=[["106.11.31.0/24"]])
    """Ranges that requests come from."""

    users: UsersSettings | None = None
    """A share of users."""

    older_than: OlderSettings | None = None
    """Clients that are too old."""


class ReleaseSettings(Model):
    """A new version behind the same API. The API's own backend is the old one."""

    traffic: Traffic = Field(examples=["some"])
    """none, some (those of `who`) or all."""

    who: WhoSettings = WhoSettings()
    """Who gets the new backend with `traffic: some`."""

    to: PluginBackend = Field(
        examples=[{"http": {"address": "https://example-test.alicloudapi.com"}}]
    )
    """The new backend; or an answer, such as 400 for clients that are too old."""


class SampleSettings(Model):
    """A request, and the route that it must take: checked whenever the stack file is judged."""

    reaches: str = Field(examples=["release"])
    """The name of a route; `release` for the release's, `default` for the API's own backend."""

    query: dict[str, str] = Field(
        default_factory=dict[str, str], examples=[{"clientVersion": "1.9"}]
    )
    """Its query."""

    headers: dict[str, str] = Field(default_factory=dict[str, str], examples=[{"X-User": "120"}])
    """Its headers."""

    form: dict[str, str] = Field(default_factory=dict[str, str], examples=[{"size": "7"}])
    """Its form."""

    claims: dict[str, str] = Field(default_factory=dict[str, str], examples=[{"userId": "120"}])
    """What its token says."""

    client_ip: str | None = Field(default=None, examples=["106.11.31.7"])
    """Where it comes from."""

    app: str | None = Field(default=None, examples=["site"])
    """The app of the stack that sends it, by its name."""

    app_id: str | None = Field(default=None, examples=["4534463"])
    """Or an app of others, by its id."""


def app_in_condition(app: str) -> str:
    """What stands in a condition for the id of one of the stack's apps, which the cloud gives."""
    return f"app {app}"


Auth = Literal["app", "anonymous"]


AppCode = Literal["disable", "header", "header-query"]


RequestMode = Literal["mapping", "passthrough"]


class Location(StrEnum):
    """Where a parameter stands in a request."""

    HEADER = "header"
    QUERY = "query"
    PATH = "path"
    FORM = "form"


BodyFormat = Literal["form", "stream"]


ParameterType = Literal["string", "int", "long", "float", "double", "boolean"]


class ParameterSettings(Model):
    """A parameter that clients send, and where it goes."""

    location: Location = Field(alias="in", strict=False, examples=["query"])
    """header, query, path or form."""

    type: ParameterType = "string"
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

    value: TextOrSecret = Field(examples=["tomcat.example.com"])
    """Its value; a secret, where the backend takes it for a key."""

    description: str | None = None
    """A sentence about it."""


class SystemParameterSettings(Model):
    """A parameter that the gateway knows by itself, such as the client's address."""

    location: Location = Field(alias="in", strict=False, examples=["header"])
    """header or query."""

    backend_name: str = Field(examples=["X-Client-Ip"])
    """Its name towards the backend."""


class ApiSettings(Made):
    """One API: a method and a path of a group, and the backend behind it."""

    makes = resource(
        kinds.API,
        appCodeAuthType="appCode",
        authType="auth",
        constantParameters="constants",
        description="description",
        fcServiceConfig="backend",
        forceNonceCheck="replayProtection",
        groupId="group",
        httpServiceConfig="backend",
        httpVpcServiceConfig="backend",
        mockServiceConfig="backend",
        name="name",
        requestConfig="method, path, protocol, mode and bodyFormat",
        requestParameters="parameters",
        serviceType="backend",
        stageNames="the section's stage",
        systemParameters="systemParameters",
    )

    group: Annotated[str, NameOf("groups")] = Field(examples=["shop"])
    """The name of its group."""

    method: Method = Field(strict=False, examples=["GET"])
    """The method that clients use."""

    path: GatewayPath = Field(examples=["/users/[id]"])
    """The path, with path parameters in brackets."""

    name: str | None = Field(default=None, examples=["list_orders"])
    """Its name in the cloud; `<stack>_<key>`, with '_' for '-' and '.', unless given."""

    description: str | None = None
    """A sentence about it; its name here unless given."""

    protocol: Scheme = "https"
    """Protocols that clients may use; https unless given."""

    auth: Auth = "app"
    """Who may call it: apps that are authorized (`app`), or everybody (`anonymous`)."""

    apps: list[str] = Field(default_factory=list[str], examples=[["caller"]])
    """The names of the apps that may call it."""

    app_code: AppCode | None = Field(default=None, examples=["header"])
    """Whether an app's AppCode, sent as it is, is enough instead of a signature: disable, header or
    header-query (in a header, or in the query as well). Left out, the cloud decides: it takes the
    AppCode of APIs that are sold on its market."""

    mode: RequestMode = "mapping"
    """How requests get to the backend; mapping unless given."""

    body_format: BodyFormat | None = Field(default=None, examples=["stream"])
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
    """That everybody may call it, over http, or inside over https alone, is meant: no warning."""

    was: Name | None = None
    """What this entry was called before: the API is kept over the rename."""

    @property
    def scheme_inside(self) -> Literal["http", "https"]:
        """What callers inside a VPC use: http wherever it is taken.

        The cloud's pages disagree on https by a group's domain for VPCs ("Access API Gateway over a
        VPC": an older edition says that it isn't served, the newest that it is); http always is.
        """
        return "http" if "http" in self.protocol.split(",") else "https"


Apis = dict[Name, Annotated[ApiSettings, OrEmpty]]


def path_parameters(path: str) -> list[str]:
    """The names in brackets: /users/[id]."""
    return _PARAMETER.findall(path)


def nameless(path: str) -> str:
    """A path whose parameters have no names: the gateway tells paths apart without them."""
    return _PARAMETER.sub("[]", path)


def path_values(pattern: str, path: str) -> dict[str, str] | None:
    """What a request's path says of an API's parameters; None where it isn't the API's.

    `*` at the end of a path stands for everything below.
    """
    wanted, given = pattern.split("/"), path.split("/")
    if wanted[-1] == "*" and len(given) >= len(wanted):
        wanted, given = wanted[:-1], given[: len(wanted) - 1]
    if len(wanted) != len(given):
        return None
    values: dict[str, str] = {}
    for want, have in zip(wanted, given, strict=True):
        names = path_parameters(want)
        if not names and want != have:
            return None
        values |= dict.fromkeys(names[:1], have)
    return values
