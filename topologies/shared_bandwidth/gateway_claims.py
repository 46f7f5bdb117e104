"""What the section takes of its NAT gateway, on which other stacks may have entries as well."""

from collections.abc import Iterator

from stack.claims import Holder
from stack.ids import promised
from stack.settings import StackSettings
from topologies.nat.gateway_claims import egress_claims, on_table
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
        yield Holder((SECTION, "portMappings", name), tuple(on_table(table, one) for one in claims))
    table = gateway.snat_table_id or promised(settings.stack, "snatTableId")
    yield from egress_claims(settings.common, SECTION, section.egress, table)
