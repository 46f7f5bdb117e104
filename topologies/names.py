"""How components are called, for `build`, which makes them, and `claims`, which look for them."""

from typing import Final

GATEWAY: Final = "gateway"
SHARED_BANDWIDTH: Final = "shared-bandwidth"
EGRESS: Final = "egress"
PORT_MAPPINGS: Final = "port-mappings"

UNIFIED_GATEWAY: Final = "unified-gateway"
UNIFIED_BANDWIDTH: Final = "unified-bandwidth"
UNIFIED_ADDRESSES: Final = "unified-addresses"
UNIFIED_EGRESS: Final = "unified-egress"
SERVER: Final = "server"
"""With a server's key, the beginning of all that is its own."""

CROSS_REGION: Final = "cross-region"
VPN: Final = "vpn"
FUNCTION: Final = "function"
