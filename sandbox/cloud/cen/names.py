"""Names of the kinds, and the codes that several of them answer with."""

from typing import Final

__all__ = [
    "ASSOCIATION",
    "ATTACHMENT",
    "ATTACHMENTS",
    "CEN",
    "CEN_MISSING",
    "LIMIT",
    "PACKAGE",
    "PACKAGE_ATTACHMENT",
    "PACKAGE_MISSING",
    "PEER",
    "PROPAGATION",
    "ROUTER",
    "ROUTER_ENTRY",
    "ROUTER_MISSING",
    "SERVICE",
    "TABLE",
    "TABLE_MISSING",
    "VBR",
    "VPC",
    "VPC_ENTRY",
]

CEN: Final = "cen_instance"
ATTACHMENT: Final = "cen_instance_attachment"
PACKAGE: Final = "cen_bandwidth_package"
PACKAGE_ATTACHMENT: Final = "cen_bandwidth_package_attachment"
LIMIT: Final = "cen_bandwidth_limit"
SERVICE: Final = "cen_route_service"
ROUTER: Final = "cen_transit_router"
TABLE: Final = "cen_transit_router_route_table"
VPC: Final = "cen_transit_router_vpc_attachment"
PEER: Final = "cen_transit_router_peer_attachment"
VBR: Final = "cen_transit_router_vbr_attachment"
ASSOCIATION: Final = "cen_transit_router_route_table_association"
PROPAGATION: Final = "cen_transit_router_route_table_propagation"
ROUTER_ENTRY: Final = "cen_transit_router_route_entry"
VPC_ENTRY: Final = "route_entry"

# What a transit router's route tables know as connections.
ATTACHMENTS: Final = (VPC, VBR, PEER)

# The older operations name the parameter that was wrong, the newer ones say that it isn't there.
CEN_MISSING: Final = "ParameterCenInstanceId"
PACKAGE_MISSING: Final = "ParameterBwpInstanceId"
ROUTER_MISSING: Final = "InvalidTransitRouterId.NotFound"
TABLE_MISSING: Final = "InvalidTransitRouterRouteTableId.NotFound"
