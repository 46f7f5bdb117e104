"""NAT gateways, and the entries in their forward (DNAT) and SNAT tables."""

from sandbox.cloud.nat.forward import ForwardEntry
from sandbox.cloud.nat.gateway import NatGateway
from sandbox.cloud.nat.snat import SnatEntry

KINDS = (NatGateway(), ForwardEntry(), SnatEntry())
