"""Shared public bandwidth: many applications behind one NAT gateway and one bandwidth package."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from typing_extensions import override

from stack.claims import Holdings
from stack.ids import OutputKinds
from stack.problems import Problem
from stack.protection import Kept
from stack.reach import Reach
from stack.settings import StackSettings
from stack.state import StackState
from stack.topology import Topology

if TYPE_CHECKING:
    from topologies.context import Built, Context
    from topologies.shared_bandwidth.settings import SharedBandwidthSettings as Section


class SharedBandwidth(Topology["Section"]):
    """Many applications behind one NAT gateway and one bandwidth package."""

    name = "shared-bandwidth"
    section = "sharedBandwidth"

    @property
    @override
    def model(self) -> "type[Section]":
        from topologies.shared_bandwidth.settings import SharedBandwidthSettings

        return SharedBandwidthSettings

    @override
    def problems(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.shared_bandwidth.rules import shared_bandwidth_problems

        return shared_bandwidth_problems(settings, section)

    @override
    def warnings(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.shared_bandwidth.rules import shared_bandwidth_warnings

        return shared_bandwidth_warnings(settings, section)

    @override
    def reach(self, settings: StackSettings, section: "Section") -> Reach:
        from topologies.shared_bandwidth.views import shared_bandwidth_reach

        return shared_bandwidth_reach(settings, section)

    @override
    def outputs(self, settings: StackSettings, section: "Section") -> OutputKinds:
        from topologies.shared_bandwidth.views import shared_bandwidth_outputs

        return shared_bandwidth_outputs(settings, section)

    @override
    def claims(self, settings: StackSettings, section: "Section", state: StackState) -> Holdings:
        from topologies.shared_bandwidth.claims import shared_bandwidth_claims

        return shared_bandwidth_claims(settings, section, state)

    @override
    def changes(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Problem]:
        from topologies.shared_bandwidth.claims import shared_bandwidth_changes

        return shared_bandwidth_changes(section, state)

    @override
    def kept(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Kept]:
        from topologies.shared_bandwidth.claims import shared_bandwidth_kept

        return shared_bandwidth_kept(settings, section, state)

    @override
    def build(self, context: "Context", section: "Section") -> "Built":
        from topologies.shared_bandwidth.build import build

        return build(context, section)
