"""A plugin as the cloud has it: its name there, its kind, and its data."""

from collections.abc import Iterator, Mapping

from stack.problems import KeyPath
from topologies.api_gateway.names import gateway_name
from topologies.api_gateway.plugins.access_control import (
    AccessControlSettings,
    access_control_data,
)
from topologies.api_gateway.plugins.backend_signature import (
    BackendSignatureSettings,
    backend_signature_data,
)
from topologies.api_gateway.plugins.caching import CachingSettings, caching_data
from topologies.api_gateway.plugins.circuit_breaker import (
    CircuitBreakerSettings,
    circuit_breaker_data,
)
from topologies.api_gateway.plugins.cors import CorsSettings, cors_data
from topologies.api_gateway.plugins.data import Data
from topologies.api_gateway.plugins.error_mapping import ErrorMappingSettings, error_mapping_data
from topologies.api_gateway.plugins.ip_control import IpControlSettings, ip_control_data
from topologies.api_gateway.plugins.jwt_auth import JwtAuthSettings, jwt_auth_data
from topologies.api_gateway.plugins.routing import RoutingSettings, routing_data
from topologies.api_gateway.plugins.settings import PluginSettings
from topologies.api_gateway.plugins.traffic_control import (
    TrafficControlSettings,
    traffic_control_data,
)


def plugin_name(stack: str, key: str, plugin: PluginSettings) -> str:
    """A plugin's name in the cloud, which knows neither '-' nor '.' in it."""
    return plugin.name or gateway_name(stack, key)


def plugin_data(plugin: PluginSettings, path: KeyPath, access_names: Mapping[str, str]) -> Data:
    """A plugin's data as the gateway documents it, its secrets as references.

    Args:
        plugin: its settings, of one kind.
        path: where the stack file has it: ("apiGateway", "plugins", "sign").
        access_names: the cloud's names of VPC authorizations, by those of the stack file.
    """
    kind, settings = next(iter(plugin.kinds.items()))
    match settings:
        case RoutingSettings():
            return routing_data(settings, access_names)
        case CircuitBreakerSettings():
            return circuit_breaker_data(settings, access_names)
        case BackendSignatureSettings():
            return backend_signature_data(settings, (*path, kind))
        case _:
            return _plain_data(settings)


def accesses_of(plugin: PluginSettings) -> frozenset[str]:
    """The VPC authorizations that a plugin sends requests through: it comes after them."""
    return frozenset(_accesses(plugin))


def _accesses(plugin: PluginSettings) -> Iterator[str]:
    routes = plugin.routing.routes if plugin.routing is not None else []
    backends = [route.backend for route in routes]
    if plugin.circuit_breaker is not None and plugin.circuit_breaker.downgrade_backend is not None:
        backends.append(plugin.circuit_breaker.downgrade_backend)
    return (backend.vpc.access for backend in backends if backend.vpc is not None)


def _plain_data(
    settings: JwtAuthSettings
    | TrafficControlSettings
    | IpControlSettings
    | CorsSettings
    | CachingSettings
    | ErrorMappingSettings
    | AccessControlSettings,
) -> Data:
    """The data of kinds that need nothing but their settings."""
    match settings:
        case JwtAuthSettings():
            data = jwt_auth_data(settings)
        case TrafficControlSettings():
            data = traffic_control_data(settings)
        case IpControlSettings():
            data = ip_control_data(settings)
        case CorsSettings():
            data = cors_data(settings)
        case CachingSettings():
            data = caching_data(settings)
        case ErrorMappingSettings():
            data = error_mapping_data(settings)
        case AccessControlSettings():
            data = access_control_data(settings)
    return data
