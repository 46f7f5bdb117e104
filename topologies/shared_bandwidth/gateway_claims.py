"""What the section takes of its gateway, told so that several stacks' can be compared.

Two stacks can have entries on one NAT gateway, by references to the stack that has it. What is the
same thing then has the same text: an output of that stack, or an id.
"""

from collections.abc import Iterator
from dataclasses import replace

from stack.claims import Claim, Holder
from stack.ids import promised
from stack.settings import StackSettings
from topologies.nat.egress_rules import source_of
from topologies.shared_bandwidth.holdings import mapping_claims
from topologies.shared_bandwidth.reach import exposure
from topologies.shared_bandwidth.settings import SECTION, SharedBandwidthSettings


def gateway_claims(settings: StackSettings, section: SharedBandwidthSettings) -> Iterator[Holder]:
    """Each port mapping and egress entry, with what it takes on which table."""
    gateway = section.nat_gateway
    table = gateway.forward_table_id or promised(settings.stack, "forwardTableId")
    for name, mapping in section.port_mappings.items():
        way = exposure(settings.common, name, mapping)
        address = section.public_ips[way.public_ip].address
        public = address or promised(settings.stack, f"publicIps.{way.public_ip}")
        claims = mapping_claims(
            (public, way.protocol, way.port), (way.host_ip, way.protocol, way.host_port)
        )
        yield Holder((SECTION, "portMappings", name), tuple(_on(table, one) for one in claims))
    table = gateway.snat_table_id or promised(settings.stack, "snatTableId")
    for name, egress in section.egress.items():
        source = source_of(settings.common, egress)
        claim = Claim(("source", str(source)), f"the source {source}")
        yield Holder((SECTION, "egress", name), (_on(table, claim),))


def _on(table: str, claim: Claim) -> Claim:
    return replace(claim, group=(table, *claim.group))
