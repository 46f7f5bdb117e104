"""Settings of plugins: what each is called, and exactly one of the kinds."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from stack.model import Model, Name, OrEmpty
from stack.secrets import EXAMPLE
from topologies.api_gateway.names import gateway_name
from topologies.api_gateway.plugins.access_control import AccessControlSettings
from topologies.api_gateway.plugins.backend_signature import BackendSignatureSettings
from topologies.api_gateway.plugins.base import Data, PluginKind, Ref, shown
from topologies.api_gateway.plugins.basic_auth import BasicAuthSettings
from topologies.api_gateway.plugins.caching import CachingSettings
from topologies.api_gateway.plugins.circuit_breaker import CircuitBreakerSettings
from topologies.api_gateway.plugins.cors import CorsSettings
from topologies.api_gateway.plugins.error_mapping import ErrorMappingSettings
from topologies.api_gateway.plugins.ip_control import IpControlSettings
from topologies.api_gateway.plugins.jwt_auth import JwtAuthSettings
from topologies.api_gateway.plugins.log_mask import LogMaskSettings
from topologies.api_gateway.plugins.other import OtherSettings
from topologies.api_gateway.plugins.remote_auth import RemoteAuthSettings
from topologies.api_gateway.plugins.routing import RoutingSettings
from topologies.api_gateway.plugins.traffic_control import TrafficControlSettings
from topologies.api_gateway.plugins.transformer import TransformerSettings


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

    basic_auth: BasicAuthSettings | None = None
    """Requests need a name and a password."""

    jwt_auth: JwtAuthSettings | None = None
    """Requests need a JSON Web Token."""

    remote_auth: RemoteAuthSettings | None = None
    """A service of yours says which requests get through."""

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

    log_mask: LogMaskSettings | None = None
    """Parts of requests and answers are masked in the log; on dedicated instances."""

    transformer: TransformerSettings | None = None
    """Requests and answers are changed on their way; on dedicated instances."""

    other: OtherSettings | None = None
    """Any kind, its data as it is: for what has no settings of its own here."""

    @property
    def kinds(self) -> dict[str, PluginKind]:
        """The kinds that are given, by the stack file's keys for them."""
        fields = type(self).model_fields.items()
        given = {field.alias or name: getattr(self, name) for name, field in fields}
        return {key: kind for key, kind in given.items() if isinstance(kind, PluginKind)}

    @property
    def type(self) -> str:
        """The cloud's name for its kind."""
        key, kind = next(iter(self.kinds.items()))
        return kind.cloud_name(key)

    @property
    def accesses(self) -> frozenset[str]:
        """The VPC authorizations that it sends requests through: it comes after them."""
        backends = (backend for kind in self.kinds.values() for _, backend in kind.backends(()))
        return frozenset(backend.vpc.access for backend in backends if backend.vpc is not None)

    def cloud_name(self, stack: str, key: str) -> str:
        """Its name in the cloud, which knows neither '-' nor '.' in it."""
        return gateway_name(stack, key, self.name)

    def written(self) -> Data:
        """Its data as the gateway documents it; it is of one kind."""
        return next(iter(self.kinds.values())).written()

    def text(self, fill: Callable[[Ref], str] = shown) -> str:
        """Its data as the text that the gateway takes."""
        return next(iter(self.kinds.values())).text(fill)


PLUGIN_KINDS: tuple[str, ...] = tuple(
    field.alias or name
    for name, field in PluginSettings.model_fields.items()
    if name not in {"name", "description", "was"}
)
"""The kinds of plugins, by the stack file's keys; but for `other`, the cloud's names for them."""

Plugins = dict[Name, Annotated[PluginSettings, OrEmpty]]
