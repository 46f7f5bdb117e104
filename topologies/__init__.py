"""The topologies that a stack file can choose from.

Each is a package: `topology` (its class), `settings` (its section's model), `rules` (pure
functions), `claims` (what it holds that only one can have), `views` (what it opens and puts out)
and `build` (which wires components). This module is their list; `topologies.builder` turns settings
into resources and is apart from it, so that judging a stack file needs no Pulumi.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from stack import protection
from stack.claims import Holdings, impossible_changes
from stack.network_claims import network_changes, network_claims, region_changes
from stack.problems import Problem
from stack.reach import Reach
from stack.settings import StackSettings
from stack.state import StackState
from stack.topology import Topology
from topologies.api_gateway.topology import ApiGateway
from topologies.cross_region.topology import CrossRegion
from topologies.functions.topology import FunctionsTopology
from topologies.shared_bandwidth.topology import SharedBandwidth
from topologies.unified_egress.topology import UnifiedEgress

TOPOLOGIES: tuple[Topology[Any], ...] = (
    SharedBandwidth(),
    UnifiedEgress(),  # after the one whose gateway it may share
    CrossRegion(),
    FunctionsTopology(),  # before the APIs that call them
    ApiGateway(),
)


def chosen(settings: StackSettings) -> list[tuple[Topology[Any], Any]]:
    """The topologies of a stack, each with its section, in the order in which they are built."""
    return [
        (topology, settings.sections[topology.name])
        for topology in TOPOLOGIES
        if topology.name in settings.sections
    ]


def reach(settings: StackSettings) -> Reach:
    """What the chosen topologies open together."""
    return sum((one.reach(settings, section) for one, section in chosen(settings)), Reach())


def protected_problems(settings: StackSettings, state: StackState) -> Iterator[Problem]:
    """Protected resources of the state that an update would replace or delete."""
    if not state.protected:
        return iter(())
    kept = (one.kept(settings, section, state) for one, section in chosen(settings))
    return protection.protection_problems(chain.from_iterable(kept), state)


def losses(settings: StackSettings, state: StackState) -> Iterator[str]:
    """What an update deletes of what a tier may protect, a line for each."""
    kept = (one.kept(settings, section, state) for one, section in chosen(settings))
    return protection.losses(chain.from_iterable(kept), state)


def change_problems(settings: StackSettings, state: StackState) -> Iterator[Problem]:
    """Changes from what the state holds that no single update can carry out."""
    parts = chosen(settings)
    holdings = [network_claims(settings.common, state)]
    holdings += [one.claims(settings, section, state) for one, section in parts]
    found: Iterator[Problem] = chain(
        region_changes(settings.region, state),
        network_changes(settings.common, state),
        *(one.changes(settings, section, state) for one, section in parts),
        impossible_changes(sum(holdings, Holdings())),
    )
    for one, section in parts:
        found = one.at_home(section, found)
    return found
