"""The `apiGateway` section: doors for APIs, and what stands behind them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from facts import kinds
from stack.arguments import Made, resource
from stack.model import Model, Name, OrEmpty
from stack.problems import dotted
from topologies.api_gateway.apis.settings import ApiSettings
from topologies.api_gateway.backends.settings import LoadBalancerSettings, VpcAccessSettings
from topologies.api_gateway.instance import InstanceSettings
from topologies.api_gateway.openapi.settings import OpenApiSettings, Origin, Origins
from topologies.api_gateway.plugins.settings import PluginSettings

Stage = Literal["RELEASE", "PRE", "TEST"]


class GroupSettings(Made):
    """A group: APIs that share a domain."""

    makes = resource(
        kinds.API_GROUP,
        basePath="basePath",
        description="description",
        instanceId="the section's instance",
        name="name",
        vpcIntranetEnable="intranet",
    )

    name: str | None = Field(default=None, examples=["shop_apis"])
    """Its name in the cloud; `<stack>_<key>`, with '_' for '-' and '.', unless given."""

    description: str | None = None
    """A sentence about it."""

    base_path: str | None = Field(default=None, examples=["/shop"])
    """A path that precedes its APIs' paths."""

    intranet: bool = False
    """Whether it gets a domain that is called from inside the VPC."""

    self_call_domain: str | None = Field(
        default=None, examples=["17ff4c9189004a1d-cn-huhehaote-intranet.alicloudapi.com"]
    )
    """The domain by which the gateway calls itself; made by one command, see the documents."""

    was: Name | None = None
    """What this entry was called before: the group is kept over the rename."""


class AppSettings(Model):
    """An app: an identity that calls APIs, with a key and a secret that the cloud makes."""

    name: str | None = Field(default=None, examples=["mobile_app"])
    """Its name in the cloud; `<stack>_<key>`, with '_' for '-' and '.', unless given."""

    description: str | None = None
    """A sentence about it."""

    was: Name | None = None
    """What this entry was called before: the app is kept over the rename."""


class AccessLogSettings(Model):
    """Where every call is logged. An account has one such place in a region."""

    project: str = Field(examples=["shop-logs"])
    """The Simple Log Service project; it exists."""

    store: str = Field(examples=["api-calls"])
    """The log store in it; it exists."""


class ApiGatewaySettings(Model):
    """API Gateway in front of servers, VPCs, Kubernetes, functions and other gateways."""

    stage: Stage = "RELEASE"
    """Where the stack's APIs are published; RELEASE unless given."""

    instance: InstanceSettings | None = Field(
        default=None, examples=[{"id": "apigateway-sh-uf6abc"}]
    )
    """A dedicated instance; the shared one without."""

    groups: dict[Name, Annotated[GroupSettings, OrEmpty]] = Field(
        min_length=1, examples=[{"shop": {}}]
    )
    """Groups by name."""

    apps: dict[Name, Annotated[AppSettings, OrEmpty]] = Field(
        default_factory=dict[Name, AppSettings], examples=[{"caller": {}}]
    )
    """Apps by name."""

    vpc_access: dict[Name, VpcAccessSettings] = Field(
        default_factory=dict[Name, VpcAccessSettings],
        examples=[{"ingress": {"instanceId": "lb-uf6abc", "port": 80}}],
    )
    """Authorizations by name."""

    load_balancers: dict[Name, LoadBalancerSettings] = Field(
        default_factory=dict[Name, LoadBalancerSettings],
        examples=[{"ingress": {"vswitch": "apps", "port": 80, "servers": {"node1": 30080}}}],
    )
    """Load balancers by name, for authorizations."""

    apis: dict[Name, ApiSettings] = Field(
        default_factory=dict[Name, ApiSettings],
        examples=[
            {
                "orders": {
                    "group": "shop",
                    "method": "GET",
                    "path": "/orders",
                    "backend": {"http": {"url": "https://backend1.example.com/orders"}},
                }
            }
        ],
    )
    """APIs by name."""

    plugins: dict[Name, PluginSettings] = Field(
        default_factory=dict[Name, PluginSettings],
        examples=[
            {"cors": {"cors": {"allowOrigins": ["shop.example.com"], "allowMethods": ["GET"]}}}
        ],
    )
    """Plugins by name."""

    openapi: dict[Name, OpenApiSettings] = Field(
        default_factory=dict[Name, OpenApiSettings],
        examples=[{"shop": {"file": "openapi/shop.yaml", "group": "shop"}}],
    )
    """APIs that come from Swagger and OpenAPI documents, by name."""

    access_log: AccessLogSettings | None = None
    """Where every call is logged."""

    _origins: Origins = PrivateAttr(default_factory=dict[str, Origin])

    @property
    def origins(self) -> Origins:
        """Where APIs come from that a document describes; the others stand here."""
        return self._origins

    def path_of(self, api: ApiSettings) -> str:
        """The path that clients call an API by: its group's base path and its own."""
        return (self.groups[api.group].base_path or "").rstrip("/") + api.path

    def home_of(self, api: str) -> str:
        """What a report calls the place that an API's settings stand at."""
        origin = self._origins.get(api)
        return api if origin is None else dotted(origin.entry[1:])

    def with_documents(
        self, apis: Mapping[str, ApiSettings], origins: Origins
    ) -> "ApiGatewaySettings":
        """The same with other APIs, of which some come from documents."""
        whole = self.model_copy(update={"apis": dict(apis)})
        whole._origins = origins  # noqa: SLF001 - its own class
        return whole
