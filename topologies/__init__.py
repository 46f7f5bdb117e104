"""The topologies that a stack file can choose from.

A topology is a package: `settings` (its section's model), `rules` (pure functions), `reach` (what
it opens) and `build` (which wires components). This module is their list; `topologies.builder`
turns settings into resources and is apart from it, so that judging a stack file needs no Pulumi.
"""

from stack.outputs import Reach
from stack.settings import StackSettings
from topologies import shared_bandwidth

TOPOLOGIES = (shared_bandwidth.TOPOLOGY,)


def reach(settings: StackSettings) -> Reach:
    """What the chosen topologies open together."""
    parts = [
        topology.reach(settings.common, settings.sections[topology.name])
        for topology in TOPOLOGIES
        if topology.name in settings.sections
    ]
    return Reach(
        public_ips=tuple(ip for part in parts for ip in part.public_ips),
        exposure=tuple(way for part in parts for way in part.exposure),
        egress=tuple(way for part in parts for way in part.egress),
    )
