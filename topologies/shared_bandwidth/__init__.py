"""Shared public bandwidth: many applications behind one NAT gateway and one bandwidth package."""

from stack.topology import TopologyParts
from topologies.shared_bandwidth.gateway_claims import gateway_claims
from topologies.shared_bandwidth.holdings import shared_bandwidth_holdings, shared_bandwidth_kept
from topologies.shared_bandwidth.promises import shared_bandwidth_promises
from topologies.shared_bandwidth.reach import shared_bandwidth_reach
from topologies.shared_bandwidth.rules import shared_bandwidth_problems, shared_bandwidth_warnings
from topologies.shared_bandwidth.settings import SharedBandwidthSettings

PARTS = TopologyParts(
    model=SharedBandwidthSettings,
    problems=shared_bandwidth_problems,
    warnings=shared_bandwidth_warnings,
    reach=shared_bandwidth_reach,
    holdings=shared_bandwidth_holdings,
    kept=shared_bandwidth_kept,
    promises=shared_bandwidth_promises,
    gateway_claims=gateway_claims,
    builder="topologies.shared_bandwidth.build",
)
