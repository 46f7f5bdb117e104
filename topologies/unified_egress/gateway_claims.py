"""What the section takes of its NAT gateway, on which other stacks may have entries as well."""

from collections.abc import Iterator

from stack.claims import Holder
from stack.ids import promised
from stack.settings import StackSettings
from topologies.nat.gateway_claims import egress_claims
from topologies.unified_egress.gateway import shared_gateway
from topologies.unified_egress.settings import SECTION, UnifiedEgressSettings


def gateway_claims(settings: StackSettings, section: UnifiedEgressSettings) -> Iterator[Holder]:
    """Each egress entry, with the source that it takes: of a gateway of its own, or a shared one.

    Addresses are bound to network interfaces, which no other stack has.
    """
    shared = shared_gateway(section, settings.sections)
    gateway, output = section.nat_gateway, "unifiedEgressSnatTableId"
    if shared is not None:
        gateway, output = shared.nat_gateway, "snatTableId"
    if gateway is not None:
        table = gateway.snat_table_id or promised(settings.stack, output)
        yield from egress_claims(settings.common, SECTION, section.egress, table)
