"""Pulumi's resource ids against the cloud's.

The real provider imports entries by table and entry (`ftb-…:fwd-…`), APIs by group and API, and
what belongs to a CEN or a transit router by both; the cloud knows the last part alone. A VPC
authorization has its name in front of what it is for. Everything else has the same id on both
sides.
"""

from collections.abc import Mapping

from sandbox.cloud import Resource

__all__ = ["cloud_id", "pulumi_id"]

_TABLE: Mapping[str, str] = {
    "forward_entry": "forward_table_id",
    "snat_entry": "snat_table_id",
    "api_gateway_api": "group_id",
    "cen_transit_router": "cen_id",
    "cen_transit_router_route_table": "transit_router_id",
    "cen_transit_router_peer_attachment": "cen_id",
    "cen_transit_router_vbr_attachment": "cen_id",
    "cen_transit_router_route_entry": "transit_router_route_table_id",
}
_NAMED: Mapping[str, str] = {"api_gateway_vpc_access": "name"}


def pulumi_id(resource: Resource) -> str:
    """`ftb-…:fwd-…` for entries and the like, the cloud's id for the rest."""
    front = _TABLE.get(resource.kind) or _NAMED.get(resource.kind)
    return f"{resource.text(front)}:{resource.id}" if front else resource.id


def cloud_id(kind: str, identity: str) -> str:
    """The cloud's id of a resource that Pulumi knows by `identity`."""
    if kind in _NAMED:
        return identity.partition(":")[2]
    return identity.rpartition(":")[2] if kind in _TABLE else identity
