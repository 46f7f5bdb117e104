"""Unified egress: servers leave by one address, and each is reached on an EIP of its own."""

from stack.topology import TopologyParts
from topologies.unified_egress.changes import unified_egress_changes
from topologies.unified_egress.gateway_claims import gateway_claims
from topologies.unified_egress.holdings import unified_egress_holdings, unified_egress_kept
from topologies.unified_egress.promises import unified_egress_promises
from topologies.unified_egress.reach import unified_egress_reach
from topologies.unified_egress.rules import unified_egress_problems, unified_egress_warnings
from topologies.unified_egress.settings import UnifiedEgressSettings

PARTS = TopologyParts(
    model=UnifiedEgressSettings,
    problems=unified_egress_problems,
    warnings=unified_egress_warnings,
    reach=unified_egress_reach,
    holdings=unified_egress_holdings,
    changes=unified_egress_changes,
    kept=unified_egress_kept,
    promises=unified_egress_promises,
    gateway_claims=gateway_claims,
    builder="topologies.unified_egress.build",
)
