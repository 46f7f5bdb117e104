"""How the tunnels of an IPsec connection are negotiated, as inputs of a connection.

Phase 1 is IKEv2; both phases have AES-256, SHA-256 and Diffie-Hellman group 14. All of it is
stated: what the cloud fills in, the provider sees as a difference at every preview.

Source: VPN Gateway, "CreateVpnConnection".
"""

from typing import Final, TypedDict

import pulumi
from pulumi_alicloud import vpn

LIFETIME: Final = 86_400  # seconds, the longest


class _Ike(TypedDict):
    ike_version: str
    ike_mode: str
    ike_enc_alg: str
    ike_auth_alg: str
    ike_pfs: str
    ike_lifetime: int


class _Ipsec(TypedDict):
    ipsec_enc_alg: str
    ipsec_auth_alg: str
    ipsec_pfs: str
    ipsec_lifetime: int


_IKE: Final = _Ike(
    ike_version="ikev2",
    ike_mode="main",
    ike_enc_alg="aes256",
    ike_auth_alg="sha256",
    ike_pfs="group14",
    ike_lifetime=LIFETIME,
)
_IPSEC: Final = _Ipsec(
    ipsec_enc_alg="aes256",
    ipsec_auth_alg="sha256",
    ipsec_pfs="group14",
    ipsec_lifetime=LIFETIME,
)
Devices = tuple[pulumi.Output[str], pulumi.Output[str]]


def one_tunnel(
    args: "vpn.ConnectionArgs", device: pulumi.Output[str], key: pulumi.Output[str]
) -> None:
    """Make it a connection of one tunnel, which only old gateways have."""
    args.customer_gateway_id = device
    args.ike_config = vpn.ConnectionIkeConfigArgs(**_IKE, psk=key)
    args.ipsec_config = vpn.ConnectionIpsecConfigArgs(**_IPSEC)


def two_tunnels(args: "vpn.ConnectionArgs", devices: Devices, key: pulumi.Output[str]) -> None:
    """Make it a connection of a tunnel and one that takes over, each to its device."""
    args.tunnel_options_specifications = [
        vpn.ConnectionTunnelOptionsSpecificationArgs(
            role=role,
            customer_gateway_id=device,
            enable_dpd=True,
            enable_nat_traversal=True,
            tunnel_ike_config=vpn.ConnectionTunnelOptionsSpecificationTunnelIkeConfigArgs(
                **_IKE, psk=key
            ),
            tunnel_ipsec_config=vpn.ConnectionTunnelOptionsSpecificationTunnelIpsecConfigArgs(
                **_IPSEC
            ),
        )
        for role, device in zip(("master", "slave"), devices, strict=True)
    ]
