"""Resource types that the guard treats alike."""

from typing import Final

from stack import kinds

LOAD_BALANCERS: Final = frozenset({kinds.LOAD_BALANCER, kinds.OLDER_LOAD_BALANCER})
EIPS: Final = frozenset({kinds.EIP, kinds.OLDER_EIP})

LASTING: Final = {
    kinds.EIP: "address",
    kinds.OLDER_EIP: "address",
    kinds.NAT_GATEWAY: "nat-gateway",
    kinds.BANDWIDTH_PACKAGE: "bandwidth-package",
    kinds.API_GROUP: "api-group",
    kinds.API_INSTANCE: "api-instance",
    kinds.VPN_GATEWAY: "vpn-gateway",
    kinds.CEN: "cen",
    kinds.TRANSIT_ROUTER: "cen",
    kinds.ROUTER_ATTACHMENT: "cen",
    kinds.ROUTER_LINK: "cen",
    kinds.CEN_ATTACHMENT: "cen",
    kinds.CEN_PACKAGE: "cen",
}
"""What others know by its address, its domain or its place: lost, it can't be made again."""

FOUNDATIONS: Final = frozenset(
    {
        *LASTING,
        kinds.SECURITY_GROUP,
        kinds.INSTANCE,
        *LOAD_BALANCERS,
        kinds.EIP_ASSOCIATION,
        kinds.VPC,
        kinds.VSWITCH,
        kinds.ENI,
        kinds.ENI_ATTACHMENT,
    }
)
"""What ways in depend on: replaced, it takes them along."""
