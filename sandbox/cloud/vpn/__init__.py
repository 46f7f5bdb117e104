"""VPN Gateway: gateways of VPCs, the data centres' devices, and IPsec connections between them."""

from sandbox.cloud.vpn.connection import Connection
from sandbox.cloud.vpn.customer_gateway import CustomerGateway
from sandbox.cloud.vpn.gateway import Gateway

KINDS = (Gateway(), CustomerGateway(), Connection())
