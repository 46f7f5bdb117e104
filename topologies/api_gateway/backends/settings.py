"""What APIs have behind them: servers by address, in VPCs or behind load balancers, functions."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from facts import kinds
from stack.arguments import TAGS, TIER, Made, resource
from stack.ids import RoleArn, TargetId, VpcId
from stack.model import AlsoWritten, Model, Name, NameOf, VSwitchName

DEFAULT_TIMEOUT = 10_000  # milliseconds; the gateway's own default
LONGEST_TIMEOUT = 600_000
Timeout = Annotated[int, Field(ge=1, le=LONGEST_TIMEOUT)]
StatusCode = Annotated[int, Field(ge=100, le=599)]


class Method(StrEnum):
    """HTTP methods that the gateway takes."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"
    PATCH = "PATCH"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    ANY = "ANY"


BODILESS = frozenset({Method.GET, Method.HEAD, Method.DELETE, Method.OPTIONS})
BODY_FORMAT_NEEDED = frozenset({Method.POST, Method.PUT})
"""Where parameters are mapped, the gateway takes these only with a body format (CreateApi)."""

GatewayPath = Annotated[
    str,
    AlsoWritten(
        re.compile(r"\{([^{}/]+)\}"),
        r"[\1]",
        "parameters of a path stand in brackets in the documentation; braces are taken, too",
    ),
]
"""A path, or an address with one, as the gateway writes it: /users/[id]."""

Scheme = Literal["http", "https", "http,https"]


class HttpBackend(Model):
    """A backend that the gateway reaches by a public or intranet address."""

    url: GatewayPath = Field(examples=["http://backend1.example.com:8080/business1"])
    """Protocol, host, port and path. Parameters of the path in brackets: /users/[id]."""

    method: Method | None = Field(default=None, strict=False, examples=["GET"])
    """The method towards the backend; the API's unless given."""


class VpcBackend(Model):
    """A backend inside a VPC, through an authorization of `vpcAccess`."""

    access: Annotated[str, NameOf("vpcAccess")] = Field(examples=["ingress"])
    """The name of the authorization."""

    path: GatewayPath = Field(examples=["/tomcat"])
    """The path towards the backend."""

    method: Method | None = Field(default=None, strict=False, examples=["GET"])
    """The method towards the backend; the API's unless given."""

    scheme: Scheme = "http"
    """http unless given."""


class FunctionBackend(Model):
    """A function of Function Compute 3.0."""

    function: Annotated[str, NameOf("functions")] = Field(examples=["phone-lookup"])
    """The name of a function of `functions`; or with `role`, of one that exists."""

    role: RoleArn | None = Field(default=None, examples=["acs:ram::123456789012****:role/gateway"])
    """The RAM role by which the gateway may invoke it. One of `functions` gets a role of its own
    unless given, but for production."""

    qualifier: str = Field(default="LATEST", examples=["LATEST"])
    """Its version or alias."""


class MockBackend(Model):
    """A fixed answer, for APIs whose backend isn't there yet."""

    body: str = Field(examples=['{"status": "0", "msg": "ok"}'])
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

    timeout: Timeout = DEFAULT_TIMEOUT
    """Milliseconds that the backend may take."""


ListenerProtocol = Literal["tcp", "http"]


class LoadBalancerSettings(Made):
    """An intranet load balancer (CLB), created: one address in front of several servers."""

    makes = resource(
        kinds.LOAD_BALANCER,
        "address addressType instanceChargeType loadBalancerName paymentType",
        deleteProtection=TIER,
        tags=TAGS,
        vswitchId="vswitch",
    )

    vswitch: VSwitchName = Field(examples=["apps"])
    """The vSwitch that its address lies in."""

    port: Annotated[int, Field(ge=1, le=65535)] = Field(examples=[80])
    """The port that it listens to."""

    protocol: ListenerProtocol = "tcp"
    """tcp hands connections on as they are; http reads requests. tcp unless given."""

    servers: dict[Name, Annotated[int, Field(ge=1, le=65535)]] = Field(
        min_length=1, examples=[{"node1": 30080, "node2": 30080}]
    )
    """Hosts by name, each with the port that it serves on: a NodePort, say."""

    was: Name | None = None
    """What this entry was called before: the load balancer is kept over the rename."""


class VpcAccessSettings(Made):
    """An authorization: the gateway may call a port inside a VPC."""

    makes = resource(
        kinds.VPC_ACCESS,
        instanceId="host, loadBalancer or instanceId",
        name="name",
        port="port",
        vpcId="network or vpc",
    )

    instance_id: TargetId | None = Field(default=None, examples=["lb-uf6abc"])
    """The ECS or SLB instance by its id, or an address that the VPC leads to."""

    host: str | None = Field(default=None, examples=["ecs1"])
    """Or the name of a host whose ECS instance is known."""

    load_balancer: str | None = Field(default=None, examples=["ingress"])
    """Or the name of a load balancer of `loadBalancers`."""

    port: Annotated[int, Field(ge=1, le=65535)] = Field(examples=[80])
    """The port."""

    vpc: VpcId | None = Field(default=None, examples=["vpc-uf6abc"])
    """The id of the VPC; unless given, the host's or the load balancer's, else the stack's own."""

    network: str | None = Field(default=None, examples=["backend"])
    """Or the name of one of `networks` that the instance or the address lies behind."""

    name: str | None = Field(default=None, examples=["shop-ingress"])
    """Its name in the cloud; `<stack>-<key>` unless given. Another one means another one there."""

    was: Name | None = None
    """What this entry was called before. The cloud can't rename one: it is made anew."""
