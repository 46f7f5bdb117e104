"""The topologies that a stack file can choose from.

Each is a package: `topology` (its class), `settings` (its section's model), `rules` (pure
functions), `claims` (what it holds that only one can have), `views` (what it opens and puts out)
and `build` (which wires components). This module is their list; `topologies.builder` turns settings
into resources and is apart from it, so that judging a stack file needs no Pulumi.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from stack import protection
from stack.arguments import Made, made_in
from stack.claims import Holdings, impossible_changes
from stack.network_claims import network_changes, network_claims, region_changes
from stack.problems import KeyPath, Problem
from stack.protection import Kept
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


def with_arguments(settings: StackSettings) -> Iterator[tuple[KeyPath, Made]]:
    """The sections that have arguments, each at its place in the stack file."""
    yield from made_in(settings.common, ())
    for topology, section in chosen(settings):
        yield from made_in(section, (topology.section,))


def _kept(settings: StackSettings, state: StackState) -> Iterator[Kept]:
    """What is wanted of the resources that a tier protects, with the arguments that they have."""
    given = dict(with_arguments(settings))
    for topology, section in chosen(settings):
        for one in topology.kept(settings, section, state):
            made = given.get(one.path)
            fixed = {**one.fixed, **made.fixed} if made is not None else one.fixed
            yield replace(one, fixed=fixed)


def protected_problems(settings: StackSettings, state: StackState) -> Iterator[Problem]:
    """Protected resources of the state that an update would replace or delete."""
    if not state.protected:
        return iter(())
    return protection.protection_problems(_kept(settings, state), state)


def losses(settings: StackSettings, state: StackState) -> Iterator[str]:
    """What an update deletes of what a tier may protect, a line for each."""
    return protection.losses(_kept(settings, state), state)


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
