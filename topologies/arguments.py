"""Which resource each section's `arguments` are laid over, and how.

Components take no arguments but their own: what a stack file adds is put into the registration of
the one resource that the section stands for, by its type and its name.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pulumi

from stack.arguments import Made, Makes
from stack.model import parts_of
from stack.network_claims import component_of_network
from stack.problems import KeyPath, dotted
from stack.secrets import SecretState
from stack.settings import StackSettings
from topologies import chosen, with_arguments
from topologies.names import (
    CROSS_REGION,
    EGRESS,
    FUNCTION,
    GATEWAY,
    SERVER,
    SHARED_BANDWIDTH,
    UNIFIED_ADDRESSES,
    UNIFIED_BANDWIDTH,
    UNIFIED_EGRESS,
    UNIFIED_GATEWAY,
    VPN,
)
from topologies.secrets import secret_of

_NETWORK, _OTHER = component_of_network(None), component_of_network("*")

NAMES: Final[Mapping[str, str]] = {
    "network.vpc": f"{_NETWORK}-vpc",
    "network.vswitches.*": f"{_NETWORK}-*",
    "network.hosts.*.instance": "host-*-instance",
    "networks.*.vpc": f"{_OTHER}-vpc",
    "networks.*.vswitches.*": f"{_OTHER}-*",
    "networks.*.hosts.*.instance": "host-*-instance",
    "flowLogs.*": "flow-log-*-log",
    "sharedBandwidth.natGateway": f"{GATEWAY}-nat",
    "sharedBandwidth.bandwidthPackage": f"{SHARED_BANDWIDTH}-package",
    "sharedBandwidth.publicIps.*": f"{SHARED_BANDWIDTH}-*",
    "sharedBandwidth.egress.*": f"{EGRESS}-*",
    "unifiedEgress.natGateway": f"{UNIFIED_GATEWAY}-nat",
    "unifiedEgress.bandwidthPackage": f"{UNIFIED_BANDWIDTH}-package",
    "unifiedEgress.publicIps.*": f"{UNIFIED_ADDRESSES}-*",
    "unifiedEgress.egress.*": f"{UNIFIED_EGRESS}-*",
    "unifiedEgress.servers.*.eni": f"{SERVER}-*-eni",
    "crossRegion.cen": f"{CROSS_REGION}-cen",
    "crossRegion.attachments.*": f"{CROSS_REGION}-attachment-*",
    "crossRegion.links.*": f"{CROSS_REGION}-link-*",
    "crossRegion.bandwidthPackage": f"{CROSS_REGION}-package",
    "crossRegion.dataCenters.*.vpn": f"{VPN}-*-gateway",
    "functions.*": f"{FUNCTION}-*-function",
    "apiGateway.instance": "api-gateway-instance",
    "apiGateway.groups.*": "group-*-group",
    "apiGateway.vpcAccess.*": "vpc-access-*-access",
    "apiGateway.loadBalancers.*": "balancer-*-load-balancer",
    "apiGateway.apis.*": "api-*-api",
}
"""The name of the resource that each section stands for, with the names of the stack file in the
places of the stars: the last ones, where the resource has fewer."""


@contextmanager
def laid_over(settings: StackSettings) -> Generator[None]:
    """Put the arguments of a stack file into what is registered meanwhile."""
    waiting = {
        (made.makes.token, _resource(path)): (path, made) for path, made in with_arguments(settings)
    }

    def lay(
        registered: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        found = waiting.pop((registered.type_, registered.name), None)
        if found is None:
            return None
        props = {**registered.props, **_arguments(*found)}
        return pulumi.ResourceTransformationResult(props, registered.opts)

    if waiting:
        pulumi.runtime.register_stack_transformation(lay)
    yield
    if waiting:
        places = ", ".join(dotted(path) for path, _ in waiting.values())
        message = f"the rules let no arguments pass where nothing takes them: {places}"
        raise AssertionError(message)


def takers(settings: StackSettings) -> dict[tuple[str, str], tuple[KeyPath, Makes]]:
    """The sections that may have arguments, by type and name of the resource that takes them."""
    sections = [((), settings.common), *(((t.section,), one) for t, one in chosen(settings))]
    return {
        (one.makes.token, _resource(where)): (where, one.makes)
        for path, section in sections
        for where, one in parts_of(section, path)
        if isinstance(one, Made) and getattr(one, one.existing, None) is None
    }


def _resource(path: KeyPath) -> str:
    """The name of the resource that the section at `path` stands for."""
    for shape, name in NAMES.items():
        parts = shape.split(".")
        if len(parts) == len(path) and all(
            one in ("*", part) for one, part in zip(parts, path, strict=True)
        ):
            own = [str(part) for one, part in zip(parts, path, strict=True) if one == "*"]
            own = own[len(own) - name.count("*") :]
            first, *rest = name.split("*")
            return first + "".join(map("".join, zip(own, rest, strict=True)))
    message = f"no resource is known for {dotted(path)}"
    raise AssertionError(message)


def _arguments(path: KeyPath, made: Made) -> dict[str, Any]:
    return {
        name: secret_of((*path, "arguments", name)) if value is SecretState.ENCRYPTED else value
        for name, value in made.arguments.items()
    }
