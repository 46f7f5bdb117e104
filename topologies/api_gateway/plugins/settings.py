"""Settings of plugins: what each is called, and exactly one of the kinds."""

from typing import Annotated

from pydantic import Field

from stack.model import Model, Name, OrEmpty
from stack.secrets import EXAMPLE
from topologies.api_gateway.plugins.access_control import AccessControlSettings
from topologies.api_gateway.plugins.backend_signature import BackendSignatureSettings
from topologies.api_gateway.plugins.caching import CachingSettings
from topologies.api_gateway.plugins.circuit_breaker import CircuitBreakerSettings
from topologies.api_gateway.plugins.cors import CorsSettings
from topologies.api_gateway.plugins.error_mapping import ErrorMappingSettings
from topologies.api_gateway.plugins.ip_control import IpControlSettings
from topologies.api_gateway.plugins.jwt_auth import JwtAuthSettings
from topologies.api_gateway.plugins.routing import RoutingSettings
from topologies.api_gateway.plugins.traffic_control import TrafficControlSettings

PluginKind = (
    RoutingSettings
    | BackendSignatureSettings
    | JwtAuthSettings
    | TrafficControlSettings
    | IpControlSettings
    | CorsSettings
    | CachingSettings
    | ErrorMappingSettings
    | CircuitBreakerSettings
    | AccessControlSettings
)


class PluginSettings(Model):
    """A plugin, for APIs that name it: exactly one of its kinds.

    An API has at most one plugin of each kind.
    """

    name: str | None = Field(default=None, examples=["dev_limits"])
    """Its name in the cloud; `<stack>_<key>`, with '_' for '-' and '.', unless given."""

    description: str | None = None
    """A sentence about it; at most 200 characters."""

    was: Name | None = None
    """What this entry was called before: the plugin is kept over the rename."""

    routing: RoutingSettings | None = None
    """Other backends for some requests."""

    backend_signature: BackendSignatureSettings | None = Field(
        default=None, examples=[{"type": "APIGW_FRONTEND", "key": EXAMPLE, "secret": EXAMPLE}]
    )
    """The gateway signs its requests to the backend."""

    jwt_auth: JwtAuthSettings | None = None
    """Requests need a JSON Web Token."""

    traffic_control: TrafficControlSettings | None = None
    """How many calls are allowed."""

    ip_control: IpControlSettings | None = None
    """Addresses that may call, or may not."""

    cors: CorsSettings | None = None
    """Web pages of other origins that may call."""

    caching: CachingSettings | None = None
    """Answers that the gateway keeps."""

    error_mapping: ErrorMappingSettings | None = None
    """Answers of the backend that become errors."""

    circuit_breaker: CircuitBreakerSettings | None = None
    """A backend in trouble is left alone for a while; on dedicated instances."""

    access_control: AccessControlSettings | None = None
    """Requests are let through or refused by their parameters."""

    @property
    def kinds(self) -> dict[str, PluginKind]:
        """The kinds that are given, by the cloud's names for them."""
        given: dict[str, PluginKind | None] = {
            "routing": self.routing,
            "backendSignature": self.backend_signature,
            "jwtAuth": self.jwt_auth,
            "trafficControl": self.traffic_control,
            "ipControl": self.ip_control,
            "cors": self.cors,
            "caching": self.caching,
            "errorMapping": self.error_mapping,
            "circuitBreaker": self.circuit_breaker,
            "accessControl": self.access_control,
        }
        return {kind: settings for kind, settings in given.items() if settings is not None}

    @property
    def type(self) -> str:
        """The cloud's name for its kind."""
        return next(iter(self.kinds))


KINDS: tuple[str, ...] = tuple(
    field.alias or name
    for name, field in PluginSettings.model_fields.items()
    if name not in {"name", "description", "was"}
)
"""The kinds of plugins, by the cloud's names for them, which are the stack file's keys too."""

Plugins = dict[Name, Annotated[PluginSettings, OrEmpty]]
