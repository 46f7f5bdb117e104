"""The topologies that a stack file can choose from.

A topology is a package: `settings` (its section's model), `rules` (pure functions), `reach` (what
it opens) and `build` (which wires components). This module is their list; `topologies.builder`
turns settings into resources and is apart from it, so that judging a stack file needs no Pulumi.
"""

from collections.abc import Iterator
from itertools import chain

from stack.claims import impossible_changes, merged
from stack.network_changes import network_changes, region_changes
from stack.network_holdings import network_holdings
from stack.outputs import Reach
from stack.problems import Problem
from stack.protection import protection_problems
from stack.settings import StackSettings
from stack.state import StackState
from stack.topology import Topology

TOPOLOGIES: tuple[Topology, ...] = (
    Topology("shared-bandwidth", "sharedBandwidth", "topologies.shared_bandwidth"),
    # After the one whose gateway it may share.
    Topology("unified-egress", "unifiedEgress", "topologies.unified_egress"),
    # Before the APIs that call them.
    Topology("cross-region", "crossRegion", "topologies.cross_region"),
    Topology("functions", "functions", "topologies.functions"),
    Topology("api-gateway", "apiGateway", "topologies.api_gateway"),
)


def reach(settings: StackSettings) -> Reach:
    """What the chosen topologies open together."""
    parts = (
        topology.parts.reach(settings, settings.sections[topology.name])
        for topology in TOPOLOGIES
        if topology.name in settings.sections
    )
    return sum(parts, Reach())


def protected_problems(settings: StackSettings, state: StackState) -> Iterator[Problem]:
    """Protected resources of the state that an update would replace or delete."""
    if not state.protected:
        return iter(())
    kept = (
        topology.parts.kept(settings, settings.sections[topology.name], state)
        for topology in TOPOLOGIES
        if topology.name in settings.sections
    )
    return protection_problems(chain.from_iterable(kept), state)


def change_problems(settings: StackSettings, state: StackState) -> Iterator[Problem]:
    """Changes from what the state holds that no single update can carry out."""
    chosen = [
        (topology.parts, settings.sections[topology.name])
        for topology in TOPOLOGIES
        if topology.name in settings.sections
    ]
    holdings = [network_holdings(settings.common, state)]
    holdings += [parts.holdings(settings, section, state) for parts, section in chosen]
    own = (parts.changes(settings, section, state) for parts, section in chosen)
    found: Iterator[Problem] = chain(
        region_changes(settings.region, state),
        network_changes(settings.common, state),
        *own,
        impossible_changes(merged(holdings)),
    )
    for parts, section in chosen:
        if parts.at_home is not None:
            found = parts.at_home(section, found)
    return found
