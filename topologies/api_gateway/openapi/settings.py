"""What a stack file says about APIs that come from a Swagger or OpenAPI document; which these are.

The document describes the operations, the stack file what differs from stack to stack: the group,
who may call, and the backend. Owns the models only; what a document means is `imports`' affair.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from stack.model import Model, Name, NameOf, OrEmpty
from stack.problems import KeyPath
from stack.secrets import TextOrSecret
from topologies.api_gateway.apis.settings import AppCode, Auth, RequestMode
from topologies.api_gateway.backends.settings import (
    DEFAULT_TIMEOUT,
    FunctionBackend,
    GatewayPath,
    HttpBackend,
    MockBackend,
    Scheme,
    Timeout,
    VpcBackend,
)
from topologies.api_gateway.plugins.base import SecretRef


class VpcBase(VpcBackend):
    """A server inside a VPC, through an authorization of `vpcAccess`."""

    path: GatewayPath = Field(default="", examples=["/tomcat"])
    """A path that precedes the operations' paths."""


class DefaultBackend(Model):
    """Where operations go that name no backend: one of `http`, `vpc`, `function` and `mock`."""

    http: HttpBackend | None = None
    """By address; its path precedes the operations' paths."""

    vpc: VpcBase | None = None
    """Inside a VPC."""

    function: FunctionBackend | None = None
    """A function."""

    mock: MockBackend | None = None
    """A fixed answer."""

    timeout: Timeout = DEFAULT_TIMEOUT
    """Milliseconds that the backend may take."""


class OpenApiSettings(Model):
    """The APIs of one Swagger 2.0 or OpenAPI 3.x document."""

    file: str = Field(examples=["openapi/shop.yaml"])
    """The document, YAML or JSON; relative to the stack file's folder."""

    group: Annotated[str, NameOf("groups")] = Field(examples=["shop"])
    """The name of the group that the APIs go to."""

    auth: Auth = "app"
    """Who may call the operations that don't say so (`x-aliyun-apigateway-auth-type`)."""

    apps: list[str] = Field(default_factory=list[str], examples=[["caller"]])
    """The names of the apps that may call the APIs with `auth: app`."""

    app_code: AppCode | None = Field(default=None, examples=["header"])
    """Of the APIs with `auth: app`, as an API's own `appCode`."""

    plugins: list[str] = Field(default_factory=list[str], examples=[["limits"]])
    """The names of the plugins that are bound to every API."""

    protocol: Scheme = "https"
    """Protocols that clients may use; https unless given. The document's `schemes` don't count."""

    mode: RequestMode = "passthrough"
    """How requests get to the backend where the document doesn't say so; passthrough, the
    gateway's own default, sends on whatever the client sends."""

    backend: DefaultBackend | None = None
    """Where operations go that name no backend themselves. It goes before a backend at the
    document's root. Without any, an operation answers with a mock."""

    base_path: str | None = Field(default=None, examples=["/v1"])
    """A path that precedes every operation's; Swagger's `basePath` unless given."""

    variables: dict[str, TextOrSecret] = Field(
        default_factory=dict[str, TextOrSecret], examples=[{"host": "backend.example.com"}]
    )
    """What `#name#` stands for in the document's `x-aliyun-apigateway-…` values; a secret in the
    values of constant parameters alone."""

    include: list[str] = Field(default_factory=list[str], examples=[["orders"]])
    """Only the operations of these tags, or with these operationIds; all unless given."""

    exclude: list[str] = Field(default_factory=list[str], examples=[["internal"]])
    """Not the operations of these tags, nor those with these operationIds."""

    acknowledged: bool = False
    """That everybody may call the APIs, or over http, is meant: no warning."""

    was: dict[Name, Name] = Field(
        default_factory=dict[Name, Name], examples=[{"getOrder": "order"}]
    )
    """APIs that were called otherwise before, `new: old`: they are kept over the rename."""


OpenApis = dict[Name, Annotated[OpenApiSettings, OrEmpty]]


SealedText = tuple[str | SecretRef, ...]
"""A text in pieces, of which some are secret: their places are below the entry's `variables`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An operation, and which of its API's settings the document says itself."""

    entry: KeyPath
    """The entry of the stack file that names the document: ("apiGateway", "openapi", "shop")."""

    operation: str
    """File, line and place: docs/shop.yaml:12 paths./carts.get."""

    said: Mapping[str, str]
    """Settings of the API that the entry could say too, and the document's place that does."""

    sealed: Mapping[str, SealedText]
    """The texts of its constants that have a secret in them, by the constants' names."""


Origins = Mapping[str, Origin]
"""By the names of APIs."""
