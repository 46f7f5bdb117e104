"""Every kind of resource that the sandbox knows: those that each service lists."""

from collections.abc import Mapping

from sandbox.cloud import apigateway, cen, cms, ecs, eip, fc, nat, ram, slb, vpc, vpn
from sandbox.cloud.core.kind import Kind

__all__ = ["KINDS"]

_SERVICES = (vpc, ecs, eip, nat, slb, apigateway, fc, ram, cen, vpn, cms)

KINDS: Mapping[str, Kind] = {kind.name: kind for service in _SERVICES for kind in service.KINDS}
