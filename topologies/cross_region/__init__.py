"""Networks that reach each other: between regions, and with data centres."""

from stack.topology import TopologyParts
from topologies.cross_region.changes import cross_region_changes
from topologies.cross_region.holdings import cross_region_holdings, cross_region_kept
from topologies.cross_region.promises import cross_region_promises
from topologies.cross_region.reach import cross_region_reach
from topologies.cross_region.rules import cross_region_problems, cross_region_warnings
from topologies.cross_region.settings import CrossRegionSettings

PARTS = TopologyParts(
    model=CrossRegionSettings,
    problems=cross_region_problems,
    warnings=cross_region_warnings,
    reach=cross_region_reach,
    holdings=cross_region_holdings,
    changes=cross_region_changes,
    kept=cross_region_kept,
    promises=cross_region_promises,
    builder="topologies.cross_region.build",
    needs_network=False,
)
